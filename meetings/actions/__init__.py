"""What people do with meetings. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from meetings.actions.planning import PRESENTATION, add_item, create_meeting, edit_item, edit_public_trace
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import publish, withdraw
from meetings.actions.recording import correct_decision, record_decision, save_decision_draft
from meetings.actions.refusals import AlreadyDecided, MeetingClosed, NotAllowed, NumberTaken

__all__ = [
    "PRESENTATION",
    "AlreadyDecided",
    "MeetingClosed",
    "NotAllowed",
    "NumberTaken",
    "add_item",
    "correct_decision",
    "create_meeting",
    "edit_item",
    "edit_public_trace",
    "open_protocol",
    "publish",
    "record_decision",
    "save_decision_draft",
    "withdraw",
]
