"""Et sæts statusside: each pejlemærke, where the set stands in its plan, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from kit.danish import count_word, join_words
from kit.dates import format_date
from pejlemaerker.documents.as_of import AsOfNote, chosen_day, day_query
from pejlemaerker.documents.care import Care, Lack
from pejlemaerker.documents.course import Course
from pejlemaerker.documents.joint import Approval, approvals_of, too_many
from pejlemaerker.documents.learning import Learned, learned_of_set
from pejlemaerker.documents.lineage import Former, Proposal, former_goals, lineages, proposals
from pejlemaerker.documents.requests import RequestLine, requests_of
from pejlemaerker.documents.set_closing import ClosedSet
from pejlemaerker.documents.set_status import SetStatus
from pejlemaerker.documents.sharing import shared_with
from pejlemaerker.models import (
    AdditionRequest,
    AsOf,
    Dialogue,
    EvaluationRound,
    GoalSet,
)


@dataclass(frozen=True, slots=True)
class GoalSetDocument(SetStatus):
    """Et sæt pejlemærker, for one viewer on one day."""

    former_goals: tuple[Former, ...]
    proposals: tuple[Proposal, ...]
    plan_note: str
    shared_with: str
    approvals: tuple[Approval, ...]  # of a joint set, committee by committee
    closed: ClosedSet | None
    learnings: tuple[Learned, ...]  # of the work as a whole
    lacks: tuple[Lack, ...]
    requests: tuple[RequestLine, ...]
    earlier_set: int | None  # the one to compare with

    @classmethod
    def for_set(cls, goal_set: GoalSet, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a set that the viewer may see."""
        status = SetStatus.of(goal_set, viewer=viewer, at=at)
        goal_set, course = status.goal_set, status.course
        closed = ClosedSet.of(goal_set, viewer, at)
        care = Care.by(viewer, goal_set=goal_set, at=at, is_closed=bool(closed and closed.has_taken_effect))
        told = lineages((one.goal for one in (*status.goals, *status.former)), viewer=viewer, at=at)
        requests = requests_of(viewer=viewer, at=at, goal_set=goal_set)
        shared = shared_with(goal_set, at)
        return cls(
            **status.parts,
            former_goals=former_goals(status.former, told),
            proposals=proposals(status.goals, told),
            plan_note=_plan_note(course, requests),
            shared_with=shared,
            approvals=approvals_of(goal_set, status.goals, at=at) if shared else (),
            closed=closed,
            learnings=learned_of_set(goal_set, at=at),
            lacks=care.of_set(course, status.evaluations, status.goals, requests),
            requests=requests,
            earlier_set=_earlier_set(goal_set, viewer),
        )

    @property
    def eyebrow(self) -> str:
        """Whose set, and of which period."""
        period = self.goal_set.period
        return f"{period.committee.name_on(min(self.at.on, period.ends_on))} · {period}"

    @property
    def lead(self) -> str:
        """How many pejlemærker, worked by whom."""
        count = len(self.goals)
        noun = "pejlemærke" if count == 1 else "pejlemærker"
        group = self.goal_set.leader_group
        if not count:
            return (
                "Der er ingen pejlemærker i sættet endnu."
                if not self.day_query
                else "Der var ingen pejlemærker den dag."
            )
        leaders = f", som {group.name[:1].lower()}{group.name[1:]} arbejder efter" if group else ""
        joint = f" Fælles med {self.shared_with}." if self.shared_with else ""
        return f"{count_word(count).capitalize()} {noun}{leaders}.{self._in_force}{joint}"

    @property
    def _in_force(self) -> str:
        """How many of them hold, when not all do."""
        holding, count = sum(1 for one in self.goals if one.in_force), len(self.goals)
        if holding == count:
            return ""
        if not holding:
            return " Ordlyden er ikke besluttet endnu." if count == 1 else " Ingen af dem er besluttet endnu."
        return (
            f" {count_word(holding).capitalize()} af dem gælder; {count_word(count - holding)} mangler en beslutning."
        )

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal_set.kept_since)

    @property
    def day_query(self) -> str:
        """What keeps a link on the day the page shows."""
        return day_query(self.at)

    @property
    def chosen_day(self) -> str:
        """The day the page shows, when it is not today."""
        return chosen_day(self.at)

    @property
    def held(self) -> list[EvaluationRound | Dialogue]:
        """Evaluations and dialogue meetings together, latest first."""
        return sorted([*self.evaluations, *self.dialogues], key=lambda one: one.held_on, reverse=True)

    @property
    def stayed_text(self) -> str:
        """Which wordings a standsning holds back, when it does."""
        numbers = [str(standing.number) for standing in self.goals if standing.is_stayed]
        if not numbers:
            return ""
        return (
            f"Beslutningen om den nyeste ordlyd af pejlemærke {join_words(numbers)} er standset. Den har ingen "
            "virkning, før kommunalbestyrelsen har afgjort sagen."
        )

    @property
    def lacks_approval(self) -> bool:
        """Whether one of the committees that share the set has not approved it all."""
        return any(one.lacking for one in self.approvals)

    @property
    def crowded(self) -> str:
        """A friendly word to those who write, when there are more pejlemærker than one can remember."""
        return too_many(len(self.goals))

    @property
    def still_numbered(self) -> str:
        """Which pejlemærker have ended and still have a number, when some do."""
        numbers = [str(standing.number) for standing in self.goals if standing.ending and standing.number]
        if not numbers:
            return ""
        return f"Pejlemærke {join_words(numbers)} er ophørt og står stadig i rækken."

    @property
    def awaiting(self) -> int:
        """How many wordings wait for a decision."""
        return sum(1 for standing in self.goals if standing.awaiting)


def _earlier_set(goal_set: GoalSet, viewer: Any) -> int | None:
    """The set this one took over from, else that of the same area before it, as far as the viewer may see them."""
    before = Q(closing__to_set=goal_set) | Q(area=goal_set.area_id, period__starts_on__lt=goal_set.period.starts_on)
    sets = GoalSet.objects.visible_to(viewer).filter(before).order_by("-period__starts_on", "pk")
    return sets.values_list("pk", flat=True).first()


def _plan_note(course: Course, requests: Iterable[RequestLine]) -> str:
    """Tell that the plan itself was amended, when it was; the newest request stands first."""
    if course.plan is None or course.plan.number == 1:
        return ""
    days = (one.request.requested_on for one in requests if one.request.about == AdditionRequest.About.PLAN)
    day = next(days, None)
    written = f" {format_date(course.plan.agreed_on)}" if course.plan.agreed_on else ""
    asked = f", efter udvalgets ønske {format_date(day)}" if day else ""
    return f"Planen blev ændret{written}{asked}."
