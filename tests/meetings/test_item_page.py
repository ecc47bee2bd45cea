"""One item's page tells its whole story: four viewers, before and after the minutes are public."""

from typing import Any

import pytest
from django.test import Client

from meetings.actions import publish as publish_record
from meetings.models import (
    AGENDA,
    AgendaItem,
    Attendance,
    Closing,
    Decision,
    ItemAbsence,
    Meeting,
    MinutesAddition,
    Person,
    Promise,
    ProtocolNote,
    Recommendation,
    Recusal,
    Stay,
    StayOutcome,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import CANARY, Login, make_member, publish


def shown(client: Client, item: AgendaItem) -> str:
    return " ".join(client.get(item.get_absolute_url()).content.decode().split())


@pytest.fixture
def treated(open_item: AgendaItem, member: User, secretary: User) -> AgendaItem:
    """The open item with all that can happen to one: absence, recusal, vote, two outcomes, dissent, stay, promise."""
    Recommendation.including_closed.create(item=open_item, number=2, by="Direktøren for Børn", text="at vi evaluerer.")
    meeting = open_item.meeting
    people = [Person.objects.get(user=member)]
    for username, name in (("inger", "Inger Inhabil"), ("ulla", "Ulla Ude"), ("jens", "Jens Jensen")):
        people.append(Person.objects.get(user=make_member(meeting.committee, username, name)))
    mette, inger, ulla, jens = people
    for person in people:
        Attendance.objects.create(meeting=meeting, person=person, state="present")
    Recusal.including_closed.create(
        item=open_item, person=inger, ground="Ejer grunden", is_disqualified=True, recorded_by=secretary
    )
    ItemAbsence.including_closed.create(item=open_item, person=ulla, note="forlod mødet kl. 18.10")
    vote = Vote.including_closed.create(item=open_item, recorded_by=secretary)
    VoteLine.including_closed.create(vote=vote, person=jens, stance="for", party="A")
    VoteLine.including_closed.create(vote=vote, person=mette, stance="against", party="A")
    ProtocolNote.including_closed.create(
        item=open_item, kind="dissent", by="Mette Medlem (A)", text="Vi ville have ventet.", recorded_by=secretary
    )
    Promise.including_closed.create(
        item=open_item, text="Et notat om økonomien", due_on=meeting.date, recorded_by=secretary
    )
    first, second = Recommendation.including_closed.filter(item=open_item)
    stayed = Decision.including_closed.create(
        item=open_item, recommendation=first, category="approved", text="Godkendt.", decided_on=meeting.date,
        departs=False, recorded_by=secretary,
    )  # fmt: skip
    Decision.including_closed.create(
        item=open_item, recommendation=second, category="approved_amended", text="Godkendt med en frist.",
        conditions="Inden sommer.", departs=True, decided_on=meeting.date, recorded_by=secretary,
    )  # fmt: skip
    Stay.including_closed.create(decision=stayed, declared_by=mette, reason="Vi er uenige.", recorded_by=secretary)
    return open_item


PROTOCOL = [
    "Ad 1", "Ad 2", "Godkendt med en frist.", "Inden sommer.", "Afviger fra indstillingen",
    "For stemte 1 (Jens Jensen (A)).", "Imod stemte 1 (Mette Medlem (A)).", "Stemmelighed",
    "Inger Inhabil (A) var inhabil", "Ulla Ude (A) deltog ikke", "Afvigende mening, Mette Medlem (A)",
    "Vi ville have ventet.", "Et notat om økonomien", "Ikke indfriet endnu",
    "Beslutningen er standset og har ingen virkning endnu.", "Vi er uenige.",
]  # fmt: skip


def test_those_who_may_read_the_minutes_read_the_whole_story(
    treated: AgendaItem, member: User, secretary: User, anonymous: Client, other_member: User, as_user: Login
) -> None:
    publish(treated.meeting)
    for client in (as_user(member), as_user(secretary), anonymous, as_user(other_member)):
        page = shown(client, treated)
        assert [words for words in PROTOCOL if words not in page] == []


def test_outsiders_read_nothing_of_the_protocol_before_the_minutes_are_public(
    treated: AgendaItem, member: User, secretary: User, anonymous: Client, other_member: User, as_user: Login
) -> None:
    publish_record(subject=AGENDA, record=treated.meeting, by=None, warnings_accepted=[])
    for client in (anonymous, as_user(other_member)):
        page = shown(client, treated)
        assert [words for words in PROTOCOL if words in page] == []
        assert "at udvalget godkender pejlemærkerne." in page
    for client in (as_user(member), as_user(secretary)):
        assert [words for words in PROTOCOL if words not in shown(client, treated)] == []


def test_ground_of_a_recusal_and_names_of_officials_stay_inside(
    treated: AgendaItem, member: User, anonymous: Client, as_user: Login
) -> None:
    publish(treated.meeting)
    inside, outside = shown(as_user(member), treated), shown(anonymous, treated)
    assert ["Ejer grunden" in inside, "Signe Sekretær" in inside] == [True, True]
    assert ["Ejer grunden" in outside, "Signe Sekretær" in outside] == [False, False]


def test_stay_stands_above_everything_and_its_outcome_after_it(
    treated: AgendaItem, secretary: User, anonymous: Client, as_user: Login
) -> None:
    publish(treated.meeting)
    page = shown(anonymous, treated)
    assert page.index("er standset og har ingen virkning endnu") < page.index("<h2>Indstilling</h2>")
    assert "Skriv standsningens udfald" in shown(as_user(secretary), treated)
    StayOutcome.including_closed.create(
        stay=Stay.including_closed.get(), verdict="confirmed", decided_on=treated.meeting.date, note="Pkt. 9",
        recorded_by=secretary,
    )  # fmt: skip
    assert "Kommunalbestyrelsen har stadfæstet beslutningen 3. oktober 2022." in shown(anonymous, treated)
    assert "Skriv standsningens udfald" not in shown(as_user(secretary), treated)


def test_only_an_approval_that_is_not_stayed_is_offered_to_put_a_wording_in_force(
    treated: AgendaItem, secretary: User, as_user: Login
) -> None:
    page = shown(as_user(secretary), treated)
    assert page.count("/pejlemaerker/ikraft/?beslutning=") == 1
    assert f"?beslutning={Decision.including_closed.get(category='approved_amended').pk}" in page


def test_what_one_may_do_is_offered_to_those_who_may(
    treated: AgendaItem, member: User, secretary: User, as_user: Login
) -> None:
    assert 'class="actions"' not in shown(as_user(member), treated)
    assert "Ret ved dateret tilføjelse" in shown(as_user(secretary), treated)


def test_item_leads_to_the_items_around_it_that_one_may_see(
    published_meeting: Meeting, closed_item: AgendaItem, anonymous: Client, member: User, as_user: Login
) -> None:
    third = AgendaItem.including_closed.create(
        meeting=published_meeting, number="3", position=3, title="Budget", is_closed=False
    )
    around = [client.get(third.get_absolute_url()).context["document"] for client in (anonymous, as_user(member))]
    assert [document.before.name for document in around] == [
        "1. Politiske pejlemærker 2022–2025", f"2. {CANARY} i titlen",
    ]  # fmt: skip
    assert [document.after for document in around] == [None, None]


@pytest.mark.parametrize("rows", [1, 3])
def test_item_asks_the_same_number_of_queries_however_much_happened(
    rows: int, treated: AgendaItem, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        ProtocolNote.including_closed.create(item=treated, by=f"Gruppe {n}", text="…", recorded_by=secretary)
        Promise.including_closed.create(item=treated, text=f"Svar {n}", due_on=treated.meeting.date)
        AgendaItem.including_closed.create(meeting=treated.meeting, number=f"3{n}", position=30 + n, title="Sag")
    client = as_user(secretary)
    client.get(treated.get_absolute_url())
    with django_assert_num_queries(27):
        client.get(treated.get_absolute_url())


# --- The meeting's page -----------------------------------------------------------------------------------------------


def test_meeting_tells_each_outcome_and_the_vote_in_a_line(
    treated: AgendaItem, anonymous: Client, member: User, as_user: Login
) -> None:
    page = " ".join(as_user(member).get(f"/moeder/{treated.meeting_id}/").content.decode().split())
    words = ["Ad 1:", "Ad 2:", "Afviger fra indstillingen", "Standset, ingen virkning", "Stemmelighed"]
    assert [told for told in words if told not in page] == []
    assert "<dt>Til stede</dt>" in page
    publish_record(subject=AGENDA, record=treated.meeting, by=None, warnings_accepted=[])
    outside = " ".join(anonymous.get(f"/moeder/{treated.meeting_id}/").content.decode().split())
    assert [told for told in [*words, "Til stede"] if told in outside] == []


def test_meeting_leads_to_the_committees_meetings_around_it_that_one_may_see(
    published_meeting: Meeting, anonymous: Client, member: User, as_user: Login
) -> None:
    for day in ("2022-09-05", "2022-11-07", "2022-12-05"):
        Meeting.objects.create(committee=published_meeting.committee, date=day)
    documents = [
        client.get(published_meeting.get_absolute_url()).context["document"] for client in (anonymous, as_user(member))
    ]
    assert [(one.before and one.before.name, one.after and one.after.name) for one in documents] == [
        (None, None), ("Mødet 5. september 2022", "Mødet 7. november 2022"),
    ]  # fmt: skip


def test_cancelled_meeting_tells_why(meeting: Meeting, member: User, as_user: Login) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(cancelled="For få punkter")
    page = as_user(member).get(meeting.get_absolute_url()).content.decode()
    assert ("Mødet er aflyst" in page, "For få punkter" in page) == (True, True)


def test_additions_stand_below_the_minutes_for_those_who_may_read_them(
    closed_meeting: Meeting, anonymous: Client, member: User, secretary: User, as_user: Login
) -> None:
    MinutesAddition.objects.create(meeting=closed_meeting, text="Jens deltog også.", recorded_by=secretary)
    publish_record(subject=AGENDA, record=closed_meeting, by=None, warnings_accepted=[])
    address = closed_meeting.get_absolute_url()
    assert "Jens deltog også." in as_user(member).get(address).content.decode()
    assert "Jens deltog også." not in anonymous.get(address).content.decode()
    publish(closed_meeting)
    page = anonymous.get(address).content.decode()
    assert ("Jens deltog også." in page, "Signe Sekretær" in page) == (True, False)


@pytest.fixture
def closed_meeting(meeting: Meeting, approval: Decision, closed_approval: Decision, member: User) -> Meeting:
    Attendance.objects.create(meeting=meeting, person=Person.objects.get(user=member), state="present")
    Closing.objects.create(meeting=meeting)
    return meeting


def test_secretary_sees_the_meeting_as_a_citizen_does_now(
    meeting: Meeting, closed_item: AgendaItem, approval: Decision, secretary: User, member: User, as_user: Login
) -> None:
    client, address = as_user(secretary), f"/moeder/{meeting.pk}/?som=borger"
    assert "Siden findes ikke for borgere endnu" in client.get(address).content.decode()
    publish_record(subject=AGENDA, record=meeting, by=None, warnings_accepted=[])
    page = client.get(address).content.decode()
    assert ["Referatet er ikke offentliggjort" in page, "Godkendt." in page, CANARY in page] == [True, False, False]
    publish(meeting)
    page = client.get(address).content.decode()
    assert ["Alt herunder er offentligt." in page, "Godkendt." in page, CANARY in page] == [True, True, False]
    assert "Som en borger ser mødet nu" not in as_user(member).get(address).content.decode()
