"""Dialogmødet som kalenderaftale: one file for any calendar program (RFC 5545), in the letters and on its page."""

from icalendar import STATUS, Calendar, Event

from kit.appointments import span_of
from pejlemaerker.models import Dialogue

CONTENT_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"


def dialogue_ics(dialogue: Dialogue, *, host: str, url: str = "") -> bytes:
    """Write the appointment. The same meeting keeps its UID, and a later version of it a higher SEQUENCE, so that a
    calendar moves it where its time was changed, and takes it out where it was called off.
    """
    uid = f"dialogmoede-{dialogue.pk}@{host}"
    calendar = Calendar.new(prodid="-//Pejlemaerker//Dialogmoede//DA", method="PUBLISH", uid=f"kalender-{uid}")
    start, end = span_of(dialogue.held_on, dialogue.starts_at, dialogue.ends_at)
    name = f"{dialogue.get_kind_display()}, {dialogue.committee}"
    calendar.add_component(
        Event.new(
            uid=uid,
            summary=f"Aflyst: {name}" if dialogue.cancelled else name,
            start=start,
            end=end,
            stamp=dialogue.edited_at,
            last_modified=dialogue.edited_at,
            sequence=dialogue.revision,
            location=dialogue.place or None,
            description=_description(dialogue) or None,
            status=STATUS.CANCELLED if dialogue.cancelled else STATUS.CONFIRMED,
            url=url or None,
        )
    )
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _description(dialogue: Dialogue) -> str:
    return f"Aflyst: {dialogue.cancelled}" if dialogue.cancelled else dialogue.invitation
