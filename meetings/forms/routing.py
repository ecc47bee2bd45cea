"""Sagsgangen as one line: "BUU → ØU → KB", with the bodies by abbreviation or by name."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from meetings.actions import RoutedBody
from meetings.models import AgendaItem, Committee, Municipality, Routing

_BETWEEN = re.compile(r"\s*(?:→|->|>|/|,|;|\n)\s*")
_LONGEST = Routing._meta.get_field("abbreviation").max_length or 12
_MOST = 20


class RoutingField(forms.CharField):
    """The bodies a case passes, in order; our own are known by abbreviation and by name, others by abbreviation."""

    def __init__(self, **options: Any) -> None:
        self.committees: list[Committee] = []
        super().__init__(max_length=1_000, **options)

    def of_municipality(self, municipality: Municipality) -> None:
        """Know the municipality's own bodies; of two with one name, the one that still is."""
        found = Committee.objects.filter(municipality=municipality)
        self.committees = sorted(found, key=lambda one: (one.valid_to is not None, one.pk))

    def clean(self, value: Any) -> list[RoutedBody]:
        bodies = list(self._read(super().clean(value)))
        if len(bodies) > _MOST:
            raise forms.ValidationError(f"Der er {len(bodies)} led; der er plads til {_MOST}.")
        for body in bodies:
            if len(body.abbreviation) > _LONGEST:
                raise forms.ValidationError(
                    f"“{body.abbreviation}” er ikke et af kommunens udvalg. Skriv en forkortelse på højst {_LONGEST} "
                    "tegn, eller navnet, som det står under Udvalg."
                )
        return bodies

    def _read(self, text: str) -> list[RoutedBody]:
        """A name may itself hold a comma ("Børne-, Unge- og Kulturudvalget"), so names are looked for first."""
        named = sorted(
            ((word, one) for one in self.committees for word in (one.name, one.abbreviation) if word),
            key=lambda pair: -len(pair[0]),
        )
        bodies, rest = [], _trimmed(text)
        while rest:
            known = next((one for word, one in named if _begins_with(rest, word)), None)
            if known:
                word = next(word for word, one in named if _begins_with(rest, word))
                bodies.append(RoutedBody(known.abbreviation or known.name[:_LONGEST].strip(), known))
                rest = _trimmed(rest[len(word) :])
            else:
                word, *after = _BETWEEN.split(rest, maxsplit=1)
                bodies.append(RoutedBody(word))
                rest = _trimmed(after[0]) if after else ""
        return bodies


def _trimmed(text: str) -> str:
    return text.strip(" \t\n→->/,;")


def _begins_with(text: str, word: str) -> bool:
    if not text.casefold().startswith(word.casefold()):
        return False
    after = text[len(word) :]
    return not after or bool(_BETWEEN.match(after))


def as_line(rows: Sequence[Routing]) -> str:
    """Return the marked bodies of a sagsgang as they are typed."""
    return " → ".join(_typed(row) for row in rows if row.is_marked)


def _typed(row: Routing) -> str:
    own = row.committee
    return own.name if own and own.abbreviation != row.abbreviation else row.abbreviation


def routing_of(item: AgendaItem) -> list[Routing]:
    """Return the item's sagsgang as it stands, with the bodies that are our own."""
    return list(Routing.including_closed.filter(item=item).select_related("committee"))


def lost_columns(item: AgendaItem, rows: Sequence[Routing]) -> str:
    """Tell what is known of a matrix whose crosses have lost their columns (DOMAIN § 1.6)."""
    if not item.unplaced_marks:
        return ""
    columns = ", ".join(row.abbreviation for row in rows)
    return f"Kilden har {item.unplaced_marks} kryds, men kolonnen kendes ikke (kolonnerne er {columns})."
