"""The secretary's page as one works on it: the next item, the rare kinds of decision, what follows the last item."""

from datetime import date, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from meetings.documents.parts import Outcome
from meetings.models import (
    AgendaItem,
    Attendance,
    Category,
    Decision,
    HousePhrase,
    Meeting,
    Municipality,
    Stay,
    User,
)
from tests.conftest import Login, decide
from tests.meetings.test_decisions_by_point import close
from tests.meetings.test_recording import typed


def page_of(meeting: Meeting, user: User, as_user: Login) -> str:
    response = as_user(user).get(f"/moeder/{meeting.pk}/beslutninger/")
    return " ".join(response.content.decode().split())


def test_page_leads_to_the_next_undecided_item(
    meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    assert '<a href="#punkt-1">Gå til punkt 1</a>' in page_of(meeting, secretary, as_user)
    decide(open_item, "approved", "Godkendt.", by=secretary)
    assert '<a href="#punkt-2">Gå til punkt 2</a>' in page_of(meeting, secretary, as_user)


def test_page_leads_to_the_end_of_the_meeting_and_then_to_publishing(
    meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    end = f'<a class="button button-primary" href="/moeder/{meeting.pk}/luk/">Luk mødet</a>'
    publishing = f'<a href="/moeder/{meeting.pk}/offentliggoer/">Offentliggør referatet</a>'
    decide(open_item, "approved", "Godkendt.", by=secretary)
    page = page_of(meeting, secretary, as_user)
    assert (end in page, f'<a href="/moeder/{meeting.pk}/luk/">Luk mødet</a>' in page) == (False, True)
    decide(closed_item, "approved", "Godkendt.", by=secretary)
    page = page_of(meeting, secretary, as_user)
    assert (end in page, publishing in page, "Gå til punkt" in page) == (True, False, False)
    close(meeting, secretary)
    page = page_of(meeting, secretary, as_user)
    assert (end in page, publishing in page) == (False, True)


def test_phrases_are_those_of_the_house(
    meeting: Meeting, municipality: Municipality, secretary: User, as_user: Login
) -> None:
    assert 'data-phrase="Godkendt."' in page_of(meeting, secretary, as_user)
    HousePhrase.objects.create(municipality=municipality, text="Tiltrådt enstemmigt.", category="approved", position=1)
    page = page_of(meeting, secretary, as_user)
    assert ('data-phrase="Tiltrådt enstemmigt."' in page, 'data-phrase="Godkendt."' in page) == (True, False)


def test_stayed_decision_carries_its_banner(
    meeting: Meeting, open_item: AgendaItem, secretary: User, member: User, as_user: Login
) -> None:
    decision = decide(open_item, "approved", "Godkendt.", by=secretary)
    Attendance.objects.create(meeting=meeting, person=member.person, state="present")
    Stay.objects.create(decision=decision, declared_by=member.person, recorded_by=secretary)
    page = page_of(meeting, secretary, as_user)
    assert "Beslutningen er standset og har ingen virkning endnu. Mette Medlem har begæret" in page
    assert "Sæt en ordlyd i kraft" not in page


@pytest.mark.parametrize(("category", "is_open"), [("approved", False), ("none", True)])
def test_rare_kinds_of_decision_are_shown_when_one_of_them_is_chosen(
    category: str, is_open: bool, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(f"{open_item.get_absolute_url()}kladde/", typed("", category))
    page = page_of(open_item.meeting, secretary, as_user)
    assert ('<details class="rare" open>' in page) == is_open
    assert page.count('type="radio"') % len(Category) == 0


def test_approval_leads_to_putting_a_wording_in_force(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    assert "Sæt en ordlyd i kraft" not in page_of(meeting, secretary, as_user)
    decision = decide(open_item, "approved", "Godkendt.", by=secretary)
    assert f"/pejlemaerker/ikraft/?beslutning={decision.pk}" in page_of(meeting, secretary, as_user)


def test_refused_decision_is_told_at_the_top_without_javascript(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    response: Any = as_user(secretary).post(f"{open_item.get_absolute_url()}beslutning/", typed(""))
    page = " ".join(response.content.decode().split())
    assert "<title>Fejl: Skriv beslutninger" in page
    assert '<a href="#punkt-1">Ret punkt 1</a>' in page


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2022, 10, 3), "kl. 14.35"), (date(2022, 10, 4), "4. oktober 2022 kl. 14.35")],
)
def test_protocol_tells_the_day_when_it_is_not_that_of_the_decision(
    day: date, told: str, open_item: AgendaItem, secretary: User
) -> None:
    at = datetime.combine(day, time(14, 35), tzinfo=timezone.get_current_timezone())
    Decision.objects.create(
        item=open_item, category="approved", text="Godkendt.", decided_on=date(2022, 10, 3), recorded_by=secretary,
        recorded_at=at,
    )  # fmt: skip
    decision = Decision.objects.with_effective_category().get()
    assert Outcome.of(decision, names_officials=True).recorded == f"Ført til protokollen {told} af Signe Sekretær"
