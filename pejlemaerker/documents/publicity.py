"""Om en ting er offentlig: told to those who work with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import models

from meetings.models import Publication


@dataclass(frozen=True, slots=True)
class Publicity:
    """Whether a thing is public now, and since when."""

    is_public: bool
    since: datetime | None

    @classmethod
    def of(cls, subject: str, record: models.Model) -> Self:
        """Look at the latest act of publishing."""
        latest = Publication.objects.filter(subject=subject, subject_pk=record.pk).order_by("-pk").first()
        is_public = latest is not None and latest.act == Publication.Act.PUBLISHED
        return cls(is_public, latest.at if latest and is_public else None)
