"""Ændringer efter udsendelsen: each item held against the copy that was sent out last.

What was sent is for those who got it. Outsiders read the agenda as it is, never what stood there before.
"""

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Self

from django.db.models import QuerySet
from django.utils import timezone

from kit.danish import join_words
from kit.dates import format_date, format_datetime
from meetings.documents.grouping import grouped
from meetings.models import (
    AgendaItem,
    Attachment,
    Dispatch,
    DispatchedItem,
    ItemSection,
    Meeting,
    Recommendation,
    Right,
    has_right,
)

_MOST_LINES = 500  # held against each other line by line; longer texts are shown whole


@dataclass(frozen=True, slots=True)
class Change:
    """One field that is not as it was sent out; of a long text only the lines that differ."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class ItemChanges:
    """What happened to an item after the agenda was sent out."""

    short: str  # for the agenda's line: "Ændret efter udsendelsen", "Tillægsdagsorden"
    notice: str  # the same in a sentence, with the hour and the fields
    fields: tuple[Change, ...]
    moved: str  # "Var punkt 3 på den udsendte dagsorden."

    @classmethod
    def of(cls, now: "Sent", copies: list[DispatchedItem], *, sent_on: str, reads_closed: bool) -> Self:
        """Compare an item with its copies, oldest first."""
        if not copies:
            return cls("Tilføjet efter udsendelsen", f"Tilføjet efter udsendelsen den {sent_on}", (), "")
        latest = copies[-1]
        fields = differences(latest.content, now.content, reads_closed=reads_closed)
        moved = f"Var punkt {latest.number} på den udsendte dagsorden." if latest.number != now.number else ""
        at = format_datetime(timezone.localtime(latest.dispatch.sent_at))
        if fields:
            labels = ", ".join(_in_a_sentence(field.label) for field in fields)
            return cls("Ændret efter udsendelsen", f"Ændret efter udsendelsen {at}: {labels}", fields, moved)
        if latest.dispatch.is_supplementary:
            what = "Rettet punkt, udsendt igen" if len(copies) > 1 else "Udsendt"
            return cls("Tillægsdagsorden", f"{what} med tillægsdagsordenen {at}", (), moved)
        return cls("", "", (), moved)

    def __bool__(self) -> bool:
        return bool(self.notice or self.moved)


@dataclass(frozen=True, slots=True)
class Sent:
    """An item as it would be sent out now."""

    item: AgendaItem
    number: str
    position: int
    content: dict[str, Any]


def changes_of(meeting: Meeting, *, viewer: Any, item: AgendaItem | None = None) -> dict[int, ItemChanges]:
    """Tell what happened to the items after they were sent out, by the item's pk, for the committee's own people; only
    items of which there is something to tell. As many queries for twenty items as for one.
    """
    if not has_right(viewer, Right.READ_MEETINGS, meeting.committee):
        return {}
    first = Dispatch.objects.filter(meeting=meeting).order_by("pk").first()
    if first is None:
        return {}
    items = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting)
    if item is not None:
        items = items.filter(pk=item.pk)
    now = as_sent(items)
    copies = _copies(list(now))
    reads_closed = has_right(viewer, Right.READ_CLOSED, meeting.committee)
    sent_on = format_date(timezone.localtime(first.sent_at))
    told = {
        pk: ItemChanges.of(sent, copies[pk], sent_on=sent_on, reads_closed=reads_closed) for pk, sent in now.items()
    }
    return {pk: changes for pk, changes in told.items() if changes}


def as_sent(items: "QuerySet[AgendaItem]") -> dict[int, Sent]:
    """The items as they would be sent out now, in order; the caller has seen to it that all of them may be read."""
    rows = list(items.order_by("position", "pk"))
    pks = [row.pk for row in rows]
    points = grouped(Recommendation.including_closed.filter(item__in=pks))
    sections = grouped(ItemSection.including_closed.filter(item__in=pks))
    attachments = grouped(Attachment.including_closed.filter(item__in=pks))
    return {
        row.pk: Sent(
            row,
            row.number,
            row.position,
            {
                "title": row.title,
                "is_closed": row.is_closed,
                "case_no": row.case_no,
                "case_type": row.case_type,
                "recommended_by": join_words(list(dict.fromkeys(point.by for point in points[row.pk] if point.by))),
                "points": [point.text for point in points[row.pk]],
                "sections": [[section.heading, section.text] for section in sections[row.pk]],
                "attachments": [attachment.title for attachment in attachments[row.pk]],
            },
        )
        for row in rows
    }


def new_since(meeting: Meeting, now: dict[int, Sent]) -> list[Sent]:
    """The items that were never sent out, or are not as they were sent last. A new number alone is no news."""
    copies = _copies(list(now))
    return [
        sent
        for pk, sent in now.items()
        if not copies[pk] or differences(copies[pk][-1].content, sent.content, reads_closed=True)
    ]


def _copies(pks: list[int]) -> defaultdict[int, list[DispatchedItem]]:
    rows = DispatchedItem.including_closed.filter(item__in=pks).select_related("dispatch").order_by("dispatch")
    return grouped(rows)


# --- One item ------------------------------------------------------------------------------------------------------


def differences(before: dict[str, Any], now: dict[str, Any], *, reads_closed: bool) -> tuple[Change, ...]:
    """Field by field, what is not as it was. Who may not read closed items learns of one that has been opened no more
    than that.
    """
    if before["is_closed"] and not reads_closed:
        return (Change("Åbenhed", "Lukket punkt", "Åbent punkt"),)
    old, new = _told(before), _told(now)
    changed = [key for key in dict.fromkeys([*old, *new]) if old.get(key, "") != new.get(key, "")]
    changed.sort(key=lambda key: key[0])
    return tuple(Change(key[1], *_unlike(old.get(key, ""), new.get(key, ""))) for key in changed)


def _told(content: dict[str, Any]) -> dict[tuple[int, str], str]:
    """A copy as texts, by their place and label."""
    types = dict(AgendaItem.CaseType.choices)
    head = {
        "Titel": content["title"],
        "Åbenhed": "Lukket punkt" if content["is_closed"] else "Åbent punkt",
        "Sagsnr.": content["case_no"],
        "Sagstype": str(types.get(content["case_type"], content["case_type"])),
        "Hvem indstiller": content["recommended_by"],
        "Indstilling": "\n".join(content["points"]),
    }
    return {
        **{(place, label): text for place, (label, text) in enumerate(head.items())},
        **{(len(head), heading): text for heading, text in _by_heading(content["sections"]).items()},
        (len(head) + 1, "Bilag"): "\n".join(content["attachments"]),
    }


def _by_heading(sections: list[list[str]]) -> dict[str, str]:
    """Sections by heading; two under one heading are one text."""
    texts: dict[str, str] = {}
    for heading, text in sections:
        texts[heading] = f"{texts[heading]}\n\n{text}" if heading in texts else text
    return texts


def _unlike(before: str, now: str) -> tuple[str, str]:
    """Of two long texts, the lines that are in one and not in the other."""
    old, new = before.split("\n"), now.split("\n")
    if len(old) + len(new) > _MOST_LINES:
        return before, now
    unlike = [block for block in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if block[0] != "equal"]
    gone = [line for _, start, end, _, _ in unlike for line in old[start:end] if line.strip()]
    come = [line for _, _, _, start, end in unlike for line in new[start:end] if line.strip()]
    return ("\n".join(gone), "\n".join(come)) if gone or come else (before, now)


def _in_a_sentence(label: str) -> str:
    return label[:1].lower() + label[1:]
