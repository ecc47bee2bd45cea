"""Closed material that was fetched while a request was answered.

Every row that becomes an object passes `from_db`, whether it was asked for, came along with `select_related` or by a
foreign key: the narrowest place there is. Who may see what is decided elsewhere; `meetings/reading_log.py` writes down
what of it the viewer was shown.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from django.db import models

READ = "closed_read"  # the Event of being shown what is closed

_noticed: ContextVar[set[tuple[str, int]] | None] = ContextVar("noticed", default=None)


@contextmanager
def noticing() -> Iterator[set[tuple[str, int]]]:
    """Collect what is fetched meanwhile: the model's name and the row's number."""
    found: set[tuple[str, int]] = set()
    token = _noticed.set(found)
    try:
        yield found
    finally:
        _noticed.reset(token)


@contextmanager
def unnoticed() -> Iterator[None]:
    """Fetch what is told to everyone: a closed item's number and day, as the ground of a wording, is no reading."""
    token = _noticed.set(None)
    try:
        yield
    finally:
        _noticed.reset(token)


def notice(label: str, pk: int | None) -> None:
    """Note that this was fetched, where somebody collects."""
    found = _noticed.get()
    if found is not None and pk is not None:
        found.add((label, pk))


class NoticedItem(models.Model):
    """A dagsordenspunkt notes itself when it may be closed."""

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **how: Any) -> Self:
        """Note the item as it is fetched."""
        row = super().from_db(db, field_names, values, **how)
        if row.__dict__.get("is_closed", True):
            notice("meetings.agendaitem", row.pk)
        return row
