"""Brugere og roller: given and ended with dates, kept by the administrator of the municipality and by nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from kit.clock import today
from meetings.documents.roles import RolesDocument
from meetings.models import Committee, Event, Municipality, Right, Role, RoleGrant, User
from tests.conftest import Login, grant, make_member, make_user

ROOT = "/organisation/hvidovre"
TODAY, YESTERDAY = today(), today() - timedelta(days=1)


@pytest.fixture
def admin(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


@pytest.fixture
def stranger(as_user: Login) -> Client:
    """The administrator of another kommune."""
    herning = Municipality.objects.create(name="Herning Kommune", slug="herning")
    return as_user(grant(make_user("herning", "Hanne Herning"), Role.ADMINISTRATOR, herning))


def the_grant(user: User) -> RoleGrant:
    return RoleGrant.objects.get(user=user)


def asked(username: str, role: str, **changes: Any) -> dict[str, Any]:
    return {"username": username, "role": role, "committee": "", "valid_from": TODAY, "valid_to": ""} | changes


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- Who -------------------------------------------------------------------------------------------


def test_roles_are_kept_by_the_municipalitys_own_administrator(
    secretary: User, anonymous: Client, admin: Client, stranger: Client, as_user: Login
) -> None:
    clients = (anonymous, as_user(secretary), stranger, admin)
    pages = [
        "roller/", "roller/tildel/", f"roller/{the_grant(secretary).pk}/afslut/", "brugere/ny/",
        f"brugere/{secretary.pk}/",
    ]  # fmt: skip
    seen = {page: [client.get(f"{ROOT}/{page}").status_code for client in clients] for page in pages}
    assert seen == {page: [302, 403, 403, 200] for page in pages}
    assert [admin.delete(f"{ROOT}/{page}").status_code for page in pages] == [405] * 5
    password = f"{ROOT}/brugere/{secretary.pk}/adgangskode/"
    assert [client.post(password).status_code for client in clients] == [302, 403, 403, 200]
    assert admin.get(password).status_code == 405


@pytest.mark.asvs("V8.4.1")
def test_grant_of_another_municipality_is_not_found(secretary: User, stranger: Client) -> None:
    assert stranger.get(f"/organisation/herning/roller/{the_grant(secretary).pk}/afslut/").status_code == 404
    assert stranger.get(f"/organisation/herning/brugere/{secretary.pk}/").status_code == 404


@pytest.mark.asvs("V8.4.1")
def test_login_shared_with_another_municipality_is_kept_by_neither(
    secretary: User, admin: Client, stranger: Client
) -> None:
    """Otherwise a new password would give the one administrator what the other has granted."""
    grant(secretary, Role.SECRETARY, Municipality.objects.get(slug="herning"))
    addresses = {client: f"{home}/brugere/{secretary.pk}/" for client, home in [(admin, ROOT)]}
    addresses[stranger] = f"/organisation/herning/brugere/{secretary.pk}/"
    assert [client.get(address).status_code for client, address in addresses.items()] == [403, 403]
    assert [client.post(f"{address}adgangskode/").status_code for client, address in addresses.items()] == [403, 403]


# --- The list --------------------------------------------------------------------------------------


def test_list_tells_who_has_which_role_and_what_it_gives(
    committee: Committee, secretary: User, administrator: User, member: User, admin: Client
) -> None:
    document = RolesDocument.of(committee.municipality, on=TODAY)
    told = [(line.user, [(held.label, held.where) for held in line.current]) for line in document.users]
    assert told == [
        (administrator, [("Administrator", "hele kommunen")]),
        (member, [("Medlem", "Børne- og Uddannelsesudvalget")]),
        (secretary, [("Udvalgssekretær", "Børne- og Uddannelsesudvalget")]),
    ]
    page = admin.get(f"{ROOT}/roller/").content.decode()
    assert [label for label in Right.labels if label.capitalize() not in page] == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_however_many_there_are(
    count: int, committee: Committee, administrator: User, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        grant(make_user(f"nr{number}", f"Nr. {number}"), Role.SECRETARY, committee.municipality, committee)
        make_member(committee, f"m{number}", f"M {number}")
    with django_assert_num_queries(2):
        RolesDocument.of(committee.municipality, on=TODAY)


def test_role_that_is_over_is_still_told(secretary: User, admin: Client) -> None:
    RoleGrant.objects.filter(user=secretary).update(valid_to=YESTERDAY)
    document = RolesDocument.of(Municipality.objects.get(slug="hvidovre"), on=TODAY)
    assert [(line.user, len(line.earlier)) for line in document.former] == [(secretary, 1)]
    assert "Uden rolle i dag (1)" in admin.get(f"{ROOT}/roller/").content.decode()


# --- Granting --------------------------------------------------------------------------------------


def test_granted_role_works_at_once_and_is_logged(
    citizen: User, committee: Committee, administrator: User, admin: Client
) -> None:
    answer = admin.post(f"{ROOT}/roller/tildel/", asked("borger", "secretary", committee=committee.pk))
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{ROOT}/roller/")
    assert [held.committee for held in fresh(citizen).holds(Right.RECORD_DECISIONS)] == [committee.pk]
    event = Event.objects.get(action="role_granted")
    assert (event.actor, event.changes["role"]) == (str(administrator), "secretary")


def test_same_grant_sent_twice_is_one(citizen: User, admin: Client) -> None:
    answers = [admin.post(f"{ROOT}/roller/tildel/", asked("borger", "consultant")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert RoleGrant.objects.filter(user=citizen).count() == 1


@pytest.mark.asvs("V2.2.2")
@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"username": "findes.ikke"}, "username", "Der er ingen bruger, der hedder “findes.ikke”."),
        ({"role": "konge"}, "role", "Marker en gyldig"),
        ({"valid_from": YESTERDAY}, "valid_from", "En rolle kan tidligst begynde i dag."),
        ({"valid_to": YESTERDAY}, "valid_to", "Rollen skal slutte, efter at den er begyndt."),
        ({"role": "member"}, "committee", "Vælg udvalget."),
        ({"role": "administrator", "committee": "here"}, "committee", "En administrator er det for hele kommunen."),
        ({"committee": "elsewhere"}, "committee", "Marker en gyldig"),
    ],
)
def test_wrong_grant_is_explained_beside_the_field(
    changes: dict[str, Any], field: str, words: str, citizen: User, committee: Committee, admin: Client
) -> None:
    herning = Municipality.objects.create(name="Herning Kommune", slug="herning")
    places = {
        "here": committee.pk, "elsewhere": Committee.objects.create(municipality=herning, name="Andet", slug="andet").pk
    }  # fmt: skip
    typed = asked("borger", "secretary", committee=committee.pk) | {"committee": ""} | changes
    typed["committee"] = places.get(typed["committee"], "")
    answer = admin.post(f"{ROOT}/roller/tildel/", typed)
    assert answer.status_code == 422
    assert words in " ".join(errors(answer)[field])
    assert not RoleGrant.objects.filter(user=citizen).exists()


def test_role_that_is_held_already_is_not_given_again(secretary: User, committee: Committee, admin: Client) -> None:
    answer = admin.post(f"{ROOT}/roller/tildel/", asked("sekretaer", "secretary", committee=committee.pk))
    assert errors(answer) == {"role": ["Signe Sekretær har allerede rollen fra 1. januar 2022."]}


def test_two_roles_that_should_be_two_people_are_warned_of_and_not_forbidden(
    consultant: User, committee: Committee, admin: Client
) -> None:
    typed = asked("konsulent", "secretary", committee=committee.pk)
    warned = admin.post(f"{ROOT}/roller/tildel/", typed)
    assert (warned.status_code, "sætter den i kraft" in warned.content.decode()) == (422, True)
    assert admin.post(f"{ROOT}/roller/tildel/", typed | {"accepts": "on"}).status_code == 303
    document = RolesDocument.of(committee.municipality, on=TODAY)
    assert [line.user for line in document.users if line.warnings] == [consultant]


def test_seat_and_protocol_in_different_committees_bring_no_warning(
    member: User, other_committee: Committee, admin: Client
) -> None:
    answer = admin.post(f"{ROOT}/roller/tildel/", asked("medlem", "secretary", committee=other_committee.pk))
    assert answer.status_code == 303


# --- Ending ----------------------------------------------------------------------------------------


def end(client: Client, grant: RoleGrant, day: Any) -> Any:
    return client.post(f"{ROOT}/roller/{grant.pk}/afslut/", {"valid_to": day})


def test_ended_role_stops_at_once_and_stays_in_the_list(secretary: User, admin: Client) -> None:
    assert end(admin, the_grant(secretary), YESTERDAY).status_code == 303
    assert fresh(secretary).held_roles == ()
    assert the_grant(secretary).valid_to == YESTERDAY
    assert Event.objects.get(action="role_ended").changes == {"valid_to": [None, YESTERDAY.isoformat()]}


def test_role_cannot_be_ended_on_a_day_it_was_used(secretary: User, admin: Client) -> None:
    answer = end(admin, the_grant(secretary), TODAY - timedelta(days=2))
    assert errors(answer) == {"valid_to": ["Rollen har virket til i dag, så den sidste dag kan tidligst være i går."]}


def test_role_given_by_mistake_today_is_taken_back_today(citizen: User, admin: Client) -> None:
    admin.post(f"{ROOT}/roller/tildel/", asked("borger", "consultant"))
    assert end(admin, the_grant(citizen), YESTERDAY).status_code == 303
    assert fresh(citizen).held_roles == ()
    assert "trukket tilbage, før den begyndte" in admin.get(f"{ROOT}/roller/").content.decode()


def test_last_administrator_stays(administrator: User, admin: Client) -> None:
    answer = end(admin, the_grant(administrator), TODAY)
    assert errors(answer) == {"valid_to": ["Kommunen skal have en administrator. Giv først en anden rollen."]}
    grant(make_user("nr2", "Nanna To"), Role.ADMINISTRATOR, Municipality.objects.get(slug="hvidovre"))
    assert end(admin, the_grant(administrator), TODAY).status_code == 303


# --- Users -----------------------------------------------------------------------------------------


def new(**changes: Any) -> dict[str, Any]:
    return {
        "username": "ny.sekretaer", "display_name": "Ninna Ny", "email": "ninna@eksempel.dk", "role": "secretary",
        "committee": "", "valid_from": TODAY,
    } | changes  # fmt: skip


@pytest.mark.asvs("V6.4.1")
def test_new_user_has_a_role_and_no_password_before_one_is_given(admin: Client) -> None:
    answers = [admin.post(f"{ROOT}/brugere/ny/", new()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    user = User.objects.get(username="ny.sekretaer")
    assert (user.has_usable_password(), [held.role for held in user.held_roles]) == (False, [Role.SECRETARY])


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"username": "Sekretaer"}, "username"), ({"username": "<b>"}, "username"), ({"email": "ninna"}, "email")],
)
def test_wrong_new_user_is_explained_and_nothing_made(
    changes: dict[str, str], field: str, secretary: User, admin: Client
) -> None:
    before = User.objects.count()
    answer = admin.post(f"{ROOT}/brugere/ny/", new(**changes))
    assert (answer.status_code, list(errors(answer)), User.objects.count()) == (422, [field], before)


@pytest.mark.asvs("V6.4.1", "V7.4.5")
def test_password_is_told_once_works_and_logs_the_user_out(secretary: User, admin: Client, as_user: Login) -> None:
    somewhere = as_user(secretary)
    answer = admin.post(f"{ROOT}/brugere/{secretary.pk}/adgangskode/")
    password = answer.context["password"]
    assert password in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert fresh(secretary).check_password(password)
    assert somewhere.get("/mit/").status_code == 302
    assert password not in str(Event.objects.get(action="password_given").changes)


def changed(client: Client, user: User, **changes: Any) -> Any:
    shown = client.get(f"{ROOT}/brugere/{user.pk}/").context["form"].initial["shown"]
    typed = {"shown": shown, "display_name": str(user), "email": "", "is_active": "on"} | changes
    return client.post(
        f"{ROOT}/brugere/{user.pk}/", {name: value for name, value in typed.items() if value is not None}
    )


@pytest.mark.asvs("V7.4.2")
def test_closed_user_is_out_at_once(secretary: User, admin: Client, as_user: Login) -> None:
    somewhere = as_user(secretary)
    assert changed(admin, secretary, is_active=None).status_code == 303
    assert somewhere.get("/mit/").status_code == 302
    assert "Lukket" in admin.get(f"{ROOT}/roller/").content.decode()


def test_administrator_does_not_close_the_own_login(administrator: User, admin: Client) -> None:
    answer = changed(admin, administrator, is_active=None)
    assert errors(answer) == {"is_active": ["Du kan ikke lukke din egen bruger."]}


def test_two_administrators_see_each_others_text(secretary: User, admin: Client) -> None:
    shown = admin.get(f"{ROOT}/brugere/{secretary.pk}/").context["form"].initial["shown"]
    changed(admin, secretary, email="signe@eksempel.dk")
    typed = {"shown": shown, "display_name": "Signe S.", "email": "", "is_active": "on"}
    answer = admin.post(f"{ROOT}/brugere/{secretary.pk}/", typed)
    assert (answer.status_code, "signe@eksempel.dk" in answer.content.decode()) == (409, True)
    assert fresh(secretary).display_name == "Signe Sekretær"
