"""Hvad der er ændret ved pejlemærkerne selv: ended, merged or split, renumbered and moved."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import cast

from django.db.models import F

from meetings.models import committee_name
from pejlemaerker.documents.citation import Grounds
from pejlemaerker.documents.lineage import State, lineages
from pejlemaerker.documents.notes.changed.change import UNDECIDED, UNSAID, Change, because, told
from pejlemaerker.documents.notes.effects import ENDED
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.since import Since
from pejlemaerker.documents.places import placed_anew
from pejlemaerker.documents.set_history import sets_as_known
from pejlemaerker.models import Adoption, GoalClosing, GoalSet, Placement, was_known


def changed_goals(material: Material, since: Since) -> Iterator[Change]:
    """What happened to the pejlemærker themselves, whatever their wordings say."""
    yield from _endings(material, since)
    yield from _lineage(material, since)
    yield from _places(material, since)


def _endings(material: Material, since: Since) -> Iterator[Change]:
    rows = list(
        GoalClosing.objects.effective(material.at)
        .filter(goal__in=list(material.lives), ended_on__lte=material.at.on)
        .with_stay(material.at)
        .select_related("goal")
        .annotate(
            decided_on=F("decision__decided_on"),
            decided_by=committee_name("decision__item__meeting__committee", "decision__decided_on"),
            is_demo=F("decision__item__meeting__is_demo"),
            in_force_from=F("ended_on"),  # by this name a Ground reads the day
        )
        .order_by("pk")
    )
    grounds = Grounds.of(cast("list[Adoption]", rows), viewer=material.reader)
    for one in rows:
        if since.is_new(one.ended_on, one.recorded_at, kept_since=one.goal.kept_since):
            is_grounded = one.decision_id or one.delegation_note
            ground = told(grounds.of_one(cast("Adoption", one))) if is_grounded else UNDECIDED
            what = f"Pejlemærket {ENDED[GoalClosing.Kind(one.kind)]}. Begrundelse: {one.reason}"
            yield Change(one.ended_on, one.goal_id, what, ground)


def _lineage(material: Material, since: Since) -> Iterator[Change]:
    """What was merged, split or carried on; the wording that took over is told with its decision."""
    goals = [one.goal for one in material.concerned]
    now = lineages(goals, viewer=material.reader, at=material.at)
    if not now:
        return
    then = lineages(goals, viewer=material.reader, at=since.before)
    for goal, lines in now.items():
        before = {one.on for one in then.get(goal, ()) if one.state == State.DONE}
        for one in lines:
            if one.state == State.DONE and one.on and (one.on > since.before.on or one.on not in before):
                yield Change(one.on, goal, one.undated, _taken_over(goal, one.on, material))


def _taken_over(goal: int, on: date, material: Material) -> str:
    """The decision that put a wording of the pejlemærke in force that day; that of another is told there."""
    life = material.lives[goal]
    own = (ground for ground in life.grounds.values() if ground.since == on)
    others = (
        ground for one in material.lives.values() for pk, ground in one.grounds.items()
        if ground.since == on and pk in one.holding
    )  # fmt: skip
    ground = next(own, None) or next(others, None)
    return told(ground) if ground else UNSAID


def _places(material: Material, since: Since) -> Iterator[Change]:
    """New numbers and new sets, each told with what was before; nothing of a set that the readers may not see."""
    kept_since = {one.goal.pk: one.goal.kept_since for one in material.concerned}
    # By "goal" they would be sorted by the numbers of today.
    rows = Placement.objects.filter(goal__in=list(kept_since)).order_by(
        "goal_id", F("placed_from").asc(nulls_first=True), "pk"
    )
    own: dict[int, list[Placement]] = defaultdict(list)
    for place in rows:
        day, kept = place.placed_from, kept_since[place.goal_id]
        if day is None or was_known(material.at.known, day, place.recorded_at, kept_since=kept):
            own[place.goal_id].append(place)
    sets = _sets({place.goal_set_id for places in own.values() for place in places}, material)
    for goal, places in own.items():
        for before, place in pairwise(places):
            day = place.placed_from
            if {before.goal_set_id, place.goal_set_id}.isdisjoint(sets):
                continue
            if day and since.is_new(day, place.recorded_at, kept_since=kept_since[goal]):
                yield Change(day, goal, placed_anew(before, place, sets), because(place.reason))


def _sets(pks: set[int], material: Material) -> dict[int, GoalSet]:
    """The sets in which they have stood, as they were known, as far as the readers may see them."""
    seen = {one.pk: one for one in material.sets}
    others = pks - set(seen)
    if others:
        found = GoalSet.objects.visible_to(material.reader).filter(pk__in=others).select_related("area", "period")
        seen |= {one.pk: one for one in sets_as_known(found, material.at)}
    return seen
