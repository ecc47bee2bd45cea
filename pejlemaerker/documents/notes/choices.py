"""Hvad et notat rummer: the sections, in order, and the writer's own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from pejlemaerker.models import NoteKind


class SectionKey(StrEnum):
    """The sections a paper can have; the value stands in recipes and stays as it is."""

    INTRODUCTION = "introduction"
    WORDINGS = "wordings"
    CHANGES = "changes"
    DECISIONS = "decisions"
    PLAN = "plan"
    STATUS = "status"
    QUOTATIONS = "quotations"
    FIGURES = "figures"
    DIALOGUES = "dialogues"
    PROMISES = "promises"
    LEARNING = "learning"
    NEXT = "next"
    SOURCES = "sources"
    CONCLUSION = "conclusion"
    APPENDIX = "appendix"
    MEETINGS = "meetings"  # of a year
    SETS = "sets"  # of a year
    COMPARED = "compared"  # two periods


_K = SectionKey
_OF_GOALS = (
    _K.INTRODUCTION, _K.WORDINGS, _K.STATUS, _K.QUOTATIONS, _K.FIGURES, _K.CHANGES, _K.DECISIONS, _K.DIALOGUES, _K.PLAN,
    _K.PROMISES, _K.LEARNING, _K.NEXT, _K.CONCLUSION, _K.SOURCES, _K.APPENDIX,
)  # fmt: skip
# All that a kind of paper can hold, in the order in which it usually stands: how it goes before how it came about.
SECTIONS_OF: dict[NoteKind, tuple[SectionKey, ...]] = {
    NoteKind.SET: _OF_GOALS,
    NoteKind.GOAL: _OF_GOALS,
    NoteKind.ITEM: tuple(key for key in _OF_GOALS if key != _K.CONCLUSION),
    NoteKind.YEAR: (
        _K.INTRODUCTION, _K.SETS, _K.WORDINGS, _K.STATUS, _K.MEETINGS, _K.DECISIONS, _K.DIALOGUES, _K.PROMISES,
        _K.LEARNING, _K.NEXT, _K.CONCLUSION, _K.SOURCES,
    ),
    NoteKind.COMPARISON: (_K.INTRODUCTION, _K.COMPARED, _K.FIGURES, _K.LEARNING, _K.CONCLUSION, _K.SOURCES),
}  # fmt: skip
# What is left out until somebody asks for it.
_ON_REQUEST = frozenset({_K.CHANGES, _K.DECISIONS, _K.APPENDIX, _K.PROMISES})

SECTION_LABELS: dict[SectionKey, str] = {
    _K.INTRODUCTION: "Indledning",
    _K.WORDINGS: "Pejlemærker og ordlyd",
    _K.CHANGES: "Ændringer",
    _K.DECISIONS: "Beslutninger",
    _K.PLAN: "Opfølgningsplan",
    _K.STATUS: "Status",
    _K.QUOTATIONS: "Citater",
    _K.FIGURES: "Mål og nøgletal",
    _K.DIALOGUES: "Dialogmøder",
    _K.PROMISES: "Løfter",
    _K.LEARNING: "Læring",
    _K.NEXT: "Det næste",
    _K.SOURCES: "Kilder",
    _K.CONCLUSION: "Afslutning",
    _K.APPENDIX: "Bilag: tidligere ordlyde",
    _K.MEETINGS: "Årets møder",
    _K.SETS: "Årets pejlemærker",
    _K.COMPARED: "De to perioder side om side",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """De valg, et notat er lavet efter: what a recipe keeps. `changes_since` is the day from which changes are told."""

    sections: tuple[SectionKey, ...]
    title: str = ""
    introduction: str = ""
    conclusion: str = ""
    changes_since: date | None = None
    doc_no: str = ""

    @classmethod
    def usual(cls, kind: str) -> Self:
        """What a paper of this kind holds when nobody has chosen."""
        return cls(tuple(key for key in SECTIONS_OF[NoteKind(kind)] if key not in _ON_REQUEST))

    def as_data(self) -> dict[str, Any]:
        """Turn them into what JSON can hold."""
        since = self.changes_since.isoformat() if self.changes_since else None
        return {
            "sections": [str(key) for key in self.sections],
            "title": self.title,
            "introduction": self.introduction,
            "conclusion": self.conclusion,
            "changes_since": since,
            "doc_no": self.doc_no,
        }

    @classmethod
    def from_data(cls, data: dict[str, Any], kind: str) -> Self:
        """Read what was kept; a section that is no longer made, or not of this kind, is left out."""
        since = data.get("changes_since")
        return cls(
            sections=known_sections(data.get("sections", ()), kind),
            title=data.get("title", ""),
            introduction=data.get("introduction", ""),
            conclusion=data.get("conclusion", ""),
            changes_since=date.fromisoformat(since) if since else None,
            doc_no=data.get("doc_no", ""),
        )


def known_sections(keys: Iterable[str], kind: str) -> tuple[SectionKey, ...]:
    """Return the sections a kind can hold, each once, in the order given."""
    possible = SECTIONS_OF[NoteKind(kind)]
    return tuple(SectionKey(key) for key in dict.fromkeys(keys) if key in possible)
