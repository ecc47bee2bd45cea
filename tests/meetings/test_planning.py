"""Calling a meeting and writing its agenda."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import AgendaItem, Committee, Meeting, Recommendation, User
from tests.conftest import CANARY, Login, decide


def typed_meeting(committee: Committee, **changes: Any) -> dict[str, Any]:
    return {
        "committee": committee.pk, "date": "2026-03-02", "starts_at": "17:00", "place": "Rådhuset",
        "open_titles": "Godkendelse af dagsorden\r\nPolitiske pejlemærker\r\n\r\n", "closed_titles": "Ejendomssag",
        "nonce": str(uuid4()),
    } | changes  # fmt: skip


def agenda(meeting: Meeting) -> list[tuple[str, str, bool]]:
    return list(AgendaItem.including_closed.filter(meeting=meeting).values_list("number", "title", "is_closed"))


@pytest.mark.usefixtures("committee")
def test_calling_a_meeting_is_for_those_who_plan(
    anonymous: Client, member: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(secretary))
    assert [client.get("/moeder/nyt/").status_code for client in clients] == [302, 403, 200]
    assert as_user(secretary).delete("/moeder/nyt/").status_code == 405


def test_meeting_is_called_with_numbered_items(committee: Committee, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post("/moeder/nyt/", typed_meeting(committee))
    meeting = Meeting.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"/moeder/{meeting.pk}/")
    assert agenda(meeting) == [
        ("1", "Godkendelse af dagsorden", False),
        ("2", "Politiske pejlemærker", False),
        ("3", "Ejendomssag", True),
    ]


def test_meeting_sent_twice_is_called_once(committee: Committee, secretary: User, as_user: Login) -> None:
    client, typed = as_user(secretary), typed_meeting(committee)
    answers = [client.post("/moeder/nyt/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"date": ""}, "date", "Skriv datoen."),
        ({"date": "i morgen"}, "date", "Skriv datoen som 3.10.2022."),
        ({"date": "0226-03-02"}, "date", "Skriv et årstal, der kan være rigtigt."),
        ({"starts_at": "kl. fem"}, "starts_at", "Skriv tidspunktet som 17.00."),
        (
            {"open_titles": "Budget\nBudget"}, "open_titles",
            "“Budget” står der to gange. Slet den ene, eller skriv, hvad der skiller dem.",
        ),
        ({"open_titles": "x" * 401}, "open_titles", "Linje 1 er længere end 400 tegn."),
    ],
)  # fmt: skip
def test_meeting_typed_wrong_is_explained_and_kept(
    changes: dict[str, str], field: str, sentence: str, committee: Committee, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post("/moeder/nyt/", typed_meeting(committee, **changes))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, {field: [sentence]})
    assert response.context["form"]["place"].value() == "Rådhuset"
    assert Meeting.objects.count() == 0


def test_danish_date_is_understood(committee: Committee, secretary: User, as_user: Login) -> None:
    as_user(secretary).post("/moeder/nyt/", typed_meeting(committee, date="2.3.2026", starts_at="17.00"))
    assert Meeting.objects.get().date.isoformat() == "2026-03-02"


def test_second_meeting_at_the_same_hour_is_refused(committee: Committee, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    client.post("/moeder/nyt/", typed_meeting(committee))
    response = client.post("/moeder/nyt/", typed_meeting(committee))
    assert response.context["form"].errors == {"date": ["Udvalget har allerede et møde den dag på det tidspunkt."]}


def test_secretary_calls_no_meeting_in_another_committee(
    other_committee: Committee, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post("/moeder/nyt/", typed_meeting(other_committee))
    assert (response.status_code, Meeting.objects.count()) == (422, 0)


# --- Items ----------------------------------------------------------------------------------------


def typed_item(**changes: Any) -> dict[str, Any]:
    return {
        "number": "3", "title": "Budgetopfølgning", "openness": "aaben", "closed_reason": "", "public_heading": "",
        "open_decision": "", "recommended_by": "Direktøren",
        "points": "at sagen tages til efterretning,\nat den sendes videre.",
        "section_sagsfremstilling": "Første afsnit.\r\n\r\nAndet afsnit.", "case_no": "22/9628",
        "case_type": "briefing",
        "nonce": str(uuid4()), "revision": "0",
    } | changes  # fmt: skip


def test_item_pages_are_for_those_who_plan(
    published_meeting: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    address = f"/moeder/{published_meeting.pk}/punkter/nyt/"
    assert [client.get(address).status_code for client in clients] == [302, 403, 403, 200]
    closed = f"/moeder/{published_meeting.pk}/punkter/2/ret/"
    assert [client.get(closed).status_code for client in clients] == [302, 403, 404, 200]


def test_item_is_added_with_indstilling_and_sagsfremstilling(meeting: Meeting, secretary: User, as_user: Login) -> None:
    client, typed = as_user(secretary), typed_item()
    answers = [client.post(f"/moeder/{meeting.pk}/punkter/nyt/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    item = AgendaItem.objects.get(meeting=meeting, number="3")
    assert [point.text for point in Recommendation.objects.filter(item=item)] == [
        "at sagen tages til efterretning,",
        "at den sendes videre.",
    ]
    assert [block["text"] for block in item.sections.get().blocks] == ["Første afsnit.", "Andet afsnit."]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"number": "2"}, {"number": ["Nummer 2 er allerede brugt på dagsordenen."]}),
        ({"number": "nyt"}, {"number": ["Skriv et nummer som 3, 3a eller 3.1."]}),
        ({"number": "999999999999"}, {"number": ["Skriv et nummer som 3, 3a eller 3.1."]}),  # none comes after it
        ({"title": " "}, {"title": ["Skriv punktets titel."]}),
        ({"openness": ""}, {"openness": ["Vælg, om punktet er åbent eller lukket."]}),
        ({"openness": "lukket"}, {"closed_reason": ["Skriv, hvorfor punktet behandles for lukkede døre."]}),
    ],
)
def test_item_typed_wrong_is_explained_and_kept(
    changes: dict[str, str], errors: dict[str, list[str]], meeting: Meeting, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(f"/moeder/{meeting.pk}/punkter/nyt/", typed_item(**changes))
    assert (response.status_code, dict(response.context["form"].errors)) == (422, errors)
    assert response.context["form"]["points"].value() == typed_item()["points"]
    assert len(agenda(meeting)) == 2


def test_item_is_changed(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    address = f"{open_item.get_absolute_url()}ret/"
    response = as_user(secretary).post(address, typed_item(number="1", points="at vi drøfter."))
    open_item.refresh_from_db()
    assert (response.status_code, open_item.title, open_item.revision) == (303, "Budgetopfølgning", 1)
    assert [point.text for point in Recommendation.objects.filter(item=open_item)] == ["at vi drøfter."]


def test_two_secretaries_on_one_item_see_both_texts_and_nothing_is_overwritten(
    open_item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    address = f"{open_item.get_absolute_url()}ret/"
    as_user(second_secretary).post(address, typed_item(number="1", title="Den andens titel"))
    first = as_user(secretary)
    response = first.post(address, typed_item(number="1", title="Min titel"))
    conflict = response.context["conflict"]
    assert (response.status_code, conflict["mine"], conflict["theirs"], conflict["by"]) == (
        409, "Titel: Min titel", "Titel: Den andens titel", "Søren Sekretær",
    )  # fmt: skip
    assert AgendaItem.objects.get(pk=open_item.pk).title == "Den andens titel"
    chosen = typed_item(number="1", title="Min titel", revision=response.context["form"]["revision"].value())
    assert first.post(address, chosen).status_code == 303
    assert AgendaItem.objects.get(pk=open_item.pk).title == "Min titel"


def test_decided_item_is_left_as_it_is(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    decide(open_item, "approved", "Godkendt.", by=secretary)
    client, address = as_user(secretary), f"{open_item.get_absolute_url()}ret/"
    assert client.get(address).headers["Location"] == open_item.get_absolute_url()
    response = client.post(address, typed_item(number="1", title="Ny titel"))
    assert (response.status_code, response.context["form"]["title"].value()) == (409, "Ny titel")
    assert AgendaItem.objects.get(pk=open_item.pk).title == "Politiske pejlemærker 2022–2025"


def test_public_side_of_a_decided_closed_item_may_still_be_written(
    closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    decide(closed_item, "approved", f"{CANARY} solgt.", by=secretary)
    typed = {"public_heading": "Ejendomssag", "open_decision": "Godkendt.", "revision": "0"}
    response = as_user(secretary).post(f"{closed_item.get_absolute_url()}ret/", typed)
    closed_item.refresh_from_db()
    assert (response.status_code, closed_item.public_heading, closed_item.open_decision) == (
        303,
        "Ejendomssag",
        "Godkendt.",
    )
