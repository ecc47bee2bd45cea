"""Who was shown what from behind closed doors: the one thing a GET writes.

A Danish kommune was fined in 2022 for minutes that could be opened without a log of who did. What the request fetched
of closed items (`meetings/models/noticed.py`) and the viewer may see, is written down before the answer leaves: without
a log there is no reading. Once per person and item in ten minutes: a meeting under way is not a row a keystroke.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from meetings.models import AgendaItem, Event
from meetings.models.noticed import READ, noticing

SAME_READING = timedelta(minutes=10)
_SHOWS = {200, 409, 422}  # an answer with a page in it; the others lead on or refuse
_ITEM = AgendaItem._meta.label_lower
_COLUMNS = (
    "at", "actor", "actor_pk", "action", "target_type", "target_pk", "target", "municipality_pk", "committee_pk",
    "changes",
)  # fmt: skip


class ReadingLog:
    """Middleware, the innermost: writes what was read before anybody sees it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Keep what comes after."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and write down what of closed material was in it."""
        with noticing() as found:
            response = self.get_response(request)
        if found and response.status_code in _SHOWS:
            write_down(found, reader=request.user, where=request.path)
        return response


def write_down(found: set[tuple[str, int]], *, reader: Any, where: str) -> None:
    """Write one event for each closed item among what was fetched that the reader may see, in one statement."""
    if not reader.is_authenticated or not reader.pk:
        return
    now = timezone.now()
    items = [pk for label, pk in found if label == _ITEM]
    sources = [pk for label, pk in found if label == "meetings.sourcedocument"]
    recently = Event.objects.filter(
        actor_pk=reader.pk, at__gt=now - SAME_READING, action=READ, target_type=_ITEM, target_pk=OuterRef("pk")
    )
    read = (
        AgendaItem.including_closed.visible_to(reader)
        .filter(Q(pk__in=items) | Q(meeting__source_document__in=sources), ~Exists(recently), is_closed=True)
        .order_by()
        .values_list(
            Value(now), Value(str(reader)[:160]), Value(reader.pk), Value(READ), Value(_ITEM), F("pk"),
            Concat(
                Value("Lukket punkt "), "number", Value(", "), "meeting__committee__name", Value(" "),
                Cast("meeting__date", TextField()), output_field=TextField(),
            ),
            F("meeting__committee__municipality"), F("meeting__committee"),
            JSONObject(where=Value(where[:300])),
        )
    )  # fmt: skip
    statement, parameters = read.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO meetings_event ({', '.join(_COLUMNS)}) {statement}", parameters)
