"""Hvad der er ændret ved sættet: its opfølgningsplan, and that it was closed."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Q
from django.utils import timezone

from pejlemaerker.documents.notes.changed.change import UNSAID, Change, because
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.since import Since
from pejlemaerker.documents.plan_changes import plan_changes
from pejlemaerker.documents.plan_requests import asked_for
from pejlemaerker.documents.set_closing import ClosedSet
from pejlemaerker.models import FollowUpPlan, FollowUpStep, known_by


def changed_sets(material: Material, since: Since) -> Iterator[Change]:
    """What happened to that which all pejlemærker of a set have together."""
    yield from _plans(material, since)
    yield from _closings(material, since)


def _known_plans(material: Material) -> list[FollowUpPlan]:
    known = known_by(material.at.known, "agreed_on", kept_since="goal_set__kept_since")
    agreed = Q(agreed_on__isnull=True) | Q(agreed_on__lte=material.at.on)
    plans = FollowUpPlan.objects.filter(known, agreed, goal_set__in=[one.pk for one in material.sets])
    return list(plans.select_related("answers", "goal_set").order_by("number"))


def _plans(material: Material, since: Since) -> Iterator[Change]:
    plans = _known_plans(material)
    requests = asked_for((one.answers for one in plans if one.answers), viewer=material.reader)
    for plan in plans:
        if _is_new_plan(plan, since):
            what = "Planen blev lagt." if plan.number == 1 else "Planen blev ændret."
            asked, _, _ = requests.get(plan.answers_id or 0, "").partition(": »")  # its words would fill the table
            yield Change(_day_of(plan), "Opfølgningsplanen", what, asked or because(plan.reason))


def _is_new_plan(plan: FollowUpPlan, since: Since) -> bool:
    return since.is_new(_day_of(plan), plan.recorded_at, kept_since=plan.goal_set.kept_since)


def _day_of(plan: FollowUpPlan) -> date:
    return plan.agreed_on or timezone.localdate(plan.recorded_at)


def plan_changes_since(material: Material, since: Since) -> tuple[str, ...]:
    """Tell what the plan of a set says now that it did not say then; only where it said something then."""
    plans = _known_plans(material)
    old, new = [one for one in plans if not _is_new_plan(one, since)], plans[-1:]
    if not old or old[-1] in new:
        return ()
    steps: dict[int, list[FollowUpStep]] = defaultdict(list)
    for step in FollowUpStep.objects.filter(plan__in=[old[-1], *new]).order_by("position"):
        steps[step.plan_id].append(step)
    return plan_changes(steps[old[-1].pk], steps[new[0].pk], is_insider=not material.is_public)


def _closings(material: Material, since: Since) -> Iterator[Change]:
    for goal_set in material.sets:
        closed = ClosedSet.of(goal_set, material.reader, material.at)
        if closed and closed.has_taken_effect:
            closing = closed.closing
            if since.is_new(closing.closed_on, closing.recorded_at, kept_since=goal_set.kept_since):
                yield Change(closing.closed_on, "Sættet", f"Blev afsluttet. {closed.text}", UNSAID)
