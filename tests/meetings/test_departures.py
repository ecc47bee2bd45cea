"""Afvigelser: what was decided otherwise than proposed is marked, and listed across meetings."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import AgendaItem, Committee, Decision, Meeting, Recommendation, User
from tests.conftest import CANARY, Login, decide, publish
from tests.meetings.test_recording import HTMX, text_of, typed

PAGE = "/moeder/afvigelser/"


def add_departure(meeting: Meeting, number: int, *, by: User, is_closed: bool = False, text: str = "") -> Decision:
    item = AgendaItem.including_closed.create(
        meeting=meeting, number=str(number), position=number, title=f"Sag {number}", is_closed=is_closed
    )
    Recommendation.including_closed.create(item=item, number=1, by="Direktøren", text="at det godkendes.")
    return decide(item, "rejected", text or f"Ikke godkendt {number}.", by=by)


def listed(client: Client, **choices: Any) -> list[str]:
    return [row.outcome.text for row in client.get(PAGE, choices).context["document"].rows]


# --- Marked in the protocol -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("category", "ticked", "departs"),
    [("approved", {}, False), ("approved", {"departs": "on"}, True), ("rejected", {}, True), ("postponed", {}, False)],
)
def test_departure_is_kept_as_it_was_said_or_as_it_follows(
    category: str, ticked: dict[str, Any], departs: bool, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    address = f"{open_item.get_absolute_url()}beslutning/"
    response = as_user(secretary).post(address, typed("Besluttet.", category, **ticked), headers=HTMX)
    assert Decision.objects.get().departs is departs
    assert ("Afviger fra indstillingen" in text_of(response)) is departs


def test_where_nothing_is_proposed_nothing_departs(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    Recommendation.including_closed.filter(item=open_item).delete()
    client = as_user(secretary)
    page = client.get(f"/moeder/{open_item.meeting_id}/beslutninger/")
    assert "departs" not in page.context["rows"][0].form.fields
    client.post(f"{open_item.get_absolute_url()}beslutning/", typed("Nej.", "rejected", departs="on"))
    assert (Decision.objects.get().departs, listed(client)) == (None, [])


def test_conditions_stand_with_the_decision(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    address = f"{open_item.get_absolute_url()}beslutning/"
    response = as_user(secretary).post(address, typed(conditions="Inden for rammen."), headers=HTMX)
    assert Decision.objects.get().conditions == "Inden for rammen."
    assert "Inden for rammen." in text_of(response)


# --- Listed across meetings -----------------------------------------------------------------------


def test_list_shows_what_departs_newest_first_beside_what_was_proposed(
    meeting: Meeting, open_item: AgendaItem, secretary: User, member: User, as_user: Login
) -> None:
    decide(open_item, "approved", "Godkendt.", by=secretary)
    later = Meeting.objects.create(committee=meeting.committee, date=date(2023, 1, 9))
    add_departure(meeting, 3, by=secretary)
    add_departure(later, 1, by=secretary)
    rows = as_user(member).get(PAGE).context["document"].rows
    assert [(row.title, row.outcome.text, row.proposal.points[0].text) for row in rows] == [
        ("Sag 1", "Ikke godkendt 1.", "at det godkendes."), ("Sag 3", "Ikke godkendt 3.", "at det godkendes."),
    ]  # fmt: skip


def test_departure_on_one_point_stands_beside_that_point(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    Recommendation.including_closed.create(item=open_item, number=2, by="Direktøren for Børn", text="at det udsendes.")
    client = as_user(secretary)
    for points, category in (([1], "approved"), ([2], "rejected")):
        client.post(f"{open_item.get_absolute_url()}beslutning/", typed("Besluttet.", category, points=points))
    [row] = client.get(PAGE).context["document"].rows
    assert (row.outcome.label, [(point.number, point.text) for point in row.proposal.points]) == (
        "Ad 2", [("2.", "at det udsendes.")],
    )  # fmt: skip


def test_list_is_for_those_who_may_read_the_minutes(
    meeting: Meeting, secretary: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    add_departure(meeting, 3, by=secretary)
    add_departure(meeting, 4, by=secretary, is_closed=True, text=f"{CANARY} afvist.")
    outsiders = [anonymous, as_user(other_member)]
    assert [listed(client) for client in outsiders] == [[], []]
    assert "Her er ingen afvigelser at læse" in text_of(anonymous.get(PAGE))
    assert listed(as_user(member)) == ["Ikke godkendt 3.", f"{CANARY} afvist."]
    publish(meeting)
    assert [listed(client) for client in outsiders] == [["Ikke godkendt 3."]] * 2
    assert anonymous.post(PAGE).status_code == 405


def test_list_is_narrowed_by_committee_and_year(
    meeting: Meeting, other_committee: Committee, secretary: User, administrator: User, as_user: Login
) -> None:
    elsewhere = Meeting.objects.create(committee=other_committee, date=date(2023, 5, 1))
    add_departure(meeting, 3, by=secretary)
    add_departure(elsewhere, 4, by=secretary)
    client = as_user(administrator)
    assert listed(client) == ["Ikke godkendt 4.", "Ikke godkendt 3."]
    assert listed(client, udvalg=other_committee.slug) == ["Ikke godkendt 4."]
    assert listed(client, aar="2022") == ["Ikke godkendt 3."]
    assert listed(client, udvalg=other_committee.slug, aar="2022") == []
    for nonsense in ({"aar": "0"}, {"aar": "9" * 40}, {"udvalg": "\0"}, {"side": "x"}, {"side": "9" * 40}):
        assert len(listed(client, **nonsense)) == 2


def test_corrected_to_a_departure_is_listed(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    decision = decide(open_item, "approved", "Godkendt.", by=secretary)
    client = as_user(secretary)
    assert listed(client) == []
    addition = {"text": "Rettes.", "category": "approved_amended", "nonce": str(uuid4())}
    client.post(f"{open_item.get_absolute_url()}rettelse/", addition)
    assert (listed(client), decision.departs) == (["Godkendt."], None)


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_list_asks_the_same_number_of_queries_however_long(
    rows: int, meeting: Meeting, secretary: User, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    items = AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=meeting, number=str(n), position=n, title="Sag", is_closed=False)
        for n in range(10, 10 + rows)
    )
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=1, by="Direktøren", text="at det godkendes.") for item in items
    )
    for item in items:
        decide(item, "rejected", "Nej.", by=secretary)
    client = as_user(member)
    client.get(PAGE)
    with django_assert_num_queries(9):
        response = client.get(PAGE)
    document = response.context["document"]
    assert (len(document.rows), document.paging.total) == (min(rows, 50), rows)
    assert len(listed(client, side="6")) == min(rows, 50)
