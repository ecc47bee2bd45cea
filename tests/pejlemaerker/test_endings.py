"""A pejlemærke ends because the committee said so, and only as long as it does; its page stays."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kit.clock import today
from meetings.actions import correct_decision
from meetings.actions.refusals import NotAllowed
from meetings.models import AgendaItem, Attendance, Committee, Decision, Meeting, Person, Stay, User
from pejlemaerker.actions import close_goal
from pejlemaerker.documents.endings import endings
from pejlemaerker.models import AsOf, Goal, GoalClosing, GoalSet
from tests.conftest import CANARY, Login, decide, publish
from tests.days import AHEAD

DAY = date(2022, 10, 3)  # of the standard meeting


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=2)


def address(goal: Goal) -> str:
    return f"/pejlemaerker/{goal.pk}/afslut/"


def dropped(decision: Decision, /, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        "kind": "dropped", "decision": decision.pk, "delegation_note": "", "ended_on": "2022-10-03",
        "reason": "Udvalget samler kræfterne.", "gives_up_number": "on", "nonce": str(uuid4()),
    } | changes  # fmt: skip


def ending_of(goal: Goal, day: date) -> str:
    ended = endings([goal], AsOf.hindsight(day)).get(goal.pk)
    return ended.text if ended else ""


@pytest.mark.parametrize("method", ["get", "post"])
def test_ending_is_for_those_who_may(
    method: str, goal: Goal, anonymous: Client, other_member: User, member: User, consultant: User, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [getattr(client, method)(address(goal)).status_code for client in clients] == [302, 404, 403, 403]
    assert as_user(secretary).get(address(goal)).status_code == 200
    assert as_user(secretary).delete(address(goal)).status_code == 405


def test_dropped_goal_stands_no_longer_and_its_page_tells_why(
    goal: Goal, approval: Decision, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    answer = client.post(address(goal), dropped(approval))
    assert (answer.status_code, answer.headers["Location"]) == (303, goal.get_absolute_url())
    page = client.get(goal.get_absolute_url()).content.decode()
    assert ("Udgået 3. oktober 2022" in page, "Udvalget samler kræfterne." in page) == (True, True)
    goal.refresh_from_db()
    assert goal.number is None
    assert (ending_of(goal, DAY - timedelta(days=1)), ending_of(goal, DAY)) == ("", "Udgået 3. oktober 2022")
    before = client.get(f"{goal.get_absolute_url()}?dato=2022-10-02").content.decode()
    assert ("Udgået" in before, "Pejlemærke 2:" in before) == (False, True)
    former = client.get(goal.goal_set.get_absolute_url()).content.decode()
    assert "Ikke længere blandt pejlemærkerne" in former


def test_dropped_goal_may_keep_its_number(goal: Goal, approval: Decision, secretary: User, as_user: Login) -> None:
    form = dropped(approval)
    del form["gives_up_number"]
    as_user(secretary).post(address(goal), form)
    goal.refresh_from_db()
    assert (goal.number, ending_of(goal, DAY)) == (2, "Udgået 3. oktober 2022")


def test_double_submit_ends_it_once(goal: Goal, approval: Decision, secretary: User, as_user: Login) -> None:
    client, form = as_user(secretary), dropped(approval)
    assert [client.post(address(goal), form).status_code for _ in range(2)] == [303, 303]
    assert (GoalClosing.objects.count(), goal.placements.count()) == (1, 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"decision": ""}, "Vælg udvalgets beslutning"),
        ({"delegation_note": "Formanden"}, "Vælg enten en beslutning eller en bemyndigelse."),
        ({"reason": " "}, "Skriv, hvorfor."),
        ({"ended_on": "2022-10-02"}, "Udvalget besluttede det 3. oktober 2022."),
        ({"ended_on": AHEAD}, "Dagen er ikke kommet endnu."),
        ({"kind": ""}, "Vælg, hvordan det ender."),
    ],
)
def test_ending_without_ground_day_or_reason_is_refused(
    changes: dict[str, Any], told: str, goal: Goal, approval: Decision, secretary: User, as_user: Login
) -> None:
    answer = as_user(secretary).post(address(goal), dropped(approval, **changes))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert GoalClosing.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"kind": "completed", "decision": ""}, 303),
        ({"kind": "dropped", "decision": "", "delegation_note": "Formanden efter bemyndigelse"}, 303),
        ({"kind": "dropped", "decision": ""}, 422),
    ],
)
def test_completed_goal_needs_no_decision_and_a_delegation_will_do(
    changes: dict[str, Any], status: int, goal: Goal, approval: Decision, secretary: User, as_user: Login
) -> None:
    assert as_user(secretary).post(address(goal), dropped(approval, **changes)).status_code == status


def test_only_the_committees_own_approval_ends_it(
    goal: Goal, open_item: AgendaItem, other_committee: Committee, secretary: User, as_user: Login
) -> None:
    noted = decide(open_item, "noted", "Taget til efterretning.", by=secretary)
    meeting = Meeting.objects.create(committee=other_committee, date=DAY)
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="x", is_closed=False)
    theirs = decide(item, "approved", "Godkendt.", by=secretary)
    publish(meeting)
    for decision in (noted, theirs):
        answer = as_user(secretary).post(address(goal), dropped(decision))
        assert (answer.status_code, "udvalgets egne beslutninger" in answer.content.decode()) == (422, True)
        told: dict[str, Any] = {"kind": "dropped", "ended_on": DAY, "reason": "x", "delegation_note": ""}
        with pytest.raises(NotAllowed):
            close_goal(
                goal=goal, decision=decision, gives_up_number=True, nonce=uuid4(), by=secretary, **told
            )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalClosing.objects.create(goal=goal, kind="dropped", ended_on=DAY, reason="x", decision=noted)


def test_corrected_or_stayed_decision_takes_the_ending_away(
    goal: Goal, approval: Decision, member: User, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(address(goal), dropped(approval))
    correct_decision(decision=approval, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)
    assert ending_of(goal, today()) == ""
    correct_decision(decision=approval, text="Godkendt.", category="approved", nonce=uuid4(), by=secretary)
    assert ending_of(goal, today()) == "Udgået 3. oktober 2022"
    person = Person.objects.get(user=member)
    Attendance.objects.create(meeting=approval.item.meeting, person=person, state="present")
    Stay.including_closed.create(decision=approval, declared_by=person, recorded_by=secretary)
    assert ending_of(goal, today()) == ""
    page = client.get(f"/saet/{goal.goal_set_id}/raekkefoelge/").content.decode()
    assert f'name="number_{goal.pk}"' in page


def test_ended_goal_is_taken_up_again_and_gets_a_number(
    goal: Goal, approval: Decision, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(address(goal), dropped(approval))
    assert "Tag pejlemærket op igen" in client.get(address(goal)).content.decode()
    resumed = dropped(approval, kind="resumed", ended_on="2022-11-07", reason="Det mangler.")
    assert client.post(address(goal), resumed).status_code == 303
    goal.refresh_from_db()
    assert goal.number == 2
    told = [ending_of(goal, day) for day in (DAY, date(2022, 11, 6), date(2022, 11, 7))]
    assert told == ["Udgået 3. oktober 2022", "Udgået 3. oktober 2022", ""]
    assert "Pejlemærket blev taget op igen." in client.get(goal.get_absolute_url()).content.decode()
    earlier = dropped(approval, ended_on="2022-11-06")
    assert client.post(address(goal), earlier).status_code == 422


def test_two_who_end_it_at_once_end_it_once(
    goal: Goal, approval: Decision, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(second_secretary).post(address(goal), dropped(approval))
    answer = as_user(secretary).post(address(goal), dropped(approval, kind="completed"))
    assert (answer.status_code, "En anden har været her imens" in answer.content.decode()) == (409, True)
    assert GoalClosing.objects.count() == 1


def test_closed_items_decision_is_named_nowhere_for_outsiders(
    goal: Goal, closed_approval: Decision, secretary: User, anonymous: Client, as_user: Login
) -> None:
    publish(goal.goal_set)
    assert CANARY in as_user(secretary).get(address(goal)).content.decode()
    assert as_user(secretary).post(address(goal), dropped(closed_approval)).status_code == 303
    pages = [anonymous.get(url).content.decode() for url in (goal.get_absolute_url(), goal.goal_set.get_absolute_url())]
    assert [("Udgået" in page, CANARY in page) for page in pages] == [(True, False)] * 2
