"""What the other sections of a note say: wordings, status, quotations and earlier wordings; and the whole of it."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.models import (
    Decision,
    User,
)
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    Adoption,
    Answer,
    AsOf,
    Audience,
    EvaluationRound,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Quotation,
    StatusEntry,
)
from tests.conftest import present, publish
from tests.pejlemaerker.answering import all_answer
from tests.pejlemaerker.surveys import a_survey
from tests.pejlemaerker.telling import LATER, goal_of, reworded, rows, told

SECTIONS = (
    SectionKey.INTRODUCTION, SectionKey.WORDINGS, SectionKey.CHANGES, SectionKey.DECISIONS, SectionKey.STATUS,
    SectionKey.QUOTATIONS, SectionKey.APPENDIX,
)  # fmt: skip


# --- Wordings -----------------------------------------------------------------


def test_wordings_tell_number_text_and_ground(goal_set: GoalSet, adoption: Adoption) -> None:
    assert told(goal_set, "wordings") == [
        "1. Vi arbejder med systematisk inddragelse af barnet, den unge og familien.",
        "Gældende siden 3. oktober 2022, besluttet af Børne- og Uddannelsesudvalget, punkt 1.",
        "2. Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt som muligt.",
        "Beslutning mangler. Formuleret 8. september 2022. Ordlyden gælder først, når udvalget har besluttet den.",
    ]


def test_lost_wording_is_told_as_lost(goal_set: GoalSet) -> None:
    GoalVersion.objects.create(goal=Goal.objects.create(goal_set=goal_set, number=3), number=1, text="")
    GoalVersion.objects.create(goal=Goal.objects.create(goal_set=goal_set, number=None), number=1, text="")
    assert told(goal_set, "wordings")[4:] == [
        "3. Ordlyden kendes ikke", "Beslutning mangler.", "Ordlyden kendes ikke", "Beslutning mangler.",
    ]  # fmt: skip


def test_wording_decided_for_a_later_day_says_by_whom(
    goal_set: GoalSet, adoption: Adoption, later: Decision, secretary: User
) -> None:
    version = GoalVersion.objects.get(goal=goal_of(goal_set, 2))
    put_in_force(versions=[version], decision=later, in_force_from=date(2023, 10, 1), by=secretary)
    assert told(goal_set, "wordings", on=date(2023, 9, 10))[3] == (
        "Besluttet. Gælder fra 1. oktober 2023: besluttet af Børne- og Uddannelsesudvalget 4. september 2023, punkt 7."
    )


def test_dropped_pejlemaerke_says_until_when_and_why(goal_set: GoalSet, adoption: Adoption, later: Decision) -> None:
    goal = goal_of(goal_set, 1)
    GoalClosing.objects.create(
        goal=goal, kind="dropped", ended_on=date(2023, 9, 4), reason="Opgaven er løst.", decision=later
    )
    assert told(goal_set, "wordings")[1] == (
        "Gældende fra 3. oktober 2022 til 4. september 2023, besluttet af Børne- og Uddannelsesudvalget, punkt 1. "
        "Udgået 4. september 2023: Opgaven er løst."
    )


# --- Status and quotations ----------------------------------------------------


@pytest.fixture
def evaluation(goal_set: GoalSet, adoption: Adoption) -> EvaluationRound:
    """A status of pejlemærke 1."""
    evaluation = EvaluationRound.objects.create(goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14))
    with_a_status(evaluation, adoption)
    return evaluation


def with_a_status(evaluation: EvaluationRound, adoption: Adoption) -> None:
    StatusEntry.objects.create(
        round=evaluation, goal=adoption.version.goal, version=adoption.version, text="Det går.",
        assessment="under_way", nonce=uuid4(),
    )  # fmt: skip


def test_set_without_any_status_says_so_once(goal_set: GoalSet) -> None:
    assert told(goal_set, "status") == ["Der er ikke givet status for nogen af pejlemærkerne endnu."]


def test_status_says_where_it_comes_from_and_which_wording_it_was_about(
    goal_set: GoalSet, evaluation: EvaluationRound, replaced: GoalVersion
) -> None:
    assert told(goal_set, "status") == [
        "Pejlemærke 1", "Vurdering: På vej", "Det går.",
        "Midtvejsevaluering, 14. november 2023. Den handlede om en tidligere ordlyd: »Vi arbejder med systematisk "
        "inddragelse af barnet, den unge og familien.«",
        "Pejlemærke 2", "Der er ikke givet status endnu.",
    ]  # fmt: skip


@pytest.fixture
def quoted(goal_set: GoalSet, adoption: Adoption, consultant: User) -> EvaluationRound:
    """An evaluation in which a leader was asked, and is quoted."""
    survey = a_survey(goal_set, by=consultant, leaders=1, held_on=date(2023, 11, 14))
    all_answer(survey, adoption.version.goal, leaders=1)
    evaluation: EvaluationRound = survey.evaluations.get()
    with_a_status(evaluation, adoption)
    Quotation.objects.create(
        evaluation=evaluation, goal=adoption.version.goal, text="Det virker.", source="Lindehaven",
        answer=Answer.objects.filter(goal=adoption.version.goal, question__kind="text").earliest("pk"),
    )  # fmt: skip
    return evaluation


def test_quotations_are_told_once(goal_set: GoalSet, quoted: EvaluationRound) -> None:
    present(quoted)
    assert told(goal_set, "status")[3:5] == ["»Det virker.«", "Lindehaven"]
    both = (SectionKey.STATUS, SectionKey.QUOTATIONS)
    assert "»Det virker.«" not in told(goal_set, "status", sections=both)
    assert told(goal_set, "quotations", sections=both) == [
        "Pejlemærke 1", "Midtvejsevaluering, 14. november 2023:", "»Det virker.«", "Lindehaven",
    ]  # fmt: skip


def test_quotation_is_told_to_those_who_may_read_the_evaluation(goal_set: GoalSet, quoted: EvaluationRound) -> None:
    assert told(goal_set, "quotations") == []  # nothing before the text was presented
    present(quoted)
    publish(goal_set)
    assert [bool(told(goal_set, "quotations", audience=one)) for one in Audience] == [True, True, False]
    publish(quoted)
    assert told(goal_set, "quotations", audience="public")[2] == "»Det virker.«"


# --- Earlier wordings ---------------------------------------------------------


def test_appendix_tells_when_each_held_and_what_was_changed(goal_set: GoalSet, replaced: GoalVersion) -> None:
    assert told(goal_set, "appendix") == [
        "Pejlemærke 1",
        "Ordlyd 1. Gjaldt fra 3. oktober 2022 til 30. september 2023.",
        "Vi arbejder med systematisk inddragelse af barnet, den unge og familien.",
        "Ordlyd 2. Gælder fra 1. oktober 2023. Ændring: Kortere.",
        "Fra ordlyd 1 til ordlyd 2",
        "Vi arbejder med [slettet: systematisk] inddragelse af barnet [slettet: , den unge] og familien.",
    ]


def test_appendix_says_that_a_wording_is_lost(goal_set: GoalSet) -> None:
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=goal, number=1, text="")
    reworded(goal, "Vi lytter.", change_kind="addition")
    assert told(goal_set, "appendix") == [
        "Pejlemærke 3", "Ordlyd 1. Ikke besluttet.", "Ordlyden kendes ikke.", "Ordlyd 2. Ikke besluttet. Tilføjelse.",
        "Vi lytter.",
        "Fra ordlyd 1 til ordlyd 2: den ene ordlyd kendes ikke, så det kan ikke vises, hvad der er ændret.",
    ]  # fmt: skip


def test_set_without_earlier_wordings_says_so(goal_set: GoalSet) -> None:
    assert told(goal_set, "appendix") == ["Pejlemærkerne har ikke haft andre ordlyde."]


# --- The whole ----------------------------------------------------------------


def test_note_about_one_tells_only_of_it(goal_set: GoalSet, replaced: GoalVersion, evaluation: EvaluationRound) -> None:
    subject = Subject.of_goal(goal_of(goal_set, 1))
    paper = paper_of(subject, audience="internal", at=AsOf.hindsight(LATER), choices=Choices(SECTIONS))
    assert "forebyggelse" not in paper.text
    assert paper.title == "Status på pejlemærke 1, Børne- og Familieområdet"
    assert told(subject, "introduction") == [
        "Notatet handler om pejlemærke 1, som Børne- og Uddannelsesudvalget har sat for Børne- og Familieområdet i "
        "perioden 2022–2025. Det er ét af to pejlemærker."
    ]
    assert told(subject, "status")[:2] == ["Vurdering: På vej", "Det går."]  # without a heading that says it again
    assert told(subject, "appendix")[0] == "Ordlyd 1"


def test_introduction_says_how_they_go(goal_set: GoalSet, evaluation: EvaluationRound) -> None:
    (told_first,) = told(goal_set, "introduction")
    assert told_first.endswith(" Seneste vurdering: 1 på vej, 1 uden vurdering.")


def test_status_stands_before_how_it_came_about() -> None:
    usual = Choices.usual("set").sections
    assert usual[:3] == (SectionKey.INTRODUCTION, SectionKey.WORDINGS, SectionKey.STATUS)
    assert Choices.usual("year").sections[3] == SectionKey.STATUS


def test_own_introduction_replaces_the_usual(goal_set: GoalSet) -> None:
    assert told(goal_set, "introduction") == [
        "Børne- og Uddannelsesudvalget har to pejlemærker for Børne- og Familieområdet i perioden 2022–2025. "
        "Ingen af dem er besluttet endnu."
    ]
    own = "Kære udvalg.\n\nHer er status,\nsom aftalt."
    assert told(goal_set, "introduction", introduction=own) == ["Kære udvalg.", "Her er status,", "som aftalt."]


def test_note_of_a_day_before_it_all_is_readable(goal_set: GoalSet) -> None:
    subject = Subject.of_set(goal_set)
    GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=date(2022, 1, 1))
    at = AsOf.day(date(2021, 1, 1))
    assert paper_of(subject, audience="internal", at=at, choices=Choices(SECTIONS)).text.splitlines()[3:6] == [
        "Børne- og Uddannelsesudvalget har ingen pejlemærker for Børne- og Familieområdet i perioden 2022–2025 endnu.",
        "Pejlemærker og ordlyd", "Der er ingen pejlemærker i dette sæt endnu.",
    ]  # fmt: skip


def full(goal_set: GoalSet, count: int, *, text: str, decision: Decision, by: User) -> None:
    """Fill a set up with pejlemærker in force, each with an earlier wording."""
    versions = []
    for number in range(1, count + 1):
        goal, _ = Goal.objects.get_or_create(goal_set=goal_set, number=number)
        versions.append(reworded(goal, text))
    put_in_force(versions=versions, decision=decision, in_force_from=decision.decided_on, by=by)


def queries(goal_set: GoalSet) -> int:
    with CaptureQueriesContext(connection) as asked:
        fetched = GoalSet.objects.select_related("period__committee__municipality", "area").get(pk=goal_set.pk)
        paper_of(Subject.of_set(fetched), audience="internal", at=AsOf.hindsight(LATER), choices=Choices(SECTIONS))
    return len(asked)


def test_note_asks_the_same_for_one_and_for_three(
    goal_set: GoalSet, adoption: Adoption, later: Decision, secretary: User, evaluation: EvaluationRound
) -> None:
    full(goal_set, 1, text="Vi lytter.", decision=later, by=secretary)
    one = queries(goal_set)
    full(goal_set, 3, text="Vi lytter mere.", decision=later, by=secretary)
    assert (one, queries(goal_set)) == (53, 53)


def test_sixty_long_wordings_are_told_in_one_paper(
    goal_set: GoalSet, adoption: Adoption, later: Decision, secretary: User
) -> None:
    long = ("Vi arbejder målrettet. " * 217).strip()
    full(goal_set, 60, text=long, decision=later, by=secretary)
    assert [line for line in told(goal_set, "wordings") if line.endswith(long)] == [
        f"{n}. {long}" for n in range(1, 61)
    ]
    assert [row.split(" | ")[2] for row in rows(goal_set)] == [
        "Ordlyd 1 trådte i kraft.", "Ordlyd 2 afløste ordlyd 1.",
        "Ordlyd 2 trådte i kraft.", "Ordlyd 1 trådte i kraft.",
    ]  # fmt: skip
    assert told(goal_set, "decisions")[-1].endswith("58, 59 og 60 trådte i kraft 4. september 2023.")
    assert len(long) > 4900
