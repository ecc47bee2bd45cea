"""Overleveringen: what becomes of each pejlemærke when its period ends, what is still missing, and what will happen."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, Self

from django.db.models import Max, Q
from django.urls import reverse

from kit.clock import today
from kit.danish import count_word, join_words, sort_key
from kit.dates import format_date
from meetings.models import Committee, CouncilTerm
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import (
    AsOf,
    ChangeKind,
    Derivation,
    EvaluationRound,
    Goal,
    GoalClosing,
    GoalHandoverDraft,
    GoalPeriod,
    GoalSet,
    HandoverDraft,
    Learning,
    StatusEntry,
)

_FATES = {
    GoalClosing.Kind.COMPLETED: "{name} afsluttes.",
    GoalClosing.Kind.DROPPED: "{name} udgår.",
    GoalClosing.Kind.CONTINUED: "{name} videreføres{places}.",
    GoalClosing.Kind.MERGED: "{name} lægges sammen med {into}.",
    GoalClosing.Kind.SPLIT: "{name} deles i {count}{places}.",
}


class Missing(NamedTuple):
    """Noget, der mangler, and where to write it."""

    text: str
    url: str


class Heir(NamedTuple):
    """Et pejlemærke i det nye sæt: its wording, and which of the old ones it takes over from."""

    text: str
    kind: Derivation.Kind
    change: ChangeKind
    sources: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class GoalHandover:
    """Et pejlemærke i overleveringen: how it stands, and what has been written of what becomes of it."""

    standing: Standing
    draft: GoalHandoverDraft | None
    final: StatusEntry | None
    into: Standing | None
    missing: tuple[str, ...]

    @property
    def goal(self) -> Goal:
        """The pejlemærke."""
        return self.standing.goal

    @property
    def url(self) -> str:
        """Where its handover is written."""
        return reverse("handover_goal", args=[self.goal.pk])

    @property
    def outcome(self) -> str:
        """How it goes on, as chosen; nothing yet."""
        return self.draft.outcome if self.draft else ""

    @property
    def outcome_text(self) -> str:
        """What becomes of it, in words."""
        if self.outcome == GoalClosing.Kind.MERGED and self.into:
            return f"Lægges sammen med {_in_sentence(self.into)}"
        return {
            GoalClosing.Kind.COMPLETED.value: "Afsluttes",
            GoalClosing.Kind.DROPPED.value: "Udgår",
            GoalClosing.Kind.CONTINUED.value: "Videreføres",
            GoalClosing.Kind.MERGED.value: "Lægges sammen med et andet",
            GoalClosing.Kind.SPLIT.value: "Deles i flere",
        }.get(self.outcome, "")

    @property
    def learning(self) -> str:
        """What was learned."""
        return self.draft.learning if self.draft else ""

    @property
    def is_ready(self) -> bool:
        """Whether all that is asked has been written; a final status may be done without."""
        return not self.missing

    @property
    def lives_on(self) -> bool:
        """Whether a pejlemærke of the new set takes over directly from this one."""
        return self.outcome in (GoalClosing.Kind.CONTINUED, GoalClosing.Kind.SPLIT)

    @property
    def wordings(self) -> list[str]:
        """The wording for the new period; of a split one, one for each line."""
        text = self.draft.wordings.strip() if self.draft else ""
        if self.outcome == GoalClosing.Kind.SPLIT:
            return [line.strip() for line in text.splitlines() if line.strip()]
        return [text] if text and self.outcome == GoalClosing.Kind.CONTINUED else []


@dataclass(frozen=True, slots=True)
class HandoverDocument:
    """Overleveringen af et sæt, as far as it is written."""

    goal_set: GoalSet
    draft: HandoverDraft
    goals: tuple[GoalHandover, ...]
    ended: tuple[Standing, ...]  # those that ended before the period did
    missing: tuple[Missing, ...]
    taken: int = 0  # the last number in the set that takes over, when it is there already

    @classmethod
    def for_set(cls, goal_set: GoalSet, *, viewer: Any) -> Self:
        """Gather what has been written, in the same number of queries however many pejlemærker there are."""
        standings = standings_in([goal_set.pk], viewer=viewer, at=AsOf.now()).get(goal_set.pk, [])
        draft = draft_of(goal_set)
        drafts = {one.goal_id: one for one in draft.goals.all()} if draft.pk else {}
        alive = [standing for standing in standings if standing.ending is None]
        learned = set(Learning.objects.filter(goal__in=goal_set.goals.all()).values_list("goal", flat=True))
        goals = tuple(_goals(alive, drafts, _final_statuses(goal_set, viewer), learned))
        missing = [Missing(f"{one.standing.name}: {' '.join(one.missing)}", one.url) for one in goals if one.missing]
        if any(one.lives_on for one in goals):
            page = reverse("handover", args=[goal_set.pk])
            missing += [Missing(text, f"{page}#overleveres-til") for text in _missing_of_new_set(goal_set, draft)]
        ended = tuple(standing for standing in standings if standing.ending)
        return cls(goal_set, draft, goals, ended, tuple(missing), 0 if missing else _taken(draft))

    @property
    def seen(self) -> str:
        """Which drafts this page shows: what is confirmed is what was read."""
        revisions = [(one.goal.pk, one.draft.revision if one.draft else 0) for one in self.goals]
        return "-".join(str(part) for pair in [(0, self.draft.revision), *sorted(revisions)] for part in pair)

    @property
    def progress(self) -> str:
        """3 af 4 er klar."""
        ready = sum(1 for one in self.goals if one.is_ready)
        return f"{ready} af {len(self.goals)} er klar"

    @property
    def without_final(self) -> tuple[GoalHandover, ...]:
        """Those that have no status from a final evaluation."""
        return tuple(one for one in self.goals if one.final is None)

    @property
    def without_final_text(self) -> str:
        """Which they are, in a sentence."""
        names = [one.standing.name for one in self.without_final]
        if len(names) == len(self.goals):
            return "Der er ingen afsluttende evaluering."
        return f"{join_words(names)} har ingen status fra en afsluttende evaluering."

    @property
    def heirs(self) -> tuple[Heir, ...]:
        """The pejlemærker of the new set, in order."""
        merged: dict[int, list[Goal]] = defaultdict(list)
        for one in self.goals:
            if one.outcome == GoalClosing.Kind.MERGED and one.into:
                merged[one.into.goal.pk].append(one.goal)
        return tuple(heir for one in self.goals for heir in _heirs(one, merged[one.goal.pk]))

    @property
    def new_set_name(self) -> str:
        """Dagtilbudsområdet 2026–2029."""
        first, last = self.draft.starts_on, self.draft.ends_on
        return f"{self.draft.area_name} {first.year}–{last.year}" if first and last else self.draft.area_name

    @property
    def will_happen(self) -> list[str]:
        """What the closing does, a sentence each."""
        numbers: dict[int, list[str]] = defaultdict(list)
        for number, heir in enumerate(self.heirs, start=self.taken + 1):
            numbers[heir.sources[0].pk].append(str(number))
        fates = [_fate(one, numbers[one.goal.pk]) for one in self.goals]
        count = len(self.heirs)
        if not count:
            return [*fates, "Der bliver ikke lavet et nyt sæt."]
        noun = "pejlemærke" if count == 1 else "pejlemærker"
        waits = "Ordlyden gælder" if count == 1 else "Ordlydene gælder"
        gets = f"får {self.new_set_name} med {count_word(count)} {noun}"
        if self.taken:
            gets = f"har allerede {self.new_set_name} og får {count_word(count)} {noun} mere"
        return [*fates, f"{self.draft.to_committee} {gets}. {waits} først, når udvalget har besluttet det."]


def _taken(draft: HandoverDraft) -> int:
    """The last number that is taken where those that live on go: they come after it."""
    if draft.starts_on is None or draft.ends_on is None:
        return 0
    there = GoalSet.objects.filter(
        period__committee=draft.to_committee_id, period__starts_on=draft.starts_on, period__ends_on=draft.ends_on,
        area__name=draft.area_name.strip(),
    )  # fmt: skip
    return Goal.objects.filter(goal_set__in=there).aggregate(last=Max("number"))["last"] or 0


def _in_sentence(standing: Standing) -> str:
    return f"{standing.name[:1].lower()}{standing.name[1:]}"


def draft_of(goal_set: GoalSet) -> HandoverDraft:
    """Return the draft, or an unsaved one that proposes to whom the set goes and when."""
    drafts = HandoverDraft.objects.filter(goal_set=goal_set).select_related("to_committee", "edited_by")
    return drafts.first() or HandoverDraft(goal_set=goal_set, **proposal(goal_set))


def proposal(goal_set: GoalSet) -> dict[str, Any]:
    """Propose the successor of the committee (else itself), the same area, and the next council term."""
    committee, ends_on = goal_set.period.committee, goal_set.period.ends_on
    term = CouncilTerm.objects.filter(municipality=committee.municipality_id, starts_on__gt=ends_on).last()
    starts_on = term.starts_on if term else ends_on + timedelta(days=1)
    return {
        "to_committee": _successor(committee, starts_on),
        "area_name": goal_set.area.name,
        "starts_on": starts_on,
        "ends_on": term.ends_on if term else date(starts_on.year + 4, starts_on.month, 1) - timedelta(days=1),
    }


def _successor(committee: Committee, day: date) -> Committee | None:
    """The committee itself, as long as it lives; else the one that came after it."""
    if committee.valid_to is None or committee.valid_to >= day:
        return committee
    return min(committee.successors.all(), key=lambda one: sort_key(one.name), default=None)


def receivers(goal_set: GoalSet) -> list[Committee]:
    """The committees of the municipality that a set can go to, in Danish order; not one that ended with the period."""
    committee, ends_on = goal_set.period.committee, goal_set.period.ends_on
    alive = Q(valid_to__isnull=True) | Q(valid_to__gt=max(ends_on, today()))
    own = Committee.objects.filter(alive, municipality=committee.municipality_id)
    return sorted(own, key=lambda one: sort_key(one.name))


def _final_statuses(goal_set: GoalSet, viewer: Any) -> dict[int, StatusEntry]:
    entries = StatusEntry.objects.visible_to(viewer).filter(
        round__goal_set=goal_set, round__kind=EvaluationRound.Kind.FINAL
    )
    return {entry.goal_id: entry for entry in entries.select_related("round").order_by("round__held_on", "pk")}


def _goals(
    standings: list[Standing],
    drafts: dict[int, GoalHandoverDraft],
    finals: dict[int, StatusEntry],
    learned: set[int],
) -> Iterator[GoalHandover]:
    standing_of = {standing.goal.pk: standing for standing in standings}
    for standing in standings:
        draft = drafts.get(standing.goal.pk)
        into = standing_of.get(draft.into_id or 0) if draft else None
        continued = draft is not None and _is_continued(drafts.get(draft.into_id or 0))
        missing = tuple(_missing(draft, into, into_is_continued=continued, has_learned=standing.goal.pk in learned))
        yield GoalHandover(standing, draft, finals.get(standing.goal.pk), into, missing)


def _is_continued(draft: GoalHandoverDraft | None) -> bool:
    return draft is not None and draft.outcome == GoalClosing.Kind.CONTINUED


def _missing(
    draft: GoalHandoverDraft | None, into: Standing | None, *, into_is_continued: bool, has_learned: bool
) -> Iterator[str]:
    """What must still be written of one pejlemærke; what was learned on the way is not written twice."""
    if draft is None or not draft.outcome:
        yield "Vælg, hvad der sker med det."
    elif draft.outcome == GoalClosing.Kind.DROPPED and not draft.reason.strip():
        yield "Skriv, hvorfor det udgår."
    elif draft.outcome == GoalClosing.Kind.CONTINUED and not draft.wordings.strip():
        yield "Skriv ordlyden i den nye periode."
    elif draft.outcome == GoalClosing.Kind.SPLIT and sum(1 for line in draft.wordings.splitlines() if line.strip()) < 2:
        yield "Skriv mindst to ordlyde, én på hver linje."
    elif draft.outcome == GoalClosing.Kind.MERGED and into is None:
        yield "Vælg, hvilket det lægges sammen med."
    elif draft.outcome == GoalClosing.Kind.MERGED and into and not into_is_continued:
        yield f"Det lægges sammen med {_in_sentence(into)}, men det står ikke til at blive videreført."
    is_written = draft is not None and bool(draft.learning.strip())
    if not is_written and (not has_learned or (draft and draft.carry_on.strip())):
        yield "Skriv, hvad I har lært."


def _missing_of_new_set(goal_set: GoalSet, draft: HandoverDraft) -> Iterator[str]:
    if draft.to_committee is None:
        yield "Vælg, hvilket udvalg der tager over."
    if not draft.area_name.strip():
        yield "Skriv, hvad området hedder i den nye periode."
    if draft.starts_on is None or draft.ends_on is None:
        yield "Skriv den nye periodes første og sidste dag."
    elif draft.ends_on <= draft.starts_on:
        yield "Den nye periodes sidste dag skal ligge efter den første."
    elif draft.starts_on <= goal_set.period.starts_on:
        yield "Den nye periode skal begynde efter den gamle."
    elif draft.to_committee and (other := _other_period(draft.to_committee, draft.starts_on, draft.ends_on)):
        yield (
            f"{draft.to_committee} har allerede en periode fra {format_date(other.starts_on)}, og den slutter "
            f"{format_date(other.ends_on)}. Skriv de samme dage, eller vælg en anden første dag."
        )


def _other_period(committee: Committee, starts_on: date, ends_on: date) -> GoalPeriod | None:
    """A period of the committee that begins that very day and ends another."""
    return GoalPeriod.objects.filter(committee=committee, starts_on=starts_on).exclude(ends_on=ends_on).first()


def _heirs(one: GoalHandover, merged: list[Goal]) -> Iterator[Heir]:
    kind, change = Derivation.Kind.CONTINUED, ChangeKind.CONTINUED
    if one.outcome == GoalClosing.Kind.SPLIT:
        kind, change = Derivation.Kind.SPLIT, ChangeKind.SPLIT
    elif merged:
        kind, change = Derivation.Kind.MERGED, ChangeKind.MERGED
    for text in one.wordings:
        yield Heir(text, kind, change, (one.goal, *merged))


def _fate(one: GoalHandover, numbers: list[str]) -> str:
    places = f" som pejlemærke {join_words(numbers)} i den nye periode" if numbers else ""
    into = _in_sentence(one.into) if one.into else ""
    fate = _FATES.get(GoalClosing.Kind(one.outcome), "") if one.outcome else ""
    return fate.format(name=one.standing.name, places=places, into=into, count=count_word(len(numbers)))
