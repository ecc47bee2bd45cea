"""Årshjulet: a year of a committee, or of a whole municipality, as a page and as a paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.clock import today
from kit.guards import public
from kit.htmx import render_page
from meetings.documents.meeting_list import year_of
from pejlemaerker.documents.as_of import day_query
from pejlemaerker.documents.year_wheel import YearWheelDocument, first_to_show, municipalities
from pejlemaerker.models import AsOf
from pejlemaerker.permissions import committee_for
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def year_wheel(request: HttpRequest, slug: str) -> HttpResponse:
    """Et udvalgs årshjul (`?aar=`, `?dato=`)."""
    found = committee_for(request.user, slug=slug)
    at = as_of_asked_for(request)
    document = YearWheelDocument.for_committee(found, **_asked(request, at))
    return render_page(
        request,
        "pejlemaerker/year_wheel.html",
        {"document": document, "is_today": is_today(at), "municipalities": [], "day": day_query(at)},
    )


@public
@require_safe
def year_wheel_of(request: HttpRequest) -> HttpResponse:
    """En kommunes årshjul (`?kommune=`, `?aar=`, `?dato=`); without a choice the first that has something."""
    among = municipalities()
    slug = request.GET.get("kommune")
    named = next((one for one in among if one.slug == slug), None)
    chosen = named if slug else first_to_show(among, request.user)
    if chosen is None:
        raise Http404
    at = as_of_asked_for(request)
    document = YearWheelDocument.for_municipality(chosen, **_asked(request, at))
    return render_page(
        request,
        "pejlemaerker/year_wheel.html",
        {"document": document, "is_today": is_today(at), "municipalities": among, "day": day_query(at)},
    )


@public
@require_safe
def year_wheel_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Et udvalgs årshjul som papir (`?aar=`, `?dato=`)."""
    found = committee_for(request.user, slug=slug)
    document = YearWheelDocument.for_committee(found, **_asked(request, as_of_asked_for(request)))
    from pejlemaerker.papers import year_wheel_pdf as set_as_pdf  # noqa: PLC0415  (slow import: only where a paper is made)

    response = HttpResponse(set_as_pdf(document), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="aarshjul-{document.year}-{slug}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _asked(request: HttpRequest, at: AsOf) -> dict[str, Any]:
    """Who looks at which year; nonsense counts as not chosen."""
    year = year_of(request.GET.get("aar", ""))
    return {"viewer": request.user, "year": int(year) if year else at.on.year, "at": at, "today": today()}
