"""Short ways to act out the demo's story: decisions, wordings, evaluations and dialogues by the pages' own actions."""

from datetime import date, time
from typing import Any, NamedTuple
from uuid import uuid4

from meetings.actions import add_item, publish, record_decision
from meetings.models import AGENDA, MINUTES, Committee, Decision, LeaderGroup, Meeting, User
from pejlemaerker.actions import StatusText, create_dialogue, hand_in_statuses, open_evaluation, put_in_force
from pejlemaerker.models import Dialogue, EvaluationRound, FollowUpStep, Goal, GoalSet, GoalVersion


class Item(NamedTuple):
    """An invented agenda item, and what was decided ("" where it is still to come)."""

    title: str
    category: str = ""
    decision: str = ""
    points: tuple[str, ...] = ()
    is_closed: bool = False


class Stage:
    """Acts as one secretary."""

    def __init__(self, by: User) -> None:
        self.by = by

    def meeting(self, committee: Committee, day: date, items: list[Item], *, is_public: bool) -> list[Decision]:
        """Hold an invented meeting and return its decisions, in the order of the agenda."""
        meeting = Meeting.objects.create(
            committee=committee, date=day, starts_at=time(17), place="Rådhuset, mødelokale 2", is_demo=True
        )
        decisions = [self._item(meeting, number, item) for number, item in enumerate(items, start=1)]
        if is_public:
            self.publish(meeting, AGENDA, MINUTES)
        return [decision for decision in decisions if decision]

    def _item(self, meeting: Meeting, number: int, item: Item) -> Decision | None:
        row = add_item(
            meeting=meeting,
            nonce=uuid4(),
            by=self.by,
            number=str(number),
            title=item.title,
            is_closed=item.is_closed,
            closed_reason="Personfølsomme oplysninger" if item.is_closed else "",
            public_heading="Sag om enkeltperson" if item.is_closed else "",
            points=list(item.points),
            recommended_by="Centerchefen" if item.points else "",
        )
        if not item.category:
            return None
        return record_decision(
            item=row, category=item.category, text=item.decision, expected=0, nonce=uuid4(), by=self.by
        )

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
        """Hand in statuses (text and assessment, one for each pejlemærke) and publish them."""
        step = _step(goal_set, FollowUpStep.Kind.MIDTERM_EVALUATION) if kind == "midterm" else None
        evaluation = open_evaluation(goal_set=goal_set, kind=kind, held_on=day, step=step, nonce=uuid4(), by=self.by)
        EvaluationRound.objects.filter(pk=evaluation.pk).update(is_demo=True)
        texts = [
            StatusText(goal, text, assessment, 0)
            for goal, (text, assessment) in zip(_goals(goal_set), statuses, strict=True)
        ]
        hand_in_statuses(evaluation=evaluation, statuses=texts, nonce=uuid4(), by=self.by)
        self.publish(evaluation)
        return evaluation

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
