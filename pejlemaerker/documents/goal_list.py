"""Lister af pejlemærker: all the viewer may see, and those that one decision touched."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple, Self

from django.db.models import Count, prefetch_related_objects
from django.urls import reverse

from kit.danish import sort_key
from meetings.documents.paging import Paging
from meetings.models import AgendaItem, Decision
from pejlemaerker.documents.as_of import AsOfNote, address, chosen_day, day_parts, day_query
from pejlemaerker.documents.diff import Diff
from pejlemaerker.documents.overview import SetBrief, set_briefs, visible_sets
from pejlemaerker.documents.standing import Standing, in_order, standings
from pejlemaerker.models import AsOf, Assessment, Goal, GoalSet, GoalVersion

A_PAGE = 60  # pejlemærker; a set is never torn apart


@dataclass(frozen=True, slots=True)
class Chosen:
    """Valget, as the address says it; each part may be left out."""

    committee: str = ""
    area: str = ""
    period: str = ""
    status: str = ""
    page: str = ""

    @property
    def query(self) -> dict[str, str]:
        """What the list is narrowed by, by the names of the address."""
        parts = {"udvalg": self.committee, "omraade": self.area, "periode": self.period, "status": self.status}
        return {name: value for name, value in parts.items() if value}

    def takes(self, goal_set: GoalSet) -> bool:
        """Whether a set is among the chosen; a joint set is each of its committees'."""
        slugs = {goal_set.period.committee.slug, *(one.slug for one in goal_set.partners.all())}
        return (
            (not self.committee or self.committee in slugs)
            and self.area in ("", goal_set.area.name)
            and self.period in ("", str(goal_set.period))
        )

    def narrowed(self, brief: SetBrief) -> SetBrief:
        """Keep the pejlemærker whose status was chosen; without a choice, those that stand in the set."""
        if not self.status:
            return brief
        _, fits = STATUSES.get(self.status, ("", _none))
        return replace(brief, goals=tuple(one for one in (*brief.goals, *brief.former) if fits(one)), former=())


def _none(_standing: Standing) -> bool:
    return False


def _assessed(assessment: Assessment) -> Callable[[Standing], bool]:
    return lambda one: one.ending is None and one.status is not None and one.status.entry.assessment == assessment


STATUSES: dict[str, tuple[str, Callable[[Standing], bool]]] = {
    "i-god-gang": ("I god gang", _assessed(Assessment.GOOD_PROGRESS)),
    "paa-vej": ("På vej", _assessed(Assessment.UNDER_WAY)),
    "kraever-opmaerksomhed": ("Kræver opmærksomhed", _assessed(Assessment.NEEDS_ATTENTION)),
    "ikke-vurderet": ("Ikke vurderet", _assessed(Assessment.NOT_ASSESSED)),
    "ingen-status": ("Ingen status", lambda one: one.ending is None and one.status is None),
    "beslutning-mangler": (
        "Beslutning mangler", lambda one: one.ending is None and one.lacks_decision and not one.is_stayed,
    ),
    "standset": ("Standset", lambda one: one.is_stayed),
    "afsluttet": ("Afsluttet eller udgået", lambda one: one.ending is not None),
}  # fmt: skip


class Choice(NamedTuple):
    """En mulighed in one of the list's menus."""

    value: str
    text: str


class Drop(NamedTuple):
    """Et valg, man kan slippe, when nothing fits them all."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class GoalListDocument:
    """Pejlemærkerne, set by set, for one viewer on one day, narrowed as the viewer has chosen."""

    at: AsOf
    chosen: Chosen
    sets: tuple[SetBrief, ...]
    paging: Paging
    committees: tuple[Choice, ...]  # what one can choose between
    areas: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    kept_since: date

    @classmethod
    def for_viewer(cls, viewer: Any, *, at: AsOf, chosen: Chosen | None = None) -> Self:
        """Gather the pejlemærker that the viewer may see and has chosen, in the same number of queries however many."""
        chosen = chosen or Chosen()
        sets = visible_sets(viewer)
        prefetch_related_objects(sets, "partners")
        found, paging = _page([one for one in sets if chosen.takes(one)], viewer, at, chosen)
        committees = {one.period.committee for one in sets} | {two for one in sets for two in one.partners.all()}
        return cls(
            at=at,
            chosen=chosen,
            sets=tuple(found),
            paging=paging,
            committees=tuple(sorted((Choice(one.slug, one.name) for one in committees), key=_in_danish)),
            areas=tuple(sorted({Choice(one.area.name, one.area.name) for one in sets}, key=_in_danish)),
            periods=tuple(Choice(one, one) for one in sorted({str(one.period) for one in sets}, reverse=True)),
            kept_since=max((one.kept_since for one in sets), default=at.known),
        )

    @property
    def statuses(self) -> tuple[Choice, ...]:
        """The words a pejlemærke may be tagged with."""
        return tuple(Choice(value, text) for value, (text, _) in STATUSES.items())

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.kept_since, self.chosen.query)

    @property
    def day_query(self) -> str:
        """What keeps a link on the day the page shows."""
        return day_query(self.at)

    @property
    def chosen_day(self) -> str:
        """The day the page shows, when it is not today."""
        return chosen_day(self.at)

    @property
    def export_query(self) -> str:
        """What of the choice the export follows: the committee and the day."""
        kept = {"udvalg": self.chosen.committee} if self.chosen.committee else {}
        return address(kept | day_parts(self.at))

    @property
    def today_url(self) -> str:
        """The same choice, today."""
        return reverse("goals") + address(self.chosen.query)

    @property
    def drops(self) -> tuple[Drop, ...]:
        """For each choice the list without it."""
        chosen = self.chosen.query
        names = {
            "udvalg": ("udvalg", dict(self.committees)),
            "omraade": ("område", dict(self.areas)),
            "periode": ("periode", dict(self.periods)),
            "status": ("status", dict(self.statuses)),
        }
        return tuple(
            Drop(
                f"Slip valget af {names[name][0]} ({names[name][1].get(value, value)})",
                reverse("goals")
                + address({key: one for key, one in chosen.items() if key != name} | day_parts(self.at)),
            )
            for name, value in chosen.items()
        )


def _in_danish(choice: Choice) -> tuple[Any, ...]:
    return sort_key(choice.text)


def _page(sets: list[GoalSet], viewer: Any, at: AsOf, chosen: Chosen) -> tuple[list[SetBrief], Paging]:
    """Fill pages with whole sets until they hold enough; only a choice of status, and a day gone by, must look into all
    sets first.
    """
    if chosen.status or day_query(at):
        briefs = [chosen.narrowed(one) for one in set_briefs(sets, viewer=viewer, at=at)]
        shown = [one for one in briefs if one.goals]
        pages = _pages([(one, len(one.goals)) for one in shown])
        page, paging = _turn_to(pages, chosen, at, total=sum(len(one.goals) for one in shown))
        return page, paging
    counted = Goal.objects.filter(goal_set__in=sets).values_list("goal_set").annotate(goals=Count("pk"))
    counts = dict(counted.values_list("goal_set", "goals"))
    set_pages = _pages([(one, counts.get(one.pk, 0)) for one in sets])
    turned, paging = _turn_to(set_pages, chosen, at, total=sum(counts.values()))
    return set_briefs(turned, viewer=viewer, at=at), paging


def _pages[T](counted: list[tuple[T, int]]) -> list[list[T]]:
    pages: list[list[T]] = [[]]
    held = 0
    for one, count in counted:
        if held and held + count > A_PAGE:
            pages.append([])
            held = 0
        pages[-1].append(one)
        held += count
    return pages


def _turn_to[T](pages: list[list[T]], chosen: Chosen, at: AsOf, *, total: int) -> tuple[list[T], Paging]:
    wanted = int(chosen.page) if chosen.page.isdecimal() and len(chosen.page) < 6 else 1
    number = min(max(wanted, 1), len(pages))

    def side(number: int) -> str:
        return address(chosen.query | day_parts(at) | {"side": str(number)})

    paging = Paging(
        number=number,
        pages=len(pages),
        total=total,
        before=side(number - 1) if number > 1 else "",
        after=side(number + 1) if number < len(pages) else "",
    )
    return pages[number - 1], paging


@dataclass(frozen=True, slots=True)
class TouchedSet:
    """Et sæt, and those of its pejlemærker that were touched."""

    goal_set: GoalSet
    goals: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class PutBefore:
    """En ordlyd, der er forelagt på et punkt og venter på beslutningen, and what it changes."""

    version: GoalVersion
    diff: Diff | None

    @property
    def name(self) -> str:
        """Pejlemærke 2, ordlyd 3."""
        number = self.version.goal.number
        return f"Pejlemærke {number if number else 'uden nummer'}, ordlyd {self.version.number}"

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("wording", args=[self.version.goal_id, self.version.number])


def _put_before(item: AgendaItem, viewer: Any) -> tuple[PutBefore, ...]:
    goals = Goal.objects.visible_to(viewer)
    waiting = GoalVersion.objects.awaiting_decision().filter(submissions__item=item, goal__in=goals)
    rows = list(waiting.select_related("goal").order_by("goal__goal_set__area__position", "goal__number", "goal_id"))
    before = {
        (one.goal_id, one.number): one.text
        for one in GoalVersion.objects.filter(goal__in=[row.goal_id for row in rows])
    }
    found = []
    for row in rows:
        text = before.get((row.goal_id, row.number - 1), "")
        found.append(PutBefore(row, Diff.of(text, row.text) if text else None))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class TouchedGoalsDocument:
    """Berørte pejlemærker: those whose wording a decision on this agenda item put in force, and wordings that are put
    before the committee on it.
    """

    item: AgendaItem
    sets: tuple[TouchedSet, ...]
    put_before: tuple[PutBefore, ...]
    approving_decision: Decision | None

    @property
    def is_empty(self) -> bool:
        """Whether the item touches nothing."""
        return not (self.sets or self.put_before)

    @classmethod
    def of_item(cls, item: AgendaItem, *, viewer: Any, at: AsOf) -> Self:
        """Find them for an item that the viewer may see; without the right to its decision none was put in force."""
        decisions = Decision.including_closed.visible_to(viewer).filter(item=item)
        touched = Goal.objects.visible_to(viewer).filter(versions__adoptions__decision__in=decisions).distinct()
        approving = decisions.approving().select_related("item__meeting__committee").first()
        ordered = touched.order_by("goal_set__area__position", "goal_set_id", "number")
        goals = list(ordered.select_related("goal_set__area", "goal_set__period"))
        standing_of = standings(goals, viewer=viewer, at=at)
        by_set = groupby(goals, key=lambda goal: goal.goal_set)
        sets = tuple(TouchedSet(one, tuple(in_order(own, standing_of))) for one, own in by_set)
        return cls(item, sets, _put_before(item, viewer), approving)
