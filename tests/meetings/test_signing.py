"""Signing and sealing the minutes: by those who took part, to what they read, and then only additions."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.actions import add_to_minutes, correct_decision, seal_minutes, sign_minutes
from meetings.documents.minutes import MinutesDocument, minutes_to_sign
from meetings.documents.minutes_content import MinutesContent
from meetings.models import (
    AgendaItem,
    Decision,
    Meeting,
    MinutesAddition,
    Person,
    Recusal,
    Seal,
    Signature,
    User,
)
from tests.conftest import CANARY, Login, make_member, publish
from tests.meetings.test_recording_together import at_the_same_time


def fingerprint(meeting: Meeting) -> str:
    return MinutesContent.of(Meeting.objects.get(pk=meeting.pk)).fingerprint


def sign(client: Client, meeting: Meeting, read: str | None = None) -> Any:
    values = {"fingerprint": fingerprint(meeting) if read is None else read, "nonce": uuid4()}
    return client.post(f"/moeder/{meeting.pk}/referat/underskriv/", values)


def add(meeting: Meeting, text: str, by: User) -> MinutesAddition:
    return add_to_minutes(meeting=meeting, text=text, nonce=uuid4(), by=by)


# --- The page


def test_minutes_page_is_for_the_committees_own(
    closed_meeting: Meeting,
    anonymous: Client,
    citizen: User,
    other_member: User,
    member: User,
    consultant: User,
    secretary: User,
    as_user: Login,
) -> None:
    publish(closed_meeting)
    place = f"/moeder/{closed_meeting.pk}/referat/"
    clients = (anonymous, *(as_user(user) for user in (citizen, other_member, member, consultant, secretary)))
    assert [client.get(place).status_code for client in clients] == [302, 403, 403, 200, 200, 200]
    assert clients[-1].post(place).status_code == 405


def test_page_tells_how_far_the_minutes_have_come(
    held_meeting: Meeting, member: User, secretary: User, as_user: Login
) -> None:
    client, place = as_user(member), f"/moeder/{held_meeting.pk}/referat/"

    def steps() -> list[tuple[str, str]]:
        return [(step.title, step.state) for step in client.get(place).context["document"].steps]

    assert steps()[0] == ("Åbent", "current")
    as_user(secretary).post(f"/moeder/{held_meeting.pk}/luk/", {"ends_at": "19:00"})
    assert steps()[1:3] == [("Lukket", "done"), ("Underskrevet af 0 af 2", "current")]
    sign(client, held_meeting)
    publish(held_meeting)
    assert steps()[2:] == [
        ("Underskrevet af 1 af 2", "current"), ("Forseglet", "future"), ("Offentliggjort", "done"),
    ]  # fmt: skip


def test_who_sat_in_on_a_closed_item_is_named_only_to_who_may_read_it(
    held_meeting: Meeting, closed_item: AgendaItem, member: User, secretary: User, consultant: User, as_user: Login
) -> None:
    substitute = Person.objects.create(name=f"{CANARY} Stedfortræder", municipality=held_meeting.committee.municipality)
    Recusal.including_closed.create(
        item=closed_item, person=member.person, ground="Søskende", is_disqualified=True, substitute=substitute
    )
    place = f"/moeder/{held_meeting.pk}/referat/"
    as_user(secretary).post(f"/moeder/{held_meeting.pk}/luk/", {"ends_at": ""})
    heard = [CANARY in as_user(user).get(place).text for user in (consultant, member, secretary)]
    assert heard == [False, True, True]


def test_fingerprint_asks_a_constant_number_of_queries_and_knows_every_decision(
    held_meeting: Meeting, member: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    counted = []
    for number in (3, 4, 5):
        item = AgendaItem.including_closed.create(
            meeting=held_meeting, number=str(number), position=number, title="Punkt", is_closed=False
        )
        Decision.including_closed.create(
            item=item, category="approved", text="Godkendt.", decided_on=held_meeting.date, recorded_by=member
        )
        with django_assert_num_queries(15):
            counted.append(MinutesContent.of(held_meeting).fingerprint)
    assert len(set(counted)) == 3


# --- Signing


def test_signing_is_for_those_who_took_part(
    closed_meeting: Meeting,
    anonymous: Client,
    other_member: User,
    secretary: User,
    committee: Any,
    member: User,
    as_user: Login,
) -> None:
    stayed_home = make_member(committee, "hjemme", "Hanne Hjemme")
    clients = (anonymous, *(as_user(user) for user in (other_member, secretary, stayed_home, member)))
    assert [sign(client, closed_meeting).status_code for client in clients] == [302, 404, 403, 403, 303]
    assert clients[-1].get(f"/moeder/{closed_meeting.pk}/referat/underskriv/").status_code == 405
    assert [str(one.person) for one in Signature.objects.all()] == ["Mette Medlem"]


def test_signing_twice_is_signing_once(closed_meeting: Meeting, member: User, as_user: Login) -> None:
    assert [sign(as_user(member), closed_meeting).status_code for _ in range(2)] == [303, 303]
    assert Signature.objects.count() == 1


def test_nobody_signs_before_the_meeting_is_closed(held_meeting: Meeting, member: User, as_user: Login) -> None:
    assert sign(as_user(member), held_meeting).status_code == 422
    assert not Signature.objects.exists()


def test_nobody_signs_what_they_have_not_read(
    closed_meeting: Meeting, member: User, secretary: User, as_user: Login
) -> None:
    read = fingerprint(closed_meeting)
    add(closed_meeting, "Mødet begyndte kl. 17.05.", secretary)
    refused = sign(as_user(member), closed_meeting, read)
    assert (refused.status_code, "Læs det igen." in refused.text) == (409, True)
    assert refused.context["form"]["fingerprint"].value() == fingerprint(closed_meeting)
    assert sign(as_user(member), closed_meeting).status_code == 303


def test_correction_changes_what_is_signed(closed_meeting: Meeting, secretary: User) -> None:
    read = fingerprint(closed_meeting)
    decision = Decision.including_closed.get(item__number="1")
    correct_decision(decision=decision, text="Med tre stemmer.", category="", nonce=uuid4(), by=secretary)
    assert fingerprint(closed_meeting) != read


def test_page_says_that_additions_came_after_a_signature(
    closed_meeting: Meeting, member: User, secretary: User, as_user: Login
) -> None:
    sign(as_user(member), closed_meeting)
    add(closed_meeting, "Mødet begyndte kl. 17.05.", secretary)
    told = {one.name: one.remark for one in MinutesDocument.for_meeting(closed_meeting, viewer=member).signatories}
    assert told == {"Mette Medlem": "Referatet har fået tilføjelser siden.", "Ulla Underskriver": ""}


def test_substitute_for_the_disqualified_signs_too(
    held_meeting: Meeting, open_item: AgendaItem, member: User, secretary: User, as_user: Login
) -> None:
    substitute = make_member(held_meeting.committee, "stedfortraeder", "Sanne Stedfortræder")
    Recusal.including_closed.create(
        item=open_item, person=member.person, ground="Søskende", is_disqualified=True, substitute=substitute.person
    )
    as_user(secretary).post(f"/moeder/{held_meeting.pk}/luk/", {"ends_at": ""})
    assert sign(as_user(substitute), held_meeting).status_code == 303


# --- Sealing


def test_last_signature_seals(closed_meeting: Meeting, member: User, second_member: User, as_user: Login) -> None:
    sign(as_user(member), closed_meeting)
    assert not Seal.objects.exists()
    sign(as_user(second_member), closed_meeting)
    seal = Seal.objects.get()
    assert (seal.sealed_by, seal.reason, seal.fingerprint) == (None, "", fingerprint(closed_meeting))


def test_sealing_early_is_for_who_keeps_the_protocol_and_takes_a_reason(
    closed_meeting: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    place, reason = f"/moeder/{closed_meeting.pk}/referat/forsegl/", {"reason": "Ulla er fratrådt"}
    clients = (anonymous, as_user(member), as_user(other_secretary))
    assert [client.post(place, reason).status_code for client in clients] == [302, 403, 404]
    client = as_user(secretary)
    assert [client.post(place, {"reason": ""}).status_code, client.delete(place).status_code] == [422, 405]
    assert [client.post(place, reason).status_code for _ in range(2)] == [303, 303]
    assert Seal.objects.get().reason == "Ulla er fratrådt"
    assert "Ulla er fratrådt." in client.get(f"/moeder/{closed_meeting.pk}/referat/").text


def test_sealed_minutes_take_no_signature_but_an_addition(
    closed_meeting: Meeting, member: User, secretary: User, as_user: Login
) -> None:
    seal_minutes(meeting=closed_meeting, reason="Ulla er fratrådt", nonce=uuid4(), by=secretary)
    assert sign(as_user(member), closed_meeting).status_code == 422
    place = f"/moeder/{closed_meeting.pk}/referat/tilfoej/"
    assert as_user(secretary).post(place, {"text": "Mødet begyndte kl. 17.05."}).status_code == 303
    document = as_user(member).get(f"/moeder/{closed_meeting.pk}/referat/").context["document"]
    assert ([one.text for one in document.additions], document.is_intact) == (["Mødet begyndte kl. 17.05."], True)


def test_what_was_changed_behind_the_seal_is_seen(
    closed_meeting: Meeting, member: User, secretary: User, as_user: Login
) -> None:
    seal_minutes(meeting=closed_meeting, reason="Ulla er fratrådt", nonce=uuid4(), by=secretary)
    Person.objects.filter(pk=member.person.pk).update(name="En Anden")
    page = as_user(secretary).get(f"/moeder/{closed_meeting.pk}/referat/")
    assert not page.context["document"].is_intact
    assert "Fingeraftrykket passer ikke" in page.text


# --- Additions


def test_adding_is_for_who_keeps_the_protocol(
    closed_meeting: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    place, values = f"/moeder/{closed_meeting.pk}/referat/tilfoej/", {"text": "Rettet.", "nonce": uuid4()}
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary), as_user(secretary))
    assert [client.post(place, values).status_code for client in clients] == [302, 403, 404, 303, 303]
    assert MinutesAddition.objects.get().text == "Rettet."
    assert clients[-1].delete(place).status_code == 405


def test_nothing_is_added_while_the_meeting_is_open(held_meeting: Meeting, secretary: User, as_user: Login) -> None:
    answer = as_user(secretary).post(f"/moeder/{held_meeting.pk}/referat/tilfoej/", {"text": "Rettet."})
    assert (answer.status_code, MinutesAddition.objects.count()) == (422, 0)


def test_addition_to_public_minutes_is_looked_through_first(
    closed_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    publish(closed_meeting)
    client, place = as_user(secretary), f"/moeder/{closed_meeting.pk}/referat/tilfoej/"
    asked = client.post(place, {"text": "Klagen er fra 010190-1234."})
    assert (asked.status_code, MinutesAddition.objects.count()) == (422, 0)
    seen = asked.context["form"].precheck["seen"].value()
    answer = client.post(place, {"text": "Klagen er fra 010190-1234.", "seen": seen, "confirmed": "on"})
    assert (answer.status_code, MinutesAddition.objects.count()) == (303, 1)


# --- Whose signature is waited for


def test_minutes_to_sign_are_those_the_user_took_part_in_and_has_not_signed(
    closed_meeting: Meeting,
    member: User,
    other_member: User,
    secretary: User,
    anonymous: Client,
    as_user: Login,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    assert [list(minutes_to_sign(user)) for user in (other_member, secretary)] == [[], []]
    with django_assert_num_queries(4):  # the user's roles, the meetings, their committees' former names
        assert list(minutes_to_sign(member)) == [closed_meeting]
    sign(as_user(member), closed_meeting)
    assert list(minutes_to_sign(member)) == []


def test_sealed_minutes_wait_for_nobody(closed_meeting: Meeting, member: User, secretary: User) -> None:
    seal_minutes(meeting=closed_meeting, reason="Fratrådt", nonce=uuid4(), by=secretary)
    assert list(minutes_to_sign(member)) == []


# --- Past the form


def put(meeting: Meeting, user: User, person: Person) -> None:
    with transaction.atomic():
        Signature.objects.create(meeting=meeting, person=person, signed_by=user, fingerprint="0" * 64)


def test_database_refuses_a_stranger_s_signature(closed_meeting: Meeting, other_member: User) -> None:
    with pytest.raises(IntegrityError):
        put(closed_meeting, other_member, other_member.person)


def test_database_refuses_a_signature_before_closing(held_meeting: Meeting, member: User) -> None:
    with pytest.raises(IntegrityError):
        put(held_meeting, member, member.person)


def test_database_refuses_a_second_signature_and_one_after_the_seal(
    closed_meeting: Meeting, member: User, second_member: User
) -> None:
    put(closed_meeting, member, member.person)
    with pytest.raises(IntegrityError):
        put(closed_meeting, member, member.person)
    Seal.objects.create(meeting=closed_meeting, fingerprint="0" * 64, reason="Den anden er rejst.")
    with pytest.raises(IntegrityError):
        put(closed_meeting, second_member, second_member.person)


def test_database_refuses_a_seal_and_an_addition_before_closing(held_meeting: Meeting) -> None:
    for create in (
        lambda: Seal.objects.create(meeting=held_meeting, fingerprint="0" * 64, reason="Alle er rejst."),
        lambda: MinutesAddition.objects.create(meeting=held_meeting, text="Rettet."),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            create()


def test_two_last_signatures_at_once_make_one_seal(
    committed_db: str, closed_meeting: Meeting, member: User, second_member: User
) -> None:
    read = fingerprint(closed_meeting)

    def act(user: User) -> Callable[[], Signature]:
        return lambda: sign_minutes(meeting=closed_meeting, fingerprint=read, nonce=uuid4(), by=user)

    assert at_the_same_time(act(member), act(second_member)) == ["done", "done"]
    assert (Signature.objects.count(), Seal.objects.count()) == (2, 1)


def test_database_seals_nothing_that_somebody_has_neither_signed_nor_explained(closed_meeting: Meeting) -> None:
    with pytest.raises(IntegrityError, match="has not signed"), transaction.atomic():
        Seal.objects.create(meeting=closed_meeting, fingerprint="0" * 64)


def test_database_lets_nobody_sign_for_another(closed_meeting: Meeting, member: User, secretary: User) -> None:
    with pytest.raises(IntegrityError, match="nobody signs for another"), transaction.atomic():
        Signature.objects.create(
            meeting=closed_meeting, person=member.person, signed_by=secretary, fingerprint="0" * 64
        )
