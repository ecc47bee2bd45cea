"""What may not stand in a log, and a form of it that machines read.

The token of a personal link is a key, and a log is read by others. Nor do addresses or names of people belong there: an
event tells which route was asked for, not what stood in the address.
"""

import json
import logging
import re
import time
import uuid
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_ROOT = Path(__file__).resolve().parents[1]
_request_id: ContextVar[str] = ContextVar("request_id", default="")
_requests = logging.getLogger("pejlemaerker.requests")
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


class HideTokens(logging.Filter):
    """Cut the token out of every address that opens something by itself ("/evaluering/…/", "/paamindelser/…/")."""

    _IN_ADDRESS = re.compile(r"(/(?:evaluering|paamindelser|ny-adgangskode)/)[^/\s?\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without its tokens."""
        message = record.getMessage()
        if self._IN_ADDRESS.search(message):
            record.msg, record.args = self._IN_ADDRESS.sub(r"\1…", message), ()
        return True


class JsonLine(logging.Formatter):
    """One event, one line of JSON: time, level, logger, message, the request's number, and what the event adds.

    Of a fault only its kind and its place in the code are told: what PostgreSQL says of a row that it refuses quotes
    the row.
    """

    _ADDED = ("method", "route", "status", "ms")

    def format(self, record: logging.LogRecord) -> str:
        """Write the line."""
        event: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _without_addresses(record.getMessage()),
        }
        if request := _request_id.get():
            event["request"] = request
        event |= {name: getattr(record, name) for name in self._ADDED if hasattr(record, name)}
        if record.exc_info and record.exc_info[0]:
            event["fault"] = record.exc_info[0].__name__
            event["at"] = _places(record)
        return json.dumps(event, ensure_ascii=False)


def _without_addresses(message: str) -> str:
    """Cut whatever follows the first step of a path: numbers, names, searches."""
    return re.sub(r"(?<![\w/.])(/[\w-]+/)[^\s\"']*", r"\1…", message).partition("\n")[0]


def _places(record: logging.LogRecord) -> list[str]:
    trace, places = record.exc_info[2] if record.exc_info else None, []
    while trace:
        code = trace.tb_frame.f_code
        file = code.co_filename.rpartition("site-packages/")[2].removeprefix(f"{_ROOT}/")
        places.append(f"{file}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-6:]


class RequestLog:
    """Number each request, and write one event when it is answered: the route by its name, not the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and tell how it went."""
        given = request.headers.get("X-Request-ID", "")
        number = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        token = _request_id.set(number)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else ""
            told = {
                "method": request.method, "route": route, "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
            }  # fmt: skip
            if route != "health":
                _requests.info("answered", extra=told)
            response["X-Request-ID"] = number
            return response
        finally:
            _request_id.reset(token)
