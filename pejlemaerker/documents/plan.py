"""Opfølgningsplanen i sin helhed: its steps and what came of them, its deadlines, and every version of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Self
from uuid import UUID

from django.db.models import Q

from kit.clock import today
from kit.dates import ImpreciseDate, format_date, format_span
from meetings.models import Committee, Right
from pejlemaerker.documents.as_of import AsOfNote, day_query
from pejlemaerker.documents.course import NO_COURSE, Course, Step, courses
from pejlemaerker.documents.deadlines import Deadline, deadlines_in
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.plan_changes import plan_changes
from pejlemaerker.documents.plan_requests import asked_for
from pejlemaerker.documents.set_history import set_as_known
from pejlemaerker.models import (
    AsOf,
    FollowUpPlan,
    FollowUpStep,
    GoalSet,
    StepOutcome,
    known_by,
)

_STATES = {"done": "Gennemført", "current": "I gang", "next": "Det næste", "missed": "Ikke skrevet ind", "future": ""}


@dataclass(frozen=True, slots=True)
class Held:
    """Noget, der er holdt eller aflyst because a step said so."""

    on: date
    text: str  # "Holdt 14. november 2023" or what it is called, with its page
    url: str = ""
    outcome: str = ""  # what came of it; internal
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class PlanStep:
    """Et trin, as the plan page tells it."""

    step: FollowUpStep
    when: str
    meaning: str
    responsible: str  # internal: it may name somebody in the administration
    state: str = ""
    state_kind: str = "plain"
    held: tuple[Held, ...] = ()
    deadline: Deadline | None = None
    number: int | None = None

    @property
    def kind(self) -> str:
        """What sort of step it is, where its name does not say so."""
        name, kind = str(self.step).casefold(), self.step.get_kind_display()
        return "" if name.startswith(kind.casefold()) or kind.casefold().startswith(name) else kind


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """En udgave af planen: when it was agreed, by whom it was written, why, and what it changed."""

    number: int
    day: str = ""
    by: str = ""  # internal: somebody in the administration
    reason: str = ""
    answers: str = ""
    changes: tuple[str, ...] = ()
    url: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """Planen for et sæt, for one viewer on one day; or an earlier version of it."""

    goal_set: GoalSet
    at: AsOf
    plan: FollowUpPlan | None
    shown: int  # the version the page shows
    steps: tuple[PlanStep, ...]
    recurring: tuple[PlanStep, ...]
    versions: tuple[PlanVersion, ...]

    @classmethod
    def for_set(cls, goal_set: GoalSet, *, viewer: Any, at: AsOf, version: int | None = None) -> Self | None:
        """Gather what the viewer may see; None when there never was such a version."""
        goal_set = set_as_known(goal_set, at)
        plans = list(_known(goal_set, at))
        newest = plans[-1] if plans else None
        if version is not None and not 1 <= version <= (newest.number if newest else 0):
            return None
        is_insider = _is_insider(goal_set, viewer)
        steps = _steps_by_plan(plans)
        shown = next((one for one in plans if one.number == version), None) if version else newest
        told: list[PlanStep] = []
        if shown and shown is newest:
            told = _in_force(goal_set, steps[shown.pk], viewer=viewer, at=at, is_insider=is_insider)
        elif shown:
            told = [_planned(step, is_insider) for step in steps[shown.pk]]
        return cls(
            goal_set=goal_set,
            at=at,
            plan=newest,
            shown=version or (newest.number if newest else 0),
            steps=tuple(step for step in told if not step.step.is_recurring),
            recurring=tuple(step for step in told if step.step.is_recurring),
            versions=_versions(goal_set, plans, steps, viewer=viewer, at=at, is_insider=is_insider),
        )

    @property
    def is_newest(self) -> bool:
        """Whether the page shows the plan that holds."""
        return self.plan is not None and self.shown == self.plan.number

    @property
    def is_unknown(self) -> bool:
        """Whether the version is one that nobody has kept."""
        return self.plan is not None and not any(one.number == self.shown and one.is_known for one in self.versions)

    @property
    def eyebrow(self) -> str:
        """Whose plan, and of which period."""
        return f"{self.goal_set.area.name} · {self.goal_set.period}"

    @property
    def lead(self) -> str:
        """Since when the plan holds, and how often it was amended."""
        if self.plan is None:
            return ""
        day = f" fra {format_date(self.plan.agreed_on)}" if self.plan.agreed_on else ""
        if not self.is_newest:
            return f"Version {self.shown}, som ikke gælder mere."
        times = self.plan.number - 1
        amended = f", ændret {'én gang' if times == 1 else f'{times} gange'}" if times else ""
        return f"Planen{day}{amended}. Sådan følges der op på pejlemærkerne gennem perioden."

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal_set.kept_since)

    @property
    def query(self) -> str:
        """The day the page shows, for its links."""
        return day_query(self.at)


def meaning_of(when: ImpreciseDate) -> str:
    """What vague words are taken to mean ("september–november"); nothing where they say so themselves."""
    if when.is_firm or not (when.earliest and when.latest):
        return ""
    span = format_span(when.earliest, when.latest)
    if str(when.latest.year) in when.text and when.earliest.year == when.latest.year:
        span = span.removesuffix(f" {when.latest.year}")
    return "" if span in when.text.lower() else span


def _known(goal_set: GoalSet, at: AsOf) -> Iterable[FollowUpPlan]:
    """Every version that was known, oldest first."""
    known = known_by(at.known, "agreed_on", kept_since=goal_set.kept_since)
    plans = FollowUpPlan.objects.filter(known, Q(agreed_on__isnull=True) | Q(agreed_on__lte=at.on), goal_set=goal_set)
    return plans.select_related("answers", "recorded_by").order_by("number")


def _is_insider(goal_set: GoalSet, viewer: Any) -> bool:
    deciders = [goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)]
    return Committee.objects.where(viewer, Right.READ_GOALS).filter(pk__in=deciders).exists()


def _steps_by_plan(plans: list[FollowUpPlan]) -> dict[int, list[FollowUpStep]]:
    found: dict[int, list[FollowUpStep]] = defaultdict(list)
    for step in FollowUpStep.objects.filter(plan__in=plans).order_by("position"):
        found[step.plan_id].append(step)
    return found


def _planned(step: FollowUpStep, is_insider: bool, **told: Any) -> PlanStep:
    responsible = step.responsible if is_insider else ""
    return PlanStep(step, step.when.label, meaning_of(step.when), responsible, **told)


def _in_force(
    goal_set: GoalSet, steps: list[FollowUpStep], *, viewer: Any, at: AsOf, is_insider: bool
) -> list[PlanStep]:
    """The steps of the plan that holds, with where each stands and what came of it."""
    was_held = HeldInSets.in_sets([goal_set.pk], viewer=viewer, at=at)
    course = courses([goal_set.pk], viewer=viewer, at=at, held=was_held).get(goal_set.pk, NO_COURSE)
    standing = {one.step.pk: one for one in course.steps}
    held = _held(goal_set, was_held, at=at, is_insider=is_insider)
    deadlines = _deadlines(goal_set, course, viewer, at)
    told, number = [], 0
    for step in steps:
        own = held.get(step.trail, [])
        if step.is_recurring:
            told.append(_planned(step, is_insider, held=tuple(own)))
            continue
        number += 1
        stands = standing[step.pk]
        state, kind = _state(stands)
        told.append(
            _planned(
                step, is_insider, held=tuple(own or _elsewhere(stands)), state=state, state_kind=kind,
                deadline=deadlines.get(step.pk), number=number,
            )
        )  # fmt: skip
    return told


def _deadlines(goal_set: GoalSet, course: Course, viewer: Any, at: AsOf) -> dict[int, Deadline]:
    """Deadlines lie ahead of us: a page of another day has none."""
    if at.on != today():
        return {}
    found = deadlines_in({goal_set.pk: course}, viewer=viewer, at=at).get(goal_set.pk, ())
    return {deadline.step.pk: deadline for deadline in found}


def _state(step: Step) -> tuple[str, str]:
    if step.is_cancelled:
        return "Aflyst", "plain"
    if step.is_late:
        return "Datoen er overskredet", "warning"
    return _STATES[step.state], "success" if step.state == "done" else "plain"


def _elsewhere(step: Step) -> list[Held]:
    """What is known without a row of its own: the source says it was held, or it was taken up at another step."""
    is_told = step.step.when.is_firm and step.step.latest == step.happened_on and not step.url
    if step.happened_on is None or is_told:
        return []
    return [Held(step.happened_on, f"Holdt {format_date(step.happened_on)}", step.url)]


def _held(goal_set: GoalSet, was_held: HeldInSets, *, at: AsOf, is_insider: bool) -> dict[UUID, list[Held]]:
    """Everything that was held or called off, by step, in the order it happened; what was noted of a day on which a
    dialogue or an evaluation was held belongs to that.
    """
    found: dict[UUID, list[Held]] = defaultdict(list)
    since = goal_set.kept_since
    noted: dict[tuple[UUID, date], list[StepOutcome]] = defaultdict(list)
    for outcome in StepOutcome.objects.known(at).filter(step__plan__goal_set=goal_set).select_related("step"):
        noted[outcome.step.trail, outcome.occurred_on].append(outcome)
    dialogues = ((one.trail, one.dialogue) for one in was_held.dialogues if one.was_known(at, kept_since=since))
    for trail, one in (*dialogues, *((one.trail, one) for one in was_held.evaluations)):
        if trail:
            texts = [row.text for row in noted.pop((trail, one.held_on), []) if is_insider and row.text]
            found[trail].append(Held(one.held_on, str(one), one.get_absolute_url(), "\n".join(texts), one.is_demo))
    for (trail, day), outcomes in noted.items():
        for outcome in outcomes:
            word = "Aflyst" if outcome.is_cancelled else "Holdt"
            text = f"{word} {format_date(day)}"
            found[trail].append(Held(day, text, outcome=outcome.text if is_insider else ""))
    return {trail: sorted(all_held, key=lambda one: one.on) for trail, all_held in found.items()}


def _versions(
    goal_set: GoalSet, plans: list[FollowUpPlan], steps: dict[int, list[FollowUpStep]], *, viewer: Any, at: AsOf,
    is_insider: bool,
) -> tuple[PlanVersion, ...]:  # fmt: skip
    """Every version, newest first, each with what it changed; versions before the first that was kept are not known."""
    if not plans:
        return ()
    requests = asked_for((plan.answers for plan in plans if plan.answers), viewer=viewer)
    changes = {
        plan.pk: plan_changes(steps[before.pk], steps[plan.pk], is_insider=is_insider)
        for before, plan in pairwise(plans)
    }
    page = f"{goal_set.get_absolute_url()}plan/"
    day = day_query(at).replace("?", "&")
    newest = plans[-1].number
    told = {
        plan.number: PlanVersion(
            number=plan.number,
            day=format_date(plan.agreed_on) if plan.agreed_on else "",
            by=str(plan.recorded_by) if plan.recorded_by and is_insider else "",
            reason=plan.reason,
            answers=requests.get(plan.answers_id or 0, ""),
            changes=changes.get(plan.pk, ()),
            url=f"{page}{day_query(at)}" if plan.number == newest else f"{page}?version={plan.number}{day}",
        )
        for plan in plans
    }
    return tuple(told.get(number) or PlanVersion(number, is_known=False) for number in range(newest, 0, -1))
