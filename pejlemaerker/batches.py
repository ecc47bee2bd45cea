"""A batch of notes made part by part: each is kept once made, so that one that was cut off goes on from there."""

import hashlib
import io
import logging
import zipfile
from collections.abc import Sequence

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from kit.clock import beginning_of
from kit.dates import format_date
from kit.paper.document import Paper
from kit.pdf import PAPER_STYLESHEETS, PaperError, render_pdf
from meetings.models import User
from pejlemaerker.documents.notes.batch import part_name, title_of
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.making import DRAFT, paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import AsOf, Audience, GoalSet, NoteBatch, NoteBatchPart, NoteKind, PaperForm
from pejlemaerker.papers import make
from pejlemaerker.permissions import can_write_notes

logger = logging.getLogger("pejlemaerker.batches")

_TAKEN_AWAY = "Den, der har bestilt samlingen, har ikke længere adgang til sættet."
_NOT_PUBLIC = "Sættet er ikke længere offentligt."
_NOTHING = "Ingen af notaterne kunne laves."


def make_all(batch_pk: int) -> None:
    """Make what is left of a batch; called again after a restart it takes up where it was."""
    batch = _under_way(batch_pk)
    while batch and (part := _next_part(batch)):
        _make_part(batch, part)
        batch = _under_way(batch_pk)
    if batch:
        _finish(batch)


def _under_way(batch_pk: int) -> NoteBatch | None:
    batches = NoteBatch.objects.filter(pk=batch_pk, finished_at=None, cancelled_at=None, failure="").defer("result")
    return batches.select_related("committee", "municipality", "ordered_by").first()


def _next_part(batch: NoteBatch) -> NoteBatchPart | None:
    left = batch.parts.filter(made_at=None, failure="").select_related(
        "goal_set__period__committee__municipality", "goal_set__area"
    )
    return left.first()


def _make_part(batch: NoteBatch, part: NoteBatchPart) -> None:
    try:
        values = _made(batch, part)
    except PaperError as problem:
        logger.warning("part %s of batch %s could not be made", part.position, batch.pk)
        values = {"failure": f"Notatet kunne ikke laves: {problem}"}
    NoteBatchPart.objects.filter(pk=part.pk, made_at=None).update(**values)


def _made(batch: NoteBatch, part: NoteBatchPart) -> dict[str, object]:
    """Make one note as the orderer may have it now: rights may have been taken away since it was ordered."""
    subject, at = Subject.of_set(part.goal_set), AsOf(batch.as_of, batch.known)
    orderer = batch.ordered_by
    if not (_may_have(orderer, part.goal_set) and batch.audience in editions_for(orderer, subject)):
        return {"failure": _TAKEN_AWAY}
    if batch.audience == Audience.PUBLIC and not subject.is_public:
        return {"failure": _NOT_PUBLIC}
    choices = Choices.from_data(batch.choices, NoteKind.SET)
    paper = paper_of(subject, audience=batch.audience, at=at, choices=choices, author=orderer).stamped(DRAFT)
    wanted = batch.form == NoteBatch.Form.ZIP
    content = make(paper, PaperForm.PDF, house=template_of(subject, at)).content if wanted else None
    return {"paper": paper.as_data(), "content": content, "made_at": timezone.now()}


def _may_have(orderer: User, goal_set: GoalSet) -> bool:
    sees = GoalSet.objects.visible_to(orderer).filter(pk=goal_set.pk).exists()
    return orderer.is_active and sees and can_write_notes(orderer, goal_set.period.committee)


def _finish(batch: NoteBatch) -> None:
    """Put the parts together in one file, unless the batch was called off meanwhile."""
    made = list(batch.parts.exclude(made_at=None).select_related("goal_set__period__committee", "goal_set__area"))
    if not made:
        NoteBatch.objects.filter(pk=batch.pk).update(failure=_NOTHING)
        return
    try:
        result = _zip(made) if batch.form == NoteBatch.Form.ZIP else _merged(batch, made)
    except PaperError as problem:
        NoteBatch.objects.filter(pk=batch.pk).update(failure=f"Samlingen kunne ikke laves: {problem}")
        return
    with transaction.atomic():
        waiting = NoteBatch.objects.filter(pk=batch.pk, finished_at=None, cancelled_at=None)
        waiting.update(result=result, finished_at=timezone.now())
        batch.parts.update(content=None, paper=None)


def _zip(parts: Sequence[NoteBatchPart]) -> bytes:
    """One PDF each, in order, and a list of what is there with fingerprints; the same notes give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        files = [(part_name(part), bytes(part.content or b"")) for part in parts]
        told = [
            f"{name}\t{hashlib.sha256(content).hexdigest()}\t{part.goal_set}"
            for (name, content), part in zip(files, parts, strict=True)
        ]
        index = "\r\n".join(["Fil\tSHA-256\tSæt", *told, ""]).encode("utf-8-sig")
        for name, content in [("00-indhold.txt", index), *files]:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_STORED)
    return target.getvalue()


def _merged(batch: NoteBatch, parts: Sequence[NoteBatchPart]) -> bytes:
    """All notes set in one run, after a page of contents."""
    papers = [
        (f"notat-{part.position}", part.goal_set, Paper.from_data(part.paper or {}).stamped(DRAFT)) for part in parts
    ]
    context = {"title": title_of(batch), "as_of": f"Status pr. {format_date(batch.as_of)}", "papers": papers,
               "municipality": batch.municipality.name, "edition": batch.get_audience_display()}  # fmt: skip
    html = render_to_string("paper/collection.html", context)
    sheets = (*PAPER_STYLESHEETS, "css/print-collection.css")
    return render_pdf(html, created=beginning_of(batch.known), stylesheets=sheets)
