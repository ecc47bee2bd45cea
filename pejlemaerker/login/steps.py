"""Between password and page: somebody whose password was right, and who is not let in before the second factor is."""

from time import time
from typing import NamedTuple

from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from kit.throttle import Throttle
from meetings.models import User
from pejlemaerker.login.factors import has_second_factor, must_have_second_factor

_KEY = "login_step"
_SECONDS = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"

# Six digits: five tries in ten minutes are one chance in a hundred thousand, and the password is known by then.
CODES = Throttle("code", limit=5, window=600)


class Step(NamedTuple):
    """Who is on the way in, and where to."""

    user: User
    next: str


def begin(request: HttpRequest, user: User, next_page: str) -> str:
    """Let somebody with the right password in, or one step further: return the address to go to."""
    has = has_second_factor(user)
    if not has and not must_have_second_factor(user):
        let_in(request, user, factor="")
        return next_page
    request.session.cycle_key()
    request.session[_KEY] = {
        "user": user.pk, "until": int(time()) + _SECONDS, "next": next_page, "hash": user.get_session_auth_hash(),
    }  # fmt: skip
    return reverse("login_code" if has else "login_set_up")


def under_way(request: HttpRequest) -> Step | None:
    """Return who is on the way in; nobody, if it took too long or the password was changed meanwhile."""
    kept = request.session.get(_KEY)
    if not kept or kept["until"] < time():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), kept["hash"]):
        return None
    return Step(user, kept["next"])


def let_in(request: HttpRequest, user: User, *, factor: str) -> None:
    """Log in, in a session with a new key, in which the way here is forgotten."""
    request.session.pop(_KEY, None)
    login(request, user, backend=BACKEND)
    request.session["second_factor"] = factor
