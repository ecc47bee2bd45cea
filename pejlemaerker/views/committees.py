"""Committees."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.clock import today
from kit.guards import public
from kit.htmx import render_page
from meetings.permissions import can_edit_organisation, can_edit_some_organisation
from pejlemaerker.documents.committee import CommitteeDocument, CommitteeListDocument
from pejlemaerker.permissions import committee_for


@public
@require_safe
def committees(request: HttpRequest) -> HttpResponse:
    """Alle udvalg."""
    return render_page(
        request,
        "pejlemaerker/committees.html",
        {
            "document": CommitteeListDocument.on(today()),
            "can_edit_organisation": can_edit_some_organisation(request.user),
        },
    )


@public
@require_safe
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Et udvalg: members, meetings, sets and dialogue meetings."""
    found = committee_for(request.user, slug=slug)
    document = CommitteeDocument.for_committee(found, viewer=request.user, on=today())
    return render_page(
        request,
        "pejlemaerker/committee.html",
        {"document": document, "can_edit_organisation": can_edit_organisation(request.user, found.municipality)},
    )
