"""Bemærkninger til protokollen and løfter: word for word, once each, until the meeting is closed."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError

from meetings.models import AgendaItem, Committee, Meeting, Promise, ProtocolNote, User, Vote, VoteLine
from tests.conftest import Login
from tests.meetings.sitting import close, proceedings_of, sit_down


def note(**more: str) -> dict[str, str]:
    """A remark as the secretary fills it in."""
    data = {"hvad": "bemaerkning", "kind": "note", "speaker": "Gruppe C", "text": "Vi ser frem til svaret."}
    return data | {"nonce": str(uuid4())} | more


def promise(**more: str) -> dict[str, str]:
    """A promise as the secretary fills it in."""
    data = {"hvad": "loefte", "text": "En oversigt over ventelister", "to_whom": "Udvalget", "due_on": "2022-12-05"}
    return data | {"nonce": str(uuid4())} | more


def test_note_is_kept_word_for_word(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    text = "C ønsker  at bemærke:\n– at det haster."
    response = as_user(secretary).post(proceedings_of(open_item), note(text=text))
    assert response.status_code == 303
    kept = ProtocolNote.including_closed.get()
    assert (kept.kind, kept.by, kept.text, kept.recorded_by) == ("note", "Gruppe C", text, secretary)


def test_note_needs_no_attendance_but_words(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(proceedings_of(open_item), note(text=" ", speaker=""))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Skriv bemærkningen, som den skal stå i referatet." in page
    assert "Skriv, hvis bemærkning det er." in page


def test_note_sent_twice_is_one_and_changed_is_two(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    client, data = as_user(secretary), note()
    for one in (data, data, data | {"text": "Noget andet."}):
        assert client.post(proceedings_of(open_item), one).status_code == 303
    assert list(ProtocolNote.including_closed.values_list("text", flat=True)) == [
        "Vi ser frem til svaret.",
        "Noget andet.",
    ]


@pytest.mark.parametrize(
    ("stance", "kind", "hint"),
    [("for", "dissent", True), ("abstained", "dissent", True), ("against", "dissent", False), ("for", "note", False)],
)
def test_dissent_without_a_vote_against_is_kept_with_a_hint(
    stance: str, kind: str, hint: bool, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    vote = Vote.including_closed.create(item=open_item)
    for person in list(people.values())[:7]:
        mine = stance if person == people["Gro"] else "for"
        VoteLine.including_closed.create(vote=vote, person=person, stance=mine)
    client.post(proceedings_of(open_item), note(kind=kind, speaker="Gro (C)"))
    assert ProtocolNote.including_closed.get().kind == kind
    page = client.get(proceedings_of(open_item)).content.decode()
    assert ("En afvigende mening forudsætter, at man har stemt imod; overvej" in page) is hint


def test_note_is_taken_out_until_the_meeting_is_closed(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    people, client = sit_down(open_item.meeting), as_user(secretary)
    assert people
    for text in ("Den ene.", "Den anden."):
        client.post(proceedings_of(open_item), note(text=text))
    first, second = ProtocolNote.including_closed.all()
    remove = {"hvad": "slet", "kind": "bemaerkning"}
    assert client.post(proceedings_of(open_item), remove | {"pk": first.pk}).status_code == 303
    close(open_item.meeting)
    assert client.post(proceedings_of(open_item), remove | {"pk": second.pk}).status_code == 409
    assert client.post(proceedings_of(open_item), note(text="For sent.")).status_code == 409
    with pytest.raises(IntegrityError):
        ProtocolNote.including_closed.create(item=open_item, by="x", text="x")


def test_promise_has_a_day(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).post(proceedings_of(open_item), promise(to_whom="")).status_code == 303
    kept = Promise.including_closed.get()
    assert (kept.text, kept.to_whom, kept.due_on) == ("En oversigt over ventelister", "Udvalget", date(2022, 12, 5))


def test_promise_for_a_meeting_has_its_day(
    open_item: AgendaItem, committee: Committee, secretary: User, as_user: Login
) -> None:
    coming = Meeting.objects.create(committee=committee, date=date(2022, 11, 7))
    client = as_user(secretary)
    assert "7. november 2022</option>" in client.get(proceedings_of(open_item)).content.decode()
    client.post(proceedings_of(open_item), promise(due_meeting=str(coming.pk), due_on=""))
    kept = Promise.including_closed.get()
    assert (kept.due_meeting, kept.due_on) == (coming, coming.date)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"text": ""}, "Skriv, hvad der er lovet."),
        ({"due_on": ""}, "Vælg det møde, der senest skal have svaret, eller skriv en dato."),
        ({"due_on": "2022-10-02"}, "Fristen ligger før mødet."),
        ({"due_on": "snart"}, "Skriv datoen som 3.10.2022."),
        ({"due_meeting": "0"}, "Vælg et af udvalgets kommende møder."),
    ],
)
def test_promise_that_cannot_be_says_why(
    more: dict[str, str], message: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(proceedings_of(open_item), promise(**more))
    assert response.status_code == 422
    assert message in response.content.decode()


def test_promise_for_another_committees_meeting_is_refused(
    open_item: AgendaItem, other_committee: Committee, secretary: User, as_user: Login
) -> None:
    theirs = Meeting.objects.create(committee=other_committee, date=date(2022, 11, 7))
    response = as_user(secretary).post(proceedings_of(open_item), promise(due_meeting=str(theirs.pk)))
    assert response.status_code == 422
    assert Promise.including_closed.count() == 0


def test_promise_sent_twice_is_one(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    client, data = as_user(secretary), promise()
    assert [client.post(proceedings_of(open_item), data).status_code for _ in range(2)] == [303, 303]
    assert Promise.including_closed.count() == 1
