"""Standsning (styrelsesloven § 23): declared by one who took part, before the meeting is closed, and never undone."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError

from kit.append_only import AppendOnlyError
from meetings.models import (
    AgendaItem,
    Committee,
    Decision,
    ItemAbsence,
    Recommendation,
    Recusal,
    Stay,
    StayOutcome,
    User,
)
from pejlemaerker.models import Adoption, AsOf, GoalSet, GoalVersion
from tests.conftest import Login, decide
from tests.meetings.sitting import close, proceedings_of, sit_down


def stay(decision: Decision, person: object, **more: str) -> dict[str, str]:
    """The form as the secretary fills it in."""
    data = {"hvad": "standsning", "decision": str(decision.pk), "declared_by": str(person.pk), "confirmed": "on"}  # type: ignore[attr-defined]
    return data | {"nonce": str(uuid4())} | more


def test_stay_is_declared_and_told(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    data = stay(approval, people["Gro"], reason="Det bør byrådet se på.")
    assert [client.post(proceedings_of(approval.item), data).status_code for _ in range(2)] == [303, 303]
    declared = Stay.including_closed.get()
    assert (declared.decision, declared.declared_by, declared.reason) == (
        approval, people["Gro"], "Det bør byrådet se på.",
    )  # fmt: skip
    page = client.get(proceedings_of(approval.item)).content.decode()
    assert "Beslutningen er standset og har ingen virkning endnu. Gro har begæret sagen indbragt" in page
    assert "Før standsningen til protokollen" not in page


def test_decision_on_the_secretarys_page_hears_of_a_stay(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    page = client.get(f"/moeder/{approval.item.meeting_id}/beslutninger/").content.decode()
    answer = client.post(
        proceedings_of(approval.item), stay(approval, people["Gro"]), headers={"HX-Request": "true"}
    ).content.decode()
    place = f"besluttet-{approval.item.pk}"
    assert f'id="{place}"' in page
    replaced = answer.partition(f'hx-swap-oob="innerHTML:#{place}"')[2]
    assert "Beslutningen er standset og har ingen virkning endnu." in replaced


def test_stay_says_first_that_it_cannot_be_undone(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    page = client.get(proceedings_of(approval.item)).content.decode()
    assert "Standsningen kan ikke fortrydes" in page
    response = client.post(proceedings_of(approval.item), stay(approval, people["Gro"], confirmed=""))
    assert response.status_code == 422
    assert Stay.including_closed.count() == 0


def test_second_stay_of_a_decision_is_refused(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    client.post(proceedings_of(approval.item), stay(approval, people["Gro"]))
    response = client.post(proceedings_of(approval.item), stay(approval, people["Bo"]))
    assert response.status_code == 422
    assert "Beslutningen er allerede standset af Gro." in response.content.decode()


def test_stay_is_of_one_point(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    Recommendation.including_closed.create(item=open_item, number=2, text="at der evalueres.")
    first, second = (
        Decision.including_closed.create(
            item=open_item, recommendation=point, category="approved", text="Godkendt.",
            decided_on=open_item.meeting.date, recorded_by=secretary,
        )
        for point in Recommendation.including_closed.filter(item=open_item)
    )  # fmt: skip
    page = client.get(proceedings_of(open_item)).content.decode()
    assert ("Ad 1: Godkendt." in page, "Ad 2: Godkendt." in page) == (True, True)
    client.post(proceedings_of(open_item), stay(second, people["Gro"]))
    assert Stay.including_closed.get().decision == second
    client.post(proceedings_of(open_item), stay(first, people["Gro"]))
    assert Stay.including_closed.count() == 2


@pytest.mark.parametrize("why", ["absent", "away", "disqualified", "stranger"])
def test_one_who_took_no_part_cannot_stay(
    why: str, approval: Decision, other_member: User, secretary: User, as_user: Login
) -> None:
    people = sit_down(approval.item.meeting)
    bo = other_member.person if why == "stranger" else people["Bo"]
    if why == "absent":
        bo.attendances.update(state="excused")
    elif why == "away":
        ItemAbsence.including_closed.create(item=approval.item, person=bo)
    elif why == "disqualified":
        Recusal.including_closed.create(item=approval.item, person=bo, ground="x", is_disqualified=True)
    response = as_user(secretary).post(proceedings_of(approval.item), stay(approval, bo))
    assert response.status_code == 422
    assert "Kun den, der deltog i punktet, kan standse." in response.content.decode()
    with pytest.raises(IntegrityError):
        Stay.including_closed.create(decision=approval, declared_by=bo)


@pytest.mark.parametrize("why", ["procedure", "council", "undecided"])
def test_what_cannot_be_stayed_offers_no_stay(
    why: str, open_item: AgendaItem, committee: Committee, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    if why == "council":
        Committee.objects.filter(pk=committee.pk).update(kind="council")
    if why != "undecided":
        decide(open_item, "postponed" if why == "procedure" else "approved", "Udsat.", by=secretary)
    assert "Standsning (§ 23)" not in client.get(proceedings_of(open_item)).content.decode()
    if decision := Decision.including_closed.filter(item=open_item).first():
        assert client.post(proceedings_of(open_item), stay(decision, people["Gro"])).status_code == 422
        with pytest.raises(IntegrityError):
            Stay.including_closed.create(decision=decision, declared_by=people["Gro"])


def test_stay_of_another_items_decision_is_refused(
    open_item: AgendaItem, approval: Decision, closed_approval: Decision, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    response = as_user(secretary).post(proceedings_of(open_item), stay(closed_approval, people["Gro"]))
    assert response.status_code == 422
    assert Stay.including_closed.count() == 0


def test_closed_meeting_has_no_more_stays(approval: Decision, secretary: User, as_user: Login) -> None:
    people = sit_down(approval.item.meeting)
    close(approval.item.meeting)
    data = stay(approval, people["Gro"], reason="For sent")
    response = as_user(secretary).post(proceedings_of(approval.item), data)
    assert response.status_code == 409
    assert "For sent" in response.content.decode()
    with pytest.raises(IntegrityError):
        Stay.including_closed.create(decision=approval, declared_by=people["Gro"])


def test_stay_cannot_be_undone(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    declared = Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    response = client.post(proceedings_of(approval.item), {"hvad": "slet", "kind": "standsning", "pk": declared.pk})
    assert response.status_code == 422
    with pytest.raises(AppendOnlyError):
        declared.delete()


def test_member_who_has_stayed_stays_in_the_item(approval: Decision, secretary: User, as_user: Login) -> None:
    people, client = sit_down(approval.item.meeting), as_user(secretary)
    Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    response = client.post(proceedings_of(approval.item), {"hvad": "ude", "people": people["Gro"].pk})
    assert response.status_code == 422
    assert "Gro har standset beslutningen på punkt 1 og deltog derfor." in response.content.decode()


# --- What a stay means for the wordings -----------------------------------------------------------------------------


def in_force(on: date) -> list[str]:
    return [one.version.text for one in Adoption.objects.in_force(AsOf.hindsight(on)).select_related("version")]


def test_stayed_approval_puts_no_wording_in_force(goal_set: GoalSet, approval: Decision, secretary: User) -> None:
    people = sit_down(approval.item.meeting)
    Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    version = GoalVersion.objects.filter(goal__goal_set=goal_set).order_by("goal__number")[0]
    with pytest.raises(IntegrityError):
        Adoption.objects.create(
            version=version, decision=approval, in_force_from=approval.decided_on, recorded_by=secretary
        )


def test_wording_is_out_of_force_from_the_stay_until_the_council_confirms(
    adoption: Adoption, approval: Decision
) -> None:
    day = approval.decided_on
    assert in_force(day) == [adoption.version.text]
    people = sit_down(approval.item.meeting)
    declared = Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    assert in_force(day + timedelta(days=400)) == []
    confirmed_on = day + timedelta(days=28)
    StayOutcome.including_closed.create(
        stay=declared, verdict="confirmed", decided_on=confirmed_on, note="Byrådet, pkt. 7"
    )
    assert in_force(confirmed_on - timedelta(days=1)) == []
    assert in_force(confirmed_on) == [adoption.version.text]


@pytest.mark.parametrize("verdict", ["changed", "annulled"])
def test_wording_whose_approval_was_not_confirmed_is_never_in_force(
    verdict: str, adoption: Adoption, approval: Decision
) -> None:
    people = sit_down(approval.item.meeting)
    declared = Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    StayOutcome.including_closed.create(
        stay=declared, verdict=verdict, decided_on=approval.decided_on, note="Byrådet, pkt. 7"
    )
    assert in_force(approval.decided_on + timedelta(days=400)) == []


def test_confirmed_approval_puts_a_wording_in_force(goal_set: GoalSet, approval: Decision, secretary: User) -> None:
    people = sit_down(approval.item.meeting)
    declared = Stay.including_closed.create(decision=approval, declared_by=people["Gro"])
    StayOutcome.including_closed.create(
        stay=declared, verdict="confirmed", decided_on=approval.decided_on, note="Byrådet, pkt. 7"
    )
    version = GoalVersion.objects.filter(goal__goal_set=goal_set).order_by("goal__number")[0]
    Adoption.objects.create(
        version=version, decision=approval, in_force_from=approval.decided_on, recorded_by=secretary
    )
    assert in_force(approval.decided_on) == [version.text]
