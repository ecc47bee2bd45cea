"""Svarsiden: what one leader is asked, about which wordings, and what the same house answered before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from django.db.models import Q

from kit.danish import count_word
from kit.dates import format_date
from pejlemaerker.documents.answer_state import AnswerState
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.models import Adoption, Answer, AsOf, Assessment, Goal, GoalVersion, Invitee, Survey, SurveyQuestion


@dataclass(frozen=True, slots=True)
class Earlier:
    """Et tidligere svar: what was answered to the same question in a round before this one."""

    text: str
    when: str  # "Midtvejsevaluering, 14. november 2023"
    by: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Et spørgsmål, about one pejlemærke or (without one) about the whole."""

    question: SurveyQuestion
    goal: Goal | None
    earlier: tuple[Earlier, ...]  # newest first; of a text the newest only

    @property
    def key(self) -> str:
        """What its fields are called by: "12-3", "14"."""
        return f"{self.question.pk}-{self.goal.pk}" if self.goal else str(self.question.pk)


@dataclass(frozen=True, slots=True)
class AskedGoal:
    """Et pejlemærke that a leader is asked about: the exact wording in force on the day of the round."""

    goal: Goal
    version: GoalVersion
    set_name: str  # where the round is about more than one set, else ""
    asked: tuple[Asked, ...]

    @property
    def number(self) -> int | None:
        """Its number in the set."""
        return self.goal.number

    @property
    def wording(self) -> str:
        """The wording, in full."""
        return self.version.text


@dataclass(frozen=True, slots=True)
class AnsweringDocument:
    """Alt, hvad en adspurgt spørges om, and how far the answer has come."""

    invitee: Invitee
    survey: Survey
    state: AnswerState
    goals: tuple[AskedGoal, ...]
    once: tuple[Asked, ...]

    @classmethod
    def for_invitee(cls, invitee: Invitee) -> Self:
        """Gather what one is asked. The invitee may be one that was never saved: then it is a preview."""
        survey = invitee.survey
        questions = list(survey.questions.all())
        earlier = _earlier(invitee, questions)
        in_force = wordings_asked_about(survey)
        sets = {version.goal.goal_set_id for version in in_force}
        return cls(
            invitee=invitee,
            survey=survey,
            state=AnswerState.of(invitee),
            goals=tuple(
                AskedGoal(
                    version.goal,
                    version,
                    str(version.goal.goal_set.area) if len(sets) > 1 else "",
                    tuple(_asked(q, version.goal, earlier) for q in questions if q.is_per_goal),
                )
                for version in in_force
            ),
            once=tuple(_asked(question, None, earlier) for question in questions if not question.is_per_goal),
        )

    @property
    def title(self) -> str:
        """What the letter is called too, so that one knows that one has come to the right place."""
        return self.survey.subject or self.survey.get_kind_display()

    @property
    def effort_text(self) -> str:
        """How much is asked: "Du spørges om to pejlemærker. Kun ét spørgsmål om hvert skal besvares, …"."""
        count = len(self.goals)
        about = f"Du spørges om {count_word(count)} pejlemærke{'' if count == 1 else 'r'}. " if count else ""
        per_goal = {asked.question.pk for goal in self.goals for asked in goal.asked if asked.question.is_required}
        once = sum(1 for asked in self.once if asked.question.is_required)
        if not per_goal and not once:
            return f"{about}Svar på det, du kan; intet skal udfyldes."
        if len(per_goal) > 1 or once:
            return f"{about}Spørgsmål, der ikke skal besvares, er mærket frivillige."
        return f"{about}Kun ét spørgsmål{' om hvert' if count > 1 else ''} skal besvares; resten er frivilligt."

    @property
    def committee_name(self) -> str:
        """Who asks."""
        return self.survey.committee.name

    @property
    def municipality_name(self) -> str:
        """Where."""
        return self.survey.committee.municipality.name

    @property
    def meeting_text(self) -> str:
        """What it is for: "Svarene bruges på udvalgets møde den 3. december 2026."; nothing, if no meeting is named."""
        if self.survey.meeting:
            return f"Svarene samles til udvalgets møde den {format_date(self.survey.meeting.date)}."
        if self.survey.dialogue:
            return f"Svarene samles til dialogmødet den {format_date(self.survey.dialogue.held_on)}."
        return ""

    @property
    def day_text(self) -> str:
        """Which wordings it is about."""
        return f"Pejlemærkerne står her med den ordlyd, der gælder {format_date(self.survey.held_on)}."

    def __iter__(self) -> Iterator[Asked]:
        """Every question, in the order it stands on the page."""
        for goal in self.goals:
            yield from goal.asked
        yield from self.once


def wordings_asked_about(survey: Survey) -> list[GoalVersion]:
    """The wordings in force on the day of the round, in the order of the sets and their numbers. A pejlemærke without a
    wording in force that day is not asked about.
    """
    adoptions = Adoption.objects.in_force(AsOf.hindsight(survey.held_on)).filter(
        version__goal__goal_set__in=survey.goal_sets.all(), version__goal__number__isnull=False
    )
    versions = [
        adoption.version
        for adoption in adoptions.select_related("version__goal__goal_set__area", "version__goal__goal_set__period")
    ]
    return sorted(versions, key=_place)


def _place(version: GoalVersion) -> tuple[int, int, int]:
    goal_set = version.goal.goal_set
    return (goal_set.area.position, goal_set.pk, version.goal.number or 0)


type _Earlier = dict[tuple[str, int | None], list[Earlier]]


def _asked(question: SurveyQuestion, goal: Goal | None, earlier: _Earlier) -> Asked:
    found = earlier.get((question.text, goal.pk if goal else None), [])
    of_all_rounds = question.kind == SurveyQuestion.Kind.NUMBER
    return Asked(question, goal, tuple(found if of_all_rounds else found[:1]))


def _earlier(invitee: Invitee, questions: Iterable[SurveyQuestion]) -> _Earlier:
    """What the same unit, or the same leader, answered to questions of the same words in the committee's rounds before
    this one; newest first. One address may lead two units: where the unit itself has answered, only that is told.
    """
    same = Q()
    if invitee.unit_id:
        same |= Q(sheet__invitee__unit=invitee.unit_id)
    if invitee.email:
        same |= Q(sheet__invitee__email__iexact=invitee.email)
    if not same:
        return {}
    survey = invitee.survey
    before = Answer.objects.counting().filter(
        same, sheet__invitee__survey__committee=survey.committee_id,
        sheet__invitee__survey__held_on__lt=survey.held_on, question__text__in={q.text for q in questions},
    )  # fmt: skip
    found: _Earlier = defaultdict(list)
    newest_first = list(
        before.select_related("question", "sheet__invitee__survey").order_by("-sheet__invitee__survey__held_on", "-pk")
    )
    of_the_unit = [one for one in newest_first if invitee.unit_id and one.sheet.invitee.unit_id == invitee.unit_id]
    for answer in of_the_unit or newest_first:
        round_before = answer.sheet.invitee.survey
        when = f"{round_before.get_kind_display()}, {format_date(round_before.held_on)}"
        earlier = Earlier(told(answer.question, answer.text, answer.number), when, answer.sheet.answered_by)
        found[answer.question.text, answer.goal_id].append(earlier)
    return found


def told(question: SurveyQuestion, text: str, number: Decimal | None) -> str:
    """An answer in words: an assessment by its name, a number with its unit."""
    if question.kind == SurveyQuestion.Kind.ASSESSMENT:
        return str(dict(Assessment.choices).get(text, text))
    if question.kind == SurveyQuestion.Kind.NUMBER and number is not None:
        return with_unit(number, question.unit)
    return text
