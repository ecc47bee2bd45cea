"""Afslutningen af et sæt, as its page tells it: that it is closed, and where its pejlemærker went."""

from dataclasses import dataclass
from typing import Any, Self

from kit.dates import format_date
from pejlemaerker.models import AsOf, GoalSet, SetClosing, was_known


@dataclass(frozen=True, slots=True)
class ClosedSet:
    """Et afsluttet sæt: since when, and the set that took over, when the viewer may see it."""

    closing: SetClosing
    to_set: GoalSet | None
    at: AsOf

    @classmethod
    def of(cls, goal_set: GoalSet, viewer: Any, at: AsOf) -> Self | None:
        """Tell the closing that was known on a day; asks nothing where `closing` came along and there is none."""
        closing = getattr(goal_set, "closing", None)
        if closing is None or not was_known(
            at.known, closing.closed_on, closing.recorded_at, kept_since=goal_set.kept_since
        ):
            return None
        seen = GoalSet.objects.visible_to(viewer).select_related("period__committee", "area")
        return cls(closing, seen.filter(pk=closing.to_set_id).first() if closing.to_set_id else None, at)

    @property
    def has_taken_effect(self) -> bool:
        """Whether it is closed on the day the page shows; it may be decided for a later one."""
        return self.closing.closed_on <= self.at.on

    @property
    def title(self) -> str:
        """Sættet er afsluttet 31. december 2025."""
        day = format_date(self.closing.closed_on)
        return f"Sættet er afsluttet {day}" if self.closing.closed_on <= self.at.on else f"Sættet afsluttes {day}"

    @property
    def text(self) -> str:
        """What that means for the reader."""
        if self.closing.to_set_id is None:
            return "Ingen af pejlemærkerne er ført videre. Sættet kan læses, men ikke ændres."
        return "Pejlemærkerne er overleveret til den næste periode. Sættet kan læses, men ikke ændres."

    @property
    def url(self) -> str:
        """The page of the set that took over, for those who may see it."""
        return self.to_set.get_absolute_url() if self.to_set else ""

    @property
    def link_text(self) -> str:
        """Kultur- og Fritidsudvalget, Dagtilbudsområdet 2026–2029."""
        return f"Se {self.to_set.period.committee}, {self.to_set}" if self.to_set else ""
