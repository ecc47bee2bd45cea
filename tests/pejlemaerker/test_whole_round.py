"""A whole evaluation round, through the pages as people use them: 40 leaders are asked, 35 answer by their links, five
do not; one of those tells it orally. Then one text of it all, reviewed, presented, public. Not one typed sign is lost.
Every day it is 14 leaders, so that each way of answering is gone at once and late; 40 in `make drill`.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from kit.clock import today
from meetings.actions.letters import mark_returned
from meetings.models import Leadership, Letter, Meeting, OrgUnit, Role, User
from pejlemaerker.forms.answer import AnswerForms
from pejlemaerker.models import (
    Adoption,
    Answer,
    AnswerSheet,
    EvaluationRound,
    GoalSet,
    Invitee,
    KeptText,
    Quotation,
    StatusEntry,
    Survey,
)
from pejlemaerker.tasks import daily
from tests.conftest import Login, grant, make_user, publish, run_tasks
from tests.drill import examples
from tests.pages import PageForm, form_on

OPENED_ON = date(2023, 9, 1)
DUE_ON = date(2023, 9, 29)
LEADERS = examples(every_day=14, in_drill=40)
EARLY, ANSWERING = LEADERS - 10, LEADERS - 5  # how many have answered before the reminder, and in the end
WORDS = 'vi har børnene fået øje på ændringer, æblegrød; »særligt« 100 % – måske? Åse & Søren <3 🌱 «ja» "nej" dén allé'


@pytest.fixture
def head(municipality: Any) -> User:
    user = make_user("centerchef", "Centerchef Holm")
    grant(user, Role.HEAD, municipality=municipality)
    return user


@pytest.fixture
def kreds(goal_set: GoalSet) -> GoalSet:
    """The set's lederkreds has 40 leaders, each with an institution."""
    municipality, group = goal_set.period.committee.municipality, goal_set.leader_group
    assert group
    for number in range(1, LEADERS + 1):
        unit = OrgUnit.objects.create(municipality=municipality, name=f"Børnehus {number}", kind="institution")
        Leadership.objects.create(
            leader_group=group, unit=unit, name=f"Leder {number}",
            email=f"leder{number}@eksempel.dk", valid_from=date(2020, 1, 1),
        )  # fmt: skip
    return goal_set


def on(day: date, hour: int = 12) -> Any:
    return time_machine.travel(f"{day.isoformat()}T{hour:02}:00:00+02:00", tick=True)


@pytest.fixture(autouse=True)
def _opening_day() -> Iterator[None]:
    with on(OPENED_ON):
        yield


# --- The consultant ---------------------------------------------------------


def the_round(client: Client, goal_set: GoalSet) -> Survey:
    """Prepare a round and open it, page by page."""
    committee = goal_set.period.committee
    address = reverse("survey_new", args=[committee.slug])
    form = form_on(client.get(f"{address}?saet={goal_set.pk}").content.decode(), having="invitation")
    answer = client.post(address, form.sent(kind="midterm", due_on=DUE_ON.isoformat(), occasion=""))
    assert answer.status_code == 303, answer.content.decode()
    survey = Survey.objects.get()
    _press(client, reverse("survey_questions", args=[survey.pk]), "gem")
    _press(client, reverse("survey_invitees", args=[survey.pk]), "handling", value="kredse", among="leader_groups")
    _press(client, reverse("survey_preview", args=[survey.pk]), "set", at=reverse("survey_open", args=[survey.pk]))
    survey.refresh_from_db()
    return survey


def _press(
    client: Client, page: str, button: str, *, value: str = "1", among: str = "", at: str = "", **typed: Any
) -> Any:
    """Open a page, type, and press a button."""
    form = form_on(client.get(page).content.decode(), having=among or button)
    sent = form.sent(**typed) | ({} if button in form.fields else {button: [value]})
    answer = client.post(at or page, sent)
    assert answer.status_code == 303, f"{page}: {answer.status_code} {answer.content.decode()[:3000]}"
    return answer


# --- The leaders ------------------------------------------------------------


@dataclass
class Leader:
    """A leader at a phone: types, is cut off, comes back, and remembers what was typed."""

    number: int
    link: str
    typed: dict[str, str] = field(default_factory=dict)

    @property
    def random(self) -> random.Random:
        return random.Random(self.number)

    def open(self) -> PageForm:
        return form_on(Client().get(self.link).content.decode(), having="answered_by")

    def words(self, count: int, *, seed: int) -> str:
        chance, words = random.Random(1000 * self.number + seed), WORDS.split()
        text = " ".join(chance.choice(words) for _ in range(count))
        return "\n\n".join([text[: len(text) // 2].strip(), text[len(text) // 2 :].strip()])

    def type(self, form: PageForm, *, first: int = 0, last: int | None = None) -> dict[str, Any]:
        """Type in the questions from `first` to `last`; return what the page now would send."""
        names = [name for name in form.fields if re.fullmatch(r"svar-.*-text", name)][first:last]
        for place, name in enumerate(names, start=first):
            self.typed[name] = self._answer(form, name, place)
        return form.sent(**self.typed)

    def _answer(self, form: PageForm, name: str, place: int) -> str:
        if name in RADIOS:
            return RADIOS[name][self.number % len(RADIOS[name])]
        return self.words(20 + self.number, seed=place)

    def autosave(self, sent: dict[str, Any]) -> str:
        """The page saves by itself; return what came back."""
        answer = Client().post(self.link, sent, headers={"HX-Request": "true", "HX-Target": "gemt"})
        assert answer.status_code == 200
        assert "gemt" in answer.content.decode().casefold()
        return answer.content.decode()

    def hand_in(self, sent: dict[str, Any]) -> None:
        answer = Client().post(self.link, sent | {"hand_in": ["1"]})
        assert answer.status_code == 303, answer.content.decode()

    def in_one_sitting(self) -> None:
        self.hand_in(self.type(self.open()))

    def in_two_sittings(self) -> None:
        """Half of it, kept by the page; the rest another day, on another phone."""
        self.autosave(self.type(self.open(), last=3))
        with on(today() + timedelta(days=2)):
            form = self.open()
            assert {name: form.fields[name] for name in self.typed} == {n: [text] for n, text in self.typed.items()}
            self.hand_in(self.type(form, first=3))

    def cut_off_in_between(self) -> None:
        """The page saves, but the answer never arrives; what is typed meanwhile is sent when the network is back, from
        the same page, which still thinks that nothing was saved.
        """
        form = self.open()
        self.autosave(self.type(form, last=2))
        for name in [name for name in self.typed if name not in RADIOS]:
            self.typed[name] += f"\n\nSkrevet i toget. {self.words(5, seed=99)}"
        self.autosave(form.sent(**self.typed))
        self.hand_in(self.type_rest(form))

    def type_rest(self, form: PageForm) -> dict[str, Any]:
        kept = dict(self.typed)
        self.type(form, first=2)
        self.typed |= kept
        return form.sent(**self.typed)

    def on_two_devices(self) -> None:
        """Two pages are open at once; both write to the first question. Both texts stand, and one chooses both."""
        phone, tablet = self.open(), self.open()
        first = next(iter(self.type(phone, last=1).keys() & self.typed.keys()))
        mine = self.typed[first]
        self.autosave(phone.sent(**{first: mine}))
        other = f"Fra tavlen: {self.words(9, seed=7)}"
        self.autosave(tablet.sent(**{first: other}))
        form = self.open()
        choice = first.replace("-text", "-choice")
        Client().post(self.link, form.sent(**{choice: "all"}))
        form = self.open()
        assert form.fields[first] == [f"{mine}\n\n{other}"]
        sent = self.type(form, first=1)
        self.typed[first] = f"{mine}\n\n{other}"
        self.hand_in(form.sent(**self.typed))
        assert sent


RADIOS: dict[str, list[str]] = {}


def _learn_radios(survey: Survey) -> None:
    """Which questions of the page are choices, by the names of their fields."""
    RADIOS.clear()
    for answer in AnswerForms(invitee=survey.invitees.all()[0]):
        choices = getattr(answer.form.fields["text"].widget, "choices", None)
        if choices:
            RADIOS[answer.form["text"].html_name] = [value for value, _ in choices if value]


def links_in(letters: list[EmailMessage]) -> dict[str, str]:
    """The personal link in each letter, by whom it was written to."""
    found = {}
    for letter in letters:
        match = re.search(r"https?://[^/\s]+(/evaluering/[\w-]+/)(?=\s)", str(letter.body))
        assert match, letter.body
        found[letter.to[0]] = match[1]
    return found


def posted() -> list[EmailMessage]:
    """The letters that went out since last asked."""
    run_tasks()
    letters, mail.outbox[:] = list(mail.outbox), []
    return letters


# --- The round --------------------------------------------------------------


@pytest.mark.random
def test_whole_round_with_forty_leaders(
    kreds: GoalSet, adoption: Adoption, meeting: Meeting, consultant: User, head: User, secretary: User,
    member: User, as_user: Login,
) -> None:  # fmt: skip
    publish(kreds)
    client = as_user(consultant)
    survey = the_round(client, kreds)
    _learn_radios(survey)
    links = links_in(posted())
    assert len(links) == LEADERS
    leaders = [Leader(number, links[f"leder{number}@eksempel.dk"]) for number in range(1, LEADERS + 1)]

    everyone = leaders[:ANSWERING]
    ways = [Leader.in_one_sitting, Leader.in_two_sittings, Leader.cut_off_in_between, Leader.on_two_devices]
    for leader in everyone[:EARLY]:
        ways[leader.number % len(ways)](leader)
    receipts = posted()
    assert sorted(letter.to[0] for letter in receipts) == sorted(
        f"leder{one.number}@eksempel.dk" for one in everyone[:EARLY]
    )
    assert {letter.attachments[0].filename[-4:] for letter in receipts} == {".pdf"}

    bounced = Letter.objects.filter(to=f"leder{LEADERS}@eksempel.dk").get()
    mark_returned(letter=bounced, why="Adressen findes ikke.")
    late = everyone[EARLY:]
    with on(DUE_ON - timedelta(days=7)):
        daily.enqueue(today().isoformat())
        reminded = [letter.to[0] for letter in posted() if letter.to[0].startswith("leder")]
        assert sorted(reminded) == sorted(f"leder{number}@eksempel.dk" for number in range(EARLY + 1, LEADERS))
        for leader in late[:3]:
            ways[leader.number % len(ways)](leader)
        posted()
    with on(DUE_ON - timedelta(days=2)):
        client.force_login(consultant)
        client.post(reverse("survey_remind", args=[survey.pk]))
        client.post(reverse("survey_remind", args=[survey.pk]))  # pressed twice
        again = links_in([letter for letter in posted() if letter.to[0].startswith("leder")])
        assert sorted(again) == sorted(f"leder{number}@eksempel.dk" for number in range(EARLY + 4, LEADERS))
        for leader in late[3:]:
            leader.link = again[f"leder{leader.number}@eksempel.dk"]  # the link in the reminder opens the same answer
            ways[leader.number % len(ways)](leader)
        posted()

    _report_orally(client, survey, consultant)
    _nothing_typed_is_lost(survey, everyone)

    with on(DUE_ON + timedelta(days=3)):
        client.force_login(consultant)
        page = client.get(survey.get_absolute_url()).content.decode()
        assert f"{ANSWERING + 1} af {LEADERS}" in page
        assert client.post(reverse("survey_close", args=[survey.pk])).status_code == 303
        evaluation = EvaluationRound.objects.get(survey=survey)
        _gather(client, evaluation)
        _review(client, as_user(head), evaluation)
        _present_and_publish(client, as_user(secretary), evaluation, meeting)


def _report_orally(client: Client, survey: Survey, consultant: User) -> None:
    """One who never wrote has told it on the phone."""
    told = survey.invitees.get(email=f"leder{LEADERS}@eksempel.dk")
    address = reverse("invitee_oral", args=[survey.pk, told.pk])
    with on(DUE_ON):
        client.force_login(consultant)
        form = form_on(client.get(address).content.decode(), having="answered_by")
        texts = {name: "Fortalt i telefonen." for name in form.fields if name.endswith("-text") and name not in RADIOS}
        answer = client.post(address, form.sent(**texts) | {"hand_in": ["1"]})
        assert answer.status_code == 303, answer.content.decode()
    sheet = AnswerSheet.objects.get(invitee=told)
    assert (sheet.recorded_by, sheet.reported_orally_on) == (consultant, DUE_ON)


def _nothing_typed_is_lost(survey: Survey, leaders: list[Leader]) -> None:
    """What was typed, sign by sign, is what is handed in."""
    for leader in leaders:
        invitee = Invitee.objects.get(survey=survey, email=f"leder{leader.number}@eksempel.dk")
        names = {
            (one.asked.question, one.asked.goal): one.form["text"].html_name for one in AnswerForms(invitee=invitee)
        }
        answers = Answer.objects.counting().filter(sheet__invitee=invitee).select_related("question", "goal")
        stored = {names[answer.question, answer.goal]: answer.text for answer in answers}
        assert stored == {name: text for name, text in leader.typed.items() if text}, leader.number
    assert AnswerSheet.objects.count() == ANSWERING + 1
    assert KeptText.objects.filter(chosen_at=None).count() == 0


def _gather(client: Client, evaluation: EvaluationRound) -> None:
    """Quote three leaders, and write the common text."""
    goal = evaluation.goal_set.goals.get(number=1)
    page = reverse("rollup_goal", args=[evaluation.pk, 1])
    html = client.get(page).content.decode()
    assert all(f"Børnehus {number}<" in html or f"Børnehus {number} " in html for number in (1, 7, ANSWERING, LEADERS))
    answers = Answer.objects.counting().filter(goal=goal, question__kind="text").order_by("pk")[:3]
    for answer in answers:
        _press(client, page, "citer", value=f"{answer.pk}:0", among="status-1-text", at=f"{page}skriv/")
    assert Quotation.objects.filter(evaluation=evaluation).count() == 3
    form = form_on(client.get(page).content.decode(), having="status-1-text")
    sent = form.sent(**{"status-1-text": "Arbejdet er godt i gang i 36 huse.", "status-1-assessment": "under_way"})
    assert client.post(f"{page}skriv/", sent).status_code == 303


def _review(client: Client, head: Client, evaluation: EvaluationRound) -> None:
    """Sent to the head, sent back with a remark, mended, sent again, approved."""
    send, review = reverse("rollup_send", args=[evaluation.pk]), reverse("rollup_review", args=[evaluation.pk])
    assert client.post(send, {"step": "send"}).status_code == 303
    form = form_on(head.get(review).content.decode(), having="remark")
    assert head.post(review, form.sent(remark="Skriv også, hvad der er svært.") | {"tilbage": ["1"]}).status_code == 303
    page = reverse("rollup_goal", args=[evaluation.pk, 1])
    form = form_on(client.get(page).content.decode(), having="status-1-text")
    text = "Arbejdet er godt i gang i 36 huse. Tiden er svær at finde."
    assert client.post(f"{page}skriv/", form.sent(**{"status-1-text": text})).status_code == 303
    assert client.post(send, {"step": "send"}).status_code == 303
    form = form_on(head.get(review).content.decode(), having="remark")
    assert head.post(review, form.sent() | {"godkend": ["1"]}).status_code == 303
    assert [entry.text for entry in StatusEntry.objects.filter(round=evaluation)] == [text]


def _present_and_publish(client: Client, secretary: Client, evaluation: EvaluationRound, meeting: Meeting) -> None:
    """Presented at a meeting; public only then."""
    publish_page = reverse("evaluation_publish", args=[evaluation.pk])
    address, anonymous = evaluation.get_absolute_url(), Client()
    before = secretary.post(publish_page, {"del": "evaluation_round"})
    assert (before.status_code, anonymous.get(address).status_code) == (422, 404)
    Meeting.objects.filter(pk=meeting.pk).update(date=today())
    present = reverse("rollup_present", args=[evaluation.pk])
    form = form_on(client.get(present).content.decode(), having="where")
    assert client.post(present, form.sent(where=f"moede-{meeting.pk}")).status_code == 303
    assert anonymous.get(address).status_code == 404
    form = form_on(secretary.get(publish_page).content.decode(), having="del")
    assert secretary.post(publish_page, form.sent()).status_code == 303
    told = anonymous.get(address).content.decode()
    assert "Tiden er svær at finde." in told
    assert "Leder 1" not in told
