"""Sessions that end: so long after the login (SESSION_HOURS), or after nothing has happened (SESSION_IDLE_MINUTES).

A store and not a middleware: the two times lie in the session, which is read anyway, so that a page asks nothing more
of the database. That somebody is there is written once in a tenth of the idle time.
"""

from time import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

_BEGAN, _SEEN = "_began", "_seen"


class SessionStore(DatabaseStore):
    """Django's own in the database, but with an end."""

    has_ended = False  # whether somebody was logged in here until the time ran out

    def load(self) -> dict[str, Any]:
        """Read the session; one that has run out is deleted."""
        kept: dict[str, Any] = super().load()
        if SESSION_KEY not in kept:
            return kept
        now = int(time())
        self.modified = self.modified or _BEGAN not in kept  # of before there were ends, or begun in another's session
        began, seen = kept.setdefault(_BEGAN, now), kept.setdefault(_SEEN, now)
        idle = settings.SESSION_IDLE_MINUTES * 60
        if now - began > settings.SESSION_HOURS * 3600 or now - seen > idle:
            self.delete(self.session_key)
            self._session_key = None
            self.has_ended = True
            return {}
        if now - seen > idle / 10:
            kept[_SEEN] = now
            self.modified = True
        return kept

    def cycle_key(self) -> None:
        """Begin anew: Django changes the key at every login, so that is when the time begins to run."""
        super().cycle_key()
        self[_BEGAN] = self[_SEEN] = int(time())
