"""A meeting's time and place: changed, refused, called off; and a new one begun with an earlier one's items."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.actions import NotAllowed, create_meeting
from meetings.models import AgendaItem, Committee, CouncilTerm, Meeting, User
from tests.conftest import CANARY, Login, decide
from tests.meetings.test_arranging import close
from tests.meetings.test_planning import typed_meeting


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "date": "2022-10-04", "starts_at": "16:00", "ends_at": "18:30", "place": "Biblioteket", "kind": "extraordinary",
        "cancelled": "", "revision": "0",
    } | changes  # fmt: skip


def test_changing_a_meeting_is_for_those_who_plan(
    meeting: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    address = f"/moeder/{meeting.pk}/ret/"
    assert [client.get(address).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(address, typed()).status_code for client in clients] == [302, 403, 404, 303]
    assert clients[3].delete(address).status_code == 405


def test_meeting_is_changed(meeting: Meeting, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed())
    meeting.refresh_from_db()
    assert (str(meeting.date), str(meeting.starts_at), str(meeting.ends_at), meeting.place, meeting.kind) == (
        "2022-10-04", "16:00:00", "18:30:00", "Biblioteket", "extraordinary",
    )  # fmt: skip


def test_two_secretaries_on_one_meeting_see_both(
    meeting: Meeting, secretary: User, second_secretary: User, as_user: Login
) -> None:
    address = f"/moeder/{meeting.pk}/ret/"
    as_user(second_secretary).post(address, typed(place="Skolen"))
    first = as_user(secretary)
    response = first.post(address, typed())
    conflict = response.context["conflict"]
    assert (response.status_code, conflict["mine"], conflict["theirs"], conflict["by"]) == (
        409, "Sted: Biblioteket", "Sted: Skolen", "Søren Sekretær",
    )  # fmt: skip
    assert Meeting.objects.get().place == "Skolen"
    first.post(address, typed(revision=response.context["form"]["revision"].value()))
    assert Meeting.objects.get().place == "Biblioteket"


def test_meeting_sent_twice_is_changed_once(meeting: Meeting, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    answers = [client.post(f"/moeder/{meeting.pk}/ret/", typed()).status_code for _ in range(2)]
    assert (answers, Meeting.objects.get().revision) == ([303, 303], 1)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"date": ""}, {"date": ["Skriv datoen."]}),
        ({"date": "1922-10-04"}, {"date": [
            "Kan mødet være i 1922? Datoen skal ligge efter 1999 og højst to år frem."
        ]}),
        ({"date": "2021-12-31"}, {"date": ["Mødet ligger uden for valgperioderne 2022–2025 og 2026–2029."]}),
        ({"date": "2022-01-15"}, {"date": ["Børne- og Uddannelsesudvalget findes først fra 1. februar 2022."]}),
        ({"date": "2025-12-15"}, {"date": ["Børne- og Uddannelsesudvalget fandtes kun til 30. november 2025."]}),
        ({"ends_at": "15:00"}, {"ends_at": ["Mødet kan ikke slutte, før det begynder."]}),
        ({"starts_at": "kl. fem"}, {"starts_at": ["Skriv tidspunktet som 17.00."]}),
    ],
)  # fmt: skip
def test_meeting_typed_wrong_is_explained_and_kept(
    changes: dict[str, str], errors: dict[str, list[str]], meeting: Meeting, secretary: User, as_user: Login
) -> None:
    municipality = meeting.committee.municipality
    for year in (2022, 2026):
        CouncilTerm.objects.create(
            municipality=municipality, starts_on=date(year, 1, 1), ends_on=date(year + 3, 12, 31)
        )
    Committee.objects.update(valid_from=date(2022, 2, 1), valid_to=date(2025, 11, 30))
    response = as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed(**changes))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert response.context["form"]["place"].value() == "Biblioteket"
    assert Meeting.objects.get().revision == 0


def test_meeting_may_end_after_midnight(meeting: Meeting, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed(ends_at="00:30")).status_code == 303


def test_new_meeting_lies_inside_the_council_term(committee: Committee, secretary: User, as_user: Login) -> None:
    CouncilTerm.objects.create(
        municipality=committee.municipality, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31)
    )
    response = as_user(secretary).post("/moeder/nyt/", typed_meeting(committee))
    assert response.context["form"].errors == {"date": ["Mødet ligger uden for valgperioden 2022–2025."]}
    with pytest.raises(NotAllowed):
        create_meeting(
            committee=committee, date=date(2026, 3, 2), starts_at=None, place="", open_titles=[], closed_titles=[],
            nonce=Meeting().nonce, by=secretary,
        )  # fmt: skip
    assert Meeting.objects.count() == 0


def test_day_stands_once_something_is_decided(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    decide(open_item, "approved", "Godkendt.", by=secretary)
    response = as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed())
    assert response.context["form"].errors == {
        "date": ["Der er ført beslutninger til protokollen; mødets dato ligger fast."]
    }
    assert as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed(date="2022-10-03")).status_code == 303


def test_two_meetings_are_not_held_at_the_same_hour(meeting: Meeting, secretary: User, as_user: Login) -> None:
    other = Meeting.objects.create(committee=meeting.committee, date=date(2022, 11, 7))
    response = as_user(secretary).post(f"/moeder/{other.pk}/ret/", typed(date="2022-10-03", starts_at="17:00"))
    assert response.context["form"].errors == {"date": ["Udvalget har allerede et møde den dag på det tidspunkt."]}


def test_closed_meeting_stays_as_it_was(meeting: Meeting, member: User, secretary: User, as_user: Login) -> None:
    close(meeting, secretary)
    client, address = as_user(secretary), f"/moeder/{meeting.pk}/ret/"
    assert client.get(address).headers["Location"] == meeting.get_absolute_url()
    response = client.post(address, typed(date="2022-10-03"))
    assert (response.status_code, response.context["form"]["place"].value()) == (409, "Biblioteket")
    assert "Mødet er lukket." in response.text
    assert Meeting.objects.get().place == "Rådhuset, lokale 1"


def test_meeting_is_called_off_with_a_reason(meeting: Meeting, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(f"/moeder/{meeting.pk}/ret/", typed(cancelled="Der er ingen sager"))
    assert Meeting.objects.get().cancelled == "Der er ingen sager"


# --- Begun with an earlier meeting's items --------------------------------------------------------


@pytest.fixture
def earlier(committee: Committee) -> list[Meeting]:
    """Two meetings that share their first and last items."""
    meetings = []
    for month, title in ((1, "Budget"), (2, "Skolestruktur")):
        meeting = Meeting.objects.create(committee=committee, date=date(2026, month, 2))
        titles = [("Godkendelse af dagsorden", False), (title, False), ("Eventuelt", False), (f"{CANARY}sag", True)]
        for position, (one, is_closed) in enumerate(titles, start=1):
            AgendaItem.including_closed.create(
                meeting=meeting, number=str(position), position=position, title=one, is_closed=is_closed
            )
        meetings.append(meeting)
    return meetings


@pytest.mark.parametrize(
    ("only_recurring", "open_titles"),
    [
        ({"only_recurring": "on"}, "Godkendelse af dagsorden\nEventuelt\nEt nyt punkt"),
        ({}, "Godkendelse af dagsorden\nSkolestruktur\nEventuelt\nEt nyt punkt"),
    ],
)
def test_new_meeting_begins_with_the_items_of_an_earlier_one(
    only_recurring: dict[str, str], open_titles: str, earlier: list[Meeting], secretary: User, as_user: Login
) -> None:
    written = typed_meeting(
        earlier[0].committee, open_titles="Et nyt punkt", closed_titles="", begin_with=str(earlier[1].pk),
        fetch_titles="1", place="Skolen", **only_recurring,
    )  # fmt: skip
    response = as_user(secretary).post("/moeder/nyt/", written)
    form = response.context["form"]
    assert (response.status_code, form["open_titles"].value()) == (200, open_titles)
    assert (form["closed_titles"].value(), form["place"].value()) == (f"{CANARY}sag", "Skolen")
    assert (str(form["nonce"].value()), Meeting.objects.count()) == (written["nonce"], 2)


def test_items_are_not_fetched_from_a_committee_one_does_not_plan_for(
    earlier: list[Meeting], other_secretary: User, as_user: Login
) -> None:
    client = as_user(other_secretary)
    written = typed_meeting(earlier[0].committee, begin_with=str(earlier[1].pk), fetch_titles="1")
    response = client.post("/moeder/nyt/", written)
    assert response.context["form"]["open_titles"].value() == written["open_titles"]
    assert "2. februar 2026" not in client.get("/moeder/nyt/").text


def test_kind_of_a_new_meeting_is_kept(committee: Committee, secretary: User, as_user: Login) -> None:
    as_user(secretary).post("/moeder/nyt/", typed_meeting(committee, kind="joint"))
    assert Meeting.objects.get().kind == "joint"


def test_number_that_no_meeting_can_have_fetches_nothing(committee: Committee, secretary: User, as_user: Login) -> None:
    typed = typed_meeting(committee, begin_with="9" * 5000, fetch_titles="1")
    assert as_user(secretary).post("/moeder/nyt/", typed).status_code == 200
