"""The Hvidovre period of seed 004, played in the browser from the dialogue meeting to the handover, and then read as of
any day of it.
"""

import io
from datetime import date, time
from uuid import uuid4

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from meetings.actions import add_item, record_decision
from meetings.models import (
    Attendance,
    Committee,
    Decision,
    Meeting,
    Membership,
    Stay,
    StayOutcome,
    User,
)
from pejlemaerker.models import Goal, GoalSet, SetClosing
from tests.browser.conftest import OpenVisit
from tests.browser.looking import Visit

WORDINGS = [
    "Vi arbejder med systematisk inddragelse af barnet, den unge og familien.",
    "Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt som muligt.",
    "Vi prioriterer samarbejdet på tværs og tager ansvar for at finde fælles løsninger.",
    "Vi arbejder for en samlet indsats for de unge.",
]
ADDED = "Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt og så længe som muligt."
STAYED = "Vi prioriterer samarbejdet på tværs og finder fælles løsninger sammen med familien."
MERGED = "Vi inddrager barnet, den unge og familien i en samlet indsats."
CARRIED = "Vi arbejder med forebyggelse og sætter ind i tide."


class Period:
    """One who plays the whole period, as the committee's secretary."""

    def __init__(self, person: Visit, committee: Committee) -> None:
        self.person, self.page, self.committee = person, person.page, committee
        self.by = User.objects.get(username="sekretaer")

    @property
    def goal_set(self) -> GoalSet:
        return GoalSet.objects.get(period__committee=self.committee, period__starts_on=date(2022, 1, 1))

    def goal(self, first_words: str) -> Goal:
        """The pejlemærke that was first worded so."""
        return Goal.objects.get(goal_set__period__committee=self.committee, versions__text=first_words)

    def open(self, address: str) -> Page:
        self.person.goto(address)
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def decide(self, day: date, title: str, category: str = "approved", text: str = "Godkendt.") -> Decision:
        """Hold a meeting (the meeting's own journey types one; here it is only needed) and decide one item."""
        meeting, _ = Meeting.objects.get_or_create(committee=self.committee, date=day, defaults={"starts_at": time(17)})
        for seat in Membership.objects.current(day).filter(committee=self.committee):
            Attendance.objects.get_or_create(meeting=meeting, person=seat.person, defaults={"state": "present"})
        item = add_item(
            meeting=meeting, nonce=uuid4(), by=self.by, number="1", title=title, is_closed=False, points=[],
            recommended_by="Centerchefen",
        )  # fmt: skip
        return record_decision(item=item, category=category, text=text, expected=0, nonce=uuid4(), by=self.by)

    def put_in_force(self, decision: Decision) -> None:
        """Point the decision at all wordings that wait."""
        self.open(f"/saet/{self.goal_set.pk}/ikraft/?beslutning={decision.pk}")
        self.press("Sæt i kraft")
        expect(self.page.locator("main")).to_contain_text("gælder fra")

    def write_wording(self, goal: Goal, text: str, reason: str, day: date, *, kind: str, request: str = "") -> None:
        """Write a new wording and send it."""
        page = self.open(f"/pejlemaerker/{goal.pk}/ordlyd/ny/")
        page.fill("[name=text]", text)
        page.check(f"[name=change_kind][value={kind}]")
        page.fill("[name=reason]", reason)
        page.fill("[name=worded_on]", day.isoformat())
        if request:
            page.select_option("[name=answers]", index=1)
        self.press("Send til behandling")
        expect(page.locator("body")).to_contain_text("sendt til behandling", ignore_case=True)


@pytest.fixture
def period(visit: OpenVisit) -> Period:
    return Period(visit("sekretaer"), Committee.objects.get(abbreviation="KFU"))


def formulate(play: Period) -> None:
    """The set, its four pejlemærker, and the dialogue meeting they came from."""
    page = play.open(f"/udvalg/{play.committee.slug}/saet/nyt/")
    play.person.look()
    page.check("[name=period][value=ny]")
    page.fill("[name=starts_on]", "2022-01-01")
    page.fill("[name=ends_on]", "2025-12-31")
    page.fill("[name=area_name]", "Børne- og Familieområdet")
    play.press("Opret sættet")
    page.wait_for_url(lambda url: "/saet/nyt/" not in url)
    play.open(f"/saet/{play.goal_set.pk}/pejlemaerker/nyt/")
    play.person.look()
    for number, text in enumerate(WORDINGS, start=1):
        page.fill(f"[name=text_{number}]", text)
    page.fill("[name=worded_on]", "2022-05-30")
    play.press("Skriv pejlemærkerne ind")
    expect(page.locator("main")).to_contain_text("Fire pejlemærker")
    assert list(play.goal_set.goals.values_list("number", flat=True)) == [1, 2, 3, 4]
    talk(play, "formulating", "2022-05-30", "Pejlemærkerne blev formuleret.")


def talk(play: Period, kind: str, day: str, summary: str) -> None:
    """Write a dialogue meeting down."""
    page = play.open(f"/saet/{play.goal_set.pk}/dialogmoeder/nyt/")
    page.check(f"[name=kind][value={kind}]")
    page.fill("[name=held_on]", day)
    page.locator("[name=leader_groups]").first.check()
    page.fill("[name=public_summary]", summary)
    play.press("Gem dialogmødet")
    expect(page.locator("main")).to_contain_text(summary)


def ask_for_an_addition(play: Period) -> None:
    """5 September 2022: the committee asks for an addition to pejlemærke 2; 8 September: it is noted."""
    goal = play.goal(WORDINGS[1])
    page = play.open(f"/saet/{play.goal_set.pk}/oensker/nyt/")
    page.check("[name=about][value=wording]")
    page.select_option("[name=goal]", str(goal.pk))
    page.fill("[name=text]", "Udvalget ønsker, at indsatsen varer ved.")
    page.fill("[name=requested_on]", "2022-09-05")
    play.press("Skriv ønsket ind")
    page.wait_for_url(lambda url: "/oensker/nyt/" not in url)
    play.write_wording(goal, ADDED, "Udvalget ønskede det", date(2022, 9, 8), kind="addition", request="1")
    play.open(f"/pejlemaerker/{goal.pk}/ordlyd/")
    play.person.look()
    expect(page.locator("main")).to_contain_text("Sendt til behandling")


def stay_and_confirm(play: Period) -> None:
    """March 2023: a new wording of pejlemærke 3 is decided, stayed (§ 23), and confirmed by the council later."""
    goal = play.goal(WORDINGS[2])
    play.write_wording(goal, STAYED, "Familien er med", date(2023, 2, 20), kind="change")
    decision = play.decide(date(2023, 3, 6), "Pejlemærke 3: ny ordlyd")
    play.put_in_force(decision)
    member = Membership.objects.current(date(2023, 3, 6)).filter(committee=play.committee)[0].person
    stay = Stay.including_closed.create(decision=decision, declared_by=member, recorded_by=play.by)
    page = play.open(goal.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Beslutningen er standset")
    expect(page.locator("h1")).to_contain_text(WORDINGS[2])
    play.person.look()
    StayOutcome.including_closed.create(
        stay=stay, verdict="confirmed", decided_on=date(2023, 3, 28), note="Kommunalbestyrelsen", recorded_by=play.by
    )
    play.open(goal.get_absolute_url())
    expect(page.locator("h1")).to_contain_text(STAYED)


def plan_and_evaluate(play: Period) -> None:
    """The follow-up plan as the app proposes it; the midway evaluation, and the final one."""
    page = play.open(f"/saet/{play.goal_set.pk}/plan/ret/")
    play.person.look()
    page.fill("[name=agreed_on]", "2022-10-03")
    play.press("Gem planen")
    page.wait_for_url(lambda url: "/ret/" not in url)
    expect(page.locator("main")).to_contain_text("Midtvejsevaluering")
    evaluate(play, "midterm", "2023-10-25", "Vi er godt i gang.")


def evaluate(play: Period, kind: str, day: str, text: str) -> None:
    """Hand in the same words about every pejlemærke."""
    page = play.open(f"/saet/{play.goal_set.pk}/evalueringer/ny/")
    page.check(f"[name=kind][value={kind}]")
    page.fill("[name=held_on]", day)
    play.press("Fortsæt")
    page.wait_for_url("**/skriv/")
    for area in page.locator("textarea").all():
        area.fill(text)
    play.press("Afgiv evalueringen")
    expect(page.locator("main")).to_contain_text(text)


def renumber(play: Period) -> None:
    """January 2024: 3 and 4 change places."""
    page = play.open(f"/saet/{play.goal_set.pk}/raekkefoelge/")
    play.person.look()
    fields = page.locator(".numbers__field input")
    fields.nth(2).fill("4")
    fields.nth(3).fill("3")
    page.fill("[name=placed_from]", "2024-01-15")
    page.fill("[name=reason]", "De unge først")
    play.press("Gem numrene")
    page.wait_for_url(lambda url: "/raekkefoelge/" not in url)
    expect(page.locator("main")).to_contain_text("Fire pejlemærker")
    assert play.goal(WORDINGS[3]).number == 3


def merge(play: Period) -> None:
    """March 2024: what is now 3 is put into 1."""
    first, young = play.goal(WORDINGS[0]), play.goal(WORDINGS[3])
    page = play.open(f"/saet/{play.goal_set.pk}/laeg-sammen/")
    play.person.look()
    for goal in (first, young):
        page.check(f"[name=goals][value='{goal.pk}']")
    page.check(f"[name=into][value='{first.pk}']")
    page.fill("[name=text]", MERGED)
    page.fill("[name=reason]", "Det er det samme arbejde")
    page.fill("[name=worded_on]", "2024-02-12")
    play.press("Skriv forslaget ind")
    page.wait_for_url(lambda url: "/laeg-sammen/" not in url)
    play.open(f"/saet/{play.goal_set.pk}/")
    expect(page.locator("main")).to_contain_text("Fire pejlemærker")
    play.put_in_force(play.decide(date(2024, 3, 4), "Pejlemærke 1 og 3 lægges sammen"))
    play.open(f"/saet/{play.goal_set.pk}/")
    expect(page.locator("main")).to_contain_text("Tre pejlemærker")
    play.person.look()
    play.open(young.get_absolute_url())
    expect(page.locator("main")).to_contain_text("Lagt sammen")
    play.person.look()


def hand_over(play: Period) -> None:
    """The end: one is carried on with a new wording, one merged into it, one is done."""
    goals = [play.goal(WORDINGS[1]), play.goal(WORDINGS[0]), play.goal(WORDINGS[2])]
    page = play.page
    outcomes = [("continued", CARRIED), ("continued", MERGED), ("completed", "")]
    for goal, (outcome, wording) in zip(goals, outcomes, strict=True):
        play.open(f"/pejlemaerker/{goal.pk}/overlevering/")
        play.person.look()
        page.check(f"[name=outcome][value={outcome}]")
        page.fill("[name=reason]", "Sådan blev det aftalt.")
        if wording:
            page.fill("[name=wordings]", wording)
        page.fill("[name=learning]", "Vi lærte at spørge tidligt.")
        play.press("Gem, og gå til oversigten")
        page.wait_for_url(f"**/saet/{play.goal_set.pk}/overlevering/**")
    page.select_option("[name=to_committee]", label=play.committee.name)
    page.fill("[name=area_name]", "Familieområdet")
    page.fill("[name=starts_on]", "2026-01-01")
    page.fill("[name=ends_on]", "2029-12-31")
    page.fill("[name=learning]", "Forløbet var for langt.")
    with page.expect_navigation():
        play.press("Gem kladde")
    play.open(f"/saet/{play.goal_set.pk}/overlevering/")
    play.person.look()
    if page.locator("[name=without_final]").count():
        page.fill("[name=without_final]", "Ét blev lagt ind i et andet.")
    page.check("[name=confirmed]")
    play.press("Afslut sættet og overlever det")
    page.wait_for_url(lambda url: "/overlevering/" not in url)
    closing = SetClosing.objects.get(goal_set=play.goal_set)
    assert closing.to_set
    assert [one.versions.get().text for one in closing.to_set.goals.order_by("number")] == [MERGED, CARRIED]
    play.open(f"/udvalg/{play.committee.slug}/laeseliste/")
    expect(page.locator("main")).to_contain_text(CARRIED)
    expect(page.locator("main")).to_contain_text("Vi lærte at spørge tidligt.")
    play.person.look()


def test_period_from_dialogue_to_handover(period: Period) -> None:
    formulate(period)
    ask_for_an_addition(period)
    period.put_in_force(period.decide(date(2022, 10, 3), "Politiske pejlemærker 2022–2025"))
    plan_and_evaluate(period)
    stay_and_confirm(period)
    renumber(period)
    merge(period)
    evaluate(period, "final", "2025-05-08", "Det blev hverdag.")
    talk(period, "final", "2025-05-27", "Læringen blev drøftet.")
    hand_over(period)
    any_day_tells_what_was_true_that_day(period)


def any_day_tells_what_was_true_that_day(play: Period) -> None:
    """Pages and note, as of days from before the decision to after the handover."""
    addition, changed, young = (play.goal(WORDINGS[n]) for n in (1, 2, 3))
    for goal, day, wording, number in [
        (addition, "2022-06-01", WORDINGS[1], "2"),  # not decided yet
        (addition, "2022-09-30", ADDED, "2"),
        (addition, "2023-01-01", ADDED, "2"),
        (changed, "2023-03-05", WORDINGS[2], "3"),
        (changed, "2023-03-10", WORDINGS[2], "3"),  # stayed
        (changed, "2023-03-28", STAYED, "3"),  # confirmed
        (changed, "2024-01-15", STAYED, "4"),  # renumbered
        (young, "2024-01-14", WORDINGS[3], "4"),
        (young, "2024-01-15", WORDINGS[3], "3"),
    ]:
        page = play.open(f"{goal.get_absolute_url()}?dato={day}")
        said = " ".join(page.inner_text("h1").split())
        assert said == f"Pejlemærke {number}: {wording}", day
    for day, told, untold in [
        ("2022-09-30", [ADDED, "Beslutning mangler"], [WORDINGS[1], "Gældende siden"]),
        ("2023-03-10", [WORDINGS[2], "Gældende siden 3. oktober 2022"], [MERGED, "Vi er godt i gang."]),
        ("2023-12-01", [STAYED, "Vi er godt i gang."], [MERGED, "Det blev hverdag."]),
        ("2025-06-01", [MERGED, STAYED, "Det blev hverdag."], [WORDINGS[3]]),
    ]:
        note = note_of(play, day)
        assert [text for text in told if text not in note] == [], day
        assert [text for text in untold if text in note] == [], day
        assert note == note_of(play, day)


def note_of(play: Period, day: str) -> str:
    """The note of a day, as one reads it."""
    answer = play.page.request.get(f"/saet/{play.goal_set.pk}/notat.pdf?dato={day}")
    assert answer.status == 200
    paper = pypdfium2.PdfDocument(io.BytesIO(answer.body()))
    text = " ".join(page.get_textpage().get_text_range() for page in paper)
    return " ".join(text.split())
