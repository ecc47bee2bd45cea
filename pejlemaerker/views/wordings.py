"""The wordings of a pejlemærke: all of them with what changed, one of them for good, and as a paper."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.guards import permission_on, public
from kit.htmx import render_page, see_other
from meetings.views.saving import saved
from pejlemaerker.documents.wordings import Change, Wording, WordingsDocument
from pejlemaerker.forms.annul import AnnulForm
from pejlemaerker.forms.items import named_pk
from pejlemaerker.forms.wording import PutBeforeForm
from pejlemaerker.models import AsOf, Goal, GoalVersion
from pejlemaerker.permissions import (
    can_annul_wording,
    can_arrange_goal,
    can_write_request,
    can_write_wording,
    goal_for,
    version_for,
)
from pejlemaerker.views.as_of import as_of_asked_for, is_today


@public
@require_safe
def wordings(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Alle ordlyde af et pejlemærke (`?dato=`), with what changed from one to the next in the text or side by side
    (`?vis=side`); any two of them held against each other (`?fra=1&til=3`).
    """
    goal, at = goal_for(request.user, goal_id=goal_id), as_of_asked_for(request)
    may_write = is_today(at) and can_write_wording(request.user, goal)
    document = WordingsDocument.for_goal(goal, viewer=request.user, at=at, with_draft=may_write)
    context = {
        **_shown(request, document, goal),
        "compared": _compared(request, document),
        "can_write": may_write,
        "can_request": is_today(at) and can_write_request(request.user, goal.goal_set),
    }
    return render_page(request, "pejlemaerker/wordings.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def wording(request: HttpRequest, goal_id: int, version_number: int) -> HttpResponse:
    """Én ordlyd: the address that always shows this text. Those who write wordings put it before the committee here."""
    if request.method == "POST":
        return _put_before(request, version_for(request.user, goal_id=goal_id, version_number=version_number))
    goal = goal_for(request.user, goal_id=goal_id)
    return _wording_page(request, goal, version_number, as_of_asked_for(request))


def _wording_page(
    request: HttpRequest, goal: Goal, number: int, at: AsOf, form: PutBeforeForm | None = None
) -> HttpResponse:
    document = WordingsDocument.for_goal(goal, viewer=request.user, at=at)
    found = document.wording(number)
    if found is None:
        raise Http404
    context = {
        **_shown(request, document, goal),
        "wording": found,
        "form": form or _form(request, goal, found, at),
        "can_annul": is_today(at) and found.holds and can_arrange_goal(request.user, goal),
    }
    return render_page(request, "pejlemaerker/wording.html", context, status=422 if form else 200)


def _shown(request: HttpRequest, document: WordingsDocument, goal: Goal) -> dict[str, Any]:
    asked = request.GET.copy()
    asked.pop("vis", None)
    return {
        "document": document,
        "goal": goal,
        "is_today": is_today(document.at),
        "is_side_by_side": request.GET.get("vis") == "side",
        "asked": [(name, value) for name, value in asked.items() if name in {"dato", "viden", "fra", "til"}],
    }


def _compared(request: HttpRequest, document: WordingsDocument) -> Change | None:
    """The two wordings asked for; numbers that no wording has are not there."""
    if not ("fra" in request.GET or "til" in request.GET):
        return None
    numbers = [*named_pk(request.GET.get("fra", "")), *named_pk(request.GET.get("til", ""))]
    compared = document.compared(*numbers) if len(numbers) == 2 else None
    if compared is None:
        raise Http404
    return compared


def _form(request: HttpRequest, goal: Goal, found: Wording, at: AsOf) -> PutBeforeForm | None:
    """The form that puts it before the committee, for a wording that may still come into force."""
    if not (is_today(at) and found.waits and can_write_wording(request.user, goal)):
        return None
    found.version.goal = goal
    return PutBeforeForm(version=found.version, user=request.user)


def _put_before(request: HttpRequest, version: GoalVersion) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if not can_write_wording(request.user, version.goal):
        raise PermissionDenied
    form = PutBeforeForm(request.POST, version=version, user=request.user)
    if not saved(form):
        return _wording_page(request, version.goal, version.number, AsOf.now(), form)
    messages.success(request, f"Ordlyd {version.number} forelægges på punktet.")
    return see_other(reverse("wording", args=[version.goal_id, version.number]))


@public
@require_safe
def wordings_pdf(request: HttpRequest, goal_id: int) -> HttpResponse:
    """Ordlydene som papir (`?dato=`), with what changed, readable without colour."""
    goal, at = goal_for(request.user, goal_id=goal_id), as_of_asked_for(request)
    document = WordingsDocument.for_goal(goal, viewer=request.user, at=at)
    from pejlemaerker.papers import wordings_pdf as set_as_pdf  # noqa: PLC0415  (slow import: only where a paper is made)

    response = HttpResponse(set_as_pdf(document), content_type="application/pdf")
    name = f"ordlyd-pejlemaerke-{goal.pk}-{at.on.isoformat()}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@permission_on(version_for, can_annul_wording)
@require_http_methods(["GET", "HEAD", "POST"])
def annul_wording(request: HttpRequest, version: GoalVersion) -> HttpResponse:
    """Ophæv en ordlyd: by a later decision, or by a noted delegation; the one before it holds again."""
    form = AnnulForm(request.POST or None, version=version, user=request.user)
    if saved(form):
        messages.success(request, f"Ordlyd {version.number} er ophævet. Den, der gjaldt før, gælder igen.")
        return see_other(reverse("wordings", args=[version.goal_id]))
    document = WordingsDocument.for_goal(version.goal, viewer=request.user, at=AsOf.now())
    context = {"document": document, "goal": version.goal, "wording": document.wording(version.number), "form": form}
    return render_page(request, "pejlemaerker/wording_annul.html", context, status=422 if form.is_bound else 200)
