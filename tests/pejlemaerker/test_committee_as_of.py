"""A committee's page as of a day gone by."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from kit.clock import today
from meetings.actions import create_meeting
from meetings.models import Committee, FormerName, Meeting, Membership, Person, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.documents.committee import CommitteeDocument
from pejlemaerker.models import AsOf, GoalPeriod, GoalSet
from tests.conftest import CANARY, Login

THEN = date(2022, 6, 1)


def page_of(client: Client, committee: Committee, query: str = f"?dato={THEN}") -> str:
    answer = client.get(f"{committee.get_absolute_url()}{query}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def document(committee: Committee, viewer: Any, on: date = THEN) -> CommitteeDocument:
    return CommitteeDocument.for_committee(committee, viewer=viewer, at=AsOf.day(on))


def test_page_of_a_past_day_has_the_name_and_the_members_of_that_day(
    committee: Committee, member: User, anonymous: Client
) -> None:
    FormerName.objects.create(committee=committee, name="Skoleudvalget", until=date(2022, 12, 31))
    FormerName.objects.create(committee=committee, name="Børneudvalget", until=date(2021, 12, 31))
    for name, since, until in [("Ib Før", "2022-01-01", "2022-06-30"), ("Eva Efter", "2022-07-01", None)]:
        person = Person.objects.create(name=name, municipality=committee.municipality)
        Membership.objects.create(committee=committee, person=person, valid_from=since, valid_to=until)
    then, now = page_of(anonymous, committee), page_of(anonymous, committee, "")
    assert [name in then for name in ("Skoleudvalget</h1>", "Ib Før", "Eva Efter")] == [True, True, False]
    assert [name in now for name in ("Skoleudvalget</h1>", "Ib Før", "Eva Efter")] == [False, False, True]
    assert document(committee, member).former_names == ("til 31. december 2021: Børneudvalget",)
    assert "Som det var 1. juni 2022" in then
    assert "Som det var" not in now


def test_page_of_a_past_day_tells_meetings_held_or_called_by_then(
    committee: Committee, secretary: User, member: User
) -> None:
    before, after = (
        Meeting.objects.create(committee=committee, date=day) for day in (date(2022, 5, 2), date(2022, 8, 1))
    )
    called = create_meeting(
        committee=committee, date=date(2022, 9, 5), starts_at=None, place="", open_titles=[], closed_titles=[],
        nonce=uuid4(), by=secretary,
    )  # fmt: skip
    assert document(committee, member).meetings == (before,)
    assert document(committee, member, today()).meetings == (called, after, before)


def test_page_of_a_past_day_tells_the_dialogues_and_sets_known_by_then(
    committee: Committee, goal_set: GoalSet, secretary: User, member: User
) -> None:
    next_period = GoalPeriod.objects.create(committee=committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31))
    later = GoalSet.objects.create(period=next_period, area=goal_set.area)
    first, second = (
        create_dialogue(
            goal_set=goal_set, leader_groups=[], goals=goal_set.goals.all(), nonce=uuid4(), by=secretary,
            kind="other", held_on=day, step=None, public_summary="", internal_notes="",
        )
        for day in (date(2022, 5, 30), date(2023, 11, 20))
    )  # fmt: skip

    def shown(on: date) -> tuple[list[Any], list[GoalSet]]:
        told = document(committee, member, on)
        return [one.dialogue for one in told.dialogues], [
            line.goal_set for period in told.periods for line in period.sets
        ]

    assert shown(THEN) == ([first], [goal_set])
    assert shown(today()) == ([second, first], [later, goal_set])


def test_page_of_a_past_day_does_not_know_what_came_after_the_committee(
    committee: Committee, other_committee: Committee, member: User
) -> None:
    Committee.objects.filter(pk=committee.pk).update(valid_to=date(2023, 12, 31))
    Committee.objects.filter(pk=other_committee.pk).update(successor_of=committee, valid_from=date(2024, 1, 1))
    committee.refresh_from_db()
    told = [
        (one.ended_on, one.successors) for one in (document(committee, member), document(committee, member, today()))
    ]
    assert told == [(None, ()), (date(2023, 12, 31), (other_committee,))]


def test_page_of_a_past_day_offers_nothing_to_write(
    committee: Committee, goal_set: GoalSet, administrator: User, as_user: Login
) -> None:
    client = as_user(administrator)
    offered = ["Ret udvalg og medlemmer", "Nyt sæt pejlemærker"]
    assert [text in page_of(client, committee) for text in offered] == [False, False]
    assert [text in page_of(client, committee, "") for text in offered] == [True, True]


@pytest.mark.parametrize("query", ["?dato=2022-10-03", "?dato=2022-10-03&viden=nu"])
def test_page_of_a_past_day_tells_outsiders_nothing_closed(
    query: str, published_meeting: Meeting, goal_set: GoalSet, anonymous: Client
) -> None:
    shown = page_of(anonymous, published_meeting.committee, query)
    assert published_meeting.get_absolute_url() in shown
    assert goal_set.get_absolute_url() not in shown
    assert CANARY not in shown


def test_day_that_does_not_exist_has_no_page(committee: Committee, anonymous: Client) -> None:
    assert anonymous.get(committee.get_absolute_url(), {"dato": "2022-02-30"}).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_a_past_day_asks_the_same_number_of_queries(
    rows: int, committee: Committee, goal_set: GoalSet, member: User, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        Meeting.objects.create(committee=committee, date=date(2022, 1 + n, 5))
        FormerName.objects.create(committee=committee, name=f"Navn {n}", until=date(2022, 7 + n, 1))
    user = User.objects.get(pk=member.pk)
    found = Committee.objects.select_related("municipality").get(pk=committee.pk)
    with django_assert_num_queries(9):
        document(found, user)
