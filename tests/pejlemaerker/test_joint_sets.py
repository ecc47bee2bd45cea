"""A joint set belongs to one committee and is shared with others: all of them see it, and each approves it."""

from datetime import date, time

import pytest
from django.test import Client

from kit.clock import today
from meetings.models import AgendaItem, Committee, Decision, Meeting, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.models import Adoption, GoalSet, GoalVersion
from tests.conftest import CANARY, Login, decide, publish

OTHERS_DAY = date(2022, 11, 7)


@pytest.fixture
def joint_set(goal_set: GoalSet, other_committee: Committee) -> GoalSet:
    goal_set.partners.add(other_committee)
    return goal_set


def others_decision(committee: Committee, by: User, *, is_closed: bool = False, category: str = "approved") -> Decision:
    meeting = Meeting.objects.create(committee=committee, date=OTHERS_DAY, starts_at=time(17, 0), place="Rådhuset")
    item = AgendaItem.including_closed.create(
        meeting=meeting, number="7", position=1, title=f"{CANARY} i titlen" if is_closed else "Fælles pejlemærker",
        is_closed=is_closed,
    )  # fmt: skip
    return decide(item, category, CANARY if is_closed else "Godkendt også her.", by=by)


@pytest.fixture
def others_approval(other_committee: Committee, other_secretary: User) -> Decision:
    return others_decision(other_committee, other_secretary)


def versions(goal_set: GoalSet) -> list[GoalVersion]:
    return list(GoalVersion.objects.filter(goal__goal_set=goal_set).order_by("goal__number"))


def in_force(goal_set: GoalSet, decision: Decision, by: User, *which: GoalVersion) -> list[Adoption]:
    return put_in_force(
        versions=which or versions(goal_set), decision=decision, in_force_from=decision.decided_on, by=by
    )


# --- Seen by all of them ----------------------------------------


def test_unpublished_joint_set_is_seen_by_the_members_of_both(
    joint_set: GoalSet, anonymous: Client, citizen: User, member: User, other_member: User, as_user: Login
) -> None:
    clients = [anonymous, *(as_user(one) for one in (citizen, member, other_member))]
    goal = joint_set.goals.get(number=1)
    for place in (joint_set.get_absolute_url(), goal.get_absolute_url()):
        assert [client.get(place).status_code for client in clients] == [404, 404, 200, 200]
    assert clients[3].post(joint_set.get_absolute_url()).status_code == 405


def test_set_of_one_committee_is_not_seen_by_another(goal_set: GoalSet, other_member: User, as_user: Login) -> None:
    assert as_user(other_member).get(goal_set.get_absolute_url()).status_code == 404


def test_joint_set_is_told_of_on_both_committees_pages(
    joint_set: GoalSet, committee: Committee, other_committee: Committee, member: User, other_member: User,
    as_user: Login,
) -> None:  # fmt: skip
    own = as_user(member).get(committee.get_absolute_url()).content.decode()
    others = as_user(other_member).get(other_committee.get_absolute_url()).content.decode()
    assert (joint_set.get_absolute_url() in own, "Fælles med Kultur- og Fritidsudvalget" in own) == (True, True)
    assert (joint_set.get_absolute_url() in others, "Fælles med Børne- og Uddannelsesudvalget" in others) == (
        True,
        True,
    )


def test_joint_set_is_told_of_on_its_pages(joint_set: GoalSet, member: User, as_user: Login) -> None:
    goal = joint_set.goals.get(number=1)
    pages = [as_user(member).get(one.get_absolute_url()).content.decode() for one in (joint_set, goal)]
    assert ["Fælles med Kultur- og Fritidsudvalget" in page for page in pages] == [True, True]


@pytest.mark.parametrize("rows", [1, 3])
def test_committee_page_asks_as_often_however_many_joint_sets(
    rows: int, joint_set: GoalSet, other_committee: Committee, other_member: User, as_user: Login,
    django_assert_num_queries: object,
) -> None:  # fmt: skip
    for n in range(rows - 1):
        area = joint_set.period.committee.areas.create(name=f"Område {n}")
        GoalSet.objects.create(period=joint_set.period, area=area).partners.add(other_committee)
    client = as_user(other_member)
    with django_assert_num_queries(18):  # type: ignore[operator]
        page = client.get(other_committee.get_absolute_url()).content.decode()
    assert page.count("Fælles med") == rows


# --- Approved by each of them ----------------------------------------


def approvals(client: Client, goal_set: GoalSet, query: str = "") -> list[str]:
    return [one.text for one in client.get(goal_set.get_absolute_url() + query).context["document"].approvals]


def test_set_page_tells_who_has_approved_and_who_has_not(
    joint_set: GoalSet, approval: Decision, others_approval: Decision, secretary: User, other_secretary: User,
    member: User, as_user: Login,
) -> None:  # fmt: skip
    client = as_user(member)
    assert approvals(client, joint_set) == [
        "Børne- og Uddannelsesudvalget har ikke godkendt ordlydene endnu.",
        "Kultur- og Fritidsudvalget har ikke godkendt ordlydene endnu.",
    ]
    in_force(joint_set, approval, secretary)
    first = versions(joint_set)[0]
    in_force(joint_set, others_approval, other_secretary, first)
    assert approvals(client, joint_set) == [
        "Godkendt af Børne- og Uddannelsesudvalget 3. oktober 2022.",
        "Kultur- og Fritidsudvalget har godkendt pejlemærke 1 7. november 2022, men endnu ikke 2.",
    ]
    in_force(joint_set, others_approval, other_secretary)
    assert approvals(client, joint_set)[1] == "Godkendt af Kultur- og Fritidsudvalget 7. november 2022."
    assert approvals(client, joint_set, "?dato=2022-10-10")[1:] == [
        "Kultur- og Fritidsudvalget har ikke godkendt ordlydene endnu."
    ]


def test_second_approval_does_not_move_the_day_a_wording_has_held_since(
    joint_set: GoalSet, approval: Decision, others_approval: Decision, secretary: User, other_secretary: User,
    member: User, as_user: Login,
) -> None:  # fmt: skip
    in_force(joint_set, approval, secretary)
    in_force(joint_set, others_approval, other_secretary)
    page = as_user(member).get(joint_set.goals.get(number=1).get_absolute_url()).content.decode()
    assert ("Gældende siden 3. oktober 2022" in page, "Gældende siden 7. november 2022" in page) == (True, False)


def test_approval_on_a_closed_item_tells_who_and_when_and_nothing_else(
    joint_set: GoalSet, approval: Decision, other_committee: Committee, secretary: User, other_secretary: User,
    anonymous: Client,
) -> None:  # fmt: skip
    in_force(joint_set, approval, secretary)
    in_force(joint_set, others_decision(other_committee, other_secretary, is_closed=True), other_secretary)
    publish(joint_set)
    page = anonymous.get(joint_set.get_absolute_url()).content.decode()
    assert ("Godkendt af Kultur- og Fritidsudvalget 7. november 2022." in page, CANARY in page) == (True, False)


def test_set_of_one_committee_tells_of_no_approvals(
    goal_set: GoalSet, adoption: Adoption, member: User, as_user: Login
) -> None:
    assert approvals(as_user(member), goal_set) == []


def test_partners_decision_leads_to_the_joint_set(
    joint_set: GoalSet, others_approval: Decision, other_secretary: User, as_user: Login
) -> None:
    client = as_user(other_secretary)
    place = client.get(f"/pejlemaerker/ikraft/?beslutning={others_approval.pk}").headers["Location"]
    assert place == f"{joint_set.get_absolute_url()}ikraft/?beslutning={others_approval.pk}"
    form = {"decision": others_approval.pk, "versions": [one.pk for one in versions(joint_set)], "in_force_from": ""}
    assert [client.post(place, form).status_code for _ in range(2)] == [303, 303]
    assert [one.decision for one in Adoption.objects.all()] == [others_approval] * 2
    after = client.get(f"/pejlemaerker/ikraft/?beslutning={others_approval.pk}")
    assert (after.status_code, list(after.context["sets"])) == (200, [])  # there is nothing left for it to approve


def test_partners_decision_is_still_wanted_when_the_other_has_approved(
    joint_set: GoalSet, approval: Decision, others_approval: Decision, secretary: User, other_secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    in_force(joint_set, approval, secretary)
    client = as_user(other_secretary)
    page = client.get(f"/pejlemaerker/ikraft/?beslutning={others_approval.pk}", follow=True)
    assert page.context["form"].fields["versions"].initial == [one.pk for one in versions(joint_set)]


def test_own_secretary_points_at_the_decisions_of_both(
    joint_set: GoalSet, approval: Decision, others_approval: Decision, secretary: User, other_secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    publish(others_approval.item.meeting)
    offered = [
        set(as_user(one).get(f"{joint_set.get_absolute_url()}ikraft/").context["form"].fields["decision"].queryset)
        for one in (secretary, other_secretary)
    ]
    assert offered == [{approval, others_approval}, {others_approval}]


def test_putting_a_joint_set_in_force_is_for_the_secretaries_of_both(
    joint_set: GoalSet, anonymous: Client, citizen: User, other_member: User, secretary: User, other_secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, *(as_user(one) for one in (citizen, other_member, secretary, other_secretary))]
    place = f"{joint_set.get_absolute_url()}ikraft/"
    assert [client.get(place).status_code for client in clients] == [302, 404, 403, 200, 200]
    assert clients[4].delete(place).status_code == 405


def test_partners_secretary_does_not_keep_the_set(joint_set: GoalSet, other_secretary: User, as_user: Login) -> None:
    """Sharing a set gives the right to approve it, not to number, move or end what is in it."""
    client = as_user(other_secretary)
    places = [f"{joint_set.get_absolute_url()}{path}" for path in ("ret/", "pejlemaerker/nyt/", "raekkefoelge/")]
    assert [client.get(place).status_code for place in places] == [403, 403, 403]


def test_partner_that_leaves_was_a_partner_then(
    joint_set: GoalSet, consultant: User, member: User, as_user: Login
) -> None:
    client = as_user(consultant)
    address = f"{joint_set.get_absolute_url()}ret/"
    form = client.get(address).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields if name not in ("confirmed", "partners")}
    assert client.post(address, fields).status_code == 303
    pages = [
        as_user(member).get(f"{joint_set.get_absolute_url()}{day}").content.decode()
        for day in ("?dato=2022-12-01", f"?dato={today().isoformat()}")
    ]
    assert ["Fælles med Kultur- og Fritidsudvalget" in page for page in pages] == [True, False]
