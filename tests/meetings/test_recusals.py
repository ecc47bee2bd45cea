"""Inhabilitet and who was out of the room: it changes who can vote, and has its own line in the minutes."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from meetings.documents.treatment import treatments
from meetings.models import AgendaItem, Event, ItemAbsence, Person, Recusal, Roll, User
from tests.conftest import Login, publish
from tests.meetings.sitting import close, proceedings_of, sit_down


def recusal(member: Person, **more: str) -> dict[str, str]:
    """The form as the secretary fills it in."""
    data = {"hvad": "inhabilitet", "person": str(member.pk), "ground": "Bror til ansøgeren", "is_disqualified": "ja"}
    return data | {"nonce": str(uuid4())} | more


def voters(item: AgendaItem) -> list[str]:
    return [str(voter.person) for voter in Roll.of(item.meeting).voters_on(item.pk)]


def lines(item: AgendaItem, viewer: object) -> list[tuple[str, str]]:
    treatment = treatments(item.meeting, viewer=viewer, items=[item])[item.pk]
    return [(line.text, line.ground) for line in treatment.recusals]


def test_disqualified_member_cannot_vote_and_the_substitute_can(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    data = recusal(people["Bo"], substitute="Sofie (A)", ruling="Udvalget var enigt.")
    response = as_user(secretary).post(proceedings_of(open_item), data)
    assert response.headers["Location"].endswith("/beslutninger/#punkt-1")
    assert voters(open_item) == ["Asta", "Carla", "Dan", "Eva", "Finn", "Gro", "Sofie"]
    assert lines(open_item, secretary) == [
        (
            "Bo (A) var inhabil og deltog ikke i behandlingen af punktet. Som stedfortræder deltog Sofie (A).",
            "Bror til ansøgeren. Rejst af Bo. Udvalget var enigt.",
        )
    ]


def test_member_whom_the_committee_finds_able_votes(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people = sit_down(open_item.meeting)
    data = recusal(people["Bo"], is_disqualified="nej", raised_by="Asta")
    as_user(secretary).post(proceedings_of(open_item), data)
    assert "Bo" in voters(open_item)
    assert lines(open_item, secretary) == [
        ("Udvalget fandt ikke Bo (A) inhabil.", "Bror til ansøgeren. Rejst af Asta.")
    ]


def test_ground_is_not_for_the_public(
    open_item: AgendaItem, secretary: User, citizen: User, anonymous: Client, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    as_user(secretary).post(proceedings_of(open_item), recusal(people["Bo"]))
    publish(open_item.meeting)
    assert lines(open_item, citizen) == [("Bo (A) var inhabil og deltog ikke i behandlingen af punktet.", "")]
    assert "Bror til ansøgeren" not in anonymous.get(open_item.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"ground": ""}, "Skriv grunden."),
        ({"is_disqualified": ""}, "Vælg, hvad udvalget afgjorde."),
        ({"is_disqualified": "nej", "substitute": "Sofie"}, "Kun den, der er inhabil, kan have en stedfortræder."),
        ({"substitute": "Asta"}, "Asta sidder selv med ved mødet."),
        ({"person": "0"}, "Vælg blandt dem, der er til stede på mødet."),
    ],
)
def test_recusal_that_cannot_be_says_why(
    more: dict[str, str], message: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    response = as_user(secretary).post(proceedings_of(open_item), recusal(people["Bo"], **more))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert Recusal.including_closed.count() == 0


@pytest.mark.parametrize("hvad", ["inhabilitet", "ude"])
def test_person_of_another_committee_is_refused(
    hvad: str, open_item: AgendaItem, other_member: User, secretary: User, as_user: Login
) -> None:
    sit_down(open_item.meeting)
    data = recusal(other_member.person) | {"hvad": hvad, "people": str(other_member.person.pk)}
    response = as_user(secretary).post(proceedings_of(open_item), data)
    assert response.status_code == 422
    assert "Vælg blandt dem, der er til stede på mødet." in response.content.decode()


def test_one_substitute_stands_in_for_one(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), recusal(people["Bo"], substitute="Sofie"))
    response = client.post(proceedings_of(open_item), recusal(people["Asta"], substitute="Sofie"))
    assert "Sofie er allerede stedfortræder på punktet." in response.content.decode()


def test_recusal_sent_twice_is_one_and_changed_is_refused(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    data = recusal(people["Bo"], substitute="Ny Navnesen")
    changed = data | {"ground": "En anden grund"}
    answers = [client.post(proceedings_of(open_item), one) for one in (data, data, changed)]
    assert [answer.status_code for answer in answers] == [303, 303, 422]
    assert "Der er allerede skrevet om Bo på punktet. Slet linjen først." in answers[2].content.decode()
    assert (Recusal.including_closed.count(), Person.objects.filter(name="Ny Navnesen").count()) == (1, 1)


def test_recusal_is_taken_out_again(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), recusal(people["Bo"]))
    data = {"hvad": "slet", "kind": "inhabilitet", "pk": Recusal.including_closed.get().pk}
    assert client.post(proceedings_of(open_item), data).status_code == 303
    assert "Bo" in voters(open_item)
    assert list(Event.objects.values_list("action", flat=True)) == ["line_removed", "recusal_recorded"]


def test_those_out_of_the_room_are_named_and_do_not_vote(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    data = {"hvad": "ude", "people": [people["Bo"].pk, people["Gro"].pk], "note": "forlod mødet kl. 18.10"}
    assert [client.post(proceedings_of(open_item), data).status_code for _ in range(2)] == [303, 303]
    assert ItemAbsence.including_closed.count() == 2
    assert voters(open_item) == ["Asta", "Carla", "Dan", "Eva", "Finn"]
    page = client.get(proceedings_of(open_item)).content.decode()
    assert "Bo (A) deltog ikke i behandlingen af punktet (forlod mødet kl. 18.10)." in page
    assert "Bo (A) er ude af lokalet. Gro (C) er ude af lokalet." in page


def test_nobody_chosen_is_asked_for(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    sit_down(open_item.meeting)
    response = as_user(secretary).post(proceedings_of(open_item), {"hvad": "ude", "note": "kl. 18"})
    assert response.status_code == 422
    assert "Vælg, hvem det gælder." in response.content.decode()


def test_recusal_of_a_closed_meeting_stands(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), recusal(people["Bo"]))
    close(open_item.meeting)
    response = client.post(proceedings_of(open_item), recusal(people["Asta"], ground="Søster til ansøgeren"))
    assert response.status_code == 409
    assert "Søster til ansøgeren" in response.content.decode()
    with pytest.raises(IntegrityError):
        Recusal.including_closed.get().delete()


@pytest.mark.parametrize(
    "values",
    [
        {"is_disqualified": False, "substitute": "Sofie"},
        {"is_disqualified": True, "substitute": "Bo"},
    ],
)
def test_substitute_of_nobody_disqualified_is_refused_by_the_database(
    values: dict[str, Any], open_item: AgendaItem
) -> None:
    people = sit_down(open_item.meeting)
    stands_in = people[str(values["substitute"])]
    with pytest.raises(IntegrityError):
        Recusal.including_closed.create(
            item=open_item, person=people["Bo"], ground="x", is_disqualified=values["is_disqualified"],
            substitute=stands_in,
        )  # fmt: skip
