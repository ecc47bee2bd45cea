"""The doors: who is let in, who is sent to the login, and where htmx lands."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from kit.guards import guard_of, permission, permission_on, public
from meetings.models import Meeting


def show(request: HttpRequest, thing: str = "") -> HttpResponse:
    return HttpResponse(thing)


def request_of(user: Any) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def fetch(user: Any, /, *, number: int) -> str:
    if number > 1:
        raise Http404
    return f"ting {number}"


def test_public_view_says_so() -> None:
    guard = guard_of(public(lambda request: HttpResponse()))
    assert guard is not None
    assert guard.is_public


def test_view_without_a_word_has_no_guard() -> None:
    assert guard_of(show) is None


@pytest.mark.asvs("V8.3.1")
def test_permission_refuses_with_403() -> None:
    guarded = permission(lambda user: user == "ja")(show)
    assert guarded(request_of("ja")).status_code == 200
    with pytest.raises(PermissionDenied):
        guarded(request_of("nej"))


def test_permission_on_hands_over_what_may_be_seen() -> None:
    guarded = permission_on(fetch, lambda user, thing: user == "ja")(show)
    response = guarded(request_of("ja"), number=1)
    assert isinstance(response, HttpResponse)
    assert response.content == b"ting 1"


@pytest.mark.asvs("V8.3.1")
def test_what_may_not_be_seen_is_404_even_for_those_who_could_do_it() -> None:
    guarded = permission_on(fetch, lambda user, thing: True)(show)
    with pytest.raises(Http404):
        guarded(request_of("ja"), number=2)


def test_what_may_be_seen_but_not_done_is_403() -> None:
    guarded = permission_on(fetch, lambda user, thing: False)(show)
    with pytest.raises(PermissionDenied):
        guarded(request_of("ja"), number=1)


def test_htmx_is_sent_to_the_login_as_a_whole_page(meeting: Meeting, anonymous: Client) -> None:
    here = f"/moeder/{meeting.pk}/beslutninger/"
    response = anonymous.get(here, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{here}"})
    assert (response.status_code, response.headers["HX-Redirect"]) == (200, f"/log-ind/?next={here}")
    assert response.content == b""
