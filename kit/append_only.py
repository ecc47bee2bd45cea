"""Rows that are inserted and never changed: the protocol's promise, kept by Python for a clear error and by PostgreSQL
for the truth.

The law accepts an electronic protocol when changes can be detected and corrections are made *by addition*
(Indenrigsministeriets udtalelse 04.1.4, DOMAIN § 2.1).
"""

from typing import Any, NoReturn

import pgtrigger
from django.db import models

APPEND_ONLY_TRIGGERS = [
    pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
    pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'append-only: % cannot be emptied', TG_TABLE_NAME;",
    ),
]


class AppendOnlyError(Exception):
    """Somebody tried to change or delete a fact; facts are corrected by a new fact."""


def _refuse(what: str) -> NoReturn:
    raise AppendOnlyError(f"{what}: rækken er en kendsgerning og rettes kun ved en ny række")


class AppendOnlyQuerySet[M: models.Model](models.QuerySet[M]):
    """A queryset that can read and insert, nothing else."""

    def update(self, **kwargs: Any) -> int:
        _refuse("update")

    def delete(self) -> tuple[int, dict[str, int]]:
        _refuse("delete")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        _refuse("bulk_update")

    def update_or_create(self, *args: Any, **kwargs: Any) -> tuple[M, bool]:
        _refuse("update_or_create")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[M]:
        if kwargs.get("update_conflicts"):
            _refuse("bulk_create(update_conflicts)")
        return super().bulk_create(objs, *args, **kwargs)


class AppendOnlyModel(models.Model):
    """Base of every fact.

    A subclass writes `class Meta(AppendOnlyModel.Meta)`, so that the triggers come along, and has managers made from
    AppendOnlyQuerySet; a whole-repo test checks both.
    """

    class Meta:
        abstract = True
        triggers = APPEND_ONLY_TRIGGERS

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse("save")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        _refuse("delete")
