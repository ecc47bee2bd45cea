"""/moeder/?vis=kalender: a month as on a Danish wall, Monday first and with week numbers."""

from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.models import Committee, FormerName, Meeting, User
from tests.conftest import Login, publish


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    with time_machine.travel("2026-11-22T10:00:00+01:00", tick=False):
        yield


def month(client: Client, query: str = "") -> Any:
    return client.get(f"/moeder/?vis=kalender{query}")


def test_month_begins_on_a_monday_and_knows_its_weeks(anonymous: Client) -> None:
    document = month(anonymous).context["document"]
    assert document.name == "November 2026"
    assert [week.number for week in document.weeks] == [44, 45, 46, 47, 48, 49]
    assert [document.weeks[0].days[0].day, document.weeks[-1].days[-1].day] == [date(2026, 10, 26), date(2026, 12, 6)]
    assert [day.day for week in document.weeks for day in week.days if day.is_today] == [date(2026, 11, 22)]


def test_month_is_a_table_with_headings(anonymous: Client) -> None:
    page = " ".join(month(anonymous).content.decode().split())
    assert '<caption class="sr-only">Møder i november 2026</caption>' in page
    assert '<th scope="col">Uge</th> <th scope="col">Mandag</th>' in page
    assert '<th scope="row"> <span class="sr-only">uge</span> 47 </th>' in page


def test_meetings_stand_on_their_day(committee: Committee, member: User, as_user: Login) -> None:
    FormerName.objects.create(committee=committee, name="Børneudvalget", until=date(2025, 12, 31))
    Meeting.objects.create(committee=committee, date=date(2026, 11, 9), starts_at=time(17))
    Meeting.objects.create(committee=committee, date=date(2026, 11, 30), cancelled="Ingen punkter")
    Meeting.objects.create(committee=committee, date=date(2026, 10, 26))  # of the month before, in the first week
    Meeting.objects.create(committee=committee, date=date(2025, 11, 3))
    client = as_user(member)
    response = month(client)
    told = [(day.name, [m.time for m in day.meetings]) for day in response.context["document"].days]
    assert told == [("mandag 9. november", ["kl. 17.00"]), ("mandag 30. november", [""])]
    assert "Aflyst: Børne- og Uddannelsesudvalget" in response.content.decode()
    assert "Børneudvalget" in month(client, "&maaned=2025-11").content.decode()


def test_month_shows_no_meeting_that_is_not_published(meeting: Meeting, anonymous: Client) -> None:
    assert month(anonymous, "&maaned=2022-10").context["document"].days == ()
    publish(meeting)
    assert [day.name for day in month(anonymous, "&maaned=2022-10").context["document"].days] == ["mandag 3. oktober"]


def test_one_turns_to_the_months_around_and_keeps_the_committee(
    meeting: Meeting, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    Meeting.objects.create(committee=other_committee, date=date(2026, 1, 5))
    client = as_user(administrator)
    slug = meeting.committee.slug
    page = month(client, f"&maaned=2026-01&udvalg={slug}").content.decode()
    assert f'href="?udvalg={slug}&amp;vis=kalender&amp;maaned=2025-12" rel="prev"' in page
    assert f'href="?udvalg={slug}&amp;vis=kalender&amp;maaned=2026-02" rel="next"' in page
    assert f'href="?udvalg={slug}"' in page
    assert f'<option value="{slug}" selected>' in page
    assert f'<a href="?udvalg={slug}&amp;vis=kalender&amp;maaned=2022-10">oktober 2022</a>' in page  # nothing nearer


@pytest.mark.parametrize("text", ["", "2026-13", "0000-01", "2026", "i morgen", "2026-1", "99999-01"])
def test_month_that_makes_no_sense_is_the_present_one(text: str, anonymous: Client) -> None:
    assert month(anonymous, f"&maaned={text}").context["document"].first == date(2026, 11, 1)
