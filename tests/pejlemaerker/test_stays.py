"""A wording whose decision is stayed (styrelsesloven § 23): the old one holds, and the pages say so and no more."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import AgendaItem, Attendance, Decision, Meeting, Person, Stay, StayOutcome, User
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet, GoalVersion
from tests.conftest import CANARY, Login, decide, publish

NOW = date(2024, 6, 1)
STAYED = "Beslutningen blev standset og indbragt for kommunalbestyrelsen."


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def stay(goal: Goal, adoption: Adoption, member: User, secretary: User) -> Stay:
    """A newer wording, decided behind closed doors at a later meeting, and the decision stayed there."""
    later = Meeting.objects.create(committee=goal.goal_set.period.committee, date=date(2023, 5, 8))
    item = AgendaItem.including_closed.create(meeting=later, number="1", position=1, title=CANARY, is_closed=True)
    person = Person.objects.get(user=member)
    Attendance.objects.create(meeting=later, person=person, state="present")
    decision = decide(item, "approved", f"{CANARY} godkendt.", by=secretary)
    version = GoalVersion.objects.create(goal=goal, number=2, text="Vi gør mere.", worded_on=date(2023, 4, 1))
    Adoption.objects.create(version=version, decision=decision, in_force_from=later.date, recorded_by=secretary)
    stay: Stay = Stay.including_closed.create(
        decision=decision, declared_by=person, reason=f"{CANARY} begrunder", recorded_by=secretary
    )
    publish(later)
    publish(goal.goal_set)
    return stay


def settle(stay: Stay, verdict: str) -> None:
    StayOutcome.including_closed.create(stay=stay, verdict=verdict, decided_on=date(2023, 6, 20), note=CANARY)


def story(goal: Goal, on: date = NOW) -> list[tuple[str, str]]:
    told = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(on)).story
    return [(entry.date_text, entry.text) for entry in told if entry.on >= date(2023, 5, 1)]


def test_stayed_wording_leaves_the_old_one_in_force_and_the_pages_say_so(
    goal: Goal, stay: Stay, anonymous: Client, member: User, as_user: Login
) -> None:
    standing = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(NOW)).standing
    assert standing.in_force
    assert (standing.in_force.number, standing.is_stayed, standing.newer) == (1, True, "Vi gør mere.")
    for address in (goal.get_absolute_url(), goal.goal_set.get_absolute_url()):
        page = anonymous.get(address).content.decode()
        assert "Den hidtidige ordlyd gælder." in page
        assert "har ingen virkning, før kommunalbestyrelsen har afgjort sagen" in page.replace("\n", " ")
        assert ("Mette Medlem" in page, CANARY in page) == (False, False)


def test_story_tells_of_the_stay_and_never_why(goal: Goal, stay: Stay) -> None:
    assert story(goal) == [
        ("8. maj 2023", f"{STAYED} Indtil den har afgjort sagen, gælder den hidtidige ordlyd."),
        ("8. maj 2023", "Børne- og Uddannelsesudvalget godkendte ordlyden."),
    ]


@pytest.mark.parametrize(
    ("verdict", "told", "in_force"),
    [
        ("confirmed", "Kommunalbestyrelsen stadfæstede beslutningen. Ordlyden gælder.", 2),
        ("changed", "Kommunalbestyrelsen ændrede beslutningen. Den hidtidige ordlyd gælder fortsat.", 1),
        ("annulled", "Udvalget ophævede selv beslutningen. Den hidtidige ordlyd gælder fortsat.", 1),
    ],
)
def test_story_tells_what_became_of_the_stay(verdict: str, told: str, in_force: int, goal: Goal, stay: Stay) -> None:
    settle(stay, verdict)
    assert story(goal)[0] == ("20. juni 2023", told)
    standing = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(NOW)).standing
    assert standing.in_force
    assert (standing.in_force.number, standing.is_stayed) == (in_force, False)


def test_page_of_a_day_before_the_council_decided_tells_of_the_stay(goal: Goal, stay: Stay) -> None:
    settle(stay, "confirmed")
    day = date(2023, 6, 1)
    standing = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(day)).standing
    assert standing.in_force
    assert (standing.in_force.number, standing.is_stayed) == (1, True)
    assert story(goal, day)[0][1].startswith(STAYED)


def test_set_says_which_wordings_are_stayed(goal: Goal, stay: Stay) -> None:
    document = GoalSetDocument.for_set(goal.goal_set, viewer=AnonymousUser(), at=AsOf.hindsight(NOW))
    assert "ordlyd af pejlemærke 1 er standset" in document.stayed_text
    settle(stay, "annulled")
    assert GoalSetDocument.for_set(goal.goal_set, viewer=AnonymousUser(), at=AsOf.hindsight(NOW)).stayed_text == ""


def test_only_wording_that_is_stayed_is_not_in_force(
    goal: Goal, adoption: Adoption, approval: Decision, member: User, anonymous: Any
) -> None:
    person = Person.objects.get(user=member)
    Attendance.objects.create(meeting=approval.item.meeting, person=person, state="present")
    Stay.including_closed.create(decision=approval, declared_by=person)
    publish(goal.goal_set)
    standing = GoalDocument.for_goal(goal, viewer=AnonymousUser(), at=AsOf.hindsight(NOW)).standing
    assert (standing.in_force, standing.tag, standing.since) == (
        None, "Beslutningen er standset", "Ordlyden gælder ikke endnu.",
    )  # fmt: skip
    assert "Beslutningen er standset" in anonymous.get(goal.get_absolute_url()).content.decode()
