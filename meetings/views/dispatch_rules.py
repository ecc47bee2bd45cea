"""Husets frister: one page for the municipality's rule and each committee's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.clock import today
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.documents.dispatch_rules import DispatchRulesDocument, example_of
from meetings.documents.last_change import last_change
from meetings.forms.dispatch_rules import DispatchRuleForm
from meetings.models import Committee, DispatchRule, Municipality
from meetings.permissions import can_edit_organisation, municipality_for


@permission_on(municipality_for, can_edit_organisation)
@require_http_methods(["GET", "HEAD", "POST"])
def dispatch_rules(request: HttpRequest, municipality: Municipality) -> HttpResponse:
    """/organisation/hvidovre/frister/: the municipality's rule; `?udvalg=` for the one of a committee."""
    committee = _committee(request, municipality)
    rule = _rule(municipality, committee)
    form = DispatchRuleForm(
        request.POST or None, user=request.user, municipality=municipality, committee=committee, rule=rule
    )
    drops = committee is not None and "foelg" in request.POST
    if not drops and not form.is_valid():
        return _page(request, form, rule, status=422 if form.is_bound else 200)
    try:
        form.drop() if drops else form.save()
    except EditConflict as clash:
        current = clash.current
        assert isinstance(current, DispatchRule)  # noqa: S101  (what the action raises it with)
        both = form.meet(current) | last_change(current)
        return _page(request, form, rule, status=409, conflict=both)
    whose = committee.name if committee else municipality.name
    messages.success(request, f"{whose} følger kommunens frister." if drops else f"Fristerne er gemt for {whose}.")
    return see_other(reverse("dispatch_rules", args=[municipality.slug]))


def _committee(request: HttpRequest, municipality: Municipality) -> Committee | None:
    raw = request.GET.get("udvalg", "")
    if not raw:
        return None
    number = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 19 else 0
    found = Committee.objects.filter(municipality=municipality, pk=number).first()
    if found is None:
        raise Http404
    return found


def _rule(municipality: Municipality, committee: Committee | None) -> DispatchRule:
    """The rule as it stands; where there is none of its own, what holds instead, not stored."""
    found = DispatchRule.objects.filter(municipality=municipality, committee=committee).first()
    if found or committee is None:
        return found or DispatchRule(municipality=municipality)
    holds = DispatchRule.objects.of(committee)
    holds.pk = None
    return holds


def _page(
    request: HttpRequest, form: DispatchRuleForm, rule: DispatchRule, *, status: int, conflict: Any = None
) -> HttpResponse:
    context = {
        "document": DispatchRulesDocument.of(form.municipality, on=today()),
        "form": form,
        "committee": form.committee,
        "is_own": rule.pk is not None,
        "example": example_of(rule, on=today()),
        "conflict": conflict,
    }
    return render_page(request, "meetings/organisation/dispatch_rules.html", context, status=status)
