"""Passwords, tried slowly: so many wrong ones an account and an address, and few at once in a process."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.http import HttpRequest

from kit.throttle import Throttle, address_of

# One who guesses at one account from one place; at one account from many; and at many accounts from one place. The last
# is wide, because all of a town hall may share an address; so is the second, or a stranger could lock a secretary out.
_HERE = Throttle("password", limit=8, window=900)
_ACCOUNT = Throttle("password-account", limit=60, window=3600)
_ADDRESS = Throttle("password-address", limit=300, window=900)

# To check a password is meant to be hard work: one at a time in a process, and one of its threads is left for pages.
_WAITING = BoundedSemaphore(max(1, int(os.environ.get("THREADS", "4")) - 1))
_CHECKING = BoundedSemaphore(1)
SECONDS_IN_LINE = 8


class TooBusy(Exception):
    """So many log in at this moment that the pages would have to wait."""


def seconds_to_wait(request: HttpRequest, username: str) -> int:
    """Say how long to wait before a password is tried at all; the same for accounts that do not exist."""
    return max(throttle.wait_of(who) for throttle, who in _counted(request, username))


def count_wrong(request: HttpRequest, username: str) -> None:
    """Count a wrong password."""
    for throttle, who in _counted(request, username):
        throttle.count(who)


def forget_wrong(request: HttpRequest, username: str) -> None:
    """Begin anew with one who got it right, at this place."""
    throttle, who = _counted(request, username)[0]
    throttle.forget(who)


def _counted(request: HttpRequest, username: str) -> list[tuple[Throttle, str]]:
    account, address = username.strip().casefold(), address_of(request)
    return [(_HERE, f"{account}\n{address}"), (_ACCOUNT, account), (_ADDRESS, address)]


@contextmanager
def in_line() -> Iterator[None]:
    """Wait for one's turn to have a password checked."""
    if not _WAITING.acquire(blocking=False):
        raise TooBusy
    try:
        if not _CHECKING.acquire(timeout=SECONDS_IN_LINE):
            raise TooBusy
        try:
            yield
        finally:
            _CHECKING.release()
    finally:
        _WAITING.release()
