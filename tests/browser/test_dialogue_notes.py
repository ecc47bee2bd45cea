"""The page used during a dialogue meeting: by keyboard alone, with the line cut, on a phone, and by two at once."""

import pytest
from playwright.sync_api import Page, expect

from pejlemaerker.models import Agreement, Dialogue, FollowUpStep, ProgrammePoint, Theme
from tests.browser.conftest import OpenVisit
from tests.browser.looking import PHONE

SAVED = "#gemt"


@pytest.fixture
def dialogue(demo_server: str) -> Dialogue:
    """The dialogue meeting to come, with its programme."""
    return Dialogue.objects.exclude(programme=None).distinct().get()


@pytest.fixture
def point(dialogue: Dialogue) -> ProgrammePoint:
    """The first point about a pejlemærke; a welcome comes before it."""
    return dialogue.programme.exclude(goal=None)[0]


@pytest.fixture
def address(dialogue: Dialogue) -> str:
    return f"{dialogue.get_absolute_url()}noter/"


def is_saved(page: Page) -> None:
    """Wait until the page says so."""
    expect(page.locator(SAVED)).to_contain_text("Gemt kl.")


def kept(point: ProgrammePoint) -> str:
    """What the server keeps."""
    return ProgrammePoint.objects.get(pk=point.pk).notes


def test_meeting_is_noted_by_keyboard(address: str, point: ProgrammePoint, visit: OpenVisit) -> None:
    person = visit("konsulent").goto(address)
    page = person.page
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("textarea >> nth=0")).to_be_focused()
    page.keyboard.press("Alt+t")  # the welcome is about no pejlemærke: the theme is the whole meeting's
    expect(page.locator("[name=tema-faelles-text]")).to_be_focused()
    page.locator("textarea >> nth=0").focus()
    page.keyboard.press("Alt+ArrowDown")
    notes = page.locator(f"#id_punkt-{point.pk}-notes")
    expect(notes).to_be_focused()
    page.keyboard.type("Vejlederen mangler tid i ferierne.")
    page.keyboard.press("Control+Enter")
    is_saved(page)
    expect(notes).to_be_focused()

    page.keyboard.press("Alt+t")
    theme = page.locator(f"[name=tema-{point.pk}-text]")
    expect(theme).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Skriv temaet.")).to_be_visible()
    expect(theme).to_be_focused()
    page.keyboard.type("Ferierne")
    page.keyboard.press("Enter")
    expect(page.locator(f"#handlinger-{point.pk} .themes")).to_contain_text("Ferierne")
    expect(theme).to_be_focused()
    expect(theme).to_have_value("")
    page.keyboard.press("Escape")
    expect(notes).to_be_focused()

    page.keyboard.press("Alt+a")
    agreed = page.locator(f"[name=aftale-{point.pk}-text]")
    expect(agreed).to_be_focused()
    page.keyboard.type("Forvaltningen ser på vejledernes tid.")
    page.locator(f"[name=aftale-{point.pk}-is_promise]").check()
    page.locator(f"[name=aftale-{point.pk}-in_plan]").check()
    page.keyboard.press("Control+Enter")
    responsible = page.locator(f"[name=aftale-{point.pk}-responsible]")
    expect(responsible).to_be_focused()
    person.look()
    responsible.fill("Fagkonsulenten")
    page.locator(f"[name=aftale-{point.pk}-due_on]").fill("2027-02-01")
    responsible.press("Enter")
    expect(page.get_by_text("Aftalen er skrevet ned.")).to_be_visible()
    expect(notes).to_be_focused()
    assert kept(point) == "Vejlederen mangler tid i ferierne."
    assert [(one.text, one.goal) for one in Theme.objects.all()] == [("Ferierne", point.goal)]
    agreement = Agreement.objects.get()
    assert agreement.promise is not None
    assert agreement.step_trail is not None
    assert FollowUpStep.objects.filter(trail=agreement.step_trail).exists()


def test_lost_connection_loses_neither_notes_nor_themes(address: str, point: ProgrammePoint, visit: OpenVisit) -> None:
    person = visit("konsulent", width=PHONE).goto(address)
    page = person.page
    page.context.set_offline(True)
    page.locator(f"#id_punkt-{point.pk}-notes").fill("Skrevet uden net.")
    expect(page.locator(SAVED)).to_contain_text("forbindelsen er væk")
    page.locator(f"#tema-{point.pk} summary").click()
    theme = page.locator(f"[name=tema-{point.pk}-text]")
    theme.fill("Ferierne")
    with page.expect_event("requestfailed"):
        theme.press("Enter")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)  # the page knows of it too
    page.context.set_offline(False)
    expect(page.locator(f"#handlinger-{point.pk} .themes")).to_contain_text("Ferierne")
    is_saved(page)
    expect(page.locator("form[data-dirty]")).to_have_count(0)
    assert (kept(point), Theme.objects.count()) == ("Skrevet uden net.", 1)


def test_two_note_takers_overwrite_nothing(address: str, point: ProgrammePoint, visit: OpenVisit) -> None:
    place = f"#id_punkt-{point.pk}-notes"
    first, second = visit("konsulent").goto(address), visit("sekretaer").goto(address)
    second.page.locator(place).fill("Sekretærens.")
    is_saved(second.page)
    first.page.locator(place).fill("Konsulentens.")
    expect(first.page.locator(SAVED)).to_contain_text("Ikke alt er gemt")
    first.look()
    assert kept(point) == "Sekretærens."
    first.page.locator(place).fill("Sekretærens. Konsulentens.")
    # The text is saved by itself after a moment, and refused again; what is ticked before that is ticked in vain.
    expect(first.page.locator(SAVED)).to_contain_text("Ikke alt er gemt")
    first.page.get_by_label("Jeg har set begge tekster").check()
    is_saved(first.page)
    assert kept(point) == "Sekretærens. Konsulentens."
