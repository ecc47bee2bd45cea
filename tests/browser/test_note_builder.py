"""The builder of notes in a real browser: with a script, by keys alone, without one, and by two at once."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from meetings.models import User
from pejlemaerker.actions.note_drafts import begin_note
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import GoalSet, NoteDraft, NoteRecipe
from tests.browser.conftest import OpenVisit
from tests.browser.looking import PHONE


def a_set() -> GoalSet:
    return GoalSet.objects.select_related("period__committee__municipality", "area").get(
        area__name="Børne- og Familieområdet"
    )


@pytest.fixture
def draft(demo_server: str) -> NoteDraft:
    """A draft with the usual sections, of a day in the middle of the period."""
    consultant = User.objects.get(username="konsulent")
    return begin_note(
        subject=Subject.of_set(a_set()), audience="internal", as_of=date(2024, 1, 1), choices=Choices.usual("set"),
        nonce=uuid4(), by=consultant,
    )  # fmt: skip


def order(page: Page) -> list[str]:
    return [line.get_attribute("data-item") or "" for line in page.locator("#afsnit li").all()]


def headings(page: Page) -> list[str]:
    return page.locator(".paper-sheet h2").all_inner_texts()


@pytest.mark.parametrize("width", [1280, PHONE], ids=["desk", "phone"])
def test_consultant_builds_a_note_and_keeps_it_for_next_year(width: int, visit: OpenVisit) -> None:
    goal_set = a_set()
    person = visit("konsulent", width=width).goto(goal_set.get_absolute_url())
    page = person.page
    page.get_by_role("link", name="Byg et notat").click()
    person.look()
    page.get_by_label("Til udvalget: uden").check()
    page.get_by_label("Pr. dato").fill("2024-01-01")
    page.get_by_role("button", name="Begynd").click()
    expect(page.locator(".paper-sheet")).to_contain_text("Vi arbejder med systematisk inddragelse")
    person.look()

    page.get_by_label("Indledning (frivilligt)").fill("Udvalget bad om en status.")
    expect(page.locator(".paper-sheet")).to_contain_text("Udvalget bad om en status.")
    expect(page.locator("[data-save-state]")).to_contain_text("Gemt kl.")
    page.locator("#id_sections_sources").uncheck()
    expect(page.locator(".paper-sheet h2", has_text="Kilder")).to_have_count(0)
    page.get_by_label("Ændringer siden").fill("2025-01-01")
    expect(page.locator("[data-save-state]")).to_contain_text("Dagen skal ligge før")
    page.get_by_label("Ændringer siden").fill("")
    expect(page.locator("[data-save-state]")).to_contain_text("Gemt kl.")
    page.locator("h1").click()  # while one writes, the saved line lies over the form
    person.look()

    page.get_by_role("button", name="Gem som opskrift").click()
    person.look()
    page.get_by_label("Opskriftens navn").fill("Status før budgettet")
    page.get_by_role("button", name="Gem opskriften").click()
    expect(page.get_by_text("Opskriften »Status før budgettet« er gemt.")).to_be_visible()

    person.goto(f"/udvalg/{goal_set.period.committee.slug}/opskrifter/").look()
    page.get_by_role("link", name="Brug opskriften Status før budgettet").click()
    page.get_by_role("link", name="Børne- og Familieområdet 2022–2025").first.click()
    expect(page.get_by_label("Status før budgettet (udgave til udvalget)")).to_be_checked()
    page.get_by_role("button", name="Begynd").click()
    expect(page.get_by_label("Til udvalget: uden")).to_be_checked()
    expect(page.get_by_label("Indledning (frivilligt)")).to_have_value("Udvalget bad om en status.")
    expect(page.locator("#id_sections_sources")).not_to_be_checked()
    person.look()
    assert NoteRecipe.objects.filter(name="Status før budgettet").count() == 1
    assert person.problems == []


def test_sections_are_moved_by_keys_and_by_mouse(visit: OpenVisit, draft: NoteDraft) -> None:
    person = visit("konsulent").goto(draft.get_absolute_url())
    page = person.page
    before = order(page)
    page.locator("#id_sections_status").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#afsnit-status [data-step=op]:focus")).to_have_count(1)
    expect(page.locator("#flyttet")).to_contain_text("Status er nu nummer")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#flyttet")).to_contain_text("nummer 2 af")
    chosen = [key for key in order(page) if page.locator(f"#id_sections_{key}").is_checked()]
    assert chosen[:3] == ["introduction", "status", "wordings"]
    expect(page.locator(".paper-sheet h2").first).to_have_text("Status")

    page.drag_and_drop("#afsnit-status label", "#afsnit-introduction", target_position={"x": 200, "y": 4})
    expect(page.locator("#flyttet")).to_contain_text("nummer 1 af")
    assert order(page)[0] == "status"
    assert sorted(order(page)) == sorted(before)
    draft.refresh_from_db()
    assert draft.choices["sections"][0] == "status"
    page.locator("h1").click()  # while one writes, the saved line lies over the list
    person.look()


def test_clicks_in_quick_succession_each_move_a_step(visit: OpenVisit, draft: NoteDraft) -> None:
    person = visit("konsulent").goto(draft.get_absolute_url())
    page = person.page
    page.locator("#afsnit-sources [data-step=op]").evaluate(
        "button => { for (let step = 0; step < 3; step += 1) button.click(); }"
    )
    chosen = len(draft.choices["sections"])
    expect(page.locator("#flyttet")).to_contain_text(f"nummer {chosen - 3} af {chosen}")
    expect(page.locator("#afsnit-sources [data-step=op]:focus")).to_have_count(1)
    draft.refresh_from_db()
    assert draft.choices["sections"].index("sources") == chosen - 4


def test_file_fetched_in_the_middle_of_a_word_holds_it(visit: OpenVisit, draft: NoteDraft) -> None:
    page = visit("konsulent").goto(draft.get_absolute_url()).page
    page.get_by_label("Titel").fill("Det sidste ord")
    page.get_by_role("link", name="HTML").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Det sidste ord")


@pytest.mark.parametrize("how", [{"modifiers": ["Control"]}, {"button": "middle"}], ids=["ctrl", "middle"])
def test_file_asked_for_beside_the_page_holds_the_last_word_and_leaves_the_page(
    how: dict[str, Any], visit: OpenVisit, draft: NoteDraft
) -> None:
    page = visit("konsulent").goto(draft.get_absolute_url()).page
    here = page.url
    page.get_by_label("Titel").fill("Det sidste ord")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="HTML").click(**how)
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Det sidste ord")
    assert (opened.value != page, page.url) == (True, here)


def test_summary_of_errors_leads_to_the_sections(visit: OpenVisit, draft: NoteDraft) -> None:
    person = visit("konsulent").goto(draft.get_absolute_url())
    page = person.page
    for tick in page.locator("[name=sections]").all():
        tick.uncheck()
    page.get_by_role("button", name="Gem kladde").click()
    page.get_by_role("link", name="Afsnit · Vælg mindst ét afsnit.").click()
    expect(page.locator("#afsnit :focus")).to_have_count(1)
    page.locator("h1").click()  # the saved line lies over the list, as long as one is in it
    person.look()


def test_note_is_built_without_a_script(visit: OpenVisit, draft: NoteDraft) -> None:
    person = visit("konsulent", javascript=False).goto(draft.get_absolute_url())
    page = person.page
    page.locator("#id_sections_figures").uncheck()
    page.get_by_label("Titel").fill("Efter sommeren")
    page.locator("#afsnit-status [data-step=op]").click()
    expect(page.get_by_text("Status er nu nummer")).to_be_visible()
    expect(page.locator(".paper-title")).to_have_text("Efter sommeren")
    assert "Mål og nøgletal" not in headings(page)
    assert headings(page).index("Status") < headings(page).index("Opfølgningsplan")


def test_two_who_build_at_once_see_both_texts(visit: OpenVisit, draft: NoteDraft) -> None:
    first, second = (visit(who).goto(draft.get_absolute_url()) for who in ("konsulent", "sekretaer"))
    first.page.get_by_label("Indledning (frivilligt)").fill("Konsulentens ord.")
    expect(first.page.locator("[data-save-state]")).to_contain_text("Gemt kl.")
    second.page.get_by_label("Indledning (frivilligt)").fill("Sekretærens ord.")
    expect(second.page.locator(".conflict")).to_contain_text("Konsulentens ord.")
    second.page.locator("h1").click()
    second.look()
    second.page.get_by_label("Jeg har set begge tekster").check()
    expect(second.page.locator("[data-save-state]")).to_contain_text("Gemt kl.")
    expect(second.page.locator(".paper-sheet")).to_contain_text("Sekretærens ord.")
