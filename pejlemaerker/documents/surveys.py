"""Evalueringsrunder: those of a committee, and one on its way to be opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from kit.danish import join_words, sort_key
from kit.dates import format_date
from meetings.models import Committee, Right
from pejlemaerker.documents.survey_check import Check, checks
from pejlemaerker.models import AnswerSheet, EvaluationRound, Invitee, ReviewAct, Survey, SurveyQuestion


class SurveyLine(NamedTuple):
    """En runde in the list: about what, how far it has come, and how many have answered."""

    survey: Survey
    sets: str
    state: str
    state_kind: str
    answered: str

    @property
    def url(self) -> str:
        """Where one goes on with it."""
        return (
            self.survey.get_absolute_url() if self.survey.opened_at else reverse("survey_edit", args=[self.survey.pk])
        )


@dataclass(frozen=True, slots=True)
class SurveyListDocument:
    """Et udvalgs runder: drafts, open ones, and those that are closed. Three queries, however many there are."""

    committee: Committee
    drafts: tuple[SurveyLine, ...]
    open: tuple[SurveyLine, ...]
    closed: tuple[SurveyLine, ...]

    @classmethod
    def for_committee(cls, committee: Committee, *, viewer: Any) -> Self:
        """Gather them, the newest deadline first."""
        surveys = list(
            Survey.objects.visible_to(viewer)
            .filter(committee=committee)
            .prefetch_related("goal_sets__area", "goal_sets__period")
        )
        counted = _answers([one.pk for one in surveys])
        lines = [_line(survey, *counted.get(survey.pk, (0, 0))) for survey in surveys]
        return cls(
            committee,
            tuple(line for line in lines if line.survey.opened_at is None),
            tuple(line for line in lines if line.survey.is_open),
            tuple(line for line in lines if line.survey.closed_at),
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is none yet."""
        return not (self.drafts or self.open or self.closed)


class MyRound(NamedTuple):
    """En runde under way, as it stands on Min side."""

    line: SurveyLine
    url: str


@dataclass(frozen=True, slots=True)
class MySurveys:
    """Evalueringsrunder i gang, of all committees one follows: not opened yet, open, or closed with a text to write."""

    rounds: tuple[MyRound, ...]

    @classmethod
    def for_user(cls, user: Any) -> Self:
        """Find them, the nearest deadline first; four queries, however many there are."""
        presented = ReviewAct.objects.filter(evaluation=OuterRef("pk"), act=ReviewAct.Act.PRESENTED)
        unfinished = EvaluationRound.objects.filter(~Exists(presented), survey=OuterRef("pk"))
        surveys = list(
            Survey.objects.visible_to(user)
            .filter(Q(closed_at=None) | Exists(unfinished))
            .select_related("committee")
            .prefetch_related("goal_sets__area", "goal_sets__period")
            .order_by("due_on", "pk")
        )
        counted = _answers([one.pk for one in surveys])
        runs = set(Committee.objects.where(user, Right.FOLLOW_UP).values_list("pk", flat=True))
        lines = [_line(survey, *counted.get(survey.pk, (0, 0))) for survey in surveys]
        return cls(
            tuple(
                MyRound(line, line.url if line.survey.committee_id in runs else line.survey.get_absolute_url())
                for line in lines
            )
        )


def _answers(surveys: Iterable[int]) -> dict[int, tuple[int, int]]:
    """By round: how many are asked, and how many of them have answered."""
    answered = Exists(AnswerSheet.objects.filter(invitee=OuterRef("pk")))
    rows = (
        Invitee.objects.filter(survey__in=list(surveys), withdrawn_at__isnull=True)
        .annotate(has_answered=answered)
        .values_list("survey")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(has_answered=True)))
    )
    return {survey: (asked, answered) for survey, asked, answered in rows}


def _line(survey: Survey, asked: int, answered: int) -> SurveyLine:
    if survey.closed_at:
        state, kind = "Lukket", "plain"
    elif survey.opened_at:
        state, kind = "Åben", "info"
    else:
        state, kind = "Under forberedelse", "warning"
    told = f"{answered} af {asked} har svaret" if survey.opened_at else f"{asked or 'Ingen'} valgt til at blive spurgt"
    return SurveyLine(survey, names_of_sets(survey), state, kind, told)


def names_of_sets(survey: Survey) -> str:
    """Dagtilbud 2022–2025 og Børne- og Familieområdet 2022–2025."""
    return join_words([str(one) for one in survey.goal_sets.all()])


class InviteeLine(NamedTuple):
    """En adspurgt in the list, with what one should know."""

    invitee: Invitee
    note: str


def invitee_lines(survey: Survey) -> list[InviteeLine]:
    """Who is asked, in Danish order of their units, with a note at those whom something is the matter with."""
    invitees = sorted(
        survey.invitees.select_related("leader_group"), key=lambda one: (sort_key(one.unit_name), sort_key(one.name))
    )
    return [InviteeLine(one, _note(one, invitees)) for one in invitees]


def _note(invitee: Invitee, all_asked: list[Invitee]) -> str:
    if not invitee.email:
        return "Ingen e-mail: der sendes intet link."
    email = invitee.email.casefold()
    twins = [one.unit_name or one.name for one in all_asked if one.pk != invitee.pk and one.email.casefold() == email]
    return f"Samme e-mail spørges også for {join_words(twins)}." if twins else ""


@dataclass(frozen=True, slots=True)
class OpeningDocument:
    """Se runden igennem, before it is opened: what is sent, to how many, and the check list."""

    survey: Survey
    sets: str
    questions: tuple[SurveyQuestion, ...]
    letters: int
    without_email: int
    checks: tuple[Check, ...]

    @classmethod
    def for_survey(cls, survey: Survey, *, viewer: Any) -> Self:
        """Gather it."""
        emails = list(survey.invitees.values_list("email", flat=True))
        return cls(
            survey, names_of_sets(survey), tuple(survey.questions.all()),
            sum(1 for email in emails if email), sum(1 for email in emails if not email),
            tuple(checks(survey, viewer=viewer)),
        )  # fmt: skip

    @property
    def can_be_opened(self) -> bool:
        """Whether nothing stands in the way."""
        return not any(check.blocks for check in self.checks)

    @property
    def facts(self) -> list[dict[str, str]]:
        """What the round is, as facts."""
        survey = self.survey
        to = str(survey.meeting or survey.dialogue or "Ikke til et bestemt møde")
        remind = f"{survey.remind_days_before} dage før fristen" if survey.remind_days_before else "Ingen af sig selv"
        rows = [
            ("Evaluering", f"{survey.get_kind_display()} af {self.sets}"), ("Til", to),
            ("Evalueringsdag", format_date(survey.held_on)), ("Svarfrist", format_date(survey.due_on)),
            ("Påmindelse", remind), ("Spørges", self.asked_text),
        ]  # fmt: skip
        return [{"label": label, "value": value, "url": ""} for label, value in rows]

    @property
    def asked_text(self) -> str:
        """How many get a letter, and how many are asked otherwise."""
        letters = "1 leder får et brev" if self.letters == 1 else f"{self.letters} ledere får et brev"
        return f"{letters}; {self.without_email} har ingen e-mail" if self.without_email else letters
