"""Committees, the list of pejlemærker, and the pejlemærker that an agenda item touched."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.models import AgendaItem, Committee, Decision, Meeting, Membership, Person, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.committee import CommitteeDocument, CommitteeListDocument
from pejlemaerker.models import GoalSet, GoalVersion
from tests.conftest import CANARY, Login, publish

HTMX = {"HX-Request": "true"}
FIRST = "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."


def put_all_in_force(goal_set: GoalSet, decision: Decision, by: User) -> None:
    """Put every wording of the set in force."""
    versions = GoalVersion.objects.filter(goal__goal_set=goal_set)
    put_in_force(versions=versions, decision=decision, in_force_from=decision.decided_on, by=by)


# --- Committees ----------------------------------------


def test_committees_are_sorted_in_danish(committee: Committee, other_committee: Committee) -> None:
    Committee.objects.create(municipality=committee.municipality, name="Ældreudvalget", slug="aeldreudvalget")
    Committee.objects.create(
        municipality=committee.municipality, name="Arbejdsmarkedsudvalget", slug="a", valid_to=date(2021, 12, 31)
    )
    (hvidovre,) = CommitteeListDocument.on(date(2024, 1, 1)).municipalities
    assert [line.committee.name for line in hvidovre.sitting] == [
        "Børne- og Uddannelsesudvalget", "Kultur- og Fritidsudvalget", "Ældreudvalget",
    ]  # fmt: skip
    assert [line.committee.name for line in hvidovre.former] == ["Arbejdsmarkedsudvalget"]


def test_committee_lists_the_members_of_the_day_chair_first(committee: Committee, member: User) -> None:
    for name, seat, until in [("Åse", "member", None), ("Ole", "chair", None), ("Ib", "member", date(2022, 6, 30))]:
        person = Person.objects.create(name=name, municipality=committee.municipality)
        Membership.objects.create(
            committee=committee, person=person, seat=seat, valid_from=date(2022, 1, 1), valid_to=until
        )
    document = CommitteeDocument.for_committee(committee, viewer=member, on=date(2024, 1, 1))
    assert [seat.person.name for seat in document.members] == ["Ole", "Mette Medlem", "Åse"]


def test_committee_shows_outsiders_only_what_is_published(
    committee: Committee, meeting: Meeting, goal_set: GoalSet, anonymous: Client
) -> None:
    def shown() -> list[bool]:
        page = anonymous.get(committee.get_absolute_url()).content.decode()
        return [address in page for address in (meeting.get_absolute_url(), goal_set.get_absolute_url())]

    before = shown()
    publish(meeting)
    publish(goal_set)
    assert (before, shown()) == ([False, False], [True, True])


def test_committee_that_does_not_exist_is_not_there(anonymous: Client) -> None:
    assert anonymous.get("/udvalg/findes-ikke/").status_code == 404


# --- The list ----------------------------------------


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ("", True), ("?udvalg=boerne-og-uddannelsesudvalget", True), ("?udvalg=kultur-og-fritidsudvalget", False),
        ("?periode=2022–2025", True), ("?periode=2018–2021", False),
    ],
)  # fmt: skip
def test_list_is_narrowed_by_committee_and_period(
    query: str, is_shown: bool, published_goal_set: GoalSet, anonymous: Client
) -> None:
    assert (FIRST in anonymous.get(f"/pejlemaerker/{query}").content.decode()) == is_shown


def test_list_hides_unpublished_sets(goal_set: GoalSet, anonymous: Client) -> None:
    assert FIRST not in anonymous.get("/pejlemaerker/").content.decode()


# --- Touched by an agenda item ----------------------------------------


def test_item_shows_the_goals_it_put_in_force(
    published_meeting: Meeting, open_item: AgendaItem, published_goal_set: GoalSet, anonymous: Client
) -> None:
    address = f"/pejlemaerker/?punkt={open_item.pk}"
    fragment = anonymous.get(address, headers=HTMX).content.decode().strip()
    page = anonymous.get(address).content.decode()
    assert fragment.startswith('<section id="beroerte-pejlemaerker"')
    assert (FIRST in fragment, FIRST in page, "<html" in fragment, "<html" in page) == (True, True, False, True)


def test_item_without_effect_touches_nothing(
    published_meeting: Meeting, open_item: AgendaItem, goal_set: GoalSet, anonymous: Client
) -> None:
    publish(goal_set)
    assert FIRST not in anonymous.get(f"/pejlemaerker/?punkt={open_item.pk}", headers=HTMX).content.decode()


def test_closed_item_touches_nothing_for_outsiders(
    published_meeting: Meeting,
    closed_item: AgendaItem,
    closed_approval: Decision,
    goal_set: GoalSet,
    secretary: User,
    anonymous: Client,
    other_member: User,
    member: User,
    as_user: Login,
) -> None:
    put_all_in_force(goal_set, closed_approval, secretary)
    publish(goal_set)
    address = f"/pejlemaerker/?punkt={closed_item.pk}"
    assert [client.get(address).status_code for client in (anonymous, as_user(other_member), as_user(member))] == [
        404, 404, 200,
    ]  # fmt: skip
    assert CANARY not in anonymous.get(address).content.decode()


@pytest.mark.parametrize("nonsense", ["x", "-1", "²", "9" * 40])
def test_item_that_does_not_exist_is_not_there(nonsense: str, anonymous: Client) -> None:
    assert anonymous.get("/pejlemaerker/", {"punkt": nonsense}).status_code == 404


def test_item_offers_putting_in_force_only_to_those_who_may(
    published_meeting: Meeting, open_item: AgendaItem, member: User, secretary: User, as_user: Login
) -> None:
    def offers(user: Any) -> bool:
        return "Sæt en ordlyd i kraft" in as_user(user).get(f"/pejlemaerker/?punkt={open_item.pk}").content.decode()

    assert (offers(member), offers(secretary)) == (False, True)


# --- The site itself ----------------------------------------


@pytest.mark.parametrize("address", ["/tilgaengelighed/", "/privatliv/", "/udvalg/"])
def test_open_page_is_open_and_only_read(address: str, anonymous: Client) -> None:
    assert (anonymous.get(address).status_code, anonymous.post(address).status_code) == (200, 405)
