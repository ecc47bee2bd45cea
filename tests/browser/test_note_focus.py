"""Notes by keys alone: the focus stays with what one has come to, also when the page tells something new."""

from playwright.sync_api import expect

from meetings.models import Committee
from pejlemaerker.models import Note
from tests.browser.conftest import OpenVisit


def test_progress_of_a_batch_leaves_the_focus_where_it_is(visit: OpenVisit) -> None:
    committee = Committee.objects.get(name="Børne- og Uddannelsesudvalget")
    page = visit("konsulent").goto(f"/samlinger/ny/?udvalg={committee.slug}").page
    page.get_by_role("button", name="Bestil").click()
    page.get_by_role("button", name="Afbryd").focus()
    for _ in range(2):
        with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
            pass
    expect(page.locator("#fremdrift:not(.htmx-settling, .htmx-swapping)")).to_have_count(1)
    expect(page.get_by_role("button", name="Afbryd")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Samlingen er afbrudt.").first).to_be_visible()


def test_note_made_again_tells_what_came_of_it(visit: OpenVisit) -> None:
    note = Note.objects.get(number=1)
    person = visit("konsulent").goto(note.get_absolute_url())
    person.page.get_by_role("link", name="Lav det igen, og sammenlign").press("Enter")
    expect(person.page.locator("#igen:focus")).to_contain_text("Teksten er")
    person.look()
