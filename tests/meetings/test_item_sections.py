"""An item's sections under the house's own headings, its case number, officers and sagsgang."""

from typing import Any

import pytest

from meetings.models import (
    AgendaItem,
    Committee,
    ItemSection,
    Meeting,
    Recommendation,
    Routing,
    SectionHeading,
    User,
)
from tests.conftest import CANARY, Login
from tests.meetings.test_planning import typed_item

AS_READ = [{"type": "subheading", "text": "Baggrund"}, {"type": "list", "items": ["Børn", "Unge"]}]


@pytest.fixture
def house(committee: Committee) -> None:
    """A house that says Beslutningstema and Sagsbeskrivelse."""
    for position, (kind, heading) in enumerate(
        [("summary", "Beslutningstema"), ("presentation", "Sagsbeskrivelse"), ("economy", "Økonomi")], start=1
    ):
        SectionHeading.objects.create(
            municipality=committee.municipality, kind=kind, heading=heading, position=position
        )


@pytest.fixture
def read_item(open_item: AgendaItem) -> AgendaItem:
    """An item as it was read from a document: other headings, a list kept as a list, two proposers, a lost cross."""
    for position, (kind, heading, text) in enumerate(
        [("economy", "Økonomi", "Ingen."), ("history", "Historik", "Baggrund\n- Børn\n- Unge\n")], start=1
    ):
        ItemSection.objects.create(
            item=open_item, position=position, kind=kind, heading=heading, text=text, blocks=AS_READ
        )
    Recommendation.objects.create(item=open_item, number=2, by="Centerchefen", text="at det drøftes.")
    for position, letters in enumerate(["DIR", "BFU"], start=1):
        Routing.objects.create(item=open_item, position=position, abbreviation=letters, is_marked=None)
    AgendaItem.objects.filter(pk=open_item.pk).update(unplaced_marks=1)
    open_item.refresh_from_db()
    return open_item


def shown(client: Any, item: AgendaItem) -> dict[str, Any]:
    """What the form shows, as it would be sent back."""
    form = client.get(f"{item.get_absolute_url()}ret/").context["form"]
    return {field.name: "" if (value := field.field.prepare_value(field.value())) is None else value for field in form}


def sections_of(item: AgendaItem) -> list[tuple[str, str, str]]:
    return list(ItemSection.including_closed.filter(item=item).values_list("kind", "heading", "text"))


def edit(client: Any, item: AgendaItem, **changes: Any) -> Any:
    return client.post(f"{item.get_absolute_url()}ret/", shown(client, item) | changes)


@pytest.mark.usefixtures("house")
def test_item_is_written_under_the_headings_of_the_house(meeting: Meeting, secretary: User, as_user: Login) -> None:
    client, address = as_user(secretary), f"/moeder/{meeting.pk}/punkter/nyt/"
    labels = [field.label for field in client.get(address).context["form"] if field.name.startswith("section_")]
    assert labels == ["Beslutningstema", "Sagsbeskrivelse", "Økonomi"]
    sections = {"section_sagsfremstilling": "", "section_beslutningstema": "Kort sagt.", "section_oekonomi": "Ingen."}
    client.post(address, typed_item(**sections))
    assert sections_of(AgendaItem.objects.get(meeting=meeting, number="3")) == [
        ("summary", "Beslutningstema", "Kort sagt."), ("economy", "Økonomi", "Ingen."),
    ]  # fmt: skip


@pytest.mark.usefixtures("house")
def test_what_was_read_survives_an_edit_of_the_title(read_item: AgendaItem, secretary: User, as_user: Login) -> None:
    before = (
        list(ItemSection.objects.values()), list(Recommendation.objects.values()), list(Routing.objects.values())
    )  # fmt: skip
    response = edit(as_user(secretary), read_item, title="Ny titel")
    read_item.refresh_from_db()
    assert (response.status_code, read_item.title, read_item.unplaced_marks) == (303, "Ny titel", 1)
    after = (
        list(ItemSection.objects.values()), list(Recommendation.objects.values()), list(Routing.objects.values())
    )  # fmt: skip
    assert after == before


@pytest.mark.usefixtures("house")
def test_new_section_comes_in_the_order_of_the_house_and_others_keep_their_structure(
    read_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    edit(as_user(secretary), read_item, section_sagsbeskrivelse="Et.\n\nTo.", section_oekonomi="Noget.")
    assert [heading for _, heading, _ in sections_of(read_item)] == ["Sagsbeskrivelse", "Økonomi", "Historik"]
    blocks = dict(ItemSection.objects.filter(item=read_item).values_list("heading", "blocks"))
    assert blocks["Historik"] == AS_READ
    assert [block["text"] for block in blocks["Sagsbeskrivelse"]] == ["Et.", "To."]


def test_emptied_section_goes(read_item: AgendaItem, secretary: User, as_user: Login) -> None:
    edit(as_user(secretary), read_item, section_historik="")
    assert [heading for _, heading, _ in sections_of(read_item)] == ["Økonomi"]


@pytest.mark.usefixtures("house")
def test_text_under_a_heading_that_was_renamed_meanwhile_is_not_lost(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    typed = shown(client, open_item) | {"section_beslutningstema": "Kort sagt."}
    SectionHeading.objects.filter(heading="Beslutningstema").update(heading="Resume")
    response = client.post(f"{open_item.get_absolute_url()}ret/", typed)
    form = response.context["form"]
    assert (response.status_code, form["section_beslutningstema"].value()) == (422, "Kort sagt.")
    assert form.errors == {
        "section_beslutningstema": ["Rubrikken er omdøbt eller fjernet imens. Sæt teksten ind under en anden."]
    }


def test_point_keeps_its_own_proposer(read_item: AgendaItem, secretary: User, as_user: Login) -> None:
    edit(as_user(secretary), read_item, points="at udvalget godkender dem alle.\nat det drøftes.")
    assert list(Recommendation.objects.filter(item=read_item).values_list("number", "by", "text")) == [
        (1, "Direktøren for Børn", "at udvalget godkender dem alle."), (2, "Centerchefen", "at det drøftes."),
    ]  # fmt: skip


# --- The case -------------------------------------------------------------------------------------


@pytest.mark.parametrize("cpr", ["010203-1234", "0102031234"])
def test_cpr_number_is_no_case_number(cpr: str, open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    response = edit(as_user(secretary), open_item, case_no=cpr)
    assert (response.status_code, response.context["form"].errors) == (
        422, {"case_no": ["Det ligner et CPR-nummer. Skriv sagens eget nummer, for eksempel 22/9628."]},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("case_no", "is_remarked"),
    [
        ("22/9628", False), ("00.01.10-G01-1-21", False), ("00.01.00P35-0104", False), ("306-2018-14102", False),
        ("2020-016062", False), ("17-040676", False), ("1-51-71-3321-08", False), ("Sagen om skolen", True),
    ],
)  # fmt: skip
def test_case_number_is_kept_and_a_strange_one_remarked_on(
    case_no: str, is_remarked: bool, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    edit(client, open_item, case_no=case_no)
    open_item.refresh_from_db()
    assert open_item.case_no == case_no
    assert ("ligner ikke de numre" in client.get("/moeder/").text) is is_remarked


def test_case_officers_stay_inside(published_meeting: Meeting, secretary: User, as_user: Login, anonymous: Any) -> None:
    client = as_user(secretary)
    client.post(f"/moeder/{published_meeting.pk}/punkter/nyt/", typed_item(case_officers="Ole Officer\r\nPia Paragraf"))
    item = AgendaItem.objects.get(meeting=published_meeting, number="3")
    assert item.case_officers == ["Ole Officer", "Pia Paragraf"]
    assert "Ole Officer" not in anonymous.get(item.get_absolute_url()).text


def test_sagsgang_knows_the_bodies_by_abbreviation_and_by_name(
    open_item: AgendaItem, committee: Committee, secretary: User, as_user: Login
) -> None:
    finance = Committee.objects.create(
        municipality=committee.municipality, name="Økonomi-, Plan- og Erhvervsudvalget", slug="oepe", kind="finance"
    )
    client = as_user(secretary)
    edit(client, open_item, routing="buu → Økonomi-, Plan- og Erhvervsudvalget, BYR")
    rows = Routing.objects.filter(item=open_item)
    assert list(rows.values_list("position", "abbreviation", "committee", "is_marked")) == [
        (1, "BUU", committee.pk, True), (2, "Økonomi-, Pl", finance.pk, True), (3, "BYR", None, True),
    ]  # fmt: skip
    assert "BYR i sagsgangen er ikke et af kommunens udvalg." in client.get("/moeder/").text
    assert shown(client, open_item)["routing"] == "BUU → Økonomi-, Plan- og Erhvervsudvalget → BYR"


@pytest.mark.parametrize("line", ["BUU/KFU", "BUU -> KFU", "BUU, KFU", "BUU→KFU", " BUU >  KFU → "])
def test_sagsgang_may_be_typed_in_several_ways(
    line: str, open_item: AgendaItem, other_committee: Committee, secretary: User, as_user: Login
) -> None:
    edit(as_user(secretary), open_item, routing=line)
    assert [row.abbreviation for row in Routing.objects.filter(item=open_item)] == ["BUU", "KFU"]


def test_unknown_body_is_written_by_its_abbreviation(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    response = edit(as_user(secretary), open_item, routing="BUU → Det ukendte udvalg")
    assert (response.status_code, response.context["form"]["routing"].value()) == (422, "BUU → Det ukendte udvalg")
    assert "“Det ukendte udvalg” er ikke et af kommunens udvalg." in response.context["form"].errors["routing"][0]


def test_lost_columns_are_told_and_can_be_filled_in(read_item: AgendaItem, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    page = client.get(f"{read_item.get_absolute_url()}ret/").text
    assert "Kilden har 1 kryds, men kolonnen kendes ikke (kolonnerne er DIR, BFU)." in page
    edit(client, read_item, routing="BFU")
    read_item.refresh_from_db()
    assert list(Routing.objects.filter(item=read_item).values_list("abbreviation", "is_marked")) == [("BFU", True)]
    assert read_item.unplaced_marks == 0


def test_sections_of_a_closed_item_are_written_too(closed_item: AgendaItem, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    edit(client, closed_item, section_sagsfremstilling="Mere om sagen.")
    assert [heading for _, heading, _ in sections_of(closed_item)] == [
        f"{CANARY}resume", "Sagsfremstilling"
    ]  # fmt: skip
