"""Hvem er ikke hørt endnu: leaders and units that have neither come to a dialogue meeting nor answered a round."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import LeaderGroup, Leadership, OrgUnit, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.documents.unheard import UnheardDocument
from pejlemaerker.models import AnswerSheet, Dialogue, GoalSet, Participant
from tests.conftest import Login
from tests.pejlemaerker.surveys import a_survey, an_invitee


@pytest.fixture
def group(goal_set: GoalSet) -> LeaderGroup:
    assert goal_set.leader_group
    return goal_set.leader_group


@pytest.fixture
def dialogue(goal_set: GoalSet, group: LeaderGroup, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=[group], goals=[], nonce=uuid4(), by=consultant, kind="leaders",
        held_on=goal_set.period.starts_on + timedelta(days=40), step=None,
    )  # fmt: skip


def lead(group: LeaderGroup, name: str, house: str | None, *, until: date | None = None) -> Leadership:
    unit = None
    if house:
        unit, _ = OrgUnit.objects.get_or_create(
            municipality=group.municipality, name=house, defaults={"kind": "institution"}
        )
    return Leadership.objects.create(
        leader_group=group, unit=unit, name=name, email=f"{name.lower()}@eksempel.dk", valid_from=date(2020, 1, 1),
        valid_to=until,
    )  # fmt: skip


def unheard(goal_set: GoalSet) -> list[str]:
    return [line.name for group in UnheardDocument.for_set(goal_set).groups for line in group.unheard]


def came(dialogue: Dialogue, leader: Leadership, *, did: bool | None = True, with_unit: bool = True) -> None:
    Participant.objects.create(
        dialogue=dialogue, side="leaders", name=leader.name, email=leader.email, came=did,
        unit=leader.unit if with_unit else None,
    )  # fmt: skip


def test_units_that_came_or_answered_are_heard(
    goal_set: GoalSet, group: LeaderGroup, dialogue: Dialogue, consultant: User
) -> None:
    anna, _, _, dorte = (
        lead(group, name, house)
        for name, house in [("Anna", "Åhuset"), ("Bo", "Birken"), ("Carl", "Cypressen"), ("Dorte", "Ahornen")]
    )
    came(dialogue, anna)
    came(dialogue, dorte, did=False)
    survey = a_survey(goal_set, by=consultant, leaders=0)
    birken = OrgUnit.objects.get(name="Birken")
    AnswerSheet.objects.create(
        invitee=an_invitee(survey, 1, unit=birken, unit_name="Birken", name="En vikar", email="v@eksempel.dk"),
        answered_by="En vikar",
    )
    an_invitee(survey, 2, unit=OrgUnit.objects.get(name="Cypressen"), unit_name="Cypressen")  # asked, silent
    assert unheard(goal_set) == ["Ahornen", "Cypressen"]
    (lines,) = UnheardDocument.for_set(goal_set).groups
    assert lines.lead == "2 af 4 er ikke hørt endnu."
    told = [(line.name, [one.what for one in line.heard]) for line in lines.heard]
    assert told == [("Birken", ["Svar på midtvejsevaluering"]), ("Åhuset", ["Institutionsledermøde"])]


def test_leader_without_a_unit_is_known_by_address_or_name(
    goal_set: GoalSet, group: LeaderGroup, dialogue: Dialogue
) -> None:
    anna = lead(group, "Anna", None)
    lead(group, "Bo", None)
    carl = lead(group, "Carl", "Cypressen")
    came(dialogue, anna, with_unit=False)
    came(dialogue, carl, with_unit=False)
    assert unheard(goal_set) == ["Bo"]


def test_unit_is_heard_by_the_leader_it_had_in_the_period(
    goal_set: GoalSet, group: LeaderGroup, dialogue: Dialogue
) -> None:
    before = lead(group, "Anna", "Åhuset", until=goal_set.period.starts_on + timedelta(days=60))
    lead(group, "Bo", "Åhuset")
    came(dialogue, before)
    lead(group, "Gerda", "Gammelhuset", until=goal_set.period.starts_on - timedelta(days=1))  # led before the period
    (lines,) = UnheardDocument.for_set(goal_set).groups
    assert [(line.name, line.leaders) for line in lines.heard] == [("Åhuset", "Bo")]
    assert lines.lead == "Den ene, der er, er hørt."


@pytest.mark.parametrize(
    "change", [{"cancelled": "Sygdom"}, {"held_on": date(2099, 1, 1)}, {"held_on": date(2019, 5, 1)}]
)
def test_meeting_that_was_not_held_in_the_period_hears_nobody(
    change: dict[str, Any], goal_set: GoalSet, group: LeaderGroup, dialogue: Dialogue
) -> None:
    came(dialogue, lead(group, "Anna", "Åhuset"))
    assert unheard(goal_set) == []
    Dialogue.objects.filter(pk=dialogue.pk).update(**change)
    assert unheard(goal_set) == ["Åhuset"]


def test_meeting_without_attendance_is_asked_about(goal_set: GoalSet, group: LeaderGroup, dialogue: Dialogue) -> None:
    anna = lead(group, "Anna", "Åhuset")
    came(dialogue, anna, did=None)
    assert UnheardDocument.for_set(goal_set).unnoted == (dialogue,)
    Participant.objects.update(came=False)
    assert UnheardDocument.for_set(goal_set).unnoted == ()


def test_who_is_heard_is_read_only_by_the_administration(
    goal_set: GoalSet,
    group: LeaderGroup,
    anonymous: Client,
    other_member: User,
    member: User,
    leader: User,
    consultant: User,
    as_user: Login,
) -> None:
    lead(group, "Anna", "Åhuset")
    address = f"/saet/{goal_set.pk}/ikke-hoert/"
    clients = [anonymous, *(as_user(one) for one in (other_member, member, leader, consultant))]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert "Åhuset" in clients[-1].get(address).content.decode()
    assert clients[-1].post(address).status_code == 405
    links = [address in client.get(goal_set.get_absolute_url()).content.decode() for client in clients[2:]]
    assert links == [False, False, True]


def test_page_asks_as_much_for_three_as_for_one(
    goal_set: GoalSet,
    group: LeaderGroup,
    dialogue: Dialogue,
    consultant: User,
    as_user: Login,
    django_assert_num_queries: Any,
) -> None:
    client = as_user(consultant)
    client.get("/")  # the first visit also writes the session
    for names in (["Anna"], ["Bo", "Carl"]):
        for name in names:
            came(dialogue, lead(group, name, f"{name}s hus"))
        with django_assert_num_queries(PAGE_QUERIES):
            client.get(f"/saet/{goal_set.pk}/ikke-hoert/")


PAGE_QUERIES = 10
