"""What each person of DESIGN § 1 comes for, done in a browser from log-in to result."""

from datetime import date, timedelta

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from kit.clock import today
from meetings.models import AgendaItem, Correction, Decision, Meeting
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet
from tests.browser.conftest import OpenVisit
from tests.browser.looking import PHONE


def meeting_to_record() -> Meeting:
    """The demo's meeting of five items on which nothing is decided yet."""
    return Meeting.objects.filter(is_demo=True, items__title__startswith="Pejlemærke 3").get()


def record_by_keyboard(page: Page, number: int, shortcut: str) -> None:
    """Choose a standard phrase and enter it in the protocol, from the item's text field."""
    page.locator(f"#punkt-{number} textarea").press(f"Alt+{shortcut}")
    page.locator(f"#punkt-{number} textarea").press("Control+Enter")
    expect(page.locator(f"#punkt-{number}")).to_contain_text("Ført til protokollen")


def test_secretary_calls_a_meeting_and_records_it(visit: OpenVisit) -> None:
    person = visit("sekretaer", by_hand=True)
    page = person.goto("/moeder/nyt/").look().page
    page.select_option("[name=committee]", label="Børne- og Uddannelsesudvalget")
    day = today() + timedelta(days=300)
    page.fill("[name=date]", day.isoformat())
    page.fill("[name=starts_at]", "17:00")
    page.fill("[name=open_titles]", "Godkendelse af dagsorden\nOrientering om budget")
    page.fill("[name=closed_titles]", "En personsag")
    page.get_by_role("button", name="Opret mødet").click()
    page.wait_for_url(lambda url: "/moeder/nyt/" not in url)
    meeting = Meeting.objects.get(date=day)
    numbers = AgendaItem.including_closed.filter(meeting=meeting).values_list("number", "is_closed")
    assert list(numbers) == [("1", False), ("2", False), ("3", True)]
    person.goto(f"/moeder/{meeting.pk}/beslutninger/").look()
    expect(page.locator("#mangler")).to_contain_text("3 af 3")
    record_by_keyboard(page, 1, "1")
    expect(page.locator("#mangler")).to_contain_text("2 af 3")
    person.look()
    assert list(Decision.objects.filter(item__meeting=meeting).values_list("category", "text")) == [
        ("approved", "Godkendt.")
    ]


def test_secretary_puts_a_wording_in_force_with_the_decision(visit: OpenVisit) -> None:
    person = visit("sekretaer")
    page = person.page
    meeting = meeting_to_record()
    person.goto(f"/moeder/{meeting.pk}/beslutninger/")
    record_by_keyboard(page, 2, "2")
    goal = Goal.objects.get(goal_set__is_demo=True, number=3)
    person.goto(f"/moeder/{meeting.pk}/punkter/2/").look()
    page.get_by_role("link", name="i kraft").first.click()
    page.wait_for_url("**/ikraft/**")
    if "/ikraft/?" in page.url and page.get_by_role("radio").count() == 0:
        page.get_by_role("link", name="Dagtilbudsområdet").first.click()
    expect(page.get_by_role("button", name="i kraft")).to_be_visible()
    person.look()
    page.get_by_role("button", name="i kraft").click()
    page.wait_for_url(lambda url: "/ikraft/" not in url)
    expect(page.locator("main")).to_contain_text("Dagtilbudsområdet")
    adoption = Adoption.objects.in_force(AsOf.hindsight(meeting.date)).get(version__goal=goal)
    assert (adoption.version.number, adoption.decision and adoption.decision.item.number) == (2, "2")
    assert "Beslutning mangler" not in person.goto(goal.get_absolute_url()).look().text


def test_secretary_corrects_by_dated_addition(visit: OpenVisit) -> None:
    decision = Decision.objects.get(item__title="Politiske pejlemærker 2022–2025")
    person = visit("sekretaer").goto(decision.item.get_absolute_url())
    person.page.get_by_role("link", name="Ret ved dateret tilføjelse").click()
    expect(person.page.locator("main textarea")).to_be_visible()
    person.look()
    person.page.locator("main textarea").fill("Punktet blev behandlet efter punkt 3.")
    person.page.locator("main form button[type=submit]").first.click()
    expect(person.page.locator("main")).to_contain_text("Punktet blev behandlet efter punkt 3.")
    person.look()
    assert "Tiltrådt som indstillet." in person.text
    assert Correction.objects.get().decision == decision


def test_lost_connection_loses_nothing_and_doubles_nothing(visit: OpenVisit) -> None:
    person = visit("sekretaer")
    page = person.page
    meeting = meeting_to_record()
    person.goto(f"/moeder/{meeting.pk}/beslutninger/")
    page.context.set_offline(True)
    page.locator("#punkt-1 textarea").fill("Godkendt med bemærkninger fra salen.")
    page.locator("#punkt-1 input[value=approved]").check()
    page.locator("#punkt-1 textarea").press("Control+Enter")
    expect(page.locator("#punkt-1 [data-save-state]")).to_contain_text("forbindelsen er væk")
    assert page.locator("#punkt-1 textarea").input_value() == "Godkendt med bemærkninger fra salen."
    page.context.set_offline(False)  # and what failed is sent again by itself
    expect(page.locator("#punkt-1")).to_contain_text("Ført til protokollen")
    assert [d.text for d in Decision.objects.filter(item__meeting=meeting)] == ["Godkendt med bemærkninger fra salen."]


def test_double_click_makes_one_decision(visit: OpenVisit) -> None:
    person = visit("sekretaer")
    meeting = meeting_to_record()
    page = person.goto(f"/moeder/{meeting.pk}/beslutninger/").page
    page.locator("#punkt-1 textarea").press("Alt+1")
    page.locator("#punkt-1 button.button-primary").dblclick()
    expect(page.locator("#punkt-1")).to_contain_text("Ført til protokollen")
    assert Decision.objects.filter(item__meeting=meeting).count() == 1


def test_two_secretaries_see_each_others_text(visit: OpenVisit) -> None:
    meeting = meeting_to_record()
    first = visit("sekretaer").goto(f"/moeder/{meeting.pk}/beslutninger/")
    second = visit("administrator").goto(f"/moeder/{meeting.pk}/beslutninger/")
    first.page.locator("#punkt-3 textarea").fill("Udsat til januar.")
    first.page.locator("#punkt-3 input[value=postponed]").check()
    first.page.locator("#punkt-3 button.button-primary").click()
    expect(first.page.locator("#punkt-3")).to_contain_text("Ført til protokollen")
    second.page.locator("#punkt-3 textarea").fill("Taget til efterretning.")
    second.page.locator("#punkt-3 input[value=noted]").check()
    second.page.locator("#punkt-3 button.button-primary").click()
    expect(second.page.locator("#punkt-3")).to_contain_text("Udsat til januar.")
    assert "Taget til efterretning." in second.page.locator("#punkt-3 textarea").input_value()
    second.look()
    assert [d.text for d in Decision.objects.filter(item__meeting=meeting)] == ["Udsat til januar."]


@pytest.mark.parametrize("width", [1280, PHONE], ids=["desk", "phone"])
def test_member_reads_where_each_pejlemaerke_stands(width: int, visit: OpenVisit) -> None:
    person = visit("medlem", width=width, by_hand=True).goto("/")
    person.look()
    assert "Vi giver nye medarbejdere i dagtilbud en god begyndelse" in person.text
    assert "Beslutning mangler" in person.text
    assert "efteråret 2027" in person.text
    person.page.get_by_role("link", name="Dagtilbudsområdet", exact=True).first.click()
    expect(person.page.locator("main")).to_contain_text("Gældende siden 13. april 2026")
    person.look()
    person.goto(Goal.objects.get(number=2, goal_set__area__name="Børne- og Familieområdet").get_absolute_url()).look()
    story = person.text
    for words in ("30. maj 2022", "5. september 2022", "8. september 2022", "3. oktober 2022", "25. oktober 2023"):
        assert words in story


def test_member_finds_the_note_and_it_is_the_same_set(visit: OpenVisit) -> None:
    goal_set = GoalSet.objects.get(area__name="Børne- og Familieområdet")
    person = visit("medlem").goto(goal_set.get_absolute_url())
    link = person.page.get_by_role("link", name="PDF").get_attribute("href")
    assert link == f"/saet/{goal_set.pk}/notat.pdf"


def test_consultant_exports_the_note(visit: OpenVisit) -> None:
    goal_set = GoalSet.objects.get(area__name="Børne- og Familieområdet")
    person = visit("konsulent").goto(goal_set.get_absolute_url()).look()
    answer = person.page.request.get(f"/saet/{goal_set.pk}/notat.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    with pypdfium2.PdfDocument(answer.body()) as document:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    for words in ("HVIDOVRE KOMMUNE", "NOTAT", "22/9628", "Karen Konsulent", "systematisk inddragelse"):
        assert words in text


def test_consultant_writes_an_evaluation_and_a_dialogue(visit: OpenVisit) -> None:
    goal_set = GoalSet.objects.get(is_demo=True)
    person = visit("konsulent").goto(f"/saet/{goal_set.pk}/evalueringer/ny/").look()
    page = person.page
    page.locator("main input[name=kind][value=extra]").check()
    page.fill("[name=held_on]", "2026-11-20")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/skriv/")
    person.look()
    for area, text in zip(
        page.locator("main textarea").all(), ["Godt i gang.", "På vej.", "Lige begyndt."], strict=True
    ):
        area.fill(text)
    page.get_by_role("button", name="Afgiv").click()
    expect(page.locator("main")).to_contain_text("Lige begyndt.")
    person.look()
    assert "Lige begyndt." in person.goto(Goal.objects.get(goal_set=goal_set, number=3).get_absolute_url()).text
    person.goto(f"/saet/{goal_set.pk}/dialogmoeder/nyt/").look()
    page.fill("[name=held_on]", "2026-11-21")
    page.locator("main input[name=kind][value=other]").check()
    page.fill("[name=public_summary]", "Vi talte om overgange.")
    page.fill("[name=internal_notes]", "Husk at ringe til skolen.")
    page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text("Husk at ringe til skolen.")
    person.look()
    member = visit("medlem").goto(page.url)
    assert "Vi talte om overgange." in member.text
    assert "Husk at ringe" not in member.text


def test_anonymous_visitor_sees_nothing_unpublished(visit: OpenVisit) -> None:
    person = visit()
    meeting = meeting_to_record()
    for address in ("/", "/moeder/", "/udvalg/", "/udvalg/boerne-og-uddannelsesudvalget/", "/pejlemaerker/"):
        person.goto(address).look()
        assert "Budgetopfølgning" not in person.text
        assert "ansøgning (demo)" not in person.text
        assert f"/moeder/{meeting.pk}/" not in person.page.content()
    person.page.goto(f"/moeder/{meeting.pk}/")
    assert "Budgetopfølgning" not in person.text
    published = Meeting.objects.get(date=date(2022, 10, 3))
    person.goto(published.get_absolute_url()).look()
    assert "Tiltrådt" in person.text or "Godkendt" in person.text
    assert "ukket punkt" in person.text
    person.goto(f"/dialogmoeder/{GoalSet.objects.filter(is_demo=False)[0].goals.first().dialogues.first().pk}/")  # type: ignore[union-attr]
    assert "interne" not in person.text.lower()


def test_secretary_records_without_javascript(visit: OpenVisit) -> None:
    person = visit("sekretaer", javascript=False)
    meeting = meeting_to_record()
    page = person.page
    page.goto(f"/moeder/{meeting.pk}/beslutninger/")
    page.locator("#punkt-1 textarea").fill("Godkendt.")
    page.locator("#punkt-1 button.button-primary").click()
    # A category is missing, and the text is still there.
    expect(page.locator("#punkt-1 .error-summary")).to_contain_text("ælg")
    assert page.locator("#punkt-1 textarea").input_value() == "Godkendt."
    page.locator("#punkt-1 input[value=approved]").check()
    page.locator("#punkt-1 button.button-primary").click()
    expect(page.locator("#punkt-1")).to_contain_text("Ført til protokollen")
    expect(page.locator("#mangler")).to_contain_text("4 af 5")
    page.goto("/")
    page.get_by_role("link", name="Dagtilbudsområdet", exact=True).first.click()
    page.wait_for_url("**/saet/**")
    expect(page.locator("main")).to_contain_text("Beslutning mangler")


def test_secretary_records_a_whole_meeting_by_keyboard_only(visit: OpenVisit) -> None:
    person = visit("sekretaer")
    meeting = meeting_to_record()
    page = person.goto(f"/moeder/{meeting.pk}/beslutninger/").page
    for _ in range(40):  # from the top of the page, past skip link, navigation and phrases, to the first item's text
        page.keyboard.press("Tab")
        if "<textarea" in person.focused:
            break
    for number in range(1, 6):
        expect(page.locator(f"#punkt-{number} textarea")).to_be_focused()  # the keyboard is led on to the next item
        page.keyboard.press("Alt+1")
        page.keyboard.press("Control+Enter")
        expect(page.locator(f"#punkt-{number}")).to_contain_text("Ført til protokollen")
    expect(page.locator("#mangler")).to_contain_text("Alle 5 punkter har en beslutning")
    assert Decision.including_closed.filter(item__meeting=meeting).count() == 5


def test_every_stop_of_the_keyboard_is_visible(visit: OpenVisit) -> None:
    person = visit("sekretaer").goto(f"/moeder/{meeting_to_record().pk}/beslutninger/")
    invisible = []
    for _ in range(40):
        person.page.keyboard.press("Tab")
        mark = person.page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow; }"
        )
        if mark.startswith("none") and mark.endswith("none"):
            invisible.append(person.focused[:120])
    assert invisible == []
