"""Hvem er ikke hørt endnu: which leaders and units have neither come to a dialogue meeting nor answered a round."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

from django.db.models import Q
from django.utils import timezone

from kit.clock import today
from kit.danish import sort_key
from kit.dates import format_date
from meetings.models import LeaderGroup, Leadership
from pejlemaerker.models import AnswerSheet, Dialogue, GoalSet, Participant


class Heard(NamedTuple):
    """How somebody was heard: at what, and when."""

    what: str
    on: date

    @property
    def text(self) -> str:
        """Dialogmøde midtvejs, 14. november 2023."""
        return f"{self.what}, {format_date(self.on)}"


@dataclass(frozen=True, slots=True)
class LeaderLine:
    """En enhed with those who lead it, and when it was heard; or a leader without a unit."""

    name: str
    leaders: str
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class GroupLines:
    """En lederkreds: who is not heard yet, and who is."""

    group: LeaderGroup
    unheard: tuple[LeaderLine, ...]
    heard: tuple[LeaderLine, ...]

    @property
    def lead(self) -> str:
        """How many of how many are not heard."""
        total = len(self.unheard) + len(self.heard)
        if not total:
            return "Der er ikke skrevet ledere ind i lederkredsen."
        if not self.unheard:
            return f"Alle {total} er hørt." if total > 1 else "Den ene, der er, er hørt."
        return f"{len(self.unheard)} af {total} er ikke hørt endnu."


@dataclass(frozen=True, slots=True)
class UnheardDocument:
    """Hvem der er hørt om et sæt in its period. Internal: it tells what single leaders have done."""

    goal_set: GoalSet
    groups: tuple[GroupLines, ...]
    unnoted: tuple[Dialogue, ...]  # held in the period, but nobody has noted who came

    @classmethod
    def for_set(cls, goal_set: GoalSet) -> Self:
        """Ask once for the leaders, who came and who answered; the reader is one who may know."""
        period = goal_set.period
        last = min(period.ends_on, today())
        held = list(
            Dialogue.objects.filter(
                committee=period.committee, cancelled="", held_on__range=(period.starts_on, last)
            ).prefetch_related("leader_groups")
        )
        came = list(Participant.objects.filter(dialogue__in=held, came__isnull=False).select_related("dialogue"))
        noted = {one.dialogue_id for one in came}
        groups = _groups(goal_set, held)
        leaderships = Leadership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=period.starts_on), leader_group__in=groups, valid_from__lte=last
        ).select_related("unit")
        sheets = AnswerSheet.objects.filter(invitee__survey__goal_sets__period=period).select_related("invitee__survey")
        heard = _Heard(came, sheets.distinct())
        leaders = list(leaderships)
        return cls(
            goal_set,
            tuple(_lines(one, [row for row in leaders if row.leader_group_id == one.pk], heard) for one in groups),
            tuple(one for one in held if one.pk not in noted),
        )

    @property
    def count(self) -> int:
        """How many are not heard, in all."""
        return sum(len(group.unheard) for group in self.groups)


class _Heard:
    """Who was heard, by unit, and by e-mail or name where there is no unit."""

    def __init__(self, participants: Iterable[Participant], sheets: Iterable[AnswerSheet]) -> None:
        self.found: dict[tuple[str, Any], set[Heard]] = {}
        for one in participants:
            if one.came:
                self._note(one, Heard(one.dialogue.get_kind_display(), one.dialogue.held_on))
        for sheet in sheets:
            day = sheet.reported_orally_on or timezone.localdate(sheet.handed_in_at)
            self._note(sheet.invitee, Heard(f"Svar på {_small(sheet.invitee.survey.get_kind_display())}", day))

    def _note(self, person: Any, how: Heard) -> None:
        keys = [("unit", person.unit_id)] if person.unit_id else _own_keys(person)
        for key in keys:
            self.found.setdefault(key, set()).add(how)

    def of(self, leaderships: Iterable[Leadership]) -> tuple[Heard, ...]:
        """How these were heard, in order."""
        keys = {key for one in leaderships for key in (("unit", one.unit_id or 0), *_own_keys(one))}
        told = set().union(*(self.found.get(key, set()) for key in keys))
        return tuple(sorted(told, key=lambda one: (one.on, one.what)))


def _own_keys(person: Any) -> list[tuple[str, Any]]:
    """What somebody is known by who was not written down with a unit: the address, and the name."""
    keys: list[tuple[str, Any]] = [("email", person.email.casefold())] if person.email else []
    return [*keys, ("name", person.name.casefold())]


def _groups(goal_set: GoalSet, held: Iterable[Dialogue]) -> list[LeaderGroup]:
    """The leaders who work by the set, and those its dialogue meetings were held with."""
    own = [goal_set.leader_group] if goal_set.leader_group else []
    if not own:
        own = [group for one in held for group in one.leader_groups.all()]
    return sorted({group.pk: group for group in own}.values(), key=lambda one: sort_key(one.name))


def _lines(group: LeaderGroup, leaderships: list[Leadership], heard: _Heard) -> GroupLines:
    by_unit: dict[Any, list[Leadership]] = {}
    for one in leaderships:
        by_unit.setdefault(one.unit_id or f"{one.name} {one.email}", []).append(one)
    lines = [_line(rows, heard) for rows in by_unit.values()]
    lines.sort(key=lambda one: sort_key(one.name))
    return GroupLines(group, tuple(one for one in lines if not one.heard), tuple(one for one in lines if one.heard))


def _line(rows: list[Leadership], heard: _Heard) -> LeaderLine:
    """Whoever leads the unit now is named; whoever led it before may have been heard for it."""
    now = [one for one in rows if one.valid_to is None or one.valid_to >= today()] or rows[-1:]
    names = sorted({one.name for one in now}, key=sort_key)
    unit = rows[0].unit
    return LeaderLine(str(unit) if unit else names[0], ", ".join(names) if unit else "", heard.of(rows))


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
