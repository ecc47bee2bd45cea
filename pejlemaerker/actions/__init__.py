"""What people do with pejlemærker. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from pejlemaerker.actions.dialogues import create_dialogue, edit_dialogue
from pejlemaerker.actions.evaluations import StatusText, hand_in_statuses, open_evaluation, save_status_draft
from pejlemaerker.actions.wordings import CannotPutInForce, Derived, put_in_force, write_wording

__all__ = [
    "CannotPutInForce",
    "Derived",
    "StatusText",
    "create_dialogue",
    "edit_dialogue",
    "hand_in_statuses",
    "open_evaluation",
    "put_in_force",
    "save_status_draft",
    "write_wording",
]
