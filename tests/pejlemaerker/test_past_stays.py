"""Whatever happens in whatever order: at most one wording is in force on any day, no fact ever changes, and what a
paper says of a past day is the same for ever.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kit.append_only import AppendOnlyModel
from meetings.actions import correct_decision
from meetings.models import (
    AgendaItem,
    Attendance,
    Committee,
    Correction,
    Decision,
    Meeting,
    Person,
    SourceDocument,
    Stay,
    StayOutcome,
    User,
)
from pejlemaerker.actions import (
    StatusText,
    create_dialogue,
    edit_dialogue,
    hand_in_statuses,
    open_evaluation,
    put_in_force,
    write_wording,
)
from pejlemaerker.actions.open_set import SetIsClosed
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.documents.standing import standings
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Annulment,
    AsOf,
    Audience,
    Dialogue,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Indicator,
    IndicatorDefinition,
    Learning,
    Measurement,
    Placement,
    RequestSettlement,
    SetClosing,
    Target,
)
from tests.conftest import decide
from tests.drill import examples

FIRST = date(2023, 1, 10)
DAYS = 5
APPROVING = ("approved", "approved_amended")
FACTS: list[Any] = [
    *(model for model in apps.get_app_config("pejlemaerker").get_models() if issubclass(model, AppendOnlyModel)),
    Decision, Correction, Stay, StayOutcome,
]  # fmt: skip

days = st.integers(0, DAYS - 1)
few = st.integers(0, 2)
acts = st.one_of(
    st.tuples(st.just("write"), few, few),
    st.tuples(st.just("adopt"), few, st.integers(-2, 3)),
    st.tuples(st.just("correct"), few, st.sampled_from([*APPROVING, "postponed", "rejected"])),
    st.tuples(st.just("stay"), few, few),
    st.tuples(st.just("settle"), few, st.sampled_from(["confirmed", "changed", "annulled"])),
    st.tuples(st.just("annul"), few, st.integers(-1, 2)),
    st.tuples(st.just("renumber"), st.integers(3, 9), few),
    st.tuples(st.just("end"), st.sampled_from(["completed", "dropped", "resumed"]), few),
    st.tuples(st.just("status"), few, few),
    st.tuples(st.just("plan"), few, few),
    st.tuples(st.just("ask"), few, few),
    st.tuples(st.just("answer"), few, few),
    st.tuples(st.just("target"), few, few),
    st.tuples(st.just("define"), few, st.booleans()),
    st.tuples(st.just("measure"), few, st.one_of(st.none(), st.integers(0, 9))),
    st.tuples(st.just("learn"), few, few),
    st.tuples(st.just("talk"), few, few),
    st.tuples(st.just("retell"), few, few),
    st.tuples(st.just("source"), few, few),
    st.tuples(st.just("close"), few, few),
)
periods = st.lists(st.tuples(days, acts), max_size=18).map(lambda one: sorted(one, key=lambda pair: pair[0]))


@contextmanager
def standing_on(day: date) -> Iterator[None]:
    """Let it be noon of a day."""
    with time_machine.travel(timezone.make_aware(datetime.combine(day, time(12))), tick=True):
        yield


@dataclass
class Oracle:
    """The rule, told once more in the simplest way: lists of what was written when."""

    adopted: list[tuple[date, int, int, date]] = field(default_factory=list)  # written, version, decision, from
    corrected: list[tuple[date, int, str]] = field(default_factory=list)
    stayed: dict[int, date] = field(default_factory=dict)
    settled: dict[int, tuple[date, str, date]] = field(default_factory=dict)
    annulled: list[tuple[date, int, int, date]] = field(default_factory=list)  # written, adoption, decision, from

    def approves(self, decision: int, at: AsOf) -> bool:
        """Whether a decision approves and is not held back."""
        told = [category for day, which, category in self.corrected if which == decision and day <= at.known]
        if told and told[-1] not in APPROVING:
            return False
        written, verdict, decided = self.settled.get(decision, (date.max, "", date.max))
        if written <= at.known and decided <= at.on and verdict == "confirmed":
            return True
        return not (decision in self.stayed and self.stayed[decision] <= at.known)

    def in_force(self, at: AsOf) -> int | None:
        """The version in force: the latest day to have come, and of the same day what was written last."""
        holds = [
            (since, order, version)
            for order, (written, version, decision, since) in enumerate(self.adopted)
            if written <= at.known and since <= at.on and self.approves(decision, at)
            and not self.is_annulled(order, at)
        ]  # fmt: skip
        return max(holds)[2] if holds else None

    def is_annulled(self, order: int, at: AsOf) -> bool:
        """Whether an adoption has been taken back."""
        return any(
            which == order and written <= at.known and since <= at.on and self.approves(decision, at)
            for written, which, decision, since in self.annulled
        )


class Play:
    """One committee, one set, three decisions of the first day, and whatever happens then."""

    def __init__(self, goal_set: GoalSet, member: User, by: User) -> None:
        self.by, self.oracle = by, Oracle()
        self.person = Person.objects.get(user=member)
        GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=FIRST)
        self.goal_set = GoalSet.objects.select_related("period__committee__municipality", "area").get(pk=goal_set.pk)
        number = 1 + max(one.number or 0 for one in goal_set.goals.all())
        self.goal = Goal.objects.create(goal_set=goal_set, number=number, kept_since=FIRST)
        self.decisions = [self._approval(goal_set.period.committee, n) for n in range(3)]

    def _approval(self, committee: Committee, number: int) -> Decision:
        meeting = Meeting.objects.create(committee=committee, date=FIRST)
        Attendance.objects.create(meeting=meeting, person=self.person, state="present")
        item = AgendaItem.including_closed.create(
            meeting=meeting, number=str(number), position=number, title="x", is_closed=False
        )
        return decide(item, "approved", "Godkendt.", by=self.by)

    def act(self, day: date, what: str, first: Any, second: Any) -> None:
        """Do one thing, as far as the rules allow it: in a set that is closed little is."""
        with suppress(SetIsClosed), transaction.atomic():
            getattr(self, f"_{what}")(day, first, second)

    def _versions(self) -> list[GoalVersion]:
        return list(self.goal.versions.order_by("number"))

    def _write(self, day: date, first: int, _second: int) -> None:
        expected = len(self._versions())
        write_wording(
            goal=self.goal, expected=expected, text=f"Vi vil {expected + 1}.", change_kind="change", reason="Ønsket",
            worded_on=day - timedelta(days=first), by=self.by,
        )  # fmt: skip

    def _adopt(self, day: date, first: int, later: int) -> None:
        versions, decision = self._versions(), self.decisions[first]
        since = max(FIRST, day + timedelta(days=later))
        if not versions or not Decision.including_closed.approving().filter(pk=decision.pk).exists():
            return
        version = versions[-1]
        if Adoption.objects.filter(version=version, decision=decision).exists():
            return
        put_in_force(versions=[version], decision=decision, in_force_from=since, by=self.by)
        self.oracle.adopted.append((day, version.number, first, since))

    def _correct(self, day: date, first: int, category: str) -> None:
        correct_decision(decision=self.decisions[first], text="Rettet.", category=category, nonce=uuid4(), by=self.by)
        self.oracle.corrected.append((day, first, category))

    def _stay(self, day: date, first: int, _second: int) -> None:
        if first not in self.oracle.stayed:
            Stay.including_closed.create(decision=self.decisions[first], declared_by=self.person, recorded_by=self.by)
            self.oracle.stayed[first] = day

    def _settle(self, day: date, first: int, verdict: str) -> None:
        if first in self.oracle.stayed and first not in self.oracle.settled:
            stay = Stay.including_closed.get(decision=self.decisions[first])
            StayOutcome.including_closed.create(stay=stay, verdict=verdict, decided_on=day, note="Rådet")
            self.oracle.settled[first] = (day, verdict, day)

    def _annul(self, day: date, first: int, later: int) -> None:
        adoptions = list(Adoption.objects.filter(version__goal=self.goal).order_by("pk"))
        if not adoptions or not Decision.including_closed.approving().filter(pk=self.decisions[first].pk).exists():
            return
        order = first % len(adoptions)
        since = day + timedelta(days=later)
        Annulment.objects.create(
            adoption=adoptions[order], decision=self.decisions[first], annulled_from=since, reason="Ophævet",
            recorded_by=self.by,
        )  # fmt: skip
        self.oracle.annulled.append((day, order, first, since))

    def _renumber(self, day: date, number: int, _second: int) -> None:
        taken = Goal.objects.filter(goal_set=self.goal_set, number=number).exclude(pk=self.goal.pk).exists()
        if not taken:
            Placement.objects.create(
                goal=self.goal, goal_set=self.goal_set, number=number, placed_from=day, recorded_by=self.by
            )

    def _end(self, day: date, kind: str, _second: int) -> None:
        GoalClosing.objects.create(
            goal=self.goal, kind=kind, ended_on=day, reason="Sådan blev det", recorded_by=self.by
        )

    def _status(self, day: date, first: int, earlier: int) -> None:
        evaluation = open_evaluation(
            goal_set=self.goal_set, kind="extra", held_on=day - timedelta(days=earlier), step=None, nonce=uuid4(),
            by=self.by,
        )  # fmt: skip
        status = StatusText(self.goal, f"Status {first}.", "under_way", 0)
        hand_in_statuses(evaluation=evaluation, statuses=[status], nonce=uuid4(), by=self.by)

    def _plan(self, day: date, first: int, _second: int) -> None:
        number = self.goal_set.plans.count() + 1
        plan = FollowUpPlan.objects.create(goal_set=self.goal_set, number=number, agreed_on=day, recorded_by=self.by)
        FollowUpStep.objects.create(plan=plan, position=1, kind="midterm_evaluation", title=f"Trin {first}")

    def _ask(self, day: date, first: int, _second: int) -> None:
        AdditionRequest.objects.create(
            goal_set=self.goal_set, goal=self.goal, about="wording", requested_on=day, text=f"Ønske {first}"
        )

    def _answer(self, day: date, first: int, _second: int) -> None:
        open_ones = AdditionRequest.objects.filter(goal_set=self.goal_set).unanswered().order_by("pk")
        if request := open_ones.first():
            RequestSettlement.objects.create(
                request=request, kind="declined", settled_on=day, note=f"Nej {first}", recorded_by=self.by
            )

    def _target(self, day: date, first: int, earlier: int) -> None:
        decision = self.decisions[first]
        is_approved = Decision.including_closed.approving().filter(pk=decision.pk).exists()
        replaced = Target.objects.filter(goal=self.goal, replaced_by=None).order_by("pk").last() if earlier else None
        Target.objects.create(
            goal=self.goal, text=f"Mål {first}", set_on=day - timedelta(days=earlier), replaces=replaced,
            decision=decision if is_approved and first else None, recorded_by=self.by,
        )  # fmt: skip

    def _indicator(self) -> Indicator:
        return Indicator.objects.filter(goal=self.goal).first() or Indicator.objects.create(goal=self.goal)

    def _define(self, _day: date, first: int, is_retired: bool) -> None:
        indicator = self._indicator()
        IndicatorDefinition.objects.create(
            indicator=indicator, number=indicator.definitions.count() + 1, name=f"Nøgletal {first}", unit=f"u{first}",
            source="Kilden", frequency="monthly", target_value=first, counts_people=bool(first),
            is_retired=is_retired, recorded_by=self.by,
        )  # fmt: skip

    def _measure(self, day: date, earlier: int, value: int | None) -> None:
        Measurement.objects.create(
            indicator=self._indicator(), measured_on=day - timedelta(days=earlier), value=value, note=f"Nu {day}",
            recorded_by=self.by,
        )  # fmt: skip

    def _learn(self, day: date, first: int, earlier: int) -> None:
        Learning.objects.create(
            goal_set=self.goal_set, goal=self.goal if first else None, text=f"Lært {first}",
            learned_on=day - timedelta(days=earlier), recorded_by=self.by,
        )  # fmt: skip

    def _talk(self, day: date, first: int, earlier: int) -> None:
        create_dialogue(
            goal_set=self.goal_set, leader_groups=[], goals=[self.goal], nonce=uuid4(), by=self.by, kind="other",
            held_on=day - timedelta(days=earlier), step=None, public_summary=f"Talt {first}", internal_notes="",
        )  # fmt: skip

    def _retell(self, day: date, first: int, about: int) -> None:
        if dialogue := Dialogue.objects.filter(committee=self.goal_set.period.committee).order_by("pk").last():
            edit_dialogue(
                dialogue=dialogue, expected=dialogue.revision, leader_groups=[], by=self.by, step=None,
                kind=["midterm", "final", "other"][first], held_on=day - timedelta(days=first),
                goals=[self.goal] if about else [], public_summary=f"Talt om {about}", internal_notes="",
            )  # fmt: skip

    def _source(self, day: date, first: int, earlier: int) -> None:
        number = len(self._versions()) + 1
        municipality = self.goal_set.period.committee.municipality
        document = SourceDocument.objects.create(
            municipality=municipality, kind="notat", file_name="n.txt", sha256=uuid4().hex * 2, case_no=f"23/{number}",
            date=day - timedelta(days=earlier),
        )  # fmt: skip
        GoalVersion.objects.create(
            goal=self.goal, number=number, text=f"Vi fra kilden {first}.", worded_on=day, source_document=document
        )

    def _close(self, day: date, _first: int, _second: int) -> None:
        if not SetClosing.objects.filter(goal_set=self.goal_set).exists():
            SetClosing.objects.create(goal_set=self.goal_set, closed_on=day, recorded_by=self.by)


def note_of(play: Play, day: date) -> str:
    """All that a note can tell on a day, inside and in public, of the set and of the one pejlemærke."""
    goal = Goal.objects.select_related("goal_set__period__committee__municipality", "goal_set__area").get(
        pk=play.goal.pk
    )
    subjects = [Subject.of_set(play.goal_set), Subject.of_goal(goal)]
    papers = [
        paper_of(subject, audience=audience, at=AsOf.day(day), choices=Choices(SECTIONS_OF[subject.kind]))
        for subject in subjects
        for audience in (Audience.INTERNAL, Audience.PUBLIC)
    ]
    return "\n".join(paper.text for paper in papers)


def facts() -> dict[tuple[str, Any], Any]:
    """Every row of every fact there is."""
    return {(model.__name__, row["id"]): row for model in FACTS for row in model._base_manager.order_by("pk").values()}


@pytest.mark.random
@settings(
    max_examples=examples(every_day=2, in_drill=8),
    deadline=None,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(periods)
def test_past_is_the_same_for_ever(
    goal_set: GoalSet, member: User, secretary: User, period: list[tuple[int, tuple[str, Any, Any]]]
) -> None:
    with transaction.atomic():
        _play_and_look_back(goal_set, member, secretary, period)
        transaction.set_rollback(True)  # the next example begins with an empty stage


def _play_and_look_back(
    goal_set: GoalSet, member: User, secretary: User, period: list[tuple[int, tuple[str, Any, Any]]]
) -> None:
    with standing_on(FIRST):
        play = Play(goal_set, member, secretary)
    notes: dict[date, str] = {}
    before = facts()
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        with standing_on(day):
            for when, act in period:
                if when == n:
                    play.act(day, *act)
            notes[day] = note_of(play, day)
        after = facts()
        assert {key: after[key] for key in before} == before
        before = after
    with standing_on(FIRST + timedelta(days=400)):
        assert {day: note_of(play, day) for day in notes} == notes
        for on in notes:
            for known in notes:
                _holds_what_the_rule_says(play, AsOf(on, known), secretary)


def _holds_what_the_rule_says(play: Play, at: AsOf, viewer: User) -> None:
    wanted = play.oracle.in_force(at)
    in_force = [one.version.number for one in Adoption.objects.in_force(at).filter(version__goal=play.goal)]
    assert in_force == ([] if wanted is None else [wanted]), at
    if at.on != at.known:
        return
    standing = standings([play.goal], viewer=viewer, at=at)[play.goal.pk]
    assert (standing.in_force.number if standing.in_force else None) == wanted, at
