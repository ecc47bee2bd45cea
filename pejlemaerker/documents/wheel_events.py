"""Hvad der sker med sættene: the steps of the plans that hold, and the dialogue meetings and evaluations held."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from kit.danish import join_words, sort_key
from kit.dates import format_date
from meetings.models import Committee
from pejlemaerker.documents.course import NO_COURSE, Course, Step, courses
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.known_dialogues import KnownDialogue, about_goals
from pejlemaerker.models import (
    AsOf,
    Dialogue,
    EvaluationRound,
    FollowUpPlan,
    Goal,
    GoalSet,
    StepOutcome,
)

# A recurring step with a vaguer time than these ("hvert år") has no place of its own in a year.
_PLACED = ("day", "month", "season", "half_year")


@dataclass(frozen=True, slots=True)
class WheelSet:
    """Et sæt, by the names it bears in a year wheel."""

    goal_set: GoalSet
    name: str
    committee_name: str

    @property
    def pk(self) -> int:
        """Its number."""
        return self.goal_set.pk

    @property
    def kept_since(self) -> date:
        """Since when it is kept here."""
        return self.goal_set.kept_since

    @property
    def full_name(self) -> str:
        """With its committee, where several committees are told of."""
        return f"{self.name}, {self.committee_name}"

    def covers(self, year: int) -> bool:
        """Whether its period touches the year."""
        period = self.goal_set.period
        return period.starts_on.year <= year <= period.ends_on.year


@dataclass(frozen=True, slots=True)
class SetEvent:
    """Et trin, or something that was held: when, what, and of which set."""

    uid: str  # stable, whatever becomes of it
    of: tuple[WheelSet, ...]  # none for a dialogue meeting about no set the viewer sees
    what: str
    when: str
    url: str
    recorded_at: datetime
    earliest: date | None = None
    latest: date | None = None
    is_firm: bool = False
    is_step: bool = True
    is_done: bool = False
    is_cancelled: bool = False
    is_demo: bool = False
    note: str = ""
    version: int = 0
    held_by: str = ""  # the committee, where there is no set

    @property
    def whose(self) -> str:
        """The sets it is about."""
        return join_words([one.name for one in self.of]) or self.held_by

    @property
    def full_whose(self) -> str:
        """The same with their committees."""
        return join_words([one.full_name for one in self.of]) or self.held_by

    def covers(self, year: int) -> bool:
        """Whether the period of one of its sets touches the year."""
        return any(one.covers(year) for one in self.of)

    @property
    def is_undated(self) -> bool:
        """Whether it has no days at all."""
        return self.earliest is None or self.latest is None


def sets_of(committees: Iterable[Committee], *, viewer: Any, at: AsOf) -> list[WheelSet]:
    """The sets these committees own or share, that the viewer may see and that were known, in two queries."""
    committees = list(committees)
    shared = GoalSet.partners.through.objects.filter(goalset=OuterRef("pk"), committee__in=committees)
    known = Q(kept_since__lte=at.known) | Q(period__starts_on__lte=at.on)
    found = (
        GoalSet.objects.visible_to(viewer)
        .filter(known, Q(period__committee__in=committees) | Exists(shared))
        .select_related("period__committee", "area")
        .prefetch_related("period__committee__former_names", "partners__former_names")
    )
    sets = [_named(one, at) for one in found]
    return sorted(
        sets,
        key=lambda one: (
            sort_key(one.committee_name),
            one.goal_set.period.starts_on,
            one.goal_set.area.position,
            one.pk,
        ),
    )


def events_for_calendar(viewer: Any, *, committee: Committee | None, at: AsOf) -> list[SetEvent]:
    """All that has days, of one committee's sets or of all the viewer may see, in order."""
    committees = [committee] if committee else list(Committee.objects.all())
    events = set_events(sets_of(committees, viewer=viewer, at=at), committees, viewer=viewer, at=at)
    return sorted((one for one in events if not one.is_undated), key=lambda one: (one.earliest or date.min, one.uid))


def _named(goal_set: GoalSet, at: AsOf) -> WheelSet:
    day = min(at.on, goal_set.period.ends_on)
    owners = [goal_set.period.committee, *sorted(goal_set.partners.all(), key=lambda one: sort_key(one.name))]
    name = f"{goal_set.area.name} (fælles sæt)" if len(owners) > 1 else goal_set.area.name
    return WheelSet(goal_set, name, join_words([one.name_on(day) for one in owners]))


def set_events(sets: list[WheelSet], committees: Iterable[Committee], *, viewer: Any, at: AsOf) -> list[SetEvent]:
    """All that happens with the sets, whenever it does; in the same number of queries however many they are."""
    committees, pks = list(committees), [one.pk for one in sets]
    about = Q(committee__in=committees) | Q(about_goals(goal_set__in=pks))
    held = HeldInSets.in_sets(pks, viewer=viewer, at=at, about=about)
    course_of = courses(pks, viewer=viewer, at=at, held=held)
    steps = [event for one in sets for event in _steps(one, course_of.get(one.pk, NO_COURSE))]
    told = {event.url for event in steps if event.is_done}
    times = list(_times_of_recurring(sets, at))
    evaluations = [one for one in _evaluations(sets, held) if one.url not in told]
    dialogues = [one for one in _dialogues(sets, committees, held.dialogues, at) if one.url not in told]
    coming = {one.url for one in dialogues if not one.is_done}
    steps = [one for one in steps if one.url not in coming]  # told with its day, as the dialogue meeting it has become
    return [*steps, *times, *evaluations, *dialogues]


def _steps(of: WheelSet, course: Course) -> Iterator[SetEvent]:
    if course.plan is None:
        return
    for step in course.steps:
        yield _step(of, course.plan, step)
    for recurring in course.recurring:
        has_place = recurring.precision in _PLACED
        yield SetEvent(
            uid=f"trin-{recurring.trail}",
            of=(of,),
            what=str(recurring),
            when=recurring.when.label,
            url=of.goal_set.get_absolute_url(),
            recorded_at=course.plan.recorded_at,
            earliest=recurring.earliest if has_place else None,
            latest=recurring.latest if has_place else None,
            is_firm=recurring.when.is_firm,
            version=course.plan.number,
        )


def _step(of: WheelSet, plan: FollowUpPlan, step: Step) -> SetEvent:
    planned = step.step.when
    happened = step.happened_on
    was_vague = happened and not planned.is_firm and planned.label
    note = ""
    if step.is_cancelled:
        note = "Aflyst"
    elif was_vague:
        note = f"I planen: »{planned.label}«"
    elif step.is_late:
        note = "Datoen er overskredet"
    return SetEvent(
        uid=f"trin-{step.step.trail}",
        of=(of,),
        what=step.title,
        when=format_date(happened) if happened else planned.label,
        url=step.url or of.goal_set.get_absolute_url(),
        recorded_at=plan.recorded_at,
        earliest=happened or planned.earliest,
        latest=happened or planned.latest,
        is_firm=bool(happened) or planned.is_firm,
        is_done=bool(happened) and not step.is_cancelled,
        is_cancelled=step.is_cancelled,
        note=note,
        version=plan.number,
    )


def _times_of_recurring(sets: list[WheelSet], at: AsOf) -> Iterator[SetEvent]:
    """Each time a recurring step was held, or was called off."""
    by_pk = {one.pk: one for one in sets}
    outcomes = StepOutcome.objects.known(at).filter(step__plan__goal_set__in=by_pk, step__is_recurring=True)
    for outcome in outcomes.select_related("step__plan"):
        of = by_pk[outcome.step.plan.goal_set_id]
        yield SetEvent(
            uid=f"udfald-{outcome.pk}",
            of=(of,),
            what=str(outcome.step),
            when=format_date(outcome.occurred_on),
            url=of.goal_set.get_absolute_url(),
            recorded_at=outcome.recorded_at,
            earliest=outcome.occurred_on,
            latest=outcome.occurred_on,
            is_firm=True,
            is_done=not outcome.is_cancelled,
            is_cancelled=outcome.is_cancelled,
            note="Aflyst" if outcome.is_cancelled else "",
        )


def _evaluations(sets: list[WheelSet], held: HeldInSets) -> Iterator[SetEvent]:
    by_pk = {one.pk: one for one in sets}
    for one in held.evaluations:
        yield _held(one, f"evaluering-{one.pk}", [by_pk[one.goal_set_id]], one.recorded_at)


def _dialogues(
    sets: list[WheelSet], committees: list[Committee], held: Sequence[KnownDialogue], at: AsOf
) -> Iterator[SetEvent]:
    """Dialogue meetings of these committees, or about pejlemærker of these sets: held, or planned."""
    by_pk = {one.pk: one for one in sets}
    own_pks = {one.pk for one in committees}
    set_of = dict(Goal.objects.filter(goal_set__in=by_pk).values_list("pk", "goal_set_id"))
    prefetch_related_objects([one.dialogue for one in held], "committee__former_names")
    for known in held:
        one = known.dialogue
        of = [by_pk[pk] for pk in dict.fromkeys(set_of[goal] for goal in set_of if goal in known.goals)]
        own = (each for each in sets if each.goal_set.period.committee_id == one.committee_id)
        since = max((each.kept_since for each in of or own), default=date.min)
        if not of and one.committee_id not in own_pks:
            continue
        is_ahead = known.was_planned(at)
        if is_ahead or known.was_known(at, kept_since=since):
            event = _held(one, f"dialogmoede-{one.pk}", of, one.edited_at)
            held_by, note = one.committee.name_on(one.held_on), "Planlagt" if is_ahead else ""
            yield replace(event, held_by=held_by, is_done=not is_ahead, note=note)


def _held(one: Dialogue | EvaluationRound, uid: str, of: list[WheelSet], changed: datetime) -> SetEvent:
    return SetEvent(
        uid=uid,
        of=tuple(of),
        what=one.get_kind_display(),
        when=format_date(one.held_on),
        url=one.get_absolute_url(),
        recorded_at=changed,
        earliest=one.held_on,
        latest=one.held_on,
        is_firm=True,
        is_step=False,
        is_done=True,
        is_demo=one.is_demo,
    )
