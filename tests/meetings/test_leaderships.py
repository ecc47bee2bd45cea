"""Who leads what: written in one at a time or many lines at once, with dates, and never doubled."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kit.clock import today
from meetings.models import Event, LeaderGroup, Leadership, Municipality, OrgUnit, User
from tests.conftest import Login

BEGINNING = date(2022, 8, 1)


@pytest.fixture
def group(municipality: Municipality) -> LeaderGroup:
    return LeaderGroup.objects.create(municipality=municipality, name="Dagtilbudslederne")


@pytest.fixture
def unit(municipality: Municipality) -> OrgUnit:
    return OrgUnit.objects.create(municipality=municipality, name="Linden", kind=OrgUnit.Kind.INSTITUTION)


@pytest.fixture
def leadership(group: LeaderGroup, unit: OrgUnit) -> Leadership:
    return Leadership.objects.create(
        leader_group=group, unit=unit, name="Lone Linde", email="lone@eksempel.dk", valid_from=BEGINNING
    )


def address(municipality: Municipality, tail: str = "") -> str:
    return f"/organisation/{municipality.slug}/ledere/{tail}"


def filled_in(group: LeaderGroup, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        "leader_group": group.pk, "unit": "", "name": "Åse Ås", "email": "aase@eksempel.dk", "valid_from": "1.8.2023",
        "valid_to": "", **changes,
    }  # fmt: skip


def pasted(group: LeaderGroup, *lines: str, button: str = "skriv", **changes: Any) -> dict[str, Any]:
    return {"leader_group": group.pk, "valid_from": "1.8.2023", "lines": "\n".join(lines), button: "1", **changes}


def shown(client: Client, leadership: Leadership) -> Any:
    return client.get(address(leadership.municipality, f"{leadership.pk}/")).context["form"]["shown"].value()


# --- Who may ----------------------------------------


@pytest.mark.parametrize("tail", ["", "ny/", "flere/", "{pk}/", "{pk}/slet/"])
def test_leaders_are_kept_by_administrator_and_consultant(
    tail: str, leadership: Leadership, anonymous: Client, member: User, leader: User, consultant: User,
    administrator: User, as_user: Login,
) -> None:  # fmt: skip
    page = address(leadership.municipality, tail.format(pk=leadership.pk))
    clients = [anonymous, as_user(member), as_user(leader), as_user(consultant), as_user(administrator)]
    assert [client.get(page).status_code for client in clients] == [302, 403, 403, 200, 200]
    assert as_user(consultant).delete(page).status_code == 405


def test_leaders_of_another_municipality_are_not_kept(consultant: User, as_user: Login) -> None:
    other = Municipality.objects.create(name="Herning Kommune", slug="herning")
    assert as_user(consultant).get(address(other)).status_code == 403


# --- One at a time ----------------------------------------


def test_leader_is_written_in_once(
    group: LeaderGroup, unit: OrgUnit, municipality: Municipality, consultant: User, as_user: Login
) -> None:
    form = filled_in(group, unit=unit.pk)
    assert [as_user(consultant).post(address(municipality, "ny/"), form).status_code for _ in range(2)] == [303, 303]
    post = Leadership.objects.get()
    assert (post.name, post.unit, post.valid_from, post.valid_to) == ("Åse Ås", unit, date(2023, 8, 1), None)
    assert Event.objects.filter(action="leadership_added").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"), ({"email": "aase@"}, "email"), ({"leader_group": ""}, "leader_group"),
        ({"valid_to": "31.7.2023"}, "valid_to"), ({"email": "LONE@eksempel.dk", "unit": "linden"}, "email"),
    ],
    ids=["no name", "wrong address", "no group", "ends before it begins", "stands there already"],
)  # fmt: skip
def test_wrong_leader_is_told_at_the_field_and_what_was_typed_is_kept(
    changes: dict[str, Any], field: str, leadership: Leadership, consultant: User, as_user: Login
) -> None:
    if changes.get("unit"):
        changes = changes | {"unit": leadership.unit_id}
    form = filled_in(leadership.leader_group, **{"name": "Åse Ås", **changes})
    response = as_user(consultant).post(address(leadership.municipality, "ny/"), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert form["email"] in response.content.decode()
    assert Leadership.objects.count() == 1


def test_leader_who_stops_gets_a_last_day(leadership: Leadership, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    form = filled_in(
        leadership.leader_group, unit=leadership.unit_id, name="Lone Linde", email="lone@eksempel.dk",
        valid_from="2022-08-01", valid_to="31.1.2024", shown=shown(client, leadership),
    )  # fmt: skip
    assert client.post(address(leadership.municipality, f"{leadership.pk}/"), form).status_code == 303
    assert not Leadership.objects.current(date(2024, 2, 1)).exists()
    page = client.get(address(leadership.municipality)).context["document"]
    assert [[line.post for line in one.earlier] for one in page.groups] == [[leadership]]


def test_two_who_change_a_leader_at_once_see_both(
    leadership: Leadership, consultant: User, administrator: User, as_user: Login
) -> None:
    page, seen = address(leadership.municipality, f"{leadership.pk}/"), shown(as_user(consultant), leadership)
    form = filled_in(leadership.leader_group, unit=leadership.unit_id, valid_from="2022-08-01", shown=seen)
    as_user(administrator).post(page, form | {"email": "administratorens@eksempel.dk"})
    response = as_user(consultant).post(page, form | {"email": "konsulentens@eksempel.dk"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "administratorens@eksempel.dk" in text
    assert "konsulentens@eksempel.dk" in text
    leadership.refresh_from_db()
    assert leadership.email == "administratorens@eksempel.dk"


def test_leader_who_should_not_stand_there_is_deleted(leadership: Leadership, consultant: User, as_user: Login) -> None:
    client, page = as_user(consultant), address(leadership.municipality, f"{leadership.pk}/slet/")
    assert client.post(page, {"shown": "gammelt"}).status_code == 409
    assert client.post(page, {"shown": shown(client, leadership)}).status_code == 303
    assert not Leadership.objects.exists()


# --- Many lines ----------------------------------------


def test_lines_are_shown_before_they_are_written(leadership: Leadership, consultant: User, as_user: Login) -> None:
    lines = [
        "Navn\tEnhed\tE-mail", "Åse Ås\tÅkanden\taase@eksempel.dk", "Lone Linde;linden;LONE@eksempel.dk",
        "Ny Linde; Linden; ny@eksempel.dk", "Uden Enhed; uden@eksempel.dk",
    ]  # fmt: skip
    response = as_user(consultant).post(
        address(leadership.municipality, "flere/"), pasted(leadership.leader_group, *lines, button="vis")
    )
    assert [(line.leader.name, line.is_new, line.note) for line in response.context["lines"]] == [
        ("Åse Ås", True, "Enheden er ny og oprettes"),
        ("Lone Linde", False, "Står der allerede"),
        ("Ny Linde", True, "I dag leder Lone Linde enheden; giv den lederpost en slutdato"),
        ("Uden Enhed", True, ""),
    ]
    assert "Skriv 3 ledere ind" in response.content.decode()
    assert (Leadership.objects.count(), OrgUnit.objects.count()) == (1, 1)


def test_lines_are_written_once(leadership: Leadership, consultant: User, as_user: Login) -> None:
    client, page = as_user(consultant), address(leadership.municipality, "flere/")
    form = pasted(leadership.leader_group, "Åse Ås;Åkanden;aase@eksempel.dk", "Lone Linde;Linden;lone@eksempel.dk")
    assert [client.post(page, form).status_code for _ in range(2)] == [303, 303]
    posts = Leadership.objects.order_by("pk")
    assert [(post.name, str(post.unit)) for post in posts] == [("Lone Linde", "Linden"), ("Åse Ås", "Åkanden")]


@pytest.mark.parametrize("button", ["vis", "skriv"])
def test_every_wrong_line_is_told_and_none_is_written(
    button: str, group: LeaderGroup, municipality: Municipality, consultant: User, as_user: Login
) -> None:
    lines = [
        "Åse Ås;Åkanden;aase@eksempel.dk", "Kun et navn", "Per;Birken;per@", "", "Åse Ås;ÅKANDEN;AASE@eksempel.dk",
        f"{'x' * 121};Linden;x@eksempel.dk",
    ]  # fmt: skip
    response = as_user(consultant).post(address(municipality, "flere/"), pasted(group, *lines, button=button))
    errors = response.context["form"].errors["lines"]
    assert response.status_code == 422
    assert [error.split(":")[0] for error in errors] == ["Linje 2", "Linje 3", "Linje 5", "Linje 6"]
    assert "står også på linje 1" in errors[2]
    assert "Kun et navn" in response.content.decode()
    assert not Leadership.objects.exists()


def test_line_that_a_rule_stands_against_is_named(leadership: Leadership, consultant: User, as_user: Login) -> None:
    form = pasted(
        leadership.leader_group, "Åse;Åkanden;aase@eksempel.dk", "Lone;Linden;lone@eksempel.dk", valid_from="1.1.2020"
    )
    response = as_user(consultant).post(address(leadership.municipality, "flere/"), form)
    assert response.status_code == 422
    assert "Linje 2: Lone Linde står der allerede fra den 1. august 2022." in response.content.decode()
    assert Leadership.objects.count() == 1


# --- The list ----------------------------------------


@pytest.mark.parametrize("leaders", [1, 3])
def test_list_asks_the_same_of_the_database_however_long(
    leaders: int, group: LeaderGroup, unit: OrgUnit, municipality: Municipality, consultant: User, as_user: Login
) -> None:
    for number in range(leaders):
        Leadership.objects.create(
            leader_group=group, unit=unit, name=f"Leder {number}", email=f"{number}@eksempel.dk", valid_from=BEGINNING
        )
    client = as_user(consultant)
    with CaptureQueriesContext(connection) as asked:
        client.get(address(municipality))
    assert len(asked) == 10


def test_leaders_stand_in_danish_order_of_their_units(
    group: LeaderGroup, municipality: Municipality, consultant: User, as_user: Login
) -> None:
    for name in ("Åkanden", "Linden", "Aaen"):
        place = OrgUnit.objects.create(municipality=municipality, name=name, kind=OrgUnit.Kind.INSTITUTION)
        Leadership.objects.create(
            leader_group=group, unit=place, name=f"Leder af {name}", email="x@eksempel.dk", valid_from=BEGINNING,
            valid_to=today() + timedelta(days=1),
        )  # fmt: skip
    (only,) = as_user(consultant).get(address(municipality)).context["document"].groups
    assert [str(line.post.unit) for line in only.current] == ["Linden", "Aaen", "Åkanden"]


def test_the_database_keeps_a_leader_from_standing_twice(leadership: Leadership) -> None:
    leadership.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        leadership.save()
