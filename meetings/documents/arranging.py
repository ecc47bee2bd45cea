"""Dagsordenen, mens den lægges: the items in order, and what moving one does to their numbers."""

from dataclasses import dataclass
from typing import Any, Self

from meetings.models import (
    AgendaItem,
    Closing,
    Meeting,
    has_begun,
    is_sent_out,
    items_in_order,
    order_fingerprint,
)

_RENUMBERS = "Når et punkt flyttes, får punkterne nye numre efter deres plads."
_SENT_OUT = "Dagsordenen er sendt ud. Punkterne beholder derfor deres numre; kun rækkefølgen ændres."
_BEGUN = "Protokollen er begyndt. Punkterne beholder derfor deres numre; kun rækkefølgen ændres."
_CLOSED = "Mødet er lukket. Dagsordenen ligger fast."


@dataclass(frozen=True, slots=True)
class ArrangedLine:
    """An item in its place."""

    pk: int
    number: str
    title: str
    url: str
    is_closed: bool
    is_first: bool
    is_last: bool
    focus: str  # the button that keeps the keyboard's focus: op, ned, or none

    @property
    def anchor(self) -> str:
        """Its place on the page, which stays the item's own when numbers change."""
        return f"punkt-{self.pk}"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A meeting's agenda for one who writes it."""

    meeting: Meeting
    lines: tuple[ArrangedLine, ...]
    fingerprint: str
    about_numbers: str
    is_settled: bool

    @classmethod
    def of(cls, meeting: Meeting, *, viewer: Any, moved: int = 0, step: str = "") -> Self:
        """Ask for the items in order; `moved` is the one just moved, `step` the way it went."""
        order = items_in_order(meeting)
        may_see = set(
            AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting).values_list("pk", flat=True)
        )
        seen = [item for item in order if item.pk in may_see]
        is_settled = Closing.objects.filter(meeting=meeting).exists()
        return cls(
            meeting=meeting,
            lines=tuple(
                ArrangedLine(
                    item.pk, item.number, item.title, item.get_absolute_url(), item.is_closed,
                    is_first=n == 1, is_last=n == len(seen),
                    focus=_focus(step, is_first=n == 1, is_last=n == len(seen)) if item.pk == moved else "",
                )
                for n, item in enumerate(seen, start=1)
            ),
            fingerprint=order_fingerprint(order),
            about_numbers=_about_numbers(meeting, is_settled=is_settled),
            is_settled=is_settled,
        )  # fmt: skip

    def told(self, moved: int) -> str:
        """Say where an item has come to stand."""
        for place, line in enumerate(self.lines, start=1):
            if line.pk == moved:
                return f"Punktet står nu som nr. {place} af {len(self.lines)} og har nummer {line.number}."
        return ""


def _focus(step: str, *, is_first: bool, is_last: bool) -> str:
    """The button that was pressed, unless it can be pressed no more."""
    if is_first or (step in {"ned", "nederst"} and not is_last):
        return "ned"
    return "op"


def _about_numbers(meeting: Meeting, *, is_settled: bool) -> str:
    if is_settled:
        return _CLOSED
    if is_sent_out(meeting):
        return _SENT_OUT
    return _BEGUN if has_begun(meeting) else _RENUMBERS
