"""One submit, one row: a form carries a nonce issued by the server, and the fact it makes keeps it under a unique
constraint.

A double click, a retry after a lost connection or a browser's "send igen" then finds the row that is already there.
"""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models


class SubmittedOnce(models.Model):
    """A row that remembers which submit made it."""

    nonce = models.UUIDField("indsendelse", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class NonceField(forms.UUIDField):
    """The hidden field that carries the nonce; a missing or garbled one gets a fresh number rather than an error."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: object) -> uuid.UUID:
        """Return the nonce that was issued, or a new one."""
        try:
            return super().clean(value) or uuid.uuid4()
        except ValidationError:
            return uuid.uuid4()


def made_by[M: models.Model](rows: models.QuerySet[M], nonce: uuid.UUID, **same: Any) -> tuple[M | None, uuid.UUID]:
    """Find the row that this very submit has made, and the nonce that a new row may carry.

    A row with the nonce but with another content was made by an earlier submit of the same page (the browser's
    "tilbage"): then there is something new to keep, under a number that nonce and content give. Submits with one nonce
    wait for each other until the transaction ends, whatever else they lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(nonce)])
    made = rows.filter(nonce=nonce).first()
    if made is None:
        return None, nonce
    if any(getattr(made, name) != value for name, value in same.items()):
        return made_by(rows, uuid.uuid5(nonce, repr(same)), **same)
    return made, nonce
