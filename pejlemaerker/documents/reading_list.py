"""Læselisten til et nyt udvalg: what it inherits and is to decide, the story in short, the lessons, and the promises of
those who sat before.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef

from meetings.documents.promises import OpenPromises
from meetings.models import Committee
from pejlemaerker.documents.brief_story import brief_stories
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.learning import Learned, learned_of_goals, learned_of_set
from pejlemaerker.documents.standing import Standing, standings, standings_in
from pejlemaerker.models import Adoption, AsOf, Derivation, Goal, GoalSet, SetClosing

_HOW = {
    Derivation.Kind.CONTINUED: "Videreført fra",
    Derivation.Kind.MERGED: "Lagt sammen af",
    Derivation.Kind.SPLIT: "Delt fra",
}


@dataclass(frozen=True, slots=True)
class Inheritance:
    """Et gammelt pejlemærke, as the former committee left it."""

    standing: Standing
    story: tuple[Entry, ...]
    learned: tuple[Learned, ...]

    @property
    def name(self) -> str:
        """Pejlemærke 2, Dagtilbudsområdet 2022–2025."""
        return f"{self.standing.name}, {self.standing.goal.goal_set}"


@dataclass(frozen=True, slots=True)
class Inherited:
    """Et pejlemærke, der venter på det nye udvalgs beslutning, and the ones it comes from."""

    standing: Standing
    how: str
    sources: tuple[Inheritance, ...]

    @property
    def has_same_wording(self) -> bool:
        """Whether it reads as the old one did, word for word."""
        return [one.standing.wording for one in self.sources] == [self.standing.wording]


@dataclass(frozen=True, slots=True)
class InheritedSet:
    """Et overtaget sæt: whose it was, what was learned of the work as a whole, and its pejlemærker."""

    goal_set: GoalSet
    former: tuple[GoalSet, ...]
    learned: tuple[Learned, ...]
    goals: tuple[Inherited, ...]


@dataclass(frozen=True, slots=True)
class FormerPromises:
    """Det tidligere udvalgs åbne løfter, as far as the viewer may see them."""

    committee: Committee
    promises: OpenPromises


@dataclass(frozen=True, slots=True)
class ReadingList:
    """Læselisten, for one viewer."""

    committee: Committee
    sets: tuple[InheritedSet, ...]
    promises: tuple[FormerPromises, ...]

    @property
    def lead(self) -> str:
        """What it is for."""
        return (
            "Pejlemærkerne her er overleveret fra den forrige periode. De gælder først, når udvalget har besluttet "
            "dem. Udvalget kan vedtage dem, ændre dem eller lade dem falde."
        )

    @classmethod
    def for_committee(cls, committee: Committee, *, viewer: Any) -> Self:
        """Gather what the viewer may see; the number of queries grows with the sets, never with their pejlemærker."""
        at = AsOf.now()
        goals = list(
            inherited_and_waiting(committee, viewer).select_related("goal_set__area", "goal_set__period__committee")
        )
        sets = {goal.goal_set_id: goal.goal_set for goal in goals}
        standing_of = standings_in(sets, viewer=viewer, at=at)
        sources = _Sources.of(goals, viewer, at)
        former = _former_sets(sets, viewer)
        found = tuple(
            InheritedSet(
                goal_set=goal_set,
                former=tuple(former[pk]),
                learned=tuple(one for old in former[pk] for one in learned_of_set(old, at=at)),
                goals=tuple(sources.inherited(one) for one in standing_of.get(pk, []) if one.goal in goals),
            )
            for pk, goal_set in sets.items()
        )
        return cls(committee, found, _promises(committee, former, viewer) if found else ())


def inherited_and_waiting(committee: Committee, viewer: Any) -> Any:
    """The pejlemærker of a committee that came from another set and that nothing has been decided about."""
    derived = Derivation.objects.filter(version__goal=OuterRef("pk"))
    decided = Adoption.objects.effective(AsOf.now()).filter(version__goal=OuterRef("pk"))
    handed = SetClosing.objects.filter(to_set=OuterRef("goal_set"))
    return (
        Goal.objects.visible_to(viewer)
        .filter(Exists(derived), Exists(handed), ~Exists(decided), goal_set__period__committee=committee)
        .exclude(number=None)
        .order_by("goal_set__area__position", "goal_set_id", "number", "pk")
    )


@dataclass(frozen=True, slots=True)
class _Sources:
    """The old pejlemærker behind the new ones, as far as the viewer may see them."""

    derivations: dict[int, list[Derivation]]
    standing_of: dict[int, Standing]
    stories: dict[int, tuple[Entry, ...]]
    learned: dict[int, tuple[Learned, ...]]

    @classmethod
    def of(cls, goals: list[Goal], viewer: Any, at: AsOf) -> Self:
        derivations: dict[int, list[Derivation]] = defaultdict(list)
        for one in Derivation.objects.filter(version__goal__in=goals).select_related("version").order_by("pk"):
            derivations[one.version.goal_id].append(one)
        pks = {one.source_id for own in derivations.values() for one in own}
        seen = Goal.objects.visible_to(viewer).filter(pk__in=pks)
        old = list(seen.select_related("goal_set__area", "goal_set__period"))
        return cls(
            derivations=derivations,
            standing_of=standings(old, viewer=viewer, at=at),
            stories=brief_stories(old, viewer=viewer, at=at),
            learned=learned_of_goals(old, at=at),
        )

    def inherited(self, standing: Standing) -> Inherited:
        """Tell a new pejlemærke with the old ones it comes from."""
        own = self.derivations[standing.goal.pk]
        how = _HOW[Derivation.Kind(own[0].kind)] if own else ""
        old = [self.standing_of[one.source_id] for one in own if one.source_id in self.standing_of]
        told = [
            Inheritance(one, self.stories.get(one.goal.pk, ()), self.learned.get(one.goal.pk, ()))
            for one in sorted(old, key=lambda one: (one.number or 0, one.goal.pk))
        ]
        return Inherited(standing, how, tuple(told))


def _former_sets(sets: dict[int, GoalSet], viewer: Any) -> dict[int, list[GoalSet]]:
    former: dict[int, list[GoalSet]] = defaultdict(list)
    seen = GoalSet.objects.visible_to(viewer).filter(closing__to_set__in=list(sets))
    for old in seen.select_related("closing", "period__committee", "area").order_by("pk"):
        former[old.closing.to_set_id or 0].append(old)
    return former


def _promises(committee: Committee, former: dict[int, list[GoalSet]], viewer: Any) -> tuple[FormerPromises, ...]:
    """The open promises of the committees that sat before, and of this one."""
    committees = {old.period.committee_id: old.period.committee for own in former.values() for old in own}
    committees[committee.pk] = committee
    asked = (FormerPromises(one, OpenPromises.of(one, viewer=viewer)) for one in committees.values())
    return tuple(one for one in asked if one.promises.rows)
