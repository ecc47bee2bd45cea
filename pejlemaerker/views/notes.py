"""The status note as a file."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.danish import address_of
from kit.guards import public
from pejlemaerker.documents.note import NoteDocument
from pejlemaerker.models import GoalSet
from pejlemaerker.permissions import can_follow_up, goal_set_for
from pejlemaerker.views.as_of import as_of_asked_for


@public
@require_safe
def note_pdf(request: HttpRequest, set_id: int) -> HttpResponse:
    """Statusnotatet som PDF (`?dato=`, and for its authors `?doknr=`): what the viewer may see, and no more; anonymous
    gets the public edition, in which no address can make words stand.
    """
    goal_set = goal_set_for(request.user, set_id=set_id)
    at = as_of_asked_for(request)
    doc_no = request.GET.get("doknr", "").strip()[:40] if can_follow_up(request.user, goal_set) else ""
    document = NoteDocument.for_set(goal_set, viewer=request.user, at=at, doc_no=doc_no)
    from pejlemaerker.papers import note_pdf as set_as_pdf  # noqa: PLC0415  (slow import: only where a paper is made)

    response = HttpResponse(set_as_pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{_file_name(goal_set, at.on.isoformat())}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _file_name(goal_set: GoalSet, day: str) -> str:
    return f"notat-{address_of(goal_set.area.name)}-{day}.pdf"
