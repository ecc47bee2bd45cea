"""Dialogmøderne, som de var kendt: which day, of what kind, with whom, about which pejlemærker and for which step."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q

from kit.clock import today
from kit.danish import sort_key
from meetings.models import Event, LeaderGroup
from pejlemaerker.documents.dialogue_when import Appointment
from pejlemaerker.documents.set_history import changed_since, key_of
from pejlemaerker.models import AsOf, Dialogue, Goal, end_of, was_known


@dataclass(frozen=True, slots=True)
class KnownDialogue:
    """Et dialogmøde, as it was told on a day; what has been put right since is read back from the log."""

    dialogue: Dialogue  # with the day and the kind that were known
    goals: frozenset[int]
    trail: UUID | None  # of the step it carried out
    leaders: tuple[str, ...]  # in order; asked for only where they are shown
    where: str = ""  # the hours and the place

    def was_known(self, at: AsOf, *, kept_since: date) -> bool:
        """Whether it had been held, and was known."""
        if self.dialogue.cancelled:
            return False
        held_on, written = self.dialogue.held_on, self.dialogue.recorded_at
        return held_on <= at.on and was_known(at.known, held_on, written, kept_since=kept_since)

    def was_planned(self, at: AsOf) -> bool:
        """Whether it lay ahead and had been planned by then; a meeting that is called off is not coming."""
        is_ahead = self.dialogue.held_on > at.on and not self.dialogue.cancelled
        return is_ahead and self.dialogue.recorded_at < end_of(min(at.on, at.known))


def about_goals(**goals: Any) -> Exists:
    """Return the condition that a dialogue meeting is about some of these pejlemærker."""
    rows = Goal.dialogues.through.objects.filter(dialogue=OuterRef("pk"))
    return Exists(rows.filter(**{f"goal__{path}": value for path, value in goals.items()}))


def known_dialogues(about: Q | Exists, *, viewer: Any, at: AsOf, with_leaders: bool = False) -> list[KnownDialogue]:
    """Return the dialogue meetings that are about something and the viewer may see, latest first; of a day gone by also
    those put right since, for they may have been about it then. In one query, of a day gone by in two, and one more
    for the leaders. The caller asks each what it was about, and whether it was known.
    """
    is_past = at.known < today()
    wanted = Q(about)
    if is_past:
        changed = Event.objects.filter(action="dialogue_put_right", at__gte=end_of(at.known))
        wanted |= Q(pk__in=changed.values("target_pk"))
    found = list(
        Dialogue.objects.visible_to(viewer)
        .filter(wanted)
        .select_related("committee")
        .annotate(
            trail=F("step__trail"),
            goal_pks=ArraySubquery(Goal.dialogues.through.objects.filter(dialogue=OuterRef("pk")).values("goal")),
            leader_pks=ArraySubquery(
                LeaderGroup.dialogues.through.objects.filter(dialogue=OuterRef("pk")).values("leadergroup")
            ),
        )
    )
    before = changed_since(found, at) if is_past else {}
    told = [(one, before.get(key_of(one), {})) for one in found]
    names = _leader_names(told) if with_leaders else {}
    known = (_as_known(one, was, names) for one, was in told)
    return sorted(known, key=lambda one: (one.dialogue.held_on, one.dialogue.pk), reverse=True)


def _as_known(dialogue: Any, was: dict[str, Any], names: dict[int, str]) -> KnownDialogue:
    known = copy(dialogue)
    known.kind = was.get("kind", dialogue.kind)
    known.held_on = date.fromisoformat(was["held_on"]) if "held_on" in was else dialogue.held_on
    known.cancelled = was.get("cancelled", dialogue.cancelled)
    trail = was.get("trail", dialogue.trail)
    return KnownDialogue(
        dialogue=known,
        goals=frozenset(was.get("goals", dialogue.goal_pks)),
        trail=UUID(trail) if isinstance(trail, str) else trail,
        leaders=tuple(sorted((names[pk] for pk in _leaders(dialogue, was) if pk in names), key=sort_key)),
        where=was.get("where", Appointment.of(dialogue).where),
    )


def _leaders(dialogue: Any, was: dict[str, Any]) -> list[int]:
    return list(was.get("leader_groups", dialogue.leader_pks))


def _leader_names(told: Iterable[tuple[Any, dict[str, Any]]]) -> dict[int, str]:
    wanted = {pk for dialogue, was in told for pk in _leaders(dialogue, was)}
    return {pk: group.name for pk, group in LeaderGroup.objects.in_bulk(wanted).items()}
