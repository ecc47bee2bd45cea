"""The leader's own page: answering by a personal link, without an account.

The key is the token in the address and nothing else: no cookie opens anything here, so there is nothing that a forged
request could ride on, and the pages need no CSRF token. They work in a fresh browser, after any pause, and where
cookies are refused.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.exception import response_for_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import public
from kit.htmx import render_page, see_other
from kit.throttle import Throttle
from meetings.actions import NotAllowed
from pejlemaerker.actions import reopen_answer, stop_reminders
from pejlemaerker.documents.answer_sheet import AnswerSheetDocument
from pejlemaerker.documents.answer_state import AnswerState
from pejlemaerker.forms.answer import AnswerForms
from pejlemaerker.models import Invitee, PersonalLink
from pejlemaerker.papers import answer_sheet_pdf

_WRONG_LINKS = Throttle("forkerte-links", limit=20, window=600)
_WRITERS = "svarer"  # in the session: who said that they answer, where it is somebody else than the one who is asked

type _LinkedView = Callable[[HttpRequest, Invitee, str], HttpResponse]


def by_link(view: _LinkedView) -> Callable[[HttpRequest, str], HttpResponse]:
    """Open the page of the one whose link this is; every other token gets the same kind page, and who tries many of
    them has to wait. Neither search engines, nor caches, nor other sites learn the address.
    """

    @wraps(view)
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        link = (
            PersonalLink.objects.opened_by(token)
            .select_related(
                "invitee__survey__committee__municipality", "invitee__survey__meeting", "invitee__survey__dialogue"
            )
            .first()
        )
        try:
            response = view(request, link.invitee, token) if link else _not_open(request)
        except (Http404, SuspiciousOperation) as refused:  # too much at once, too: that page is no less personal
            response = response_for_exception(request, refused)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(opened)


def _not_open(request: HttpRequest) -> HttpResponse:
    wait = _WRONG_LINKS.seconds_to_wait(request)
    context = {"minutes": -(-wait // 60)}
    response = render_page(request, "pejlemaerker/answering/not_open.html", context, status=429 if wait else 404)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


@public
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def answer(request: HttpRequest, invitee: Invitee, token: str) -> HttpResponse:
    """Svar: all questions on one page; kept while they are written, until they are handed in."""
    if request.method == "POST":
        return _write(request, invitee)
    state = AnswerState.of(invitee)
    if state.is_handed_in and state.sheet:
        context = {"document": AnswerSheetDocument.for_sheet(state.sheet), "state": state, "token": token}
        return render_page(request, "pejlemaerker/answering/handed_in.html", context)
    name = request.session.get(_WRITERS, {}).get(str(invitee.pk), "")
    return _page(request, AnswerForms(invitee=invitee, answered_by=name))


def _write(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    forms = AnswerForms(invitee=invitee, data=request.POST)
    is_autosave = bool(getattr(request, "htmx", False))
    forms.save_drafts(with_choices=not is_autosave)
    _remember_who(request, forms)
    if is_autosave:
        return _page(request, forms)
    if "hand_in" in request.POST and not forms.can_be_handed_in():
        return _page(request, forms, status=422)
    if "hand_in" in request.POST and not forms.hand_in():
        return _page(request, forms, status=422 if forms.refusal else 409)
    if forms.has_two_texts:
        return _page(request, forms, status=409)
    return see_other(request.path)


def _page(request: HttpRequest, forms: AnswerForms, *, status: int = 200) -> HttpResponse:
    is_autosave = request.method == "POST" and bool(getattr(request, "htmx", False))
    context = {"forms": forms, "document": forms.document, "is_autosave": is_autosave}
    return render_page(request, "pejlemaerker/answering/answer.html", context, partial="gemt", status=status)


def _remember_who(request: HttpRequest, forms: AnswerForms) -> None:
    """Keep the colleague's name until it is handed in; the one who is asked needs no cookie for that."""
    names = request.session.get(_WRITERS, {})
    key = str(forms.invitee.pk)
    if forms.answered_by != names.get(key, forms.invitee.name):
        request.session[_WRITERS] = names | {key: forms.answered_by[:120]}


@public
@require_POST
@by_link
def reopen(request: HttpRequest, invitee: Invitee, token: str) -> HttpResponse:
    """Ret dit svar: open what was handed in again, until the deadline."""
    with suppress(NotAllowed):  # the page says why, and whom to ask
        reopen_answer(invitee=invitee)
    return see_other(reverse("answer", args=[token]))


@public
@require_safe
@by_link
def answer_pdf(request: HttpRequest, invitee: Invitee, token: str) -> HttpResponse:
    """What was handed in, as a paper."""
    sheet = invitee.sheets.order_by("-pk").first()
    if sheet is None:
        raise Http404
    headers = {"Content-Disposition": 'inline; filename="besvarelse.pdf"', "Vary": "Cookie"}
    return HttpResponse(answer_sheet_pdf(sheet), content_type="application/pdf", headers=headers)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def stop(request: HttpRequest, invitee: Invitee, token: str) -> HttpResponse:
    """Ingen flere påmindelser: asked first, so that a mail program that looks at links stops nothing."""
    if request.method == "POST":
        stop_reminders(invitee=invitee)
        return see_other(request.path)
    context = {"invitee": invitee, "survey": invitee.survey, "token": token}
    return render_page(request, "pejlemaerker/answering/stop.html", context)
