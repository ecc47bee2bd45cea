"""Pages read from a standby (læsekopi): those that only show something, for people who have not just written.

Whatever writes goes to the primary: every POST, and the session, the counts of wrong tries and the log of readings on a
GET. A standby that is too far behind or does not answer is not used. While the primary is away, what the standby has is
still shown to people without a login, whose pages need nothing else.
"""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic, time
from typing import Any

from django.core.exceptions import MiddlewareNotUsed
from django.db import Error, connections
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

STANDBY = "reading"
APPS = {"meetings", "pejlemaerker"}  # what pages show; sessions, counts and tasks are always the primary's
MOST_BEHIND = 5  # seconds
OWN_WRITE = 15  # seconds that one who has written reads from the primary: more than MOST_BEHIND, and machines' clocks
_ASK_EVERY = 1  # seconds
_ASK_THE_AWAY_EVERY = 10  # seconds: each try may take a few
_WROTE = "_wrote"  # in the session

_reads_standby: ContextVar[bool] = ContextVar("reads_standby", default=False)


class Router:
    """Django's question which database: the primary, but for what a page reads that may come from the standby."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        """Where rows are read."""
        return STANDBY if _reads_standby.get() and model._meta.app_label in APPS else "default"

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        """Where rows are written, also those that were read elsewhere."""
        return "default"

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        """They are the same rows."""
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        """A standby gets its tables from the primary."""
        return db == "default"


class ReadingPages:
    """Middleware after the session's and before all that asks for rows: chooses where a page reads."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Stand aside where there is no standby."""
        if STANDBY not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.standby = Standby()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; a page that failed because the standby went away is made once more, from the primary."""
        chosen = _reads_standby.set(False)
        try:
            response = self.get_response(request)
            if response.status_code == 503 and _reads_standby.get() and not self.standby.is_near(ask=True):
                _reads_standby.set(False)
                response = self.get_response(request)
        finally:
            _reads_standby.reset(chosen)
        if request.method not in {"GET", "HEAD"} and not request.session.is_empty():
            request.session[_WROTE] = int(time())
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_address: Any) -> None:
        """Choose, before anybody asks who is logged in."""
        may = (
            request.method in {"GET", "HEAD"}
            # Where no session is asked for, nobody would know that one has just written: personal links.
            and not getattr(view, "csrf_exempt", False)
            and time() - request.session.get(_WROTE, 0) > OWN_WRITE
        )
        _reads_standby.set(may and self.standby.is_near())


@dataclass
class Standby:
    """How near a standby is, found out once a second by whoever comes first: it is near while it has all that the
    primary had a few seconds ago.
    """

    caught_up: float = float("-inf")  # the newest moment of which it is known to have everything
    owed: tuple[int, float] | None = None  # where the primary's log was, and when
    ask_at: float = float("-inf")
    lock: Lock = field(default_factory=Lock)

    def is_near(self, *, ask: bool = False) -> bool:
        """Whether pages may be read from it; asked now, or not longer ago than a second."""
        with self.lock:
            mine = ask or monotonic() >= self.ask_at
            if mine:
                self.ask_at = float("inf")  # while one asks, the others go by what is known
        if mine:
            self.ask_at = monotonic() + (_ASK_EVERY if self._ask() else _ASK_THE_AWAY_EVERY)
        return monotonic() - self.caught_up <= MOST_BEHIND

    def _ask(self) -> bool:
        """Whether it answered."""
        now = monotonic()
        replayed = place_in_log(STANDBY)
        if replayed is None:
            self.caught_up, self.owed = float("-inf"), None
            return False
        if self.owed and replayed >= self.owed[0]:
            self.caught_up = self.owed[1]
        elif self.owed and now - self.owed[1] <= MOST_BEHIND:
            return True
        if (at_primary := place_in_log("default")) is not None:
            self.owed = at_primary, now
        elif self.owed and replayed >= self.owed[0]:  # the primary is away: nothing newer is known of
            self.caught_up = now
        return True


def place_in_log(database: str) -> int | None:
    """How far a server has come in the log of all writes (LSN), written or followed; None when it does not answer."""
    try:
        with connections[database].cursor() as cursor:
            cursor.execute(
                "SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END"
                " - '0/0'::pg_lsn"
            )
            (place,) = cursor.fetchone()
    except Error:
        return None
    return None if place is None else int(place)
