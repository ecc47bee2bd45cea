"""One submit, one row: a form carries a nonce issued by the server, and the fact it makes keeps it under a unique
constraint.

A double click, a retry after a lost connection or a browser's "send igen" then finds the row that is already there.
"""

import uuid

from django import forms
from django.db import models


class SubmittedOnce(models.Model):
    """A row that remembers which submit made it."""

    nonce = models.UUIDField("indsendelse", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class NonceField(forms.UUIDField):
    """The hidden field that carries the nonce; a missing one gets a fresh number rather than an error."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: object) -> uuid.UUID:
        """Return the nonce that was issued, or a new one."""
        return super().clean(value) or uuid.uuid4()
