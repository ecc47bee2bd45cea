"""Afstamning: what a pejlemærke was merged from, split into or carried on as, and what of that is only proposed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models.functions import Coalesce

from kit.danish import join_words
from kit.dates import format_date
from pejlemaerker.documents.as_of import day_query
from pejlemaerker.documents.endings import endings
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import Adoption, AsOf, Derivation, Goal, GoalSet, GoalVersion, Placement


class State(StrEnum):
    """How far a derivation has come."""

    PROPOSED = "proposed"  # it waits for the committee
    COMING = "coming"  # decided, but for a later day
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Relative:
    """Another pejlemærke, as it is named here."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the lineage: words, the other pejlemærker, words."""

    state: State
    before: str
    others: tuple[Relative, ...]
    after: str
    on: date | None
    leads: bool  # of all who tell the same story, the one that tells it for the whole set
    ends_this: bool  # then the ending is what is told on this side

    @property
    def text(self) -> str:
        """The sentence without its links."""
        return f"{self.before}{join_words([one.name for one in self.others])}{self.after}"

    @property
    def undated(self) -> str:
        """The sentence for a story, where the day stands beside it."""
        return self.text.removesuffix(f" {format_date(self.on)}.") + "." if self.on else self.text

    @property
    def is_proposal(self) -> bool:
        """Whether the committee has yet to decide."""
        return self.state == State.PROPOSED


@dataclass(frozen=True, slots=True)
class Former:
    """Et pejlemærke, der ikke længere står: how it ended, and what took over from it."""

    standing: Standing
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Et forslag om at lægge sammen eller dele, as the set's page tells it."""

    standing: Standing
    line: Line

    @property
    def name(self) -> str:
        """Pejlemærke 2, or one that so far is only proposed."""
        return self.standing.name if self.standing.number else "Et nyt pejlemærke"

    @property
    def before(self) -> str:
        """The words between its name and the others'."""
        words = self.line.before.removeprefix("Forslag: ")
        return f"{words[:1].lower()}{words[1:]}"


class _Kin(NamedTuple):
    """One derivation, seen from one of its ends."""

    derivation: Derivation
    is_source: bool
    state: State
    on: date | None


def lineage_of(goal: Goal, *, viewer: Any, at: AsOf) -> tuple[Line, ...]:
    """Tell the lineage of one pejlemærke on a day, proposals first."""
    return lineages([goal], viewer=viewer, at=at).get(goal.pk, ())


def lineages(goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, tuple[Line, ...]]:
    """Tell the lineage of each pejlemærke, in eight queries, or one where there is nothing to tell. Those that the
    viewer may not see are not named.
    """
    wanted = {goal.pk for goal in goals}
    derivations = _known(wanted, at)
    if not derivations:
        return {}
    others = [one.source_id for one in derivations] + [one.version.goal_id for one in derivations]
    seen = set(Goal.objects.visible_to(viewer).filter(pk__in=others).values_list("pk", flat=True))
    states = _states(derivations, at)
    names = Names(others, viewer=viewer, at=at)
    kin: dict[int, list[_Kin]] = defaultdict(list)
    for one in derivations:
        state = states.get(one.version_id)
        if state is None:
            continue
        if one.source_id in wanted and one.version.goal_id in seen:
            kin[one.source_id].append(_Kin(one, True, *state))
        if one.version.goal_id in wanted and one.source_id in seen:
            kin[one.version.goal_id].append(_Kin(one, False, *state))
    return {goal: tuple(_lines(goal, own, names)) for goal, own in kin.items()}


def former_goals(former: Iterable[Standing], told: dict[int, tuple[Line, ...]]) -> tuple[Former, ...]:
    """Tell how each that no longer stands has ended, and into which, latest first."""
    ordered = sorted(former, key=lambda one: one.ending.on if one.ending else date.max, reverse=True)
    return tuple(
        Former(one, tuple(line for line in told.get(one.goal.pk, ()) if not line.is_proposal)) for one in ordered
    )


def proposals(listed: Iterable[Standing], told: dict[int, tuple[Line, ...]]) -> tuple[Proposal, ...]:
    """Tell what is proposed, or decided for a day to come, of merging and splitting in a set."""
    return tuple(
        Proposal(standing, line)
        for standing in listed
        for line in told.get(standing.goal.pk, ())
        if line.leads and line.state != State.DONE
    )


def _known(goals: set[int], at: AsOf) -> list[Derivation]:
    from_or_to = Derivation.objects.filter(source__in=goals) | Derivation.objects.filter(version__goal__in=goals)
    written = GoalVersion.objects.written(at)
    rows = from_or_to.filter(version__in=written).select_related("version__goal", "source")
    return list(rows.order_by("pk"))


def _states(derivations: list[Derivation], at: AsOf) -> dict[int, tuple[State, date | None]]:
    """How far each wording has come; one that another has passed by, or whose pejlemærke was given up, is left out."""
    versions = {one.version_id: one.version for one in derivations}
    adopted: dict[int, date] = {}
    effective = Adoption.objects.effective(at).filter(version__in=versions).order_by("-in_force_from")
    for pk, day, decided_on in effective.annotate(
        decided=Coalesce("decision__decided_on", "in_force_from")
    ).values_list("version", "in_force_from", "decided"):
        if decided_on <= at.on:
            adopted[pk] = day
    goals = {one.goal_id: one.goal for one in versions.values()}
    newest = dict(
        GoalVersion.objects.written(at)
        .filter(goal__in=goals)
        .order_by("goal_id", "-number")
        .distinct("goal_id")
        .values_list("goal_id", "pk")
    )
    ended = endings(goals.values(), at)
    states: dict[int, tuple[State, date | None]] = {}
    for pk, version in versions.items():
        if pk in adopted:
            states[pk] = (State.DONE if adopted[pk] <= at.on else State.COMING, adopted[pk])
        elif newest.get(version.goal_id) == pk and version.goal_id not in ended:
            states[pk] = (State.PROPOSED, None)
    return states


class Names:
    """What pejlemærker are called on a day: by the last number they had, and by their set where it is another, and one
    that the viewer may see.
    """

    def __init__(self, goals: Iterable[int], *, viewer: Any, at: AsOf) -> None:
        places = Placement.objects.filter(goal__in=set(goals)).select_related("goal_set__area", "goal_set__period")
        self.places = {place.goal_id: place for place in places.at(at)}
        self.numbered = {place.goal_id: place for place in places.filter(number__isnull=False).at(at)}
        sets = {place.goal_set_id for place in (*self.places.values(), *self.numbered.values())}
        several = GoalSet.objects.visible_to(viewer).filter(pk__in=sets if len(sets) > 1 else [])
        self.visible = set(several.values_list("pk", flat=True))
        self.query = day_query(at)

    def of(self, goal: int, seen_from: int) -> Relative:
        """Name one pejlemærke as it is seen from another."""
        place = self.numbered.get(goal)
        name = f"pejlemærke {place.number}" if place else "et nyt pejlemærke"
        here, there = self.places.get(seen_from), place or self.places.get(goal)
        elsewhere = here and there and here.goal_set_id != there.goal_set_id and there.goal_set_id in self.visible
        told = f"{name} ({there.goal_set.area}, {there.goal_set.period})" if elsewhere and there else name
        return Relative(told, f"/pejlemaerker/{goal}/{self.query}")


def _lines(goal: int, kin: list[_Kin], names: Names) -> Iterable[Line]:
    """One sentence for each thing that happens on one day; what waits stands first, then the latest."""
    ordered = sorted(kin, key=lambda one: (one.on or date.max).toordinal(), reverse=True)
    together = groupby(
        ordered,
        key=lambda one: (one.state, one.on, one.is_source, one.derivation.kind, _act(one)),
    )
    for (state, on, is_source, kind, _), group in together:
        own = [one.derivation for one in group]
        others = tuple(names.of(one.version.goal_id if is_source else one.source_id, goal) for one in own)
        before, after = _SENTENCES[Derivation.Kind(kind), is_source][state]
        if is_source and kind == Derivation.Kind.SPLIT and not own[0].ends_source:
            before = before.replace(" i ", " i dette og ")
        if not is_source and kind == Derivation.Kind.MERGED and own[0].version.number == 1:
            before, after = _MERGED_INTO_NEW[state]
        told = format_date(on) if on else ""
        sentence = before.format(day=told)
        if sentence == "" and others:
            others = (Relative(others[0].name[:1].upper() + others[0].name[1:], others[0].url), *others[1:])
        leads = is_source if kind == Derivation.Kind.SPLIT else kind == Derivation.Kind.MERGED and not is_source
        ends_this = is_source and own[0].ends_source
        yield Line(state, sentence, others, after.format(day=told), on, leads, ends_this)


def _act(one: _Kin) -> int:
    """What is told together: all that one wording takes over from; and all that one is split into."""
    return 0 if one.is_source else one.derivation.version_id


# By kind and by end (whether the page is that of the source): the words before and after the others.
_SENTENCES = {
    (Derivation.Kind.MERGED, True): {
        State.PROPOSED: ("Forslag: lægges sammen med ", "."),
        State.COMING: ("Lægges fra {day} sammen med ", "."),
        State.DONE: ("Lagt ind i ", " {day}."),
    },
    (Derivation.Kind.MERGED, False): {
        State.PROPOSED: ("Forslag: lægges sammen med ", "."),
        State.COMING: ("Lægges fra {day} sammen med ", "."),
        State.DONE: ("", " blev lagt ind i dette {day}."),
    },
    (Derivation.Kind.SPLIT, True): {
        State.PROPOSED: ("Forslag: deles i ", "."),
        State.COMING: ("Deles fra {day} i ", "."),
        State.DONE: ("Delt i ", " {day}."),
    },
    (Derivation.Kind.SPLIT, False): {
        State.PROPOSED: ("Forslag: udskilles af ", "."),
        State.COMING: ("Udskilles fra {day} af ", "."),
        State.DONE: ("Udskilt af ", " {day}."),
    },
    (Derivation.Kind.CONTINUED, True): {
        State.PROPOSED: ("Foreslået videreført som ", "."),
        State.COMING: ("Videreføres fra {day} som ", "."),
        State.DONE: ("Videreført som ", " {day}."),
    },
    (Derivation.Kind.CONTINUED, False): {
        State.PROPOSED: ("Foreslået videreført fra ", "."),
        State.COMING: ("Videreføres fra {day} fra ", "."),
        State.DONE: ("Videreført fra ", " {day}."),
    },
}
_MERGED_INTO_NEW = {
    State.PROPOSED: ("Forslag: afløser ", ", der lægges sammen."),
    State.COMING: ("Afløser fra {day} ", ", der lægges sammen."),
    State.DONE: ("Lagt sammen af ", " {day}."),
}
