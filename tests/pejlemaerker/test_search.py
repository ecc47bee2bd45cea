"""Søgning: what is found, how it is told and counted, and what nobody finds who may not see it."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.search import Asked
from meetings.models import AgendaItem, Committee, ItemSection, Meeting, Publication, User
from pejlemaerker.documents.search import SearchDocument
from pejlemaerker.documents.search_found import NEWEST, Narrowed
from pejlemaerker.models import Goal, GoalSet, GoalVersion, WordingDraft
from tests.conftest import Login, decide, publish
from tests.pages import form_on
from tests.pejlemaerker.notes import an_issued_note


def item_of(meeting: Meeting, title: str, *, text: str = "", is_closed: bool = False, case_no: str = "") -> AgendaItem:
    """Put an item on the agenda, with a section."""
    position = AgendaItem.including_closed.filter(meeting=meeting).count() + 1
    item: AgendaItem = AgendaItem.including_closed.create(
        meeting=meeting, number=str(position), position=position, title=title, is_closed=is_closed, case_no=case_no
    )
    if text:
        ItemSection.including_closed.create(item=item, position=1, kind="case", heading="Sagsfremstilling", text=text)
    return item


def search(user: Any, typed: str, **narrowed: Any) -> SearchDocument:
    """Search as somebody."""
    return SearchDocument.for_viewer(user, asked=Asked.read(typed), narrowed=Narrowed(**narrowed))


def titles(document: SearchDocument) -> list[str]:
    """What was found, in order."""
    return ["".join(piece.text for piece in hit.title) for hit in document.hits]


def marks(document: SearchDocument) -> list[str]:
    """The words marked in titles and texts."""
    return [piece.text for hit in document.hits for piece in (*hit.title, *hit.text) if piece.is_hit]


# --- Danish ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("dagtilbuddene", "Kvalitet i dagtilbud"),  # inflected
        ("DAGTILBUDDET", "Kvalitet i dagtilbud"),
        ("dagt", "Kvalitet i dagtilbud"),  # still being typed
        ("kvalitet i dagti", "Kvalitet i dagtilbud"),
        ("struktur", "Ny kvalitetsstruktur"),  # the right part of a compound
        ("kvalitetsstr", "Ny kvalitetsstruktur"),
        ("ålborg", "Besøg i Aalborg"),
        ("aalborg", "Besøg i Aalborg"),
        ("Aalborg", "Besøg i Aalborg"),
        ("ideer", "Én idé"),
        ("idé", "Én idé"),
        ("en ide", "Én idé"),
        ("bestyrelsern", "Bestyrelsernes rolle"),  # longer than the stem
        ("boern", "Børn og unge"),
        ("børn", "Børn og unge"),
        ("22/9628", "Sagen med et nummer"),
        ("sag 22/9628", "Sagen med et nummer"),
        ("22/96", "Sagen med et nummer"),
        ('"unge børn"', None),
        ('"børn og unge"', "Børn og unge"),
        ("børn -unge", None),
        ("kvartal", None),
    ],
)
def test_search_knows_danish(meeting: Meeting, member: User, typed: str, title: str | None) -> None:
    for one in ("Kvalitet i dagtilbud", "Ny kvalitetsstruktur", "Besøg i Aalborg", "Én idé", "Bestyrelsernes rolle"):
        item_of(meeting, one)
    item_of(meeting, "Børn og unge")
    item_of(meeting, "Sagen med et nummer", text="Sag 22/9628 er lang.", case_no="22/9628")
    item_of(meeting, "En anden sag", case_no="22/96280" if typed == "22/9628" else "")
    found = titles(search(member, typed))
    assert found[:1] == ([title] if title else [])


def test_case_number_is_found_exactly_before_those_that_begin_so(meeting: Meeting, member: User) -> None:
    item_of(meeting, "Længere nummer", case_no="22/96280")
    item_of(meeting, "Rigtigt nummer", case_no="22/9628")
    assert titles(search(member, "22/9628"))[0] == "Rigtigt nummer"


@pytest.mark.parametrize("typed", ["3. oktober 2022", "3.10.2022", "3/10 2022", "2022-10-03", "politiske 3.10.2022"])
def test_a_date_finds_what_was_on_the_agenda_that_day(
    published_meeting: Meeting, other_committee: Committee, anonymous: Client, member: User, typed: str
) -> None:
    other = Meeting.objects.create(committee=other_committee, date=date(2022, 10, 4))
    item_of(other, "Politiske emner en anden dag")
    assert "Politiske pejlemærker 2022–2025" in titles(search(member, typed))
    assert "Politiske emner en anden dag" not in titles(search(member, typed))


def test_words_are_marked_as_they_were_written(meeting: Meeting, member: User) -> None:
    item_of(meeting, "Aalborgs idéer", text="Udvalget drøftede idéerne fra AALBORG og kvalitetsstrukturen.")
    assert marks(search(member, "ålborg idéer")) == ["Aalborgs", "idéer"]  # a title that says it all tells the hit
    assert marks(search(member, "udvalget ideer")) == ["idéer", "Udvalget", "idéerne"]
    assert marks(search(member, "aalborgs")) == ["Aalborgs"]


# --- What is searched ------------------------------------------------------------------------------------------------


def test_everything_is_found_with_its_kind(published_goal_set: GoalSet, meeting: Meeting, consultant: User) -> None:
    goal = published_goal_set.goals.get(number=1)
    GoalVersion.objects.create(goal=goal, number=2, text="Vi arbejder med inddragelse af netværket.")
    WordingDraft.objects.create(goal=goal, text="Kladden om inddragelse.")
    decide(item_of(meeting, "Et punkt"), "approved", "Udvalget ønsker inddragelse.", by=consultant)
    item_of(meeting, "Om inddragelse")
    item_of(meeting, "Et tredje punkt", text="Sagen handler om inddragelse.")
    an_issued_note(published_goal_set, by=consultant, title="Status", introduction="Om inddragelsen af barnet.")
    document = search(consultant, "inddragelse")
    assert sorted(hit.kind for hit in document.hits) == [
        "Beslutning", "Dagsordenspunkt", "Dagsordenspunkt", "Notat", "Ordlyd", "Pejlemærke",
    ]  # fmt: skip
    assert {(one.name, one.count) for one in document.kinds} == {
        ("Pejlemærke", "1"), ("Ordlyd", "1"), ("Dagsordenspunkt", "2"), ("Beslutning", "1"), ("Notat", "1"),
    }  # fmt: skip
    assert "Kladden" not in str(document)


def test_item_found_in_title_and_text_is_one_hit(meeting: Meeting, member: User) -> None:
    item_of(meeting, "Skovbørnehaven", text="Skovbørnehaven flytter.")
    assert titles(search(member, "skovbørnehaven")) == ["Skovbørnehaven"]


def test_titles_come_before_words_in_passing_and_the_newest_first(
    committee: Committee, meeting: Meeting, member: User
) -> None:
    later = Meeting.objects.create(committee=committee, date=date(2023, 2, 6))
    item_of(later, "Orientering", text="Her nævnes trivsel blandt meget andet.")
    item_of(meeting, "Trivsel")
    item_of(later, "Trivsel")
    found = search(member, "trivsel")
    assert [(title, hit.about.rpartition(" · ")[2]) for title, hit in zip(titles(found), found.hits, strict=True)] == [
        ("Trivsel", "6. februar 2023"), ("Trivsel", "3. oktober 2022"), ("Orientering", "6. februar 2023"),
    ]  # fmt: skip


# --- Narrowing -------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_committees(meeting: Meeting, other_committee: Committee) -> None:
    """Three items about trivsel, in two committees and two valgperioder, public all of them."""
    old = Meeting.objects.create(committee=meeting.committee, date=date(2019, 3, 4))
    other = Meeting.objects.create(committee=other_committee, date=date(2022, 5, 2))
    for one in (meeting, old, other):
        item_of(one, f"Trivsel {one.date.year}")
        publish(one)


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, ["Trivsel 2022", "Trivsel 2022", "Trivsel 2019"]),
        ({"udvalg": "kultur-og-fritidsudvalget"}, ["Trivsel 2022"]),
        ({"udvalg": "findes-ikke"}, []),
        ({"valgperiode": "2018-2021"}, ["Trivsel 2019"]),
        ({"fra": date(2022, 6, 1)}, ["Trivsel 2022"]),
        ({"til": date(2022, 6, 1)}, ["Trivsel 2022", "Trivsel 2019"]),
        ({"fra": date(2023, 1, 1), "til": date(2022, 1, 1)}, []),
        ({"valgperiode": "2018-2021", "fra": date(2022, 1, 1)}, []),
        ({"art": "punkt"}, ["Trivsel 2022", "Trivsel 2022", "Trivsel 2019"]),
        ({"art": "beslutning"}, []),
    ],
)
def test_hits_are_narrowed(two_committees: None, citizen: User, narrowed: dict[str, Any], found: list[str]) -> None:
    assert titles(search(citizen, "trivsel", **narrowed)) == found


def test_choices_tell_how_many_there_are(two_committees: None, citizen: User) -> None:
    document = search(citizen, "trivsel")
    assert document.count == "3 fund"
    assert [(one.name, one.count) for one in document.committees] == [
        ("Børne- og Uddannelsesudvalget", "2"), ("Kultur- og Fritidsudvalget", "1"),
    ]  # fmt: skip
    assert [(one.name, one.count) for one in document.terms] == [("2022–2025", "2"), ("2018–2021", "1")]


def test_nobody_counts_beyond_three_hundred(meeting: Meeting, member: User, anonymous: Client) -> None:
    AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=meeting, number=f"x{n}", position=n, title="Trivsel", is_closed=False)
        for n in range(10, NEWEST + 20)
    )
    document = search(member, "trivsel")
    assert (document.count, document.kinds[0].count) == ("Over 300 fund", "over 300")
    assert document.paging
    assert document.paging.pages == 16


def test_hits_follow_their_meeting_to_another_day(meeting: Meeting, member: User) -> None:
    item_of(meeting, "Trivsel", text="Om kvalitetstid.")
    Meeting.objects.filter(pk=meeting.pk).update(date=date(2024, 5, 6))
    for word in ("trivsel", "kvalitetstid"):
        assert titles(search(member, word, fra=date(2024, 5, 6), til=date(2024, 5, 6))) == ["Trivsel"]


# --- Who finds what --------------------------------------------------------------------------------------------------


@pytest.fixture
def secret(meeting: Meeting, secretary: User) -> None:
    """A closed item with a word in all its texts that also an open item has."""
    closed = item_of(meeting, "Hemmelig trivsel", text="Hemmelig trivsel i sagen.", is_closed=True, case_no="22/1111")
    decide(closed, "approved", "Hemmelig trivsel besluttet.", by=secretary)
    decide(item_of(meeting, "Åben trivsel", text="Om trivsel."), "approved", "Trivsel godkendt.", by=secretary)


def seen_by(user: Any, typed: str) -> tuple[Any, ...]:
    """All that a search tells somebody of how much there is."""
    found = search(user, typed)
    counts = [[(one.name, one.count) for one in of] for of in (found.kinds, found.committees, found.terms)]
    return found.count, sorted(titles(found)), *counts


def test_closed_items_are_nowhere_for_outsiders(
    secret: None, meeting: Meeting, citizen: User, other_member: User, consultant: User, member: User
) -> None:
    publish(meeting)
    outside = (
        "2 fund",
        ["Åben trivsel", "Åben trivsel"],
        [("Dagsordenspunkt", "1"), ("Beslutning", "1")],
        [("Børne- og Uddannelsesudvalget", "2")],
        [("2022–2025", "2")],
    )
    assert [seen_by(user, "trivsel") for user in (citizen, other_member, consultant)] == [outside] * 3
    assert seen_by(member, "trivsel")[:3] == (
        "4 fund",
        ["Hemmelig trivsel", "Hemmelig trivsel", "Åben trivsel", "Åben trivsel"],
        [("Dagsordenspunkt", "2"), ("Beslutning", "2")],
    )


def test_what_one_may_not_see_pushes_nothing_out_of_what_one_may(
    committee: Committee, meeting: Meeting, citizen: User
) -> None:
    later = Meeting.objects.create(committee=committee, date=date(2023, 2, 6))
    hidden = Meeting.objects.create(committee=committee, date=date(2023, 3, 6))
    AgendaItem.including_closed.bulk_create(
        AgendaItem(meeting=one, number=f"x{n}", position=n, title="Trivsel", is_closed=one == later)
        for one in (later, hidden)
        for n in range(10, NEWEST + 20)
    )
    item_of(meeting, "Åben trivsel", text="Trivsel.")
    publish(later)
    publish(meeting)
    assert seen_by(citizen, "trivsel")[:2] == ("1 fund", ["Åben trivsel"])
    assert seen_by(citizen, "rivsel")[:2] == ("1 fund", ["Åben trivsel"])


@pytest.mark.parametrize(
    "typed", ["hemmelig", "hemmel", "mmelig", "22/1111", "hemmeligt", "hemmelgi", "hemmelig 3.10.2022"]
)
def test_a_word_of_a_closed_item_finds_nothing_and_is_not_suggested(
    secret: None, meeting: Meeting, anonymous: Client, as_user: Login, member: User, typed: str
) -> None:
    publish(meeting)
    page = anonymous.get("/soeg/", {"q": typed}).content.decode()
    assert "Ingen fund" in page
    assert "Mente du" not in page
    told = as_user(member).get("/soeg/", {"q": typed}).content.decode()
    assert "Hemmelig trivsel" in re.sub("<.*?>", "", told) or "hemmelig" in told.partition("Mente du")[2]


def test_what_is_not_published_is_found_inside_only(
    secret: None, meeting: Meeting, goal_set: GoalSet, citizen: User, member: User, leader: User, secretary: User
) -> None:
    assert seen_by(citizen, "trivsel")[0] == seen_by(leader, "trivsel")[0] == "0 fund"
    assert (search(citizen, "inddragelse").hits, titles(search(leader, "inddragelse"))) == (
        (), ["Ordlyd 1 af pejlemærke 1, Børne- og Familieområdet 2022–2025"],
    )  # fmt: skip
    publish(meeting)
    publish(goal_set)
    assert seen_by(citizen, "trivsel")[0] == "2 fund"
    assert len(search(citizen, "inddragelse").hits) == 1


def test_decisions_are_found_when_the_minutes_are_public_not_the_agenda(
    secret: None, meeting: Meeting, citizen: User
) -> None:
    Publication.objects.create(subject="meeting.agenda", subject_pk=meeting.pk, act="published")
    assert seen_by(citizen, "trivsel")[2] == [("Dagsordenspunkt", "1")]


def test_notes_are_found_by_those_who_may_read_the_edition(
    published_goal_set: GoalSet, consultant: User, member: User, citizen: User
) -> None:
    for audience in ("internal", "committee", "public"):
        an_issued_note(published_goal_set, by=consultant, audience=audience, introduction="Gulvarme.")
    assert [len(search(user, "gulvarme").hits) for user in (consultant, member, citizen)] == [3, 2, 0]


# --- The page --------------------------------------------------------------------------------------------------------


def test_search_page_is_open_and_only_read(anonymous: Client) -> None:
    page = anonymous.get("/soeg/")
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "private, no-cache")
    assert "Skriv et ord eller to" in page.content.decode()
    assert anonymous.post("/soeg/").status_code == 405


def test_every_page_has_a_field_to_search_in(anonymous: Client) -> None:
    form = form_on(anonymous.get("/moeder/").content.decode(), having="q")
    assert (form.action, form.fields) == ("/soeg/", {"q": [""]})


def test_search_works_without_javascript(two_committees: None, anonymous: Client) -> None:
    page = anonymous.get("/soeg/", {"q": "trivsel", "udvalg": "", "fra": "", "til": ""}).content.decode()
    assert page.count("<mark>Trivsel</mark>") == 3
    assert '<p class="found-count" id="antal" role="status">3 fund</p>' in page
    assert 'href="?q=trivsel&amp;art=punkt"' in page
    narrowed = anonymous.get("/soeg/?q=trivsel&udvalg=kultur-og-fritidsudvalget&art=punkt").content.decode()
    assert '<input type="hidden" name="art" value="punkt" form="soeg">' in narrowed
    assert narrowed.count("<mark>") == 1


def test_htmx_gets_the_hits_alone(two_committees: None, anonymous: Client) -> None:
    answer = anonymous.get("/soeg/", {"q": "trivsel", "fra": "", "udvalg": ""}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "<html" not in page
    assert '<div hx-swap-oob="innerHTML:#antal">3 fund</div>' in page
    assert answer.headers["HX-Replace-Url"] == "/soeg/?q=trivsel"


def test_pages_of_twenty(meeting: Meeting, member: User, as_user: Login) -> None:
    for _ in range(21):
        item_of(meeting, "Trivsel")
    client = as_user(member)
    pages = [client.get("/soeg/", {"q": "trivsel", "side": side}).content.decode() for side in ("", "2", "99", "x")]
    assert [page.count("lines__title") for page in pages] == [20, 1, 1, 20]
    assert 'href="?q=trivsel&amp;side=2" rel="next"' in pages[0]


def test_no_hits_suggest_a_word_that_is_there(two_committees: None, anonymous: Client) -> None:
    page = anonymous.get("/soeg/?q=trivslen%20trivsle").content.decode()
    assert "Ingen fund på »trivslen trivsle«" in page
    assert "Mente du" in page


def test_a_day_that_is_none_is_told_and_not_used(two_committees: None, anonymous: Client) -> None:
    page = anonymous.get("/soeg/?q=trivsel&fra=31.2.2022&til=2022-06-01").content.decode()
    assert "form-error-message" in page
    assert page.count("<mark>") == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_search_asks_as_much_for_three_as_for_one(
    rows: int, meeting: Meeting, goal_set: GoalSet, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for number in range(10, 10 + rows):
        decide(item_of(meeting, "Trivsel", text="Trivsel."), "approved", "Trivsel.", by=secretary)
        goal = Goal.objects.create(goal_set=goal_set, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text="Vi arbejder for trivsel.")
    client = as_user(secretary)
    client.get("/soeg/")
    with django_assert_num_queries(10):
        page = client.get("/soeg/?q=trivsel")
    assert f"{rows * 3} fund" in page.content.decode()


HOSTILE = [
    "\x00", "' OR 1=1 --", "& | ! :* ( ) '", "a:*", "!!!", "((((", '"', '"""', "\\", "\\'", "\u202etrivsel",
    "'trivsel':*", "<script>alert(1)</script>", "%", "_", "%%%s", "x" * 10_000, "æ " * 5_000, "-", "--trivsel",
    "or or or", "trivsel or", "{{ q }}", "٣٤", "𝔗𝔯𝔦𝔳𝔰𝔢𝔩", "e\u0301" * 300, "99999-99-99", "0000-00-00", "1/1/1",
    "\ufeff", "og", "i",
]  # fmt: skip


@pytest.mark.parametrize("typed", HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_whatever_is_typed_gets_an_answer(two_committees: None, anonymous: Client, typed: str) -> None:
    for field in ("q", "udvalg", "art", "valgperiode", "fra", "til", "side"):
        page = anonymous.get("/soeg/", {"q": "trivsel", field: typed})
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


typed_words = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from([*"&|!:*()'\"\\-<>@", "trivsel", "or", "OR", " ", "\x00", "22/9628", "3.10.2022", "æø"])
    ).map("".join),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed_words)
def test_nothing_typed_is_an_error(two_committees: None, citizen: User, typed: str) -> None:
    document = search(citizen, typed)
    assert document.asked.is_empty or document.count.endswith("fund")
    assert {"".join(piece.text for piece in hit.title) for hit in document.hits} <= {
        "Trivsel 2022", "Trivsel 2019", "Politiske pejlemærker 2022–2025",
    }  # fmt: skip


def test_text_longer_than_a_vector_is_kept(meeting: Meeting, secretary: User, member: User) -> None:
    text = "Begyndelsen. " + " ".join(f"ord{n}" for n in range(400_000))
    item_of(meeting, "Langt", text=text)
    assert titles(search(member, "begyndelsen")) == ["Langt"]
