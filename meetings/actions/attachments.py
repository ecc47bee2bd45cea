"""Bilag: laid on an item, changed, taken off again while nobody has got the agenda."""

import hashlib
from collections.abc import Sequence
from typing import Any, BinaryIO
from uuid import UUID

from django.db import models, transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import note_accepted
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Attachment, Dispatch, Event, Meeting, StoredFile


@transaction.atomic
def add_attachment(
    *, item: AgendaItem, title: str, doc_no: str, content: BinaryIO, file_name: str, is_public: bool, nonce: UUID,
    by: Any,
) -> Attachment:  # fmt: skip
    """Lay a file on an item as its last attachment. The same nonce gives the same attachment."""
    open_protocol(item.meeting_id)
    file = _store(content)
    same = {"item_id": item.pk, "file_id": file.pk, "title": title, "doc_no": doc_no}
    existing, nonce = made_by(Attachment.including_closed.all(), nonce, **same)
    if existing:
        return existing
    last = Attachment.including_closed.filter(item=item).aggregate(last=models.Max("position"))["last"] or 0
    attachment: Attachment = Attachment.including_closed.create(
        item=item, position=last + 1, title=title, doc_no=doc_no, file=file, file_name=file_name, is_public=is_public,
        added_by=by, nonce=nonce,
    )  # fmt: skip
    Event.objects.record("attachment_added", attachment, by=by, item=item.pk, is_public=is_public)
    return attachment


@transaction.atomic
def edit_attachment(
    *,
    attachment: Attachment,
    was: dict[str, Any],
    title: str,
    doc_no: str,
    is_public: bool,
    place: int,
    warnings_accepted: Sequence[str] = (),
    by: Any,
) -> Attachment:
    """Change what an attachment is called, whether it may be public and where it stands (1 is first).

    `was` is what the person saw; raises EditConflict when somebody else has changed it since.
    """
    open_protocol(attachment.item.meeting_id)
    siblings = list(Attachment.including_closed.filter(item=attachment.item_id).exclude(pk=attachment.pk))
    current = Attachment.including_closed.select_for_update().filter(pk=attachment.pk).first()
    if current is None:
        raise NotAllowed("Bilaget er slettet imens.")
    new = {"title": title, "doc_no": doc_no, "is_public": is_public}
    now = {name: getattr(current, name) for name in new}
    if was != now and new != now:
        raise EditConflict(current)
    Attachment.including_closed.filter(pk=current.pk).update(**new)
    siblings.insert(min(max(place, 1), len(siblings) + 1) - 1, current)
    for position, row in enumerate(siblings, start=1):
        if row.position != position:
            Attachment.including_closed.filter(pk=row.pk).update(position=position)
    changed = sorted(name for name in new if new[name] != now[name])
    Event.objects.record("attachment_changed", current, by=by, fields=changed, is_public=is_public)
    note_accepted(current, warnings_accepted, by=by)
    return Attachment.including_closed.get(pk=current.pk)


@transaction.atomic
def flag_attachment(
    *, attachment: Attachment, is_public: bool, warnings_accepted: Sequence[str] = (), by: Any
) -> Attachment:
    """Say whether an attachment may be public, also after the meeting is closed."""
    Meeting.objects.select_for_update(of=("self",)).get(pk=attachment.item.meeting_id)
    Attachment.including_closed.filter(pk=attachment.pk).update(is_public=is_public)
    Event.objects.record("attachment_changed", attachment, by=by, fields=["is_public"], is_public=is_public)
    note_accepted(attachment, warnings_accepted, by=by)
    return Attachment.including_closed.get(pk=attachment.pk)


@transaction.atomic
def delete_attachment(*, attachment: Attachment, by: Any) -> None:
    """Take an attachment off its item, while the agenda is not sent out."""
    meeting = open_protocol(attachment.item.meeting_id)
    if Dispatch.objects.filter(meeting=meeting).exists():
        raise NotAllowed(
            "Dagsordenen er udsendt med bilaget, så det kan ikke slettes. Ret titlen, eller læg et nyt på."
        )
    gone = Attachment.including_closed.filter(pk=attachment.pk).first()
    if gone is None:  # the second click of a double click
        return
    Event.objects.record("attachment_deleted", gone, by=by, item=gone.item_id)
    gone.delete()
    file = StoredFile.objects.select_for_update().defer("content").get(pk=gone.file_id)
    if not Attachment.including_closed.filter(file=file).exists():
        file.delete()


def _store(content: BinaryIO) -> StoredFile:
    """Keep the bytes once, whoever attaches them where."""
    digest = hashlib.sha256()
    content.seek(0)
    size = 0
    while chunk := content.read(65_536):
        digest.update(chunk)
        size += len(chunk)
    files, sha256 = StoredFile.objects.defer("content"), digest.hexdigest()
    if not files.filter(sha256=sha256).exists():
        content.seek(0)
        rows = [StoredFile(sha256=sha256, content=content.read(), size=size)]
        StoredFile.objects.bulk_create(rows, ignore_conflicts=True)  # somebody else may store it at this moment
    return files.get(sha256=sha256)
