"""Hvordan det står med hver ordlyd: derived from what was decided, and never written down (DESIGN § 4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple, Self, cast

from django.db.models import F

from kit.dates import format_date
from meetings.models import StayOutcome, committee_name
from pejlemaerker.documents.citation import Ground, Grounds, with_deciders
from pejlemaerker.documents.endings import Ending, endings
from pejlemaerker.models import Adoption, Annulment, AsOf, Goal, GoalVersion
from pejlemaerker.models.by_decision import ByDecisionQuerySet


class State(NamedTuple):
    """En tilstand in words, how its tag is coloured, and what a reader must also know."""

    label: str
    kind: str = "plain"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Et tidsrum in which a wording was the one in force; `until` is the first day on which it no longer was."""

    since: date
    until: date | None

    @property
    def text(self) -> str:
        """Fra 3. oktober 2022 til 11. december 2022."""
        if self.until is None:
            return f"Fra {format_date(self.since)}"
        last = self.until - timedelta(days=1)
        return (
            f"Fra {format_date(self.since)} til {format_date(last)}" if last > self.since else format_date(self.since)
        )


@dataclass(frozen=True, slots=True)
class Repeal:
    """En ophævelse: from when, why, and on what ground."""

    on: date
    reason: str
    ground: Ground
    recorded_at: datetime = field(compare=False)  # two that are one act are told once


@dataclass(frozen=True, slots=True)
class Life:
    """All that was decided about the wordings of one pejlemærke, by version."""

    at: AsOf
    adoptions: dict[int, list[Adoption]]  # all that were known, also those that do not hold
    grounds: dict[int, Ground]  # by adoption
    spans: dict[int, list[Span]]
    repeals: dict[int, list[Repeal]]
    holding: frozenset[int]  # the adoptions that hold by what was known, annulled or not
    ending: Ending | None

    @classmethod
    def of(cls, goal: Goal, *, viewer: Any, at: AsOf) -> Self:
        """Gather it, in the same number of queries however long the life was."""
        return cls.of_each([goal], viewer=viewer, at=at)[goal.pk]

    @classmethod
    def of_each(cls, goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, Self]:
        """Gather it of many, in as many queries as of one."""
        goals = list(goals)
        own = Adoption.objects.filter(version__goal__in=goals)
        known = [one for one in with_deciders(own.known(at.known), at).order_by("pk") if _decided(one) <= at.on]
        # An annulled adoption held until it was annulled: so the rule of all facts by decision, without annulments.
        holding = frozenset(ByDecisionQuerySet.effective(own, at).values_list("pk", flat=True))
        annulments = _annulments(goals, at)
        grounds = Grounds.of([*known, *cast("list[Adoption]", annulments)], viewer=viewer)
        ended = endings(goals, at)
        adopted: dict[int, list[Adoption]] = defaultdict(list)
        for one in known:
            adopted[one.version.goal_id].append(one)
        annulled: dict[int, list[Annulment]] = defaultdict(list)
        for annulment in annulments:
            annulled[annulment.adoption.version.goal_id].append(annulment)
        return {
            goal.pk: cls._of_one(adopted[goal.pk], annulled[goal.pk], grounds, holding, ended.get(goal.pk), at)
            for goal in goals
        }

    @classmethod
    def _of_one(
        cls,
        known: list[Adoption],
        annulments: list[Annulment],
        grounds: Grounds,
        holding: frozenset[int],
        ending: Ending | None,
        at: AsOf,
    ) -> Self:
        ground_of = {one.pk: grounds.of_one(one) for one in known}
        held = [one for one in known if one.pk in holding]
        return cls(
            at=at,
            adoptions=_by_version(known),
            grounds=ground_of,
            spans=_spans(held, ground_of, annulments, ending),
            repeals=_repeals(annulments, grounds),
            holding=holding,
            ending=ending,
        )

    def grounds_of(self, version: GoalVersion) -> list[Ground]:
        """The decisions that put a wording in force, or would have."""
        return [self.grounds[one.pk] for one in self.adoptions.get(version.pk, [])]

    def state_of(self, version: GoalVersion) -> State | None:
        """How a wording stands by what was decided; nothing where nothing was."""
        adoptions = self.adoptions.get(version.pk, [])
        if not adoptions:
            return None
        spans, repeals = self.spans.get(version.pk, []), self.repeals.get(version.pk, [])
        if any(span.since <= self.at.on and (span.until is None or span.until > self.at.on) for span in spans):
            return _in_force(repeals)
        if coming := next((span for span in spans if span.since > self.at.on), None):
            return State(f"Besluttet, gælder fra {format_date(coming.since)}", "info")
        if any(one.is_stayed and one.pk not in self.holding for one in adoptions):  # type: ignore[attr-defined]
            return State(
                "Standset (§ 23)",
                "warning",
                "Beslutningen har ingen virkning, før kommunalbestyrelsen har afgjort sagen.",
            )
        if any(repeal.on <= self.at.on for repeal in repeals):
            return State("Ophævet", "plain")
        if self.ending and spans and spans[-1].until == self.ending.on:
            return State("Gjaldt til det sidste", "plain", f"{self.ending.text}.")
        return State("Afløst") if spans else self._without_effect(adoptions)

    def _without_effect(self, adoptions: list[Adoption]) -> State:
        if any(one.pk in self.holding for one in adoptions):
            return State("Afløst", "plain", "En anden ordlyd trådte i kraft samtidig.")
        verdicts = {one.verdict for one in adoptions}  # type: ignore[attr-defined]
        if StayOutcome.Verdict.CHANGED in verdicts:
            return State("Ikke godkendt", "plain", "Beslutningen blev standset, og kommunalbestyrelsen ændrede den.")
        if StayOutcome.Verdict.ANNULLED in verdicts:
            return State("Ophævet", "plain", "Beslutningen blev standset, og udvalget ophævede den selv.")
        return State("Ikke godkendt", "plain", "Beslutningen blev rettet, så den ikke længere godkender ordlyden.")


def _in_force(repeals: list[Repeal]) -> State:
    note = f"Ophævet fra {format_date(repeals[-1].on)}." if repeals else ""
    return State("Gældende", "success", note)


def _decided(adoption: Adoption) -> date:
    return adoption.decided_on or adoption.in_force_from  # type: ignore[attr-defined]


def _annulments(goals: list[Goal], at: AsOf) -> list[Annulment]:
    rows = (
        Annulment.objects.effective(at)
        .filter(adoption__version__goal__in=goals)
        .select_related("adoption__version")
        .with_stay(at)
        .annotate(
            decided_on=F("decision__decided_on"),
            decided_by=committee_name("decision__item__meeting__committee", "decision__decided_on"),
            is_demo=F("decision__item__meeting__is_demo"),
            in_force_from=F("annulled_from"),  # by this name a Ground reads the day
        )
        .order_by("annulled_from", "pk")
    )
    return [one for one in rows if (one.decided_on or one.annulled_from) <= at.on]  # type: ignore[attr-defined]


def _by_version(adoptions: Iterable[Adoption]) -> dict[int, list[Adoption]]:
    found: dict[int, list[Adoption]] = defaultdict(list)
    for adoption in adoptions:
        found[adoption.version_id].append(adoption)
    return found


def _repeals(annulments: list[Annulment], grounds: Grounds) -> dict[int, list[Repeal]]:
    found: dict[int, list[Repeal]] = defaultdict(list)
    for one in annulments:
        repeal = Repeal(one.annulled_from, one.reason, grounds.of_one(cast("Adoption", one)), one.recorded_at)
        if repeal not in found[one.adoption.version_id]:  # a wording put in force twice is annulled at once
            found[one.adoption.version_id].append(repeal)
    return found


def _spans(
    held: list[Adoption], grounds: dict[int, Ground], annulments: list[Annulment], ending: Ending | None
) -> dict[int, list[Span]]:
    """From when to when each wording was the one in force: each day the adoption with the latest day, and of the same
    day the one entered last.
    """
    annulled = {one.adoption_id: one.annulled_from for one in reversed(annulments)}  # the first day counts
    days = {grounds[one.pk].since for one in held} | set(annulled.values())
    found: dict[int, list[Span]] = defaultdict(list)
    for since, until in pairwise([*sorted(days), None]):
        assert since is not None  # noqa: S101  (only the last is open)
        candidates = [one for one in held if grounds[one.pk].since <= since and annulled.get(one.pk, date.max) > since]
        winner = max(candidates, key=lambda one: (one.in_force_from, one.pk), default=None)
        if winner and (span := _cut(since, until, ending)):
            found[winner.version_id].append(span)
    return {version: list(_joined(spans)) for version, spans in found.items()}


def _cut(since: date, until: date | None, ending: Ending | None) -> Span | None:
    """A wording holds no longer than its pejlemærke."""
    if ending is None:
        return Span(since, until)
    return Span(since, min(until or ending.on, ending.on)) if since < ending.on else None


def _joined(spans: list[Span]) -> Iterator[Span]:
    current = spans[0]
    for span in spans[1:]:
        if current.until == span.since:
            current = Span(current.since, span.until)
        else:
            yield current
            current = span
    yield current
