"""Siden hvornår: the day from which a paper tells what was changed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from kit.dates import format_date
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.models import AsOf, Note, NoteKind, end_of, was_known

_SAME = {NoteKind.SET: (NoteKind.SET, NoteKind.ITEM), NoteKind.ITEM: (NoteKind.SET, NoteKind.ITEM)}

_BEGINNING = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Since:
    """Det, der allerede var sagt: the day, and the knowledge, against which changes are told."""

    before: AsOf
    lead: str

    @classmethod
    def of(cls, material: Material) -> Self:
        """The day that was chosen; else the last note of the same subject and edition; else the period's beginning."""
        last = format_date(material.at.on)
        if chosen := material.choices.changes_since:
            before = min(date.fromordinal(max(chosen.toordinal() - 1, 1)), material.at.known)
            return cls(AsOf.day(before), f"Fra {format_date(chosen)} til og med {last}.")
        if note := _last_note(material):
            which = "den seneste offentlige udgave" if material.is_public else f"notat {note.name}"
            lead = f"Siden {which}, der viste status pr. {format_date(note.as_of)}, og til og med {last}."
            return cls(AsOf(note.as_of, note.known), lead)
        starts_on = material.sets[0].period.starts_on
        if starts_on > material.at.known:  # what is to be known on a day to come is not known yet
            return cls(AsOf.day(_BEGINNING), f"Til og med {last}.")
        lead = f"Fra periodens begyndelse, {format_date(starts_on)}, til og med {last}."
        return cls(AsOf.day(starts_on - timedelta(days=1)), lead)

    def is_new(self, on: date, recorded_at: datetime, *, kept_since: date) -> bool:
        """Whether a fact came later, or was written down later, than what was said then."""
        return on > self.before.on or not was_known(self.before.known, on, recorded_at, kept_since=kept_since)


def _last_note(material: Material) -> Note | None:
    """The newest note that had been issued of an earlier day; of the same edition, for that is what its readers had."""
    subject = material.subject
    kinds = _SAME.get(subject.kind, (subject.kind,))
    same = subject.fields | {"kind__in": kinds, "audience": material.audience}
    same.pop("kind")
    known = Note.objects.filter(issued_at__lt=end_of(material.at.known), as_of__lt=material.at.on, **same)
    return known.defer("paper").order_by("-as_of", "-pk").first()
