"""Hvad der udstedes: the paper of a draft or of an issued note, and what is put on a copy that is evidence."""

from dataclasses import replace
from datetime import date
from types import EllipsisType
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate

from kit.dates import format_date
from kit.paper.blocks import Paragraph, Section
from kit.paper.document import Paper, Stamp
from meetings.documents.public_texts import Passage
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Audience, Note, NoteDraft, NoteKind, NoteTemplate
from pejlemaerker.models.note import AboutSomething

# All that the paper of a draft or of an issued note asks of what it is about.
NEAR = (
    "committee__municipality", "goal_set__period__committee__municipality", "goal_set__area",
    "goal__goal_set__period__committee__municipality", "goal__goal_set__area",
    "other_set__period__committee__municipality", "other_set__area",
)  # fmt: skip
CORRECTION = "correction"  # the key of the section that names the note that is put right
_GROUP = 8  # digits of a fingerprint that are read together


def subject_of(row: AboutSomething) -> Subject:
    """Return what a draft or an issued note is about."""
    kind = NoteKind(row.kind)
    goal_set = row.goal.goal_set if row.goal else row.goal_set
    return Subject(kind, row.committee, goal_set, row.goal, row.other_set, row.year)


def draft_paper(draft: NoteDraft, *, by: Any, template: NoteTemplate | EllipsisType | None = ...) -> Paper:
    """Make the paper that a draft would be issued as, without its stamp; the same facts give the same text."""
    return paper_of(
        subject_of(draft), audience=draft.audience, at=AsOf.day(draft.as_of),
        choices=Choices.from_data(draft.choices, draft.kind), author=by, template=template,
    )  # fmt: skip


def naming(paper: Paper, corrected: Note | None, reason: str) -> Paper:
    """The paper of a correction: it names the note that it puts right first of all, and says why."""
    if corrected is None:
        return paper
    words = f"Dette notat retter notat {corrected.name} af {format_date(localdate(corrected.issued_at))}. {reason}"
    section = Section(CORRECTION, "", tuple(Paragraph(line, role="lead") for line in words.splitlines() if line))
    return replace(paper, sections=(section, *paper.sections))


def stamp_of(paper: Paper, *, name: str, issued_on: date, by: Any, audience: str) -> Stamp:
    """Return the stamp of an issued copy: its number, by whom and when, and how to tell whether it was changed. In
    public the house issues, not the person.
    """
    house = paper.letterhead.municipality
    issuer = house if audience == Audience.PUBLIC or not by else f"{by}, {house}"
    return Stamp(
        number=f"Notat {name}",
        colophon=(
            f"Notat {name}. Udstedt {format_date(issued_on)} af {issuer}.",
            f"Tekstens fingeraftryk (SHA-256): {grouped(paper.fingerprint)}",
            f"Om en fil er den udstedte, kan kontrolleres på {settings.SITE_URL}{reverse('note_verify')}",
        ),
    )


def passages_of(paper: Paper) -> list[Passage]:
    """The texts of a paper, to be looked through before it is issued or published, each with its place."""
    head = [("Titel", f"{paper.title}\n{paper.as_of}"), ("Underskrift", "\n".join(paper.letterhead.signature))]
    return [*head, *((one.title or "Indledning", "\n".join(one.lines())) for one in paper.sections)]


def grouped(fingerprint: str) -> str:
    """1f2e3d4c 5b6a7988 …: sixty-four digits as people can compare them."""
    return " ".join(fingerprint[at : at + _GROUP] for at in range(0, len(fingerprint), _GROUP))
