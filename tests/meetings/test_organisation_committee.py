"""A committee's life: its name from day to day, its beginning and end, and who sits in it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.models import (
    Attendance,
    Committee,
    Event,
    FormerName,
    Meeting,
    Membership,
    Municipality,
    Person,
    User,
)
from pejlemaerker.documents.committee import CommitteeDocument, CommitteeListDocument
from pejlemaerker.models import AsOf
from tests.conftest import BEGINNING, Login
from tests.meetings.sitting import close

ROOT = "/organisation/hvidovre/"


def shown_at(client: Client, address: str) -> str:
    """The fingerprint a page carries of what it shows."""
    return str(client.get(address).context["form"].initial["shown"])


def errors(response: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def seats_of(committee: Committee) -> list[tuple[str, str, str]]:
    rows = Membership.objects.filter(committee=committee).order_by("pk")
    return list(rows.values_list("person__name", "party", "seat"))


def seat(committee: Committee, name: str, **values: Any) -> Membership:
    person, _ = Person.objects.get_or_create(name=name, municipality=committee.municipality)
    return Membership.objects.create(
        **{"committee": committee, "person": person, "party": "A", "valid_from": BEGINNING} | values
    )


@pytest.fixture
def admin(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


@pytest.fixture
def home(committee: Committee) -> str:
    """The address of the committee among what the administrator edits."""
    return f"{ROOT}udvalg/{committee.pk}/"


# --- Who -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "navn/", "medlemmer/nyt/", "medlemmer/flere/", "slet/"])
def test_committee_is_edited_by_the_administrator(
    path: str, home: str, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    clients = (anonymous, as_user(secretary), admin)
    assert [client.get(f"{home}{path}").status_code for client in clients] == [302, 403, 200]
    assert admin.delete(f"{home}{path}").status_code == 405


@pytest.mark.parametrize("path", ["", "udtraeder/", "slet/"])
def test_seat_is_edited_by_the_administrator(
    path: str, committee: Committee, anonymous: Client, secretary: User, admin: Client, as_user: Login
) -> None:
    address = f"{ROOT}medlemskaber/{seat(committee, 'Ole').pk}/{path}"
    clients = (anonymous, as_user(secretary), admin)
    assert [client.get(address).status_code for client in clients] == [302, 403, 200]
    assert admin.delete(address).status_code == 405


# --- Beginning and end -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Committee.Kind.values)
def test_committee_of_every_kind_is_set_up(kind: str, municipality: Municipality, admin: Client) -> None:
    typed = {"name": "Ældre- og Sundhedsudvalget", "abbreviation": "ÆSU", "kind": kind, "valid_from": "1.1.2026"}
    response = admin.post(f"{ROOT}udvalg/nyt/", typed)
    made = Committee.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{ROOT}udvalg/{made.pk}/")
    assert (made.slug, made.kind, made.valid_from) == ("aeldre-og-sundhedsudvalget", kind, date(2026, 1, 1))


def test_second_committee_of_a_name_gets_an_address_of_its_own(committee: Committee, admin: Client) -> None:
    Committee.objects.update(name="Et andet navn")
    admin.post(f"{ROOT}udvalg/nyt/", {"name": "Børne- og Uddannelsesudvalget", "kind": "standing"})
    assert Committee.objects.latest("pk").slug == "boerne-og-uddannelsesudvalget-hvidovre"


def test_committee_that_has_met_changes_its_name_only_by_date(meeting: Meeting, home: str, admin: Client) -> None:
    assert "name" not in admin.get(home).context["form"].fields
    typed = {"name": "Smuglet", "kind": "advisory", "shown": shown_at(admin, home)}
    assert admin.post(home, typed).status_code == 303
    changed = Committee.objects.get(pk=meeting.committee_id)
    assert (changed.name, changed.kind) == ("Børne- og Uddannelsesudvalget", "advisory")


def test_committee_ends_with_its_members(committee: Committee, home: str, admin: Client) -> None:
    left = seat(committee, "Gået", valid_to=date(2023, 6, 30))
    sitting = seat(committee, "Siddende")
    typed = {"name": committee.name, "kind": "standing", "valid_to": "31.12.2025", "shown": shown_at(admin, home)}
    response = admin.post(home, typed, follow=True)
    assert "1 medlem udtræder samme dag" in response.content.decode()
    ends = Membership.objects.in_bulk([left.pk, sitting.pk])
    assert (ends[left.pk].valid_to, ends[sitting.pk].valid_to) == (date(2023, 6, 30), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"valid_from": "2022-10-04"}, {"valid_from": ["Udvalget har holdt møde allerede den 3. oktober 2022."]},
        ),
        (
            {"valid_from": "2022-02-01"},
            {"valid_from": ["Ole har siddet i udvalget allerede fra den 1. januar 2022."]},
        ),
        ({"valid_to": "2022-10-02"}, {"valid_to": ["Udvalget har et møde endnu den 3. oktober 2022."]}),
        (
            {"valid_to": "2024-12-31"},
            {"valid_to": ["Ole er skrevet ind som medlem endnu den 31. december 2025. Ret det først."]},
        ),
        (
            {"valid_from": "2022-01-01", "valid_to": "2021-12-31"},
            {"valid_to": ["Udvalget kan ikke slutte, før det er begyndt."]},
        ),
    ],
)  # fmt: skip
def test_committee_lives_while_it_meets(
    changes: dict[str, str], found: dict[str, list[str]], meeting: Meeting, home: str, admin: Client
) -> None:
    seat(meeting.committee, "Ole", valid_to=date(2025, 12, 31))
    response = admin.post(home, {"kind": "standing", "shown": shown_at(admin, home)} | changes)
    assert (response.status_code, errors(response)) == (422, found)


def test_committee_does_not_succeed_itself(
    committee: Committee, other_committee: Committee, home: str, admin: Client
) -> None:
    Committee.objects.filter(pk=other_committee.pk).update(successor_of=committee)
    typed = {"name": committee.name, "kind": "standing", "shown": shown_at(admin, home)}
    response = admin.post(home, typed | {"successor_of": other_committee.pk})
    assert errors(response) == {"successor_of": ["Et udvalg kan ikke efterfølge sig selv, heller ikke gennem andre."]}


# --- A new name ------------------------------------------------------------------------------------


def rename(client: Client, home: str, **typed: str) -> Any:
    address = f"{home}navn/"
    values = {"name": "Børne- og Skoleudvalget", "abbreviation": "BSU", "since": "1.1.2023"}
    return client.post(address, {"shown": shown_at(client, address)} | values | typed)


def test_history_keeps_the_old_name(meeting: Meeting, home: str, admin: Client) -> None:
    later = Meeting.objects.create(committee=meeting.committee, date=date(2023, 1, 1))
    assert rename(admin, home).status_code == 303
    names = [Meeting.objects.get(pk=one.pk).held_by for one in (meeting, later)]
    assert names == ["Børne- og Uddannelsesudvalget", "Børne- og Skoleudvalget"]
    renamed = Committee.objects.get()
    assert (renamed.abbreviation, renamed.slug) == ("BSU", "boerne-og-uddannelsesudvalget")
    assert list(FormerName.objects.values_list("name", "abbreviation", "until")) == [
        ("Børne- og Uddannelsesudvalget", "BUU", date(2022, 12, 31))
    ]
    assert Event.objects.values_list("action", flat=True).get() == "committee_renamed"


def test_committee_bears_three_names_in_turn(committee: Committee, home: str, admin: Client) -> None:
    rename(admin, home)
    rename(admin, home, name="Ungeudvalget", since="1.1.2024")
    found = Committee.objects.get()
    assert [found.name_on(date(year, 6, 1)) for year in (2022, 2023, 2024)] == [
        "Børne- og Uddannelsesudvalget", "Børne- og Skoleudvalget", "Ungeudvalget",
    ]  # fmt: skip
    early = rename(admin, home, name="Fjerde", since="1.1.2024")
    assert errors(early) == {
        "since": ["Udvalget hed “Børne- og Skoleudvalget” til den 31. december 2023. Vælg en senere dag."]
    }


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"name": "Børne- og Uddannelsesudvalget", "abbreviation": "BUU"}, {"name": ["Det hedder udvalget allerede."]}),
        (
            {"name": "kultur- og fritidsudvalget"},
            {"name": ["Der er allerede et udvalg, der hedder “Kultur- og Fritidsudvalget”."]},
        ),
        ({"since": "1.1.2022"}, {"since": ["Udvalget begyndte først den 1. januar 2022."]}),
        ({"since": "1.1.2026"}, {"since": ["Udvalget sluttede den 31. december 2025."]}),
        (
            {"since": "1.1.2999"},
            {"since": ["Skriv navnet ind, når det er begyndt at gælde. Til da hedder udvalget det gamle."]},
        ),
        ({"since": ""}, {"since": ["Skriv datoen."]}),
        ({"since": "0001-01-01"}, {"since": ["Skriv et årstal, der kan være rigtigt."]}),
    ],
)
def test_new_name_that_cannot_be_is_explained(
    typed: dict[str, str], found: Any, committee: Committee, other_committee: Committee, home: str, admin: Client
) -> None:
    Committee.objects.filter(pk=committee.pk).update(valid_from=BEGINNING, valid_to=date(2025, 12, 31))
    response = rename(admin, home, **typed)
    assert (response.status_code, errors(response), FormerName.objects.count()) == (422, found, 0)
    assert Committee.objects.get(pk=committee.pk).name == committee.name


def test_minutes_that_are_closed_keep_the_name_they_were_closed_under(
    meeting: Meeting, home: str, admin: Client
) -> None:
    Attendance.objects.create(meeting=meeting, person=seat(meeting.committee, "Tove").person, state="present")
    close(meeting)
    response = rename(admin, home, since="3.10.2022")
    assert errors(response) == {
        "since": ["Referatet af mødet den 3. oktober 2022 er lukket under det gamle navn. Vælg en senere dag."]
    }
    assert rename(admin, home, since="4.10.2022").status_code == 303


def test_new_name_sent_twice_is_given_once(committee: Committee, home: str, admin: Client) -> None:
    address = f"{home}navn/"
    typed = {"name": "Ungeudvalget", "abbreviation": "UU", "since": "1.1.2023", "shown": shown_at(admin, address)}
    assert [admin.post(address, typed).status_code for _ in range(2)] == [303, 303]
    assert FormerName.objects.count() == 1
    other = admin.post(address, typed | {"name": "Noget tredje"})
    assert (other.status_code, other.context["conflict"]["theirs"]) == (409, "Nyt navn: Ungeudvalget")


def test_two_former_names_never_end_the_same_day(committee: Committee) -> None:
    FormerName.objects.create(committee=committee, name="Et", until=date(2021, 12, 31))
    with pytest.raises(IntegrityError, match="former_name_once"), transaction.atomic():
        FormerName.objects.create(committee=committee, name="To", until=date(2021, 12, 31))


def test_pages_tell_former_names_and_successors(committee: Committee, other_committee: Committee, member: User) -> None:
    FormerName.objects.create(committee=committee, name="Skoleudvalget", until=date(2021, 12, 31))
    Committee.objects.filter(pk=other_committee.pk).update(successor_of=committee)
    Committee.objects.filter(pk=committee.pk).update(valid_to=date(2023, 12, 31))
    committee.refresh_from_db()
    document = CommitteeDocument.for_committee(committee, viewer=member, at=AsOf.day(date(2024, 1, 1)))
    assert (document.former_names, document.successors) == (
        ("til 31. december 2021: Skoleudvalget",), (other_committee,),
    )  # fmt: skip
    (line,) = CommitteeListDocument.on(date(2024, 1, 1)).municipalities[0].former
    assert (line.former_names, line.successors) == (document.former_names, document.successors)
    for address in ("/udvalg/", committee.get_absolute_url()):
        assert "Afløst af" in Client().get(address).content.decode().replace("afløst af", "Afløst af")


# --- Who sits there --------------------------------------------------------------------------------


def new_seat(**changes: Any) -> dict[str, Any]:
    return {"new_name": "Mette Medlem", "seat": "member", "party": "B", "valid_from": "2022-01-01"} | changes


def test_new_member_is_somebody_known_or_a_new_name(committee: Committee, home: str, admin: Client) -> None:
    known = Person.objects.create(name="Ole Kendt", municipality=committee.municipality)
    for typed in (new_seat(), new_seat(person=known.pk, new_name="", seat="chair")):
        response = admin.post(f"{home}medlemmer/nyt/", typed)
        assert (response.status_code, response.headers["Location"]) == (303, f"{home}#medlemmer")
    assert seats_of(committee) == [("Mette Medlem", "B", "member"), ("Ole Kendt", "B", "chair")]
    assert list(Person.objects.values_list("name", flat=True)) == ["Ole Kendt", "Mette Medlem"]


def test_new_member_sent_twice_sits_once(committee: Committee, home: str, admin: Client) -> None:
    assert [admin.post(f"{home}medlemmer/nyt/", new_seat()).status_code for _ in range(2)] == [303, 303]
    assert (Membership.objects.count(), Person.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        (
            {"new_name": "ole", "valid_from": "2023-01-01"},
            {"valid_from": ["Ole sidder allerede i udvalget fra den 1. januar 2022 til den 31. december 2024."]},
        ),
        ({"seat": "chair"}, {"seat": ["Ole er allerede formand fra den 1. januar 2022 til den 31. december 2024."]}),
        ({"valid_from": "2021-12-31"}, {"valid_from": ["Udvalget begyndte først den 1. januar 2022."]}),
        ({"valid_from": "2026-01-01"}, {"valid_from": ["Udvalget sluttede den 31. december 2025."]}),
        ({"valid_to": "2026-01-31"}, {"valid_to": ["Udvalget slutter den 31. december 2025; skriv højst den dag."]}),
        (
            {"valid_from": "2023-01-01", "valid_to": "2022-12-31"},
            {"valid_to": ["Medlemmet kan ikke udtræde, før det er indtrådt."]},
        ),
        ({"new_name": ""}, {"person": ["Skriv navnet på den nye person, eller vælg en, der står der i forvejen."]}),
    ],
)
def test_seat_that_cannot_be_is_explained(
    typed: dict[str, str], found: dict[str, list[str]], committee: Committee, home: str, admin: Client
) -> None:
    Committee.objects.update(valid_from=BEGINNING, valid_to=date(2025, 12, 31))
    seat(committee, "Ole", seat="chair", valid_to=date(2024, 12, 31))
    response = admin.post(f"{home}medlemmer/nyt/", new_seat(**typed))
    assert (response.status_code, errors(response)) == (422, found)
    assert (Membership.objects.count(), Person.objects.count()) == (1, 1)


def test_next_chair_follows_the_last(committee: Committee, home: str, admin: Client) -> None:
    seat(committee, "Ole", seat="chair", valid_to=date(2023, 12, 31))
    assert admin.post(f"{home}medlemmer/nyt/", new_seat(seat="chair", valid_from="2024-01-01")).status_code == 303


def test_member_leaves(committee: Committee, admin: Client) -> None:
    ole = seat(committee, "Ole")
    address = f"{ROOT}medlemskaber/{ole.pk}/udtraeder/"
    shown = shown_at(admin, address)
    early = admin.post(address, {"valid_to": "2021-12-31", "shown": shown})
    assert errors(early) == {"valid_to": ["Medlemmet kan ikke udtræde, før det er indtrådt."]}
    assert admin.post(address, {"valid_to": "31.12.2023", "shown": shown}).status_code == 303
    ole.refresh_from_db()
    assert ole.valid_to == date(2023, 12, 31)


def test_seat_stays_under_what_the_protocol_tells(meeting: Meeting, admin: Client) -> None:
    ole = seat(meeting.committee, "Ole")
    Attendance.objects.create(meeting=meeting, person=ole.person, state="present")
    home = f"{ROOT}medlemskaber/{ole.pk}/"
    early = admin.post(f"{home}udtraeder/", {"valid_to": "2022-10-02", "shown": shown_at(admin, f"{home}udtraeder/")})
    refused = "Fremmødet er ført på mødet den 3. oktober 2022, så hvervet må række dertil."
    assert errors(early) == {"__all__": [refused]}
    page = admin.post(f"{home}slet/", {"shown": shown_at(admin, f"{home}slet/")})
    assert page.context["refused"] == ("Hvervet har 1 møde med fremmøde og kan ikke slettes. Sæt i stedet en slutdato.")
    assert Membership.objects.filter(pk=ole.pk).exists()


def test_unused_seat_is_deleted(committee: Committee, home: str, admin: Client) -> None:
    address = f"{ROOT}medlemskaber/{seat(committee, 'Ole').pk}/slet/"
    response = admin.post(address, {"shown": shown_at(admin, address)})
    assert (response.status_code, response.headers["Location"]) == (303, f"{home}#medlemmer")
    assert not Membership.objects.exists()


@pytest.mark.parametrize("rows", [1, 3, 300])
def test_committee_page_asks_the_same_number_of_queries_however_many_sit(
    rows: int, committee: Committee, home: str, admin: Client, django_assert_num_queries: Any
) -> None:
    for n in range(rows):
        seat(committee, f"Medlem {n}")
        FormerName.objects.create(committee=committee, name=f"Navn {n}", until=date.fromordinal(700000 + n))
    admin.get(home)
    with django_assert_num_queries(9):
        admin.get(home)


# --- A whole committee at once ---------------------------------------------------------------------


def many(client: Client, home: str, lines: str) -> Any:
    return client.post(f"{home}medlemmer/flere/", {"lines": lines, "valid_from": "2022-01-01"})


def test_whole_committee_is_written_in_at_once(committee: Committee, home: str, admin: Client) -> None:
    Person.objects.create(name="Mette Medlem", municipality=committee.municipality)
    lines = "Mette Medlem (B), formand\r\n\r\nJens-Ole Ø. Næs (Ø), Næstformand\nSus Sten\nAsta By (A), stedfortræder\n"
    assert many(admin, home, lines).status_code == 303
    assert seats_of(committee) == [
        ("Mette Medlem", "B", "chair"), ("Jens-Ole Ø. Næs", "Ø", "vice_chair"), ("Sus Sten", "", "member"),
        ("Asta By", "A", "substitute"),
    ]  # fmt: skip
    assert Person.objects.count() == 4


def test_lines_that_cannot_be_read_are_all_named_and_kept(committee: Committee, home: str, admin: Client) -> None:
    lines = "Mette Medlem (B), chef\n\nOle (Radikale)\n(A)\nSus Sten (A)"
    response = many(admin, home, lines)
    assert (response.status_code, errors(response)) == (
        422,
        {"lines": [
            "Linje 1: “chef” er ikke et hverv. Skriv formand, næstformand, medlem eller stedfortræder.",
            "Linje 3: “Radikale” er længere end 3 tegn. Skriv partiets bogstav.",
            "Linje 4: Skriv linjen som “Mette Medlem (B), formand”.",
        ]},
    )  # fmt: skip
    assert response.context["form"]["lines"].value() == lines
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("Sus (A), formand\nOle (B), formand", "Linje 2: Sus er allerede formand fra den 1. januar 2022."),
        ("Sus (A)\nOle (B)\nsus (C)", "Linje 3: Sus sidder allerede i udvalget fra den 1. januar 2022."),
    ],
)
def test_line_that_breaks_a_rule_is_named_and_none_is_seated(
    lines: str, sentence: str, committee: Committee, home: str, admin: Client
) -> None:
    assert errors(many(admin, home, lines)) == {"lines": [sentence]}
    assert (Membership.objects.count(), Person.objects.count()) == (0, 0)


def test_lines_sent_twice_seat_everybody_once(committee: Committee, home: str, admin: Client) -> None:
    assert [many(admin, home, "Sus (A), formand\nOle (B)").status_code for _ in range(2)] == [303, 303]
    assert Membership.objects.count() == 2
