"""Mål: what a pejlemærke is turned into, and whether the committee has approved it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q

from kit.dates import format_date
from meetings.models import committee_name
from pejlemaerker.documents.citation import Ground, Grounds
from pejlemaerker.models import AsOf, Goal, Target


@dataclass(frozen=True, slots=True)
class TargetLine:
    """Et mål, as it holds on a day."""

    target: Target
    ground: Ground | None
    newest: Target  # the last of its chain: itself, unless one that waits for approval has been written since

    @property
    def text(self) -> str:
        """The mål, word for word."""
        return self.target.text

    @property
    def approval(self) -> str:
        """Godkendt 3. oktober 2022 af Børne- og Uddannelsesudvalget, punkt 1; or not yet."""
        if self.ground is None:
            return f"Fra {format_date(self.target.set_on)}. Ikke godkendt endnu."
        number = f", punkt {self.ground.decision.item.number}" if self.ground.decision else ""
        since = "" if self.ground.since == self.ground.decided_on else f" Gælder fra {format_date(self.ground.since)}."
        demo = " (opdigtet til demo)" if self.ground.is_demo else ""
        return f"Godkendt {format_date(self.ground.decided_on)} af {self.ground.by}{number}{demo}.{since}"

    @property
    def url(self) -> str:
        """The decision's page, for those who may see it."""
        return self.ground.url if self.ground else ""

    @property
    def waiting(self) -> str:
        """What has been written since and is not approved: another text, or that the mål goes."""
        if self.newest.pk == self.target.pk:
            return ""
        if not self.newest.text:
            return f"Foreslået taget bort {format_date(self.newest.set_on)}. Det er ikke besluttet endnu."
        return f"Foreslået ændret {format_date(self.newest.set_on)} til: »{self.newest.text}«. Ikke godkendt endnu."


def targets_of(goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, tuple[TargetLine, ...]]:
    """Tell the mål of each pejlemærke, in two queries: an approved one stands until another is approved."""
    found = Target.objects.effective(at).filter(goal__in=list(goals), set_on__lte=at.on).with_stay(at)
    found = found.annotate(
        decided_on=F("decision__decided_on"),
        decided_by=committee_name("decision__item__meeting__committee", "decision__decided_on"),
        is_demo=F("decision__item__meeting__is_demo"),
    )
    holding = list(found.filter(Q(decision__isnull=True) | Q(decision__decided_on__lte=at.on)).order_by("pk"))
    grounds = Grounds.of(holding, viewer=viewer)  # type: ignore[arg-type]
    lines: dict[int, list[TargetLine]] = defaultdict(list)
    for chain in _chains(holding):
        approved = next((one for one in reversed(chain) if one.decision_id), None)
        told = approved or chain[-1]
        if told.text:
            lines[told.goal_id].append(TargetLine(told, _ground(told, grounds), chain[-1]))
    return {goal: tuple(own) for goal, own in lines.items()}


def _chains(targets: list[Target]) -> Iterator[list[Target]]:
    """Those that replace each other, from the first; one whose forerunner does not hold any more stands with the
    forerunner's own.
    """
    before = dict(Target.objects.filter(goal__in={one.goal_id for one in targets}).values_list("pk", "replaces"))
    chains: dict[int, list[Target]] = defaultdict(list)
    for target in targets:
        first = target.pk
        while (earlier := before[first]) is not None:
            first = earlier
        chains[first].append(target)
    yield from chains.values()


def _ground(target: Any, grounds: Grounds) -> Ground | None:
    if target.decision_id is None:
        return None
    return Ground(
        since=max(target.set_on, target.settled_on or target.set_on),
        decided_on=target.decided_on,
        by=target.decided_by or "",
        decision=grounds.visible.get(target.decision_id),
        delegation_note="",
        is_demo=bool(target.is_demo),
    )
