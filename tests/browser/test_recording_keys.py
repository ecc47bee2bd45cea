"""The secretary's page by keyboard: at-points, what opens and closes, from item to item; and AltGr is left alone."""

from playwright.sync_api import expect

from meetings.models import AgendaItem, Decision, Recommendation
from tests.browser.conftest import OpenVisit
from tests.browser.test_journeys import meeting_to_record


def item_with_points(number: str) -> AgendaItem:
    """An item of the meeting with exactly three at-points."""
    item = AgendaItem.including_closed.get(meeting=meeting_to_record(), number=number)
    Recommendation.including_closed.filter(item=item).delete()
    for n in (1, 2, 3):
        Recommendation.including_closed.create(item=item, number=n, by="Direktøren", text=f"at punkt {n} godkendes.")
    return item


def test_points_are_decided_by_keyboard_and_nothing_typed_comes_back(visit: OpenVisit) -> None:
    item = item_with_points("1")
    page = visit("sekretaer").goto(f"/moeder/{item.meeting_id}/beslutninger/").look().page
    text = page.locator("#punkt-1 .record__decision textarea")
    text.press("Alt+Shift+Digit1")
    text.press("Alt+Shift+Digit2")
    text.press("Alt+1")
    page.keyboard.press("Alt+t")
    expect(page.locator("#punkt-1 [name=conditions]")).to_be_focused()
    page.keyboard.type("Inden for rammen")
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#punkt-1")).to_contain_text("Ad 1–2: Godkendt.")
    expect(text).to_be_focused()
    expect(text).to_have_value("")
    expect(page.locator("#punkt-1 [data-point='3']")).to_be_checked()
    page.keyboard.press("Alt+9")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#punkt-1")).to_contain_text("Ad 3: Ikke godkendt.")
    expect(page.locator("#punkt-1")).to_contain_text("Afviger fra indstillingen")
    expect(page.locator("#punkt-2 .record__decision textarea")).to_be_focused()
    decisions = Decision.including_closed.filter(item=item).order_by("recommendation__number")
    assert list(decisions.values_list("recommendation__number", "category", "conditions", "departs")) == [
        (1, "approved", "Inden for rammen", False), (2, "approved", "Inden for rammen", False),
        (3, "rejected", "", True),
    ]  # fmt: skip


def test_what_a_letter_opens_takes_the_focus_and_gives_it_back(visit: OpenVisit) -> None:
    person = visit("sekretaer").goto(f"/moeder/{meeting_to_record().pk}/beslutninger/")
    page = person.page
    text = page.locator("#punkt-1 .record__decision textarea")
    slot = page.locator("#punkt-1 .record__slot details").first
    text.press("Control+Alt+KeyV")  # what a browser tells of AltGr + V
    assert slot.get_attribute("open") is None
    text.press("Alt+v")
    expect(page.locator("#punkt-1 .proceedings :focus")).to_have_count(1)  # what is fetched has come
    page.keyboard.press("Escape")
    expect(text).to_be_focused()
    text.press("Alt+f")
    expect(page.locator("#fremmoede .slot__content :focus")).to_have_count(1)


def test_refused_form_stays_open_and_says_why(visit: OpenVisit) -> None:
    page = visit("sekretaer").goto(f"/moeder/{meeting_to_record().pk}/beslutninger/").page
    page.locator("#punkt-1 .record__decision textarea").press("Alt+v")
    expect(page.locator("#punkt-1 .proceedings :focus")).to_have_count(1)
    page.keyboard.press("Alt+l")
    expect(page.locator("#punkt-1 [data-shortcut=l] :focus:not(summary)")).to_have_count(1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#punkt-1 [data-shortcut=l] .error-summary")).to_be_focused()


def test_arrows_lead_from_item_to_item(visit: OpenVisit) -> None:
    page = visit("sekretaer").goto(f"/moeder/{meeting_to_record().pk}/beslutninger/").page
    texts = page.locator("section.record .record__decision textarea")
    texts.nth(0).focus()
    for key, place in (("ArrowDown", 1), ("PageDown", 2), ("ArrowUp", 1), ("PageUp", 0), ("ArrowUp", 0)):
        page.keyboard.press(f"Alt+{key}")
        expect(texts.nth(place)).to_be_focused()
