"""A meeting of fifteen items, recorded by keyboard only, closed, signed, corrected and published; then read by four."""

import io
from datetime import date, time
from uuid import uuid4

import pypdfium2
import pytest
from playwright.sync_api import Locator, Page, expect

from meetings.actions import add_item
from meetings.models import AgendaItem, Closing, Committee, Meeting, Person, Seal, User
from tests.browser.conftest import OpenVisit
from tests.browser.looking import Visit

TITLES = {
    1: "Godkendelse af dagsorden", 2: "Status på skolestart", 3: "Legepladser i tre boligområder", 4: "Fælles indkøb",
    5: "Takster i klubberne", 6: "Lokaler til natteravnene", 7: "Ferieplan for skolerne", 8: "Ansøgning om forsøg",
    9: "Orientering om søgetal", 10: "Frikommuneforsøg", 11: "Høring om kost", 12: "Eventuelt",
    13: "Aftale om grund", 14: "Ansættelsessag", 15: "Klage fra en leverandør",
}  # fmt: skip
CLOSED = (13, 14, 15)
POINTS = {
    2: ["at udvalget tager status til efterretning."],
    3: ["at der vælges tre områder.", "at arbejdet begynder i april.", "at der afsættes penge til drift."],
    4: ["at kommunen går med i indkøbet."],
    5: ["at taksterne sættes op med to procent."],
    7: ["at ferieplanen godkendes."],
}


@pytest.fixture
def meeting(demo_server: str) -> Meeting:
    """The agenda, as it was sent out; not a word of the protocol is written."""
    committee = Committee.objects.get(abbreviation="BUU")
    secretary = User.objects.get(username="sekretaer")
    meeting = Meeting.objects.create(
        committee=committee, date=date(2026, 11, 16), starts_at=time(17), place="Rådhuset, lokale 4"
    )
    for number, title in TITLES.items():
        add_item(
            meeting=meeting, nonce=uuid4(), by=secretary, number=str(number), title=title,
            is_closed=number in CLOSED, closed_reason="Forhandling om pris" if number in CLOSED else "",
            public_heading="Ejendomssag" if number == 13 else "", points=POINTS.get(number, []),
            recommended_by="Centerchefen" if number in POINTS else "",
        )  # fmt: skip
    return meeting


class Typist:
    """Somebody with a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def tab_to(self, words: str) -> None:
        """Go on with Tab until the control with these words (its name, its label, or its group's) has the focus."""
        for _ in range(120):
            if words in self._focused():
                return
            self.press("Tab")
        raise AssertionError(f"the keyboard never reaches {words!r}; it stands on {self._focused()!r}")

    def _focused(self) -> str:
        return str(
            self.page.evaluate(
                """() => {
                    const e = document.activeElement;
                    if (e === document.body || e.matches('main')) return '';
                    const group = e.closest('fieldset')?.querySelector('legend')?.innerText ?? '';
                    const label = e.labels?.[0]?.innerText ?? '';
                    return [group, label, e.textContent, e.name ?? ''].join(' | ').replace(/\\s+/g, ' ');
                }"""
            )
        )

    def choose(self, group: str, option: str) -> None:
        """Choose among radios, or in a list, with the arrow keys."""
        self.tab_to(group)
        for _ in range(12):
            chosen = self.page.evaluate(
                """() => {
                    const e = document.activeElement;
                    return e.selectedOptions?.[0].innerText ?? (e.checked ? e.labels[0].innerText : '');
                }"""
            )
            if option in chosen:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{option!r} is no choice of {group!r}")

    def item(self, number: int) -> Locator:
        return self.page.locator(f"#punkt-{number}")

    def at(self, number: int) -> None:
        """Wait until one can write in an item's text: the keyboard has been led there, or goes there."""
        expect(self.item(number).locator(".record__decision textarea").first).to_be_focused()

    def record(self, number: int, *keys: str) -> None:
        """Choose by keys and enter in the protocol."""
        self.at(number)
        self.press(*keys, "Control+Enter")
        expect(self.item(number)).to_contain_text("Ført til protokollen")

    def open(self, number: int, letter: str) -> None:
        """Open the item's proceedings and one of its forms."""
        self.at(number)
        self.open_proceedings(number)
        self.open_form(number, letter)

    def open_form(self, number: int, letter: str) -> None:
        """Open one of the small forms, and wait until the keyboard is in it."""
        self.press(f"Alt+{letter}")
        expect(self.item(number).locator(f"[data-shortcut={letter}] :focus:not(summary)")).to_have_count(1)

    def open_proceedings(self, number: int) -> None:
        """Open them, and wait until the keyboard is in them."""
        is_there = self.item(number).locator(".proceedings").count() > 0
        self.press("Alt+v")
        place = ".record__slot :focus" if is_there else ".proceedings :focus"
        expect(self.item(number).locator(place)).to_have_count(1)

    def save_and_go_back(self, number: int, told: str) -> None:
        """Save the small form, see it told, and go back to the decision with Escape."""
        self.press("Control+Enter")
        expect(self.item(number).locator(".recorded")).to_contain_text(told)
        expect(self.item(number).locator(".proceedings [data-focus]")).to_be_focused()
        self.press("Escape")
        self.at(number)


def record_the_meeting(hand: Typist) -> None:
    """Type the whole protocol, without one page reload."""
    page = hand.page
    page.evaluate("window.neverReloaded = true")
    hand.press("Alt+f")
    expect(page.locator("#fremmoedeskema :focus")).to_have_count(1)
    hand.choose("Næstformand Nielsen", "Afbud")
    hand.press("Control+Enter")
    expect(page.locator("#fremmoede")).to_contain_text("5 til stede, 1 afbud")
    expect(page.locator("#fremmoede summary")).to_be_focused()
    hand.press("Alt+ArrowDown")
    hand.record(1, "Alt+1")
    hand.record(2, "Alt+3")

    hand.at(3)
    hand.press("Alt+Shift+1", "Alt+Shift+2", "Alt+1", "Control+Enter")
    expect(hand.item(3)).to_contain_text("Ad 1–2")
    hand.record(3, "Alt+5")

    hand.open(4, "a")
    hand.choose("Aase Åberg", "Imod")
    hand.save_and_go_back(4, "For stemte 4")
    hand.open(4, "b")
    hand.choose("Art", "Afvigende mening")
    hand.tab_to("Hvem")
    hand.type("Aase Åberg (demo) (C)")
    hand.tab_to("Bemærkningen, ordret")
    hand.type("Gruppe C mener, at indkøbet burde være vente til foråret.")
    hand.save_and_go_back(4, "burde være vente")
    hand.record(4, "Alt+2")

    hand.open(5, "a")
    hand.tab_to("Gruppe for gruppe")
    hand.press("Enter")
    hand.choose("Gruppe Ø", "Imod")
    hand.save_and_go_back(5, "Imod stemte 1 (Ø)")
    hand.open(5, "b")
    hand.choose("Art", "Afvigende mening")
    hand.tab_to("Hvem")
    hand.type("Gruppe Ø")
    hand.tab_to("Bemærkningen, ordret")
    hand.type("Gruppe Ø mener, at taksterne burde være uændrede.")
    hand.save_and_go_back(5, "burde være uændrede")
    hand.at(5)
    hand.press("Alt+7")
    hand.press("Control+End")
    hand.type("taksterne sættes op med én procent.")
    hand.record(5)

    hand.open(6, "i")
    hand.choose("Hvem", "Mette Medlem")
    hand.tab_to("Grund")
    hand.type("Søster til formanden for natteravnene")
    hand.choose("Udvalgets afgørelse", "Inhabil: deltager ikke")
    hand.save_and_go_back(6, "Mette Medlem (B) var inhabil")
    hand.record(6, "Alt+1")

    hand.record(7, "Alt+2")
    hand.at(8)
    hand.press("Alt+ArrowUp")
    expect(hand.item(7)).to_be_focused()
    hand.open_proceedings(7)
    hand.open_form(7, "s")
    hand.choose("Hvem standser", "Østen Ø")
    hand.tab_to("Medlemmet har forlangt")
    hand.press("Space", "Control+Enter")
    expect(hand.item(7)).to_contain_text("Beslutningen er standset")
    expect(hand.item(7).locator(".proceedings [data-focus]")).to_be_focused()
    hand.press("Escape", "Alt+ArrowDown")

    hand.record(8, "Alt+5")
    hand.open(9, "l")
    hand.tab_to("Hvad er lovet?")
    hand.type("en oversigt over søgetal fordelt på skoler")
    hand.tab_to("Eller senest den")
    hand.page.locator(":focus").fill(
        "2027-02-01"
    )  # a date picker takes its keys in the order of the machine's own locale
    hand.save_and_go_back(9, "oversigt over søgetal")
    hand.record(9, "Alt+3")
    for number, phrase in [(10, 1), (11, 3), (12, 4), (13, 1), (14, 2), (15, 3)]:
        hand.record(number, f"Alt+{phrase}")
    expect(page.locator("#mangler")).to_contain_text("Alle 15 punkter har en beslutning")
    assert page.evaluate("window.neverReloaded") is True


def close_sign_correct_and_publish(hand: Typist, member: Typist, meeting: Meeting) -> None:
    """All that comes after, by keyboard too."""
    hand.page.goto(f"/moeder/{meeting.pk}/luk/")
    hand.tab_to("Luk mødet")
    hand.press("Enter")
    expect(hand.page.locator("main")).to_contain_text("Underskrifter")
    assert Closing.objects.filter(meeting=meeting).exists()
    member.page.goto(f"/moeder/{meeting.pk}/referat/")
    member.tab_to("Underskriv referatet")
    member.press("Enter")
    expect(member.page.locator("main")).not_to_contain_text("Underskriv referatet")
    hand.page.goto(f"/moeder/{meeting.pk}/referat/forsegl/")
    hand.tab_to("Hvorfor")
    hand.type("De øvrige er fratrådt.")
    hand.tab_to("Forsegl referatet")
    hand.press("Enter")
    expect(hand.page.locator("main")).to_contain_text("Underskrifter")
    seal = Seal.objects.get(meeting=meeting)
    assert seal.reason == "De øvrige er fratrådt."
    hand.page.goto(f"/moeder/{meeting.pk}/punkter/2/rettelse/")
    hand.tab_to("Tilføjelse")
    hand.type("Status er dateret 2. november 2026.")
    hand.press("Control+Enter")
    expect(hand.page.locator("main")).to_contain_text("Status er dateret 2. november 2026.")  # typed, it is no text
    for part in ("dagsordenen", "referatet"):
        hand.page.goto(f"/moeder/{meeting.pk}/offentliggoer/")
        if hand.page.locator(f"form:has(button:has-text('{part}')) [name=confirmed]").count():
            hand.tab_to("Jeg har set advarslerne")
            hand.press("Space")
        hand.tab_to(f"Offentliggør {part}")
        hand.press("Enter")
        expect(hand.page.locator(".messages")).to_contain_text(f"{part.capitalize()} er offentliggjort")


# What every reader is to find, on the page and on paper.
FOR_EVERYONE = [
    "Næstformand Nielsen (demo) (V)",  # afbud
    "Ad 1–2", "Ad 3", "Udsat.",
    "For stemte 4", "Imod stemte 1 (Aase Åberg (demo) (C))", "burde være vente til foråret",
    "Imod stemte 1 (Ø)", "burde være uændrede", "Afviger fra indstillingen", "taksterne sættes op med én procent.",
    "Mette Medlem (B) var inhabil",
    "Østen Ø (demo) har begæret sagen indbragt for Kommunalbestyrelsen", "§ 23",
    "en oversigt over søgetal fordelt på skoler",
    "Status er dateret 2. november 2026.",
    *[title for number, title in TITLES.items() if number not in CLOSED],
]  # fmt: skip
FOR_MEMBERS = [TITLES[number] for number in CLOSED]
FOR_INSIDERS = ["Søster til formanden for natteravnene"]
FOR_OUTSIDERS = ["Lukket punkt", "Ejendomssag"]


def page_edition(visit: Visit, meeting: Meeting) -> str:
    """All that one person reads of the meeting on the web."""
    texts = [visit.goto(meeting.get_absolute_url()).text]
    for item in AgendaItem.including_closed.filter(meeting=meeting):
        response = visit.page.goto(item.get_absolute_url())
        if response is not None and response.status == 200:
            texts.append(visit.text)
    return _on_one_line("\n".join(texts))


def paper_edition(visit: Visit, meeting: Meeting) -> str:
    """All that one person reads of the meeting on paper."""
    answer = visit.page.request.get(f"/moeder/{meeting.pk}/referat.pdf")
    assert answer.status == 200
    with pypdfium2.PdfDocument(io.BytesIO(answer.body())) as document:
        return _on_one_line("\n".join(page.get_textpage().get_text_bounded() for page in document))


def _on_one_line(text: str) -> str:
    return " ".join(text.replace("\ufffe", "").split())


def missing(text: str, wanted: list[str]) -> list[str]:
    return [words for words in wanted if words not in text]


def test_a_whole_meeting_by_keyboard_and_its_four_editions(visit: OpenVisit, meeting: Meeting) -> None:
    secretary, member = visit("sekretaer"), visit("medlem")
    secretary.goto(f"/moeder/{meeting.pk}/beslutninger/")
    record_the_meeting(Typist(secretary.page))
    secretary.look()
    close_sign_correct_and_publish(Typist(secretary.page), Typist(member.page), meeting)

    readers = {"secretary": secretary, "member": member, "other": visit("andetmedlem"), "anonymous": visit()}
    for read in (page_edition, paper_edition):
        editions = {who: read(reader, meeting) for who, reader in readers.items()}
        for who, text in editions.items():
            inside = who in ("secretary", "member")
            assert missing(text, FOR_EVERYONE) == [], (read.__name__, who)
            assert missing(text, FOR_MEMBERS) == ([] if inside else FOR_MEMBERS), (read.__name__, who)
            assert missing(text, FOR_INSIDERS) == ([] if inside else FOR_INSIDERS), (read.__name__, who)
            if not inside:
                assert missing(text, FOR_OUTSIDERS) == [], (read.__name__, who)
    assert Person.objects.get(user__username="medlem").signatures.filter(meeting=meeting).exists()
