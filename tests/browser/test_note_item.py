"""A dagsordenspunkt copied into another system: headings, lists and tables go along, and what was written last."""

from typing import Any

from playwright.sync_api import Page, expect

from pejlemaerker.models import GoalSet
from tests.browser.conftest import OpenVisit
from tests.browser.looking import PHONE

READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const read = async (type) => (await item.getType(type)).text();
  return [await read("text/html"), await read("text/plain")];
}"""


def item_of(visit: OpenVisit, **how: Any) -> Page:
    goal_set = GoalSet.objects.get(area__name="Dagtilbudsområdet", period__starts_on__year=2026)
    person = visit("konsulent", **how).goto(f"/saet/{goal_set.pk}/dagsordenspunkt/")
    if how.get("javascript", True):  # looking takes a script
        person.look()
    return person.page


def copied(page: Page, button: str) -> tuple[str, str]:
    """Press a button, and read what another system would get: HTML and text."""
    page.get_by_role("button", name=button).click()
    expect(page.locator("[data-copied]", has_text="Kopieret")).to_have_count(1)
    html, text = page.evaluate(READ)
    return html, text


def test_what_is_copied_keeps_headings_lists_and_tables(visit: OpenVisit) -> None:
    page = item_of(visit)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_label("At-punkter").fill("1. at udvalget drøfter <b>\n\nat status tages til efterretning")
    html, text = copied(page, "Kopiér Indstilling")
    points = "<ol><li>at udvalget drøfter &lt;b&gt;</li><li>at status tages til efterretning</li></ol>"
    assert html == f"<p>Forvaltningen indstiller til Børne- og Uddannelsesudvalget,</p>{points}"
    assert text.endswith("udvalget,\n\n1. at udvalget drøfter <b>\n2. at status tages til efterretning")

    html, text = copied(page, "Kopiér Sagsfremstilling")
    assert html.startswith('<h3>Pejlemærker og ordlyd</h3><ol><li value="1"><p>Vi giver nye medarbejdere')
    assert '<table><caption>Trin i opfølgningsplanen</caption><thead><tr><th scope="col">Trin</th>' in html
    assert text.startswith("Pejlemærker og ordlyd\n\n1. Vi giver nye medarbejdere")
    assert "Trin\tHvornår\tHvad er sket\n" in text
    assert not any(mark in html for mark in ("class=", "<div", "<span", "<section", "<svg", "<button"))

    page.get_by_label("Tekst til Økonomi").fill("Ingen.\n\nDog næste år.")
    html, _ = copied(page, "Kopiér det hele")
    assert points in html
    assert html.endswith("<h2>Økonomi</h2><p>Ingen.</p><p>Dog næste år.</p><h2>Lovgrundlag</h2>")


def test_where_there_is_nothing_to_copy_it_says_so(visit: OpenVisit) -> None:
    page = item_of(visit)
    page.get_by_role("button", name="Kopiér Lovgrundlag").click()
    expect(page.locator("[data-copied]", has_text="Der er intet at kopiere endnu.")).to_have_count(1)


def test_page_that_is_not_served_securely_copies_the_old_way(visit: OpenVisit) -> None:
    page = item_of(visit)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Kopiér Indstilling").click()
    expect(page.locator("[data-copied]", has_text="Kopieret")).to_have_count(1)


def test_files_hold_what_was_written_time_after_time(visit: OpenVisit) -> None:
    page = item_of(visit, width=PHONE)
    page.get_by_label("Tekst til Økonomi").fill("Ingen merudgift.")
    for _ in range(2):
        with page.expect_download() as download:
            page.get_by_role("button", name="Hent som Word").click()
        assert download.value.suggested_filename.startswith("dagsordenspunkt-dagtilbudsomraadet-")
    page.get_by_role("button", name="Hent som HTML").click()
    expect(page.get_by_text("Ingen merudgift.")).to_be_visible()


def test_without_a_script_the_text_is_there_to_be_marked(visit: OpenVisit) -> None:
    page = item_of(visit, javascript=False)
    expect(page.get_by_role("button", name="Kopiér")).to_have_count(0)
    expect(page.get_by_role("heading", name="Pejlemærker og ordlyd")).to_be_visible()
    with page.expect_download():
        page.get_by_role("button", name="Hent som Word").click()


def test_what_is_written_is_still_there_after_the_file_and_in_the_other_edition(visit: OpenVisit) -> None:
    page = item_of(visit)
    page.get_by_label("Hvem indstiller?").fill("Direktøren indstiller,")
    page.get_by_label("Tekst til Økonomi").fill("Ingen merudgift.")
    with page.expect_download():
        page.get_by_role("button", name="Hent som Word").click()
    page.get_by_role("link", name="Alle: kun det, der er offentliggjort").click()
    expect(page.get_by_label("Tekst til Økonomi")).to_have_value("Ingen merudgift.")
    expect(page.get_by_label("Hvem indstiller?")).to_have_value("Direktøren indstiller,")
