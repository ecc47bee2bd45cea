"""The builder of notes: begun from a page, kept as one chooses, shown as it will be, never over another's choice."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kit.clock import today
from kit.drafts import EditConflict
from meetings.actions import NotAllowed
from meetings.models import Committee, Event, User
from pejlemaerker.actions.note_drafts import begin_note, delete_note_draft, save_note_draft
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.documents.notes.drafts import Preview
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    Adoption,
    AsOf,
    GoalPeriod,
    GoalSet,
    NoteDraft,
    PolicyArea,
)
from tests.conftest import Login, publish
from tests.pejlemaerker.notes import a_draft, make_cheaply

HTMX = {"HX-Request": "true"}
DAY = date(2024, 1, 1)


@pytest.fixture
def client(as_user: Login, consultant: User) -> Client:
    return as_user(consultant)


@pytest.fixture
def draft(published_goal_set: GoalSet, consultant: User) -> NoteDraft:
    return a_draft(published_goal_set, by=consultant, as_of=DAY)


@pytest.fixture
def next_set(published_goal_set: GoalSet) -> GoalSet:
    """A set of the committee's next period."""
    period = GoalPeriod.objects.create(
        committee=published_goal_set.period.committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    return GoalSet.objects.create(period=period, area=published_goal_set.area)


def typed(draft: NoteDraft, **changed: Any) -> dict[str, Any]:
    """What the builder sends."""
    choices = Choices.from_data(draft.choices, draft.kind)
    return {
        "revision": draft.revision, "audience": draft.audience, "as_of": draft.as_of.isoformat(),
        "sections": [str(key) for key in choices.sections], "title": choices.title,
        "introduction": choices.introduction, "conclusion": "", "changes_since": "", "doc_no": "",
    } | changed  # fmt: skip


def kept(draft: NoteDraft) -> Choices:
    """What stands in the database."""
    draft.refresh_from_db()
    return Choices.from_data(draft.choices, draft.kind)


# --- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["note_draft", "note_draft_delete", "note_draft_pdf", "note_recipe_save"])
def test_draft_is_for_those_who_write_notes(
    name: str, draft: NoteDraft, anonymous: Client, as_user: Login, member: User, other_secretary: User, client: Client
) -> None:
    address = reverse(name, args=[draft.pk])
    assert anonymous.get(address).status_code == 302
    assert as_user(member).get(address).status_code == 404
    assert as_user(other_secretary).get(address).status_code == 404
    assert client.get(address).status_code == 200
    assert client.put(address).status_code == 405


def test_new_note_is_for_those_who_write_notes(
    goal_set: GoalSet, anonymous: Client, as_user: Login, member: User, other_secretary: User, client: Client
) -> None:
    address = f"/notater/nyt/?saet={goal_set.pk}"
    assert anonymous.get(address).status_code == 302
    assert as_user(member).get(address).status_code == 403
    assert as_user(other_secretary).get(address).status_code == 404  # the set is not public
    assert client.get(address).status_code == 200
    assert client.delete(address).status_code == 405


def test_who_writes_elsewhere_writes_no_note_of_a_public_set(
    published_goal_set: GoalSet, as_user: Login, other_secretary: User
) -> None:
    address = f"/notater/nyt/?saet={published_goal_set.pk}"
    assert as_user(other_secretary).get(address).status_code == 403
    assert as_user(other_secretary).post(address, {"audience": "public", "as_of": "2024-01-01"}).status_code == 403
    assert not NoteDraft.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["saet=0", "saet=x", "saet=99999999999999999999", "pejlemaerke=99999", "udvalg=findes-ikke", "opskrift=7",
     "saet=1&med=æ", "udvalg=boerne-og-uddannelsesudvalget&aar=99"],
)  # fmt: skip
def test_nonsense_begins_no_note(query: str, committee: Committee, client: Client) -> None:
    answer = client.get(f"/notater/nyt/?{query}")
    assert answer.status_code == (200 if query == "saet=0" else 404)


def test_comparison_is_hidden_from_who_may_not_read_the_other_set(
    published_goal_set: GoalSet, other_committee: Committee, consultant: User, secretary: User, as_user: Login
) -> None:
    """The secretary of one committee does not get another's internal words by way of a colleague's draft."""
    period = GoalPeriod.objects.create(
        committee=other_committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    area = PolicyArea.objects.create(committee=other_committee, name="Kultur")
    other = GoalSet.objects.create(period=period, area=area)
    subject = Subject.of_two(published_goal_set, other)
    seen = {
        audience: as_user(secretary).get(
            begin_note(
                subject=subject, audience=audience, as_of=today(), choices=Choices.usual("comparison"), nonce=uuid4(),
                by=consultant,
            ).get_absolute_url()
        ).status_code
        for audience in ("internal", "committee", "public")
    }  # fmt: skip
    assert seen == {"internal": 404, "committee": 404, "public": 404}
    assert len(NoteDraft.objects.visible_to(consultant)) == 3
    publish(other)
    assert [one.audience for one in NoteDraft.objects.visible_to(secretary)] == ["public"]


# --- Beginning -------------------------------------------------------------------------------------------------------


def test_note_is_begun_for_a_day_and_an_edition(published_goal_set: GoalSet, client: Client) -> None:
    address = f"/notater/nyt/?saet={published_goal_set.pk}&dato=2023-05-01"
    assert 'value="2023-05-01"' in client.get(address).content.decode()
    answer = client.post(address, {"audience": "committee", "as_of": "2023-05-01", "nonce": uuid4()})
    draft = NoteDraft.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.get_absolute_url())
    assert (draft.kind, draft.goal_set, draft.audience, draft.as_of) == (
        "set", published_goal_set, "committee", date(2023, 5, 1),
    )  # fmt: skip
    assert kept(draft) == Choices.usual("set")
    assert Event.objects.filter(action="note_begun", target_pk=draft.pk).count() == 1


def test_note_is_begun_once_however_often_it_is_sent(published_goal_set: GoalSet, client: Client) -> None:
    sent = {"audience": "internal", "as_of": "2024-01-01", "nonce": uuid4()}
    answers = [client.post(f"/notater/nyt/?saet={published_goal_set.pk}", sent) for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert NoteDraft.objects.count() == 1


def test_every_kind_of_note_can_be_begun(goal_set: GoalSet, next_set: GoalSet, client: Client) -> None:
    goal, committee = goal_set.goals.get(number=1), goal_set.period.committee
    sent = {"audience": "internal", "as_of": "2024-01-01"}
    for query in (
        f"saet={goal_set.pk}", f"pejlemaerke={goal.pk}", f"udvalg={committee.slug}&aar=2023",
        f"saet={next_set.pk}&med={goal_set.pk}",
    ):  # fmt: skip
        assert client.get(f"/notater/nyt/?{query}").status_code == 200
        assert client.get(client.post(f"/notater/nyt/?{query}", sent).headers["Location"]).status_code == 200
    about = {one.kind: (one.goal_set, one.goal, one.year, one.other_set) for one in NoteDraft.objects.all()}
    assert about == {
        "set": (goal_set, None, None, None), "goal": (None, goal, None, None), "year": (None, None, 2023, None),
        "comparison": (goal_set, None, None, next_set),
    }  # fmt: skip


def test_day_to_come_has_no_note(published_goal_set: GoalSet, client: Client) -> None:
    tomorrow = today() + timedelta(days=1)
    sent = {"audience": "internal", "as_of": tomorrow.isoformat()}
    answer = client.post(f"/notater/nyt/?saet={published_goal_set.pk}", sent)
    assert answer.status_code == 422
    assert "en dag, der er gået" in answer.content.decode()
    assert not NoteDraft.objects.exists()


def test_who_begins_sees_the_drafts_that_are_there(draft: NoteDraft, client: Client) -> None:
    page = client.get(f"/notater/nyt/?saet={draft.goal_set_id}").content.decode()
    assert draft.get_absolute_url() in page
    assert draft.get_absolute_url() in client.get("/notater/nyt/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_what_to_write_about_asks_the_same_whatever_there_is(
    count: int, published_goal_set: GoalSet, consultant: User, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        area = PolicyArea.objects.create(committee=published_goal_set.period.committee, name=f"Område {number}")
        a_draft(GoalSet.objects.create(period=published_goal_set.period, area=area), by=consultant)
    with django_assert_num_queries(10):
        page = client.get("/notater/nyt/").content.decode()
    assert page.count("?saet=") == count + 1


# --- Building --------------------------------------------------------------------------------------------------------


def test_builder_shows_the_paper_as_it_will_be(draft: NoteDraft, consultant: User, client: Client) -> None:
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Vi arbejder med systematisk inddragelse" in page
    assert "UDKAST" in page
    subject = Subject.of_set(draft.goal_set)  # type: ignore[arg-type]
    paper = paper_of(subject, audience="internal", at=AsOf.day(DAY), choices=kept(draft), author=consultant)
    assert Preview.of(draft, by=consultant).paper.text == paper.text


def test_builder_says_which_sections_have_nothing_to_tell(draft: NoteDraft, client: Client) -> None:
    page = client.get(draft.get_absolute_url()).content.decode()
    told = page.partition("ikke med:")[2].partition("</p>")[0]
    assert "Læring" in told
    assert "Indledning" not in told


def test_choices_are_kept_in_the_order_of_the_page(draft: NoteDraft, client: Client) -> None:
    sent = typed(
        draft, sections=["status", "wordings"], title="Efter sommeren", introduction="Kære udvalg.\r\nHer er den.",
        audience="committee", as_of="2023-12-31", changes_since="2023-06-01", doc_no="108429-26",
    )  # fmt: skip
    answer = client.post(draft.get_absolute_url(), sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.get_absolute_url())
    assert kept(draft) == Choices(
        (SectionKey.STATUS, SectionKey.WORDINGS), "Efter sommeren", "Kære udvalg.\nHer er den.", "",
        date(2023, 6, 1), "108429-26",
    )  # fmt: skip
    assert (draft.audience, draft.as_of, draft.revision) == ("committee", date(2023, 12, 31), 1)
    page = client.get(draft.get_absolute_url()).content.decode()
    assert page.index("<h2>Status</h2>") < page.index("<h2>Pejlemærker og ordlyd</h2>")


def test_htmx_hears_how_it_stands_and_fetches_the_preview_anew(draft: NoteDraft, client: Client) -> None:
    address = draft.get_absolute_url()
    answer = client.post(address, typed(draft, title="Efter sommeren"), headers=HTMX)
    assert answer.status_code == 200
    assert "Gemt kl." in answer.content.decode()
    assert 'name="revision" value="1"' in answer.content.decode()
    assert "udkastGemt" in answer.headers["HX-Trigger"]
    assert "<html" not in answer.content.decode()
    preview = client.get(address, headers=HTMX).content.decode()
    assert "Efter sommeren" in preview
    assert "<form" not in preview


def test_saving_the_same_again_changes_nothing(draft: NoteDraft, client: Client) -> None:
    answer = client.post(draft.get_absolute_url(), typed(draft), headers=HTMX)
    assert "HX-Trigger" not in answer.headers
    draft.refresh_from_db()
    assert draft.revision == 0


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"sections": []}, "Vælg mindst ét afsnit."),
        ({"sections": ["meetings"]}, "meetings"),
        ({"as_of": ""}, "Skriv datoen."),
        ({"as_of": "3000-01-01"}, "Er året 3000 rigtigt?"),
        ({"changes_since": "2024-01-01"}, "før den dag, notatet fortæller om"),
        ({"audience": "alle"}, "alle"),
        ({"title": "x" * 301}, "300"),
        ({"introduction": "a\x00b"}, "Nul"),
    ],
)
def test_what_makes_no_sense_is_not_kept(changed: Any, told: str, draft: NoteDraft, client: Client) -> None:
    before = kept(draft)
    for headers in ({}, HTMX):
        answer = client.post(draft.get_absolute_url(), typed(draft, **changed), headers=headers)
        assert answer.status_code == 422
        assert told in answer.content.decode()
    assert kept(draft) == before


def test_section_is_moved_by_a_button_without_a_script(draft: NoteDraft, client: Client) -> None:
    sent = typed(draft, sections=["wordings", "plan", "status"], flyt="status:op")
    answer = client.post(draft.get_absolute_url(), sent)
    assert answer.headers["Location"].endswith("#afsnit-status")
    assert kept(draft).sections == ("wordings", "status", "plan")
    page = client.get(draft.get_absolute_url()).content.decode()
    assert "Status er nu nummer 2 af 3." in page


def test_section_that_is_moved_by_htmx_keeps_the_focus(draft: NoteDraft, client: Client) -> None:
    sent = typed(draft, sections=["wordings", "plan"], flyt="wordings:ned")
    page = client.post(draft.get_absolute_url(), sent, headers=HTMX).content.decode()
    assert 'hx-swap-oob="true"' in page
    button = page.partition('value="wordings:ned"')[2].partition("</button>")[0]
    assert "data-focus" in button
    assert page.index('data-item="plan"') < page.index('data-item="wordings"')


def test_two_who_choose_at_once_see_both(draft: NoteDraft, client: Client, as_user: Login, secretary: User) -> None:
    as_user(secretary).post(draft.get_absolute_url(), typed(draft, introduction="Sekretærens ord.", sections=["plan"]))
    mine = typed(draft, introduction="Mine ord.")
    for headers in ({}, HTMX):
        answer = client.post(draft.get_absolute_url(), mine, headers=headers)
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Sekretærens ord." in page
        assert "Mine ord." in page
        assert "Opfølgningsplan" in page
    assert kept(draft).introduction == "Sekretærens ord."
    assert client.post(draft.get_absolute_url(), mine | {"replaces": 1}).status_code == 303
    assert kept(draft).introduction == "Mine ord."


def test_draft_is_never_overwritten_past_the_form(draft: NoteDraft, secretary: User, consultant: User) -> None:
    values = {"audience": "internal", "as_of": DAY}
    save_note_draft(draft=draft, expected=0, choices=Choices((SectionKey.PLAN,)), by=secretary, **values)  # type: ignore[arg-type]
    with pytest.raises(EditConflict):
        save_note_draft(draft=draft, expected=0, choices=Choices((SectionKey.STATUS,)), by=consultant, **values)  # type: ignore[arg-type]


def test_draft_that_is_gone_says_so(draft: NoteDraft, consultant: User, client: Client) -> None:
    gone = NoteDraft.objects.get(pk=draft.pk)
    delete_note_draft(draft=draft, by=consultant)
    with pytest.raises(NotAllowed, match="slettet imens"):
        save_note_draft(
            draft=gone, expected=0, audience="public", as_of=DAY, choices=Choices.usual("set"), by=consultant
        )
    assert client.get(gone.get_absolute_url()).status_code == 404
    delete_note_draft(draft=gone, by=consultant)  # twice is once
    assert Event.objects.filter(action="note_draft_deleted").count() == 1


@pytest.mark.parametrize(("step", "where"), [("udsted", "note_issue"), ("opskrift", "note_recipe_save")])
def test_button_saves_and_goes_on(step: str, where: str, draft: NoteDraft, client: Client) -> None:
    answer = client.post(draft.get_absolute_url(), typed(draft, title="Ny titel", videre=step))
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse(where, args=[draft.pk]))
    assert kept(draft).title == "Ny titel"


@pytest.mark.parametrize("form", ["pdf", "docx", "html"])
def test_draft_can_be_had_as_a_file(form: str, draft: NoteDraft, client: Client) -> None:
    with patch("pejlemaerker.papers.make", side_effect=make_cheaply) as make:
        answer = client.get(reverse(f"note_draft_{form}", args=[draft.pk]))
    assert make.call_args.args[0].stamp.mark == "UDKAST"
    assert "Vi arbejder med systematisk inddragelse" in answer.content.decode()
    name = f"udkast-notat-boerne-og-familieomraadet-2024-01-01.{form}"
    assert name in answer.headers["Content-Disposition"]


def test_draft_is_deleted_when_one_has_read_what_goes(draft: NoteDraft, client: Client) -> None:
    address = reverse("note_draft_delete", args=[draft.pk])
    assert "Det kan ikke fortrydes" in client.get(address).content.decode()
    assert NoteDraft.objects.exists()
    answer = client.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.goal_set.get_absolute_url())  # type: ignore[union-attr]
    assert not NoteDraft.objects.exists()


def test_public_edition_of_what_is_not_public_warns(
    goal_set: GoalSet, consultant: User, client: Client, adoption: Adoption
) -> None:
    warning = "Det, notatet handler om, er ikke offentliggjort"
    inside, outside = (a_draft(goal_set, by=consultant, audience=one) for one in ("internal", "public"))
    assert warning not in client.get(inside.get_absolute_url()).content.decode()
    assert warning in client.get(outside.get_absolute_url()).content.decode()
    publish(goal_set)
    assert warning not in client.get(outside.get_absolute_url()).content.decode()


def test_saving_makes_no_paper(draft: NoteDraft, client: Client) -> None:
    """What is typed is safe at once; the preview is asked for afterwards."""
    with patch("pejlemaerker.views.note_drafts.Preview.of") as made:
        client.post(draft.get_absolute_url(), typed(draft, title="x"), headers=HTMX)
    assert not made.called


# --- Entrances -------------------------------------------------------------------------------------------------------


def test_pages_lead_to_their_notes(published_goal_set: GoalSet, next_set: GoalSet, client: Client) -> None:
    goal, slug = published_goal_set.goals.get(number=1), published_goal_set.period.committee.slug
    pages = {
        published_goal_set.get_absolute_url(): [
            f"/saet/{published_goal_set.pk}/notat.docx", f"/notater/nyt/?saet={published_goal_set.pk}",
            f"/saet/{published_goal_set.pk}/dagsordenspunkt/",
        ],
        f"{published_goal_set.get_absolute_url()}?dato=2023-05-01": [
            f"/saet/{published_goal_set.pk}/notat.pdf?dato=2023-05-01",
            f"/notater/nyt/?saet={published_goal_set.pk}&amp;dato=2023-05-01",
        ],
        goal.get_absolute_url(): [f"/pejlemaerker/{goal.pk}/notat.html", f"/notater/nyt/?pejlemaerke={goal.pk}"],
        f"/udvalg/{slug}/?dato=2023-05-01": [
            f"/udvalg/{slug}/aarsstatus.pdf?aar=2023&amp;dato=2023-05-01", f"?udvalg={slug}&amp;aar=2023&amp;dato=",
            f"/udvalg/{slug}/opskrifter/",
        ],
        f"/pejlemaerker/sammenlign/?foer={published_goal_set.pk}&efter={next_set.pk}": [
            f"/saet/{published_goal_set.pk}/sammenligning.pdf?med={next_set.pk}",
            f"?saet={published_goal_set.pk}&amp;med={next_set.pk}",
        ],
    }  # fmt: skip
    for address, links in pages.items():
        page = client.get(address).content.decode()
        assert [link for link in links if f"{link}" not in page] == [], address


def test_visitor_is_offered_the_files_and_not_the_builder(published_goal_set: GoalSet, anonymous: Client) -> None:
    page = anonymous.get(published_goal_set.get_absolute_url()).content.decode()
    assert f"/saet/{published_goal_set.pk}/notat.pdf" in page
    assert "/notater/nyt/" not in page
    assert "dagsordenspunkt/" not in page
