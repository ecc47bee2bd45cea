"""Notatkladder: what each is about, what it looks like so far, and which are under way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from django.urls import reverse

from kit.clock import moment
from kit.dates import format_date
from kit.paper.document import Paper
from pejlemaerker.documents.notes.choices import SECTION_LABELS, Choices, SectionKey
from pejlemaerker.documents.notes.issuing import NEAR, draft_paper, subject_of
from pejlemaerker.documents.notes.making import DRAFT
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import Audience, NoteDraft, NoteKind

# The writer's own words are not missed where they are not written.
_OWN_WORDS = frozenset({SectionKey.INTRODUCTION, SectionKey.CONCLUSION})


def told(subject: Subject) -> str:
    """What a note is about, in words: "Dagtilbudsområdet 2022–2025"."""
    if subject.kind == NoteKind.YEAR:
        return f"{subject.committee}, {subject.year}"
    if subject.kind == NoteKind.COMPARISON:
        return f"{subject.goal_set} og {subject.other_set}"
    return str(subject.goal or subject.goal_set)


def page_of(subject: Subject) -> str:
    """The address of what a note is about."""
    if subject.kind == NoteKind.COMPARISON and subject.goal_set and subject.other_set:
        return f"{reverse('compare')}?foer={subject.goal_set.pk}&efter={subject.other_set.pk}"
    return (subject.goal or subject.goal_set or subject.committee).get_absolute_url()


def new_note(subject: Subject) -> str:
    """The address at which a note about this is begun."""
    if subject.goal:
        query = f"pejlemaerke={subject.goal.pk}"
    elif subject.goal_set:
        query = f"saet={subject.goal_set.pk}" + (f"&med={subject.other_set.pk}" if subject.other_set else "")
    else:
        query = f"udvalg={subject.committee.slug}&aar={subject.year}"
    return f"{reverse('note_new')}?{query}"


@dataclass(frozen=True, slots=True)
class Preview:
    """Kladden, som papiret ser ud nu: made for the one who looks, as it would be issued."""

    paper: Paper
    left_out: tuple[str, ...]  # sections that were asked for and have nothing to tell
    tells_unpublished: bool  # whether a public edition tells of a set that is not public

    @classmethod
    def of(cls, draft: NoteDraft, *, by: Any) -> Self:
        """Make the paper; the page shows it without its logo, which only the files carry."""
        paper = draft_paper(draft, by=by).stamped(DRAFT)
        paper = replace(paper, letterhead=replace(paper.letterhead, logo=""))
        has = {section.key for section in paper.sections} | _OWN_WORDS
        chosen = Choices.from_data(draft.choices, draft.kind).sections
        left_out = tuple(SECTION_LABELS[key] for key in chosen if key not in has)
        return cls(paper, left_out, draft.audience == Audience.PUBLIC and not subject_of(draft).is_public)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """En kladde i en liste."""

    url: str
    about: str
    kind: str
    edition: str
    edited: str
    corrects: str

    @classmethod
    def of(cls, draft: NoteDraft) -> Self:
        """Tell of a draft that was fetched with what is near it."""
        by = f" af {draft.edited_by}" if draft.edited_by else ""
        return cls(
            url=draft.get_absolute_url(),
            about=told(subject_of(draft)),
            kind=draft.get_kind_display(),
            edition=f"{draft.get_audience_display()}, status pr. {format_date(draft.as_of)}",
            edited=f"Gemt {moment(draft.edited_at)}{by}",
            corrects=f"Retter notat {draft.corrects.name}" if draft.corrects else "",
        )


def drafts_of(user: Any) -> list[DraftLine]:
    """Return all drafts that the user writes on, with colleagues, the newest first."""
    return _lines(NoteDraft.objects.visible_to(user))


def drafts_about(subject: Subject, user: Any) -> list[DraftLine]:
    """Return the drafts under way about this, so that nobody begins one twice."""
    about = {name: value for name, value in subject.fields.items() if value is not None}
    return _lines(NoteDraft.objects.visible_to(user).filter(**about))


def _lines(drafts: Any) -> list[DraftLine]:
    found: Iterable[NoteDraft] = drafts.select_related(*NEAR, "corrects", "edited_by")[:100]
    return [DraftLine.of(draft) for draft in found]
