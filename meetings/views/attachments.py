"""Attachments: /moeder/17/punkter/3/bilag/5/, given to who may see them, laid on by who writes the agenda."""

from collections.abc import Iterator

from django.contrib import messages
from django.db.models import BinaryField
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_safe

from kit.drafts import EditConflict
from kit.files import KINDS, as_download, ending
from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, NotAllowed
from meetings.documents.dispatch import may_take_off
from meetings.documents.parts import meeting_name
from meetings.forms.attachment import AttachmentDeleteForm, AttachmentEditForm, AttachmentForm
from meetings.models import AgendaItem, Attachment, StoredFile
from meetings.permissions import attachment_for, can_edit_attachment, can_edit_item, item_for, item_meant

_CHUNK = 1_048_576


@public
@require_safe
def attachment(request: HttpRequest, meeting_id: int, number: str, attachment_id: int) -> HttpResponseBase:
    """Give the file to be saved, never to be shown as a page of ours: it can run nothing and frame nothing here."""
    found = attachment_for(request.user, meeting_id=meeting_id, number=number, attachment_id=attachment_id)
    etag = f'"{found.file.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        response = StreamingHttpResponse(_content(found.file))
        response.headers["Content-Length"] = str(found.file.size)
    kind = KINDS.get(ending(found.file_name))
    headers = {
        "Content-Type": kind.mime if kind else "application/octet-stream",
        "Content-Disposition": as_download(found.file_name),
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "ETag": etag,
    }
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _content(file: StoredFile) -> Iterator[bytes]:
    """The bytes, a piece at a time: however many fetch large files at once, little of them is in memory."""
    for start in range(0, file.size, _CHUNK):
        piece = Substr("content", start + 1, _CHUNK, output_field=BinaryField())
        yield bytes(StoredFile.objects.filter(pk=file.pk).values_list(piece, flat=True)[0])


@permission_on(item_for, can_edit_item)
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """/bilag/nyt/: lay a file on an item."""
    item = item_meant(request.user, item, request.POST.get("item_pk", ""))
    is_sent = request.method == "POST"
    form = AttachmentForm(*((request.POST, request.FILES) if is_sent else ()), user=request.user, item=item)
    if form.is_valid():
        try:
            new = form.save()
        except MeetingClosed as closed:
            form.add_error(None, str(closed))
        else:
            messages.success(request, _laid_on(form))
            return see_other(f"{new.get_absolute_url()}ret/" if form.flag_comes_after else item.get_absolute_url())
    context = {"form": form, "item": item, "eyebrow": meeting_name(item.meeting)}
    return render_page(request, "meetings/attachment_new.html", context, status=422 if form.is_bound else 200)


def _laid_on(form: AttachmentForm) -> str:
    if form.flag_comes_after:
        return "Bilaget er lagt på og endnu ikke offentligt. Sæt kryds her, hvis det må offentliggøres."
    return "Bilaget er lagt på."


@permission_on(attachment_for, can_edit_attachment)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, found: Attachment) -> HttpResponse:
    """/bilag/5/ret/: what it is called, where it stands, whether it may be public; and taking it off."""
    if request.method == "POST" and "slet" in request.POST:
        return _delete(request, found)
    form = AttachmentEditForm(request.POST if request.method == "POST" else None, user=request.user, attachment=found)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except (MeetingClosed, NotAllowed) as refusal:
        form.add_error(None, str(refusal))
        return _edit_page(request, found, form, status=422)
    except EditConflict as clash:
        conflict = form.conflict_with(clash)
        return _edit_page(request, found, form, status=409, conflict=conflict)
    messages.success(request, "Bilaget er rettet.")
    return see_other(found.item.get_absolute_url())


def _delete(request: HttpRequest, found: Attachment) -> HttpResponse:
    form = AttachmentDeleteForm(request.POST, user=request.user, attachment=found)
    if form.is_valid():
        try:
            form.save()
        except (MeetingClosed, NotAllowed) as refusal:
            edit_form = AttachmentEditForm(user=request.user, attachment=found)
            return _edit_page(request, found, edit_form, status=422, refused=str(refusal))
    messages.success(request, "Bilaget er slettet.")
    return see_other(found.item.get_absolute_url())


def _edit_page(
    request: HttpRequest,
    found: Attachment,
    form: AttachmentEditForm,
    *,
    status: int,
    conflict: dict[str, str] | None = None,
    refused: str = "",
) -> HttpResponse:
    context = {
        "form": form, "item": found.item, "attachment": found, "eyebrow": meeting_name(found.item.meeting),
        "conflict": conflict, "refused": refused, "can_delete": may_take_off(found.item.meeting),
    }  # fmt: skip
    return render_page(request, "meetings/attachment_edit.html", context, status=status)
