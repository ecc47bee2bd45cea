"""To perioder side om side: how each pejlemærke read before and after, and how the two hang together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kit.clock import today
from kit.danish import sort_key
from kit.dates import format_date
from pejlemaerker.documents.diff import Diff, Part
from pejlemaerker.documents.learning import Learned, learned_of_goals
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import AsOf, Derivation, GoalSet, SetClosing

_KINDS = {
    Derivation.Kind.CONTINUED: "Videreført",
    Derivation.Kind.MERGED: "Lagt sammen",
    Derivation.Kind.SPLIT: "Delt",
}


@dataclass(frozen=True, slots=True)
class Side:
    """En af de to: a set, on a day; without one, at the end of its period or as it is now. A paper of an earlier day
    sees both from there.
    """

    goal_set: GoalSet
    day: date | None = None
    seen_from: AsOf | None = None

    @property
    def at(self) -> AsOf:
        """By what was known on a day that is asked for; of a whole period by what is known now."""
        if self.day:
            return AsOf.day(self.day)
        seen = self.seen_from or AsOf.now()
        return AsOf(min(self.goal_set.period.ends_on, seen.on), seen.known)

    @property
    def key(self) -> str:
        """As the address names it."""
        return f"{self.goal_set.pk}@{self.day.isoformat()}" if self.day else str(self.goal_set.pk)

    @property
    def name(self) -> str:
        """Dagtilbudsområdet 2022–2025, med dagen når der er spurgt om den."""
        return f"{self.goal_set}, {format_date(self.day)}" if self.day else str(self.goal_set)

    @property
    def moment(self) -> str:
        """Ved periodens slutning, or the day."""
        if self.day:
            return f"Som det var {format_date(self.day)}"
        ends_on, seen = self.goal_set.period.ends_on, self.seen_from
        if ends_on < (seen.on if seen else today()):
            return f"Ved periodens slutning, {format_date(ends_on)}"
        return format_date(seen.on) if seen else "I dag"

    @property
    def committee(self) -> str:
        """The committee by its name that day."""
        return self.goal_set.period.committee.name_on(self.at.on)


@dataclass(frozen=True, slots=True)
class Compared:
    """Et pejlemærke på en af siderne."""

    standing: Standing
    learned: tuple[Learned, ...]

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return self.standing.name

    @property
    def wording(self) -> str:
        """The wording that day."""
        return self.standing.wording


@dataclass(frozen=True, slots=True)
class Pair:
    """Pejlemærker, der hører sammen: the old ones, the new ones, and how; one side may be empty."""

    how: str
    old: tuple[Compared, ...]
    new: tuple[Compared, ...]

    @property
    def title(self) -> str:
        """Pejlemærke 1 og 2 → pejlemærke 1: a heading that a screen reader can tell from the others."""
        old, new = (_names(side) for side in (self.old, self.new))
        if old and new:
            return f"{old} → {new[:1].lower()}{new[1:]}"
        return old or new

    @property
    def reason(self) -> str:
        """Why it ended, where nothing takes over."""
        ending = self.old[0].standing.ending if self.old and not self.new else None
        return ending.reason if ending else ""

    @property
    def diff(self) -> Diff | None:
        """Word by word, where one wording stands against one other."""
        if len(self.old) != 1 or len(self.new) != 1 or not (self.old[0].wording and self.new[0].wording):
            return None
        return Diff.of(self.old[0].wording, self.new[0].wording)

    @property
    def diff_text(self) -> str:
        """What the difference amounts to, in a sentence."""
        return self.diff.summary if self.diff else ""

    @property
    def old_parts(self) -> tuple[Part, ...]:
        """The old wording with what went marked in it."""
        return self.diff.before if self.diff else ()

    @property
    def new_parts(self) -> tuple[Part, ...]:
        """The new wording with what came marked in it."""
        return self.diff.after if self.diff else ()


def _names(side: tuple[Compared, ...]) -> str:
    numbers = [str(one.standing.number) for one in side if one.standing.number is not None]
    if len(numbers) != len(side) or not numbers:
        return ", ".join(one.name for one in side)
    joined = " og ".join([", ".join(numbers[:-1]), numbers[-1]]) if len(numbers) > 1 else numbers[0]
    return f"Pejlemærke {joined}"


@dataclass(frozen=True, slots=True)
class Choice:
    """To sæt, der kan sammenlignes: one inherited from the other."""

    old: GoalSet
    new: GoalSet

    @property
    def query(self) -> str:
        """What the address asks."""
        return f"?foer={self.old.pk}&efter={self.new.pk}"

    @property
    def name(self) -> str:
        """Dagtilbudsområdet 2022–2025 og 2026–2029."""
        new = str(self.new.period) if self.new.area.name == self.old.area.name else str(self.new)
        return f"{self.old} og {new}"


@dataclass(frozen=True, slots=True)
class CompareDocument:
    """Sammenligningen, for one viewer; without both sides only what can be chosen."""

    before: Side | None
    after: Side | None
    pairs: tuple[Pair, ...]
    choices: tuple[Choice, ...]
    sets: tuple[GoalSet, ...]

    @classmethod
    def of(cls, before: Side | None, after: Side | None, *, viewer: Any) -> Self:
        """Compare two sides the viewer may see, in the same number of queries however many pejlemærker there are."""
        seen = GoalSet.objects.visible_to(viewer).select_related("period__committee", "area")
        sets = sorted(seen, key=lambda one: (sort_key(str(one.area)), one.period.starts_on, one.pk))
        pairs = pairs_of(before, after, viewer=viewer) if before and after else ()
        return cls(before, after, pairs, _choices(sets), tuple(sets))

    @property
    def summary(self) -> str:
        """3 videreført, 1 udgået, 2 nye."""
        return summary_of(self.pairs)


def summary_of(pairs: Iterable[Pair]) -> str:
    """Count how they hang together."""
    counts: dict[str, int] = defaultdict(int)
    for pair in pairs:
        counts[pair.how.lower()] += 1
    return ", ".join(f"{count} {'nye' if how == 'nyt' and count > 1 else how}" for how, count in counts.items())


def _choices(sets: list[GoalSet]) -> tuple[Choice, ...]:
    """Those where one has inherited the other; both must be visible."""
    by_pk = {one.pk: one for one in sets}
    rows = SetClosing.objects.filter(goal_set__in=by_pk, to_set__in=by_pk).order_by("-closed_on", "pk")
    return tuple(Choice(by_pk[old], by_pk[new]) for old, new in rows.values_list("goal_set", "to_set"))


def _compared(side: Side, viewer: Any) -> dict[int, Compared]:
    standings = standings_in([side.goal_set.pk], viewer=viewer, at=side.at).get(side.goal_set.pk, [])
    learned = learned_of_goals([one.goal for one in standings], at=side.at)
    return {one.goal.pk: Compared(one, learned.get(one.goal.pk, ())) for one in standings}


def pairs_of(before: Side, after: Side, *, viewer: Any) -> tuple[Pair, ...]:
    """Tell which pejlemærker hang together, in the same number of queries however many there are."""
    old, new = _compared(before, viewer), _compared(after, viewer)
    known = [one.standing.in_force or one.standing.awaiting for one in new.values()]
    links = [(goal, goal, "") for goal in old if goal in new]
    rows = Derivation.objects.filter(version__goal__in=new, source__in=old).exclude(version=None)
    versions = {version.goal_id: version.number for version in known if version}
    for source, goal, number, kind in rows.order_by("pk").values_list(
        "source", "version__goal", "version__number", "kind"
    ):
        if source != goal and number <= versions.get(goal, 0):
            links.append((source, goal, _KINDS[Derivation.Kind(kind)]))
    return tuple(_grouped(old, new, links))


def _grouped(old: dict[int, Compared], new: dict[int, Compared], links: list[tuple[int, int, str]]) -> Iterable[Pair]:
    """Those that hang together, in the order of the old ones; then what is new."""
    left: dict[int, set[int]] = defaultdict(set)
    right: dict[int, set[int]] = defaultdict(set)
    for source, goal, _ in links:
        left[source].add(goal)
        right[goal].add(source)
    done: set[int] = set()
    for first in old:
        if first in done:
            continue
        olds, news = _together({first}, left, right)
        done |= olds
        kinds = [kind for source, _, kind in links if source in olds and kind]
        yield Pair(
            _how([old[pk] for pk in old if pk in olds], [new[pk] for pk in new if pk in news], kinds),
            tuple(old[pk] for pk in old if pk in olds),
            tuple(new[pk] for pk in new if pk in news),
        )
    yield from (Pair("Nyt", (), (one,)) for pk, one in new.items() if not right[pk])


def _together(olds: set[int], left: dict[int, set[int]], right: dict[int, set[int]]) -> tuple[set[int], set[int]]:
    """All that can be reached from one another."""
    while True:
        news = {goal for one in olds for goal in left[one]}
        grown = olds | {source for goal in news for source in right[goal]}
        if grown == olds:
            return olds, news
        olds = grown


def _how(old: list[Compared], new: list[Compared], kinds: list[str]) -> str:
    if kinds:
        return kinds[0]
    if not new:
        ending = old[0].standing.ending
        return ending.label if ending else "Ikke ført videre"
    ending = new[0].standing.ending
    if ending and not old[0].standing.ending:
        return ending.label
    return "Uændret" if old[0].wording == new[0].wording else "Ændret"
