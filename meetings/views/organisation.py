"""Organisation: the administrator keeps terms, committees, people and the house's words in order."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.clock import today
from kit.danish import join_words, sort_key
from kit.drafts import EditConflict
from kit.guards import View, permission, permission_on
from kit.htmx import render_page, see_other
from meetings.actions.organisation import begin_own_headings, begin_own_phrases
from meetings.actions.refusals import NotAllowed
from meetings.documents.last_change import last_change
from meetings.documents.organisation import CommitteeSeatsDocument, OrganisationDocument
from meetings.forms.conflict import NOTHING
from meetings.forms.organisation import DeleteForm, MunicipalityForm
from meetings.forms.organisation_committee import EndSeatForm, ManySeatsForm, NewSeatForm, RenameForm
from meetings.models import Committee, Membership, Municipality, usage_of
from meetings.permissions import (
    can_edit_organisation,
    can_edit_part,
    can_edit_some_organisation,
    municipality_for,
    part_for,
)
from meetings.views.organisation_kinds import COMMITTEE, SEAT, Kind

_FORM = "meetings/organisation/part_form.html"
committee_part = part_for(Committee, COMMITTEE.part_id)
seat_part = part_for(Membership, SEAT.part_id)


class Page(NamedTuple):
    """What a page with a form says around it, and where one goes from there."""

    municipality: Municipality
    title: str
    saved: str
    back: str
    lead: str = ""
    eyebrow: str = ""
    button: str = "Gem"
    delete: str = ""
    committee: Committee | None = None
    seats: CommitteeSeatsDocument | None = None


@permission(can_edit_some_organisation)
@require_safe
def organisation(request: HttpRequest) -> HttpResponse:
    """/organisation/: which municipality, if there are several."""
    mine = [one for one in Municipality.objects.all() if can_edit_organisation(request.user, one)]
    if len(mine) == 1:
        return redirect("organisation_of", mine[0].slug)
    municipalities = sorted(mine, key=lambda one: sort_key(one.name))
    return render_page(request, "meetings/organisation/municipalities.html", {"municipalities": municipalities})


@permission_on(municipality_for, can_edit_organisation)
@require_safe
def organisation_of(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/: the whole organisation."""
    document = OrganisationDocument.of(municipality, on=today())
    return render_page(request, "meetings/organisation/overview.html", {"document": document})


@permission_on(municipality_for, can_edit_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_municipality(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/kommune/: the municipality's own names."""
    form = MunicipalityForm(request.POST or None, user=request.user, municipality=municipality, part=municipality)
    page = Page(municipality, "Ret kommunens navne", "Kommunens navne er rettet.", _overview(municipality))
    return _fill_in(request, form, page)


@permission_on(municipality_for, can_edit_organisation)
@require_POST
def own_headings(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/rubrikker/egne/: begin from the usual headings."""
    begin_own_headings(municipality=municipality, by=request.user)
    return see_other(f"{_overview(municipality)}#rubrikker")


@permission_on(municipality_for, can_edit_organisation)
@require_POST
def own_phrases(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/formuleringer/egne/: begin from the usual phrases."""
    begin_own_phrases(municipality=municipality, by=request.user)
    return see_other(f"{_overview(municipality)}#formuleringer")


def creating(kind: Kind) -> View:
    """Return the view that adds a part of this kind."""

    @permission_on(municipality_for, can_edit_organisation)
    @require_http_methods(["GET", "HEAD", "POST"])
    def create(request: HttpRequest, municipality: Municipality) -> HttpResponse:
        form = kind.form(request.POST or None, user=request.user, municipality=municipality)
        return _fill_in(
            request,
            form,
            Page(municipality, kind.new, f"{kind.the} er oprettet.", _back(kind, municipality), kind.lead),
        )

    return create


def editing(kind: Kind) -> View:
    """Return the view that changes a part of this kind."""

    @permission_on(part_for(kind.form.model, kind.part_id), can_edit_part)
    @require_http_methods(["GET", "HEAD", "POST"])
    def edit(request: HttpRequest, part: Any) -> HttpResponse:
        form = kind.form(request.POST or None, user=request.user, municipality=part.municipality, part=part)
        return _fill_in(request, form, _page_of(kind, part))

    return edit


def deleting(kind: Kind) -> View:
    """Return the view that deletes a part of this kind, after a question."""

    @permission_on(part_for(kind.form.model, kind.part_id), can_edit_part)
    @require_http_methods(["GET", "HEAD", "POST"])
    def delete(request: HttpRequest, part: Any) -> HttpResponse:
        shown = kind.form(user=request.user, municipality=part.municipality, part=part)
        form, status = DeleteForm(request.POST or None, user=request.user, part=part, form=shown), 200
        if form.is_valid():
            try:
                form.save()
            except NotAllowed:
                status = 422
            except EditConflict:
                form, status = DeleteForm(user=request.user, part=part, form=shown), 409
            else:
                messages.success(request, f"{kind.the} er slettet.")
                return see_other(_page_of(kind, part).back)
        usage = usage_of(part)
        refused = f"{kind.the} har {join_words(usage)} og kan ikke slettes. {kind.instead}" if usage else ""
        context = {
            "form": form, "page": _page_of(kind, part), "name": str(part), "refused": refused, "changed": status == 409,
            "facts": [{"label": name, "value": text, "url": ""} for name, text in shown.told(part) if text != NOTHING],
            "title": f"Slet {kind.the.lower()}?", "edit": _address(kind, "edit", part),
        }  # fmt: skip
        return render_page(request, "meetings/organisation/delete.html", context, status=status)

    return delete


@permission_on(committee_part, can_edit_part)
@require_http_methods(["GET", "HEAD", "POST"])
def rename_committee(request: HttpRequest, committee: Committee) -> HttpResponse:
    """/organisation/hvidovre/udvalg/3/navn/: a new name from a day."""
    form = RenameForm(request.POST or None, user=request.user, municipality=committee.municipality, part=committee)
    lead = "Det gamle navn bliver stående på de møder, der blev holdt under det."
    return _fill_in(request, form, _under(committee, "Nyt navn", "Udvalget har fået nyt navn.", lead))


@permission_on(committee_part, can_edit_part)
@require_http_methods(["GET", "HEAD", "POST"])
def create_seat(request: HttpRequest, committee: Committee) -> HttpResponse:
    """/organisation/hvidovre/udvalg/3/medlemmer/nyt/: one new member."""
    form = NewSeatForm(request.POST or None, user=request.user, committee=committee)
    return _fill_in(request, form, _under(committee, "Nyt medlem", "Medlemmet er skrevet ind."))


@permission_on(committee_part, can_edit_part)
@require_http_methods(["GET", "HEAD", "POST"])
def create_seats(request: HttpRequest, committee: Committee) -> HttpResponse:
    """/organisation/hvidovre/udvalg/3/medlemmer/flere/: a whole committee at once."""
    form = ManySeatsForm(request.POST or None, user=request.user, committee=committee)
    lead = "Navne, kommunen ikke kender i forvejen, oprettes som personer."
    return _fill_in(request, form, _under(committee, "Flere medlemmer på én gang", "Medlemmerne er skrevet ind.", lead))


@permission_on(seat_part, can_edit_part)
@require_http_methods(["GET", "HEAD", "POST"])
def end_seat(request: HttpRequest, seat: Membership) -> HttpResponse:
    """/organisation/hvidovre/medlemskaber/3/udtraeder/: somebody leaves the committee."""
    form = EndSeatForm(request.POST or None, user=request.user, municipality=seat.municipality, part=seat)
    page = _under(seat.committee, f"{seat.person} udtræder", f"{seat.person} er skrevet ud.")
    return _fill_in(request, form, page)


def _page_of(kind: Kind, part: Any) -> Page:
    """Return what a page says around the form of a part that is there."""
    delete = _address(kind, "delete", part)
    if isinstance(part, Membership):
        page = _under(part.committee, f"Ret {part.person}", f"{kind.the} er rettet.", kind.lead)
        return page._replace(delete=delete)
    page = Page(
        part.municipality,
        f"Ret {kind.the.lower()}",
        f"{kind.the} er rettet.",
        _back(kind, part.municipality),
        kind.lead,
        delete=delete,
    )
    if isinstance(part, Committee):
        return page._replace(title=part.name, lead="", seats=CommitteeSeatsDocument.of(part, on=today()))
    return page


def _under(committee: Committee, title: str, saved: str, lead: str = "") -> Page:
    back = f"{_address(COMMITTEE, 'edit', committee)}#medlemmer"
    return Page(committee.municipality, title, saved, back, lead, eyebrow=committee.name, committee=committee)


def _overview(municipality: Municipality) -> str:
    return reverse("organisation_of", args=[municipality.slug])


def _back(kind: Kind, municipality: Municipality) -> str:
    return f"{_overview(municipality)}#{kind.address}"


def _address(kind: Kind, act: str, part: Any) -> str:
    return reverse(f"{kind.key}_{act}", args=[part.municipality.slug, part.pk])


def _fill_in(request: HttpRequest, form: Any, page: Page) -> HttpResponse:
    """Show a form, or save what was typed: 303, 422 with the errors, or 409 with both texts."""
    if not form.is_valid():
        return _show(request, form, page, status=422 if form.is_bound else 200)
    try:
        saved = form.save()
    except NotAllowed as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _show(request, form, page, status=422)
    except EditConflict as clash:
        both = form.meet(clash.current)
        if both:
            return _show(request, form, page, status=409, conflict=both | last_change(clash.current))
        return see_other(page.back)  # a double click, or both wrote the same
    messages.success(request, _tell(form, page))
    new_committee = isinstance(saved, Committee) and form.part is None
    return see_other(_address(COMMITTEE, "edit", saved) if new_committee else page.back)


def _tell(form: Any, page: Page) -> str:
    left = getattr(form, "left", 0)
    if not left:
        return page.saved
    return f"{page.saved} {left} medlem{'' if left == 1 else 'mer'} udtræder samme dag."


def _show(
    request: HttpRequest, form: Any, page: Page, *, status: int, conflict: dict[str, str] | None = None
) -> HttpResponse:
    template = "meetings/organisation/committee.html" if page.seats else _FORM
    return render_page(request, template, {"form": form, "page": page, "conflict": conflict}, status=status)
