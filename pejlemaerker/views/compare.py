"""Comparing two periods, or one set on two days."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.guards import public
from kit.htmx import render_page
from pejlemaerker.documents.compare import CompareDocument, Side
from pejlemaerker.documents.notes.entrances import Entrances
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.forms.compare import CompareForm
from pejlemaerker.models import AsOf
from pejlemaerker.permissions import can_write_notes, goal_set_for


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Sammenlign to perioder: `?foer=7&efter=12`, or one set on two days: `?foer=7@2022-12-01&efter=7@2025-12-01`."""
    before, after = (_side(request.user, request.GET.get(name, "")) for name in ("foer", "efter"))
    document = CompareDocument.of(before, after, viewer=request.user)
    form = CompareForm(sets=document.sets, before=before, after=after)
    context = {"document": document, "form": form, "notes": _notes(request.user, before, after)}
    return render_page(request, "pejlemaerker/compare.html", context)


def _notes(user: Any, before: Side | None, after: Side | None) -> Entrances | None:
    """A note of two sets as they are seen from today; of one set, or of chosen days, there is none."""
    if before is None or after is None or before.goal_set.pk == after.goal_set.pk or before.day or after.day:
        return None
    subject = Subject.of_two(before.goal_set, after.goal_set)
    return Entrances.to(subject, at=AsOf.now(), writes=can_write_notes(user, subject.committee))


def _side(user: Any, asked: str) -> Side | None:
    """Read one side of the address; what is not there, or not for this viewer, has no page."""
    if not asked:
        return None
    number, _, day = asked.partition("@")
    if not number.isdecimal() or len(number) > 9:
        raise Http404
    try:
        return Side(goal_set_for(user, set_id=int(number)), date.fromisoformat(day) if day else None)
    except ValueError as error:
        raise Http404 from error
