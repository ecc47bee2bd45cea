"""Short ways to act out the demo's story: decisions, wordings, evaluations and dialogues by the pages' own actions."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from django.apps import apps
from django.utils import timezone

from meetings.actions import (
    Presence,
    add_item,
    close_meeting,
    dispatch_agenda,
    publish,
    publish_minutes,
    record_attendance,
    record_decision,
    record_promise,
    sign_minutes,
)
from meetings.documents.dispatch import DispatchDocument
from meetings.documents.minutes_content import MinutesContent
from meetings.models import (
    AGENDA,
    AgendaItem,
    Committee,
    Decision,
    LeaderGroup,
    Meeting,
    Promise,
    User,
    seats_on_the_day,
)
from pejlemaerker.actions import (
    StatusText,
    create_dialogue,
    hand_in_statuses,
    open_evaluation,
    present,
    publish_evaluation,
    put_in_force,
)
from pejlemaerker.models import Dialogue, EvaluationRound, FollowUpStep, Goal, GoalSet, GoalVersion


class Item(NamedTuple):
    """An invented agenda item, and what was decided ("" where it is still to come)."""

    title: str
    category: str = ""
    decision: str = ""
    points: tuple[str, ...] = ()
    is_closed: bool = False
    promised: tuple[str, date] | None = None  # what the administration comes back with, and when


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let what is recorded inside bear an earlier moment, so that the demo's past has its own dates: a protocol from
    2022 was not entered on the day somebody tried the demo.
    """
    fields = [
        field for model in apps.get_models() for field in model._meta.concrete_fields if field.default is timezone.now
    ]
    for field in fields:
        field.get_default = lambda: moment  # type: ignore[method-assign]
    try:
        yield
    finally:
        for field in fields:
            del field.get_default


def evening(day: date, *, later: int = 0) -> datetime:
    """The hour at which a meeting's protocol is written, or so many days later."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time(19, 15)))


class Stage:
    """Acts as one secretary."""

    def __init__(self, by: User) -> None:
        self.by = by

    def meeting(self, committee: Committee, day: date, items: list[Item], *, is_public: bool) -> list[Decision]:
        """Hold an invented meeting and return its decisions, in the order of the agenda. One that is public was held:
        all were there, and it is closed.
        """
        if not is_public:
            meeting = self.call(committee, day)
            return [decision for decision in self._items(meeting, items) if decision]
        with as_of(evening(day)):
            meeting = self.call(committee, day)
            self.attend(meeting)
            decisions = [decision for decision in self._items(meeting, items) if decision]
            self.close(meeting)
        return decisions

    def call(self, committee: Committee, day: date) -> Meeting:
        """Call an invented meeting."""
        return Meeting.objects.create(
            committee=committee, date=day, starts_at=time(17), place="Rådhuset, mødelokale 2", is_demo=True
        )

    def attend(self, meeting: Meeting, excused: dict[str, str] | None = None) -> None:
        """Write down who was there: all members but those excused, who are named with their substitutes."""
        substitutes = excused or {}
        presences = [
            Presence(seat.person_id, "excused", substitutes[seat.person.name])
            if seat.person.name in substitutes
            else Presence(seat.person_id, "present")
            for seat in seats_on_the_day(meeting)
        ]
        record_attendance(meeting=meeting, presences=presences, expected="", by=self.by)

    def close(self, meeting: Meeting, *, ends_at: time = time(18, 30)) -> None:
        """Close a meeting and publish its agenda and minutes."""
        close_meeting(meeting=meeting, ends_at=ends_at, nonce=uuid4(), by=self.by)
        self.publish(meeting, AGENDA)
        publish_minutes(meeting=meeting, by=self.by, warnings_accepted=[])

    def sign(self, meeting: Meeting, *people: User) -> None:
        """Let people put their names to the minutes, the day after the meeting; the last of all seals them."""
        with as_of(evening(meeting.date, later=1)):
            fingerprint = MinutesContent.of(Meeting.objects.get(pk=meeting.pk)).fingerprint  # it was closed since
            for person in people:
                sign_minutes(meeting=meeting, fingerprint=fingerprint, nonce=uuid4(), by=person)

    def send_out(self, meeting: Meeting) -> None:
        """Send the agenda to the members, or what is new on it since."""
        seen = DispatchDocument.for_meeting(meeting).seen
        dispatch_agenda(meeting=meeting, seen=seen, nonce=uuid4(), by=self.by)

    def _items(self, meeting: Meeting, items: list[Item]) -> list[Decision | None]:
        return [self._item(meeting, number, item) for number, item in enumerate(items, start=1)]

    def _item(self, meeting: Meeting, number: int, item: Item) -> Decision | None:
        row = self.add(meeting, number, item.title, *item.points, is_closed=item.is_closed)
        if item.promised:
            text, due_on = item.promised
            self.promise(row, text, due_on=due_on)
        return self.decide(row, item.category, item.decision) if item.category else None

    def add(
        self, meeting: Meeting, number: int, title: str, *points: str, is_closed: bool = False, **fields: Any
    ) -> AgendaItem:
        """Put an item on the agenda."""
        return add_item(
            meeting=meeting,
            nonce=uuid4(),
            by=self.by,
            number=str(number),
            title=title,
            is_closed=is_closed,
            closed_reason="Personfølsomme oplysninger" if is_closed else "",
            public_heading="Sag om enkeltperson" if is_closed else "",
            points=list(points),
            recommended_by="Centerchefen" if points else "",
            **fields,
        )

    def decide(self, item: AgendaItem, category: str, text: str, **fields: Any) -> Decision:
        """Enter the decision on a whole item."""
        return record_decision(
            item=item, category=category, text=text, expected=0, nonce=uuid4(), by=self.by, **fields
        )  # fmt: skip

    def promise(
        self, item: AgendaItem, text: str, *, due_on: date | None = None, due_meeting: Meeting | None = None
    ) -> Promise:
        """Write down what the administration comes back with."""
        return record_promise(
            item=item, text=text, to_whom="Udvalget", responsible="Center for Børn og Familier", due_on=due_on,
            due_meeting=due_meeting, nonce=uuid4(), by=self.by,
        )  # fmt: skip

    def publish(self, record: Any, *subjects: str) -> None:
        """Make a record public."""
        for subject in subjects or (type(record).objects.all().subject,):
            publish(subject=subject, record=record, by=self.by, warnings_accepted=[])

    def adopt(self, goal_set: GoalSet, decision: Decision, *numbers: int) -> None:
        """Put the newest known wordings of a set in force, or of some of its pejlemærker."""
        versions = GoalVersion.objects.filter(goal__goal_set=goal_set).awaiting_decision()
        if numbers:
            versions = versions.filter(goal__number__in=numbers)
        put_in_force(versions=versions, decision=decision, in_force_from=decision.decided_on, by=self.by)

    def evaluate(self, goal_set: GoalSet, kind: str, day: date, statuses: list[tuple[str, str]]) -> EvaluationRound:
        """Hand in statuses (text and assessment, one for each pejlemærke)."""
        step = _step(goal_set, FollowUpStep.Kind.MIDTERM_EVALUATION) if kind == "midterm" else None
        evaluation = open_evaluation(goal_set=goal_set, kind=kind, held_on=day, step=step, nonce=uuid4(), by=self.by)
        EvaluationRound.objects.filter(pk=evaluation.pk).update(is_demo=True)
        texts = [
            StatusText(goal, text, assessment, 0)
            for goal, (text, assessment) in zip(_goals(goal_set), statuses, strict=True)
        ]
        hand_in_statuses(evaluation=evaluation, statuses=texts, nonce=uuid4(), by=self.by)
        return evaluation

    def present(self, evaluation: EvaluationRound, dialogue: Dialogue) -> None:
        """Let an evaluation be presented at a dialogue meeting, and publish it."""
        present(
            evaluation=evaluation, meeting=None, dialogue=dialogue, presented_on=dialogue.held_on, nonce=uuid4(),
            by=self.by,
        )  # fmt: skip
        publish_evaluation(evaluation=evaluation, by=self.by, warnings_accepted=[])

    def dialogue(self, goal_set: GoalSet, kind: str, day: date, summary: str, notes: str) -> Dialogue:
        """Hold an invented dialogue meeting between the committee and the set's leaders, and publish its summary."""
        groups: list[LeaderGroup] = [goal_set.leader_group] if goal_set.leader_group else []
        dialogue = create_dialogue(
            goal_set=goal_set,
            leader_groups=groups,
            goals=_goals(goal_set),
            nonce=uuid4(),
            by=self.by,
            kind=kind,
            held_on=day,
            step=_step(goal_set, f"{kind}_dialogue"),
            public_summary=summary,
            internal_notes=notes,
            is_demo=True,
        )
        self.publish(dialogue)
        return dialogue


def _goals(goal_set: GoalSet) -> list[Goal]:
    return list(goal_set.goals.order_by("number"))


def _step(goal_set: GoalSet, kind: str) -> FollowUpStep | None:
    return FollowUpStep.objects.filter(plan__goal_set=goal_set, kind=kind).order_by("plan__number").last()
