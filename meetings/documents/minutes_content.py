"""Referatets indhold, all of it, as one text to take a fingerprint of. Only for hashing: it knows no viewer."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Self

from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Correction,
    Decision,
    ItemAbsence,
    ItemSection,
    Meeting,
    MinutesAddition,
    Promise,
    ProtocolNote,
    Recommendation,
    Recusal,
    Stay,
    VoteLine,
)

type _Rows = dict[int, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class MinutesContent:
    """What the members put their names to, closed items included and unfiltered: it must never reach a page.

    The law asks that changes to an electronic protocol can be detected (udtalelse 04.1.4): two contents that read
    alike have one fingerprint, and no two others have.
    """

    canonical: bytes

    @classmethod
    def of(cls, meeting: Meeting, *, until: datetime | None = None) -> Self:
        """Gather the protocol as it stands, or as it stood at a moment before later additions. Ask as many queries for
        twenty items as for one.
        """
        additions = _until(MinutesAddition.objects.filter(meeting=meeting), until)
        content = {
            "committee": meeting.held_by, "date": meeting.date, "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at, "place": meeting.place, "kind": meeting.kind,
            "attendance": _attendance(meeting),
            "items": _items(meeting, until),
            "additions": [list(row) for row in additions.order_by("pk").values_list("recorded_at", "text")],
        }  # fmt: skip
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
        return cls(text.encode())

    @property
    def fingerprint(self) -> str:
        """The content's SHA-256."""
        return hashlib.sha256(self.canonical).hexdigest()


def _plain(value: object) -> str:
    """Days, hours and moments as ISO 8601 has them; anything else has no business here."""
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in the minutes")


def _until(rows: Any, until: datetime | None) -> Any:
    return rows.filter(recorded_at__lte=until) if until else rows


def _attendance(meeting: Meeting) -> list[list[Any]]:
    rows = Attendance.objects.filter(meeting=meeting).order_by("person")
    return [list(row) for row in rows.values_list("person__name", "state", "substitute_for__name")]


def _items(meeting: Meeting, until: datetime | None) -> list[dict[str, Any]]:
    """Every item with what was proposed, decided, voted, noted and promised on it."""
    here = {"item__meeting": meeting}
    parts = {
        "sections": _by(ItemSection.including_closed.filter(**here), "item", "heading", "text"),
        "points": _by(Recommendation.including_closed.filter(**here), "item", "number", "by", "text"),
        "attachments": _by(Attachment.including_closed.filter(**here), "item", "title", "doc_no", "file__sha256"),
        "decisions": _decisions(meeting, until),
        "votes": _by(
            VoteLine.including_closed.filter(vote__item__meeting=meeting).order_by("vote", "pk"),
            "vote__item", "vote", "vote__about", "stance", "person__name", "party", "count",
        ),
        "recusals": _by(
            Recusal.including_closed.filter(**here).order_by("pk"),
            "item", "person__name", "ground", "raised_by", "is_disqualified", "ruling", "substitute__name",
        ),
        "absences": _by(ItemAbsence.including_closed.filter(**here).order_by("pk"), "item", "person__name", "note"),
        "notes": _by(ProtocolNote.including_closed.filter(**here), "item", "kind", "by", "text"),
        "promises": _by(
            _until(Promise.including_closed.filter(**here), until).order_by("pk"),
            "item", "text", "to_whom", "responsible", "due_on",
        ),
    }  # fmt: skip
    items = AgendaItem.including_closed.filter(meeting=meeting).order_by("position", "pk")
    heads = items.values_list("pk", "number", "title", "case_no", "is_closed", "closed_reason")
    return [{"head": list(head)} | {name: rows[pk] for name, rows in parts.items()} for pk, *head in heads]


def _decisions(meeting: Meeting, until: datetime | None) -> _Rows:
    """Decisions with their stays, and below each its corrections."""
    corrections = _by(
        _until(Correction.including_closed.filter(decision__item__meeting=meeting), until),
        "decision", "recorded_at", "text", "category",
    )  # fmt: skip
    stays = _by(
        Stay.including_closed.filter(decision__item__meeting=meeting), "decision", "declared_by__name", "reason"
    )
    decided = Decision.including_closed.filter(item__meeting=meeting).order_by("item", "recommendation__number", "pk")
    rows = decided.values_list(
        "item", "pk", "recommendation__number", "category", "text", "conditions", "departs", "decided_on"
    )
    grouped: _Rows = defaultdict(list)
    for item, pk, *told in rows:
        grouped[item].append([*told, stays[pk], corrections[pk]])
    return grouped


def _by(rows: Any, key: str, *names: str) -> _Rows:
    grouped: _Rows = defaultdict(list)
    found: Iterable[tuple[Any, ...]] = rows.values_list(key, *names)
    for owner, *told in found:
        grouped[owner].append(told)
    return grouped
