"""A committee's years, acted out day by day through the actions people use: what is written is written that day."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import uuid4

import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from kit.clock import today
from kit.drafts import EditConflict
from meetings.actions import (
    MeetingClosed,
    NotAllowed,
    correct_decision,
    edit_meeting,
    record_stay_outcome,
    settle_promise,
)
from meetings.actions import publish as publish_record
from meetings.actions.organisation import fingerprint, rename_committee, values_of
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Event,
    LeaderGroup,
    Meeting,
    Person,
    Promise,
    ProtocolNote,
    Recommendation,
    SourceDocument,
    Stay,
    User,
)
from pejlemaerker.actions import (
    EndedMeanwhile,
    Measured,
    NumbersChanged,
    PlannedStep,
    StatusText,
    amend_plan,
    annul_wording,
    arrange_goals,
    close_goal,
    create_dialogue,
    create_goal,
    create_indicator,
    define_indicator,
    edit_dialogue,
    edit_goal,
    edit_set,
    hand_in_statuses,
    merge_goals,
    move_goal,
    note_outcome,
    open_evaluation,
    put_before_committee,
    put_in_force,
    record_measurements,
    record_request,
    split_goal,
    write_target,
    write_wording,
)
from pejlemaerker.actions.agreements import Agreed, record_agreement
from pejlemaerker.actions.dialogues import cancel_dialogue
from pejlemaerker.actions.learning import record_learning
from pejlemaerker.actions.merging import newest_wordings
from pejlemaerker.actions.places import fingerprint as order_seen
from pejlemaerker.actions.places import numbers_in
from pejlemaerker.actions.sets import Days, shown_of_goal, shown_of_set
from pejlemaerker.models import (
    Derivation,
    Dialogue,
    EvaluationRound,
    FollowUpStep,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    Indicator,
    KnowledgeSource,
    Measurement,
    NoteTemplate,
    PolicyArea,
    SetClosing,
    Target,
)

# What may be refused on the way: then nothing happens that day.
REFUSED = (NotAllowed, EditConflict, EndedMeanwhile, NumbersChanged, MeetingClosed, IntegrityError)
CATEGORIES = ("approved", "approved", "approved", "approved_amended", "postponed", "rejected")


@contextmanager
def standing_on(day: date, hour: int = 12) -> Iterator[None]:
    """Let it be an hour of a day."""
    with time_machine.travel(timezone.make_aware(datetime.combine(day, time(hour))), tick=True):
        yield


class Story:
    """One committee with the sets of two periods, and whatever chance lets happen to them."""

    def __init__(self, committee: Committee, member: User, by: User, random: Random) -> None:
        """Begin with two sets of two pejlemærker, and a plan."""
        self.committee, self.by, self.random = committee, by, random
        self.person = Person.objects.get(user=member)
        self.meetings: list[Meeting] = []
        group = LeaderGroup.objects.create(municipality=committee.municipality, name="Lederkredsen")
        area = PolicyArea.objects.create(committee=committee, name="Dagtilbud")
        self.sets = [self._set(area, group, first) for first in (2022, 2026)]
        for goal_set in self.sets:
            # Public from the start: nobody outside is told in which hidden set a pejlemærke stood before it was moved.
            publish_record(subject="goal_set", record=goal_set, by=by, warnings_accepted=[])
            for _ in range(2):
                self.goal(goal_set)
            self.plan(goal_set)

    def _set(self, area: PolicyArea, group: LeaderGroup, first: int) -> GoalSet:
        period = GoalPeriod.objects.create(
            committee=self.committee, starts_on=date(first, 1, 1), ends_on=date(first + 3, 12, 31)
        )
        return GoalSet.objects.create(period=period, area=area, leader_group=group)

    def happen(self, times: int) -> list[str]:
        """Let chance do some things today, as far as the rules allow; tells which were done."""
        done = []
        for _ in range(times):
            name = self.random.choice(ACTS)
            with suppress(*REFUSED), transaction.atomic():
                getattr(self, name)(self.a_set())
                done.append(name)
        return done

    def everything(self) -> list[str]:
        """Let each thing happen once today, as far as chance and the rules allow it; tells which were done."""
        done = []
        for name in dict.fromkeys(ACTS):
            for _ in range(40):
                with suppress(*REFUSED), transaction.atomic():
                    getattr(self, name)(self.a_set())
                    done.append(name)
                    break
        return done

    # --- What there is ----------------------------------------

    def a_set(self) -> GoalSet:
        """One of the two sets, as it stands now."""
        goal_set = self.random.choice(self.sets)
        return GoalSet.objects.select_related("period__committee__municipality", "area").get(pk=goal_set.pk)

    def a_goal(self, goal_set: GoalSet) -> Goal:
        """One of its pejlemærker."""
        goals = list(Goal.objects.filter(goal_set=goal_set).select_related("goal_set__period").order_by("pk"))
        return self.random.choice(goals)

    def some(self, rows: Any) -> Any:
        """One of these; where there is none, nothing happens."""
        found = list(rows.order_by("pk"))
        if not found:
            raise NotAllowed("Der er ingen.")
        return self.random.choice(found)

    def earlier(self) -> date:
        """Today, or some days ago."""
        return today() - timedelta(days=self.random.choice([0, 0, 1, 3, 20]))

    def words(self, what: str) -> str:
        """Words that are like no others."""
        return f"{what} {self.random.randrange(10_000)}."

    # --- The committee ----------------------------------------

    def meeting(self, _goal_set: GoalSet) -> None:
        """Hold a meeting with an open and a closed item, both decided."""
        meeting = Meeting.objects.create(
            committee=self.committee, date=today(), starts_at=time(len(self.meetings) % 23), place="Rådhuset"
        )
        Event.objects.record("meeting_created", meeting, by=self.by)
        self.meetings.append(meeting)
        Attendance.objects.create(meeting=meeting, person=self.person, state="present")
        for number, is_closed in ((1, False), (2, True)):
            item = AgendaItem.including_closed.create(
                meeting=meeting, number=str(number), position=number, title=self.words("Sag"), is_closed=is_closed
            )
            Recommendation.including_closed.create(item=item, number=1, text="at det godkendes.")
            Decision.including_closed.create(
                item=item, category=self.random.choice(CATEGORIES), text=self.words("Vedtaget"), decided_on=today(),
                recorded_by=self.by,
            )  # fmt: skip

    def coming_meeting(self, _goal_set: GoalSet) -> None:
        """Call a meeting for a day to come, and perhaps move or cancel another."""
        day = today() + timedelta(days=self.random.randrange(1, 90))
        meeting = Meeting.objects.create(committee=self.committee, date=day, starts_at=time(20), place="Rådhuset")
        Event.objects.record("meeting_created", meeting, by=self.by)

    def change_meeting(self, _goal_set: GoalSet) -> None:
        """Move a meeting, or call it off."""
        meeting: Meeting = self.some(Meeting.objects.filter(committee=self.committee, items=None))
        edit_meeting(
            meeting=meeting, expected=meeting.revision, by=self.by, starts_at=meeting.starts_at,
            date=today() + timedelta(days=self.random.randrange(-30, 60)), place="Byrådssalen", kind=meeting.kind,
            cancelled=self.random.choice(["", "Sygdom"]), ends_at=None,
        )  # fmt: skip

    def decision(self) -> Decision:
        """Some decision, open or closed."""
        found: Decision = self.some(Decision.including_closed.filter(item__meeting__committee=self.committee))
        return found

    def correct(self, _goal_set: GoalSet) -> None:
        """Correct a decision, and perhaps what it amounts to."""
        correct_decision(
            decision=self.decision(), text=self.words("Rettet"), category=self.random.choice(["", *CATEGORIES]),
            nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def stay(self, _goal_set: GoalSet) -> None:
        """Bring a decision before the council (§ 23)."""
        decision = self.decision()
        if not Stay.including_closed.filter(decision=decision).exists():
            Stay.including_closed.create(decision=decision, declared_by=self.person, recorded_by=self.by)

    def settle_stay(self, _goal_set: GoalSet) -> None:
        """Write down what the council made of it."""
        record_stay_outcome(
            stay=self.some(Stay.including_closed.filter(outcome=None)), nonce=uuid4(), by=self.by,
            verdict=self.random.choice(["confirmed", "changed", "annulled"]), decided_on=self.earlier(),
            council_item=None, note="Rådet",
        )  # fmt: skip

    def dissent(self, _goal_set: GoalSet) -> None:
        """Let somebody's words stand beside a decision."""
        item = self.decision().item
        ProtocolNote.including_closed.create(
            item=item, kind="dissent", by="Parti A", text=self.words("Imod"), recorded_by=self.by
        )

    def make_public(self, goal_set: GoalSet) -> None:
        """Publish something that was not public."""
        records: list[tuple[str, Any]] = [("goal_set", goal_set)]
        records += [("evaluation_round", one) for one in EvaluationRound.objects.order_by("pk")]
        records += [("dialogue", one) for one in Dialogue.objects.order_by("pk")]
        records += [(subject, one) for one in Meeting.objects.order_by("pk") for subject in (AGENDA, MINUTES)]
        subject, record = self.random.choice(records)
        publish_record(subject=subject, record=record, by=self.by, warnings_accepted=[])

    def promise(self, _goal_set: GoalSet) -> None:
        """Promise to come back."""
        Promise.including_closed.create(
            item=self.decision().item, text=self.words("Svar på"), responsible="Hanne", recorded_by=self.by,
            due_on=today() + timedelta(days=self.random.randrange(1, 60)),
        )  # fmt: skip

    def keep_promise(self, goal_set: GoalSet) -> None:
        """Keep a promise: in another way, or on an item of today's meeting."""
        promise: Promise = self.some(Promise.including_closed.still_open())
        if self.random.random() < 0.5 and promise.item:
            self.meeting(goal_set)
            promise.answer = AgendaItem.including_closed.get(meeting=self.meetings[-1], number="1")
            promise.save(update_fields=["answer"])
        else:
            settle_promise(promise=promise, on=self.earlier(), note=self.words("Sendt"), by=self.by)

    def rename_committee(self, _goal_set: GoalSet) -> None:
        """Give the committee another name from today."""
        committee = Committee.objects.get(pk=self.committee.pk)
        shown = fingerprint(values_of(committee, ("name", "abbreviation")))
        rename_committee(
            committee, name=self.words("Udvalget").rstrip("."), abbreviation="U", since=today(), shown=shown, by=self.by
        )

    def rename_user(self, _goal_set: GoalSet) -> None:
        """Let somebody change their name."""
        User.objects.filter(pk=self.by.pk).update(display_name=self.words("Signe"))

    def template(self, _goal_set: GoalSet) -> None:
        """Give the house's papers another look, and another signature."""
        last = NoteTemplate.objects.order_by("version").last()
        NoteTemplate.objects.create(
            municipality=self.committee.municipality, version=last.version + 1 if last else 1,
            note_word=self.random.choice(["NOTAT", "STATUS"]), signature=self.words("Direktør"), made_by=self.by,
        )  # fmt: skip

    # --- The set ----------------------------------------

    def goal(self, goal_set: GoalSet) -> None:
        """Write a new pejlemærke."""
        create_goal(
            goal_set=goal_set, text=self.words("Vi vil"), worded_on=self.earlier(), refers_to="", responsible=None,
            nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def wording(self, goal_set: GoalSet) -> None:
        """Write another wording."""
        goal = self.a_goal(goal_set)
        write_wording(
            goal=goal, expected=goal.versions.count(), text=self.words("Vi vil hellere"), worded_on=self.earlier(),
            change_kind=self.random.choice(["addition", "change", "linguistic"]), reason=self.words("Ønsket"),
            by=self.by,
        )  # fmt: skip

    def put_before(self, goal_set: GoalSet) -> None:
        """Put a wording before the committee on some item."""
        version: GoalVersion = self.some(GoalVersion.objects.filter(goal__goal_set=goal_set))
        put_before_committee(version=version, item=self.decision().item, by=self.by)

    def adopt(self, goal_set: GoalSet) -> None:
        """Put wordings in force from today or a later day, or from the decision's own."""
        decision = self.decision()
        version: GoalVersion = self.some(GoalVersion.objects.filter(goal__goal_set=goal_set).awaiting_decision())
        later = today() + timedelta(days=self.random.choice([0, 0, 9, 40]))
        put_in_force(
            versions=[version], decision=decision, by=self.by,
            in_force_from=self.random.choice([decision.decided_on, later, later]),
        )  # fmt: skip

    def annul(self, goal_set: GoalSet) -> None:
        """Take a wording back."""
        version: GoalVersion = self.some(GoalVersion.objects.filter(goal__goal_set=goal_set).exclude(adoptions=None))
        annul_wording(
            version=version, decision=self.decision(), delegation_note="", annulled_from=today(),
            reason=self.words("Ophævet"), nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def renumber(self, goal_set: GoalSet) -> None:
        """Hand out the numbers anew."""
        numbers = numbers_in(goal_set)
        goals = [pk for pk, number in numbers.items() if number]
        self.random.shuffle(goals)
        new = numbers | {pk: place for place, pk in enumerate(goals, start=1)}
        arrange_goals(
            goal_set=goal_set, numbers=new, seen=order_seen(numbers), placed_from=self.earlier(),
            reason=self.words("Orden"), by=self.by,
        )  # fmt: skip

    def move(self, goal_set: GoalSet) -> None:
        """Move a pejlemærke to the other set."""
        other = next(one for one in self.sets if one.pk != goal_set.pk)
        if Goal.objects.filter(goal_set=goal_set).count() > 2:
            move_goal(
                goal=self.a_goal(goal_set), seen=goal_set.pk, to_set=other, placed_from=today(),
                reason=self.words("Flyttet"), by=self.by,
            )  # fmt: skip

    def merge(self, goal_set: GoalSet) -> None:
        """Propose to merge two, or to carry one on in the other set."""
        goals = list(Goal.objects.filter(goal_set=goal_set).order_by("pk"))[:2]
        merge_goals(
            goal_set=goal_set, goals=goals, into=self.random.choice([None, goals[0]]), text=self.words("Vi samler"),
            reason="Ønsket", worded_on=today(), expected=newest_wordings(goals), nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def split(self, goal_set: GoalSet) -> None:
        """Propose to split one."""
        goal = self.a_goal(goal_set)
        split_goal(
            goal=goal, texts=[self.words("Vi deler"), self.words("Vi deler også")], reason="Ønsket", worded_on=today(),
            expected=newest_wordings([goal])[goal.pk], first_stays=self.random.random() < 0.5, nonce=uuid4(),
            by=self.by,
        )  # fmt: skip

    def carry_on(self, _goal_set: GoalSet) -> None:
        """Let a wording of the new period carry on a pejlemærke of the old."""
        version: GoalVersion = self.some(GoalVersion.objects.filter(goal__goal_set=self.sets[1]))
        goal = self.a_goal(self.sets[0])
        if version.recorded_at.date() == today() and not Derivation.objects.filter(version=version).exists():
            Derivation.objects.create(version=version, source=goal, kind="continued", ends_source=True)

    def end(self, goal_set: GoalSet) -> None:
        """End a pejlemærke, or take it up again."""
        kind = self.random.choice(["completed", "dropped", "resumed"])
        close_goal(
            goal=self.a_goal(goal_set), kind=kind, ended_on=today(), reason=self.words("Sådan blev det"), decision=None,
            delegation_note="" if kind == "completed" else "Udvalget har bemyndiget direktøren",
            gives_up_number=self.random.random() < 0.5, nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def say_of_set(self, goal_set: GoalSet) -> None:
        """Put right what is said of a set: its days, its area's name, and who shares it."""
        period = goal_set.period
        partners = list(Committee.objects.exclude(pk=self.committee.pk)) if self.random.random() < 0.5 else []
        days = Days(period.starts_on, period.ends_on - timedelta(days=self.random.choice([0, 0, 31])))
        name = self.random.choice([goal_set.area.name, self.words("Dagtilbud").rstrip(".")])
        edit_set(
            goal_set=goal_set, shown=shown_of_set(goal_set), days=days, area_name=name,
            leader_group=goal_set.leader_group, partners=partners, by=self.by,
        )  # fmt: skip

    def say_of_goal(self, goal_set: GoalSet) -> None:
        """Put right what is said of a pejlemærke."""
        goal = self.a_goal(goal_set)
        edit_goal(
            goal=goal, shown=shown_of_goal(goal), refers_to=self.words("Strategien"), responsible=None, by=self.by
        )

    def close(self, goal_set: GoalSet) -> None:
        """Close the old set, seldom."""
        if goal_set.pk == self.sets[0].pk and self.random.random() < 0.05:
            SetClosing.objects.create(goal_set=goal_set, to_set=self.sets[1], closed_on=today(), recorded_by=self.by)

    def read_in(self, goal_set: GoalSet) -> None:
        """Take in a document that names what the administration gathers, and words a pejlemærke."""
        document = SourceDocument.objects.create(
            municipality=self.committee.municipality, committee=self.committee, kind="notat", file_name="notat.txt",
            sha256=uuid4().hex * 2, case_no=f"22/{self.random.randrange(999)}", date=self.earlier(), title="Notat",
        )  # fmt: skip
        KnowledgeSource.objects.create(
            goal_set=goal_set, name=self.words("undersøgelse").rstrip("."), source_document=document
        )
        goal = self.a_goal(goal_set)
        number = goal.versions.count() + 1
        GoalVersion.objects.create(
            goal=goal, number=number, text=self.words("Vi læser"), worded_on=document.date, source_document=document,
            change_kind="change",
        )  # fmt: skip

    def ask(self, goal_set: GoalSet) -> None:
        """Ask for an addition."""
        record_request(
            goal_set=goal_set, nonce=uuid4(), by=self.by, goal=self.a_goal(goal_set), about="wording",
            requested_on=self.earlier(), text=self.words("Skriv mere"),
        )  # fmt: skip

    # --- Following up ----------------------------------------

    def plan(self, goal_set: GoalSet) -> None:
        """Write the next version of the plan."""
        newest = goal_set.plans.order_by("number").last()
        kept = [
            PlannedStep(one.kind, one.title, one.when_text, one.is_recurring, one.responsible, "", one.trail)
            for one in (newest.steps.order_by("position") if newest else ())
        ][:5]
        when = self.random.choice(["efteråret 2023", "30. maj 2023", "", "november 2026"])
        step = PlannedStep(
            self.random.choice(["midterm_evaluation", "midterm_dialogue", "learning", "final_dialogue"]),
            self.words("Trin").rstrip("."), when, self.random.random() < 0.3, self.words("Hanne"),
        )  # fmt: skip
        amend_plan(
            goal_set=goal_set, expected=newest.number if newest else 0, agreed_on=self.earlier(),
            reason=self.words("Ønsket"), steps=[*kept, step], by=self.by,
        )  # fmt: skip

    def outcome(self, goal_set: GoalSet) -> None:
        """Note what came of a step."""
        note_outcome(
            step=self._step(goal_set), occurred_on=self.earlier(), is_cancelled=self.random.random() < 0.2,
            text=self.words("Det gik"), nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def _step(self, goal_set: GoalSet) -> FollowUpStep:
        found: FollowUpStep = self.some(FollowUpStep.objects.filter(plan__goal_set=goal_set))
        return found

    def evaluate(self, goal_set: GoalSet) -> None:
        """Hold an evaluation and hand in a status."""
        evaluation = open_evaluation(
            goal_set=goal_set, kind=self.random.choice(["midterm", "final", "extra"]), held_on=self.earlier(),
            step=self._step(goal_set), nonce=uuid4(), by=self.by,
        )  # fmt: skip
        self._hand_in(evaluation)

    def evaluate_again(self, goal_set: GoalSet) -> None:
        """Hand in another status in an evaluation that was held."""
        self._hand_in(self.some(EvaluationRound.objects.filter(goal_set=goal_set)))

    def _hand_in(self, evaluation: EvaluationRound) -> None:
        goal = self.a_goal(evaluation.goal_set)
        draft = goal.status_drafts.filter(round=evaluation).first()
        written = StatusText(
            goal, self.words("Det går"), self.random.choice(["good_progress", "under_way", "needs_attention", ""]),
            draft.revision if draft else 0,
        )  # fmt: skip
        hand_in_statuses(evaluation=evaluation, statuses=[written], nonce=uuid4(), by=self.by)

    def talk(self, goal_set: GoalSet) -> None:
        """Hold a dialogue meeting, or plan one."""
        day = self.random.choice([self.earlier(), today() + timedelta(days=30)])
        create_dialogue(
            goal_set=goal_set, leader_groups=[], goals=[self.a_goal(goal_set)], nonce=uuid4(), by=self.by,
            kind=self.random.choice(["midterm", "final", "other"]), held_on=day,
            step=self.random.choice([None, self._step(goal_set)]),
            public_summary=self.random.choice(["", self.words("Talt om")]), internal_notes=self.words("Hemmeligt"),
        )  # fmt: skip

    def retell(self, goal_set: GoalSet) -> None:
        """Put a dialogue meeting right."""
        dialogue: Dialogue = self.some(Dialogue.objects.all())
        edit_dialogue(
            dialogue=dialogue, expected=dialogue.revision, leader_groups=[], by=self.by, step=dialogue.step,
            kind=self.random.choice(["midterm", "other"]), held_on=self.earlier(), goals=[self.a_goal(goal_set)],
            public_summary=self.words("Talt igen"), internal_notes="",
        )  # fmt: skip

    def call_off(self, _goal_set: GoalSet) -> None:
        """Call a dialogue meeting off, or hold it after all."""
        cancel_dialogue(
            dialogue=self.some(Dialogue.objects.all()), reason=self.random.choice(["", "Sygdom"]), by=self.by
        )

    def agree(self, _goal_set: GoalSet) -> None:
        """Agree on something at a dialogue meeting: a promise, and perhaps a step of the plan."""
        dialogue: Dialogue = self.some(Dialogue.objects.filter(held_on__lte=today(), cancelled=""))
        agreed = Agreed(
            self.words("Vi svarer"), dialogue.goals.first(), "Hanne", due_on=today() + timedelta(days=20),
            is_promise=True, in_plan=self.random.random() < 0.5,
        )  # fmt: skip
        record_agreement(dialogue=dialogue, agreed=agreed, nonce=uuid4(), by=self.by)

    def learn(self, goal_set: GoalSet) -> None:
        """Write down what was learned."""
        record_learning(
            goal_set=goal_set, goal=self.random.choice([None, self.a_goal(goal_set)]), text=self.words("Lært"),
            carry_on=self.random.choice(["", self.words("Videre")]), addressed_to="", learned_on=self.earlier(),
            evaluation=None, dialogue=None, nonce=uuid4(), by=self.by,
        )  # fmt: skip

    # --- Figures ----------------------------------------

    def target(self, goal_set: GoalSet) -> None:
        """Write a mål, or another in its place."""
        goal = self.a_goal(goal_set)
        before = Target.objects.filter(goal=goal, replaced_by=None).order_by("pk").last()
        decision = self.decision() if self.random.random() < 0.5 else None
        write_target(
            goal=goal, text=self.words("Alle skal"), set_on=today(), decision=decision, nonce=uuid4(), by=self.by,
            replaces=self.random.choice([None, before]),
        )  # fmt: skip

    def define(self, goal_set: GoalSet) -> None:
        """Follow a nøgletal, or define it anew."""
        goal = self.a_goal(goal_set)
        indicator = Indicator.objects.filter(goal=goal).order_by("pk").first()
        told: dict[str, Any] = {
            "name": self.words("Trivsel").rstrip("."), "unit": "%", "source": self.words("Målingen").rstrip("."),
            "frequency": self.random.choice(["monthly", "yearly"]), "direction": "up", "counts_people": False,
            "target_value": Decimal(80), "target_by": date(2025, 12, 31), "is_retired": self.random.random() < 0.1,
        }  # fmt: skip
        if indicator:
            define_indicator(indicator=indicator, expected=indicator.definitions.count(), by=self.by, **told)
        else:
            create_indicator(goal=goal, nonce=uuid4(), by=self.by, **told)

    def measure(self, _goal_set: GoalSet) -> None:
        """Measure, put a measurement right, or take it back."""
        indicator: Indicator = self.some(Indicator.objects.all())
        day = self.earlier()
        current = Measurement.objects.filter(indicator=indicator, measured_on=day).order_by("pk").last()
        value = None if current and self.random.random() < 0.3 else Decimal(self.random.randrange(10, 99))
        note = self.random.choice(["", self.words("Nyt skema")])
        measured = Measured(day, value, "", note, current.pk if current else None)
        record_measurements(indicator=indicator, measured=[measured], by=self.by)


_NOT_ACTS = {"happen", "everything", "a_set", "a_goal", "some", "earlier", "words", "decision"}
_OFTEN = ("meeting", "wording", "adopt", "evaluate", "measure", "make_public", "talk")
ACTS: tuple[str, ...] = (
    *(name for name, own in vars(Story).items() if callable(own) and name[0] != "_" and name not in _NOT_ACTS),
    *(_OFTEN * 2),
)
