"""What every write to a meeting's protocol begins with."""

from meetings.actions.refusals import MeetingClosed
from meetings.models import Closing, Meeting


def open_protocol(meeting_pk: int) -> Meeting:
    """Lock the meeting's row until the transaction ends, and return it; raises MeetingClosed.

    Closing takes the same lock, so nothing slips in beside it.
    """
    meeting = (
        Meeting.objects.select_for_update(of=("self",)).select_related("committee__municipality").get(pk=meeting_pk)
    )
    if Closing.objects.filter(meeting=meeting).exists():
        raise MeetingClosed(meeting)
    return meeting
