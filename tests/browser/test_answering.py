"""The leader's page in a real browser: on a phone, the line cut, the tab closed, by keyboard, without scripts."""

import gzip

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect

from meetings.models import User
from pejlemaerker.models import Adoption, AnswerDraft, AnswerSheet, AsOf, GoalSet, Invitee, KeptText
from tests.browser.conftest import OpenVisit
from tests.browser.looking import NARROW, PHONE, html_errors
from tests.pejlemaerker.surveys import a_survey, a_token

FIRST = "textarea >> nth=0"
SAVED = "#gemt"


@pytest.fixture
def invitee(demo_server: str) -> Invitee:
    in_force = Adoption.objects.in_force(AsOf.now()).select_related("version__goal__goal_set")
    goal_set = GoalSet.objects.get(pk=in_force[0].version.goal.goal_set_id)
    survey = a_survey(goal_set, by=User.objects.get(username="konsulent"), leaders=1)
    return survey.invitees.get()


@pytest.fixture
def address(invitee: Invitee) -> str:
    return f"/evaluering/{a_token(invitee)}/"


def first_answer() -> str:
    """What the server keeps as the first answer."""
    return AnswerDraft.objects.order_by("-edited_at").values_list("text", flat=True)[0]


def is_saved(page: Page) -> None:
    """Wait until the page says so."""
    expect(page.locator(SAVED)).to_contain_text("Gemt kl.")


def test_page_is_accessible_narrow_and_light(address: str, visit: OpenVisit) -> None:
    person = visit(width=PHONE)
    answers: list[Response] = []
    person.page.on("response", lambda answer: answers.append(answer))
    response = person.page.goto(address)
    assert response is not None
    assert html_errors(response.text()) == []
    person.look()
    person.page.set_viewport_size({"width": NARROW, "height": 700})
    sizes = [len(gzip.compress(one.body())) for one in answers if "/fonts/" not in one.url]
    assert len(sizes) > 5
    assert sum(sizes) < 150_000


def test_leader_answers_on_a_phone_and_hands_in(address: str, invitee: Invitee, visit: OpenVisit) -> None:
    person = visit(width=PHONE).goto(address)
    page = person.page
    for text in page.locator("textarea").all():
        text.fill("Vi taler med børnene 😀.")
    page.get_by_label("I god gang").first.check()
    is_saved(page)
    expect(page.locator("form[data-dirty]")).to_have_count(0)
    page.get_by_role("button", name="Afgiv svar").click()
    expect(page.get_by_role("heading", name="Tak for dit svar")).to_be_visible()
    person.look()
    assert AnswerSheet.objects.filter(invitee=invitee).count() == 1
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Ret dit svar").click()
    expect(page.locator(FIRST)).to_have_value("Vi taler med børnene 😀.")


def test_lost_connection_loses_nothing(address: str, visit: OpenVisit) -> None:
    page = visit(width=PHONE).goto(address).page
    page.context.set_offline(True)
    page.locator(FIRST).fill("Skrevet i toget.")
    expect(page.locator(SAVED)).to_contain_text("forbindelsen er væk")
    page.context.set_offline(False)
    is_saved(page)
    assert first_answer() == "Skrevet i toget."
    assert page.evaluate("localStorage.length") == 0


def test_closed_tab_loses_nothing(address: str, invitee: Invitee, visit: OpenVisit) -> None:
    page = visit(width=PHONE).goto(address).page
    context: BrowserContext = page.context
    context.set_offline(True)
    page.locator(FIRST).fill("Skrevet, og telefonen lukket.")
    page.get_by_label("På vej").first.check()
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.locator(FIRST)).to_have_value("Skrevet, og telefonen lukket.")
    is_saved(again)
    assert set(invitee.drafts.values_list("text", flat=True)) == {
        "Skrevet, og telefonen lukket.", "under_way",
    }  # fmt: skip
    assert again.evaluate("localStorage.length") == 0


def test_text_kept_on_a_phone_takes_no_newer_ones_place(address: str, visit: OpenVisit) -> None:
    page = visit(width=PHONE).goto(address).page
    context: BrowserContext = page.context
    context.set_offline(True)
    page.locator(FIRST).fill("Skrevet på telefonen.")
    page.close()
    computer = visit().goto(address).page
    computer.locator(FIRST).fill("Skrevet på computeren.")
    is_saved(computer)
    context.set_offline(False)
    phone = context.new_page()
    phone.goto(address)
    expect(phone.get_by_text("Hvilken tekst skal gælde?")).to_be_visible()
    assert (first_answer(), KeptText.objects.get().text) == ("Skrevet på computeren.", "Skrevet på telefonen.")
    phone.get_by_label("Begge, den ene efter den anden").check()
    phone.get_by_role("button", name="Gem valget").click()
    expect(phone.locator(FIRST)).to_have_value("Skrevet på computeren.\n\nSkrevet på telefonen.")


def test_whole_page_without_scripts(address: str, visit: OpenVisit) -> None:
    page = visit(width=PHONE, javascript=False).goto(address).page
    page.locator(FIRST).fill("Uden scripts.")
    page.locator("[name=answered_by]").press("Enter")
    expect(page.locator(FIRST)).to_have_value("Uden scripts.")
    assert (first_answer(), AnswerSheet.objects.filter(answers__text="Uden scripts.").count()) == ("Uden scripts.", 0)
    for text in page.locator("textarea").all():
        text.fill("Uden scripts.")
    page.get_by_role("button", name="Afgiv svar").click()
    expect(page.get_by_role("heading", name="Tak for dit svar")).to_be_visible()


def test_page_is_walked_by_keyboard(address: str, visit: OpenVisit) -> None:
    page = visit().goto(address).page
    page.locator(FIRST).focus()
    page.keyboard.type("Med tastaturet.")
    page.keyboard.press("Tab")
    for _ in range(60):
        if page.evaluate("document.activeElement.name === 'hand_in'"):
            break
        assert page.evaluate("document.activeElement !== document.body")
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Afgiv svar")).to_be_focused()


def test_page_asks_for_no_cookie(address: str, chromium: Browser, visit: OpenVisit) -> None:
    page = visit(width=PHONE).goto(address).page
    page.locator(FIRST).fill("Uden cookies.")
    is_saved(page)
    assert page.context.cookies() == []
