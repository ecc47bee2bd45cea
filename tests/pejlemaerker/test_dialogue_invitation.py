"""Invitations to a dialogue meeting: who is on the list, who is written to and how often, and the appointment."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from icalendar import Calendar

from kit.clock import today
from meetings.actions import NotAllowed
from meetings.models import Committee, LeaderGroup, Leadership, Letter, Membership, OrgUnit, Person, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions import dialogue_people as people
from pejlemaerker.actions.dialogue_people import Guest, add_participants, change_participants, invite_participants
from pejlemaerker.actions.dialogues import cancel_dialogue, edit_dialogue
from pejlemaerker.documents.dialogue_ics import dialogue_ics
from pejlemaerker.documents.participants import ParticipantsDocument, proposed_participants
from pejlemaerker.models import Dialogue, GoalSet
from tests.conftest import Login, publish

DAY = timedelta(days=20)


@pytest.fixture
def group(goal_set: GoalSet) -> LeaderGroup:
    assert goal_set.leader_group
    return goal_set.leader_group


@pytest.fixture
def dialogue(goal_set: GoalSet, group: LeaderGroup, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=[group], goals=goal_set.goals.all(), nonce=uuid4(), by=consultant,
        kind="midterm", held_on=today() + DAY, starts_at=time(16), ends_at=time(18), place="Rådhuset, lokale 2",
        step=None, invitation="Kære alle. Kom; og fortæl, hvad I har gjort.",
    )  # fmt: skip


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The letters asked for: to whom, and on what occasion."""
    sent: list[tuple[int, str]] = []

    class Recorder:
        @staticmethod
        def enqueue(participant: int, occasion: str) -> None:
            sent.append((participant, occasion))

    monkeypatch.setattr(people, "send_dialogue_invitation", Recorder)
    return sent


def put_on_list(dialogue: Dialogue, *names: str, by: User) -> list[int]:
    guests = [Guest("leaders", name, f"{name.lower()}@eksempel.dk") for name in names]
    return [one.pk for one in add_participants(dialogue=dialogue, guests=guests, by=by)]


def edited(dialogue: Dialogue, by: User, **fields: Any) -> Dialogue:
    dialogue.refresh_from_db()
    return edit_dialogue(
        dialogue=dialogue, expected=dialogue.revision, leader_groups=dialogue.leader_groups.all(),
        goals=dialogue.goals.all(), by=by, **fields,
    )  # fmt: skip


# --- The list ----------------------------------------


def lead(group: LeaderGroup, name: str, *, until: date | None = None) -> Leadership:
    unit = OrgUnit.objects.create(municipality=group.municipality, name=f"{name}s hus", kind="institution")
    email = f"{name.lower()}@eksempel.dk"
    return Leadership.objects.create(
        leader_group=group, unit=unit, name=name, email=email, valid_from=date(2022, 1, 1), valid_to=until
    )


def test_members_and_leaders_of_the_day_are_proposed(
    dialogue: Dialogue,
    group: LeaderGroup,
    committee: Committee,
    member: User,
    other_member: User,
    consultant: User,
    as_user: Login,
) -> None:
    gone = Person.objects.create(name="Gamle Gerda", municipality=committee.municipality)
    Membership.objects.create(
        committee=committee, person=gone, valid_from=date(2022, 1, 1), valid_to=today() + timedelta(days=5)
    )
    lead(group, "Åse")
    lead(group, "Berit")
    lead(group, "Carl", until=today())
    client, address = as_user(consultant), f"/dialogmoeder/{dialogue.pk}/deltagere/"
    page = client.get(address)
    keys = [key for key, _ in page.context["proposed"].fields["keys"].choices]
    assert client.post(address, {"handling": "forslag", "keys": keys}).status_code == 303
    told = [(one.side, one.name, one.email, str(one.unit or "")) for one in dialogue.participants.order_by("pk")]
    assert told == [
        ("committee", "Mette Medlem", "", ""),
        ("leaders", "Berit", "berit@eksempel.dk", "Berits hus"),
        ("leaders", "Åse", "åse@eksempel.dk", "Åses hus"),
    ]
    assert client.get(address).context["proposed"].proposed == {}


def test_leader_whose_address_was_put_right_is_not_proposed_again(
    dialogue: Dialogue, group: LeaderGroup, consultant: User
) -> None:
    berit = lead(group, "Berit")
    lead(group, "Carl")
    guest = Guest("leaders", "Berit", berit.email, leader_group=group, unit=berit.unit)
    (listed,) = add_participants(dialogue=dialogue, guests=[guest], by=consultant)
    change_participants(dialogue=dialogue, emails={listed.pk: "ny@eksempel.dk"}, removed=[], by=consultant)
    assert [one.name for one in proposed_participants(dialogue) if one.side == "leaders"] == ["Carl"]


def test_somebody_is_added_by_hand_once(dialogue: Dialogue, consultant: User, as_user: Login) -> None:
    form = {"handling": "tilfoej", "side": "guests", "name": "Gerda Gæst", "email": "gerda@eksempel.dk", "unit": ""}
    for _ in range(2):
        assert as_user(consultant).post(f"/dialogmoeder/{dialogue.pk}/deltagere/", form).status_code == 303
    assert [(one.name, one.side) for one in dialogue.participants.all()] == [("Gerda Gæst", "guests")]


def test_address_that_is_none_is_refused_beside_the_field(dialogue: Dialogue, consultant: User, as_user: Login) -> None:
    (pk,) = put_on_list(dialogue, "Lone", by=consultant)
    form = {"handling": "gem", f"email-{pk}": "lone(a)eksempel", f"initial-email-{pk}": "lone@eksempel.dk"}
    response = as_user(consultant).post(f"/dialogmoeder/{dialogue.pk}/deltagere/", form)
    page = response.content.decode()
    assert (response.status_code, "Skriv adressen som" in page, "lone(a)eksempel" in page) == (422, True, True)


def test_list_is_put_right_and_two_at_once_undo_nothing(dialogue: Dialogue, consultant: User, as_user: Login) -> None:
    lone, carl, dorte = put_on_list(dialogue, "Lone", "Carl", "Dorte", by=consultant)
    change_participants(dialogue=dialogue, emails={carl: "ny@eksempel.dk"}, removed=[], by=consultant)
    form = {
        "handling": "gem", f"email-{lone}": "l@eksempel.dk", f"initial-email-{lone}": "lone@eksempel.dk",
        f"email-{carl}": "carl@eksempel.dk", f"initial-email-{carl}": "carl@eksempel.dk", f"fjern-{dorte}": "on",
        f"email-{dorte}": "dorte@eksempel.dk", f"initial-email-{dorte}": "dorte@eksempel.dk",
    }  # fmt: skip
    assert as_user(consultant).post(f"/dialogmoeder/{dialogue.pk}/deltagere/", form).status_code == 303
    assert dict(dialogue.participants.values_list("name", "email")) == {
        "Lone": "l@eksempel.dk", "Carl": "ny@eksempel.dk",
    }  # fmt: skip


def test_one_who_came_is_not_taken_off(dialogue: Dialogue, consultant: User) -> None:
    (pk,) = put_on_list(dialogue, "Lone", by=consultant)
    dialogue.participants.update(came=True)
    with pytest.raises(NotAllowed, match="Ret først fremmødet"):
        change_participants(dialogue=dialogue, emails={}, removed=[pk], by=consultant)


def test_list_asks_as_much_for_three_as_for_one(
    dialogue: Dialogue, consultant: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    client, address = as_user(consultant), f"/dialogmoeder/{dialogue.pk}/deltagere/"
    client.get("/")  # the first visit also writes the session
    for names in (["Lone"], ["Carl", "Dorte"]):
        put_on_list(dialogue, *names, by=consultant)
        with django_assert_num_queries(LIST_QUERIES):
            client.get(address)


LIST_QUERIES = 13


# --- The letters ----------------------------------------


def test_inviting_is_for_those_who_follow_up(
    dialogue: Dialogue,
    letters: list[tuple[int, str]],
    anonymous: Client,
    other_member: User,
    member: User,
    consultant: User,
    as_user: Login,
) -> None:
    put_on_list(dialogue, "Lone", by=consultant)
    address = f"/dialogmoeder/{dialogue.pk}/indbyd/"
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [client.post(address).status_code for client in clients] == [302, 404, 403]
    assert (letters, as_user(consultant).get(address).status_code) == ([], 405)
    assert (as_user(consultant).post(address).status_code, len(letters)) == (303, 1)


def test_letters_go_once_and_only_to_the_new(
    dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User
) -> None:
    lone, carl = put_on_list(dialogue, "Lone", "Carl", by=consultant)
    add_participants(dialogue=dialogue, guests=[Guest("committee", "Uden Adresse")], by=consultant)
    assert [invite_participants(dialogue=dialogue, by=consultant) for _ in range(2)] == [2, 0]
    (dorte,) = put_on_list(dialogue, "Dorte", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    assert letters == [(lone, "indbydelse-1"), (carl, "indbydelse-1"), (dorte, "aendring-2")]


@pytest.mark.parametrize(
    ("change", "again"),
    [
        ({"starts_at": time(15)}, True),
        ({"place": "Skolen"}, True),
        ({"held_on": date(2099, 1, 1)}, True),
        ({"invitation": "Kom!"}, False),
        ({"kind": "final"}, False),
    ],
)
def test_changed_time_is_sent_to_all(
    change: dict[str, Any], again: bool, dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User
) -> None:
    put_on_list(dialogue, "Lone", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    changed = edited(dialogue, consultant, **change)
    label = ParticipantsDocument.for_dialogue(changed).send_label
    assert (label == "Send den ændrede tid til alle") == again
    assert invite_participants(dialogue=changed, by=consultant) == (1 if again else 0)
    assert invite_participants(dialogue=changed, by=consultant) == 0


def test_page_says_that_the_invited_are_not_told_yet(
    dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User, as_user: Login
) -> None:
    def told() -> list[bool]:
        page = as_user(consultant).get(dialogue.get_absolute_url()).content.decode()
        return [text in page for text in ("ikke fået besked om ændringen", "ikke fået afbud")]

    put_on_list(dialogue, "Lone", by=consultant)
    assert told() == [False, False]  # nobody is invited yet
    invite_participants(dialogue=dialogue, by=consultant)
    assert told() == [False, False]
    edited(dialogue, consultant, starts_at=time(15))
    assert told() == [True, False]
    cancelled = cancel_dialogue(dialogue=dialogue, reason="Sygdom", by=consultant)
    assert told() == [False, True]
    invite_participants(dialogue=cancelled, by=consultant)
    assert told() == [False, False]


def test_time_that_is_moved_there_and_back_is_told_each_time(
    dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User
) -> None:
    put_on_list(dialogue, "Lone", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    for hour in (15, 16, 15):
        invite_participants(dialogue=edited(dialogue, consultant, starts_at=time(hour)), by=consultant)
    assert [occasion for _, occasion in letters] == ["indbydelse-1", "aendring-2", "aendring-3", "aendring-4"]


def test_called_off_is_told_to_those_who_were_invited_and_to_no_others(
    dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User
) -> None:
    (lone,) = put_on_list(dialogue, "Lone", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    put_on_list(dialogue, "Carl", by=consultant)
    cancelled = cancel_dialogue(dialogue=dialogue, reason="Sygdom", by=consultant)
    assert [invite_participants(dialogue=cancelled, by=consultant) for _ in range(2)] == [1, 0]
    assert letters[1:] == [(lone, "aflysning-2")]


def test_new_address_is_written_to(dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User) -> None:
    lone, _ = put_on_list(dialogue, "Lone", "Carl", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    change_participants(dialogue=dialogue, emails={lone: "rigtig@eksempel.dk"}, removed=[], by=consultant)
    assert invite_participants(dialogue=dialogue, by=consultant) == 1
    assert letters[-1][0] == lone


def test_nobody_is_invited_to_what_has_been(
    dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User
) -> None:
    put_on_list(dialogue, "Lone", by=consultant)
    past = edited(dialogue, consultant, held_on=today() - DAY)
    with pytest.raises(NotAllowed, match="Dagen er gået"):
        invite_participants(dialogue=past, by=consultant)
    assert letters == []


def test_letter_is_asked_for_in_the_same_transaction(dialogue: Dialogue, consultant: User) -> None:
    (lone,) = put_on_list(dialogue, "Lone", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    assert [one.args_kwargs["args"] for one in DBTaskResult.objects.all()] == [[lone, "indbydelse-1"]]


def test_letter_that_came_back_is_told(dialogue: Dialogue, letters: list[tuple[int, str]], consultant: User) -> None:
    lone, carl = put_on_list(dialogue, "Lone", "Carl", by=consultant)
    invite_participants(dialogue=dialogue, by=consultant)
    for pk, returned_at in ((lone, timezone.now()), (carl, None)):
        Letter.objects.create(
            key=f"x:{pk}", kind="dialogindbydelse", about=f"deltager:{pk}", to="x@eksempel.dk", subject="Indbydelse",
            returned_at=returned_at,
        )  # fmt: skip
    lines = ParticipantsDocument.for_dialogue(dialogue).lines
    assert {line.participant.pk: line.has_returned for line in lines} == {lone: True, carl: False}


# --- The appointment ----------------------------------------


def event_in(content: bytes) -> Any:
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    return event


def test_appointment_says_when_where_and_why(dialogue: Dialogue) -> None:
    content = dialogue_ics(dialogue, host="eksempel.dk")
    event, calendar = event_in(content), Calendar.from_ical(content)
    assert (calendar["METHOD"], calendar["VERSION"]) == ("PUBLISH", "2.0")
    assert b"BEGIN:VTIMEZONE" in content
    assert event["UID"] == f"dialogmoede-{dialogue.pk}@eksempel.dk"
    assert (event["SEQUENCE"], event["STATUS"]) == (0, "CONFIRMED")
    assert (event["DTSTART"].dt.date(), event["DTSTART"].dt.hour, event["DTEND"].dt.hour) == (dialogue.held_on, 16, 18)
    assert event["DTSTART"].params["TZID"] == "Europe/Copenhagen"
    assert (event["LOCATION"], event["DESCRIPTION"]) == (dialogue.place, dialogue.invitation)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_changed_time_moves_the_same_appointment(dialogue: Dialogue, consultant: User) -> None:
    moved = event_in(dialogue_ics(edited(dialogue, consultant, starts_at=time(15)), host="eksempel.dk"))
    before = event_in(dialogue_ics(dialogue, host="eksempel.dk"))
    assert moved["UID"] == before["UID"]
    assert (moved["SEQUENCE"], moved["DTSTART"].dt.hour) == (1, 15)


def test_called_off_takes_the_appointment_out(dialogue: Dialogue, consultant: User) -> None:
    cancelled = cancel_dialogue(dialogue=dialogue, reason="Sygdom", by=consultant)
    event = event_in(dialogue_ics(cancelled, host="eksempel.dk"))
    assert (event["STATUS"], event["SEQUENCE"], event["DESCRIPTION"]) == ("CANCELLED", 1, "Aflyst: Sygdom")


def test_day_without_hours_is_the_whole_day(dialogue: Dialogue, consultant: User) -> None:
    changed = edited(dialogue, consultant, starts_at=None, ends_at=None)
    assert event_in(dialogue_ics(changed, host="eksempel.dk"))["DTSTART"].dt == dialogue.held_on


def test_appointment_is_for_those_the_meeting_is_for(
    dialogue: Dialogue, anonymous: Client, citizen: User, member: User, leader: User, as_user: Login
) -> None:
    publish(dialogue)
    address = f"/dialogmoeder/{dialogue.pk}/invitation.ics"
    clients = [anonymous, as_user(citizen), as_user(member), as_user(leader)]
    assert [client.get(address).status_code for client in clients] == [302, 403, 200, 200]
    assert clients[-1].post(address).status_code == 405
    assert "BEGIN:VEVENT" in clients[-1].get(address).content.decode()
