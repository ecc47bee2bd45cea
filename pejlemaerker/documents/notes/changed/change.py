"""Én ændring, and by what words its decision is told."""

from datetime import date
from typing import NamedTuple

from kit.dates import format_date
from pejlemaerker.documents.citation import Ground

UNDECIDED, UNSAID = "Ikke besluttet", "Ikke noteret"


class Change(NamedTuple):
    """Én ændring, of one pejlemærke or of something that the whole set has."""

    on: date
    about: int | str
    what: str
    ground: str


def told(ground: Ground) -> str:
    """Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 2; to those who may not see the item without its number."""
    if ground.delegation_note:
        return f"Efter bemyndigelse: {ground.delegation_note}"
    number = f", punkt {ground.decision.item.number}" if ground.decision else ""
    return f"{ground.by}, {format_date(ground.decided_on)}{number}"


def because(reason: str) -> str:
    """Begrundelse: …, of a change that needs no decision."""
    return f"Begrundelse: {reason}" if reason else UNSAID
