"""Faults that pass by themselves, and what a person had typed when one came."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from uuid import UUID

import psycopg
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest
from django.http.request import UnreadablePostError

# Of those that psycopg does not call operational: a standby that writes nothing, and a transaction left open too long.
_PASSING_STATES = {"25006", "25P03"}
# Two who stood in each other's way: one of them was asked to try again.
_CLASHES = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.LockNotAvailable,
)
_SECRET = ("password", "adgangskode", "kode")
_SHORTEST_TEXT = 12


def passing_fault(fault: BaseException | None) -> BaseException | None:
    """Find the fault of the database, however wrapped up, that will be over when one asks again: lost, refusing,
    frozen, full, read-only, or busy with others' writing.
    """
    for one in _chain(fault):
        if isinstance(one, OperationalError | InterfaceError | psycopg.OperationalError):
            return one
        if isinstance(one, psycopg.Error) and one.sqlstate in _PASSING_STATES:
            return one
    return None


def is_clash(fault: BaseException | None) -> bool:
    """Whether the database let somebody else's write go first."""
    return any(isinstance(one, _CLASHES) for one in _chain(fault))


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


@dataclass(frozen=True)
class Typed:
    """What was in a form that could not be received; sent again it carries the same nonce, and is done once."""

    fields: list[tuple[str, str]]
    texts: list[str]
    has_file: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """Read the form; nothing of one that another site sent, that carries a secret, or that cannot be read."""
        if request.method != "POST" or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return None
        try:
            fields = [(name, value) for name, values in request.POST.lists() for value in values]
            has_file = bool(request.FILES)
        except (OSError, SuspiciousOperation, RequestDataTooBig, UnreadablePostError):
            return None
        if not fields or any(secret in name.casefold() for name, _ in fields for secret in _SECRET):
            return None
        texts = [value for name, value in fields if name != "csrfmiddlewaretoken" and _is_text(value)]
        return cls(fields, texts, has_file)


def _is_text(value: str) -> bool:
    """Whether somebody wrote this, rather than chose it or never saw it."""
    try:
        UUID(value)
    except ValueError:
        return len(value) >= _SHORTEST_TEXT or " " in value.strip()
    return False
