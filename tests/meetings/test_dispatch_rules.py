"""Husets frister: the municipality's rule and a committee's own, written by the administrator and never unseen."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.models import Committee, DispatchRule, Event, Municipality, User
from tests.conftest import Login

WHERE = "/organisation/hvidovre/frister/"


@pytest.fixture
def admin(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


def typed(client: Client, where: str = WHERE, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back."""
    form = client.get(where).context["form"]
    return {name: form[name].value() for name in form.fields} | changes


def rules() -> list[tuple[str | None, int, int, int]]:
    rows = DispatchRule.objects.order_by("committee__name")
    return list(rows.values_list("committee__abbreviation", "sent_days", "secretariat_days", "answer_days"))


def test_deadlines_are_set_by_the_administrator(
    municipality: Municipality, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    clients = (anonymous, as_user(secretary), admin)
    assert [client.get(WHERE).status_code for client in clients] == [302, 403, 200]
    assert admin.delete(WHERE).status_code == 405
    assert WHERE in admin.get("/organisation/hvidovre/").content.decode()


def test_page_shows_the_usual_deadlines_until_the_house_has_its_own(committee: Committee, admin: Client) -> None:
    form = admin.get(WHERE).context["form"]
    assert [form[name].value() for name in ("sent_days", "secretariat_days", "answer_days")] == [7, 22, 14]
    assert "For at nå et møde" in admin.get(WHERE).context["example"]
    assert rules() == []


def test_municipality_and_committee_each_have_their_own(committee: Committee, admin: Client) -> None:
    assert admin.post(WHERE, typed(admin, sent_days=5)).status_code == 303
    own = f"{WHERE}?udvalg={committee.pk}"
    assert admin.post(own, typed(admin, own, secretariat_days=30)).status_code == 303
    assert rules() == [("BUU", 5, 30, 14), (None, 5, 22, 14)]
    shown = admin.get(WHERE).content.decode()
    assert "Egne frister. Teksten 30 dage før mødet, lederne 14 dage før det, dagsordenen 5 dage før mødet." in shown
    assert list(Event.objects.values_list("action", "changes")) == [
        ("dispatch_rule_added", {"sent_days": [None, 5], "answer_days": [None, 14], "secretariat_days": [None, 30]}),
        ("dispatch_rule_added", {"sent_days": [None, 5], "answer_days": [None, 14], "secretariat_days": [None, 22]}),
    ]


def test_committee_follows_the_municipality_again(committee: Committee, admin: Client) -> None:
    DispatchRule.objects.create(municipality=committee.municipality, committee=committee, sent_days=2)
    own = f"{WHERE}?udvalg={committee.pk}"
    sent = typed(admin, own, foelg="1")
    assert [admin.post(own, sent).status_code for _ in range(2)] == [303, 303]
    assert (rules(), "Følger kommunens frister." in admin.get(WHERE).content.decode()) == ([], True)
    assert list(Event.objects.values_list("action", flat=True)) == ["dispatch_rule_deleted"]


def test_committee_of_another_municipality_has_no_page_here(admin: Client) -> None:
    elsewhere = Municipality.objects.create(name="Herning Kommune", slug="herning")
    other = Committee.objects.create(municipality=elsewhere, name="Børneudvalget", slug="boerneudvalget-herning")
    addresses = [f"{WHERE}?udvalg={odd}" for odd in (other.pk, "x", "²", "9" * 30)]
    assert [admin.get(address).status_code for address in addresses] == [404] * 4


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"secretariat_days": 6}, "Teksten skal være hos sekretariatet, før dagsordenen udsendes."),
        ({"secretariat_days": ""}, "Skriv et antal dage."),
        ({"sent_days": -1}, "Skriv et antal dage."),
        ({"answer_days": 181}, "Skriv højst 180 dage."),
        ({"answer_days": "to uger"}, "Skriv et helt antal dage"),
    ],
)
def test_rule_that_cannot_be_saved_says_why(
    changes: dict[str, Any], found: str, municipality: Municipality, admin: Client
) -> None:
    response = admin.post(WHERE, typed(admin, **changes))
    assert (response.status_code, found in response.content.decode(), rules()) == (422, True, [])


def test_secretariat_has_the_text_before_it_is_sent_whoever_writes_the_row(municipality: Municipality) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchRule.objects.create(municipality=municipality, sent_days=8, secretariat_days=7)


def test_two_administrators_do_not_write_over_each_other(municipality: Municipality, admin: Client) -> None:
    mine = typed(admin, answer_days=10)
    admin.post(WHERE, typed(admin, answer_days=21))
    clash = admin.post(WHERE, mine)
    shown = clash.content.decode()
    assert (clash.status_code, rules()) == (409, [(None, 7, 22, 21)])
    assert ("frist: 10" in shown, "frist: 21" in shown, "Adam Administrator har gemt imens" in shown) == (True,) * 3
    again = mine | {"shown": clash.context["form"]["shown"].value()}
    assert (admin.post(WHERE, again).status_code, rules()) == (303, [(None, 7, 22, 10)])


def test_rule_dropped_meanwhile_is_told(committee: Committee, admin: Client) -> None:
    DispatchRule.objects.create(municipality=committee.municipality, committee=committee, sent_days=2)
    own = f"{WHERE}?udvalg={committee.pk}"
    mine = typed(admin, own, sent_days=3)
    admin.post(own, typed(admin, own, foelg="1"))
    clash = admin.post(own, mine)
    assert (clash.status_code, "Udvalget følger kommunens frister." in clash.content.decode()) == (409, True)
    dropped_late = admin.post(own, mine | {"foelg": "1"})
    assert (dropped_late.status_code, rules()) == (303, [])


def test_rule_changed_meanwhile_is_not_dropped(committee: Committee, admin: Client) -> None:
    DispatchRule.objects.create(municipality=committee.municipality, committee=committee, sent_days=2)
    own = f"{WHERE}?udvalg={committee.pk}"
    mine = typed(admin, own, foelg="1")
    admin.post(own, typed(admin, own, sent_days=4))
    assert (admin.post(own, mine).status_code, rules()) == (409, [("BUU", 4, 22, 14)])


def test_rule_sent_twice_is_one(municipality: Municipality, admin: Client) -> None:
    sent = typed(admin, answer_days=10)
    assert [admin.post(WHERE, sent).status_code for _ in range(2)] == [303, 303]
    assert (rules(), Event.objects.count()) == ([(None, 7, 22, 10)], 1)
