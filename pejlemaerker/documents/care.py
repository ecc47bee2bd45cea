"""Det, der mangler: how old a status is and what a pejlemærke or its set lacks; computed and told, never a verdict."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.urls import reverse

from kit.clock import today
from kit.danish import join_words
from kit.dates import format_date
from meetings.models import Right, has_right
from pejlemaerker.documents.course import Course
from pejlemaerker.documents.requests import RequestLine
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import (
    AsOf,
    EvaluationRound,
    GoalSet,
)

STALE_AFTER = 12  # months, while the period runs


@dataclass(frozen=True, slots=True)
class Lack:
    """Noget, der mangler, and where it is mended by those who may."""

    text: str
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """Hvad der mangler for et sæt or one of its pejlemærker: one viewer, one day.

    The public is told how old a status is and that a wording lacks a decision; the rest is for those who work with it.
    """

    goal_set: GoalSet
    at: AsOf
    is_closed: bool
    is_insider: bool
    follows_up: bool
    decides: bool

    @classmethod
    def by(cls, viewer: Any, *, goal_set: GoalSet, at: AsOf, is_closed: bool) -> Self:
        """Look at a set with the eyes of one viewer; only today's page says where something is mended."""
        committee, is_today = goal_set.period.committee, at.on == today()
        return cls(
            goal_set=goal_set,
            at=at,
            is_closed=is_closed,
            is_insider=any(has_right(viewer, Right.READ_GOALS, one) for one in (committee, *goal_set.partners.all())),
            follows_up=is_today and has_right(viewer, Right.FOLLOW_UP, committee),
            decides=is_today and has_right(viewer, Right.PUT_IN_FORCE, committee),
        )

    @property
    def runs(self) -> bool:
        """Whether the period runs."""
        return self.goal_set.period.starts_on <= self.at.on <= self.goal_set.period.ends_on

    def of_goal(self, standing: Standing, requests: Iterable[RequestLine]) -> tuple[Lack, ...]:
        """What one pejlemærke lacks; nothing is asked of one that has ended, nor of a set that was handed over."""
        if standing.ending or self.is_closed:
            return ()
        told = [*self._decision(standing), *self._status(standing)]
        if self.is_insider:
            told += [*self._rows(standing), *self._requests(requests)]
        return tuple(told)

    def of_set(
        self,
        course: Course,
        evaluations: Iterable[EvaluationRound],
        standings: Iterable[Standing],
        requests: Iterable[RequestLine],
    ) -> tuple[Lack, ...]:
        """What the set lacks, and what its pejlemærker lack: those that lack the same stand in one line."""
        if self.is_closed:
            return ()
        requests = list(requests)[::-1]  # the oldest first
        told: list[Lack] = []
        if self.is_insider:
            told += self._plan(course, evaluations)
            told += self._requests(one for one in requests if one.goal is None)
        alike: dict[str, list[tuple[Standing, Lack]]] = defaultdict(list)
        for standing in standings:
            for lack in self.of_goal(standing, (one for one in requests if one.goal == standing.goal)):
                alike[lack.text].append((standing, lack))
        return (*told, *(_together(found) for found in alike.values()))

    def _decision(self, standing: Standing) -> Iterator[Lack]:
        if not standing.wording:
            yield self._for_follow_up("Ordlyden kendes ikke", "wording_new", standing.goal.pk, "Skriv ordlyden")
        elif standing.lacks_decision and not standing.is_stayed:
            yield self._for_decider("Ordlyden mangler en beslutning", "put_in_force", "Sæt ordlyden i kraft")

    def _status(self, standing: Standing) -> Iterator[Lack]:
        published = "" if self.is_insider else "offentliggjort "
        write = ("evaluation_new", self.goal_set.pk, "Skriv en evaluering ind")
        if not self.runs:
            return
        if standing.status is None:
            yield self._for_follow_up(f"Ingen {published}status endnu", *write)
            return
        age = months_between(standing.status.entry.round.held_on, self.at.on)
        if age >= STALE_AFTER:
            latest = "Seneste offentliggjorte" if published else "Seneste"
            yield self._for_follow_up(f"{latest} status er {age} måneder gammel", *write)

    def _rows(self, standing: Standing) -> Iterator[Lack]:
        """Who is responsible is known for today only: the row keeps no history."""
        if self.at.on == today() and standing.goal.responsible_id is None:
            yield self._for_follow_up("Ingen ansvarlig", "goal_edit", standing.goal.pk, "Skriv den ansvarlige")
        if standing.number is None:
            yield self._for_decider("Står uden for nummereringen", "goals_arrange", "Giv det et nummer")

    def _requests(self, requests: Iterable[RequestLine]) -> Iterator[Lack]:
        for request in (line.request for line in requests if line.is_open):
            text = f"Ønsket om en tilføjelse {format_date(request.requested_on)} er ikke besvaret"
            yield self._for_follow_up(text, "request_settle", request.pk, "Følg ønsket til ende")

    def _plan(self, course: Course, evaluations: Iterable[EvaluationRound]) -> Iterator[Lack]:
        if not self.runs:
            return
        period = self.goal_set.period
        if course.plan is None:
            yield self._for_follow_up("Ingen opfølgningsplan", "plan_edit", self.goal_set.pk, "Skriv planen")
        is_past_middle = self.at.on > period.starts_on + (period.ends_on - period.starts_on) / 2
        if is_past_middle and not list(evaluations):
            text = "Ingen evaluering endnu, og perioden er mere end halvt gået"
            yield self._for_follow_up(text, "evaluation_new", self.goal_set.pk, "Skriv en evaluering ind")

    def _for_follow_up(self, text: str, route: str, pk: int, link_text: str) -> Lack:
        return Lack(text, reverse(route, args=[pk]), link_text) if self.follows_up else Lack(text)

    def _for_decider(self, text: str, route: str, link_text: str) -> Lack:
        return Lack(text, reverse(route, args=[self.goal_set.pk]), link_text) if self.decides else Lack(text)


def months_between(since: date, until: date) -> int:
    """How many whole months lie between two days."""
    months = (until.year - since.year) * 12 + until.month - since.month
    return months - (until.day < since.day)


def _together(found: list[tuple[Standing, Lack]]) -> Lack:
    """Tell in one line what several pejlemærker lack; it is linked when it is mended in one place."""
    text = f"{_names([standing for standing, _ in found])}: {_lower(found[0][1].text)}"
    lacks = {lack for _, lack in found}
    return Lack(text) if len(lacks) > 1 else Lack(text, found[0][1].url, found[0][1].link_text)


def _names(standings: list[Standing]) -> str:
    numbers = [str(one.number) for one in standings if one.number is not None]
    nameless = len(standings) - len(numbers)
    numbered = f"Pejlemærke {join_words(numbers)}" if numbers else ""
    if not nameless:
        return numbered
    others = "Et pejlemærke uden nummer" if nameless == 1 else f"{nameless} pejlemærker uden nummer"
    return f"{numbered} og {_lower(others)}" if numbered else others


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
