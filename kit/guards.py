"""Who may come through which door.

Closed by default: every view says @public or @permission(predicate), and a test walks them all.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NamedTuple, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware as DjangoLoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

type View = Callable[..., HttpResponseBase]

type Fetch[T] = Callable[..., T]
"""Finds the one thing a URL names among those the user (first argument) may see, or raises Http404."""


class Guard(NamedTuple):
    """What a view says of itself; read by the whole-repo tests."""

    predicate: Callable[..., bool] | None
    fetch: Fetch[Any] | None = None

    @property
    def is_public(self) -> bool:
        return self.predicate is None


def public(view: View) -> View:
    """Open to everyone; what is shown still depends on what the viewer may see."""
    guarded = login_not_required(view)
    guarded.guard = Guard(None)  # type: ignore[attr-defined]
    return guarded


def permission(predicate: Callable[[Any], bool]) -> Callable[[View], View]:
    """Open to users for whom the predicate holds; everyone else gets 403 (or the login page)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not predicate(request.user):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.guard = Guard(predicate)  # type: ignore[attr-defined]
        return guarded

    return decorate


def permission_on[T](
    fetch: Fetch[T], predicate: Callable[[Any, T], bool]
) -> Callable[[Callable[Concatenate[HttpRequest, T, ...], HttpResponseBase]], View]:
    """Fetch the thing through what the user may see (404), ask whether they may do this to it (403), and hand it to the
    view.
    """

    def decorate(view: Callable[Concatenate[HttpRequest, T, ...], HttpResponseBase]) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, **url: Any) -> HttpResponseBase:
            thing = fetch(request.user, **url)
            if not predicate(request.user, thing):
                raise PermissionDenied
            return view(request, thing)

        guarded.guard = Guard(predicate, fetch)  # type: ignore[attr-defined]
        return guarded

    return decorate


def guard_of(view: View) -> Guard | None:
    """Return the guard a view carries, or None for a door somebody forgot."""
    return cast("Guard | None", getattr(view, "guard", None))


class LoginRequiredMiddleware(DjangoLoginRequiredMiddleware):
    """Django's own, but an htmx request is sent to the login page as a whole page, never into a fragment."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: View
    ) -> HttpResponseRedirect | HttpResponseClientRedirect:
        """Redirect to the login page and back to the page the person was on."""
        response = super().handle_no_permission(request, view_func)
        # Said in the address, and not in a message: the session it would lie in is over.
        ended = "&udloebet=1" if getattr(request.session, "has_ended", False) else ""
        htmx = getattr(request, "htmx", None)
        if not htmx:
            return HttpResponseRedirect(response.url + ended) if ended else response
        login, _, _ = response.url.partition("?")
        return HttpResponseClientRedirect(redirect_to_login(_page_of(htmx), login).url + ended)


def _page_of(htmx: HtmxDetails) -> str:
    """The page the person is on, as the browser tells it; nonsense is the first page."""
    try:
        return htmx.current_url_abs_path or "/"
    except ValueError:
        return "/"
