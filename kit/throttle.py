"""Slowing down those who guess (bremse): so many wrong tries in so long a time, and no more.

It counts wrong tries only: whoever has the right key is let in, also from an address that others guess from (all of a
town hall may share one). The count lives in Django's cache, which all processes share.
"""

from hashlib import sha256
from time import time
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpRequest


class Throttle(NamedTuple):
    """So many tries (`limit`) in so many seconds (`window`), for one purpose (`name`)."""

    name: str
    limit: int
    window: int

    def seconds_to_wait(self, request: HttpRequest) -> int:
        """Count a wrong try, and say how long to wait after too many from this address; 0, while there are few."""
        return self._wait(self.count(address_of(request)), beyond=self.limit)

    def count(self, who: str) -> int:
        """Count a wrong try of somebody, and say how many there have been."""
        key = self._key(who)
        with transaction.atomic(), connection.cursor() as cursor:
            # Django's cache reads and then writes; tries at the same moment are to be counted one by one.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
            tries = int(cache.get(key, 0)) + 1
            cache.set(key, tries, timeout=self.window)
        return tries

    def wait_of(self, who: str) -> int:
        """Say how long somebody has to wait before the next try, without counting one."""
        return self._wait(int(cache.get(self._key(who), 0)), beyond=self.limit - 1)

    def forget(self, who: str) -> None:
        """Begin anew with somebody who got it right."""
        cache.delete(self._key(who))

    def _wait(self, tries: int, *, beyond: int) -> int:
        now = int(time())
        return self.window - now % self.window if tries > beyond else 0

    def _key(self, who: str) -> str:
        """An address or a name is personal data; its print will do."""
        now = int(time())
        return f"{self.name}:{now - now % self.window}:{sha256(who.encode()).hexdigest()}"


def address_of(request: HttpRequest) -> str:
    """Return the address that asks; behind our own proxy the one that the proxy saw, which stands last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if getattr(settings, "SECURE_PROXY_SSL_HEADER", None) else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
