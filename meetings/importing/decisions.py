"""The decision (beslutning): verbatim, with the category its standard formula stands for, also per at-point."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from meetings.importing.found import Found
from meetings.importing.headings import Heading
from meetings.importing.lines import Line, clean, verbatim, with_following, without_blank_edges

Category = Literal[
    "approved", "approved_amended", "recommended", "noted", "discussed", "postponed", "forwarded",
    "rejected", "withdrawn", "brought_to_council", "elected", "none",
]  # fmt: skip

# "foreslog, at sagen genoptages" is what somebody wanted, not what was decided.
_PROPOSES = re.compile(r"\b(?:foreslog|stillede (?:ændrings|modsat |et )?\w*forslag|stillede forslag)\b", re.IGNORECASE)
# The earliest formula in a sentence rules it; "drøftet og godkendt" is approved, so discussed only rules alone.
_FORMULAS: tuple[tuple[Category, str], ...] = (
    ("rejected", r"nedstemt|forkastet|ikke (?:godkendt|vedtaget|tiltrådt|imødekommet|tage[ts] til efterretning)|afvist"
     r"|bortfald(?:et|er)"),
    ("postponed", r"udsat\b|udsættes|udsætte\b|udskyde|udskydes|udskudt|genoptages"),
    ("withdrawn", r"punktet (?:udgår|udgik|udgået)|sagen (?:udgår|udgik)|trukket (?:tilbage|af)|tages? af dagsordenen"),
    ("forwarded", r"(?:tilbage|over)send(?:es|t)|fremsend(?:es|t) til|overgik til 2\. behandling|sendes tilbage"),
    ("recommended", r"anbefales\b|anbefaler\b|anbefalede\b|indstilles\b"),
    ("noted", r"til efterretning|til orientering"),
    ("elected", r"(?:blev valgt|valgtes|valgte)\b(?! at\b)"),
    ("approved", r"godkendt(?:e|es)?\b|godkendes\b|godkender\b|tiltrådt(?:e|es)?\b|tiltræder\b|tiltrædes\b"
     r"|vedtaget\b|vedtog\b|besluttede at godkende"),
    ("discussed", r"drøftet\b|drøftede\b|drøftes\b|drøftelse af"),
)  # fmt: skip
# What rules only where no formula does: a briefing that was heard, and a decision in the committee's own words.
_WEAK: tuple[tuple[Category, str], ...] = (
    ("noted", r"orienterede (?:om|i øvrigt)|orientering blev givet|ingen spørgsmål"),
    ("approved", r"(?:udvalget|rådet|bestyrelsen|byrådet) besluttede,? at (?!ikke)"),
)

_PATTERNS = tuple((category, re.compile(rf"(?<!\w)(?:{words})", re.IGNORECASE)) for category, words in _FORMULAS)
_WEAK_PATTERNS = tuple((category, re.compile(words, re.IGNORECASE)) for category, words in _WEAK)
_TO_COUNCIL = re.compile(
    r"begær\w+ sagen (?:i|indbragt|forelagt)|sagen (?:indbringes|indbragt) for (?:byråd|kommunalbestyrelse)"
    r"|standsningsret",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    r"\b(?:med (?!(?:\d|stemmerne|stemmer|alle|et flertal))|idet\b|dog\b|under forudsætning|såfremt\b|på betingelse)",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"(?:-|–|intet|ingen)\.?", re.IGNORECASE)
_SOMEONE = re.compile(
    r"^(?:ikke til stede|fraværende|afbud|ikke deltagende)\b|deltog ikke|deltog i (?:stedet|sagens|mødet|behandlingen)"
    r"|(?:var|er) fraværende|forhindret i at deltage|tog forbehold|stemte (?:for|imod)|\bforlod mødet",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?:;])\s+(?=[A-ZÆØÅ\d])|(?<=[a-zæøå]\.)(?=[A-ZÆØÅ])|\n+")
_NOT_AN_END = re.compile(r"(?:\b\d{1,2}|\b(?:nr|pkt|stk|jf|vedr|kl|ca|bl\.a|f\.eks|mio|d))\.$", re.IGNORECASE)
_AD = re.compile(
    r"^\s*(?:ad\.? ?|indstillingens (?:nr\.? ?|punkt ?)|(?=\d{1,2}\. ?[A-ZÆØÅ]))"
    r"(\d{1,2})\b\.?(?:(?: ?-| og| ?–| til) (\d{1,2})\b\.?)?",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class PointDecision:
    """What was decided on some at-points ("Ad 1. - 3. Anbefales godkendt.")."""

    numbers: tuple[int, ...]
    text: str
    category: Category | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as printed; the category is None where the words are not a known formula or the points differ."""

    text: Found[str]
    category: Found[Category] | None
    points: tuple[PointDecision, ...] = ()
    body: str | None = None


def read_decision(heading: Heading, lines: Sequence[Line]) -> Decision | None:
    """The decision under a heading, or None where nothing was written."""
    content = without_blank_edges(lines)
    text = verbatim(content) or heading.rest
    if not clean(text):
        return None
    line = content[0].number if content else heading.line
    points = _points(text)
    category = _of_points([point.category for point in points]) if points else categorise(text)
    found = Found(category, line, "likely" if points else "sure") if category else None
    return Decision(Found(text, line), found, points, heading.body)


def categorise(text: str) -> Category | None:
    """The category of a decision's words, or None: two formulas that pull apart are left to a person."""
    words = clean(text)
    if _TO_COUNCIL.search(words):
        return "brought_to_council"
    spoken = [sentence for sentence in sentences(text) if not (_SOMEONE.search(sentence) or _PROPOSES.search(sentence))]
    if spoken and all(_NOTHING.fullmatch(clean(sentence)) for sentence in spoken):
        return "none"
    found = [category for sentence in spoken if (category := _sentence_category(sentence))]
    substantial = [category for category in found if category != "discussed"]
    if "indstillingens nr" in words.casefold() and len(set(substantial)) != 1:
        return None
    return _joined(substantial or found or _weak_categories(spoken))


def _weak_categories(spoken: Sequence[str]) -> list[Category]:
    return [category for sentence in spoken for category, pattern in _WEAK_PATTERNS if pattern.search(sentence)]


def sentences(text: str) -> list[str]:
    """A text in sentences, not split after "nr." or a date's day."""
    parts: list[str] = []
    for part in _SENTENCE_END.split(text):
        if parts and _NOT_AN_END.search(parts[-1][-12:]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts


def _sentence_category(sentence: str) -> Category | None:
    found = [(match.start(), category) for category, pattern in _PATTERNS if (match := pattern.search(sentence))]
    ruling = min((hit for hit in found if hit[1] != "discussed"), default=min(found, default=None))
    if ruling is None:
        return None
    position, category = ruling
    if category == "forwarded" and re.search(r"anbefal", sentence, re.IGNORECASE):
        return "recommended"
    if category == "approved" and _AMENDS.search(sentence, position):
        return "approved_amended"
    return category


def _joined(categories: Iterable[Category | None]) -> Category | None:
    """One category for several sentences or points; approved with and without change is approved with change."""
    different = set(categories)
    if different == {"approved", "approved_amended"}:
        return "approved_amended"
    return different.pop() if len(different) == 1 else None


def _of_points(categories: Sequence[Category | None]) -> Category | None:
    """One category for at-points: where one was taken note of and another approved, the item was approved."""
    weighty = [category for category in categories if category not in ("noted", "discussed")]
    return _joined(weighty if "approved" in weighty or "approved_amended" in weighty else categories)


def _points(text: str) -> tuple[PointDecision, ...]:
    """The parts of a decision per at-point: "Ad 1.", "Ad. 2", "Indstillingens nr. 1", or a bare "1. Godkendt"."""
    marks = list(_AD.finditer(text))
    before = text[: marks[0].start()].strip() if marks else ""
    is_one_bare_number = len(marks) == 1 and marks[0][0].strip()[0].isdigit()
    if not marks or is_one_bare_number or (before and not _SOMEONE.search(before)):
        return ()
    points = []
    for mark, following in with_following(marks):
        words = text[mark.end() : following.start() if following else None].strip()
        first, last = int(mark[1]), int(mark[2] or mark[1])
        numbers = tuple(range(first, last + 1)) if first <= last else (first, last)
        points.append(PointDecision(numbers, words, categorise(words)))
    return tuple(points)
