"""Two browsers at the same answer: both texts are kept, the leader chooses, and nothing that was typed is lost."""

from threading import Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from meetings.models import User
from pejlemaerker.actions import AnswerText, Stamp, TwoTexts, hand_in_answers, save_answers
from pejlemaerker.documents.answering import AnsweringDocument, Asked
from pejlemaerker.models import Adoption, AnswerDraft, AnswerSheet, GoalSet, Invitee, KeptText
from tests.pejlemaerker.surveys import a_survey, a_token

HTMX = {"HX-Request": "true"}
ON_THE_PHONE = "Skrevet på telefonen."
ON_THE_COMPUTER = "Skrevet på computeren."


@pytest.fixture
def invitee(goal_set: GoalSet, adoption: Adoption, consultant: User) -> Invitee:
    return a_survey(goal_set, by=consultant).invitees.order_by("pk")[0]


@pytest.fixture
def address(invitee: Invitee) -> str:
    return f"/evaluering/{a_token(invitee)}/"


class Browser:
    """One browser at the leader's page, which remembers its stamps as a page does."""

    def __init__(self, address: str, invitee: Invitee) -> None:
        self.address, self.client = address, Client()
        self.asked = list(AnsweringDocument.for_invitee(invitee))
        self.nonce = str(uuid4())
        self.texts = {one.key: "" for one in self.asked}
        self.stamps = self._stamps(self.client.get(address).content.decode())

    def _stamps(self, page: str) -> dict[str, str]:
        found = {}
        for one in self.asked:
            _, mark, rest = page.partition(f'name="svar-{one.key}-revision" value="')
            if mark:
                found[one.key] = rest.partition('"')[0]
        return found

    def write(self, text: str, *, at: int = 0) -> str:
        """Write an answer; it is kept as one types."""
        self.texts[self.asked[at].key] = text
        page = self.client.post(self.address, self._form(), headers=HTMX).content.decode()
        self.stamps |= self._stamps(page)
        return page

    def press(self, **buttons: str) -> tuple[int, str]:
        """Press a button of the page."""
        response = self.client.post(self.address, self._form() | buttons)
        return response.status_code, response.content.decode()

    def choose(self, choice: str) -> tuple[int, str]:
        """Choose between two texts to the first question."""
        key = self.asked[0].key
        draft = AnswerDraft.objects.get(question=self.asked[0].question)
        kept = KeptText.objects.filter(draft=draft, chosen_at=None).values_list("pk", flat=True)
        seen = ",".join(str(number) for number in [draft.revision, *kept])
        return self.press(**{f"svar-{key}-choice": choice, f"svar-{key}-seen": seen, "save": "1"})

    def _form(self) -> dict[str, str]:
        form = {"nonce": self.nonce, "answered_by": "Leder 1"}
        for key, text in self.texts.items():
            form |= {f"svar-{key}-text": text, f"svar-{key}-revision": self.stamps[key]}
        return form


@pytest.fixture
def phone(address: str, invitee: Invitee) -> Browser:
    return Browser(address, invitee)


@pytest.fixture
def computer(address: str, invitee: Invitee) -> Browser:
    return Browser(address, invitee)


def draft() -> str:
    """What stands as the answer to the first question."""
    return AnswerDraft.objects.order_by("question").values_list("text", flat=True)[0]


def beside() -> list[str]:
    """What stands beside it, not chosen between yet."""
    return list(KeptText.objects.filter(chosen_at=None).values_list("text", flat=True))


def test_two_texts_are_both_kept_though_the_second_tab_is_closed(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    computer.write(ON_THE_COMPUTER)
    assert (draft(), beside()) == (ON_THE_PHONE, [ON_THE_COMPUTER])


def test_page_shows_both_texts(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    fragment = computer.write(ON_THE_COMPUTER)
    page = phone.client.get(phone.address).content.decode()
    for told in (fragment, page):
        assert ON_THE_PHONE in told
        assert ON_THE_COMPUTER in told
        assert "Hvilken tekst skal gælde?" in told


def test_button_shows_both_texts_and_says_conflict(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    computer.texts[computer.asked[0].key] = ON_THE_COMPUTER
    status, page = computer.press()
    assert (status, ON_THE_PHONE in page, ON_THE_COMPUTER in page) == (409, True, True)


def test_different_answers_never_conflict(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    fragment = computer.write("Om det hele.", at=4)
    assert list(AnswerDraft.objects.order_by("question").values_list("text", flat=True)) == [
        ON_THE_PHONE, "Om det hele.",
    ]  # fmt: skip
    assert beside() == []
    assert "nyere svar fra en anden enhed" in fragment  # the computer's page still shows the old one


def test_second_browser_writes_on_in_its_own_text(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    for text in (ON_THE_COMPUTER, f"{ON_THE_COMPUTER} Og lidt til.", "Skrevet om."):
        computer.write(text)
    phone.write(f"{ON_THE_PHONE} Mere.")
    assert (draft(), beside()) == (f"{ON_THE_PHONE} Mere.", ["Skrevet om."])


def test_text_that_holds_the_other_takes_its_place(phone: Browser, computer: Browser) -> None:
    """As after a lost answer of the server's: the same writer has written on."""
    phone.write("Vi taler")
    computer.write("Vi taler med børnene.")
    assert (draft(), beside()) == ("Vi taler med børnene.", [])


def test_stale_page_takes_nothing_away(phone: Browser, computer: Browser) -> None:
    computer.write("Først.")
    stale = Browser(phone.address, phone_invitee())
    stale.texts[stale.asked[0].key] = "Først."
    computer.write("Først. Og så mere.")
    stale.write("")
    assert (draft(), beside()) == ("Først. Og så mere.", [])


def phone_invitee() -> Invitee:
    return AnswerDraft.objects.get().invitee


def test_choices_conflict_too(phone: Browser, computer: Browser) -> None:
    phone.write("good_progress", at=1)
    computer.write("needs_attention", at=1)
    page = phone.client.get(phone.address).content.decode()
    assert (draft(), beside()) == ("good_progress", ["needs_attention"])
    assert "Begge, den ene efter den anden" not in page


@pytest.mark.parametrize(
    ("choice", "result"),
    [
        ("draft", ON_THE_PHONE),
        ("kept", ON_THE_COMPUTER),
        ("all", f"{ON_THE_PHONE}\n\n{ON_THE_COMPUTER}"),
    ],
)
def test_leader_chooses_and_what_gives_way_is_still_there(
    choice: str, result: str, phone: Browser, computer: Browser
) -> None:
    phone.write(ON_THE_PHONE)
    computer.write(ON_THE_COMPUTER)
    value = str(KeptText.objects.get().pk) if choice == "kept" else choice
    status, _ = phone.choose(value)
    texts = {draft(), *KeptText.objects.values_list("text", flat=True)}
    assert (status, draft(), beside()) == (303, result, [])
    assert all(any(words in text for text in texts) for words in (ON_THE_PHONE, ON_THE_COMPUTER))


def test_choice_before_a_newer_text_came_is_not_carried_out(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    computer.write(ON_THE_COMPUTER)
    kept = KeptText.objects.get()
    seen = f"{AnswerDraft.objects.get().revision},{kept.pk}"
    phone.write(f"{ON_THE_PHONE} Mere.")
    key = computer.asked[0].key
    status, _ = computer.press(**{f"svar-{key}-choice": str(kept.pk), f"svar-{key}-seen": seen})
    assert (status, draft(), beside()) == (409, f"{ON_THE_PHONE} Mere.", [ON_THE_COMPUTER])


def test_nothing_is_handed_in_before_one_has_chosen(phone: Browser, computer: Browser) -> None:
    phone.write(ON_THE_PHONE)
    computer.write(ON_THE_COMPUTER)
    status, page = phone.press(hand_in="1")
    assert (status, AnswerSheet.objects.count()) == (422, 0)
    assert "Vælg mellem dem, før du afgiver." in page


def test_past_the_form_two_texts_stand_in_the_way_and_are_kept(invitee: Invitee) -> None:
    first = first_of(invitee)
    save_answers(invitee=invitee, answers=[AnswerText(first.question, first.goal, ON_THE_PHONE)])
    with pytest.raises(TwoTexts):
        hand_in_answers(
            invitee=invitee, answers=[AnswerText(first.question, first.goal, ON_THE_COMPUTER)], answered_by="Leder 1",
            nonce=uuid4(),
        )  # fmt: skip
    assert (draft(), beside(), AnswerSheet.objects.count()) == (ON_THE_PHONE, [ON_THE_COMPUTER], 0)


def first_of(invitee: Invitee) -> Asked:
    return next(iter(AnsweringDocument.for_invitee(invitee)))


@pytest.mark.parametrize(
    "written", ["", "x", "1", "-1.abcdefabcdef", "k.abcdefabcdef", f"{10**30}.abcdefabcdef", "½.x"]
)
def test_garbled_stamp_is_that_of_an_empty_page(written: str) -> None:
    assert Stamp.read(written) == Stamp.of()


@pytest.mark.parametrize("stamp", [Stamp.of("x", revision=3), Stamp.of("x", kept=7)])
def test_stamp_is_read_as_it_was_written(stamp: Stamp) -> None:
    read = Stamp.read(str(stamp))
    assert (read.kept, read.print, str(read)) == (stamp.kept, stamp.print, str(stamp))


def test_ten_browsers_at_once_lose_nothing(committed_db: str, invitee: Invitee) -> None:
    """Really at once, in transactions of their own: one text is the answer, the others stand beside it."""
    first = first_of(invitee)
    texts = [f"Skrevet af nummer {letter}" for letter in "abcdefghij"]

    def write(text: str) -> None:
        save_answers(invitee=invitee, answers=[AnswerText(first.question, first.goal, text)])
        connection.close()

    threads = [Thread(target=write, args=[text]) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted([draft(), *beside()]) == texts
