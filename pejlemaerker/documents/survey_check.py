"""Før runden åbnes: what stands in the way of opening it, and what one should only look at."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from kit.clock import today
from kit.danish import join_words, sort_key
from kit.dates import format_date
from pejlemaerker.documents.occasions import Occasion, occasion_of
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.models import AsOf, GoalSet, Invitee, Survey, SurveyQuestion

MANY_ANSWERS = 30  # more than a leader writes in ten minutes on a phone
SHORT_NOTICE = timedelta(days=7)


class Check(NamedTuple):
    """One thing to look at: whether it stands in the way, and where it is put right."""

    text: str
    blocks: bool
    url: str
    link_text: str


def blocking(survey: Survey) -> list[str]:
    """What stands in the way, in sentences."""
    return [check.text for check in checks(survey, viewer=AnonymousUser()) if check.blocks]


def checks(survey: Survey, *, viewer: Any) -> list[Check]:
    """The whole list, what stands in the way first. The same number of queries however much is asked."""
    goal_sets = list(survey.goal_sets.select_related("period__committee", "area", "closing"))
    questions, invitees = list(survey.questions.all()), list(survey.invitees.all())
    goals = _goals(goal_sets, survey, viewer)
    found = [
        *_of_sets(survey, goal_sets),
        *_of_questions(survey, questions, goals),
        *_of_wordings(survey, questions, goals),
        *_of_invitees(survey, invitees),
        *_of_days(survey, occasion_of(survey)),
    ]
    return sorted(found, key=lambda check: not check.blocks)


def _goals(goal_sets: list[GoalSet], survey: Survey, viewer: Any) -> dict[str, list[Standing]]:
    """The pejlemærker that are worked by on the day of the evaluation, by the name of their set."""
    standing_of = standings_in([one.pk for one in goal_sets], viewer=viewer, at=AsOf.hindsight(survey.held_on))
    return {
        str(one.area): [goal for goal in standing_of.get(one.pk, []) if goal.is_listed and not goal.ending]
        for one in goal_sets
    }


def _of_sets(survey: Survey, goal_sets: list[GoalSet]) -> Iterator[Check]:
    url, link_text = _about(survey)
    if not goal_sets:
        yield Check("Der er ikke valgt noget sæt pejlemærker.", True, url, link_text)
    for goal_set in goal_sets:
        if hasattr(goal_set, "closing"):
            yield Check(
                f"Sættet {goal_set} er afsluttet og overleveret. Det kan læses, men lederne kan ikke længere spørges.",
                True, url, link_text,
            )  # fmt: skip
        elif not goal_set.period.starts_on <= survey.held_on <= goal_set.period.ends_on:
            yield Check(
                f"Evalueringsdagen {format_date(survey.held_on)} ligger uden for perioden for {goal_set}.",
                False, url, link_text,
            )  # fmt: skip


def _of_questions(survey: Survey, questions: list[SurveyQuestion], goals: dict[str, list[Standing]]) -> Iterator[Check]:
    url = reverse("survey_questions", args=[survey.pk])
    if not questions:
        yield Check("Der er ingen spørgsmål.", True, url, "Skriv spørgsmål")
        return
    per_goal = sum(1 for one in questions if one.is_per_goal)
    count = per_goal * sum(len(those) for those in goals.values()) + len(questions) - per_goal
    if count > MANY_ANSWERS:
        yield Check(
            f"Hver leder får {count} felter at svare i. Det tager mere end ti minutter; overvej færre spørgsmål, eller "
            "stil nogle af dem én gang for det hele.",
            False, url, "Ret spørgsmålene",
        )  # fmt: skip


def _of_wordings(survey: Survey, questions: list[SurveyQuestion], goals: dict[str, list[Standing]]) -> Iterator[Check]:
    url, link_text = _about(survey)
    day = format_date(survey.held_on)
    for area, those in goals.items():
        lacking = [goal for goal in those if goal.in_force is None]
        if not those:
            yield Check(f"{area} har ingen pejlemærker den {day}.", False, url, link_text)
        elif lacking:
            names = join_words([str(goal.number) for goal in lacking])
            yield Check(
                f"{area}: pejlemærke {names} har ingen ordlyd i kraft den {day}. Lederne spørges kun om dem, der har.",
                False, url, link_text,
            )  # fmt: skip
    asks_of_goals = any(one.is_per_goal for one in questions)
    if goals and asks_of_goals and not any(goal.in_force for those in goals.values() for goal in those):
        yield Check(f"Ingen pejlemærker er i kraft den {day}, så der er intet at spørge om.", True, url, link_text)


def _of_invitees(survey: Survey, invitees: list[Invitee]) -> Iterator[Check]:
    url = reverse("survey_invitees", args=[survey.pk])
    if not invitees:
        yield Check("Ingen er valgt til at blive spurgt.", True, url, "Vælg, hvem der spørges")
    without = sorted((str(one) for one in invitees if not one.email), key=sort_key)
    if without:
        names = join_words(without)
        yield Check(
            f"Uden e-mail, så der sendes intet link: {names}. Svaret kan skrives ind, når det er fortalt mundtligt.",
            False, url, "Se, hvem der spørges",
        )  # fmt: skip
    for email, count in Counter(one.email.casefold() for one in invitees if one.email).items():
        if count > 1:
            those = sorted((str(one) for one in invitees if one.email.casefold() == email), key=sort_key)
            yield Check(
                f"Samme e-mail flere gange: {join_words(those)}. Der sendes et link til hver besvarelse.",
                False, url, "Se, hvem der spørges",
            )  # fmt: skip


def _of_days(survey: Survey, occasion: Occasion | None) -> Iterator[Check]:
    url, link_text = _about(survey)
    due, now = format_date(survey.due_on), today()
    if survey.due_on < now:
        yield Check(f"Svarfristen {due} er overskredet.", True, url, "Ret fristen")
    elif survey.due_on - now < SHORT_NOTICE:
        yield Check(f"Lederne har mindre end en uge: svarfristen er {due}.", False, url, "Ret fristen")
    if survey.held_on > survey.due_on:
        yield Check("Evalueringsdagen ligger efter svarfristen.", False, url, link_text)
    if survey.remind_days_before and survey.due_on - timedelta(days=survey.remind_days_before) <= now <= survey.due_on:
        yield Check("Dagen for påmindelsen er kommet allerede, så der sendes ingen af sig selv.", False, url, link_text)
    if occasion is None:
        yield Check("Runden er ikke knyttet til et møde.", False, url, "Vælg mødet")
    elif occasion.cancelled:
        yield Check(f"Runden er til {occasion.name}, som er aflyst.", False, url, "Vælg et andet møde")
    elif survey.due_on >= occasion.day:
        yield Check(
            f"Svarfristen {due} ligger ikke før {occasion.name}, som svarene skal bruges på.", True, url, "Ret fristen"
        )
    elif survey.due_on > occasion.answers_by:
        yield Check(f"Svarfristen er {due}. {occasion.reason}", False, url, "Ret fristen")


def _about(survey: Survey) -> tuple[str, str]:
    return reverse("survey_edit", args=[survey.pk]), "Ret runden"
