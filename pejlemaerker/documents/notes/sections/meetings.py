"""Årets møder: the meetings the committee held, and where pejlemærker were decided about."""

from collections import defaultdict

from kit.danish import count_word, join_words
from kit.dates import format_date
from kit.paper.blocks import Bullets, Item, Paragraph
from meetings.models import Meeting
from pejlemaerker.documents.known_meetings import held_in_year
from pejlemaerker.documents.notes.material import Blocks, Material


def meetings(material: Material) -> Blocks:
    """Tell the meetings of the year, and on which items of them something was decided about pejlemærker."""
    subject, year = material.subject, material.subject.year or material.at.on.year
    held = held_in_year(subject.committee, year, viewer=material.reader, at=material.at, kept_since=subject.kept_since)
    if not held:
        whose = " med offentlig dagsorden eller offentligt referat" if material.is_public else ""
        return (Paragraph(f"Der er ikke noteret møder{whose} i {year}."),)
    items = _items(material)
    return (Paragraph(_lead(held, year, material)), Bullets(tuple(_meeting(one, items) for one in held)))


def _lead(held: list[Meeting], year: int, material: Material) -> str:
    name = material.committee_name
    count = "ét møde" if len(held) == 1 else f"{count_word(len(held))} møder"
    if material.is_public:
        return f"{name} har holdt {count} med offentlig dagsorden eller offentligt referat i {year}."
    return f"{name} har holdt {count} i {year}."


def _meeting(meeting: Meeting, items: dict[int, list[str]]) -> Item:
    kind = "" if meeting.kind == Meeting.Kind.ORDINARY else f"{meeting.get_kind_display()}."
    numbers = items.get(meeting.pk, [])
    about = f"Pejlemærker under punkt {join_words(numbers)}." if numbers else ""
    return Item(" ".join(part for part in (kind, about) if part), lead=f"{format_date(meeting.date)}.")


def _items(material: Material) -> dict[int, list[str]]:
    """By meeting, the numbers of the items with decisions about pejlemærker that the readers may see."""
    found: dict[int, dict[str, None]] = defaultdict(dict)
    for standing in material.concerned:
        for _, ground in standing.decided:
            if ground.decision:
                item = ground.decision.item
                found[item.meeting_id][item.number] = None
    return {pk: sorted(numbers, key=lambda one: (len(one), one)) for pk, numbers in found.items()}
