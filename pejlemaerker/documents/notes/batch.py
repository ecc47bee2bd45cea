"""En samling notater: which sets it takes, in which order, how far it has come, and what its file is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser

from kit.clock import moment
from kit.danish import address_of, count_word, sort_key
from kit.dates import format_date
from meetings.models import Committee
from pejlemaerker.models import Audience, GoalSet, NoteBatch, NoteBatchPart

DAYS_KEPT = 7

WAITING, UNDER_WAY, CANCELLED, FAILED, DONE = "waiting", "under_way", "cancelled", "failed", "done"
_TAGS = {
    WAITING: ("Venter", "plain"),
    UNDER_WAY: ("Laves nu", "info"),
    CANCELLED: ("Afbrudt", "plain"),
    FAILED: ("Ikke lavet", "error"),
    DONE: ("Færdig", "success"),
}


def sets_for(
    committees: Iterable[Committee], *, viewer: Any, audience: str, on: date, all_periods: bool
) -> list[GoalSet]:
    """Return the sets of committees that a batch takes: those whose period holds the day, or all; by committee, area
    and period. A public batch takes only what is public.
    """
    own = GoalSet.objects.visible_to(viewer).filter(period__committee__in=[one.pk for one in committees])
    if audience == Audience.PUBLIC:
        own = own.filter(pk__in=GoalSet.objects.visible_to(AnonymousUser()).values("pk"))
    if not all_periods:
        own = own.filter(period__starts_on__lte=on, period__ends_on__gte=on)
    found = own.select_related("period__committee__municipality", "area").distinct()
    return sorted(found, key=_in_order)


def _in_order(goal_set: GoalSet) -> tuple[Any, ...]:
    period, area = goal_set.period, goal_set.area
    return (sort_key(period.committee.name), area.position, sort_key(area.name), period.starts_on, goal_set.pk)


def file_name(batch: NoteBatch) -> str:
    """notater-boerne-og-uddannelsesudvalget-2026-11-22.zip."""
    about = batch.committee.name if batch.committee else batch.municipality.name
    return f"notater-{address_of(about)}-{batch.as_of.isoformat()}.{batch.form}"


def part_name(part: NoteBatchPart) -> str:
    """02-boerne-og-uddannelsesudvalget-dagtilbudsomraadet-2022-2025.pdf: in the order of the batch on any disk."""
    period = part.goal_set.period
    years = f"{period.starts_on.year}-{period.ends_on.year}"
    return f"{part.position:02}-{address_of(period.committee.name)}-{address_of(part.goal_set.area.name)}-{years}.pdf"


@dataclass(frozen=True, slots=True)
class BatchDocument:
    """En samling, som den står nu."""

    batch: NoteBatch
    title: str
    total: int
    made: int
    failed: tuple[tuple[str, str], ...]  # set, why
    state: str

    @classmethod
    def of(cls, batch: NoteBatch) -> Self:
        """Tell how far a batch has come, in one query; its contents are left where they are."""
        parts = list(
            batch.parts.defer("paper", "content").select_related("goal_set__period__committee", "goal_set__area")
        )
        failed = tuple((str(part.goal_set), part.failure) for part in parts if part.failure)
        made = sum(part.made_at is not None for part in parts)
        return cls(batch, title_of(batch), len(parts), made, failed, _state(batch, made + len(failed)))

    @property
    def is_under_way(self) -> bool:
        """Whether there is something to wait for, and to call off."""
        return self.state in (WAITING, UNDER_WAY)

    @property
    def is_done(self) -> bool:
        """Whether the file can be fetched."""
        return self.state == DONE

    @property
    def tag(self) -> tuple[str, str]:
        """The state in words, and how it is tagged."""
        return _TAGS[self.state]

    @property
    def handled(self) -> int:
        """How many notes it is through with."""
        return self.made + len(self.failed)

    @property
    def progress_text(self) -> str:
        """3 af 12 notater er lavet."""
        return f"{self.made} af {self.total} {'notat' if self.total == 1 else 'notater'} er lavet"

    @property
    def outcome(self) -> str:
        """What came of it, in a sentence; nothing while it is under way."""
        if self.state == DONE:
            left_out = len(self.failed)
            but = f" {count_word(left_out).capitalize()} kunne ikke laves." if left_out else ""
            return f"Samlingen er færdig. {self.progress_text}.{but}"
        if self.state == CANCELLED:
            return f"Samlingen er afbrudt. {self.progress_text}."
        return self.batch.failure if self.state == FAILED else ""

    @property
    def ordered(self) -> str:
        """Bestilt 22. november 2026 kl. 14.05 af Karen Konsulent."""
        return f"Bestilt {moment(self.batch.ordered_at)} af {self.batch.ordered_by}"

    @property
    def facts(self) -> str:
        """What was ordered: edition, day, recipe."""
        batch = self.batch
        recipe = f", efter opskriften »{batch.recipe_name}«" if batch.recipe_name else ""
        return f"{batch.get_audience_display()}, status pr. {format_date(batch.as_of)}{recipe}"


def title_of(batch: NoteBatch) -> str:
    """Notater for Børne- og Uddannelsesudvalget."""
    return f"Notater for {batch.committee or batch.municipality}"


def _state(batch: NoteBatch, handled: int) -> str:
    if batch.finished_at:
        return DONE
    if batch.cancelled_at:
        return CANCELLED
    if batch.failure:
        return FAILED
    return UNDER_WAY if handled else WAITING


def batches_of(user: Any) -> list[BatchDocument]:
    """Return the batches somebody may see, newest first; few, since they are kept for days only."""
    seen = NoteBatch.objects.visible_to(user).defer("result")
    own = seen.select_related("committee", "municipality", "ordered_by")
    return [BatchDocument.of(batch) for batch in own]
