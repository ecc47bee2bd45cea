"""The second factor: who must have one, and that nothing is seen before it."""

from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from meetings.models import Event, User
from pejlemaerker.login import factors
from tests.conftest import Login

AT = 1_800_000_015.0
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _two_factors(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield


def code_at(secret: str, when: float = AT) -> str:
    return str(format_hotp_value(hotp_value(secret, int(when) // 30)))


def typed(username: str, client: Client, next_page: str = "/moeder/") -> str:
    """Type the password, and return where it leads."""
    posted = {"username": username, "password": "pejlemaerke-demo", "next": next_page}
    return client.post("/log-ind/", posted).headers["Location"]


def is_in(client: Client) -> bool:
    return client.get("/mit/").status_code == 200


@pytest.mark.asvs("V6.3.3")
def test_writer_sets_an_app_up_before_anything_is_seen(secretary: User, anonymous: Client) -> None:
    assert (typed("sekretaer", anonymous), is_in(anonymous)) == ("/log-ind/opsaet/", False)
    secret = anonymous.get("/log-ind/opsaet/").context["key"].replace(" ", "")
    wrong = anonymous.post("/log-ind/opsaet/", {"code": "000000"})
    assert (wrong.status_code, is_in(anonymous)) == (422, False)
    done = anonymous.post("/log-ind/opsaet/", {"code": code_at(secret)}, follow=True)
    assert (is_in(anonymous), len(done.context["codes"]), done.context["next"]) == (True, 10, "/moeder/")
    assert Event.objects.filter(action="second_factor_set_up", target_pk=secretary.pk).count() == 1


def test_reader_needs_none(member: User, anonymous: Client) -> None:
    assert (typed("medlem", anonymous), is_in(anonymous)) == ("/moeder/", True)


@pytest.mark.asvs("V6.5.1")
def test_code_of_the_app_lets_in_once(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    assert (typed("sekretaer", anonymous), is_in(anonymous)) == ("/log-ind/kode/", False)
    response = anonymous.post("/log-ind/kode/", {"code": code_at(SECRET)})
    assert (response.status_code, response.headers["Location"], is_in(anonymous)) == (303, "/moeder/", True)
    with time_machine.travel(AT + 31, tick=False):  # the code is still within the half minute before
        again = Client()
        typed("sekretaer", again)
        assert again.post("/log-ind/kode/", {"code": code_at(SECRET)}).status_code == 422
        assert again.post("/log-ind/kode/", {"code": code_at(SECRET, AT + 31)}).status_code == 303


@pytest.mark.asvs("V6.5.1")
def test_recovery_code_lets_in_once(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    code = factors.recovery_codes(secretary)[3]
    statuses = []
    for client in (anonymous, Client()):
        typed("sekretaer", client)
        statuses.append(client.post("/log-ind/kode/", {"code": code}).status_code)
    assert statuses == [303, 422]


@pytest.mark.asvs("V6.6.3")
def test_guessing_at_codes_has_an_end(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    typed("sekretaer", anonymous)
    for number in range(5):
        anonymous.post("/log-ind/kode/", {"code": f"00000{number}"})
    told = anonymous.post("/log-ind/kode/", {"code": code_at(SECRET)}).context["form"].errors["code"][0]
    assert ("Prøv igen om" in told, is_in(anonymous)) == (True, False)


def test_code_page_is_for_one_whose_password_was_right(anonymous: Client, secretary: User) -> None:
    for address in ("/log-ind/kode/", "/log-ind/opsaet/"):
        for response in (anonymous.get(address), anonymous.post(address, {"code": "123456"})):
            assert (response.status_code, response.headers["Location"]) == (302, "/log-ind/?fejl=tid")


@pytest.mark.asvs("V6.5.5")
def test_way_in_is_closed_after_ten_minutes_and_by_a_new_password(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    typed("sekretaer", anonymous)
    with time_machine.travel(AT + 601, tick=False):
        assert anonymous.get("/log-ind/kode/").status_code == 302
    assert anonymous.get("/log-ind/kode/").status_code == 200
    secretary.set_password("en helt anden adgangskode")
    secretary.save()
    assert anonymous.get("/log-ind/kode/").status_code == 302


def test_who_has_an_app_cannot_set_up_another_on_the_way_in(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    typed("sekretaer", anonymous)
    assert anonymous.get("/log-ind/opsaet/").status_code == 302


def test_secret_is_locked_in_the_database(secretary: User) -> None:
    factors.set_up(secretary, SECRET)
    assert not [one for one in Authenticator.objects.all() if SECRET in str(one.data)]


@pytest.mark.asvs("V7.5.1")
def test_new_app_asks_for_the_password(secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    secret = client.get("/konto/totrin/app/").context["key"].replace(" ", "")
    posted = {"code": code_at(secret), "password": "forkert"}
    assert client.post("/konto/totrin/app/", posted).status_code == 422
    assert client.post("/konto/totrin/app/", posted | {"password": "pejlemaerke-demo"}).status_code == 303
    assert factors.has_second_factor(secretary)


def test_new_recovery_codes_end_the_old_ones(secretary: User, as_user: Login) -> None:
    factors.set_up(secretary, SECRET)
    old, client = factors.recovery_codes(secretary), as_user(secretary)
    assert client.post("/konto/totrin/koder/", {"code": "123"}).status_code == 422
    assert client.get("/konto/totrin/").context["codes"] == []
    assert client.post("/konto/totrin/koder/", {"code": code_at(SECRET)}).status_code == 303
    new = client.get("/konto/totrin/").context["codes"]
    assert (len(new), set(new) & set(old)) == (10, set())
    with time_machine.travel(AT + 601, tick=False):
        assert client.get("/konto/totrin/").context["codes"] == []


def test_only_one_who_need_not_have_it_turns_it_off(secretary: User, member: User, as_user: Login) -> None:
    for user in (secretary, member):
        factors.set_up(user, SECRET)
        as_user(user).post("/konto/totrin/fjern/", {"code": code_at(SECRET)})
    assert [factors.has_second_factor(user) for user in (secretary, member)] == [True, False]


@pytest.mark.asvs("V6.4.4")
def test_lost_phone_is_told_to_the_operator(secretary: User, anonymous: Client) -> None:
    factors.set_up(secretary, SECRET)
    call_command("remove_second_factor", "sekretaer")
    assert typed("sekretaer", anonymous) == "/log-ind/opsaet/"
    assert Event.objects.filter(action="second_factor_removed", actor="Systemet").count() == 1


@pytest.mark.asvs("V6.3.4")
@pytest.mark.parametrize("address", ["/konto/totrin/app/", "/konto/adgangskode/", "/konto/totrin/koder/"])
def test_own_account_is_for_those_with_a_password_here(
    address: str, anonymous: Client, citizen: User, as_user: Login
) -> None:
    factors.set_up(citizen, SECRET)
    right = as_user(citizen).get(address).status_code
    method = as_user(citizen).delete(address).status_code
    citizen.set_unusable_password()
    citizen.save()
    wrong = as_user(citizen).get(address).status_code
    assert (anonymous.get(address).status_code, wrong, right, method) == (302, 403, 200, 405)
