"""Historien i korte træk: what happened to many pejlemærker at once, oldest first, each event a sentence."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from kit.dates import format_date
from pejlemaerker.documents.citation import Grounds, with_deciders
from pejlemaerker.documents.endings import endings
from pejlemaerker.documents.entry import Entry
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    Assessment,
    Dialogue,
    Goal,
    StatusEntry,
    known_by,
)

type Told = dict[int, list[Entry]]


def brief_stories(goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, tuple[Entry, ...]]:
    """Tell the main events of each pejlemærke, in seven queries however many there are."""
    goals = list(goals)
    told: Told = defaultdict(list)
    _requests(goals, at, told)
    _dialogues(goals, viewer, at, told)
    _adoptions(goals, viewer, at, told)
    _statuses(goals, viewer, at, told)
    for goal, ending in endings(goals, at).items():
        told[goal].append(Entry(ending.on, f"{ending.label}.", kind="decision"))
    return {goal: tuple(sorted(own, key=lambda one: one.on)) for goal, own in told.items()}


def _requests(goals: list[Goal], at: AsOf, told: Told) -> None:
    known = known_by(at.known, "requested_on", kept_since="goal__kept_since")
    asked = AdditionRequest.objects.filter(known, goal__in=goals, about="wording", requested_on__lte=at.on)
    for request in asked.order_by("pk"):
        # Who asked on an item that may be closed is told on the page of the wordings, to those who may read the item.
        who = "Udvalget" if request.item_id else request.requested_by or "Udvalget"
        told[request.goal_id or 0].append(Entry(request.requested_on, f"{who} bad om en tilføjelse."))


def _dialogues(goals: list[Goal], viewer: Any, at: AsOf, told: Told) -> None:
    known = known_by(at.known, "held_on", kept_since="goals__kept_since")
    # One filter, so that both ask of the same pejlemærke; two would tell each meeting once for each pejlemærke in it.
    rows = Dialogue.objects.visible_to(viewer).filter(known, goals__in=goals, held_on__lte=at.on, cancelled="")
    for goal, kind, day in rows.order_by("held_on", "pk").values_list("goals", "kind", "held_on"):
        told[goal].append(Entry(day, f"{Dialogue.Kind(kind).label}."))


def _adoptions(goals: list[Goal], viewer: Any, at: AsOf, told: Told) -> None:
    effective = Adoption.objects.effective(at).filter(version__goal__in=goals)
    adoptions = list(with_deciders(effective, at).order_by("in_force_from", "pk"))
    grounds = Grounds.of(adoptions, viewer=viewer)
    for adoption in adoptions:
        ground = grounds.of_one(adoption)
        later = "" if ground.since == ground.decided_on else f", gældende fra {format_date(ground.since)}"
        text = f"{ground.by} godkendte ordlyden{later}." if ground.by else "Ordlyden blev sat i kraft."
        if ground.decided_on <= at.on:
            entry = Entry(ground.decided_on, text, url=ground.url, link_text="Se beslutningen", kind="decision")
            told[adoption.version.goal_id].append(entry)


def _statuses(goals: list[Goal], viewer: Any, at: AsOf, told: Told) -> None:
    entries = StatusEntry.objects.visible_to(viewer).handed_in(at).filter(goal__in=goals).select_related("round")
    for entry in entries.order_by("goal_id", "round_id", "-pk").distinct("goal_id", "round_id"):
        judged = f": {Assessment(entry.assessment).label.lower()}" if entry.assessment else ""
        told[entry.goal_id].append(
            Entry(
                entry.round.held_on, f"{entry.round.get_kind_display()}{judged}.", is_demo=entry.round.is_demo,
                url=entry.round.get_absolute_url(), link_text="Læs evalueringen",
            )
        )  # fmt: skip
