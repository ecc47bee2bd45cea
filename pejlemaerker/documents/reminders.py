"""Dagens overblik: what one person is to be reminded of on a day, in one letter, and whether any of it is new."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from kit.dates import format_date
from meetings.models import Committee, Letter, Promise, Right, has_right
from pejlemaerker.documents.reminder_kinds import ReminderKind, committees_of, roles_by_kind, stopped_kinds
from pejlemaerker.models import AnswerSheet, EvaluationRound, Invitee, ReviewAct, Survey

_ROUND_SOON, _PROMISE_SOON = timedelta(days=7), timedelta(days=14)
# Days from a deadline on which it is told of; in between it only stands in letters that go out anyway.
_ROUND_RINGS = (-7, 1, 8, 29)
_PROMISE_RINGS = (-14, 1, *range(29, 366, 28))
_TEXT = 160


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One thing to know, where to read more, and whether it is what the letter is sent for."""

    text: str
    path: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class DigestPart:
    """All of one kind."""

    kind: ReminderKind
    lines: tuple[DigestLine, ...]

    @property
    def heading(self) -> str:
        """What the kind is called."""
        return str(self.kind.label)


@dataclass(frozen=True, slots=True)
class _Asked:
    """For whom, on which day, and since when."""

    user: Any
    on: date
    since: datetime

    def rings(self, due_on: date, days: Iterable[int]) -> bool:
        """Whether one of these days from a deadline has come since the last letter."""
        last = timezone.localtime(self.since).date()
        return any(last < due_on + timedelta(days=number) <= self.on for number in days)


@dataclass(frozen=True, slots=True)
class Digest:
    """Et overblik. Nothing of closed items is ever in it, not even for those who may read them: mail is forwarded."""

    parts: tuple[DigestPart, ...]

    @property
    def has_news(self) -> bool:
        """Whether there is a reason to send it: only what is new since the last letter is one."""
        return any(line.is_new for part in self.parts for line in part.lines)

    @classmethod
    def for_user(cls, user: Any, *, on: date, since: datetime | None = None) -> Self:
        """Gather what the user's roles are to be reminded of, without the kinds the user has stopped; `since` is the
        last such letter, and without one all that stands is new.
        """
        asked = _Asked(user, on, since or timezone.now() - timedelta(days=3660))
        stopped = stopped_kinds(user)
        parts = (
            DigestPart(kind, tuple(_LINES[kind](asked, committees_of(roles))))
            for kind, roles in roles_by_kind(user).items()
            if kind not in stopped
        )
        return cls(tuple(part for part in parts if part.lines))


def _opened(asked: _Asked, committees: QuerySet[Committee]) -> Iterator[DigestLine]:
    """Evaluations that have begun since the last letter, and are not over."""
    rounds = EvaluationRound.objects.visible_to(asked.user).filter(
        goal_set__period__committee__in=committees, survey__opened_at__gt=asked.since, survey__closed_at__isnull=True,
        survey__due_on__gte=asked.on,
    )  # fmt: skip
    for one in rounds.select_related("survey", "goal_set__area", "goal_set__period").order_by("survey__due_on", "pk"):
        assert one.survey  # noqa: S101 -- for the type checker: the filter has asked
        text = f"{one.get_kind_display()} af {one.goal_set}: lederne svarer senest {format_date(one.survey.due_on)}."
        yield DigestLine(text, one.get_absolute_url(), is_new=True)


def _due(asked: _Asked, committees: QuerySet[Committee]) -> Iterator[DigestLine]:
    """Rounds whose answers are due within a week or should have been there, and letters that did not arrive."""
    still = Q(invitees__withdrawn_at__isnull=True)
    surveys = list(
        _open_surveys(asked, committees)
        .annotate(
            asked_count=Count("invitees", filter=still, distinct=True),
            answered_count=Count("invitees", filter=still & Q(invitees__sheets__isnull=False), distinct=True),
        )
        .order_by("due_on", "pk")
    )
    lost = _lost_letters(asked, surveys)
    for one in surveys:
        if one.due_on <= asked.on + _ROUND_SOON:
            missing = one.asked_count - one.answered_count
            state = f"{missing} af {one.asked_count} mangler at svare" if missing else "alle har svaret"
            due = f"svarfristen {'var' if one.due_on < asked.on else 'er'} {format_date(one.due_on)}"
            yield DigestLine(
                f"{_name(one)}: {due}, og {state}.",
                one.get_absolute_url(),
                is_new=asked.rings(one.due_on, _ROUND_RINGS),
            )
        if count := lost.get(one.pk):
            words = "1 brev nåede ikke frem" if count == 1 else f"{count} breve nåede ikke frem"
            yield DigestLine(f"{_name(one)}: {words}.", one.get_absolute_url(), is_new=True)


def _name(survey: Survey) -> str:
    return f"{survey.get_kind_display()} i {survey.committee}"


def _open_surveys(asked: _Asked, committees: QuerySet[Committee]) -> QuerySet[Survey]:
    surveys = Survey.objects.visible_to(asked.user).filter(
        committee__in=committees, opened_at__isnull=False, closed_at__isnull=True
    )
    return surveys.select_related("committee")


def _lost_letters(asked: _Asked, surveys: Sequence[Survey]) -> dict[int, int]:
    """Count, by round, the letters that have come back since the last digest."""
    invitees = dict(Invitee.objects.filter(survey__in=surveys).values_list("pk", "survey"))
    returned = Letter.objects.filter(
        about__in=[f"adspurgt:{pk}" for pk in invitees], returned_at__gt=asked.since
    ).values_list("about", flat=True)
    counted: dict[int, int] = {}
    for about in returned:
        survey = invitees[int(about.partition(":")[2])]
        counted[survey] = counted.get(survey, 0) + 1
    return counted


def _answers(asked: _Asked, committees: QuerySet[Committee]) -> Iterator[DigestLine]:
    """How many leaders have handed in since the last letter; what they wrote is read in the app."""
    since = AnswerSheet.objects.filter(handed_in_at__gt=asked.since, recorded_by__isnull=True)
    counted = dict(
        since.filter(invitee__survey__in=_open_surveys(asked, committees))
        .values_list("invitee__survey")
        .annotate(count=Count("invitee", distinct=True))
        .order_by()
    )
    for one in _open_surveys(asked, committees).filter(pk__in=counted).order_by("due_on", "pk"):
        words = "1 leder har svaret" if counted[one.pk] == 1 else f"{counted[one.pk]} ledere har svaret"
        yield DigestLine(f"{_name(one)}: {words}.", one.get_absolute_url(), is_new=True)


def _review(asked: _Asked, committees: QuerySet[Committee]) -> Iterator[DigestLine]:
    """Texts that wait for the centre's head; and, to those who wrote them, what became of them."""
    newest = ReviewAct.objects.filter(evaluation=OuterRef("pk")).order_by("-pk")
    rounds = EvaluationRound.objects.visible_to(asked.user).filter(goal_set__period__committee__in=committees)
    standing = ReviewAct.objects.filter(
        pk__in=rounds.values(newest=Subquery(newest.values("pk")[:1])), act__in=list(_REVIEWED)
    ).exclude(acted_by=asked.user)
    standing = standing.filter(Q(act=ReviewAct.Act.REQUESTED) | Q(acted_at__gt=asked.since))
    way = "evaluation__goal_set__"
    for one in standing.select_related(f"{way}area", f"{way}period__committee"):
        evaluation = one.evaluation
        is_waiting = one.act == ReviewAct.Act.REQUESTED
        if is_waiting == has_right(asked.user, Right.REVIEW, evaluation.goal_set.period.committee):
            text = f"{evaluation.get_kind_display()} af {evaluation.goal_set}: den fælles tekst {_REVIEWED[one.act]}."
            yield DigestLine(text, evaluation.get_absolute_url(), is_new=one.acted_at > asked.since)


_REVIEWED: dict[str, str] = {
    ReviewAct.Act.REQUESTED: "venter på din godkendelse",
    ReviewAct.Act.SENT_BACK: "er sendt tilbage med en bemærkning",
    ReviewAct.Act.APPROVED: "er godkendt",
}


def _promises(asked: _Asked, committees: QuerySet[Committee]) -> Iterator[DigestLine]:
    """Promises, never of closed items, that are due within two weeks or overdue."""
    own = Q(item__isnull=False, item__meeting__committee__in=committees) | Q(committee__in=committees)
    promises = Promise.objects.visible_to(asked.user).filter(own, due_on__lte=asked.on + _PROMISE_SOON).still_open()
    for one in promises:
        text = one.text if len(one.text) <= _TEXT else f"{one.text[: _TEXT - 1]}…"
        late = "skulle være indfriet" if one.due_on < asked.on else "senest"
        to_whom = "udvalget" if one.to_whom == "Udvalget" else one.to_whom
        line = f"Til {to_whom}, {late} {format_date(one.due_on)}: {text}"
        yield DigestLine(line, reverse("promises"), is_new=asked.rings(one.due_on, _PROMISE_RINGS))


_LINES = {
    ReminderKind.OPENED: _opened,
    ReminderKind.DUE: _due,
    ReminderKind.ANSWERS: _answers,
    ReminderKind.REVIEW: _review,
    ReminderKind.PROMISES: _promises,
}
