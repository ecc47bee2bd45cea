"""Reading meetings: who sees what, and that closed items leave a number and nothing more."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.actions import publish, withdraw
from meetings.models import AGENDA, MINUTES, AgendaItem, Committee, Decision, ItemSection, Meeting, SourceDocument, User
from tests.conftest import CANARY, Login


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- /moeder/ -------------------------------------------------------------------------------------


def test_list_shows_nothing_that_is_not_published(
    meeting: Meeting, anonymous: Client, other_member: User, as_user: Login
) -> None:
    for client in (anonymous, as_user(other_member)):
        response = client.get("/moeder/")
        assert response.context["document"].years == ()
        assert "Her er ingen møder at læse" in text_of(response)


def test_list_groups_meetings_by_year_newest_first(meeting: Meeting, member: User, as_user: Login) -> None:
    for day in (date(2023, 1, 9), date(2022, 12, 12)):
        Meeting.objects.create(committee=meeting.committee, date=day)
    years = as_user(member).get("/moeder/").context["document"].years
    assert [(year, [row.date_text for row in rows]) for year, rows in years] == [
        (2023, ["9. januar 2023"]),
        (2022, ["12. december 2022", "3. oktober 2022"]),
    ]


def test_list_is_narrowed_to_a_committee(
    meeting: Meeting, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    Meeting.objects.create(committee=other_committee, date=date(2022, 11, 1))
    client = as_user(administrator)
    document = client.get("/moeder/", {"udvalg": other_committee.slug}).context["document"]
    assert [row.committee for _, rows in document.years for row in rows] == ["Kultur- og Fritidsudvalget"]
    assert len(client.get("/moeder/", {"udvalg": "findes-ikke"}).context["document"].years[0][1]) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_agenda_and_protocol_ask_the_same_number_of_queries_however_long(
    rows: int, committee: Committee, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    meeting = Meeting.objects.create(committee=committee, date=date(2022, 1, 1))
    for n in range(rows):
        item = AgendaItem.including_closed.create(meeting=meeting, number=str(n), position=n, title="Sag")
        Decision.including_closed.create(item=item, category="noted", decided_on=meeting.date, recorded_by=secretary)
    client = as_user(secretary)
    client.get(f"/moeder/{meeting.pk}/")
    with django_assert_num_queries(23):
        client.get(f"/moeder/{meeting.pk}/")


# --- /moeder/<id>/ --------------------------------------------------------------------------------


def test_meeting_does_not_exist_for_outsiders_until_published(
    meeting: Meeting, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    address = f"/moeder/{meeting.pk}/"
    assert [client.get(address).status_code for client in (anonymous, as_user(other_member), as_user(member))] == [
        404,
        404,
        200,
    ]
    assert as_user(member).post(address).status_code == 405


def test_closed_item_leaves_outsiders_a_number_and_what_is_meant_for_them(
    published_meeting: Meeting, closed_item: AgendaItem, anonymous: Client
) -> None:
    AgendaItem.including_closed.filter(pk=closed_item.pk).update(public_heading="Ejendomssag", open_decision="Solgt.")
    response = anonymous.get(f"/moeder/{published_meeting.pk}/")
    assert [line.number for line in response.context["document"].lines] == ["1", "2"]
    assert "Lukket punkt: Ejendomssag" in text_of(response)
    assert "Solgt." in text_of(response)
    assert CANARY not in text_of(response)


def test_open_decision_waits_for_the_minutes(meeting: Meeting, closed_item: AgendaItem, anonymous: Client) -> None:
    AgendaItem.including_closed.filter(pk=closed_item.pk).update(open_decision="Solgt.")
    publish(subject=AGENDA, record=meeting, by=None, warnings_accepted=[])
    text = text_of(anonymous.get(f"/moeder/{meeting.pk}/"))
    assert ("Solgt." in text, "Referatet er ikke offentliggjort." in text) == (False, True)


def test_member_reads_the_closed_item_with_a_mark(published_meeting: Meeting, member: User, as_user: Login) -> None:
    text = text_of(as_user(member).get(f"/moeder/{published_meeting.pk}/"))
    assert f"{CANARY} i titlen" in text
    assert '<span class="badge badge-warning">Lukket punkt</span>' in text


def test_withdrawn_meeting_is_gone_for_outsiders(published_meeting: Meeting, anonymous: Client) -> None:
    for subject in (AGENDA, MINUTES):
        withdraw(subject=subject, record=published_meeting, by=None)
    assert anonymous.get(f"/moeder/{published_meeting.pk}/").status_code == 404


# --- /moeder/<id>/punkter/<number>/ ---------------------------------------------------------------


def test_item_shows_indstilling_and_beslutning_side_by_side(published_meeting: Meeting, anonymous: Client) -> None:
    response = anonymous.get(f"/moeder/{published_meeting.pk}/punkter/1/")
    document = response.context["document"]
    assert (document.proposal.by, [point.text for point in document.proposal.points]) == (
        "Direktøren for Børn",
        ["at udvalget godkender pejlemærkerne."],
    )
    assert (document.outcome.text, document.outcome.category) == ("Godkendt.", "Godkendt")
    assert "Signe Sekretær" not in text_of(response)


def test_item_says_nothing_of_the_decision_before_the_minutes_are_public(
    meeting: Meeting, approval: Decision, anonymous: Client
) -> None:
    publish(subject=AGENDA, record=meeting, by=None, warnings_accepted=[])
    text = text_of(anonymous.get(f"/moeder/{meeting.pk}/punkter/1/"))
    assert ("Godkendt." in text, "Referatet er ikke offentliggjort." in text) == (False, True)


def test_closed_item_has_no_page_for_outsiders(
    published_meeting: Meeting, anonymous: Client, consultant: User, member: User, as_user: Login
) -> None:
    address = f"/moeder/{published_meeting.pk}/punkter/2/"
    clients = (anonymous, as_user(consultant), as_user(member))
    assert [client.get(address).status_code for client in clients] == [404, 404, 200]


def test_case_officers_are_named_inside_only(
    published_meeting: Meeting, open_item: AgendaItem, anonymous: Client, member: User, secretary: User, as_user: Login
) -> None:
    AgendaItem.including_closed.filter(pk=open_item.pk).update(case_officers=["Karl Bang", "Eva Dam"])
    address = f"/moeder/{published_meeting.pk}/punkter/1/"
    told = ["Karl Bang og Eva Dam" in text_of(c.get(address)) for c in (anonymous, as_user(member), as_user(secretary))]
    assert told == [False, False, True]


def test_item_keeps_subheadings_and_lists(
    meeting: Meeting, open_item: AgendaItem, member: User, as_user: Login
) -> None:
    ItemSection.including_closed.create(
        item=open_item, position=1, kind="presentation", heading="Sagsfremstilling", text="…",
        blocks=[
            {"type": "paragraph", "text": "Vi indleder."},
            {"type": "subheading", "text": "Oplæg"},
            {"type": "list", "items": ["Første", "Anden"]},
        ],
    )  # fmt: skip
    text = text_of(as_user(member).get(f"/moeder/{meeting.pk}/punkter/1/"))
    assert "<h3>Oplæg</h3>" in text
    assert "<li>Første</li>" in text


@pytest.mark.parametrize(("category", "is_offered"), [("approved", True), ("noted", False)])
def test_only_an_approval_is_offered_to_put_a_wording_in_force(
    category: str, is_offered: bool, meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    Decision.including_closed.create(
        item=open_item, category=category, text="…", decided_on=meeting.date, recorded_by=secretary
    )
    text = text_of(as_user(secretary).get(f"/moeder/{meeting.pk}/punkter/1/"))
    assert ("/pejlemaerker/ikraft/?beslutning=" in text) is is_offered


# --- /kilder/<id>/ --------------------------------------------------------------------------------


@pytest.fixture
def source(meeting: Meeting) -> SourceDocument:
    document = SourceDocument.objects.create(
        municipality=meeting.committee.municipality, committee=meeting.committee, kind="referat",
        file_name="referat.txt", sha256="1" * 64, text="Udvalg: BUU\n\nBeslutning\nGodkendt.",
    )  # fmt: skip
    document.findings.create(position=1, field="items[0].decision.text", value="Godkendt.", line=4, confidence="sure")
    Meeting.objects.filter(pk=meeting.pk).update(source_document=document)
    return document


def test_original_stands_line_by_line_beside_what_was_found(
    source: SourceDocument, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).get(f"/kilder/{source.pk}/")
    document = response.context["document"]
    assert document.lines == ("Udvalg: BUU", "", "Beslutning", "Godkendt.")
    assert [(row.label, row.line) for row in document.findings] == [("Beslutning, ordlyd", 4)]
    assert ('id="linje-4"' in text_of(response), 'href="#linje-4"' in text_of(response)) == (True, True)


def test_original_with_closed_items_is_there_only_for_those_who_may_read_them(
    source: SourceDocument,
    meeting: Meeting,
    anonymous: Client,
    member: User,
    consultant: User,
    secretary: User,
    as_user: Login,
) -> None:
    address = f"/kilder/{source.pk}/"
    clients = (anonymous, as_user(member), as_user(consultant), as_user(secretary))
    assert [client.get(address).status_code for client in clients] == [302, 404, 404, 200]
    AgendaItem.including_closed.filter(meeting=meeting).update(is_closed=False)
    assert as_user(consultant).get(address).status_code == 200
