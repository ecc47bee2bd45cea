"""Rubrikkerne: a text field for each of the house's own headings, and for each the item has besides."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from kit.danish import address_of
from meetings.actions import SectionText, as_typed
from meetings.forms.fields import VerbatimField
from meetings.models import AgendaItem, ItemSection, Municipality, section_headings

PREFIX = "section_"
_LONGEST = 100_000


class SectionFields:
    """The headings of a form in order, each with the name of its field."""

    def __init__(self, municipality: Municipality, rows: Sequence[ItemSection] = ()) -> None:
        house = [(str(kind), heading) for kind, heading in section_headings(municipality)]
        self.headings: dict[str, tuple[str, str]] = {}
        for kind, heading in _merged(house, [(row.kind, row.heading) for row in rows]):
            self.headings[_free_name(heading, self.headings)] = (kind, heading)

    def form_fields(self, data: Mapping[str, Any] | None) -> dict[str, forms.Field]:
        """Return the form's fields; one that was typed in under a heading the house has given up meanwhile comes too,
        so that its text is not lost.
        """
        fields: dict[str, forms.Field] = {
            name: VerbatimField(label=heading, rows=4, max_length=_LONGEST, required=False)
            for name, (_, heading) in self.headings.items()
        }
        for name, typed in (data or {}).items():
            if name.startswith(PREFIX) and name not in fields and typed.strip():
                fields[name] = _GivenUpField()
        return fields

    def values(self, rows: Iterable[ItemSection]) -> dict[str, str]:
        """Return what stands under each heading, by the field's name; headings that this form does not know too."""
        names = dict.fromkeys(self.headings, "")
        free = dict(self.headings)
        for row in rows:
            name = next((name for name, heading in free.items() if heading == (row.kind, row.heading)), None)
            if name is None:
                name = _free_name(row.heading, names)
            free.pop(name, None)
            names[name] = as_typed(row.text)
        return names

    def texts(self, cleaned: Mapping[str, Any]) -> list[SectionText]:
        """Return the sections as they were typed."""
        return [SectionText(kind, heading, cleaned[name]) for name, (kind, heading) in self.headings.items()]


class _GivenUpField(VerbatimField):
    """A text under a heading that is no more: kept in the form until it has been put elsewhere."""

    def __init__(self) -> None:
        super().__init__(label="Tekst under en rubrik, der ikke findes mere", max_length=_LONGEST, required=False)

    def clean(self, value: Any) -> str:
        if text := super().clean(value).strip():
            raise forms.ValidationError("Rubrikken er omdøbt eller fjernet imens. Sæt teksten ind under en anden.")
        return str(text)


def rows_of(item: AgendaItem | None) -> list[ItemSection]:
    """Return the item's sections as they stand."""
    return list(ItemSection.including_closed.filter(item=item)) if item else []


def _merged(house: list[tuple[str, str]], own: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The item's own headings keep their order; one of the house's that it lacks comes after those about the same, or
    after the house's one before.
    """
    merged = list(own)
    place = 0
    for kind, heading in house:
        same = [n for n, (_, other) in enumerate(merged) if other.casefold() == heading.casefold()]
        if not same:
            place = max([place, *(n + 1 for n, (other, _) in enumerate(merged) if other == kind)])
            merged.insert(place, (kind, heading))
        place = (same[0] if same else place) + 1
    return merged


def _free_name(heading: str, taken: Iterable[str]) -> str:
    """A field's name from its heading, so that it stays the same when the house puts its headings in another order."""
    plain = PREFIX + (re.sub(r"\W", "_", address_of(heading)) or "tekst")
    names = set(taken)
    return next(name for n in range(1, len(names) + 2) if (name := plain if n == 1 else f"{plain}_{n}") not in names)
