"""Committees, the list of pejlemærker, and the pejlemærker that an agenda item touched."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import AgendaItem, Committee, Decision, Meeting, Membership, Person, User
from pejlemaerker.actions import StatusText, hand_in_statuses, open_evaluation, put_in_force
from pejlemaerker.documents.committee import CommitteeDocument, CommitteeListDocument
from pejlemaerker.models import AsOf, Goal, GoalClosing, GoalSet, GoalVersion, Placement, PolicyArea
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
    document = CommitteeDocument.for_committee(committee, viewer=member, at=AsOf.day(date(2024, 1, 1)))
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


# --- Choosing and looking back ----------------------------------------


def listed(client: Client, query: str) -> list[int | None]:
    """The numbers of the pejlemærker that the list shows."""
    document = client.get(f"/pejlemaerker/{query}").context["document"]
    return [goal.number for one in document.sets for goal in one.goals]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?omraade=Børne- og Familieområdet", [1, 2]), ("?omraade=Skoleområdet", []), ("?status=paa-vej", [1]),
        ("?status=kraever-opmaerksomhed", []), ("?status=ingen-status", [2]), ("?status=beslutning-mangler", [2]),
        ("?status=afsluttet", []), ("?status=standset", []), ("?status=vrøvl", []),
        ("?status=paa-vej&periode=2022–2025&udvalg=boerne-og-uddannelsesudvalget", [1]),
        ("?status=paa-vej&dato=2023-06-01&viden=nu", []),
    ],
)  # fmt: skip
def test_list_is_narrowed_by_area_status_and_day(
    query: str, numbers: list[int], published_goal_set: GoalSet, consultant: User, anonymous: Client
) -> None:
    evaluation = open_evaluation(
        goal_set=published_goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=consultant
    )
    statuses = [StatusText(published_goal_set.goals.get(number=1), "Det går.", "under_way", 0)]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=consultant)
    publish(evaluation)
    assert listed(anonymous, query) == numbers


def test_list_shows_what_has_ended_when_asked(published_goal_set: GoalSet, anonymous: Client) -> None:
    goal = published_goal_set.goals.get(number=1)
    GoalClosing.objects.create(goal=goal, kind="dropped", ended_on=date(2024, 5, 1), reason="Nået.")
    Placement.objects.create(
        goal=goal, goal_set=published_goal_set, number=None, placed_from=date(2024, 5, 2), reason="Udgået."
    )
    assert (listed(anonymous, ""), listed(anonymous, "?status=afsluttet")) == ([2], [None])
    assert listed(anonymous, "?dato=2024-04-30&viden=nu") == [1, 2]


def test_empty_list_offers_to_drop_one_choice(published_goal_set: GoalSet, anonymous: Client) -> None:
    document = anonymous.get("/pejlemaerker/?omraade=Skole&periode=2022–2025&dato=2024-01-01").context["document"]
    assert [(drop.text, drop.url) for drop in document.drops] == [
        ("Slip valget af område (Skole)", "/pejlemaerker/?periode=2022%E2%80%932025&dato=2024-01-01"),
        ("Slip valget af periode (2022–2025)", "/pejlemaerker/?omraade=Skole&dato=2024-01-01"),
    ]


def test_long_list_is_turned_set_by_set(published_goal_set: GoalSet, anonymous: Client) -> None:
    second = GoalSet.objects.create(
        period=published_goal_set.period,
        area=PolicyArea.objects.create(committee=published_goal_set.period.committee, name="Skoleområdet"),
    )
    for number in range(1, 61):
        Goal.objects.create(goal_set=second, number=number)
    publish(second)
    pages = [listed(anonymous, query) for query in ("", "?side=2", "?side=99", "?side=x")]
    assert sorted(len(page) for page in pages[:2]) == [2, 60]
    assert (pages[2], pages[3]) == (pages[1], pages[0])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("query", ["", "?status=ingen-status"])
def test_list_asks_the_same_number_of_questions(
    count: int, query: str, goal_set: GoalSet, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for number in range(count - 1):
        area = PolicyArea.objects.create(committee=goal_set.period.committee, name=f"Område {number}")
        one = GoalSet.objects.create(period=goal_set.period, area=area)
        GoalVersion.objects.create(goal=Goal.objects.create(goal_set=one, number=1), number=1, text="Vi vil.")
    client = as_user(member)
    client.get("/pejlemaerker/")
    with django_assert_num_queries(13 if query else 14):
        client.get(f"/pejlemaerker/{query}")


@pytest.mark.parametrize("address", ["/", "/pejlemaerker/"])
def test_list_of_a_day_says_so_and_keeps_to_it(address: str, published_goal_set: GoalSet, anonymous: Client) -> None:
    page = anonymous.get(f"{address}?dato=2023-01-01&viden=nu").content.decode()
    goal = published_goal_set.goals.get(number=1)
    assert "1. januar 2023, efter det, vi ved i dag" in page
    assert f"{goal.get_absolute_url()}?dato=2023-01-01&amp;viden=nu" in page


@pytest.mark.parametrize("address", ["/", "/pejlemaerker/", "/eksport.json"])
def test_day_that_does_not_exist_is_said_to_be_the_reason(address: str, anonymous: Client) -> None:
    answer = anonymous.get(f"{address}?dato=31. april 2023")
    assert answer.status_code == 404
    assert "»31. april 2023« er ikke en dag i kalenderen" in answer.content.decode()


def test_day_is_read_as_people_write_it(published_goal_set: GoalSet, anonymous: Client) -> None:
    for written in ("2023-01-05", "5. januar 2023", "05-01-2023"):
        assert "Som det var 5. januar 2023" in anonymous.get("/", {"dato": written}).content.decode()


def test_set_of_a_day_links_the_note_of_that_day(published_goal_set: GoalSet, anonymous: Client) -> None:
    page = anonymous.get(f"{published_goal_set.get_absolute_url()}?dato=2023-01-01").content.decode()
    assert f"/saet/{published_goal_set.pk}/notat.pdf?dato=2023-01-01" in page


def test_goal_names_its_lasting_addresses(published_goal_set: GoalSet, anonymous: Client) -> None:
    url = published_goal_set.goals.get(number=1).get_absolute_url()
    page = anonymous.get(url).content.decode()
    assert [f'href="{one}">testserver{one}' in page for one in (url, f"{url}ordlyd/1/")] == [True, True]


def test_goal_before_it_was_written_says_so(published_goal_set: GoalSet, anonymous: Client) -> None:
    url = published_goal_set.goals.get(number=1).get_absolute_url()
    page = anonymous.get(f"{url}?dato=2020-01-01").content.decode()
    assert ("Den dag var pejlemærket ikke skrevet endnu." in page, "Ordlyden kendes ikke" in page) == (True, False)
