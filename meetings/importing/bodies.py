"""Names of political bodies (udvalg, byråd, magistrat …) as they stand in headings and sentences."""

import re

from kit.dates import WEEKDAYS, find_dates
from meetings.importing.lines import LONGEST_LABEL_LINE

_IS_BODY = re.compile(
    r"(?:udvalget for \w.*|[\wæøå&,. /-]*?(?:udvalg(?:et)?|byråd(?:et)?|kommunalbestyrelse(?:n)?|magistrat(?:en)?"
    r"|borgerrepræsentation(?:en)?|regionsråd(?:et)?|ældreråd(?:et)?|handicapråd(?:et)?|direktion(?:en)?))",
    re.IGNORECASE,
)
_LEADING = {"referat", "dagsorden", "tillægsdagsorden", "beslutningsprotokol", "åbent", "lukket", "møde", "ordinært",
            "ekstraordinært", "for", "fra", "af", "i", "til", "-", "–", ":"}  # fmt: skip
_TRAILING = {"den", "d.", "mødet", "møde", "fra", "referat", "dagsorden", "på", "-", "–", ",", *WEEKDAYS}

# A committee's name inside running text; only "-udvalget" is sure enough there.
COMMITTEE_IN_TEXT = r"[A-ZÆØÅ][\wæøå]*(?:-?(?:,| og| &)? ?[A-ZÆØÅ]?[\wæøå]+-?){0,3}?udvalget"


def body_name(text: str) -> str | None:
    """The text as a body's name ("Kultur- og fritidsudvalgets" → "Kultur- og fritidsudvalget"), or None."""
    name = text.strip(" .,:-–")
    if not 4 <= len(name) <= 90:
        return None
    if not _IS_BODY.fullmatch(name):
        name = name.removesuffix("s")
        if not _IS_BODY.fullmatch(name):
            return None
    return name[0].upper() + name[1:]


def body_in_title(line: str) -> str | None:
    """The body named by a title line: "Referat - Økonomiudvalget den 3. december 2018", "Byrådet - Referat"."""
    if len(line) > LONGEST_LABEL_LINE:
        return None
    span = next(find_dates(line, is_date_field=True), None)
    words = line[: span.start if span else len(line)].replace(",", " , ").split()
    while words and words[-1].lower() in _TRAILING:
        words.pop()
    while words and words[0].lower() in _LEADING:
        words.pop(0)
    return body_name(" ".join(words).replace(" , ", ", "))
