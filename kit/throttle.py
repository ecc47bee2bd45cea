"""Slowing down those who guess (bremse): so many wrong tries from one address in so long a time, and no more.

It is asked about wrong tries only: whoever has the right key is let in, also from an address that others guess from
(all of a town hall may share one). The count lives in Django's cache. Where that is the memory of a process, each
process counts by itself, and a guesser gets as many times more tries; with keys of 256 bits that changes nothing.
"""

from hashlib import sha256
from time import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


class Throttle(NamedTuple):
    """So many tries (`limit`) in so many seconds (`window`), for one purpose (`name`)."""

    name: str
    limit: int
    window: int

    def seconds_to_wait(self, request: HttpRequest) -> int:
        """Count a wrong try, and say how long to wait after too many from this address; 0, while there are few."""
        now = int(time())
        beginning = now - now % self.window
        who = sha256(address_of(request).encode()).hexdigest()  # an address is personal data; its print will do
        key = f"{self.name}:{beginning}:{who}"
        if cache.add(key, 1, timeout=self.window):
            return 0
        try:
            tries = cache.incr(key)
        except ValueError:  # it went out in this very moment
            return 0
        return beginning + self.window - now if tries > self.limit else 0


def address_of(request: HttpRequest) -> str:
    """Return the address that asks; behind our own proxy the one that the proxy saw, which stands last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
