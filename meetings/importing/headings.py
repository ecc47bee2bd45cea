"""Section headings of agenda items, recognised by the names they go by in many municipalities, never by place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kit.dates import read_date
from meetings.importing.bodies import body_in_title, body_name
from meetings.importing.lines import LONGEST_LABEL_LINE, Line

_SYNONYMS: dict[str, str] = {
    "summary": "sagsresume, resume, sagens kerne, præsentation, beslutningstema, anledning, formål, kort resume",
    "recommendation": "indstilling, hovedindstilling, alternativ indstilling, forvaltningen foreslår, "
    "administrationen foreslår, det indstilles, indstilling og beslutning, forslag til beslutning",
    "presentation": "sagsfremstilling, sagsbeskrivelse, beskrivelse af sagen, beskrivelse, sagsbeskrivelse af "
    "hovedindstilling, problemstilling, løsning, baggrund, sagens indhold, supplerende sagsfremstilling, vurdering, "
    "administrationens vurdering, forvaltningens vurdering, handlemuligheder, alternativer, redegørelse",
    "economy": "økonomi, økonomiske konsekvenser, økonomi og finansiering, økonomiske forhold, bevilling, "
    "økonomi/personale, vurdering i forhold til økonomi, sagsfremstilling og økonomi, finansiering",
    "legal_basis": "lovgrundlag, lovgrundlag - link, retsgrundlag, retligt grundlag, lov- og plangrundlag, "
    "love/regler, lovgrundlag og juridisk vurdering, juridiske og planmæssige forhold, juridiske konsekvenser",
    "other_consequences": "personale, effekt, effektvurdering, fn's verdensmål, handicappolitik, konsekvenser, "
    "konsekvenser for andre udvalg, kommunikation, øvrige konsekvenser, tidsplan, tidsperspektiv, risikovurdering, "
    "relationer til politikker, bæredygtighed, miljømæssige konsekvenser, sundhedsmæssige konsekvenser",
    "consultation": "høring, inddragelse, inddragelse og høring, høring og inddragelse",
    "history": "historik, sagshistorik, sagshistorik, henvisninger, politiske beslutninger og aftaler, sagens forløb, "
    "tidligere beslutninger, tidligere behandling",
    "decision": "beslutning, åben beslutning, udvalgets beslutning, byrådets beslutning",
    "attachments": "bilag, bilagsfortegnelse, bilagsliste",
    "routing": "sagsgang og sagstype, sagsprocedure, beslutningskompetence, kompetence, hvem beslutter, "
    "sagen afgøres af, sagsforløb",
    "attendance": "fremmøde og inhabilitet, fraværende, fraværende med afbud, fraværende uden afbud, "
    "fraværende i mødet, ikke til stede, medlemmer, deltagere, tilstede, til stede, indkaldelse, indkaldte, afbud, "
    "afbud fra, øvrige deltagere",
    "contents": "indholdsfortegnelse, punkter, dagsordenpunkter, punkter til dagsorden, indhold",
    "meeting_facts": "mødefakta, bemærkninger",
}  # fmt: skip
# The end of the whole agenda or of a group of items, said on a line of its own.
_LETTER = r"(?:[A-H][.:)] )?"
OPEN_GROUP = re.compile(rf"{_LETTER}(?:åbne sager|åbne punkter|åben dagsorden|åbent møde)", re.IGNORECASE)
CLOSED_GROUP = re.compile(rf"{_LETTER}(?:lukkede sager|lukkede punkter|lukket dagsorden|lukket møde)", re.IGNORECASE)
OTHER_GROUP = re.compile(
    r"[A-H][.:)] (?:sager|punkter|orientering|beslutnings|drøftelses|orienterings|meddelelser|aktuelle)[\w .]{0,40}"
    r"|sager til (?:afgørelse|beslutning|drøftelse|orientering|behandling)",
    re.IGNORECASE,
)

_WHOLE_LINE_ONLY = ("attendance", "meeting_facts", "contents")
# "Forvaltningens indstilling", "Byrådets beslutning": whose it is stands before the word.
_SOMEBODYS = re.compile(
    r"[A-ZÆØÅ][\wæøå&,. -]{2,50}s (?P<what>indstilling|anbefaling|beslutning|vurdering|bemærkninger|kommentarer)"
    r"(?: til sagen)?:?",
    re.IGNORECASE,
)
_OF_SOMEBODY = {"indstilling": "recommendation", "anbefaling": "recommendation", "beslutning": "decision"}
_RECOMMENDS = re.compile(
    r"[A-ZÆØÅ][^.:;]{2,100}? (?:indstiller|foreslår|anbefaler)(?: (?:til|over for) [^.:;]{3,120}?)?[,:;]?(?: at)?[,:;]?"
)
_DECISION_BY = re.compile(r"(?:åben )?beslutning (?:(?:i|fra|af) )?(.+)", re.IGNORECASE)
_BODY_AND_DAY = re.compile(r"(?P<body>[^,.:]{4,60}), (?:den |d\. )?\d{1,2}\.\d{1,2}\.\d{4}:?(?: (?P<rest>[A-ZÆØÅ].*))?")
_EARLIER_TREATMENT = re.compile(
    r"[^,:]{2,60}, (?:den |d\. )?[^,:]{6,20}, (?:pkt|punkt|sag)\.? ?(?:nr\.? ?)?\d+:?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed, what it means, and what stands after it on the same line."""

    canonical: str
    printed: str
    line: int
    rest: str = ""
    body: str | None = None


def normalise(text: str) -> str:
    """Letters compared without accent, case and colon: "RESUMÉ:" and "Resume" are one heading."""
    return text.casefold().replace("é", "e").replace("–", "-").strip(" :").replace(" :", ":")


_TABLE: dict[str, str] = {
    name.strip(): canonical for canonical, names in _SYNONYMS.items() for name in names.split(",")
}
_TABLE["sagshistorik, henvisninger"] = "history"
_GLUED = re.compile(r"(?<=[.!?])(?=[A-ZÆØÅ])")
_CONTENTS_GLUED = re.compile(r"(Indholdsfortegnelse)(?=\d)", re.IGNORECASE)


def names() -> frozenset[str]:
    """The house's own list of heading names, as `normalise` writes them."""
    return frozenset(_TABLE)


def read_heading(line: Line, extra: Mapping[str, str] | None = None) -> Heading | None:
    """The heading a line is, if it is one; `extra` adds a municipality's own names for the canonical ids."""
    if not line.text or len(line.text) > LONGEST_LABEL_LINE:
        return None
    text = line.text if not line.bullet or line.bullet[0].isdigit() else line.words
    if canonical := _canonical(text, extra):
        return Heading(canonical, text, line.number)
    if match := _SOMEBODYS.fullmatch(text):
        whose = body_name(text[: match.start("what")].strip())
        canonical = _OF_SOMEBODY.get(match["what"].casefold(), "presentation")
        return Heading(canonical, text, line.number, body=whose if canonical == "decision" else None)
    if text.casefold().startswith(("beslutning", "åben beslutning")):
        return _decision_heading(text, line.number)
    if text.casefold().startswith("sagens forløb ") and read_date(text, is_date_field=True):
        return Heading("history", text, line.number)
    if _EARLIER_TREATMENT.fullmatch(text):
        return Heading("history", text, line.number)
    if text.endswith(":") and (body := body_in_title(text)) and read_date(text, is_date_field=True):
        return Heading("decision", text, line.number, body=_sentence_case(body))
    if (match := _BODY_AND_DAY.fullmatch(text)) and (body := body_in_title(match["body"])):
        rest = match["rest"] or ""
        return Heading("decision", text.removesuffix(rest).strip(), line.number, rest, body)
    return _inline_heading(text, line, extra)


def read_lead(line: Line) -> Heading | None:
    """A recommendation that has no heading but its own first words: "Økonomiudvalget indstiller til Byrådet, at"."""
    if len(line.text) <= LONGEST_LABEL_LINE and not line.bullet and _RECOMMENDS.fullmatch(line.text):
        return Heading("recommendation", line.text, line.number)
    return None


def _sentence_case(body: str) -> str:
    """A body printed in capitals as it is written otherwise; each word's own capital is lost."""
    return body.capitalize() if body.isupper() else body


def _canonical(text: str, extra: Mapping[str, str] | None) -> str | None:
    name = normalise(text)
    return (extra or {}).get(name) or _TABLE.get(name)


def _decision_heading(text: str, line: int) -> Heading | None:
    """A heading such as "Beslutning i Byrådet den 19-12-2016": a body or a date must follow the word."""
    label, colon, rest = text.partition(":")
    if colon and normalise(label) in _TABLE:
        return Heading("decision", label, line, rest.strip())
    match = _DECISION_BY.fullmatch(text)
    if match is None:
        return None
    body = body_in_title(match[1].strip(" :"))
    is_dated = match[1].casefold().startswith(("den ", "d. ")) and (
        read_date(match[1]) or match[1].strip(" :") == "den"
    )
    return Heading("decision", text, line, body=body) if body or is_dated else None


def _inline_heading(text: str, line: Line, extra: Mapping[str, str] | None) -> Heading | None:
    """A heading such as "Resumé: Sagen handler om …", with its text on the same line; never a list item."""
    label, colon, rest = text.partition(":")
    if not colon or line.bullet or len(label) > 50:
        return None
    canonical = _canonical(label, extra)
    # "Ikke til stede: Mikkel Lund (C)" is part of the decision it stands in, not the end of it.
    return Heading(canonical, label, line.number, rest.strip()) if canonical not in (None, *_WHOLE_LINE_ONLY) else None


def split_glued(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A heading glued to the sentence before it ("kl. 16.30.Sagsfremstilling") gets a line of its own."""
    result: list[Line] = []
    for line in lines:
        result.extend(_unglued(line))
    return tuple(result)


def _unglued(line: Line) -> list[Line]:
    if match := _CONTENTS_GLUED.match(line.text):
        return [
            Line(line.number, match[1], match[1]),
            Line(line.number, line.text[match.end() :], line.text[match.end() :]),
        ]
    if len(line.text) < 12:
        return [line]
    cuts = [match.start() for match in _GLUED.finditer(line.text[-60:])]
    for cut in cuts:
        position = max(0, len(line.text) - 60) + cut
        if _TABLE.get(normalise(line.text[position:])):
            before = line.raw.rstrip()[: -len(line.text[position:])]
            return [
                Line(line.number, before, line.text[:position]),
                Line(line.number, line.text[position:], line.text[position:]),
            ]
    return [line]
