"""Committees."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.clock import today
from kit.guards import public
from kit.htmx import render_page
from meetings.permissions import can_edit_organisation, can_edit_some_organisation
from pejlemaerker.documents.committee import CommitteeDocument, CommitteeListDocument
from pejlemaerker.documents.notes.entrances import Entrances
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.documents.reading_list import inherited_and_waiting
from pejlemaerker.permissions import can_plan_sets, can_read_some_log, can_read_surveys, can_write_notes, committee_for
from pejlemaerker.views.as_of import as_of_asked_for, is_today


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
            "can_read_log": can_read_some_log(request.user),
        },
    )


@public
@require_safe
def committee(request: HttpRequest, slug: str) -> HttpResponse:
    """Et udvalg (`?dato=`): members, meetings, sets and dialogue meetings."""
    found = committee_for(request.user, slug=slug)
    at = as_of_asked_for(request)
    document = CommitteeDocument.for_committee(found, viewer=request.user, at=at)
    writes = can_write_notes(request.user, found)
    return render_page(
        request,
        "pejlemaerker/committee.html",
        {
            "document": document,
            "is_today": is_today(at),
            "notes": Entrances.to(Subject.of_year(found, at.on.year), at=at, writes=writes),
            "can_write_notes": writes,
            "can_edit_organisation": can_edit_organisation(request.user, found.municipality),
            "can_read_surveys": is_today(at) and can_read_surveys(request.user, found),
            "can_plan_sets": is_today(at) and can_plan_sets(request.user, found),
            "has_reading_list": is_today(at) and inherited_and_waiting(found, request.user).exists(),
        },
    )
