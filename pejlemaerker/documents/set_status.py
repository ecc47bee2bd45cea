"""Hvor et sæt står: its pejlemærker, its plan, and what has happened; what the set's page and its note both tell."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, prefetch_related_objects

from kit.danish import join_words, sort_key
from kit.dates import format_date
from meetings.documents.parts import Fact
from meetings.models import SourceDocument, readable_sources
from pejlemaerker.documents.course import NO_COURSE, Course, courses
from pejlemaerker.documents.figures import FiguresOfOne, figures_in
from pejlemaerker.documents.held import HeldInSets
from pejlemaerker.documents.known_dialogues import KnownDialogue, about_goals
from pejlemaerker.documents.set_history import set_as_known
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import (
    AsOf,
    Dialogue,
    EvaluationRound,
    FollowUpPlan,
    Goal,
    GoalSet,
    GoalVersion,
    KnowledgeSource,
    known_by,
)


@dataclass(frozen=True, slots=True)
class SetStatus:
    """Et sæts status, for one viewer on one day."""

    goal_set: GoalSet
    at: AsOf
    goals: tuple[Standing, ...]
    former: tuple[Standing, ...]
    course: Course
    evaluations: tuple[EvaluationRound, ...]
    dialogues: tuple[Dialogue, ...]
    planned: tuple[KnownDialogue, ...]  # dialogue meetings that lie ahead
    figures: tuple[FiguresOfOne, ...]
    knowledge_sources: str
    sources: tuple[Fact, ...]

    @classmethod
    def of(cls, goal_set: GoalSet, *, viewer: Any, at: AsOf) -> Self:
        """Gather what the viewer may see of a set that the viewer may see."""
        goal_set = set_as_known(goal_set, at)
        prefetch_related_objects([goal_set], "partners__former_names", "period__committee__former_names")
        standings = standings_in([goal_set.pk], viewer=viewer, at=at).get(goal_set.pk, [])
        listed = tuple(standing for standing in standings if standing.is_listed)
        everyone = [standing.goal for standing in standings]
        pks = {goal.pk for goal in everyone}
        held = HeldInSets.in_sets([goal_set.pk], viewer=viewer, at=at, about=Q(about_goals(pk__in=pks)))
        course = courses([goal_set.pk], viewer=viewer, at=at, held=held).get(goal_set.pk, NO_COURSE)
        told = held.dialogues_about(pks, at=at, kept_since=goal_set.kept_since)
        return cls(
            goal_set=goal_set,
            at=at,
            goals=listed,
            former=tuple(standing for standing in standings if not standing.is_listed),
            course=course,
            evaluations=tuple(held.evaluations),
            dialogues=tuple(one.dialogue for one in told),
            planned=held.planned_about(pks, at=at, trails=course.trails),
            figures=figures_in(listed, viewer=viewer, at=at),
            knowledge_sources=knowledge_sources([goal_set.pk], at=at),
            sources=sources_of([goal_set.pk], everyone, viewer=viewer, at=at),
        )

    @property
    def parts(self) -> dict[str, Any]:
        """All that it tells, by name: for the page that tells more."""
        return {one.name: getattr(self, one.name) for one in fields(SetStatus)}


def knowledge_sources(set_pks: Iterable[int], *, at: AsOf) -> str:
    """Name what the administration gathers that can tell of the work; each is known since the document that names it
    was read in, or, of days before the set was kept here, since it was written.
    """
    document = "source_document"
    known = known_by(
        at.known, f"{document}__date", recorded=f"{document}__imported_at", kept_since="goal_set__kept_since"
    )
    found = KnowledgeSource.objects.filter(Q(source_document=None) | known, goal_set__in=list(set_pks))
    return join_words(list(dict.fromkeys(found.order_by("pk").values_list("name", flat=True))))


def sources_of(set_pks: Iterable[int], goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> tuple[Fact, ...]:
    """The documents that wordings and plans were taken from; the originals open only for those who may read them."""
    wordings = GoalVersion.objects.written(at).filter(goal__in=list(goals))
    plans = FollowUpPlan.objects.newest(at).filter(goal_set__in=list(set_pks))
    documents = SourceDocument.objects.filter(
        Q(pk__in=wordings.values("source_document")) | Q(pk__in=plans.values("source_document"))
    ).defer("text")  # may be megabytes
    readable = Exists(readable_sources(viewer).filter(pk=OuterRef("pk")))
    known = [one for one in documents.annotate(is_readable=readable) if one.date is None or one.date <= at.on]
    in_order = sorted(known, key=lambda one: sort_key(one.title))
    return tuple(_source(one, is_readable=one.is_readable) for one in in_order)


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
