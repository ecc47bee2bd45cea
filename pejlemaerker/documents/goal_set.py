"""Et sæts statusside: each pejlemærke, where the set stands in its plan, and what comes next."""

from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q

from kit.danish import count_word, join_words, sort_key
from kit.dates import format_date
from meetings.documents.parts import Fact
from meetings.models import SourceDocument, readable_sources
from pejlemaerker.documents.as_of import AsOfNote
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import (
    AdditionRequest,
    AsOf,
    Dialogue,
    EvaluationRound,
    FollowUpPlan,
    GoalSet,
    GoalVersion,
    KnowledgeSource,
    known_by,
)


@dataclass(frozen=True, slots=True)
class GoalSetDocument:
    """Et sæt pejlemærker, for one viewer on one day."""

    goal_set: GoalSet
    at: AsOf
    goals: tuple[Standing, ...]
    former: tuple[Standing, ...]
    course: Course
    plan_note: str
    evaluations: tuple[EvaluationRound, ...]
    dialogues: tuple[Dialogue, ...]
    knowledge_sources: str
    sources: tuple[Fact, ...]

    @classmethod
    def for_set(cls, goal_set: GoalSet, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a set that the viewer may see."""
        all_goals = standings_in([goal_set.pk], viewer=viewer, at=at).get(goal_set.pk, [])
        course = courses([goal_set.pk], viewer=viewer, at=at).get(goal_set.pk, NO_COURSE)
        held = Q(known_by(at.known, "held_on", kept_since=goal_set.kept_since), held_on__lte=at.on)
        evaluations = EvaluationRound.objects.visible_to(viewer).filter(held, goal_set=goal_set)
        goals = [standing.goal for standing in all_goals]
        dialogues = Dialogue.objects.visible_to(viewer).filter(held, goals__in=goals).distinct()
        return cls(
            goal_set=goal_set,
            at=at,
            goals=tuple(standing for standing in all_goals if standing.is_listed),
            former=tuple(standing for standing in all_goals if not standing.is_listed),
            course=course,
            plan_note=_plan_note(goal_set, course, at),
            evaluations=tuple(evaluations),
            dialogues=tuple(dialogues),
            knowledge_sources=_knowledge_sources(goal_set),
            sources=_sources(goal_set, viewer, at),
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
        leaders = f", som {group.name[:1].lower()}{group.name[1:]} arbejder efter" if group else ""
        return f"{count_word(count).capitalize()} {noun}{leaders}."

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal_set.kept_since)

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
    def awaiting(self) -> int:
        """How many wordings wait for a decision."""
        return sum(1 for standing in self.goals if standing.awaiting)


def _plan_note(goal_set: GoalSet, course: Course, at: AsOf) -> str:
    """Tell that the plan itself was amended, when it was."""
    if course.plan is None or course.plan.number == 1:
        return ""
    known = known_by(at.known, "requested_on", kept_since=goal_set.kept_since)
    request = (
        AdditionRequest.objects.filter(
            known, goal_set=goal_set, about=AdditionRequest.About.PLAN, requested_on__lte=at.on
        )
        .order_by("-requested_on")
        .first()
    )
    written = f" {format_date(course.plan.agreed_on)}" if course.plan.agreed_on else ""
    asked = f", efter udvalgets ønske {format_date(request.requested_on)}" if request else ""
    return f"Planen blev ændret{written}{asked}."


def _knowledge_sources(goal_set: GoalSet) -> str:
    return join_words(
        list(KnowledgeSource.objects.filter(goal_set=goal_set).order_by("pk").values_list("name", flat=True))
    )


def _sources(goal_set: GoalSet, viewer: Any, at: AsOf) -> tuple[Fact, ...]:
    """The documents that wordings and plan were taken from; the originals open only for those who may read them."""
    wordings = GoalVersion.objects.written(at).filter(goal__placements__goal_set=goal_set)
    plans = FollowUpPlan.objects.newest(at).filter(goal_set=goal_set)
    documents = SourceDocument.objects.filter(
        Q(pk__in=wordings.values("source_document")) | Q(pk__in=plans.values("source_document"))
    ).defer("text")  # may be megabytes
    known = {document.pk: document for document in documents if document.date is None or document.date <= at.on}
    readable = set(readable_sources(viewer).filter(pk__in=known).values_list("pk", flat=True))
    in_order = sorted(known.values(), key=lambda one: sort_key(one.title))
    return tuple(_source(document, is_readable=document.pk in readable) for document in in_order)


def _source(document: SourceDocument, *, is_readable: bool) -> Fact:
    """Name a document: what it is and its numbers, never who wrote it."""
    numbers = [
        f"{label} {number}" for label, number in (("sagsnr.", document.case_no), ("doknr.", document.doc_no)) if number
    ]
    day = f" af {format_date(document.date)}" if document.date else ""
    return Fact(
        label=f"{document.get_kind_display()}{day}",
        value=", ".join(numbers) or document.title,
        url=document.get_absolute_url() if is_readable else "",
    )
