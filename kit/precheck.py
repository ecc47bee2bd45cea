"""A look through a text before it is published: CPR numbers, phone numbers, e-mail addresses and private addresses
(databeskyttelse; DOMAIN § 2.3).

It finds candidates, and a person decides. What it reports is masked, because a warning that was accepted is kept for
ever.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

# Every repetition below has a limit or a fixed place to begin: the time grows with the text and no faster.
_CPR = re.compile(r"(?<![\w.,/-])(\d\d)(\d\d)(\d\d) ?[-–]? ?\d{4}(?![\w/-])")
_PHONE = re.compile(r"(?<![\w.,/-])(?:(?:\+|00)45[ -]?)?[2-9]\d(?:[ .-]?\d\d){3}(?![\w/-]|\s?kr)")
_YEARS = re.compile(r"(?:19|20)\d\d-(?:19|20)\d\d")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

_NAME = r"(?<![\w-])[A-ZÆØÅÉ][\w.'’-]{0,40}(?: [A-ZÆØÅÉ][\w.'’-]{0,40}){0,4}"
_NUMBER = r"(?P<number>\d{1,3} ?(?:[A-ZÆØÅ]\b)?)(?![\d%])(?!\w)(?![.,]\d)"
_FLOOR = r"\.?,? ?(?:st|kl|\d{1,2})\.?,? ?(?:tv|th|mf)\b"
_POSTAL_CODE = r"\.?,? (?!19\d\d\b|20(?!00|[3-9]0)\d\d\b)[1-9]\d{3} [A-ZÆØÅ]\w"
# "Egevej 12" tells where somebody lives. "Lindehaven 12" may as well be a kindergarten with 12 children: it takes a
# floor or a postal code to tell.
_STREET = re.compile(
    rf"(?P<name>{_NAME}(?<=[a-zæøåé.])(?:(?<=vej)|(?<=vejen)|(?<=gade)|(?<=gaden)|(?<=allé)|(?<=alle)|(?<=alléen)"
    rf"|(?<=stræde)|(?<=strædet)|(?<=vænge)|(?<=vænget)|(?<=toften)|(?<=stien)|(?<=Allé)|(?<=Boulevard)|(?<=boulevard)"
    rf"|(?<=svinget)|(?<=krogen)|(?<=Vænge)|(?<=Stræde)))\s?,?\s{_NUMBER}"
    rf"(?! ?(?:pct|procent|kr|mio|mia|km|kilometer|meter|m2|m²|børn|elever|borgere|stk)\b)"
    rf"(?!\.? (?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december)\b)"
)
_HOME = re.compile(rf"(?P<name>{_NAME}),? {_NUMBER}(?:{_FLOOR}|{_POSTAL_CODE})")
_NO_STREETS = frozenset({
    "afvej", "alle", "bilag", "brigade", "gaden", "hovedvej", "kap.", "motorvej", "nr.", "opvej", "overvej", "punkt",
    "sag", "side", "vejen",
})  # fmt: skip


class Suspect(NamedTuple):
    """Something that may be personal data: what kind, and enough of it to find it again."""

    kind: str
    masked: str

    def __str__(self) -> str:
        return f"{self.kind} {self.masked}"


def find_personal_data(text: str) -> Iterator[Suspect]:
    """Find what looks like a CPR number (six digits that are a date, then four), a Danish phone number, an e-mail
    address or the address of a home.
    """
    for match in _CPR.finditer(text):
        if _is_birthday(int(match[1]), int(match[2]), int(match[3])):
            yield Suspect("CPR-nummer", f"{match[0][:6]}-••••")
    for match in _PHONE.finditer(text):
        if not (_is_compact_date(match[0]) or _YEARS.fullmatch(match[0])):
            yield Suspect("Telefonnummer", f"•• •• •• {match[0][-2:]}")
    for match in _EMAIL.finditer(text):
        local, _, domain = match[0].partition("@")
        yield Suspect("E-mailadresse", f"{local[: min(2, len(local) // 2)]}…@{domain}")
    yield from (Suspect("Adresse", f"{street} ••") for street in _streets(text))


def _streets(text: str) -> Iterator[str]:
    """The names of streets with a house number, in the order they stand in the text, each place once."""
    found = {match.start("number"): match["name"] for pattern in (_HOME, _STREET) for match in pattern.finditer(text)}
    for _, name in sorted(found.items()):
        if name.rpartition(" ")[2].lower() not in _NO_STREETS:
            yield re.sub(r"\d", "•", name)


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
