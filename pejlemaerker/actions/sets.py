"""Making sets of pejlemærker, putting right what is said of them, and writing their pejlemærker."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Model

from kit.danish import sort_key
from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.organisation import fingerprint, values_of
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, CouncilTerm, Event, LeaderGroup, OrgUnit
from pejlemaerker.actions.open_set import open_goal, open_set
from pejlemaerker.actions.places import next_number
from pejlemaerker.actions.wordings import Derived
from pejlemaerker.models import (
    Adoption,
    ChangeKind,
    Derivation,
    Dialogue,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    PolicyArea,
    SetClosing,
)


class SetTaken(NotAllowed):
    """The area has its set in that period already."""

    def __init__(self, goal_set: GoalSet) -> None:
        super().__init__(f"{goal_set.area} har allerede et sæt pejlemærker i perioden {goal_set.period}.", field="area")
        self.goal_set = goal_set


class Days(NamedTuple):
    """The first and the last day of a period."""

    starts_on: date
    ends_on: date


def same_area(committee: Committee, name: str) -> PolicyArea | None:
    """Find the area that bears this name, however it is spelled: case, spaces, accents and aa for å do not count."""
    return next((area for area in committee.areas.all() if _folded(area.name) == _folded(name)), None)


def _folded(name: str) -> str:
    return sort_key(" ".join(name.split()))[0]


def has_been_in_force(area: PolicyArea) -> bool:
    """Whether a wording of any set of this area has been put in force: then papers of that day bear its name."""
    return Adoption.objects.filter(version__goal__placements__goal_set__area=area).exists()


@transaction.atomic
def create_set(
    *,
    committee: Committee,
    period: GoalPeriod | Days,
    area: PolicyArea | str,
    leader_group: LeaderGroup | None,
    partners: Iterable[Committee],
    nonce: UUID,
    by: Any,
) -> GoalSet:
    """Make a set of pejlemærker: an area in a period, both found or made. The same nonce gives the same set; raises
    SetTaken when the area has another in that period.
    """
    Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    period = period if isinstance(period, GoalPeriod) else _period(committee, period)
    area = area if isinstance(area, PolicyArea) else _area(committee, area)
    existing = GoalSet.objects.filter(period=period, area=area).first()
    if existing and _was_made_by(existing, nonce):
        return existing
    if existing:
        raise SetTaken(existing)
    goal_set = GoalSet.objects.create(period=period, area=area, leader_group=leader_group)
    goal_set.partners.set(partners)
    Event.objects.record("goal_set_created", goal_set, by=by, nonce=str(nonce), partners=_partners(goal_set))
    return goal_set


def _was_made_by(goal_set: GoalSet, nonce: UUID) -> bool:
    """The log remembers which submit made a set."""
    made = Event.objects.filter(target_type=goal_set._meta.label_lower, target_pk=goal_set.pk)
    return made.filter(action="goal_set_created", changes__nonce=str(nonce)).exists()


def _period(committee: Committee, days: Days) -> GoalPeriod:
    """Find the committee's period with these days, or make it; it belongs to the council term most of it lies in."""
    existing = GoalPeriod.objects.filter(committee=committee, starts_on=days.starts_on).first()
    if existing and existing.ends_on == days.ends_on:
        return existing
    if existing:
        raise NotAllowed(
            f"Udvalget har allerede en periode, der begynder den dag: {existing}. Vælg den.", field="starts_on"
        )
    term = term_of(committee, days)
    return GoalPeriod.objects.create(committee=committee, council_term=term, **days._asdict())


def term_of(committee: Committee, days: Days) -> CouncilTerm | None:
    """Find the council term (valgperiode) in which most of these days lie."""
    terms = CouncilTerm.objects.filter(
        municipality=committee.municipality_id, starts_on__lte=days.ends_on, ends_on__gte=days.starts_on
    )
    return max(terms, key=lambda one: min(one.ends_on, days.ends_on) - max(one.starts_on, days.starts_on), default=None)


def _area(committee: Committee, name: str) -> PolicyArea:
    name = " ".join(name.split())
    last = committee.areas.aggregate(last=Max("position"))["last"] or 0
    return same_area(committee, name) or PolicyArea.objects.create(committee=committee, name=name, position=last + 1)


def _partners(goal_set: GoalSet) -> list[int]:
    return sorted(goal_set.partners.values_list("pk", flat=True))


# --- Changing ----------------------------------------


def shown_of_set(goal_set: GoalSet) -> str:
    """Tell in short what somebody who changes a set was shown."""
    return fingerprint(
        {
            **values_of(goal_set, ["leader_group"]),
            **values_of(goal_set.period, ["starts_on", "ends_on"]),
            **values_of(goal_set.area, ["name"]),
            "partners": _partners(goal_set),
        }
    )


def shown_of_goal(goal: Goal) -> str:
    """Tell in short what somebody who changes a pejlemærke was shown."""
    return fingerprint(values_of(goal, ["refers_to", "responsible"]))


@transaction.atomic
def edit_set(
    *,
    goal_set: GoalSet,
    shown: str,
    days: Days,
    area_name: str,
    leader_group: LeaderGroup | None,
    partners: Iterable[Committee],
    by: Any,
) -> GoalSet:
    """Change what is said of a set, if it still is as it was shown; otherwise raise EditConflict. The days are those of
    the period and the name is that of the area, for all sets that share them.
    """
    Committee.objects.select_for_update(of=("self",)).get(pk=goal_set.period.committee_id)
    current = open_set(goal_set.pk)
    if shown_of_set(current) != shown:
        raise EditConflict(current)
    touched = _move_period(current.period, days, by), _rename_area(current.area, area_name, by)
    before = {"leader_group": current.leader_group_id, "partners": _partners(current)}
    current.leader_group = leader_group
    current.save(update_fields=["leader_group"])
    current.partners.set(partners)
    after = {"leader_group": current.leader_group_id, "partners": _partners(current)}
    _record(current, before, after, by, always=any(touched))
    return current


def _record(row: Model, before: dict[str, Any], after: dict[str, Any], by: Any, *, always: bool = False) -> None:
    """Write what was changed from what to what: a page of an earlier day is read back from it (set_history)."""
    changed = {name: [before[name], after[name]] for name in before if before[name] != after[name]}
    if changed or always:
        Event.objects.record(f"{row._meta.model_name}_put_right", row, by=by, **changed)


def _move_period(period: GoalPeriod, days: Days, by: Any) -> bool:
    if days == (period.starts_on, period.ends_on):
        return False
    if SetClosing.objects.filter(goal_set__period=period).exists():
        raise NotAllowed("Et andet sæt i perioden er afsluttet. Perioden beholder derfor sine dage.", field="starts_on")
    others = GoalPeriod.objects.filter(committee=period.committee_id, starts_on=days.starts_on).exclude(pk=period.pk)
    if others.exists():
        raise NotAllowed("Udvalget har allerede en periode, der begynder den dag.", field="starts_on")
    before = Days(period.starts_on, period.ends_on)
    period.starts_on, period.ends_on = days
    period.council_term = term_of(period.committee, days)
    period.save(update_fields=["starts_on", "ends_on", "council_term"])
    _record(period, _as_text(before), _as_text(days), by)
    return True


def _as_text(days: Days) -> dict[str, str]:
    return {name: day.isoformat() for name, day in days._asdict().items()}


def _rename_area(area: PolicyArea, name: str, by: Any) -> bool:
    """An area keeps the name under which its wordings came into force: a paper of that day must still say it."""
    name = " ".join(name.split())
    if name == area.name:
        return False
    if has_been_in_force(area):
        raise NotAllowed("Området har ordlyde, der har været i kraft, og beholder derfor sit navn.", field="area_name")
    other = same_area(area.committee, name)
    if other and other != area:
        raise NotAllowed(f"Udvalget har allerede området »{other}«.", field="area_name")
    before, area.name = area.name, name
    area.save(update_fields=["name"])
    _record(area, {"name": before}, {"name": name}, by)
    return True


@transaction.atomic
def edit_goal(*, goal: Goal, shown: str, refers_to: str, responsible: OrgUnit | None, by: Any) -> Goal:
    """Change what is said about a pejlemærke, never its wording; raises EditConflict when somebody else was faster."""
    current = open_goal(goal)
    if shown_of_goal(current) != shown:
        raise EditConflict(current)
    before = values_of(current, ["refers_to", "responsible"])
    current.refers_to, current.responsible = refers_to, responsible
    current.save(update_fields=["refers_to", "responsible"])
    _record(current, before, values_of(current, ["refers_to", "responsible"]), by)
    return current


# --- Pejlemærker ----------------------------------------


@transaction.atomic
def create_goal(
    *,
    goal_set: GoalSet,
    text: str,
    worded_on: date | None,
    refers_to: str,
    responsible: OrgUnit | None,
    nonce: UUID,
    by: Any,
    change_kind: str = ChangeKind.NEW,
    reason: str = "",
    derived: Iterable[Derived] = (),
    dialogue: Dialogue | None = None,
) -> Goal:
    """Write a new pejlemærke with its first wording ("" when that is not known), under the next number of its set.

    The same nonce gives the same pejlemærke; a set that has been closed takes none (SetIsClosed). Those it takes over
    from (`derived`) end when it comes into force.
    """
    current = open_set(goal_set.pk)
    existing, nonce = made_by(Goal.objects.all(), nonce, goal_set=current, refers_to=refers_to, responsible=responsible)
    if existing:
        return existing
    goal = Goal.objects.create(
        goal_set=current, number=next_number(current), refers_to=refers_to, responsible=responsible, nonce=nonce
    )
    version = GoalVersion.objects.create(
        goal=goal, number=1, text=text, change_kind=change_kind, reason=reason, worded_on=worded_on, dialogue=dialogue,
        recorded_by=by,
    )  # fmt: skip
    Derivation.objects.bulk_create(
        Derivation(version=version, source=source, kind=kind, ends_source=ends) for source, kind, ends in derived
    )
    if dialogue:
        dialogue.goals.add(goal)
    Event.objects.record("goal_created", goal, by=by, dialogue=dialogue.pk if dialogue else None)
    return goal


class NewGoal(NamedTuple):
    """A pejlemærke as it is written in: its wording ("" when not known), and the strategy it refers to."""

    text: str
    refers_to: str
    nonce: UUID


@transaction.atomic
def create_goals(
    *,
    goal_set: GoalSet,
    goals: Iterable[NewGoal],
    worded_on: date | None,
    responsible: OrgUnit | None,
    dialogue: Dialogue | None,
    by: Any,
) -> list[Goal]:
    """Write several new pejlemærker, in this order; all of them or none."""
    return [
        create_goal(
            goal_set=goal_set, worded_on=worded_on, responsible=responsible, dialogue=dialogue, by=by, **goal._asdict()
        )
        for goal in goals
    ]
