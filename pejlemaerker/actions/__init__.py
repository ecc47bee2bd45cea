"""What people do with pejlemærker. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from pejlemaerker.actions.annulments import CannotAnnul, annul_wording, earliest_day, standing_adoptions
from pejlemaerker.actions.dialogues import create_dialogue, edit_dialogue
from pejlemaerker.actions.endings import EndedMeanwhile, close_goal
from pejlemaerker.actions.evaluations import StatusText, hand_in_statuses, open_evaluation, save_status_draft
from pejlemaerker.actions.figures import (
    CannotApprove,
    Measured,
    create_indicator,
    define_indicator,
    record_measurements,
    write_target,
)
from pejlemaerker.actions.handover import CannotClose, SetIsClosed, close_set, save_goal_handover, save_handover
from pejlemaerker.actions.merging import merge_goals, split_goal
from pejlemaerker.actions.places import NumbersChanged, arrange_goals, move_goal
from pejlemaerker.actions.plan import NothingChanged, PlannedStep, amend_plan, note_outcome
from pejlemaerker.actions.requests import RequestIsSettled, record_request, settle_request
from pejlemaerker.actions.sets import create_goal, create_goals, create_set, edit_goal, edit_set
from pejlemaerker.actions.wordings import (
    CannotPutBefore,
    CannotPutInForce,
    Derived,
    WordingText,
    put_before_committee,
    put_in_force,
    save_wording_draft,
    send_wording,
    write_wording,
)

__all__ = [
    "CannotAnnul",
    "CannotApprove",
    "CannotClose",
    "CannotPutBefore",
    "CannotPutInForce",
    "Derived",
    "EndedMeanwhile",
    "Measured",
    "NothingChanged",
    "NumbersChanged",
    "PlannedStep",
    "RequestIsSettled",
    "SetIsClosed",
    "StatusText",
    "WordingText",
    "amend_plan",
    "annul_wording",
    "arrange_goals",
    "close_goal",
    "close_set",
    "create_dialogue",
    "create_goal",
    "create_goals",
    "create_indicator",
    "create_set",
    "define_indicator",
    "earliest_day",
    "edit_dialogue",
    "edit_goal",
    "edit_set",
    "hand_in_statuses",
    "merge_goals",
    "move_goal",
    "note_outcome",
    "open_evaluation",
    "put_before_committee",
    "put_in_force",
    "record_measurements",
    "record_request",
    "save_goal_handover",
    "save_handover",
    "save_status_draft",
    "save_wording_draft",
    "send_wording",
    "settle_request",
    "split_goal",
    "standing_adoptions",
    "write_target",
    "write_wording",
]
