"""The organisation of a municipality: who edits it, what must hold, and what cannot be deleted."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.models import (
    Committee,
    CouncilTerm,
    Event,
    HousePhrase,
    LeaderGroup,
    Meeting,
    Municipality,
    OrgUnit,
    Person,
    Role,
    SectionHeading,
    SectionKind,
    User,
    section_headings,
)
from meetings.phrases import PHRASES, Phrase, phrases_of
from pejlemaerker.models import Dialogue, GoalSet
from tests.conftest import Login, grant, make_user

ROOT = "/organisation/hvidovre/"


def shown_at(client: Client, address: str) -> str:
    """The fingerprint a page carries of what it shows."""
    return str(client.get(address).context["form"].initial["shown"])


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


@pytest.fixture
def admin(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


@pytest.fixture
def term(municipality: Municipality) -> CouncilTerm:
    return CouncilTerm.objects.create(municipality=municipality, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31))


# --- Who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "kommune/", "udvalg/nyt/", "personer/nyt/"])
def test_organisation_is_for_its_administrator(
    path: str, municipality: Municipality, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    clients = (anonymous, as_user(secretary), admin)
    assert [client.get(f"{ROOT}{path}").status_code for client in clients] == [302, 403, 200]
    assert admin.delete(f"{ROOT}{path}").status_code == 405


@pytest.mark.parametrize("path", ["", "slet/"])
def test_part_is_edited_by_the_administrator_of_its_own_municipality(
    path: str, term: CouncilTerm, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    herning = Municipality.objects.create(name="Herning Kommune", slug="herning")
    stranger = as_user(grant(make_user("herning", "Hanne Herning"), Role.ADMINISTRATOR, herning))
    address = f"valgperioder/{term.pk}/{path}"
    clients = (anonymous, as_user(secretary), stranger, admin)
    assert [client.get(f"{ROOT}{address}").status_code for client in clients] == [302, 403, 403, 200]
    assert stranger.get(f"/organisation/herning/{address}").status_code == 404
    assert stranger.post(f"{ROOT}{address}", {"shown": "x"}).status_code == 403
    assert admin.put(f"{ROOT}{address}").status_code == 405


def test_administrator_of_one_municipality_goes_straight_there(admin: Client) -> None:
    response = admin.get("/organisation/")
    assert (response.status_code, response.headers["Location"]) == (302, ROOT)


def test_administrator_of_several_chooses_among_their_own(administrator: User, as_user: Login) -> None:
    for name in ("Århus", "Aabenraa", "Ballerup", "Vejle"):
        other = Municipality.objects.create(name=name, slug=name.lower().replace("å", "aa"))
        if name != "Vejle":
            grant(administrator, Role.ADMINISTRATOR, other)
    response = as_user(administrator).get("/organisation/")
    chosen = [one.name for one in response.context["municipalities"]]
    assert chosen == ["Ballerup", "Hvidovre Kommune", "Aabenraa", "Århus"]


def test_choice_of_municipality_in_fours(
    anonymous: Client, secretary: User, administrator: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(secretary), as_user(administrator))
    assert [client.get("/organisation/").status_code for client in clients] == [302, 403, 302]
    assert as_user(administrator).post("/organisation/").status_code == 405


def test_way_in_is_shown_to_those_who_may(committee: Committee, member: User, admin: Client, as_user: Login) -> None:
    def ways(client: Client) -> list[bool]:
        pages = [client.get(address).content.decode() for address in ("/udvalg/", committee.get_absolute_url())]
        return ["/organisation/" in page for page in pages]

    assert (ways(Client()), ways(as_user(member)), ways(admin)) == ([False] * 2, [False] * 2, [True] * 2)


# --- The overview ----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_overview_asks_the_same_number_of_queries_however_large(
    rows: int, committee: Committee, admin: Client, django_assert_num_queries: Any
) -> None:
    municipality = committee.municipality
    for n in range(rows):
        Person.objects.create(municipality=municipality, name=f"Person {n}", user=make_user(f"u{n}", f"U {n}"))
    OrgUnit.objects.bulk_create(
        OrgUnit(municipality=municipality, name=f"Enhed {n}", kind="centre") for n in range(rows)
    )
    Committee.objects.bulk_create(
        Committee(municipality=municipality, name=f"Udvalg {n}", slug=f"udvalg-{n}") for n in range(rows)
    )
    admin.get(ROOT)
    with django_assert_num_queries(13):
        admin.get(ROOT)


def test_overview_shows_the_tree_of_units(municipality: Municipality, admin: Client) -> None:
    centre = OrgUnit.objects.create(municipality=municipality, name="Center for Børn", kind="centre")
    for name in ("Åvej", "Birken"):
        OrgUnit.objects.create(municipality=municipality, name=name, kind="institution", parent=centre)
    (line,) = admin.get(ROOT).context["document"].units
    assert (line.unit.name, [below.unit.name for below in line.children]) == ("Center for Børn", ["Birken", "Åvej"])


# --- What must hold --------------------------------------------------------------------------------


def test_term_lasts_four_years_unless_told(municipality: Municipality, admin: Client) -> None:
    response = admin.post(f"{ROOT}valgperioder/nyt/", {"starts_on": "1.1.2026", "ends_on": ""})
    assert (response.status_code, response.headers["Location"]) == (303, f"{ROOT}#valgperioder")
    assert CouncilTerm.objects.values_list("ends_on", flat=True).get() == date(2029, 12, 31)
    assert Event.objects.values_list("action", "actor").get() == ("councilterm_added", "Adam Administrator")


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "found"),
    [
        ("2026-02-01", "", {"starts_on": ["En valgperiode begynder den 1. januar."]}),
        ("2026-01-01", "2025-12-31", {"ends_on": ["Valgperioden skal slutte, efter at den er begyndt."]}),
        ("9999-01-01", "", {"starts_on": ["Skriv et årstal, der kan være rigtigt."]}),
        (
            "2024-01-01", "",
            {"starts_on": [
                "Der er allerede en valgperiode 1. januar 2022 – 31. december 2025, og to perioder kan ikke overlappe."
            ]},
        ),
    ],
)  # fmt: skip
def test_term_that_cannot_be_is_explained(
    starts_on: str, ends_on: str, found: dict[str, list[str]], term: CouncilTerm, admin: Client
) -> None:
    response = admin.post(f"{ROOT}valgperioder/nyt/", {"starts_on": starts_on, "ends_on": ends_on})
    assert (response.status_code, errors(response)) == (422, found)
    assert CouncilTerm.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "typed", "field", "sentence"),
    [
        ("personer", {"name": "mette medlem"}, "name",
         "Der er allerede en person, der hedder “Mette Medlem”. Skriv navnet, så de to kan skelnes."),
        ("lederkredse", {"name": "DAGTILBUDSLEDERNE"}, "name",
         "Der er allerede en lederkreds, der hedder “Dagtilbudslederne”."),
        ("enheder", {"name": "skolen", "kind": "centre"}, "name", "Der er allerede en enhed, der hedder “Skolen”."),
        ("rubrikker", {"heading": "økonomi", "kind": "economy", "position": "7"}, "heading",
         "Der er allerede en rubrik, der hedder “Økonomi”."),
        ("formuleringer", {"text": "GODKENDT.", "category": "approved", "position": "7"}, "text",
         "Formuleringen “Godkendt.” er der allerede."),
        ("udvalg", {"name": "BØRNE- og uddannelsesudvalget", "kind": "standing"}, "name",
         "Der er allerede et udvalg, der hedder “Børne- og Uddannelsesudvalget”."),
    ],
)  # fmt: skip
def test_name_that_is_taken_names_the_one_that_has_it(
    path: str, typed: dict[str, str], field: str, sentence: str, committee: Committee, admin: Client
) -> None:
    municipality = committee.municipality
    Person.objects.create(municipality=municipality, name="Mette Medlem")
    LeaderGroup.objects.create(municipality=municipality, name="Dagtilbudslederne")
    OrgUnit.objects.create(municipality=municipality, name="Skolen", kind="institution")
    SectionHeading.objects.create(municipality=municipality, heading="Økonomi", kind="economy", position=1)
    HousePhrase.objects.create(municipality=municipality, text="Godkendt.", category="approved", position=1)
    response = admin.post(f"{ROOT}{path}/nyt/", typed)
    assert (response.status_code, errors(response)) == (422, {field: [sentence]})


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("personer", {"name": "Mette Medlem"}),
        ("lederkredse", {"name": "Dagtilbudslederne"}),
        ("valgperioder", {"starts_on": "2026-01-01"}),
        ("udvalg", {"name": "Socialudvalget", "kind": "standing", "valid_from": "2026-01-01"}),
        ("rubrikker", {"heading": "Beslutningstema", "kind": "summary", "position": "1"}),
    ],
)
def test_part_sent_twice_is_one(path: str, typed: dict[str, str], municipality: Municipality, admin: Client) -> None:
    answers = [admin.post(f"{ROOT}{path}/nyt/", typed).status_code for _ in range(2)]
    assert (answers, Event.objects.count()) == ([303, 303], 1)


def test_same_name_in_another_municipality_is_no_matter(municipality: Municipality, admin: Client) -> None:
    Person.objects.create(
        name="Mette Medlem", municipality=Municipality.objects.create(name="Herning Kommune", slug="herning")
    )
    assert admin.post(f"{ROOT}personer/nyt/", {"name": "Mette Medlem"}).status_code == 303


def test_unit_never_stands_under_itself(municipality: Municipality, admin: Client) -> None:
    top = OrgUnit.objects.create(municipality=municipality, name="Direktionen", kind="executive")
    centre = OrgUnit.objects.create(municipality=municipality, name="Center", kind="centre", parent=top)
    address = f"{ROOT}enheder/{top.pk}/"
    typed = {"name": "Direktionen", "kind": "executive", "shown": shown_at(admin, address)}
    response = admin.post(address, typed | {"parent": centre.pk})
    assert errors(response) == {"parent": ["“Center” hører selv under “Direktionen”."]}
    assert "parent" in errors(admin.post(address, typed | {"parent": top.pk}))


def test_person_is_linked_to_a_login_by_its_name(municipality: Municipality, citizen: User, admin: Client) -> None:
    person = Person.objects.create(municipality=municipality, name="Bente Borger")
    address = f"{ROOT}personer/{person.pk}/"
    typed = {"name": "Bente B. Borger", "user": "borger", "shown": shown_at(admin, address)}
    assert admin.post(address, typed).status_code == 303
    person.refresh_from_db()
    assert (person.name, person.user) == ("Bente B. Borger", citizen)
    assert admin.get(address).context["form"].initial["user"] == "borger"


@pytest.mark.parametrize(
    ("username", "sentence"),
    [
        ("findesikke", "Der er ingen bruger, der hedder “findesikke”."),
        ("medlem", "Brugeren hører allerede til Mette Medlem."),
    ],
)
def test_person_gets_no_login_that_is_not_free(
    username: str, sentence: str, member: User, municipality: Municipality, admin: Client
) -> None:
    response = admin.post(f"{ROOT}personer/nyt/", {"name": "En anden", "user": username})
    assert errors(response) == {"user": [sentence]}


def test_municipality_gets_another_name(municipality: Municipality, admin: Client) -> None:
    Municipality.objects.create(name="Herning Kommune", slug="herning")
    address = f"{ROOT}kommune/"
    typed = {"name": "Hvidovre", "council_name": "Byrådet", "shown": shown_at(admin, address)}
    taken = admin.post(address, typed | {"name": "Herning Kommune"})
    assert errors(taken) == {"name": ["Der er allerede en kommune, der hedder “Herning Kommune”."]}
    assert admin.post(address, typed).status_code == 303
    municipality.refresh_from_db()
    assert (municipality.name, municipality.council_name, municipality.slug) == ("Hvidovre", "Byrådet", "hvidovre")


# --- Husets ord ------------------------------------------------------------------------------------


def test_house_begins_with_the_usual_words(municipality: Municipality) -> None:
    assert section_headings(municipality) == [
        (SectionKind.SUMMARY, "Sagsresume"), (SectionKind.PRESENTATION, "Sagsfremstilling"),
        (SectionKind.ECONOMY, "Økonomi"), (SectionKind.LEGAL_BASIS, "Lovgrundlag"),
    ]  # fmt: skip
    assert phrases_of(municipality) == list(PHRASES)


def test_house_makes_the_usual_words_its_own(municipality: Municipality, admin: Client) -> None:
    for path in ("rubrikker", "formuleringer", "rubrikker", "formuleringer"):
        assert admin.post(f"{ROOT}{path}/egne/").status_code == 303
    summary = SectionHeading.objects.get(kind="summary")
    address = f"{ROOT}rubrikker/{summary.pk}/"
    typed = {"heading": "Beslutningstema", "kind": "summary", "position": "9", "shown": shown_at(admin, address)}
    admin.post(address, typed)
    assert [heading for _, heading in section_headings(municipality)] == [
        "Sagsfremstilling", "Økonomi", "Lovgrundlag", "Beslutningstema",
    ]  # fmt: skip
    assert [phrase.text.strip() for phrase in phrases_of(municipality)] == [phrase.text.strip() for phrase in PHRASES]


def test_own_words_in_fours(
    municipality: Municipality, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    for path in ("rubrikker", "formuleringer"):
        clients = (anonymous, as_user(secretary), admin)
        assert [client.post(f"{ROOT}{path}/egne/").status_code for client in clients] == [302, 403, 303]
        assert admin.get(f"{ROOT}{path}/egne/").status_code == 405


def test_new_phrase_stands_last(municipality: Municipality, admin: Client) -> None:
    HousePhrase.objects.create(municipality=municipality, text="Tiltrådt.", category="approved", position=4)
    position = admin.get(f"{ROOT}formuleringer/nyt/").context["form"]["position"].value()
    admin.post(f"{ROOT}formuleringer/nyt/", {"text": "Taget ad notam.", "category": "noted", "position": position})
    assert phrases_of(municipality) == [Phrase("Tiltrådt.", "approved"), Phrase("Taget ad notam.", "noted")]  # type: ignore[arg-type]


# --- Two at once -----------------------------------------------------------------------------------


def test_second_administrator_sees_what_the_first_saved(term: CouncilTerm, admin: Client) -> None:
    group = LeaderGroup.objects.create(municipality=term.municipality, name="Lederne")
    address = f"{ROOT}lederkredse/{group.pk}/"
    shown = shown_at(admin, address)
    admin.post(address, {"name": "Skolelederne", "shown": shown})
    late = admin.post(address, {"name": "Dagtilbudslederne", "shown": shown})
    conflict = late.context["conflict"]
    assert (late.status_code, conflict["mine"], conflict["theirs"], conflict["by"]) == (
        409, "Navn: Dagtilbudslederne", "Navn: Skolelederne", "Adam Administrator",
    )  # fmt: skip
    group.refresh_from_db()
    assert group.name == "Skolelederne"
    again = {"name": "Dagtilbudslederne", "shown": late.context["form"]["shown"].value()}
    assert admin.post(address, again).status_code == 303
    group.refresh_from_db()
    assert group.name == "Dagtilbudslederne"


def test_double_click_on_a_change_is_one_change(term: CouncilTerm, admin: Client) -> None:
    address = f"{ROOT}valgperioder/{term.pk}/"
    typed = {"starts_on": "2022-01-01", "ends_on": "2026-12-31", "shown": shown_at(admin, address)}
    assert [admin.post(address, typed).status_code for _ in range(2)] == [303, 303]
    assert Event.objects.values_list("action", "changes").get() == (
        "councilterm_changed", {"ends_on": ["2025-12-31", "2026-12-31"]},
    )  # fmt: skip


def test_change_without_a_fingerprint_overwrites_nothing(term: CouncilTerm, admin: Client) -> None:
    response = admin.post(f"{ROOT}valgperioder/{term.pk}/", {"starts_on": "2022-01-01", "ends_on": "2026-12-31"})
    term.refresh_from_db()
    assert (response.status_code, term.ends_on) == (409, date(2025, 12, 31))


# --- Deleting --------------------------------------------------------------------------------------


def test_unused_part_is_deleted_after_a_question(term: CouncilTerm, admin: Client) -> None:
    address = f"{ROOT}valgperioder/{term.pk}/slet/"
    page = admin.get(address)
    assert "1. januar 2022" in page.content.decode()
    assert CouncilTerm.objects.count() == 1
    response = admin.post(address, {"shown": page.context["form"].initial["shown"]})
    assert (response.status_code, CouncilTerm.objects.count()) == (303, 0)
    assert Event.objects.values_list("action", "target").get() == ("councilterm_deleted", "2022–2025")


def test_part_that_was_changed_meanwhile_is_not_deleted(term: CouncilTerm, admin: Client) -> None:
    address = f"{ROOT}valgperioder/{term.pk}/slet/"
    shown = shown_at(admin, address)
    CouncilTerm.objects.update(ends_on=date(2024, 12, 31))
    response = admin.post(address, {"shown": shown})
    assert (response.status_code, CouncilTerm.objects.count()) == (409, 1)
    assert "Det er rettet imens" in response.content.decode()
    assert admin.post(address, {"shown": response.context["form"].initial["shown"]}).status_code == 303


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("udvalg", "Udvalget har 1 medlemskab, 1 møde, 1 område, 1 pejlemærkeperiode og 1 dialogmøde og kan ikke "
         "slettes. Sæt i stedet en slutdato."),
        ("personer", "Personen har 1 medlemskab og kan ikke slettes. Det, personen har været med til, bliver stående."),
        ("lederkredse", "Lederkredsen har 1 dialogmøde og kan ikke slettes. Giv den i stedet et andet navn."),
        ("enheder", "Enheden har 1 enhed og kan ikke slettes. Flyt eller slet først det, der hører under den."),
    ],
)  # fmt: skip
def test_part_in_use_says_what_uses_it(
    kind: str, sentence: str, goal_set: GoalSet, meeting: Meeting, member: User, admin: Client
) -> None:
    municipality = meeting.committee.municipality
    group = LeaderGroup.objects.create(municipality=municipality, name="Lederne")
    dialogue = Dialogue.objects.create(committee=meeting.committee, kind="midterm", held_on=date(2023, 5, 1))
    dialogue.leader_groups.add(group)
    centre = OrgUnit.objects.create(municipality=municipality, name="Center", kind="centre")
    OrgUnit.objects.create(municipality=municipality, name="Skolen", kind="institution", parent=centre)
    parts = {
        "udvalg": meeting.committee, "personer": member.person, "lederkredse": group, "enheder": centre,
    }  # fmt: skip
    address = f"{ROOT}{kind}/{parts[kind].pk}/slet/"
    page = admin.get(address)
    response = admin.post(address, {"shown": page.context["form"].initial["shown"]})
    assert (page.context["refused"], response.status_code, response.context["refused"]) == (sentence, 422, sentence)
    parts[kind].refresh_from_db()  # still there
