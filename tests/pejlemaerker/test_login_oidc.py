"""The municipality's own login, against a real OpenID Connect provider."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from kit.clock import today
from kit.env import MappedGrant
from meetings.models import Committee, Event, GrantSource, Municipality, RoleGrant, User
from tests.conftest import grant, make_user
from tests.pejlemaerker.oidc import CLIENT_ID, Provider, asked, challenge_of, come_back, go_away, log_in, provider

SECRETARIES, AUDITORS = "8f0e7a4c-1111", "8f0e7a4c-2222"


@pytest.fixture
def entra(settings: Settings, committee: Committee) -> Iterator[Provider]:
    """A provider that the app is set up for, with two groups that give roles."""
    with provider() as running:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = (
            running.issuer,
            CLIENT_ID,
            "hemmelig",
        )
        settings.REQUIRE_SECOND_FACTOR = True
        settings.OIDC_ROLES = (
            MappedGrant(SECRETARIES, "secretary", "hvidovre", committee.slug),
            MappedGrant(AUDITORS, "auditor", "hvidovre", ""),
            MappedGrant(AUDITORS, "auditor", "findes-ikke", ""),
        )
        yield running


def told(response: HttpResponse) -> list[str]:
    """Where one is sent, and what is said there."""
    address = response.headers["Location"]
    fault = Client().get(address).context["fault"] if address.startswith("/log-ind/") else ""
    return [address, *([fault] if fault else []), *(str(one) for one in get_messages(response.wsgi_request))]  # type: ignore[attr-defined]


def is_in(client: Client) -> bool:
    return client.get("/mit/").status_code == 200


def from_login(user: User) -> list[tuple[str, int | None]]:
    held = RoleGrant.objects.in_effect(today()).filter(user=user, source=GrantSource.LOGIN)
    return list(held.order_by("role").values_list("role", "committee"))


def test_group_gives_a_role_and_a_new_user(entra: Provider, anonymous: Client, committee: Committee) -> None:
    entra.knows("anna", name="Anna Andersen", preferred_username="anna@hvidovre.dk", groups=[SECRETARIES, "andet"])
    assert told(log_in(anonymous, "anna")) == ["/moeder/"]
    user = User.objects.get(username="anna@hvidovre.dk")
    assert (str(user), user.has_usable_password(), from_login(user)) == (
        "Anna Andersen", False, [("secretary", committee.pk)],
    )  # fmt: skip
    assert is_in(anonymous)
    actions = Event.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["user_made_by_login", "login_connected", "role_granted_by_login"]


@pytest.mark.asvs("V7.6.2", "V10.2.1")
def test_one_is_sent_with_state_nonce_and_pkce(entra: Provider, anonymous: Client) -> None:
    question = asked(go_away(anonymous))
    kept = anonymous.session["oidc"]
    assert (question["state"], question["nonce"]) == (kept["state"], kept["nonce"])
    assert (question["code_challenge"], question["code_challenge_method"]) == (challenge_of(kept["verifier"]), "S256")
    assert question["redirect_uri"] == "http://testserver/log-ind/kommune/retur/"


def test_group_that_is_gone_ends_its_role_and_no_other(
    entra: Provider, anonymous: Client, municipality: Municipality
) -> None:
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES, AUDITORS])
    log_in(anonymous, "anna")
    user = User.objects.get(username="anna")
    by_hand = RoleGrant.objects.create(user=user, role="consultant", municipality=municipality)
    RoleGrant.objects.filter(source=GrantSource.LOGIN).update(valid_from=today() - timedelta(days=30))
    entra.knows("anna", preferred_username="anna", groups=[AUDITORS])
    log_in(Client(), "anna")
    ended = RoleGrant.objects.get(user=user, role="secretary")
    by_hand.refresh_from_db()
    assert (ended.valid_to, by_hand.valid_to) == (today() - timedelta(days=1), None)
    assert from_login(user) == [("auditor", None)]
    assert Event.objects.filter(action="role_ended_by_login", target_pk=ended.pk).count() == 1
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES, AUDITORS])
    log_in(Client(), "anna")
    log_in(Client(), "anna")
    assert RoleGrant.objects.filter(user=user, role="secretary").count() == 2


def test_role_that_ends_on_the_day_it_came_holds_no_longer(entra: Provider) -> None:
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES])
    log_in(Client(), "anna")
    entra.knows("anna", preferred_username="anna")
    client = Client()
    log_in(client, "anna")
    assert User.objects.get(username="anna").held_roles == ()


def test_person_without_a_role_sees_what_all_see_and_is_told_so(entra: Provider, anonymous: Client) -> None:
    entra.knows("bo", preferred_username="bo")
    assert "ingen rolle her endnu" in told(log_in(anonymous, "bo"))[1]
    assert (is_in(anonymous), anonymous.get("/organisation/").status_code) == (True, 403)


@pytest.mark.asvs("V6.8.1", "V10.5.2")
def test_same_person_is_the_same_user_under_a_new_name(entra: Provider) -> None:
    entra.knows("anna", preferred_username="anna", email="anna@hvidovre.dk")
    log_in(Client(), "anna")
    entra.knows("anna", preferred_username="anna.berg", email="anna.berg@hvidovre.dk")
    log_in(Client(), "anna")
    assert User.objects.count() == 1


@pytest.mark.asvs("V10.5.2")
def test_address_says_who_it_is_only_where_it_is_trusted(entra: Provider, secretary: User, settings: Settings) -> None:
    User.objects.filter(pk=secretary.pk).update(email="Signe@hvidovre.dk")
    entra.knows("s1", preferred_username="sekretaer", email="signe@hvidovre.dk")
    log_in(Client(), "s1")
    assert not SocialAccount.objects.filter(user=secretary).exists()  # neither by address nor by name
    SocialAccount.objects.all().delete()
    settings.OIDC_TRUST_EMAIL = True
    User.objects.exclude(pk=secretary.pk).delete()
    log_in(Client(), "s1")
    assert SocialAccount.objects.get().user == secretary
    entra.knows("s2", preferred_username="s2", email="signe@hvidovre.dk")  # somebody else with the same address
    log_in(Client(), "s2")
    assert SocialAccount.objects.get(uid="s2").user != secretary


def test_address_of_two_and_one_not_verified_say_nothing(
    entra: Provider, secretary: User, member: User, settings: Settings
) -> None:
    settings.OIDC_TRUST_EMAIL = True
    User.objects.update(email="faelles@hvidovre.dk")
    entra.knows("x", email="faelles@hvidovre.dk")
    User.objects.filter(pk=member.pk).update(email="mette@hvidovre.dk")
    entra.knows("y", email="mette@hvidovre.dk", email_verified=False)
    User.objects.filter(pk=secretary.pk).update(email="faelles@hvidovre.dk")
    make_user("tredje", "Tredje")
    User.objects.filter(username="tredje").update(email="faelles@hvidovre.dk")
    for sub in ("x", "y"):
        log_in(Client(), sub)
        assert SocialAccount.objects.get(uid=sub).user not in (secretary, member)


def test_closed_user_is_not_let_in(entra: Provider, anonymous: Client) -> None:
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES])
    log_in(Client(), "anna")
    User.objects.update(is_active=False)
    assert "lukket" in told(log_in(anonymous, "anna"))[1]
    assert not is_in(anonymous)


def test_left_out_groups_let_nobody_in_and_end_nothing(entra: Provider, anonymous: Client) -> None:
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES])
    log_in(Client(), "anna")
    entra.knows("anna", preferred_username="anna", _claim_names={"groups": "src1"})
    assert "mange grupper" in told(log_in(anonymous, "anna"))[1]
    assert len(from_login(User.objects.get())) == 1


# --- What does not prove who it is ------------------------------------------------------------------------------------


def altered(**claims: Any) -> Callable[[Any], Any]:
    """Change what stands in the token, and leave the signature."""

    def alter(answer: Any) -> Any:
        head, body, signature = answer["id_token"].split(".")
        read = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        written = base64.urlsafe_b64encode(json.dumps(read | claims).encode()).rstrip(b"=").decode()
        return answer | {"id_token": f"{head}.{written}.{signature}"}

    return alter


def signed_by_another(answer: Any) -> Any:
    """The same claims, signed with a secret that everybody could know."""
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    kid = jwt.get_unverified_header(answer["id_token"]).get("kid")
    return answer | {"id_token": jwt.encode(claims, "k" * 32, algorithm="HS256", headers={"kid": kid})}


def unsigned(answer: Any) -> Any:
    claims = jwt.decode(answer["id_token"], options={"verify_signature": False})
    return answer | {"id_token": jwt.encode(claims, "", algorithm="none")}


@pytest.mark.asvs("V6.8.2", "V9.1.1")
@pytest.mark.parametrize(
    "alter",
    [
        altered(sub="administrator"), altered(groups=[SECRETARIES]), signed_by_another, unsigned,
        lambda answer: answer | {"id_token": ""}, lambda answer: answer | {"id_token": "a.b.c"},
    ],
    ids=["subject", "groups", "another key", "none", "missing", "nonsense"],
)  # fmt: skip
def test_altered_token_lets_nobody_in(alter: Callable[[Any], Any], entra: Provider, anonymous: Client) -> None:
    entra.knows("anna", preferred_username="anna")
    entra.alter["token"] = alter
    address, sentence = told(log_in(anonymous, "anna"))
    assert (address, "kunne ikke bekræftes" in sentence) == ("/log-ind/?next=%2Fmoeder%2F&fejl=svar", True)
    assert (is_in(anonymous), User.objects.count()) == (False, 0)


@pytest.mark.asvs("V10.1.2", "V10.5.1")
def test_another_nonce_lets_nobody_in(entra: Provider, anonymous: Client) -> None:
    """A token that was made for another login, as one who stole it would send."""
    address = go_away(anonymous)
    session = anonymous.session
    session["oidc"] = session["oidc"] | {"nonce": "en anden"}
    session.save()
    assert "kunne ikke bekræftes" in told(come_back(anonymous, address, "anna"))[1]


@pytest.mark.asvs("V9.2.2", "V9.2.3", "V10.5.4")
def test_token_for_somebody_else_lets_nobody_in(entra: Provider, anonymous: Client, settings: Settings) -> None:
    address = go_away(anonymous)
    settings.OIDC_CLIENT_ID = "et-andet-system"
    assert len(told(come_back(anonymous, address, "anna"))) == 2
    assert not is_in(anonymous)


@pytest.mark.asvs("V9.2.1")
def test_expired_token_lets_nobody_in(entra: Provider, anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pejlemaerker.login.oidc._LEEWAY", -3700)  # as if it were an hour later
    assert "kunne ikke bekræftes" in told(log_in(anonymous, "anna"))[1]
    assert not is_in(anonymous)


@pytest.mark.asvs("V6.8.1", "V10.5.3")
def test_wrong_issuer_lets_nobody_in(entra: Provider, anonymous: Client) -> None:
    entra.alter["openid-configuration"] = lambda known: known | {"issuer": "https://login.eksempel.dk"}
    response: HttpResponse = anonymous.get("/log-ind/kommune/")  # type: ignore[assignment]
    assert "kunne ikke bekræftes" in told(response)[1]


@pytest.mark.asvs("V10.1.2")
def test_answer_to_no_question_lets_nobody_in(entra: Provider, anonymous: Client) -> None:
    """Somebody else's answer, sent as a link: one would be logged in as the sender."""
    address = go_away(anonymous)
    victim = Client()
    assert "Prøv igen" in told(come_back(victim, address, "anna"))[1]
    go_away(victim)
    assert "Prøv igen" in told(come_back(victim, address, "anna"))[1]
    assert not is_in(victim)


@pytest.mark.asvs("V10.2.1")
def test_answer_counts_once(entra: Provider, anonymous: Client) -> None:
    address = go_away(anonymous)
    state = asked(address)["state"]
    come_back(anonymous, address, "anna")
    again: HttpResponse = anonymous.get(f"/log-ind/kommune/retur/?state={state}&code=igen")  # type: ignore[assignment]
    assert "Prøv igen" in told(again)[1]


def test_one_who_turns_back_is_told_kindly(entra: Provider, anonymous: Client) -> None:
    state = asked(go_away(anonymous))["state"]
    response: HttpResponse = anonymous.get(f"/log-ind/kommune/retur/?state={state}&error=access_denied")  # type: ignore[assignment]
    assert told(response)[0] == "/log-ind/?next=%2Fmoeder%2F&fejl=tid"


@pytest.mark.asvs("V16.5.2")
def test_provider_that_is_down_leaves_the_password(settings: Settings, secretary: User, anonymous: Client) -> None:
    with provider() as running:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID = running.issuer, CLIENT_ID
        away = go_away(anonymous)
        running.alter["token"] = lambda answer: answer
    response: HttpResponse = anonymous.get("/log-ind/kommune/?next=/moeder/")  # type: ignore[assignment]
    assert "svarer ikke" in told(response)[1]
    state = asked(away)["state"]
    back: HttpResponse = anonymous.get(f"/log-ind/kommune/retur/?state={state}&code=x")  # type: ignore[assignment]
    assert "svarer ikke" in told(back)[1]
    page = anonymous.get(back.headers["Location"])
    assert "svarer ikke" in page.text
    posted = {"username": "sekretaer", "password": "pejlemaerke-demo", "next": "/moeder/"}
    assert anonymous.post("/log-ind/", posted).headers["Location"] == "/moeder/"


def test_no_button_without_a_provider(anonymous: Client, settings: Settings) -> None:
    assert "/log-ind/kommune/" not in anonymous.get("/log-ind/").text
    assert anonymous.get("/log-ind/kommune/").headers["Location"] == "/log-ind/"
    settings.OIDC_ISSUER, settings.OIDC_NAME = "https://login.eksempel.dk", "Hvidovre Kommune"
    assert "Log ind med Hvidovre Kommune" in anonymous.get("/log-ind/").text


@pytest.mark.asvs("V1.2.2", "V3.7.2")
def test_next_page_stays_in_the_house(entra: Provider, anonymous: Client) -> None:
    entra.knows("anna", preferred_username="anna")
    assert log_in(anonymous, "anna", "https://ond.eksempel.dk/").headers["Location"] == "/"


def test_grant_by_hand_and_from_the_login_do_not_disturb_each_other(
    entra: Provider, municipality: Municipality, committee: Committee
) -> None:
    entra.knows("anna", preferred_username="anna", groups=[SECRETARIES])
    log_in(Client(), "anna")
    user = User.objects.get()
    grant(user, "secretary", municipality, committee)  # type: ignore[arg-type]
    entra.knows("anna", preferred_username="anna", groups=[])
    log_in(Client(), "anna")
    assert [held.role for held in User.objects.get().held_roles] == ["secretary"]
