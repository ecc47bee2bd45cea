"""Bilagene til et punkt: what they are called and where they are, and what of them becomes public."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import QuerySet
from django.urls import reverse

from kit.files import KINDS, TEXTS, ending, read_text, size_text
from meetings.models import AgendaItem, Attachment, Meeting, Right, StoredFile, has_right

_LONGEST_READ = 2_000_000  # a text file larger than this, a person looks through


@dataclass(frozen=True, slots=True)
class AttachmentLine:
    """Et bilag in a list."""

    title: str
    doc_no: str
    url: str
    size_text: str  # "PDF, 1,2 MB"
    is_public: bool
    edit_url: str  # empty for who may not edit

    @classmethod
    def of(cls, attachment: Attachment, item: AgendaItem, *, can_edit: bool) -> Self:
        """Tell an attachment that came with its file's size, on an item the viewer may see."""
        address = [item.meeting_id, item.number, attachment.pk]
        return cls(
            title=attachment.title,
            doc_no=attachment.doc_no,
            url=reverse("attachment", args=address),
            size_text=f"{kind_of(attachment)}, {size_text(attachment.file.size)}",
            is_public=attachment.is_public,
            edit_url=reverse("attachment_edit", args=address) if can_edit else "",
        )


def attachment_lines(item: AgendaItem, *, viewer: Any) -> tuple[AttachmentLine, ...]:
    """Tell the attachments of an item that the viewer may see."""
    return attachments_of_meeting(item.meeting, viewer=viewer, item=item).get(item.pk, ())


def attachments_of_meeting(
    meeting: Meeting, *, viewer: Any, item: AgendaItem | None = None
) -> dict[int, tuple[AttachmentLine, ...]]:
    """Tell the attachments of a meeting that the viewer may see, by the item's pk; in two queries."""
    rows = Attachment.including_closed.visible_to(viewer).filter(item__meeting=meeting)
    if item is not None:
        rows = rows.filter(item=item)
    can_edit = has_right(viewer, Right.PLAN_MEETINGS, meeting.committee)
    lines: defaultdict[int, tuple[AttachmentLine, ...]] = defaultdict(tuple)
    for row in rows.select_related("item", "file").defer("file__content"):
        lines[row.item_id] += (AttachmentLine.of(row, row.item, can_edit=can_edit),)
    return dict(lines)


def kind_of(attachment: Attachment) -> str:
    """PDF, Word …, by the ending of its name."""
    kind = KINDS.get(ending(attachment.file_name))
    return kind.label if kind else "Fil"


# --- What becomes public of them ----------------------------------------------------------------------------------


type Placed = tuple[str, Attachment]
"""Where an attachment is ("Punkt 3, bilag 2"), and the attachment."""


def public_attachments(meeting: Meeting) -> list[Placed]:
    """The attachments of open items that may be public, each with its place."""
    return _placed(Attachment.objects.filter(item__meeting=meeting))


def public_attachments_of(item: AgendaItem) -> list[Placed]:
    """The attachments that become public with an item when it is opened."""
    return _placed(Attachment.including_closed.filter(item=item))


def _placed(rows: "QuerySet[Attachment]") -> list[Placed]:
    places: defaultdict[int, int] = defaultdict(int)
    told = []
    for row in rows.select_related("item", "file").defer("file__content").order_by("item__position", "position", "pk"):
        places[row.item_id] += 1
        if row.is_public:
            told.append((f"Punkt {row.item.number}, bilag {places[row.item_id]}", row))
    return told


def attachment_passages(rows: list[Placed]) -> Iterator[tuple[str, str]]:
    """What attachments are called, and what stands in those that are texts."""
    for place, row in rows:
        yield place, f"{row.title} · {row.doc_no} · {row.file_name}"
    readable = {row.file_id: place for place, row in rows if _machine_reads(row)}
    if readable:
        for pk, content in StoredFile.objects.filter(pk__in=readable).order_by("pk").values_list("pk", "content"):
            yield f"{readable[pk]}, indhold", read_text(bytes(content)) or ""


def reminders(rows: list[Placed]) -> tuple[str, ...]:
    """Remind of the attachments that only a person can look through; their titles are not told, because a warning is
    kept.
    """
    return tuple(
        f"{place} ({kind_of(row)}) er ikke gennemset af maskinen. Åbn det, og se selv efter."
        for place, row in rows
        if not _machine_reads(row)
    )


def _machine_reads(attachment: Attachment) -> bool:
    return ending(attachment.file_name) in TEXTS and attachment.file.size <= _LONGEST_READ
