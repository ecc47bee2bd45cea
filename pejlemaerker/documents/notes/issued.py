"""Et udstedt notat, and the list of them: number, who and when, which edition, what it was put right by."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from kit.danish import sort_key
from kit.dates import format_date
from kit.files import size_text
from kit.paper.document import Paper
from meetings.documents.paging import Paging
from meetings.documents.parts import Fact
from meetings.models import Right, has_right, latest_act
from meetings.models.publication import Publication
from pejlemaerker.documents.notes.choices import SECTION_LABELS, Choices
from pejlemaerker.documents.notes.drafts import DraftLine, drafts_of
from pejlemaerker.documents.notes.issuing import grouped
from pejlemaerker.models import Audience, Note, NoteFile, NoteKind, PaperForm

# How a kind is asked for in an address: `?art=aarsstatus`.
KINDS = {
    "saet": NoteKind.SET, "pejlemaerke": NoteKind.GOAL, "aarsstatus": NoteKind.YEAR,
    "sammenligning": NoteKind.COMPARISON, "dagsordenspunkt": NoteKind.ITEM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to narrow the list by."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedNote:
    """A note that another names: its number and where it is."""

    name: str
    url: str
    day: str


@dataclass(frozen=True, slots=True)
class NoteLine:
    """Et notat på listen."""

    name: str
    title: str
    url: str
    about: str
    issued: str
    edition: str
    tag: str
    tag_kind: str
    corrected_by: NamedNote | None
    corrects: NamedNote | None


@dataclass(frozen=True, slots=True)
class IssuedNotes:
    """The issued notes a viewer may see, newest first, and the drafts of those who write them."""

    lines: tuple[NoteLine, ...]
    drafts: tuple[DraftLine, ...]
    paging: Paging
    committees: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    years: tuple[Choice, ...]
    committee: str
    kind: str
    year: str

    @classmethod
    def for_viewer(cls, viewer: Any, *, committee: str = "", kind: str = "", year: str = "", page: str = "") -> Self:
        """Ask a handful of queries, however long the list is; a choice that is none of those there are is no choice."""
        notes = Note.objects.visible_to(viewer)
        committees, kinds, years = _choices(notes)
        committee, kind, year = (
            one if one in {choice.value for choice in choices} else ""
            for one, choices in ((committee, committees), (kind, kinds), (year, years))
        )
        if committee:
            notes = notes.filter(committee__slug=committee)
        if kind:
            notes = notes.filter(kind=KINDS[kind])
        if year:
            notes = notes.filter(number_year=int(year))
        near = notes.select_related("committee", "issued_by", "corrects").defer("paper", "corrects__paper")
        shown, paging = Paging.through(
            near.annotate(act=latest_act("note")).order_by("-issued_at", "-pk"), page,
            udvalg=committee, art=kind, aar=year,
        )  # fmt: skip
        rows = list(shown)
        corrections = _corrections(rows, viewer)
        seen = _named_that_may_be_seen(rows, viewer)
        lines = tuple(_line(row, viewer, corrections.get(row.pk), seen) for row in rows)
        drafts = tuple(drafts_of(viewer)) if viewer.is_authenticated else ()
        return cls(lines, drafts, paging, committees, kinds, years, committee, kind, year)


def _choices(notes: "QuerySet[Note]") -> tuple[tuple[Choice, ...], tuple[Choice, ...], tuple[Choice, ...]]:
    """The committees, kinds and years that have notes."""
    found = set(notes.order_by().values_list("committee__slug", "committee__name", "kind", "number_year").distinct())
    committees = {Choice(slug, name) for slug, name, *_ in found}
    has = {kind for _, _, kind, _ in found}
    return (
        tuple(sorted(committees, key=lambda one: sort_key(one.name))),
        tuple(Choice(word, str(kind.label)) for word, kind in KINDS.items() if kind in has),
        tuple(Choice(str(year), str(year)) for year in sorted({row[3] for row in found}, reverse=True)),
    )


def _corrections(notes: Iterable[Note], viewer: Any) -> dict[int, NamedNote]:
    """What these notes were put right by, as far as the viewer may know."""
    found = Note.objects.visible_to(viewer).filter(corrects__in=[one.pk for one in notes]).defer("paper")
    return {one.corrects_id: named(one) for one in found if one.corrects_id}


def _named_that_may_be_seen(notes: Iterable[Note], viewer: Any) -> set[int]:
    old = [one.corrects_id for one in notes if one.corrects_id]
    return set(Note.objects.visible_to(viewer).filter(pk__in=old).values_list("pk", flat=True)) if old else set()


def _line(note: Note, viewer: Any, correction: NamedNote | None, seen: set[int]) -> NoteLine:
    tag, kind = _tag(note, correction)
    return NoteLine(
        name=note.name,
        title=note.title,
        url=note.get_absolute_url(),
        about=f"{note.committee.name} · {note.get_kind_display()}",
        issued=issued(note, viewer),
        edition=note.get_audience_display(),
        tag=tag,
        tag_kind=kind,
        corrected_by=correction,
        corrects=named(note.corrects) if note.corrects and note.corrects_id in seen else None,
    )


def _tag(note: Note, correction: NamedNote | None) -> tuple[str, str]:
    if correction:
        return "Rettet", "warning"
    is_public = getattr(note, "act", None) == Publication.Act.PUBLISHED and note.audience == Audience.PUBLIC
    return ("Offentliggjort", "success") if is_public else ("", "plain")


def named(note: Note) -> NamedNote:
    """Name a note."""
    return NamedNote(note.name, note.get_absolute_url(), format_date(localdate(note.issued_at)))


def issued(note: Note, viewer: Any) -> str:
    """Udstedt 22. november 2026 af Signe Sekretær; to outsiders without the name of the person."""
    by = f" af {note.issued_by}" if note.issued_by and has_right(viewer, Right.READ_GOALS, note.committee) else ""
    return f"Udstedt {format_date(localdate(note.issued_at))}{by}"


@dataclass(frozen=True, slots=True)
class IssuedFile:
    """En fil of the note: its form, where it is, how large, and its fingerprint."""

    label: str
    url: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class IssuedNote:
    """Et udstedt notat: what it is, its files with their fingerprints, and its text."""

    note: Note
    title: str
    issued: str
    facts: tuple[Fact, ...]
    files: tuple[IssuedFile, ...]
    fingerprint: str
    paper: Paper
    corrects: NamedNote | None
    reason: str
    corrected_by: NamedNote | None

    @classmethod
    def for_note(cls, note: Note, *, viewer: Any) -> Self:
        """Tell a note that came through `visible_to`."""
        corrections = _corrections([note], viewer)
        seen = _named_that_may_be_seen([note], viewer)
        return cls(
            note=note,
            title=note.title,
            issued=issued(note, viewer),
            facts=tuple(_facts(note, inside=has_right(viewer, Right.READ_GOALS, note.committee))),
            files=tuple(_file(one, note) for one in note.files.defer("content")),
            fingerprint=grouped(note.text_sha256),
            paper=Paper.from_data(note.paper),
            corrects=named(note.corrects) if note.corrects and note.corrects_id in seen else None,
            reason=note.correction_reason,
            corrected_by=corrections.get(note.pk),
        )


def _facts(note: Note, *, inside: bool) -> Iterable[Fact]:
    yield Fact("Nummer", f"Notat {note.name}")
    yield Fact("Udvalg", note.committee.name, note.committee.get_absolute_url())
    yield Fact("Art", note.get_kind_display())
    yield Fact("Udgave", note.get_audience_display())
    yield Fact("Status pr.", format_date(note.as_of))
    if not inside:
        return
    choices = Choices.from_data(note.choices, note.kind)
    yield Fact("Opskrift", note.recipe_name or "Det sædvanlige, eller sat sammen til lejligheden")
    yield Fact("Afsnit", ", ".join(SECTION_LABELS[key] for key in choices.sections))
    yield Fact("Husets skabelon", f"Udgave {note.template.version}" if note.template else "Ingen")


def _file(file: NoteFile, note: Note) -> IssuedFile:
    form = PaperForm(file.form)
    url = reverse(f"issued_note_{form.value}", args=[note.pk])
    return IssuedFile(str(form.label), url, size_text(file.size), grouped(file.sha256))
