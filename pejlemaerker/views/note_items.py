"""A set's status as an agenda item (dagsordenspunkt): to be copied field by field, or had whole as a file."""

from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from kit.guards import permission_on
from kit.htmx import render_page
from pejlemaerker.documents.notes.item_page import ItemDocument
from pejlemaerker.documents.notes.making import DRAFT, paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.forms.note_item import ItemForm
from pejlemaerker.models import Audience, GoalSet, NoteKind
from pejlemaerker.permissions import can_follow_up, goal_set_for
from pejlemaerker.views.as_of import as_of_asked_for
from pejlemaerker.views.notes import choices_of, edition_of, file_name, served


@permission_on(goal_set_for, can_follow_up)
@require_safe
def item(request: HttpRequest, goal_set: GoalSet) -> HttpResponse:
    """Dagsordenspunktet, field by field (`?udgave=`, `?dato=`). What is written on the page is kept nowhere."""
    document = _document(request, goal_set)
    return _page(request, ItemForm(document=document))


class ItemFile(NamedTuple):
    """Et sæt, og hvilken fil dets punkt ønskes som."""

    goal_set: GoalSet
    form: str


def item_file_for(user: Any, /, *, set_id: int, form: str) -> ItemFile:
    """Find the set among those the user may see."""
    return ItemFile(goal_set_for(user, set_id=set_id), form)


def can_have_item_file(user: Any, wanted: ItemFile) -> bool:
    """Whether the user writes notes about the set: it recommends something in the administration's name."""
    return can_follow_up(user, wanted.goal_set)


@permission_on(item_file_for, can_have_item_file)
@require_http_methods(["GET", "HEAD", "POST"])
def item_file(request: HttpRequest, wanted: ItemFile) -> HttpResponse:
    """Dagsordenspunktet som fil: as it is proposed, or (posted) as it was written on the page."""
    document = _document(request, wanted.goal_set)
    form = ItemForm(request.POST, document=document) if request.method == "POST" else _untouched(document)
    if not form.is_valid():
        return _page(request, form, status=422)
    from pejlemaerker.papers import make  # noqa: PLC0415  (slow import: only where a paper is made)

    subject, at = Subject.of_set(wanted.goal_set, NoteKind.ITEM), as_of_asked_for(request)
    made = make(form.paper().stamped(DRAFT), wanted.form, house=template_of(subject, at))
    return served(made.content, wanted.form, name=file_name(subject, at, wanted.form))


def _untouched(document: ItemDocument) -> ItemForm:
    """The form as it stands on the page before anything is written."""
    return ItemForm(ItemForm(document=document).initial, document=document)


def _document(request: HttpRequest, goal_set: GoalSet) -> ItemDocument:
    subject, at = Subject.of_set(goal_set, NoteKind.ITEM), as_of_asked_for(request)
    asked = edition_of(request, subject)
    audience = Audience.COMMITTEE if asked == Audience.INTERNAL else asked  # laid before others, it is not internal
    choices = choices_of(request, subject, writes=True)
    paper = paper_of(subject, audience=audience, at=at, choices=choices, author=request.user)
    allowed = editions_for(request.user, subject)
    return ItemDocument.of(paper, subject, audience=audience, allowed=allowed, at=at)


def _page(request: HttpRequest, form: ItemForm, *, status: int = 200) -> HttpResponse:
    return render_page(
        request, "pejlemaerker/notes/item.html", {"form": form, "document": form.document}, status=status
    )
