"""Udtrækket: everything the viewer may see of the pejlemærker, as rows of tables, as of one day.

Each table asks the rows' own rule for what the viewer may see; what stands on closed items is told as the pages tell
it: who decided and when. Rows come in a fixed order, so that the same day gives the same file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.db.models import F, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from meetings.models import Committee, Right, has_right
from pejlemaerker.documents.citation import Grounds, with_deciders
from pejlemaerker.documents.course import Course, courses
from pejlemaerker.documents.figures import Figures, figures_of
from pejlemaerker.documents.places import goals_in
from pejlemaerker.documents.requests import follow
from pejlemaerker.documents.set_history import goals_as_known, sets_as_known
from pejlemaerker.documents.standing import Standing, standings
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Annulment,
    AsOf,
    Derivation,
    EvaluationRound,
    Goal,
    GoalSet,
    GoalVersion,
    Learning,
    Placement,
    SetClosing,
    StatusEntry,
    known_by,
)

type Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """Udtrækket for one viewer on one day, perhaps of one committee."""

    at: AsOf
    is_internal: bool  # whether it holds more than the public may see
    tables: dict[str, list[Row]]

    @classmethod
    def for_viewer(cls, viewer: Any, *, at: AsOf, committee: str = "") -> Self:
        """Gather it in the same number of queries however much there is."""
        export = _Export.of(viewer, at, committee)
        return cls(at, viewer.is_authenticated, {name: list(rows) for name, rows in export.tables()})


@dataclass(frozen=True, slots=True)
class _Export:
    viewer: Any
    at: AsOf
    sets: list[GoalSet]
    insider: frozenset[int]  # the sets the viewer works by
    goals: dict[int, Goal]
    standing_of: dict[int, Standing]

    @classmethod
    def of(cls, viewer: Any, at: AsOf, committee: str) -> Self:
        visible = GoalSet.objects.visible_to(viewer).select_related(
            "period__committee__municipality", "area", "leader_group"
        )
        sets = list(visible.order_by("pk"))
        prefetch_related_objects(sets, "partners__municipality")
        if committee:
            sets = [one for one in sets if committee in {owner.slug for owner in _owners(one)}]
        placed = goals_in((one.pk for one in sets), at=at)
        places = {place.goal_id: place for one in sets for place in placed.get(one.pk, [])}
        goals = {pk: place.goal for pk, place in sorted(places.items())}
        prefetch_related_objects(list(goals.values()), "responsible")
        was_there = {one.pk for one in sets if placed.get(one.pk)}
        sets = sets_as_known((one for one in sets if one.pk in was_there or one.kept_since <= at.known), at)
        return cls(
            viewer=viewer,
            at=at,
            sets=sets,
            insider=frozenset(
                one.pk for one in sets if any(has_right(viewer, Right.READ_GOALS, own) for own in _owners(one))
            ),
            goals=goals,
            standing_of=standings(goals.values(), viewer=viewer, at=at, places=places),
        )

    def tables(self) -> Iterator[tuple[str, Iterator[Row]]]:
        figures = figures_of(self.goals.values(), viewer=self.viewer, at=self.at)
        yield "municipalities", self._municipalities()
        yield "committees", self._committees()
        yield "periods", self._periods()
        yield "sets", self._sets()
        yield "goals", self._goals()
        yield "placements", self._placements()
        yield "wordings", self._wordings()
        yield "derivations", self._derivations()
        yield "adoptions", self._adoptions()
        yield "annulments", self._annulments()
        yield "requests", self._requests()
        yield "evaluations", self._evaluations()
        yield "statuses", self._statuses()
        yield "plan_steps", self._plan_steps()
        yield "targets", self._targets(figures)
        yield "indicators", self._indicators(figures)
        yield "measurements", self._measurements(figures)
        yield "endings", self._endings()
        yield "learnings", self._learnings()

    def _municipalities(self) -> Iterator[Row]:
        for one in sorted({one.municipality for one in self._all_owners()}, key=lambda one: one.pk):
            yield {"id": one.slug, "name": one.name, "code": one.code}

    def _committees(self) -> Iterator[Row]:
        for one in self._all_owners():
            yield {
                "id": one.slug,
                "municipality_id": one.municipality.slug,
                "name": one.name,
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
                "url": one.get_absolute_url(),
            }

    def _all_owners(self) -> list[Committee]:
        return sorted({owner for one in self.sets for owner in _owners(one)}, key=lambda one: one.pk)

    def _periods(self) -> Iterator[Row]:
        for one in sorted({one.period for one in self.sets}, key=lambda one: one.pk):
            yield {"id": one.pk, "committee_id": one.committee.slug, "starts_on": one.starts_on, "ends_on": one.ends_on}

    def _sets(self) -> Iterator[Row]:
        known = known_by(self.at.known, "closed_on", kept_since="goal_set__kept_since")
        closings = SetClosing.objects.filter(known, goal_set__in=self.sets, closed_on__lte=self.at.on)
        closed = {one.goal_set_id: one for one in closings}
        shown = {one.pk for one in self.sets}
        for one in self.sets:
            closing = closed.get(one.pk)
            yield {
                "id": one.pk,
                "committee_id": one.period.committee.slug,
                "period_id": one.period_id,
                "area": one.area.name,
                "shared_with": " ".join(sorted(partner.slug for partner in one.partners.all())),
                "leader_group": one.leader_group.name if one.leader_group else "",
                "kept_since": one.kept_since,
                "closed_on": closing.closed_on if closing else None,
                "handed_over_to": closing.to_set_id if closing and closing.to_set_id in shown else None,
                "is_demo": one.is_demo,
                "url": one.get_absolute_url(),
            }

    def _goals(self) -> Iterator[Row]:
        is_today = self.at.known >= timezone.localdate()
        refers_to = goals_as_known(self.goals.values(), self.at)
        for pk, goal in self.goals.items():
            standing = self.standing_of[pk]
            version = standing.in_force or (standing.coming.version if standing.coming else standing.awaiting)
            set_pk = standing.place.goal_set_id if standing.place else goal.goal_set_id
            is_told = is_today and set_pk in self.insider
            yield {
                "id": pk,
                "set_id": set_pk,
                "number": standing.number,
                "state": _state(standing),
                "wording": standing.wording,
                "wording_number": version.number if version else None,
                "in_force_since": standing.ground.since if standing.ground else None,
                "ground": standing.decision,
                "responsible": goal.responsible.name if goal.responsible and is_told else "",
                "refers_to": refers_to[pk],
                "url": goal.get_absolute_url(),
            }

    def _placements(self) -> Iterator[Row]:
        known = known_by(self.at.known, "placed_from", kept_since="goal__kept_since")
        shown = {one.pk for one in self.sets}
        for one in Placement.objects.filter(known, goal__in=self.goals).order_by("goal", "pk"):
            if one.placed_from is None or one.placed_from <= self.at.on:
                yield {
                    "goal_id": one.goal_id,
                    "set_id": one.goal_set_id if one.goal_set_id in shown else None,
                    "number": one.number if one.goal_set_id in shown else None,
                    "placed_from": one.placed_from,
                    "reason": one.reason if one.goal_set_id in shown else "",
                }

    def _wordings(self) -> Iterator[Row]:
        for one in GoalVersion.objects.written(self.at).filter(goal__in=self.goals).order_by("goal", "number"):
            yield {
                "goal_id": one.goal_id,
                "number": one.number,
                "text": one.text,
                "change_kind": one.change_kind,
                "reason": one.reason,
                "worded_on": one.worded_on,
                "answers_request_id": one.answers_id,
                "url": reverse("wording", args=[one.goal_id, one.number]),
            }

    def _derivations(self) -> Iterator[Row]:
        versions = GoalVersion.objects.written(self.at).filter(goal__in=self.goals)
        rows = Derivation.objects.filter(version__in=versions, source__in=self.goals).select_related("version")
        for one in rows.order_by("version__goal", "pk"):
            yield {
                "goal_id": one.version.goal_id,
                "wording_number": one.version.number,
                "source_goal_id": one.source_id,
                "kind": one.kind,
                "ends_source": one.ends_source,
            }

    def _adoptions(self) -> Iterator[Row]:
        known = Adoption.objects.known(self.at.known).filter(version__goal__in=self.goals)
        holding = set(
            Adoption.objects.effective(self.at).filter(version__goal__in=self.goals).values_list("pk", flat=True)
        )
        adoptions: list[Any] = list(with_deciders(known, self.at).order_by("version__goal", "in_force_from", "pk"))
        grounds = Grounds.of(adoptions, viewer=self.viewer)
        for one in adoptions:
            ground = grounds.of_one(one)
            if ground.decided_on > self.at.on:
                continue
            yield {
                "goal_id": one.version.goal_id,
                "wording_number": one.version.number,
                "in_force_from": one.in_force_from,
                "decided_on": one.decided_on,
                "decided_by": ground.by,
                "delegation": one.delegation_note,
                "holds": one.pk in holding,
                "is_stayed": one.is_stayed,
                "stay_verdict": one.verdict or "",
                "decision_url": ground.url,
                "is_demo": ground.is_demo,
            }

    def _annulments(self) -> Iterator[Row]:
        found = Annulment.objects.effective(self.at).filter(
            adoption__version__goal__in=self.goals, annulled_from__lte=self.at.on
        )
        for one in found.select_related("adoption__version").order_by("pk"):
            yield {
                "goal_id": one.adoption.version.goal_id,
                "wording_number": one.adoption.version.number,
                "annulled_from": one.annulled_from,
                "reason": one.reason,
            }

    def _requests(self) -> Iterator[Row]:
        known = known_by(self.at.known, "requested_on", kept_since="goal_set__kept_since")
        asked = AdditionRequest.objects.filter(known, goal_set__in=self.sets, requested_on__lte=self.at.on)
        rows = asked.select_related("goal", "goal_set").order_by("pk")
        for one in follow(rows, viewer=self.viewer, at=self.at):
            yield {
                "id": one.request.pk,
                "set_id": one.request.goal_set_id,
                "goal_id": one.request.goal_id if one.request.goal_id in self.goals else None,
                "about": one.request.about,
                "requested_on": one.request.requested_on,
                "requested_by": one.request.requested_by if one.is_told else "",
                "text": one.text,
                "state": "open" if one.is_open else "answered",
                "answers": " ".join(answer.text for answer in one.answers),
            }

    def _evaluations(self) -> Iterator[Row]:
        known = known_by(self.at.known, "held_on", kept_since="goal_set__kept_since")
        rounds = EvaluationRound.objects.visible_to(self.viewer).filter(known, goal_set__in=self.sets)
        for one in rounds.filter(held_on__lte=self.at.on).order_by("pk"):
            yield {
                "id": one.pk,
                "set_id": one.goal_set_id,
                "kind": one.kind,
                "held_on": one.held_on,
                "is_demo": one.is_demo,
                "url": one.get_absolute_url(),
            }

    def _statuses(self) -> Iterator[Row]:
        entries = StatusEntry.objects.visible_to(self.viewer).handed_in(self.at).filter(goal__in=self.goals)
        rows: Iterable[Any] = entries.annotate(number=F("version__number")).order_by("goal", "pk")
        for one in rows:
            yield {
                "goal_id": one.goal_id,
                "evaluation_id": one.round_id,
                "wording_number": one.number,
                "text": one.text,
                "assessment": one.assessment,
                "handed_in_on": timezone.localtime(one.handed_in_at).date(),
            }

    def _plan_steps(self) -> Iterator[Row]:
        course_of = courses([one.pk for one in self.sets], viewer=self.viewer, at=self.at)
        for pk, course in sorted(course_of.items()):
            yield from _steps(pk, course, is_insider=pk in self.insider)

    def _targets(self, figures: dict[int, Figures]) -> Iterator[Row]:
        for pk in self.goals:
            for line in figures[pk].targets:
                yield {
                    "goal_id": pk,
                    "text": line.text,
                    "set_on": line.target.set_on,
                    "is_approved": line.ground is not None,
                    "approved_on": line.ground.decided_on if line.ground else None,
                }

    def _indicators(self, figures: dict[int, Figures]) -> Iterator[Row]:
        for pk in self.goals:
            for one in (*figures[pk].followed, *figures[pk].retired):
                definition = one.definition
                yield {
                    "id": one.indicator.pk,
                    "goal_id": pk,
                    "name": definition.name,
                    "unit": definition.unit,
                    "source": definition.source,
                    "frequency": definition.frequency,
                    "direction": definition.direction,
                    "target_value": definition.target_value,
                    "target_by": definition.target_by,
                    "counts_people": definition.counts_people,
                    "is_retired": definition.is_retired,
                    "is_stale": one.is_stale,
                }

    def _measurements(self, figures: dict[int, Figures]) -> Iterator[Row]:
        for pk in self.goals:
            for one in (*figures[pk].followed, *figures[pk].retired):
                for value in one.values:
                    yield {
                        "indicator_id": one.indicator.pk,
                        "measured_on": value.day,
                        "value": value.number,
                        "is_suppressed": value.number is None,
                        "source": value.source,
                        "note": value.note,
                    }

    def _endings(self) -> Iterator[Row]:
        for pk, standing in self.standing_of.items():
            if standing.ending:
                ending = standing.ending
                yield {"goal_id": pk, "kind": ending.kind.value, "ended_on": ending.on, "reason": ending.reason}

    def _learnings(self) -> Iterator[Row]:
        known = known_by(self.at.known, "learned_on", kept_since="goal_set__kept_since")
        rows = Learning.objects.filter(known, goal_set__in=self.insider, learned_on__lte=self.at.on)
        for one in rows.order_by("pk"):
            yield {
                "set_id": one.goal_set_id,
                "goal_id": one.goal_id,
                "learned_on": one.learned_on,
                "text": one.text,
                "carry_on": one.carry_on,
                "addressed_to": one.addressed_to,
            }


def _owners(goal_set: GoalSet) -> list[Committee]:
    """The committee of a set, and those it is shared with."""
    return [goal_set.period.committee, *goal_set.partners.all()]


def _state(standing: Standing) -> str:
    if standing.ending:
        return "ended"
    if standing.in_force:
        return "in_force"
    if standing.coming:
        return "coming"
    return "stayed" if standing.is_stayed else "undecided"


def _steps(set_pk: int, course: Course, *, is_insider: bool) -> Iterator[Row]:
    happened: dict[int, Any] = {one.step.pk: one for one in course.steps}
    for step in sorted((*(one.step for one in course.steps), *course.recurring), key=lambda one: one.position):
        told = happened.get(step.pk)
        happened_on: date | None = told.happened_on if told else None
        yield {
            "set_id": set_pk,
            "plan_number": course.plan.number if course.plan else None,
            "step_id": str(step.trail),
            "position": step.position,
            "kind": step.kind,
            "title": str(step),
            "when_text": step.when_text,
            "earliest": step.earliest,
            "latest": step.latest,
            "precision": step.precision,
            "is_recurring": step.is_recurring,
            "state": told.state if told else "recurring",
            "happened_on": happened_on,
            "is_cancelled": told.is_cancelled if told else False,
            "outcome": told.outcome if told and is_insider else "",
            "responsible": step.responsible if is_insider else "",
        }
