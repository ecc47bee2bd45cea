"""The agenda put in order in a browser: by keyboard, by mouse, and without JavaScript."""

from playwright.sync_api import Page, expect

from meetings.models import AgendaItem, Meeting, items_in_order
from tests.browser.conftest import OpenVisit


def agenda_to_arrange() -> Meeting:
    """A meeting of the demo's committee that nobody has the agenda of yet."""
    committee = Meeting.objects.filter(is_demo=True).latest("date").committee
    meeting = Meeting.objects.create(committee=committee, date="2026-12-14", is_demo=True)
    for position, title in enumerate(["Alfa", "Beta", "Gamma", "Delta"], start=1):
        AgendaItem.including_closed.create(
            meeting=meeting, number=str(position), position=position, title=title, is_closed=title == "Delta"
        )
    return meeting


def as_it_stands(meeting: Meeting) -> list[str]:
    return [f"{item.number} {item.title}" for item in items_in_order(meeting)]


def shown(page: Page) -> list[str]:
    return page.locator(".arrange .lines__title").all_inner_texts()


def test_item_is_moved_by_keyboard_and_keeps_the_focus(visit: OpenVisit) -> None:
    meeting = agenda_to_arrange()
    person = visit("sekretaer").goto(f"/moeder/{meeting.pk}/dagsorden/").look()
    page = person.page
    page.get_by_role("link", name="Alfa").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")  # faster than the server answers: it waits for its turn
    expect(page.get_by_role("status").filter(has_text="nr. 3 af 4")).to_be_visible()
    expect(page.locator(".arrange .lines__title")).to_have_text(["Beta", "Gamma", "Alfa", "Delta"])
    expect(page.locator(".arrange > li").nth(2).locator(":focus")).to_contain_text("Ned")
    page.keyboard.press("Alt+ArrowDown")  # to the end, where there is no way further down
    expect(page.get_by_role("status").filter(has_text="nr. 4 af 4")).to_be_visible()
    expect(page.locator(":focus")).to_have_attribute("data-step", "op")
    assert as_it_stands(meeting) == ["1 Beta", "2 Gamma", "3 Delta", "4 Alfa"]
    person.look()


def test_item_is_dragged_with_the_mouse(visit: OpenVisit) -> None:
    meeting = agenda_to_arrange()
    page = visit("sekretaer").goto(f"/moeder/{meeting.pk}/dagsorden/").page
    lines = page.locator(".arrange > li")
    lines.nth(3).drag_to(lines.nth(0), source_position={"x": 8, "y": 20}, target_position={"x": 8, "y": 4})
    expect(page.get_by_role("status").filter(has_text="nr. 1 af 4")).to_be_visible()
    assert as_it_stands(meeting) == ["1 Delta", "2 Alfa", "3 Beta", "4 Gamma"]
    assert shown(page) == ["Delta", "Alfa", "Beta", "Gamma"]


def test_item_is_moved_without_javascript(visit: OpenVisit) -> None:
    meeting = agenda_to_arrange()
    page = visit("sekretaer", javascript=False).goto(f"/moeder/{meeting.pk}/dagsorden/").page
    page.get_by_role("button", name="Nederst, punkt 1").click()
    expect(page.get_by_text("Punktet står nu som nr. 4 af 4 og har nummer 4.")).to_be_visible()
    page.get_by_role("button", name="Op, punkt 2").click()
    expect(page.locator(".arrange .lines__title")).to_have_text(["Gamma", "Beta", "Delta", "Alfa"])
    assert as_it_stands(meeting) == ["1 Gamma", "2 Beta", "3 Delta", "4 Alfa"]
    expect(page.get_by_text("Alt + ↑")).to_be_hidden()
