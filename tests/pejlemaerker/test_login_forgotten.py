"""A forgotten password: a link by mail, and an answer from which nobody learns who has a login."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from meetings.models import Event, User
from pejlemaerker.login import factors
from tests.conftest import Login, run_tasks
from tests.pejlemaerker.test_login_factors import AT, SECRET, code_at, is_in

NEW = "tre gule cykler i regn"


@pytest.fixture(autouse=True)
def _at(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_SECOND_FACTOR = False
    settings.SENDS_MAIL = True
    cache.clear()
    with time_machine.travel(AT, tick=False):
        yield
    cache.clear()


@pytest.fixture
def forgetful(member: User) -> User:
    member.email = "mette@eksempel.dk"
    member.save()
    return member


def ask(who: str, client: Client | None = None) -> tuple[int, str]:
    response = (client or Client()).post("/log-ind/glemt/", {"who": who})
    return response.status_code, response.headers.get("Location", "")


def link() -> str:
    """Return the link of the one letter that was sent."""
    run_tasks()
    (letter,) = mail.outbox
    found = re.search(r"https?://\S+?(/log-ind/ny-adgangskode/\S+)", str(letter.body))
    assert found
    return found[1]


def give(address: str, client: Client | None = None, new: str = NEW) -> str:
    return str((client or Client()).post(address, {"new": new, "again": new}).headers.get("Location", ""))


@pytest.mark.parametrize("who", ["medlem", "MEDLEM", "mette@eksempel.dk", " Mette@Eksempel.dk "])
def test_link_comes_to_the_address_on_the_user_and_gives_a_new_password(who: str, forgetful: User) -> None:
    assert ask(who) == (303, "/log-ind/glemt/?sendt=1")
    address = link()
    assert mail.outbox[0].to == ["mette@eksempel.dk"]
    assert Client().get(address).status_code == 200
    assert give(address) == "/log-ind/"
    forgetful.refresh_from_db()
    assert forgetful.check_password(NEW)
    assert Event.objects.filter(action="password_reset", target_pk=forgetful.pk).count() == 1
    run_tasks()
    assert "skiftet med et link" in str(mail.outbox[1].body)


def test_answer_is_the_same_for_one_who_is_not_there(forgetful: User, secretary: User) -> None:
    told = []
    for who in ("medlem", "findes-ikke", "sekretaer"):  # with an address, nobody, without one
        client = Client()
        response = client.post("/log-ind/glemt/", {"who": who}, follow=True)
        text = re.sub(r"csrfmiddlewaretoken\S+ value=\S+", "", response.content.decode())
        told.append((response.status_code, text, DBTaskResult.objects.count()))
    assert [one[:2] for one in told] == [told[0][:2]] * 3
    assert [one[2] for one in told] == [1, 2, 3]  # the same is written for each
    run_tasks()
    assert [one.to for one in mail.outbox] == [["mette@eksempel.dk"]]


def test_typed_name_is_not_kept_in_the_queue(forgetful: User) -> None:
    ask("borgmesteren@eksempel.dk")
    assert "borgmester" not in str(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))


def test_one_of_the_municipalitys_login_a_closed_one_and_one_without_address_get_nothing(
    forgetful: User, leader: User, consultant: User
) -> None:
    forgetful.set_unusable_password()
    forgetful.save()
    User.objects.filter(pk=leader.pk).update(email="lone@eksempel.dk", is_active=False)
    for who in ("medlem", "leder", "konsulent"):
        ask(who)
    run_tasks()
    assert mail.outbox == []


@pytest.mark.asvs("V6.4.3")
def test_link_is_used_once_and_for_an_hour(forgetful: User) -> None:
    ask("medlem")
    address = link()
    with time_machine.travel(AT + 3601, tick=False):
        assert Client().get(address).headers["Location"] == "/log-ind/glemt/?udloebet=1"
        assert give(address) == "/log-ind/glemt/?udloebet=1"
    assert give(address) == "/log-ind/"
    assert give(address, new="en anden lang kode") == "/log-ind/glemt/?udloebet=1"


@pytest.mark.parametrize("token", ["x", "1-x", "99999999999999999999-x", "-", "²-x", "1-"])
def test_link_that_was_made_up_opens_nothing(token: str, forgetful: User) -> None:
    assert Client().get(f"/log-ind/ny-adgangskode/{token}/").headers["Location"] == "/log-ind/glemt/?udloebet=1"


@pytest.mark.asvs("V6.6.2")
def test_link_of_one_does_not_change_another(forgetful: User, secretary: User) -> None:
    ask("medlem")
    theirs = link().replace(f"/{forgetful.pk}-", f"/{secretary.pk}-")
    assert give(theirs) == "/log-ind/glemt/?udloebet=1"


@pytest.mark.asvs("V6.4.3")
def test_new_password_ends_every_session_and_the_second_factor_is_still_asked_for(
    forgetful: User, as_user: Login
) -> None:
    factors.set_up(forgetful, SECRET)
    elsewhere = as_user(forgetful)
    assert is_in(elsewhere)
    mail.outbox.clear()
    ask("medlem")
    run_tasks()
    letter = next(one for one in mail.outbox if "ny-adgangskode" in str(one.body))
    address = re.search(r"/log-ind/ny-adgangskode/\S+", str(letter.body))
    assert address
    client = Client()
    give(address[0], client)
    assert (is_in(elsewhere), is_in(client)) == (False, False)
    there = client.post("/log-ind/", {"username": "medlem", "password": NEW}).headers["Location"]
    assert (there, is_in(client)) == ("/log-ind/kode/", False)
    client.post("/log-ind/kode/", {"code": code_at(SECRET)})
    assert is_in(client)


def test_login_after_wrong_tries_is_open_again(forgetful: User) -> None:
    client = Client()
    for _ in range(8):
        client.post("/log-ind/", {"username": "medlem", "password": "glemt"})
    ask("medlem")
    give(link(), client)
    assert client.post("/log-ind/", {"username": "medlem", "password": NEW}).status_code == 302


@pytest.mark.asvs("V6.2.1", "V6.2.4")
def test_weak_or_unlike_passwords_are_refused(forgetful: User) -> None:
    ask("medlem")
    address = link()
    for posted in ({"new": "kort", "again": "kort"}, {"new": NEW, "again": NEW + "x"}, {}):
        assert Client().post(address, posted).status_code == 422
    assert give(address) == "/log-ind/"


@pytest.mark.asvs("V2.4.1")
def test_asking_has_an_end_for_one_name_and_for_one_place(forgetful: User) -> None:
    statuses, unknown = [], []
    for second in range(4):  # the very same moment twice would be one asking
        with time_machine.travel(AT + second, tick=False):
            statuses.append(ask("medlem")[0])
            unknown.append(ask("findes-ikke")[0])
    assert statuses == unknown == [303, 303, 303, 422]
    run_tasks()
    assert len(mail.outbox) == 3
    others = [ask(f"navn-{number}")[0] for number in range(30)]
    assert (others[0], others[-1]) == (303, 422)


def test_where_no_mail_is_sent_there_is_no_link_to_it(settings: Settings, anonymous: Client) -> None:
    assert "Glemt adgangskode?" in anonymous.get("/log-ind/").content.decode()
    settings.SENDS_MAIL = False
    assert "Glemt adgangskode?" not in anonymous.get("/log-ind/").content.decode()
    assert anonymous.get("/log-ind/glemt/").headers["Location"] == "/log-ind/"
    assert ask("medlem")[1] == "/log-ind/"
    assert DBTaskResult.objects.count() == 0


@pytest.mark.asvs("V7.5.1")
def test_own_address_is_changed_against_the_password_and_the_old_one_is_told(forgetful: User, as_user: Login) -> None:
    client = as_user(forgetful)
    posted = {"email": "ny@eksempel.dk", "password": "forkert"}
    assert client.post("/konto/email/", posted).status_code == 422
    assert client.post("/konto/email/", posted | {"password": "pejlemaerke-demo"}).status_code == 303
    forgetful.refresh_from_db()
    assert forgetful.email == "ny@eksempel.dk"
    run_tasks()
    assert sorted(one.to[0] for one in mail.outbox) == ["mette@eksempel.dk", "ny@eksempel.dk"]
    assert "eksempel" not in str(Event.objects.get(action="email_changed").changes)


def test_change_of_password_is_told_by_mail(forgetful: User, as_user: Login) -> None:
    posted = {"old": "pejlemaerke-demo", "new": NEW, "again": NEW}
    assert as_user(forgetful).post("/konto/adgangskode/", posted).status_code == 303
    run_tasks()
    assert "Din adgangskode er skiftet" in str(mail.outbox[0].body)
