"""One pejlemærke: the wording in force on a day, why, and the story until then."""

from datetime import date
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.actions import correct_decision
from meetings.models import Decision, Meeting, SourceDocument, User
from pejlemaerker.actions import StatusText, create_dialogue, hand_in_statuses, open_evaluation, put_in_force
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.models import AdditionRequest, Adoption, AsOf, Dialogue, EvaluationRound, Goal, GoalSet, GoalVersion
from tests.conftest import CANARY, Login, publish

NOW = date(2024, 6, 1)


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def second(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=2)


@pytest.fixture
def evaluation(goal_set: GoalSet, goal: Goal, adoption: Adoption, consultant: User) -> EvaluationRound:
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=consultant
    )
    statuses = [StatusText(goal, "Familierne bliver hørt tidligere.", "good_progress", 0)]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=consultant)
    return evaluation


def dialogue_about(goal_set: GoalSet, by: User) -> Dialogue:
    """The dialogue meeting at which the pejlemærker were formulated."""
    return create_dialogue(
        goal_set=goal_set, leader_groups=[goal_set.leader_group] if goal_set.leader_group else [],
        goals=goal_set.goals.all(), nonce=uuid4(), by=by, kind="formulating", held_on=date(2022, 5, 30),
        step=None, public_summary="", internal_notes="",
    )  # fmt: skip


def story(goal: Goal, viewer: object, on: date = NOW) -> list[tuple[str, str]]:
    """The story as dates and sentences."""
    return [
        (entry.date_text, entry.text)
        for entry in GoalDocument.for_goal(goal, viewer=viewer, at=AsOf.hindsight(on)).story
    ]


# --- Access ----------------------------------------


def test_goal_of_an_unpublished_set_does_not_exist_for_outsiders(
    goal: Goal, anonymous: Client, other_member: User, as_user: Login
) -> None:
    assert [client.get(goal.get_absolute_url()).status_code for client in (anonymous, as_user(other_member))] == [
        404,
        404,
    ]


def test_goal_is_there_for_the_committee(goal: Goal, member: User, as_user: Login) -> None:
    assert as_user(member).get(goal.get_absolute_url()).status_code == 200


def test_goal_is_only_read(goal: Goal, member: User, as_user: Login) -> None:
    assert as_user(member).post(goal.get_absolute_url()).status_code == 405


# --- The wording ----------------------------------------


def test_goal_tells_since_when_and_by_which_decision(goal: Goal, adoption: Adoption, member: User) -> None:
    standing = GoalDocument.for_goal(goal, viewer=member, at=AsOf.hindsight(NOW)).standing
    assert (standing.since, standing.decision, standing.decision_url) == (
        "Gældende siden 3. oktober 2022",
        "besluttet af Børne- og Uddannelsesudvalget, punkt 1",
        adoption.decision.item.get_absolute_url() if adoption.decision else "",
    )


def test_goal_links_no_decision_that_is_not_public(goal: Goal, adoption: Adoption, published_goal_set: GoalSet) -> None:
    standing = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(NOW)).standing
    assert (standing.decision, standing.decision_url) == ("besluttet af Børne- og Uddannelsesudvalget", "")


def test_goal_decided_behind_closed_doors_tells_only_who_and_when(
    published_meeting: Meeting,
    second: Goal,
    closed_approval: Decision,
    published_goal_set: GoalSet,
    secretary: User,
    anonymous: Client,
) -> None:
    put_in_force(versions=second.versions.all(), decision=closed_approval, in_force_from=date(2023, 1, 1), by=secretary)
    page = anonymous.get(second.get_absolute_url()).content.decode()
    assert "besluttet af Børne- og Uddannelsesudvalget 3. oktober 2022" in page
    assert (CANARY in page, "punkt 2" in page) == (False, False)


def test_goal_lacks_a_decision_until_there_is_one(second: Goal, adoption: Adoption, member: User) -> None:
    standing = GoalDocument.for_goal(second, viewer=member, at=AsOf.hindsight(NOW)).standing
    assert (standing.tag, standing.decision) == ("Beslutning mangler", "")
    assert standing.since == "Formuleret 8. september 2022. Ordlyden gælder først, når udvalget har besluttet den."


def test_goal_before_its_decision_lacks_one(goal: Goal, adoption: Adoption, member: User) -> None:
    assert (
        GoalDocument.for_goal(goal, viewer=member, at=AsOf.hindsight(date(2022, 10, 2))).standing.tag
        == "Beslutning mangler"
    )
    assert GoalDocument.for_goal(goal, viewer=member, at=AsOf.hindsight(date(2022, 10, 3))).standing.tag == ""


def test_goal_whose_only_wording_is_lost_says_so(goal_set: GoalSet, member: User, as_user: Login) -> None:
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=goal, number=1, text="")
    assert "Ordlyden kendes ikke." in as_user(member).get(goal.get_absolute_url()).content.decode()


def test_goal_shows_a_newer_wording_beside_the_one_in_force(goal: Goal, adoption: Adoption, member: User) -> None:
    GoalVersion.objects.create(goal=goal, number=2, text="Vi inddrager alle.", worded_on=date(2023, 3, 1))
    standing = GoalDocument.for_goal(goal, viewer=member, at=AsOf.hindsight(NOW)).standing
    assert (standing.wording, standing.newer) == (adoption.version.text, "Vi inddrager alle.")
    assert standing.note == "En ny ordlyd venter på beslutning."


def test_goal_decided_for_a_later_day_says_from_when(goal: Goal, approval: Decision, secretary: User) -> None:
    put_in_force(versions=goal.versions.all(), decision=approval, in_force_from=date(2023, 1, 1), by=secretary)
    standing = GoalDocument.for_goal(goal, viewer=secretary, at=AsOf.hindsight(date(2022, 12, 1))).standing
    assert (standing.since, standing.tag) == ("Besluttet. Gælder fra 1. januar 2023.", "")


@pytest.mark.parametrize("nonsense", ["2023-02-30", "i går", "20230230", "' OR 1"])
def test_goal_on_a_day_that_does_not_exist_is_not_there(
    nonsense: str, goal: Goal, member: User, as_user: Login
) -> None:
    assert as_user(member).get(goal.get_absolute_url(), {"dato": nonsense}).status_code == 404


# --- The story ----------------------------------------


def test_story_runs_from_the_dialogue_to_the_latest_evaluation(
    goal_set: GoalSet, second: Goal, evaluation: EvaluationRound, approval: Decision, secretary: User
) -> None:
    dialogue_about(goal_set, secretary)
    note = SourceDocument.objects.create(
        municipality=goal_set.period.committee.municipality,
        kind="notat",
        file_name="notat.txt",
        sha256="0" * 64,
        text="x",
    )
    AdditionRequest.objects.create(
        goal_set=goal_set, goal=second, about="wording", requested_on=date(2022, 9, 5), source_document=note
    )
    put_in_force(versions=second.versions.all(), decision=approval, in_force_from=approval.decided_on, by=secretary)
    hand_in_statuses(
        evaluation=evaluation, statuses=[StatusText(second, "Hjælpen kommer før.", "under_way", 0)], nonce=uuid4(),
        by=secretary,
    )  # fmt: skip
    assert story(second, secretary) == [
        ("14. november 2023", "Midtvejsevaluering: på vej."),
        ("3. oktober 2022", "Børne- og Uddannelsesudvalget godkendte ordlyden."),
        ("8. september 2022", "Ordlyden blev skrevet."),
        ("5. september 2022", "Udvalget bad om en tilføjelse."),
        (
            "30. maj 2022",
            "Pejlemærket blev formuleret på et dialogmøde med lederne på børne- og familieområdet.",
        ),
    ]


def test_story_stops_at_the_day_asked_for(goal: Goal, evaluation: EvaluationRound, member: User) -> None:
    assert story(goal, member, date(2022, 10, 2)) == [("8. september 2022", "Ordlyden blev skrevet.")]


def test_story_tells_outsiders_only_what_is_published(
    goal_set: GoalSet, goal: Goal, evaluation: EvaluationRound, published_goal_set: GoalSet, secretary: User
) -> None:
    dialogue = dialogue_about(goal_set, secretary)
    unpublished = [day for day, _ in story(goal, AnonymousUser())]
    publish(dialogue)
    publish(evaluation)
    assert unpublished == ["3. oktober 2022", "8. september 2022"]
    assert [day for day, _ in story(goal, AnonymousUser())] == [
        "14. november 2023", "3. oktober 2022", "8. september 2022", "30. maj 2022",
    ]  # fmt: skip


def test_story_tells_of_a_correction_that_took_the_wording_out_of_force(
    goal: Goal, adoption: Adoption, approval: Decision, secretary: User
) -> None:
    correct_decision(decision=approval, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)
    document = GoalDocument.for_goal(goal, viewer=secretary, at=AsOf.hindsight(date(2030, 1, 1)))
    assert document.standing.tag == "Beslutning mangler"
    assert document.story[0].text == "Beslutningen blev rettet. Ordlyden gælder derfor ikke."


def test_status_about_an_older_wording_says_so(
    goal: Goal, adoption: Adoption, evaluation: EvaluationRound, approval: Decision, secretary: User
) -> None:
    newer = GoalVersion.objects.create(goal=goal, number=2, text="Vi inddrager alle.", worded_on=date(2024, 1, 1))
    put_in_force(versions=[newer], decision=approval, in_force_from=date(2024, 1, 2), by=secretary)
    status = GoalDocument.for_goal(goal, viewer=secretary, at=AsOf.hindsight(NOW)).standing.status
    assert status
    assert (status.text, status.about_other_wording) == ("Familierne bliver hørt tidligere.", adoption.version.text)
