"""What people do with meetings. Each verb is one transaction: lock the parent, insert the fact, write the event."""

from meetings.actions.agenda import (
    RoutedBody,
    SectionText,
    add_item,
    as_lines,
    as_typed,
    delete_item,
    edit_item,
    edit_public_trace,
)
from meetings.actions.arranging import OrderChanged, Step, move_item
from meetings.actions.attachments import add_attachment, delete_attachment, edit_attachment, flag_attachment
from meetings.actions.attendance import AttendanceChanged, Presence, attendance_mark, record_attendance
from meetings.actions.continuation import continue_item, split_item
from meetings.actions.dispatch import dispatch_agenda
from meetings.actions.minutes import (
    MinutesChanged,
    NotReady,
    add_to_minutes,
    close_meeting,
    leave_untreated,
    seal_minutes,
    sign_minutes,
)
from meetings.actions.planning import create_meeting, edit_meeting, refuse_day
from meetings.actions.proceedings import (
    declare_stay,
    record_absences,
    record_note,
    record_promise,
    record_recusal,
    remove_line,
)
from meetings.actions.promises import put_promise_on_agenda, settle_promise
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import publish, publish_minutes, withdraw
from meetings.actions.recording import correct_decision, record_decision, record_points, save_decision_draft
from meetings.actions.refusals import AlreadyDecided, MeetingClosed, NotAllowed, NumberTaken
from meetings.actions.stays import record_stay_outcome
from meetings.actions.votes import Voice, record_vote

__all__ = [
    "AlreadyDecided",
    "AttendanceChanged",
    "MeetingClosed",
    "MinutesChanged",
    "NotAllowed",
    "NotReady",
    "NumberTaken",
    "OrderChanged",
    "Presence",
    "RoutedBody",
    "SectionText",
    "Step",
    "Voice",
    "add_attachment",
    "add_item",
    "add_to_minutes",
    "as_lines",
    "as_typed",
    "attendance_mark",
    "close_meeting",
    "continue_item",
    "correct_decision",
    "create_meeting",
    "declare_stay",
    "delete_attachment",
    "delete_item",
    "dispatch_agenda",
    "edit_attachment",
    "edit_item",
    "edit_meeting",
    "edit_public_trace",
    "flag_attachment",
    "leave_untreated",
    "move_item",
    "open_protocol",
    "publish",
    "publish_minutes",
    "put_promise_on_agenda",
    "record_absences",
    "record_attendance",
    "record_decision",
    "record_note",
    "record_points",
    "record_promise",
    "record_recusal",
    "record_stay_outcome",
    "record_vote",
    "refuse_day",
    "remove_line",
    "save_decision_draft",
    "seal_minutes",
    "settle_promise",
    "sign_minutes",
    "split_item",
    "withdraw",
]
