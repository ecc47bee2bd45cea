"""Afstemninger: every voice of those who can vote, no more and no fewer; by the form and past it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from meetings.actions import NotAllowed, Voice, record_vote
from meetings.documents.treatment import treatments
from meetings.models import (
    AgendaItem,
    Event,
    ItemAbsence,
    Meeting,
    Membership,
    Person,
    ProtocolNote,
    Recusal,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import Login
from tests.meetings.sitting import PARTIES, close, proceedings_of, seat, sit_down

HTMX = {"HX-Request": "true"}
A, B, C = (f"gruppe_{letter.encode().hex()}" for letter in "ABC")


def by_person(people: dict[str, Person], *, skip: tuple[str, ...] = (), **stances: str) -> dict[str, str]:
    """A ballot on which everyone is for, but for those named."""
    voices = {f"stemme_{people[name].pk}": stances.get(name, "for") for name in PARTIES if name not in skip}
    return voices | {"hvad": "afstemning", "about": "Indstillingen", "nonce": str(uuid4())}


def told(item: AgendaItem, viewer: User) -> list[str]:
    return [ballot.text for ballot in treatments(item.meeting, viewer=viewer, items=[item])[item.pk].ballots]


def test_vote_by_person_is_told_with_names(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people = sit_down(open_item.meeting)
    data = by_person(people, Finn="against", Gro="abstained")
    response = as_user(secretary).post(proceedings_of(open_item), data)
    assert response.headers["Location"] == f"/moeder/{open_item.meeting_id}/beslutninger/#punkt-1"
    assert told(open_item, secretary) == [
        "For stemte 5 (Asta (A), Bo (A), Carla (A), Dan (B) og Eva (B)). Imod stemte 1 (Finn (C)). "
        "Undlod at stemme: 1 (Gro (C))."
    ]


def test_vote_by_group_is_told_with_letters(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    sit_down(open_item.meeting)
    data = {
        "hvad": "grupper", "about": "Ændringsforslag fra C", A: "for", B: "split", f"{B}_for": "1", f"{B}_against": "1",
        C: "against",
    }  # fmt: skip
    assert as_user(secretary).post(proceedings_of(open_item), data).status_code == 303
    assert told(open_item, secretary) == ["For stemte 4 (A og B). Imod stemte 3 (B og C). Ingen undlod at stemme."]


def test_voter_without_a_letter_stands_beside_the_groups(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    Membership.objects.filter(person=people["Gro"]).update(party="")
    data = {"hvad": "grupper", "about": "x", A: "for", B: "for", C: "for", f"person_{people['Gro'].pk}": "against"}
    assert as_user(secretary).post(proceedings_of(open_item), data).status_code == 303
    assert told(open_item, secretary) == ["For stemte 6 (A, B og C). Imod stemte 1 (Gro). Ingen undlod at stemme."]


def test_voices_that_do_not_add_up_are_refused_by_the_field(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    data = by_person(people, skip=("Gro",), Bo="against") | {"about": "Forslaget om senere frist"}
    response = as_user(secretary).post(proceedings_of(open_item), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Stemmerne giver 6, men 7 kan stemme på punktet." in page
    assert "Forslaget om senere frist" in page
    assert Vote.including_closed.count() == 0


@pytest.mark.parametrize(("yes", "no", "given"), [("1", "0", 6), ("2", "1", 8), ("", "", 5)])
def test_split_group_that_does_not_add_up_is_refused(
    yes: str, no: str, given: int, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    sit_down(open_item.meeting)
    data = {"hvad": "grupper", "about": "x", A: "for", B: "split", f"{B}_for": yes, f"{B}_against": no, C: "for"}
    response = as_user(secretary).post(proceedings_of(open_item), data)
    assert response.status_code == 422
    assert f"Stemmerne giver {given}, men 7 kan stemme på punktet." in response.content.decode()


def test_groups_that_add_up_only_together_are_refused(open_item: AgendaItem, secretary: User) -> None:
    sit_down(open_item.meeting)
    voices = [Voice("for", "A", count=4), Voice("for", "B", count=1), Voice("against", "C", count=2)]
    with pytest.raises(NotAllowed, match="Gruppe A har 3 på punktet, men stemmerne giver 4"):
        record_vote(item=open_item, about="x", voices=voices, nonce=uuid4(), by=secretary)


def test_one_who_left_the_room_meanwhile_has_no_voice(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people = sit_down(open_item.meeting)
    data = by_person(people)
    ItemAbsence.including_closed.create(item=open_item, person=people["Bo"])
    response = as_user(secretary).post(proceedings_of(open_item), data)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Stemmerne giver 7, men 6 kan stemme på punktet." in page
    assert "Bo (A) er ude af lokalet." in page


def test_person_of_another_committee_has_no_voice(
    open_item: AgendaItem, other_member: User, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    data = by_person(people, skip=("Gro",)) | {f"stemme_{other_member.person.pk}": "for"}
    assert as_user(secretary).post(proceedings_of(open_item), data).status_code == 422
    voices = [Voice("for", PARTIES[name], people[name]) for name in list(PARTIES)[:6]]
    with pytest.raises(NotAllowed, match="Anders Andetmedlem kan ikke stemme på punktet"):
        record_vote(
            item=open_item, about="x", voices=[*voices, Voice("for", "A", other_member.person)], nonce=uuid4(),
            by=secretary,
        )  # fmt: skip


def test_vote_without_attendance_asks_for_it_first(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people = sit_down(open_item.meeting, attend=False)
    client = as_user(secretary)
    page = client.get(proceedings_of(open_item)).content.decode()
    assert "Skriv fremmødet først" in page
    assert "Gem afstemningen" not in page
    response = client.post(proceedings_of(open_item), by_person(people))
    assert response.status_code == 422
    with pytest.raises(NotAllowed, match="Skriv fremmødet først"):
        record_vote(item=open_item, about="x", voices=[], nonce=uuid4(), by=secretary)


def test_vote_sent_twice_is_one_and_changed_is_two(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    data = by_person(people)
    changed = data | {f"stemme_{people['Bo'].pk}": "against"}
    answers = [client.post(proceedings_of(open_item), one).status_code for one in (data, data, changed, changed)]
    assert answers == [303] * 4
    assert Vote.including_closed.count() == 2


def test_saved_vote_answers_htmx_with_the_part_and_its_count(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people = sit_down(open_item.meeting)
    data = by_person(people, Finn="against", Gro="against")
    page = as_user(secretary).post(proceedings_of(open_item), data, headers=HTMX).content.decode()
    assert "<html" not in page
    assert f'id="forhandling-{open_item.pk}"' in page
    assert 'hx-swap-oob="true"' in page
    assert "<span>Afstemning 5–2</span>" in page
    assert "Et flertal på 5 stemte for, et mindretal på 2 imod." in page


# --- Past the form: the database ------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["absent", "away", "disqualified", "stranger"])
def test_voice_of_one_who_cannot_vote_is_refused_by_the_database(
    why: str, open_item: AgendaItem, other_member: User
) -> None:
    people = sit_down(open_item.meeting)
    bo = people["Bo"]
    if why == "absent":
        bo.attendances.update(state="absent")
    elif why == "away":
        ItemAbsence.including_closed.create(item=open_item, person=bo)
    elif why == "disqualified":
        Recusal.including_closed.create(item=open_item, person=bo, ground="x", is_disqualified=True)
    vote = Vote.including_closed.create(item=open_item)
    with pytest.raises(IntegrityError):
        VoteLine.including_closed.create(
            vote=vote, person=other_member.person if why == "stranger" else bo, stance="for"
        )


@pytest.mark.parametrize("count", [6, 8])
def test_votes_that_do_not_add_up_are_refused_by_the_database(count: int, open_item: AgendaItem) -> None:
    sit_down(open_item.meeting)
    vote = Vote.including_closed.create(item=open_item)
    VoteLine.including_closed.create(vote=vote, party="A", stance="for", count=count)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- What rests on a vote -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ude", "inhabilitet"])
def test_nobody_leaves_the_item_after_the_vote(
    kind: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), by_person(people))
    bo = people["Bo"].pk
    data: Any = {"ude": {"people": [bo]}, "inhabilitet": {"person": bo, "ground": "x", "is_disqualified": "ja"}}[kind]
    response = client.post(proceedings_of(open_item), {"hvad": kind, **data})
    assert response.status_code == 422
    assert "Bo har stemt på punkt 1. Slet afstemningen først." in response.content.decode()
    assert (ItemAbsence.including_closed.count(), Recusal.including_closed.count()) == (0, 0)


@pytest.mark.parametrize("kind", ["ude", "inhabilitet"])
def test_nobody_comes_back_to_the_item_after_the_vote(
    kind: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    rows: Any = ItemAbsence.including_closed if kind == "ude" else Recusal.including_closed
    more: Any = {} if kind == "ude" else {"ground": "x", "is_disqualified": True}
    line = rows.create(item=open_item, person=people["Bo"], **more)
    client.post(proceedings_of(open_item), by_person(people, skip=("Bo",)))
    response = client.post(proceedings_of(open_item), {"hvad": "slet", "kind": kind, "pk": line.pk})
    assert response.status_code == 422
    assert "Der er stemt på punkt 1. Slet afstemningen først." in response.content.decode()
    assert rows.count() == 1


# --- The way out ----------------------------------------------------------------------------------------------------


def test_wrong_vote_is_taken_out_and_remembered(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), by_person(people))
    data = {"hvad": "slet", "kind": "afstemning", "pk": Vote.including_closed.get().pk}
    assert [client.post(proceedings_of(open_item), data).status_code for _ in range(2)] == [303, 303]
    assert (Vote.including_closed.count(), VoteLine.including_closed.count()) == (0, 0)
    assert Event.objects.filter(action="line_removed").count() == 1


def test_line_of_another_item_stays(
    open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    note = ProtocolNote.including_closed.create(item=closed_item, by="x", text="x")
    as_user(secretary).post(proceedings_of(open_item), {"hvad": "slet", "kind": "bemaerkning", "pk": note.pk})
    assert ProtocolNote.including_closed.get() == note


@pytest.mark.parametrize("data", [{"kind": "user", "pk": 1}, {"kind": "ude", "pk": "9" * 30}, {"kind": "ude"}])
def test_what_is_no_line_is_refused(
    data: dict[str, str], open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    assert as_user(secretary).post(proceedings_of(open_item), {"hvad": "slet"} | data).status_code == 422


def test_closed_meeting_keeps_its_votes(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    client.post(proceedings_of(open_item), by_person(people))
    vote = Vote.including_closed.get()
    close(open_item.meeting)
    again = by_person(people) | {"about": "Noget helt andet"}
    response = client.post(proceedings_of(open_item), again, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Mødet er lukket." in page
    assert "Noget helt andet" in page
    remove = {"hvad": "slet", "kind": "afstemning", "pk": vote.pk}
    assert client.post(proceedings_of(open_item), remove).status_code == 409
    with pytest.raises(IntegrityError):
        vote.delete()


# --- Who may --------------------------------------------------------------------------------------------------------


def test_proceedings_are_for_the_secretary(
    open_item: AgendaItem, secretary: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    address = proceedings_of(open_item)
    for method in ("get", "post"):
        assert getattr(anonymous, method)(address).status_code == 302
        assert getattr(as_user(other_member), method)(address).status_code == 404
        assert getattr(as_user(member), method)(address).status_code == 403
    assert as_user(secretary).get(address).status_code == 200
    assert as_user(secretary).post(address, {"hvad": "noget"}).status_code == 404
    assert as_user(secretary).put(address).status_code == 405


@pytest.mark.parametrize("seated", [1, 3])
def test_proceedings_ask_as_much_for_three_as_for_one(
    seated: int,
    open_item: AgendaItem,
    meeting: Meeting,
    secretary: User,
    as_user: Login,
    django_assert_num_queries: Any,
) -> None:
    for number in range(seated):
        person = seat(meeting, f"Medlem {number}", "A")
        person.attendances.create(meeting=meeting, state="present")
        ProtocolNote.including_closed.create(item=open_item, kind="dissent", by=str(person), text="x")
        ItemAbsence.including_closed.create(item=open_item, person=person)
    client = as_user(secretary)
    client.get(proceedings_of(open_item))
    with django_assert_num_queries(20):
        client.get(proceedings_of(open_item))
