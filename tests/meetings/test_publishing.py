"""Publishing agenda and minutes: two acts, a look for personal data, and a trace that stays."""

import pytest
from django.test import Client

from meetings.models import AgendaItem, Meeting, Publication, User
from tests.conftest import CANARY, Login

CPR = "010190-1234"


@pytest.fixture
def address(meeting: Meeting) -> str:
    return f"/moeder/{meeting.pk}/offentliggoer/"


def acts() -> list[tuple[str, str]]:
    return list(Publication.objects.order_by("pk").values_list("subject", "act"))


def test_publishing_is_for_those_who_may(
    published_meeting: Meeting,
    address: str,
    anonymous: Client,
    member: User,
    other_secretary: User,
    secretary: User,
    as_user: Login,
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(address).status_code for client in clients] == [302, 403, 403, 200]
    assert [client.post(address, {"del": "referat"}).status_code for client in clients[:3]] == [302, 403, 403]
    assert as_user(secretary).delete(address).status_code == 405


def test_agenda_and_minutes_are_two_acts(
    closed_meeting: Meeting, address: str, anonymous: Client, secretary: User, as_user: Login
) -> None:
    client, item = as_user(secretary), f"/moeder/{closed_meeting.pk}/punkter/1/"
    client.post(address, {"del": "dagsorden"})
    assert anonymous.get(item).context["document"].outcome is None
    client.post(address, {"del": "referat"})
    assert anonymous.get(item).context["document"].outcome.text == "Godkendt."
    assert acts() == [("meeting.agenda", "published"), ("meeting.minutes", "published")]


def test_publishing_twice_is_one_act(address: str, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    assert [client.post(address, {"del": "dagsorden"}).status_code for _ in range(2)] == [303, 303]
    assert acts() == [("meeting.agenda", "published")]


def test_withdrawing_hides_the_meeting_and_keeps_the_trace(
    meeting: Meeting, address: str, anonymous: Client, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(address, {"del": "dagsorden"})
    client.post(address, {"del": "dagsorden", "handling": "traek-tilbage"})
    assert anonymous.get(f"/moeder/{meeting.pk}/").status_code == 404
    history = client.get(address).context["document"].part("dagsorden").history
    assert [act.split(" kl.")[0] for act in history] == ["Trukket tilbage", "Offentliggjort"]


def test_personal_data_stops_publishing_until_somebody_has_looked(
    address: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    AgendaItem.including_closed.filter(pk=open_item.pk).update(title=f"Klage fra {CPR}")
    client = as_user(secretary)
    refused = client.post(address, {"del": "dagsorden"})
    assert (refused.status_code, acts()) == (422, [])
    part = refused.context["document"].part("dagsorden")
    assert part.warnings == ("Punkt 1, titel: CPR-nummer 010190-••••",)
    client.post(address, {"del": "dagsorden", "confirmed": "on", "seen": part.seen})
    assert Publication.objects.get().warnings_accepted == ["Punkt 1, titel: CPR-nummer 010190-••••"]


def test_confirmation_does_not_hold_for_warnings_that_were_not_shown(
    address: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    AgendaItem.including_closed.filter(pk=open_item.pk).update(title=f"Klage fra {CPR}")
    response = as_user(secretary).post(address, {"del": "dagsorden", "confirmed": "on", "seen": "noget andet"})
    form = response.context["refused"]
    assert (response.status_code, acts(), form["confirmed"].value()) == (422, [], False)
    assert form["seen"].value() == response.context["document"].part("dagsorden").seen


def test_only_what_outsiders_would_get_is_looked_through(
    address: str, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    AgendaItem.including_closed.filter(pk=closed_item.pk).update(
        title=f"{CANARY} {CPR}", public_heading="Ring 36393639", open_decision=f"Svar til {CPR}"
    )
    document = as_user(secretary).get(address).context["document"]
    assert [document.part(key).warnings for key in ("dagsorden", "referat")] == [
        ("Punkt 2, offentlig overskrift: Telefonnummer •• •• •• 39",),
        (
            "Punkt 2, offentlig overskrift: Telefonnummer •• •• •• 39",
            "Punkt 2, åben beslutning: CPR-nummer 010190-••••",
        ),
    ]


def test_unknown_part_is_not_there(address: str, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).post(address, {"del": "bilag"}).status_code == 404
