"""Keys (WebAuthn) as the second factor: as good as the app, and worth nothing to anybody else."""

import json
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from meetings.models import Event, User
from pejlemaerker.login import factors, keys
from tests.conftest import Login, run_tasks
from tests.pejlemaerker.security_key import HOST, SecurityKey
from tests.pejlemaerker.test_login_factors import SECRET, is_in, typed

PASSWORD = "pejlemaerke-demo"


@pytest.fixture(autouse=True)
def _two_factors(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_SECOND_FACTOR = True
    cache.clear()
    yield
    cache.clear()


def browser() -> Client:
    return Client(headers={"host": HOST})


def question(client: Client, address: str) -> str:
    return str(client.get(address).context["question"])


def logged_in(user: User) -> Client:
    client = browser()
    client.force_login(user)
    return client


def added(user: User, key: SecurityKey, name: str = "YubiKey") -> Client:
    """Add a key as somebody who is logged in does."""
    client = logged_in(user)
    answer = key.create(question(client, "/konto/totrin/noegle/"))
    response = client.post("/konto/totrin/noegle/", {"name": name, "password": PASSWORD, "credential": answer})
    assert response.status_code == 303, response.context["form"].errors
    return client


@pytest.mark.asvs("V6.3.3")
def test_writer_may_set_up_a_key_instead_of_an_app(secretary: User) -> None:
    client, key = browser(), SecurityKey()
    assert typed("sekretaer", client) == "/log-ind/opsaet/"
    answer = key.create(question(client, "/log-ind/opsaet/noegle/"))
    done = client.post("/log-ind/opsaet/noegle/", {"name": "YubiKey", "credential": answer}, follow=True)
    assert (is_in(client), len(done.context["codes"]), done.context["next"]) == (True, 10, "/moeder/")
    again = browser()
    assert typed("sekretaer", again) == "/log-ind/kode/"
    proof = key.get(question(again, "/log-ind/kode/"))
    assert (again.post("/log-ind/kode/", {"credential": proof}).status_code, is_in(again)) == (303, True)
    assert again.session["second_factor"] == "webauthn"
    assert keys.keys_of(secretary)[0].used_at is not None


def test_key_answers_each_question_once(secretary: User) -> None:
    key = SecurityKey()
    added(secretary, key)
    client = browser()
    typed("sekretaer", client)
    old = question(client, "/log-ind/kode/")
    new = question(client, "/log-ind/kode/")
    assert client.post("/log-ind/kode/", {"credential": key.get(old)}).status_code == 422
    new = question(client, "/log-ind/kode/")
    proof = key.get(new)
    assert client.post("/log-ind/kode/", {"credential": proof}).status_code == 303
    other = browser()
    typed("sekretaer", other)
    question(other, "/log-ind/kode/")
    assert other.post("/log-ind/kode/", {"credential": proof}).status_code == 422


def test_key_of_another_person_or_site_proves_nothing(secretary: User, administrator: User) -> None:
    mine, theirs = SecurityKey(), SecurityKey()
    added(secretary, mine)
    added(administrator, theirs)
    client = browser()
    typed("sekretaer", client)
    assert (
        client.post("/log-ind/kode/", {"credential": theirs.get(question(client, "/log-ind/kode/"))}).status_code == 422
    )
    mine.origin = "https://pejlemaerker.ond.example"  # a page that looks like ours, and passes our question on
    assert (
        client.post("/log-ind/kode/", {"credential": mine.get(question(client, "/log-ind/kode/"))}).status_code == 422
    )
    assert not is_in(client)


@pytest.mark.parametrize(
    "answer", ["{", "[]", "null", '{"id": "x"}', "\\u0000", '{"rawId": 7, "response": []}', "x" * 30_000]
)
@pytest.mark.parametrize("address", ["/log-ind/kode/", "/konto/totrin/noegle/"])
def test_nonsense_from_a_browser_is_refused_kindly(answer: str, address: str, secretary: User) -> None:
    client = added(secretary, SecurityKey())
    if address == "/log-ind/kode/":
        client = browser()
        typed("sekretaer", client)
    question(client, address)
    posted = {"name": "Anden", "password": PASSWORD, "credential": answer}
    assert client.post(address, posted).status_code == 422
    assert len(keys.keys_of(secretary)) == 1


def test_guessing_with_keys_has_an_end(secretary: User) -> None:
    key = SecurityKey()
    added(secretary, key)
    client = browser()
    typed("sekretaer", client)
    for _ in range(5):
        client.post("/log-ind/kode/", {"credential": "{}"})
    response = client.post("/log-ind/kode/", {"credential": key.get(question(client, "/log-ind/kode/"))})
    assert "Prøv igen om" in response.context["form"].errors["code"][0]


def test_adding_a_key_asks_for_the_password_and_a_name_of_its_own(secretary: User) -> None:
    client = added(secretary, SecurityKey(), "Telefon")
    for posted in ({"name": "Anden", "password": "forkert"}, {"name": "telefon", "password": PASSWORD}, {}):
        answer = SecurityKey().create(question(client, "/konto/totrin/noegle/"))
        assert client.post("/konto/totrin/noegle/", posted | {"credential": answer}).status_code == 422
    assert [key.name for key in keys.keys_of(secretary)] == ["Telefon"]


def test_same_key_is_not_added_twice(secretary: User) -> None:
    key = SecurityKey()
    client = added(secretary, key)
    answer = key.create(question(client, "/konto/totrin/noegle/"))
    posted = {"name": "Igen", "password": PASSWORD, "credential": answer}
    assert client.post("/konto/totrin/noegle/", posted).status_code == 422


def test_what_is_kept_is_the_public_half_and_nothing_the_browser_made_up(secretary: User) -> None:
    client, key = logged_in(secretary), SecurityKey()
    told = json.loads(key.create(question(client, "/konto/totrin/noegle/"))) | {"andet": "x" * 500}
    posted = {"name": "Nøgle", "password": PASSWORD, "credential": json.dumps(told)}
    assert client.post("/konto/totrin/noegle/", posted).status_code == 303
    kept = Authenticator.objects.get(user=secretary, type="webauthn").data["credential"]
    assert (set(kept), set(kept["response"])) == (
        {"id", "rawId", "type", "response"}, {"attestationObject", "clientDataJSON"},
    )  # fmt: skip


def test_key_gets_another_name(secretary: User, administrator: User) -> None:
    client = added(secretary, SecurityKey())
    address = f"/konto/totrin/noegle/navn/?noegle={keys.keys_of(secretary)[0].pk}"
    assert client.post(address, {"name": "I skuffen"}).status_code == 303
    assert logged_in(administrator).post(address, {"name": "Min"}).status_code == 302  # not one of theirs
    assert [key.name for key in keys.keys_of(secretary)] == ["I skuffen"]
    assert Event.objects.filter(action="security_key_renamed", target_pk=secretary.pk).count() == 1


def test_one_of_two_factors_may_go_the_last_only_where_none_is_asked_for(secretary: User, member: User) -> None:
    for user, left in ((secretary, True), (member, False)):
        key = SecurityKey()
        factors.set_up(user, SECRET)
        client = added(user, key)
        proof = key.get(question(client, "/konto/totrin/fjern/"))
        assert client.post("/konto/totrin/fjern/", {"credential": proof}).status_code == 303
        assert (factors.has_app(user), keys.has_key(user)) == (False, True)
        address = f"/konto/totrin/fjern/?noegle={keys.keys_of(user)[0].pk}"
        client.post(address, {"credential": key.get(question(client, address))})
        assert (keys.has_key(user), bool(factors.recovery_codes(user))) == (left, left)


def test_key_of_another_is_not_removed(secretary: User, administrator: User) -> None:
    mine = SecurityKey()
    client = added(secretary, mine)
    added(administrator, SecurityKey())
    address = f"/konto/totrin/fjern/?noegle={keys.keys_of(administrator)[0].pk}"
    assert client.post(address, {"credential": "{}"}).status_code == 302
    assert keys.has_key(administrator)


def test_new_app_leaves_the_keys_alone(secretary: User) -> None:
    added(secretary, SecurityKey())
    factors.set_up(secretary, SECRET)
    assert (factors.has_app(secretary), keys.has_key(secretary)) == (True, True)


def test_change_of_the_login_is_told_by_mail_and_in_the_log(secretary: User) -> None:
    User.objects.filter(pk=secretary.pk).update(email="signe@eksempel.dk")
    secretary.refresh_from_db()
    key = SecurityKey()
    client = added(secretary, key)
    factors.set_up(secretary, SECRET)
    address = f"/konto/totrin/fjern/?noegle={keys.keys_of(secretary)[0].pk}"
    client.post(address, {"credential": key.get(question(client, address))})
    run_tasks()
    told = " ".join(str(one.body) for one in mail.outbox)
    assert [one.to for one in mail.outbox] == [["signe@eksempel.dk"]] * 3
    assert all(words in told for words in ("En nøgle er tilføjet", "En app er sat op", "En nøgle til login er fjernet"))
    actions = Event.objects.filter(target_pk=secretary.pk).values_list("action", flat=True)
    assert {"security_key_added", "security_key_removed"} <= set(actions)


def test_nobody_without_an_address_is_written_to(secretary: User) -> None:
    added(secretary, SecurityKey())
    run_tasks()
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["/konto/totrin/noegle/", "/konto/totrin/noegle/navn/", "/konto/email/"])
def test_own_keys_and_address_are_for_those_with_a_password_here(
    address: str, anonymous: Client, citizen: User, as_user: Login
) -> None:
    right, method = as_user(citizen).get(address).status_code, as_user(citizen).delete(address).status_code
    citizen.set_unusable_password()
    citizen.save()
    wrong = as_user(citizen).get(address).status_code
    expected = 302 if "navn" in address else 200  # where no key is named one is sent back
    assert (anonymous.get(address).status_code, wrong, right, method) == (302, 403, expected, 405)
