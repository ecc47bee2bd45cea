"""/kalender.ics and /nyt.atom: what other programs are told."""

from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client

from meetings.actions import publish as publish_record
from meetings.actions import withdraw
from meetings.models import AGENDA, MINUTES, Committee, FormerName, Meeting, User
from tests.conftest import CANARY, Login, publish

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
ATOM = "{http://www.w3.org/2005/Atom}"


def events(response: Any) -> list[Any]:
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(response.content).walk("VEVENT"))


def entries(response: Any) -> list[Any]:
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content).findall(f"{ATOM}entry")  # noqa: S314  (our own)


def titles(response: Any) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in entries(response)]


# --- Calendar ----------------------------------------


def test_calendar_tells_when_and_where_in_local_time(published_meeting: Meeting, anonymous: Client) -> None:
    Meeting.objects.filter(pk=published_meeting.pk).update(ends_at=time(19, 30))
    response = anonymous.get("/kalender.ics")
    (event,) = events(response)
    assert (event.start, event.end) == (
        datetime(2022, 10, 3, 17, 0, tzinfo=COPENHAGEN), datetime(2022, 10, 3, 19, 30, tzinfo=COPENHAGEN),
    )  # fmt: skip
    assert b"DTSTART;TZID=Europe/Copenhagen:20221003T170000" in response.content
    assert b"BEGIN:VTIMEZONE" in response.content
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), str(event["STATUS"])) == (
        "Børne- og Uddannelsesudvalget", "Rådhuset, lokale 1", "CONFIRMED",
    )  # fmt: skip
    assert str(event["URL"]) == f"http://testserver/moeder/{published_meeting.pk}/"
    assert CANARY not in response.content.decode()


def test_calendar_keeps_a_meetings_name_for_good_and_says_when_it_is_cancelled(
    meeting: Meeting, member: User, as_user: Login
) -> None:
    client = as_user(member)
    (before,) = events(client.get("/kalender.ics"))
    Meeting.objects.filter(pk=meeting.pk).update(cancelled="For få punkter", revision=1, starts_at=None)
    (after,) = events(client.get("/kalender.ics"))
    assert before["UID"] == after["UID"] == f"moede-{meeting.pk}@testserver"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert (str(after["STATUS"]), str(after["SUMMARY"])) == ("CANCELLED", "Aflyst: Børne- og Uddannelsesudvalget")
    assert after.start == date(2022, 10, 3)


def test_calendar_holds_what_the_viewer_may_see(
    meeting: Meeting, other_committee: Committee, anonymous: Client, member: User, as_user: Login
) -> None:
    publish(Meeting.objects.create(committee=other_committee, date=date(2022, 11, 1)))
    assert [len(events(client.get("/kalender.ics"))) for client in (anonymous, as_user(member))] == [1, 2]
    (event,) = events(as_user(member).get("/kalender.ics", {"udvalg": meeting.committee.slug}))
    assert event.start == datetime(2022, 10, 3, 17, 0, tzinfo=COPENHAGEN)


@pytest.mark.parametrize("slug", ["findes-ikke", "\x00", "æ"])
@pytest.mark.parametrize("address", ["/kalender.ics", "/nyt.atom"])
def test_feed_of_an_unknown_committee_is_not_there(address: str, slug: str, anonymous: Client) -> None:
    assert anonymous.get(address, {"udvalg": slug}).status_code == 404


@pytest.mark.parametrize("address", ["/kalender.ics", "/nyt.atom"])
def test_feed_is_sent_once_and_only_read(address: str, published_meeting: Meeting, anonymous: Client) -> None:
    first = anonymous.get(address)
    assert anonymous.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert anonymous.post(address).status_code == 405


# --- Atom ----------------------------------------


def test_feed_tells_what_was_made_public_newest_first(
    published_meeting: Meeting, committee: Committee, anonymous: Client
) -> None:
    FormerName.objects.create(committee=committee, name="Børneudvalget", until=date(2021, 12, 31))
    old = Meeting.objects.create(committee=committee, date=date(2021, 5, 3))
    publish_record(subject=AGENDA, record=old, by=None, warnings_accepted=[])
    response = anonymous.get("/nyt.atom")
    assert titles(response) == [
        "Dagsorden: Børneudvalget, 3. maj 2021",
        "Referat: Børne- og Uddannelsesudvalget, 3. oktober 2022",
        "Dagsorden: Børne- og Uddannelsesudvalget, 3. oktober 2022",
    ]
    link = entries(response)[1].find(f"{ATOM}link")
    assert link.attrib["href"] == f"http://testserver/moeder/{published_meeting.pk}/"
    assert CANARY not in response.content.decode()


def test_feed_forgets_what_was_taken_back(published_meeting: Meeting, anonymous: Client) -> None:
    withdraw(subject=MINUTES, record=published_meeting, by=None)
    assert titles(anonymous.get("/nyt.atom")) == ["Dagsorden: Børne- og Uddannelsesudvalget, 3. oktober 2022"]


def test_feed_tells_nothing_that_is_not_public(meeting: Meeting, member: User, as_user: Login) -> None:
    assert titles(as_user(member).get("/nyt.atom")) == []


def test_feed_is_of_one_committee_when_asked(
    published_meeting: Meeting, other_committee: Committee, anonymous: Client
) -> None:
    publish(Meeting.objects.create(committee=other_committee, date=date(2022, 11, 1)))
    assert titles(anonymous.get("/nyt.atom", {"udvalg": other_committee.slug})) == [
        "Referat: Kultur- og Fritidsudvalget, 1. november 2022",
        "Dagsorden: Kultur- og Fritidsudvalget, 1. november 2022",
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_feeds_ask_the_same_number_of_queries_however_long(
    rows: int, committee: Committee, anonymous: Client, django_assert_num_queries: Any
) -> None:
    for month in range(1, rows + 1):
        publish(Meeting.objects.create(committee=committee, date=date(2022, month, 1)))
    with django_assert_num_queries(3):
        anonymous.get("/nyt.atom")
    with django_assert_num_queries(2):
        anonymous.get("/kalender.ics")


def test_pages_tell_readers_where_the_feeds_are(committee: Committee, anonymous: Client) -> None:
    for address, query in (("/moeder/", ""), (committee.get_absolute_url(), f"?udvalg={committee.slug}")):
        page = anonymous.get(address).content.decode()
        assert f'href="/nyt.atom{query}"' in page
        assert f'href="/kalender.ics{query}"' in page
