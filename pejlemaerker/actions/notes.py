"""Issuing a note (udstedelse): numbered, frozen with its data and its files, and kept; and beginning a correction."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kit.clock import today
from kit.drafts import EditConflict
from kit.once import made_by
from kit.paper.document import Paper
from meetings.actions import NotAllowed
from meetings.actions import publish as publish_record
from meetings.actions.publishing import note_accepted
from meetings.models import Event, Municipality, Publication
from pejlemaerker.documents.notes.issuing import NEAR, draft_paper, naming, stamp_of, subject_of
from pejlemaerker.documents.notes.making import template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import AsOf, Audience, GoalSet, Note, NoteDraft, NoteFile, NoteTemplate, PaperForm

NOT_PUBLIC = "Det, notatet handler om, er ikke offentliggjort. Offentliggør sættet først."


class AlreadyCorrected(NotAllowed):
    """The note has been put right already; the newest is put right, so that each note has one successor."""

    def __init__(self, correction: Note) -> None:
        super().__init__(f"Notatet er allerede rettet af notat {correction.name}. Ret det i stedet.")
        self.correction = correction


@transaction.atomic
def issue_note(
    *,
    draft: NoteDraft,
    expected: int,
    seen: str,
    reason: str = "",
    warnings_accepted: Sequence[str] = (),
    nonce: UUID,
    by: Any,
) -> Note:
    """Issue what a draft holds, as its writer saw it: `expected` is the draft's revision, `seen` the fingerprint of the
    text that was shown. The same nonce gives the same note.

    Raises EditConflict when either is another by now, NotAllowed, AlreadyCorrected, and what a paper raises that cannot
    be made.
    """
    existing, nonce = made_by(Note.objects.all(), nonce)
    if existing:
        return existing
    current = NoteDraft.objects.select_for_update(of=("self",)).select_related(*NEAR, "corrects").filter(pk=draft.pk)
    found = current.first()
    if found is None:
        raise NotAllowed("Kladden er udstedt eller slettet imens.")
    _may_be_issued(found, by)
    subject = subject_of(found)
    house = template_of(subject, AsOf.day(found.as_of))
    paper = draft_paper(found, by=by, template=house)
    if (found.revision, paper.fingerprint) != (expected, seen):
        raise EditConflict(found)
    number = _number(found)
    note = _freeze(found, naming(paper, found.corrects, reason), house, number, reason=reason, nonce=nonce, by=by)
    found.delete()
    note_accepted(note, warnings_accepted, by=by)
    return note


def _may_be_issued(draft: NoteDraft, by: Any) -> None:
    if draft.as_of > today():
        raise NotAllowed("Dagen er ikke kommet endnu. Vælg en dag, der er gået, eller i dag.")
    if draft.audience not in editions_for(by, subject_of(draft)):
        raise NotAllowed("Du kan ikke udstede den udgave.")
    if draft.audience == Audience.PUBLIC:
        _is_public(subject_of(draft))
    if draft.corrects and draft.corrects.audience != draft.audience:
        edition = draft.corrects.get_audience_display().lower()
        raise NotAllowed(f"Notat {draft.corrects.name} er en {edition}. Et notat rettes i den udgave, det har.")


def _is_public(subject: Subject) -> None:
    """The public edition is what everybody may see, and stays so until the act is done: a set is not withdrawn
    meanwhile.
    """
    sets = GoalSet.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(sets.filter(pk__in=[one.pk for one in subject.sets]))
    if not subject.is_public:
        raise NotAllowed(NOT_PUBLIC)


def _number(draft: NoteDraft) -> tuple[int, int]:
    """Take the next number of the house's year. Two who issue at once wait for each other; no number is left out."""
    # Not for key share: what refers to the municipality may be written meanwhile.
    Municipality.objects.select_for_update(no_key=True).get(pk=draft.committee.municipality_id)
    if draft.corrects:
        _stands(draft.corrects)
    year = today().year
    taken = Note.objects.filter(municipality=draft.committee.municipality_id, number_year=year)
    return year, (taken.aggregate(last=Max("number"))["last"] or 0) + 1


def _stands(note: Note) -> None:
    correction = Note.objects.filter(corrects=note).first()
    if correction:
        raise AlreadyCorrected(correction)


def _freeze(
    draft: NoteDraft,
    paper: Paper,
    house: NoteTemplate | None,
    number: tuple[int, int],
    *,
    reason: str,
    nonce: UUID,
    by: Any,
) -> Note:
    """Keep the note with its data, and every form of it as it is given out."""
    subject = subject_of(draft)
    note = Note.objects.create(
        **subject.fields, audience=draft.audience, choices=draft.choices, municipality=draft.committee.municipality,
        number_year=number[0], number=number[1], title=paper.title[:300], as_of=draft.as_of, known=draft.as_of,
        recipe_name=draft.recipe_name, template=house, paper=paper.as_data(), text_sha256=paper.fingerprint,
        corrects=draft.corrects, correction_reason=reason if draft.corrects else "", nonce=nonce, issued_by=by,
    )  # fmt: skip
    day = timezone.localdate(note.issued_at)
    stamped = paper.stamped(stamp_of(paper, name=note.name, issued_on=day, by=by, audience=note.audience))
    files = [_file(note, form, stamped, house) for form in PaperForm.values]
    fingerprints = {file.form: file.sha256 for file in files}
    Event.objects.record("note_issued", note, by=by, text=note.text_sha256, files=fingerprints)
    return note


def _file(note: Note, form: str, paper: Paper, house: NoteTemplate | None) -> NoteFile:
    from pejlemaerker.papers import make  # noqa: PLC0415  (slow import: only where a paper is made)

    content = make(paper, form, house=house).content
    sha256 = hashlib.sha256(content).hexdigest()
    return NoteFile.objects.create(note=note, form=form, content=content, size=len(content), sha256=sha256)


@transaction.atomic
def publish_note(*, note: Note, by: Any, warnings_accepted: list[str]) -> Publication:
    """Make an issued note public, as long as what it is about is. Raises NotAllowed."""
    _is_public(subject_of(note))
    return publish_record(subject=Note.objects.all().subject, record=note, by=by, warnings_accepted=warnings_accepted)


@transaction.atomic
def begin_correction(*, note: Note, as_of: date, nonce: UUID, by: Any) -> NoteDraft:
    """Begin a new note that puts an issued one right: a draft that holds the same. One that is under way already is
    taken up. Raises AlreadyCorrected and NotAllowed.
    """
    if as_of > today():
        raise NotAllowed("Dagen er ikke kommet endnu.", field="as_of")
    locked = Note.objects.select_for_update(of=("self",)).select_related(*NEAR).get(pk=note.pk)
    _stands(locked)
    under_way = NoteDraft.objects.filter(corrects=locked).first()
    if under_way:
        return under_way
    draft: NoteDraft = NoteDraft.objects.create(
        **subject_of(locked).fields, audience=locked.audience, choices=locked.choices, as_of=as_of,
        recipe_name=locked.recipe_name, corrects=locked, nonce=nonce, edited_by=by,
    )  # fmt: skip
    Event.objects.record("note_correction_begun", locked, by=by)
    return draft
