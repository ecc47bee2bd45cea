"""A wording comes into force by pointing a decision at it, and by nothing else."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.actions import correct_decision
from meetings.models import AgendaItem, Committee, Decision, Event, Meeting, User
from pejlemaerker.actions import CannotPutInForce, put_in_force
from pejlemaerker.models import Adoption, AsOf, GoalSet, GoalVersion
from tests.conftest import CANARY, Login, decide


@pytest.fixture
def address(goal_set: GoalSet) -> str:
    return f"/saet/{goal_set.pk}/ikraft/"


def awaiting(goal_set: GoalSet) -> list[int]:
    """The wordings that no decision has put in force."""
    versions = GoalVersion.objects.awaiting_decision().filter(goal__goal_set=goal_set)
    return list(versions.order_by("goal__number").values_list("pk", flat=True))


def filled_in(goal_set: GoalSet, decision: Decision, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {"decision": decision.pk, "versions": awaiting(goal_set), "in_force_from": "", **changes}


def in_force(on: date) -> list[int | None]:
    """The numbers of the pejlemærker that have a wording in force."""
    adoptions = Adoption.objects.in_force(AsOf.hindsight(on))
    return sorted(adoptions.values_list("version__goal__number", flat=True), key=str)


# --- Who ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_putting_in_force_is_for_those_who_may(
    method: str, address: str, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [getattr(client, method)(address).status_code for client in clients] == [302, 404, 403, 403]


def test_putting_in_force_knows_no_other_method(address: str, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).delete(address).status_code == 405


# --- What ----------------------------------------


def test_secretary_puts_all_awaiting_wordings_in_force(
    address: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(address, filled_in(goal_set, approval))
    assert (response.status_code, response.headers["Location"]) == (303, goal_set.get_absolute_url())
    assert (in_force(date(2022, 10, 2)), in_force(approval.decided_on)) == ([], [1, 2])


def test_double_submit_changes_nothing(
    address: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    client, form = as_user(secretary), filled_in(goal_set, approval)
    assert [client.post(address, form).status_code for _ in range(2)] == [303, 303]
    assert (Adoption.objects.count(), Event.objects.filter(action="wording_in_force").count()) == (2, 2)


def test_only_ticked_wordings_come_into_force(
    address: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(address, filled_in(goal_set, approval, versions=awaiting(goal_set)[1:]))
    assert in_force(approval.decided_on) == [2]


@pytest.mark.parametrize(("day", "status"), [("2022-10-02", 422), ("2022-10-03", 303), ("2023-01-01", 303)])
def test_wording_holds_no_earlier_than_its_decision(
    day: str, status: int, address: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(address, filled_in(goal_set, approval, in_force_from=day))
    assert response.status_code == status
    assert Adoption.objects.count() == (2 if status == 303 else 0)


@pytest.mark.parametrize("category", ["recommended", "noted", "discussed", "postponed", "rejected", "none"])
def test_decision_that_does_not_approve_is_neither_offered_nor_accepted(
    category: str, address: str, goal_set: GoalSet, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    decision = decide(open_item, category, "Sådan blev det.", by=secretary)
    client = as_user(secretary)
    response = client.post(address, filled_in(goal_set, decision))
    assert "Sådan blev det" not in client.get(address).content.decode()
    assert (response.status_code, "som godkender" in response.content.decode()) == (422, True)
    assert Adoption.objects.count() == 0


def test_decision_that_was_corrected_away_is_not_accepted(
    address: str, goal_set: GoalSet, approval: Decision, secretary: User, as_user: Login
) -> None:
    correct_decision(decision=approval, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)
    assert as_user(secretary).post(address, filled_in(goal_set, approval)).status_code == 422


def test_decision_of_another_committee_is_not_accepted(
    address: str, goal_set: GoalSet, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    meeting = Meeting.objects.create(committee=other_committee, date=date(2022, 10, 4))
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="x", is_closed=False)
    foreign = decide(item, "approved", "Godkendt.", by=administrator)
    assert as_user(administrator).post(address, filled_in(goal_set, foreign)).status_code == 422
    with pytest.raises(CannotPutInForce):
        put_in_force(
            versions=GoalVersion.objects.all(), decision=foreign, in_force_from=date(2022, 10, 4), by=administrator
        )


def test_closed_item_is_offered_only_to_those_who_may_read_it(
    address: str, closed_approval: Decision, secretary: User, as_user: Login
) -> None:
    assert CANARY in as_user(secretary).get(address).content.decode()


def test_database_refuses_a_decision_that_does_not_approve(
    goal_set: GoalSet, open_item: AgendaItem, secretary: User
) -> None:
    decision = decide(open_item, "noted", "Taget til efterretning.", by=secretary)
    version = GoalVersion.objects.get(pk=awaiting(goal_set)[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        Adoption.objects.create(version=version, decision=decision, in_force_from=decision.decided_on)


# --- From a decision to its set ----------------------------------------


def test_decision_leads_straight_to_the_only_set_that_waits(
    goal_set: GoalSet, approval: Decision, address: str, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).get(f"/pejlemaerker/ikraft/?beslutning={approval.pk}")
    assert (response.status_code, response.headers["Location"]) == (302, f"{address}?beslutning={approval.pk}")


def test_decision_without_waiting_wordings_says_so(approval: Decision, secretary: User, as_user: Login) -> None:
    page = as_user(secretary).get(f"/pejlemaerker/ikraft/?beslutning={approval.pk}").content.decode()
    assert "Ingen ordlyd venter på en beslutning" in page


def test_way_from_decision_is_for_those_who_may(
    approval: Decision, anonymous: Client, member: User, other_secretary: User, as_user: Login
) -> None:
    address = f"/pejlemaerker/ikraft/?beslutning={approval.pk}"
    clients = [anonymous, as_user(member), as_user(other_secretary)]
    assert [client.get(address).status_code for client in clients] == [302, 403, 404]
    assert as_user(other_secretary).post(address).status_code == 405
