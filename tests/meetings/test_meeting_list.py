"""/moeder/ as a list: what comes first, what one can choose, what it costs."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from meetings.documents import meeting_list
from meetings.models import Committee, FormerName, Meeting, User
from tests.conftest import Login, publish

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    with time_machine.travel("2026-11-22T10:00:00+01:00", tick=False):
        yield


def meet(committee: Committee, *days: date, **more: Any) -> list[Meeting]:
    return [Meeting.objects.create(committee=committee, date=day, **more) for day in days]


def listed(response: Any) -> list[str]:
    document = response.context["document"]
    return [row.date_text for row in (*document.coming, *(row for _, rows in document.years for row in rows))]


def test_meetings_to_come_stand_first_and_the_nearest_on_top(
    committee: Committee, member: User, as_user: Login
) -> None:
    meet(committee, date(2026, 12, 7), date(2026, 11, 2), TODAY, date(2025, 3, 3), date(2027, 1, 4))
    response = as_user(member).get("/moeder/")
    assert listed(response) == [
        "22. november 2026", "7. december 2026", "4. januar 2027", "2. november 2026", "3. marts 2025",
    ]  # fmt: skip
    assert "Kommende møder" in response.content.decode()
    assert "Tidligere, 2026" in " ".join(response.content.decode().split())


def test_list_bears_the_name_of_the_day(committee: Committee, member: User, as_user: Login) -> None:
    FormerName.objects.create(committee=committee, name="Børneudvalget", until=date(2023, 12, 31))
    meet(committee, date(2023, 5, 1), date(2024, 5, 1))
    years = as_user(member).get("/moeder/").context["document"].years
    assert [row.committee for _, rows in years for row in rows] == ["Børne- og Uddannelsesudvalget", "Børneudvalget"]


def test_cancelled_meeting_says_so_in_words(committee: Committee, member: User, as_user: Login) -> None:
    meet(committee, TODAY, cancelled="For få punkter")
    assert '<span class="badge badge-error">Aflyst</span>' in as_user(member).get("/moeder/").content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?tid=kommende", ["1. december 2026"]),
        ("?tid=tidligere", ["2. november 2026", "3. marts 2025"]),
        ("?aar=2025", ["3. marts 2025"]),
        ("?aar=2026&tid=tidligere", ["2. november 2026"]),
        ("?udvalg=kultur-og-fritidsudvalget", []),
        ("?aar=0000&tid=igår&vis=noget&side=x&udvalg=%00", ["1. december 2026", "2. november 2026", "3. marts 2025"]),
    ],
)
def test_list_is_narrowed_by_what_stands_in_the_address(
    query: str, expected: list[str], committee: Committee, other_committee: Committee, administrator: User,
    as_user: Login,
) -> None:  # fmt: skip
    meet(committee, date(2026, 12, 1), date(2026, 11, 2), date(2025, 3, 3))
    other = meet(other_committee, date(2024, 1, 1))
    response = as_user(administrator).get(f"/moeder/{query}")
    told = listed(response)
    other[0].delete()
    assert told == (expected or ["1. januar 2024"]) or told == [*expected, "1. januar 2024"]


def test_choice_is_kept_in_fields_and_links(
    committee: Committee, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    meet(committee, *(date(2025, 1, 1) + timedelta(days=n) for n in range(51)))
    meet(other_committee, date(2025, 6, 1))
    page = as_user(administrator).get(f"/moeder/?udvalg={committee.slug}&aar=2025&tid=tidligere").content.decode()
    assert f'<option value="{committee.slug}" selected>' in page
    assert '<option value="2025" selected>' in page
    assert '<option value="tidligere" selected>' in page
    assert f'href="?udvalg={committee.slug}&amp;aar=2025&amp;tid=tidligere&amp;side=2"' in page
    assert f'href="?udvalg={committee.slug}&amp;vis=kalender&amp;maaned=2025-01"' in page
    assert f'href="/kalender.ics?udvalg={committee.slug}"' in page


def test_list_turns_its_pages(committee: Committee, member: User, as_user: Login) -> None:
    meet(committee, *(date(2025, 1, 1) + timedelta(days=n) for n in range(51)))
    client = as_user(member)
    first, second = client.get("/moeder/"), client.get("/moeder/?side=2")
    assert (len(listed(first)), listed(second)) == (50, ["1. januar 2025"])
    assert 'href="?side=2" rel="next"' in first.content.decode()
    assert 'href="?side=1" rel="prev"' in second.content.decode()
    assert listed(client.get("/moeder/?side=900")) == ["1. januar 2025"]


def test_list_ends_where_only_a_year_leads_on(
    committee: Committee, member: User, as_user: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_list, "MOST", 3)
    meet(committee, date(2026, 12, 7), *(date(2021, 1, 1) + timedelta(days=n) for n in range(4)))
    client = as_user(member)
    page = client.get("/moeder/")
    assert listed(page) == ["7. december 2026", "4. januar 2021", "3. januar 2021"]
    assert "Vælg et år for at se ældre møder" in page.content.decode()
    of_the_year = client.get("/moeder/?aar=2021&tid=tidligere")
    assert "Vælg et år for at se ældre møder" not in of_the_year.content.decode()


def test_insiders_are_told_how_far_a_meeting_is_and_outsiders_what_is_public(
    meeting: Meeting, member: User, anonymous: Client, as_user: Login
) -> None:
    def state(client: Client) -> list[str]:
        years = client.get("/moeder/").context["document"].years
        return [row.state.text for _, rows in years for row in rows]

    assert (state(as_user(member)), state(anonymous)) == (["Dagsorden under udarbejdelse"], [])
    publish(meeting)
    assert (state(as_user(member)), state(anonymous)) == (["Referat offentligt"], ["Referat offentligt"])


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_list_asks_the_same_number_of_queries_however_long(
    rows: int, committee: Committee, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n * 3) for n in range(rows)]
    Meeting.objects.bulk_create([Meeting(committee=committee, date=day, starts_at=time(17)) for day in days])
    client = as_user(member)
    client.get("/moeder/")  # the first page of a session stores its CSRF token
    with django_assert_num_queries(10):
        client.get("/moeder/")
    with django_assert_num_queries(9):
        client.get("/moeder/?vis=kalender&maaned=2026-01")
