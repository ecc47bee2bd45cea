"""A look through a text before it is published: CPR numbers, phone numbers and e-mail addresses (databeskyttelse;
DOMAIN § 2.3).

It finds candidates, and a person decides. What it reports is masked, because a warning that was accepted is kept for
ever.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_CPR = re.compile(r"(?<![\w.,/-])(\d\d)(\d\d)(\d\d)[ -]?\d{4}(?![\w/-])")
_PHONE = re.compile(r"(?<![\w.,/-])(?:(?:\+|00)45[ -]?)?[2-9]\d(?:[ .-]?\d\d){3}(?![\w/-]|\s?kr)")
_YEARS = re.compile(r"(?:19|20)\d\d-(?:19|20)\d\d")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Suspect(NamedTuple):
    """Something that may be personal data: what kind, and enough of it to find it again."""

    kind: str
    masked: str

    def __str__(self) -> str:
        return f"{self.kind} {self.masked}"


def find_personal_data(text: str) -> Iterator[Suspect]:
    """Find what looks like a CPR number (six digits that are a date, then four), a Danish phone number or an e-mail
    address.
    """
    for match in _CPR.finditer(text):
        if _is_birthday(int(match[1]), int(match[2]), int(match[3])):
            yield Suspect("CPR-nummer", f"{match[0][:6]}-••••")
    for match in _PHONE.finditer(text):
        if not (_is_compact_date(match[0]) or _YEARS.fullmatch(match[0])):
            yield Suspect("Telefonnummer", f"•• •• •• {match[0][-2:]}")
    for match in _EMAIL.finditer(text):
        yield Suspect("E-mailadresse", f"{match[0][:2]}…{match[0][match[0].index('@') :]}")


def _is_birthday(day: int, month: int, year: int) -> bool:
    """A replacement number (erstatnings-CPR) has 60 added to its day."""
    return any(_is_date(century + year, month, day % 60) for century in (1900, 2000))


def _is_compact_date(digits: str) -> bool:
    """Eight digits that are a day ("20221003") are hardly a phone number."""
    return digits.isdecimal() and len(digits) == 8 and _is_date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= 1900
    except ValueError:
        return False
