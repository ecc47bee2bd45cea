"""Hvad der er ændret siden en dag: wordings, endings, places and the plan, each with the decision behind it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple, cast

from django.db.models import F, Q
from django.utils import timezone

from kit.dates import format_date
from meetings.models import Correction, StayOutcome, committee_name
from pejlemaerker.documents.citation import Ground, Grounds
from pejlemaerker.documents.lineage import State, lineages
from pejlemaerker.documents.notes.effects import ENDED
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.naming import capital, named
from pejlemaerker.documents.notes.since import Since
from pejlemaerker.documents.plan_changes import plan_changes
from pejlemaerker.documents.plan_requests import asked_for
from pejlemaerker.documents.set_closing import ClosedSet
from pejlemaerker.documents.set_history import sets_as_known
from pejlemaerker.documents.standing import Standing
from pejlemaerker.documents.wording_state import Life
from pejlemaerker.models import (
    Adoption,
    FollowUpPlan,
    FollowUpStep,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Placement,
    end_of,
    known_by,
    was_known,
)

UNDECIDED, UNSAID = "Ikke besluttet", "Ikke noteret"
_VERDICTS = {
    StayOutcome.Verdict.CONFIRMED: "",
    StayOutcome.Verdict.CHANGED: "Beslutningen om ordlyd {number} var standset, og kommunalbestyrelsen ændrede den.",
    StayOutcome.Verdict.ANNULLED: "Beslutningen om ordlyd {number} var standset, og udvalget ophævede den selv.",
}


class Change(NamedTuple):
    """Én ændring, of one pejlemærke or of something that the whole set has."""

    on: date
    about: int | str
    what: str
    ground: str


class ChangeLine(NamedTuple):
    """En ændring, as it is told: all pejlemærker of one act together."""

    on: date
    about: str
    what: str
    ground: str


def changes_since(material: Material, since: Since) -> tuple[ChangeLine, ...]:
    """Tell what was changed, in the order in which it happened."""
    found = [
        *(change for one in material.concerned for change in _wordings(one, material, since)),
        *_corrected(material, since),
        *_endings(material, since),
        *_lineage(material, since),
        *_places(material, since),
        *_plans(material, since),
        *_closings(material, since),
    ]
    together: dict[tuple[date, str, str], list[int | str]] = defaultdict(list)
    for one in sorted((one for one in found if one.on <= material.at.on), key=lambda one: one.on):
        together[one.on, one.what, one.ground].append(one.about)
    return tuple(ChangeLine(on, _about(own, material), what, ground) for (on, what, ground), own in together.items())


def _about(own: list[int | str], material: Material) -> str:
    goals = capital(named([one for one in own if isinstance(one, int)], material))
    return goals or " og ".join(dict.fromkeys(str(one) for one in own))


# --- Wordings -----------------------------------------------------------------


def _wordings(one: Standing, material: Material, since: Since) -> Iterator[Change]:
    life, kept_since = material.lives[one.goal.pk], one.goal.kept_since
    numbers = {version.pk: version.number for version in one.versions}
    for version in one.versions:
        for adoption in life.adoptions.get(version.pk, []):
            ground = life.grounds[adoption.pk]
            on, what = _adopted(version, adoption, ground, life, numbers)
            if what and since.is_new(on, adoption.recorded_at, kept_since=kept_since):
                yield Change(on, one.goal.pk, what, told(ground))
        for repeal in life.repeals.get(version.pk, []):
            on = repeal.on if repeal.on <= life.at.on else repeal.ground.decided_on
            if since.is_new(on, repeal.recorded_at, kept_since=kept_since):
                what = f"{_repealed(version, repeal.on, life, numbers)} Begrundelse: {repeal.reason}"
                yield Change(on, one.goal.pk, what, told(repeal.ground))
    yield from _written(one, since)


def _adopted(
    version: GoalVersion, adoption: Adoption, ground: Ground, life: Life, numbers: dict[int, int]
) -> tuple[date, str]:
    """When and how a decision changed the wording; one that was corrected away is told by its correction."""
    number, verdict = version.number, adoption.verdict  # type: ignore[attr-defined]
    if adoption.pk not in life.holding:
        if adoption.is_stayed:  # type: ignore[attr-defined]
            return ground.decided_on, f"Beslutningen om ordlyd {number} blev standset og har ingen virkning endnu."
        if verdict and _VERDICTS[StayOutcome.Verdict(verdict)]:
            return adoption.settled_on, _VERDICTS[StayOutcome.Verdict(verdict)].format(number=number)  # type: ignore[attr-defined]
        return ground.decided_on, ""
    if ground.since > life.at.on:
        return ground.decided_on, f"Ordlyd {number} er besluttet og gælder fra {format_date(ground.since)}."
    stayed = " Beslutningen havde været standset." if verdict else ""
    return ground.since, f"{_began(version, ground.since, life, numbers)}{stayed}"


def _began(version: GoalVersion, day: date, life: Life, numbers: dict[int, int]) -> str:
    if not any(span.since == day for span in life.spans.get(version.pk, [])):
        return f"Ordlyd {version.number} blev godkendt."  # by one more committee, or another began the same day
    before = next((pk for pk, spans in life.spans.items() if any(span.until == day for span in spans)), None)
    replaced = numbers.get(before or 0)
    return (
        f"Ordlyd {version.number} afløste ordlyd {replaced}."
        if replaced
        else f"Ordlyd {version.number} trådte i kraft."
    )


def _repealed(version: GoalVersion, day: date, life: Life, numbers: dict[int, int]) -> str:
    if day > life.at.on:
        return f"Ordlyd {version.number} ophæves fra {format_date(day)}."
    again = next((pk for pk, spans in life.spans.items() if any(span.since == day for span in spans)), None)
    return (
        f"Ordlyd {version.number} blev ophævet, og ordlyd {numbers[again]} gælder igen."
        if again in numbers
        else f"Ordlyd {version.number} blev ophævet."
    )


def _written(one: Standing, since: Since) -> Iterator[Change]:
    """A wording that waits for its decision."""
    version = one.awaiting
    if version is None or one.is_stayed:
        return
    on = version.worded_on or timezone.localdate(version.recorded_at)
    if since.is_new(on, version.recorded_at, kept_since=one.goal.kept_since):
        what = "En ny ordlyd blev skrevet" if version.number > 1 else "Ordlyden blev skrevet"
        yield Change(on, one.goal.pk, f"{what} og venter på beslutning.", UNDECIDED)


def _corrected(material: Material, since: Since) -> Iterator[Change]:
    """Decisions that an addition to the protocol has taken the effect from; what the addition says stays there."""
    without_effect = [
        (goal, adoption)
        for goal, life in material.lives.items()
        for own in life.adoptions.values()
        for adoption in own
        if adoption.pk not in life.holding and not adoption.is_stayed and not adoption.verdict  # type: ignore[attr-defined]
    ]
    decisions = [adoption.decision_id for _, adoption in without_effect if adoption.decision_id]
    known = Correction.including_closed.filter(decision__in=decisions, recorded_at__lt=end_of(material.at.known))
    days = dict(known.exclude(category="").order_by("pk").values_list("decision", "recorded_at")) if decisions else {}
    for goal, adoption in without_effect:
        day = days.get(adoption.decision_id or 0)
        if day and timezone.localdate(day) > since.before.on:
            what = f"Beslutningen om ordlyd {adoption.version.number} blev rettet, så ordlyden ikke gælder."
            yield Change(timezone.localdate(day), goal, what, told(material.lives[goal].grounds[adoption.pk]))


# --- The pejlemærke itself -----------------------------------------------------


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
            if day and since.is_new(day, place.recorded_at, kept_since=kept_since[goal]):
                yield Change(day, goal, _placed(before, place, sets), _because(place.reason))


def _sets(pks: set[int], material: Material) -> dict[int, GoalSet]:
    """The sets in which they have stood, as they were known, as far as the readers may see them."""
    seen = {one.pk: one for one in material.sets}
    others = pks - set(seen)
    if others:
        found = GoalSet.objects.visible_to(material.reader).filter(pk__in=others).select_related("area", "period")
        seen |= {one.pk: one for one in sets_as_known(found, material.at)}
    return seen


def _placed(before: Placement, place: Placement, sets: dict[int, GoalSet]) -> str:
    if before.goal_set_id != place.goal_set_id:
        old, new = (sets.get(one.goal_set_id, "et andet sæt") for one in (before, place))
        number = f" og fik nummer {place.number}" if place.number and place.goal_set_id in sets else ""
        return f"Pejlemærket blev flyttet fra {old} til {new}{number}."
    if place.number is None:
        return (
            f"Pejlemærket mistede sit nummer ({before.number})." if before.number else "Pejlemærket har intet nummer."
        )
    was = f" Før var det {before.number}." if before.number else ""
    return f"Pejlemærket fik nummer {place.number}.{was}"


# --- The set ------------------------------------------------------------------


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
            yield Change(_day_of(plan), "Opfølgningsplanen", what, asked or _because(plan.reason))


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


# --- In words -----------------------------------------------------------------


def told(ground: Ground) -> str:
    """Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 2; to those who may not see the item without its number."""
    if ground.delegation_note:
        return f"Efter bemyndigelse: {ground.delegation_note}"
    number = f", punkt {ground.decision.item.number}" if ground.decision else ""
    return f"{ground.by}, {format_date(ground.decided_on)}{number}"


def _because(reason: str) -> str:
    return f"Begrundelse: {reason}" if reason else UNSAID
