"""Who guesses has to wait: each address by itself, and for a while only."""

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory, override_settings

from kit.throttle import Throttle, address_of

GUESSES = Throttle("gæt", limit=3, window=600)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def asked(address: str = "192.0.2.1", **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_only_too_many_tries_have_to_wait() -> None:
    with time_machine.travel("2026-11-22T14:03:00+01:00", tick=False):
        waits = [GUESSES.seconds_to_wait(asked()) for _ in range(5)]
        other = GUESSES.seconds_to_wait(asked("192.0.2.2"))
    assert (waits, other) == ([0, 0, 0, 420, 420], 0)


def test_the_wait_comes_to_an_end() -> None:
    with time_machine.travel("2026-11-22T14:03:00+01:00", tick=False):
        assert [GUESSES.seconds_to_wait(asked()) for _ in range(4)][-1] == 420
    with time_machine.travel("2026-11-22T14:10:00+01:00", tick=False):
        assert GUESSES.seconds_to_wait(asked()) == 0


@pytest.mark.asvs("V4.1.3", "V15.3.4")
def test_address_behind_our_proxy_is_the_one_it_saw() -> None:
    request = asked("10.0.0.1", **{"X-Forwarded-For": "1.2.3.4, 192.0.2.9"})
    assert address_of(request) == "10.0.0.1"
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert address_of(request) == "192.0.2.9"
