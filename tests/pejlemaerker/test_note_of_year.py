"""Udvalgets årsstatus: what a committee did in a year, as it ended or as far as it has come."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import Committee, Decision, Event, Meeting, Promise, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions.learning import record_learning
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, EvaluationRound, Goal, GoalSet, GoalVersion, NoteKind, PolicyArea, StatusEntry
from tests.conftest import CANARY, Login, publish
from tests.pejlemaerker.long_story import standing_on

LATER = date(2024, 3, 1)


def lines(committee: Committee, key: SectionKey, *, year: int = 2022, audience: str = "internal") -> list[str]:
    """One section of the year, as it is read."""
    paper = paper_of(
        Subject.of_year(committee, year), audience=audience, at=AsOf.hindsight(LATER), choices=Choices((key,))
    )
    return [line for section in paper.sections for line in section.lines() if line][1:]


@pytest.fixture
def evaluation(goal_set: GoalSet, adoption: Any) -> EvaluationRound:
    """A status of pejlemærke 1, late in the year."""
    evaluation = EvaluationRound.objects.create(goal_set=goal_set, kind="midterm", held_on=date(2022, 12, 1))
    StatusEntry.objects.create(
        round=evaluation, goal=goal_set.goals.get(number=1), version=adoption.version, text="Det går godt.",
        assessment="good_progress", nonce=uuid4(),
    )  # fmt: skip
    return evaluation


def test_sets_are_told_at_a_glance(committee: Committee, evaluation: EvaluationRound) -> None:
    assert lines(committee, SectionKey.SETS) == [
        "Børne- og Uddannelsesudvalget har arbejdet efter ét sæt pejlemærker.", "Sæt af pejlemærker",
        "Område og periode", "Pejlemærker", "Seneste vurdering", "Det næste",
        "Børne- og Familieområdet 2022–2025", "2, heraf 1 uden beslutning", "1 i god gang, 1 uden vurdering",
        "Ikke planlagt",
    ]  # fmt: skip


def test_year_without_pejlemaerker_says_so(committee: Committee, goal_set: GoalSet) -> None:
    assert lines(committee, SectionKey.SETS, year=2019) == [
        "Børne- og Uddannelsesudvalget har ikke arbejdet efter pejlemærker i 2019."
    ]


def test_year_that_is_over_is_told_as_it_ended(committee: Committee, evaluation: EvaluationRound) -> None:
    later = EvaluationRound.objects.create(goal_set=evaluation.goal_set, kind="final", held_on=date(2023, 2, 1))
    goal = evaluation.goal_set.goals.get(number=1)
    StatusEntry.objects.create(round=later, goal=goal, text="Siden gik det skidt.", nonce=uuid4())
    paper = paper_of(Subject.of_year(committee, 2022), audience="internal", at=AsOf.hindsight(LATER))
    assert (paper.title, paper.as_of) == (
        "Årsstatus 2022 for Børne- og Uddannelsesudvalget", "Status pr. 31. december 2022",
    )  # fmt: skip
    assert ("Det går godt." in paper.text, "Siden gik det skidt." in paper.text) == (True, False)


def test_meetings_are_told_with_what_was_decided_about_pejlemaerker(
    committee: Committee, meeting: Meeting, adoption: object
) -> None:
    Meeting.objects.create(committee=committee, date=date(2022, 11, 7), kind="extraordinary")
    Meeting.objects.create(committee=committee, date=date(2022, 12, 5), cancelled="Sne")
    Meeting.objects.create(committee=committee, date=date(2023, 1, 9))
    assert lines(committee, SectionKey.MEETINGS) == [
        "Børne- og Uddannelsesudvalget har holdt to møder i 2022.",
        "3. oktober 2022. Pejlemærker under punkt 1.",
        "7. november 2022. Ekstraordinært møde.",
    ]


def test_public_edition_tells_only_meetings_with_public_papers(
    committee: Committee, meeting: Meeting, adoption: object
) -> None:
    told = "Der er ikke noteret møder med offentlig dagsorden eller offentligt referat i 2022."
    assert lines(committee, SectionKey.MEETINGS, audience="public") == [told]
    publish(meeting)
    assert lines(committee, SectionKey.MEETINGS, audience="public") == [
        "Børne- og Uddannelsesudvalget har holdt ét møde med offentlig dagsorden eller offentligt referat i 2022.",
        "3. oktober 2022.",
    ]


def test_meeting_called_off_later_stands_in_the_paper_of_the_day_before(
    committee: Committee, goal_set: GoalSet, meeting: Meeting, secretary: User
) -> None:
    day = date(2022, 10, 5)
    GoalSet.objects.update(kept_since=date(2022, 1, 1))
    with standing_on(date(2022, 10, 6)):
        Meeting.objects.filter(pk=meeting.pk).update(cancelled="Sygdom")
        was = {"date": meeting.date.isoformat(), "cancelled": ""}
        Event.objects.record("meeting_changed", meeting, by=secretary, fields=["cancelled"], was=was)
    subject, choices = Subject.of_year(committee, 2022), Choices((SectionKey.MEETINGS,))
    then, now = (
        paper_of(subject, audience="internal", at=at, choices=choices).text
        for at in (AsOf.day(day), AsOf.hindsight(day))
    )
    assert ("har holdt ét møde" in then, "har holdt ét møde" in now) == (True, False)


def promise(item: Any, text: str, due: date, **told: Any) -> Promise:
    made: Promise = Promise.including_closed.create(item=item, text=text, responsible="Hanne", due_on=due, **told)
    return made


def test_promises_are_told_with_place_day_and_whether_they_are_kept(
    committee: Committee, goal_set: GoalSet, approval: Decision
) -> None:
    promise(approval.item, "Tal for fravær", date(2022, 11, 1))
    kept = {"settled_on": date(2022, 12, 5), "settled_note": "Sendt med mail."}
    promise(approval.item, "Et kort over husene", date(2022, 12, 1), **kept)
    assert lines(committee, SectionKey.PROMISES) == [
        "Løfter til udvalget", "Løfte", "Hvor det blev givet", "Senest", "Hvem følger op", "Hvordan det står",
        "Tal for fravær", "Punkt 1, 3. oktober 2022", "1. november 2022", "Hanne",
        "Ikke indfriet. Fristen er overskredet.",
        "Et kort over husene", "Punkt 1, 3. oktober 2022", "1. december 2022", "Hanne",
        "Indfriet 5. december 2022: Sendt med mail.",
    ]  # fmt: skip
    assert "Hanne" not in lines(committee, SectionKey.PROMISES, audience="committee")


def test_no_edition_tells_a_promise_made_behind_closed_doors(
    committee: Committee, goal_set: GoalSet, closed_approval: Decision, published_meeting: Meeting
) -> None:
    promise(closed_approval.item, f"{CANARY} solgt", date(2022, 11, 1))
    for audience in ("internal", "committee", "public"):
        assert lines(committee, SectionKey.PROMISES, audience=audience) == ["Der er ikke noteret løfter."]


def test_dialogues_and_learning_are_those_of_the_year(
    committee: Committee, goal_set: GoalSet, consultant: User
) -> None:
    goals = list(goal_set.goals.order_by("number"))
    for day, about in ((date(2022, 6, 1), goals), (date(2022, 9, 1), goals[:1]), (date(2023, 6, 1), goals)):
        create_dialogue(
            goal_set=goal_set, leader_groups=[], goals=about, nonce=uuid4(), by=consultant, kind="other", held_on=day,
            step=None, public_summary=f"Talt {day.year}.", internal_notes="",
        )  # fmt: skip
        record_learning(
            goal_set=goal_set, goal=about[0], text=f"Lært {day.isoformat()}.", carry_on="", addressed_to="",
            learned_on=day, evaluation=None, dialogue=None, nonce=uuid4(), by=consultant,
        )  # fmt: skip
    assert lines(committee, SectionKey.DIALOGUES) == [
        "Andet dialogmøde, 1. juni 2022", "Talt 2022.", "Andet dialogmøde, 1. september 2022", "Om pejlemærke 1.",
        "Talt 2022.",
    ]  # fmt: skip
    learned = lines(committee, SectionKey.LEARNING)
    assert learned[::3] == ["Pejlemærke 1", "Pejlemærke 1"]
    assert learned[1::3] == ["Lært 2022-06-01.", "Lært 2022-09-01."]


@pytest.mark.parametrize("count", [1, 3])
def test_year_asks_as_much_of_three_sets_as_of_one(
    count: int, committee: Committee, goal_set: GoalSet, adoption: object, django_assert_num_queries: Any
) -> None:
    for number in range(2, count + 1):
        area = PolicyArea.objects.create(committee=committee, name=f"Område {number}", position=number)
        another = GoalSet.objects.create(period=goal_set.period, area=area)
        for place in (1, 2):
            goal = Goal.objects.create(goal_set=another, number=place)
            GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2022, 9, 8))
    choices = Choices(SECTIONS_OF[NoteKind.YEAR])
    with django_assert_num_queries(43):
        paper_of(Subject.of_year(committee, 2022), audience="internal", at=AsOf.hindsight(LATER), choices=choices)


def test_set_that_came_later_is_not_in_the_year_as_it_was_told(committee: Committee, goal_set: GoalSet) -> None:
    GoalSet.objects.update(kept_since=date(2022, 1, 1))
    area = PolicyArea.objects.create(committee=committee, name="Skoler", position=2)
    GoalSet.objects.create(period=goal_set.period, area=area, kept_since=date(2023, 1, 1))
    at = AsOf.day(date(2022, 12, 31))
    paper = paper_of(Subject.of_year(committee, 2022), audience="internal", at=at)
    assert ("Børne- og Familieområdet" in paper.text, "Skoler" in paper.text) == (True, False)


def test_year_can_be_had_as_a_file(
    committee: Committee, goal_set: GoalSet, anonymous: Client, consultant: User, as_user: Login
) -> None:
    address = f"/udvalg/{committee.slug}/aarsstatus.pdf"
    assert (anonymous.get(address).status_code, anonymous.post(address).status_code) == (200, 405)
    assert as_user(consultant).get(f"{address}?aar=2022").headers["Content-Type"] == "application/pdf"
    assert anonymous.get(f"{address}?aar=20220").status_code == 404
