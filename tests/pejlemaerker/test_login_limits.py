"""Passwords are guessed slowly, sessions end, and a new password ends them all."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from meetings.models import Event, User
from pejlemaerker.login import break_glass, passwords
from tests.conftest import Login

RIGHT = {"username": "sekretaer", "password": "pejlemaerke-demo"}
WRONG = {"username": "sekretaer", "password": "forkert"}


@pytest.fixture(autouse=True)
def _empty_cache(early_in_the_hour: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def guess(times: int, address: str = "192.0.2.1", **typed: str) -> int:
    """Guess so often; return the last status."""
    status = 0
    for _ in range(times):
        status = Client(REMOTE_ADDR=address).post("/log-ind/", WRONG | typed).status_code
    return status


def log_in(address: str) -> int:
    return Client(REMOTE_ADDR=address).post("/log-ind/", RIGHT).status_code


@pytest.mark.asvs("V6.3.1")
def test_guesser_waits_and_the_one_beside_does_not(secretary: User) -> None:
    assert (guess(8), guess(1)) == (200, 429)
    assert (log_in("192.0.2.1"), log_in("192.0.2.2")) == (429, 302)


def test_colleague_behind_the_same_address_is_let_in(secretary: User, member: User) -> None:
    guess(9)
    medlem = {"username": "medlem", "password": "pejlemaerke-demo"}
    assert Client(REMOTE_ADDR="192.0.2.1").post("/log-ind/", medlem).status_code == 302


@pytest.mark.asvs("V6.3.1")
def test_many_addresses_at_one_account_wait_too(secretary: User) -> None:
    for number in range(60):
        guess(1, f"198.51.100.{number}")
    assert log_in("192.0.2.9") == 429
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert log_in("192.0.2.9") == 302


def test_right_password_begins_anew(secretary: User) -> None:
    guess(7)
    assert log_in("192.0.2.1") == 302
    assert guess(8) == 200


def test_unknown_user_waits_as_a_known_one_does(secretary: User) -> None:
    known = [Client(REMOTE_ADDR="192.0.2.1").post("/log-ind/", WRONG) for _ in range(9)]
    unknown = [Client(REMOTE_ADDR="192.0.2.2").post("/log-ind/", WRONG | {"username": "findes-ikke"}) for _ in range(9)]
    told = [[(one.status_code, one.context["form"].non_field_errors()) for one in many] for many in (known, unknown)]
    assert told[0] == told[1]


def test_unknown_user_costs_as_much_work_as_a_known_one(
    secretary: User, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    for name in ("sekretaer", "findes-ikke"):
        anonymous.post("/log-ind/", WRONG | {"username": name})
    assert hashed == ["forkert", "forkert"]


def test_wrong_tries_at_the_same_moment_are_counted_one_by_one(committed_db: str) -> None:
    throttle, together = passwords._HERE, Barrier(8)

    def count() -> None:
        together.wait()
        throttle.count("en")
        connection.close()

    threads = [Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert throttle.count("en") == 9


@pytest.mark.asvs("V15.2.2")
def test_pages_keep_a_thread_when_many_log_in(secretary: User, anonymous: Client) -> None:
    held = 0
    while passwords._WAITING.acquire(blocking=False):
        held += 1
    try:
        response = anonymous.post("/log-ind/", RIGHT)
    finally:
        for _ in range(held):
            passwords._WAITING.release()
    assert (held, response.status_code, response.headers["Retry-After"]) == (3, 503, "5")
    assert 'value="sekretaer"' in response.text  # what was typed is kept


# --- Sessions ---------------------------------------------------------------------------------------------------------


def later(**after: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**after))


@pytest.mark.asvs("V7.2.1", "V7.3.1")
def test_session_ends_when_nothing_happens_and_says_so(secretary: User, as_user: Login, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    client = as_user(secretary)
    with later(minutes=29):
        assert client.get("/mit/").status_code == 200
    with later(minutes=58):
        assert client.get("/mit/").status_code == 200
    with later(minutes=90):
        response = client.get("/mit/")
        assert response.headers["Location"] == "/log-ind/?next=/mit/&udloebet=1"
        assert "Du er blevet logget ud" in client.get(response.headers["Location"]).text


@pytest.mark.asvs("V7.3.2")
def test_session_ends_after_its_hours_however_busy(secretary: User, as_user: Login, settings: Settings) -> None:
    settings.SESSION_HOURS, settings.SESSION_IDLE_MINUTES = 2, 60
    client, statuses = as_user(secretary), []
    for minutes in (50, 100, 119, 122):
        with later(minutes=minutes):
            statuses.append(client.get("/mit/").status_code)
    assert statuses == [200, 200, 200, 302]


@pytest.mark.asvs("V7.4.1")
def test_ended_session_sends_a_fragment_to_the_login_as_a_whole(secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    with later(hours=13):
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/moeder/1/beslutninger/"}
        response = client.post("/moeder/1/punkter/1/kladde/", headers=headers)
    assert response.headers["HX-Redirect"] == "/log-ind/?next=/moeder/1/beslutninger/&udloebet=1"


@pytest.mark.asvs("V7.2.4")
def test_session_has_a_new_key_at_login(secretary: User, anonymous: Client) -> None:
    anonymous.get("/log-ind/")
    anonymous.session.save()
    before = anonymous.session.session_key
    anonymous.post("/log-ind/", RIGHT)
    assert anonymous.session.session_key != before


def test_limits_ask_the_database_nothing_more(
    citizen: User, as_user: Login, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(citizen)
    client.get("/privatliv/")  # the first page keeps a token for the forms
    with django_assert_num_queries(2):  # the session and the user
        client.get("/privatliv/")


def test_new_password_ends_every_other_session(secretary: User, as_user: Login) -> None:
    here, there = as_user(secretary), as_user(secretary)
    new = "fire ord efter hinanden"
    posted = {"old": "pejlemaerke-demo", "new": new, "again": new}
    assert here.post("/konto/adgangskode/", posted).status_code == 303
    assert [client.get("/mit/").status_code for client in (here, there)] == [200, 302]
    assert Event.objects.filter(action="password_changed", actor_pk=secretary.pk).count() == 1


@pytest.mark.asvs("V6.2.2", "V6.2.3")
@pytest.mark.parametrize(
    ("field", "typed"), [("old", "forkert"), ("new", "kort"), ("new", "password1234"), ("again", "noget helt andet")]
)
def test_password_is_changed_only_when_all_is_right(field: str, typed: str, secretary: User, as_user: Login) -> None:
    posted = {"old": "pejlemaerke-demo", "new": "fire ord efter hinanden", "again": "fire ord efter hinanden"}
    response = as_user(secretary).post("/konto/adgangskode/", posted | {field: typed})
    secretary.refresh_from_db()
    assert (response.status_code, secretary.check_password("pejlemaerke-demo")) == (422, True)


def test_closed_user_is_out_at_once(secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    secretary.is_active = False
    secretary.save()
    assert (client.get("/mit/").status_code, log_in("192.0.2.1")) == (302, 200)


# --- Break glass ------------------------------------------------------------------------------------------------------


@pytest.mark.asvs("V6.3.4")
def test_break_glass_lets_an_administrator_in_once(administrator: User, settings: Settings) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    code = break_glass.issue("administrator", hours=4)
    statuses = [Client().post("/log-ind/noedadgang/", {"code": code}).status_code for _ in range(2)]
    told = list(Event.objects.filter(target_pk=administrator.pk).order_by("pk").values_list("action", flat=True))
    assert (statuses, told) == ([303, 422], ["break_glass_issued", "break_glass_used"])


def test_break_glass_ends_by_itself(administrator: User) -> None:
    code = break_glass.issue("administrator", hours=4)
    with later(hours=4, minutes=1):
        assert break_glass.use(code) is None
    assert break_glass.use(code[:-2] + "xx") is None
    assert break_glass.use(code) == administrator


def test_break_glass_is_for_administrators(secretary: User, administrator: User) -> None:
    code = break_glass.issue("administrator", hours=4)
    administrator.role_grants.all().delete()
    assert break_glass.use(code) is None
    for name in ("sekretaer", "administrator", "findes-ikke"):
        with pytest.raises(CommandError, match="ikke en aktiv administrator"):
            call_command("break_glass", name)
