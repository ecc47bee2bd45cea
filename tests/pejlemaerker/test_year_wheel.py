"""The year wheel: what a year holds, for whom, as page, paper and calendar."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import icalendar
import page
import pytest
from django.test import Client
from django.utils import timezone

from kit.clock import today
from meetings.actions import create_meeting
from meetings.models import Committee, FormerName, LeaderGroup, Meeting, Municipality, User
from pejlemaerker.actions import create_dialogue, open_evaluation
from pejlemaerker.documents.year_wheel import YearWheelDocument
from pejlemaerker.models import (
    AsOf,
    Dialogue,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalPeriod,
    GoalSet,
    PolicyArea,
    StepOutcome,
)
from tests.conftest import CANARY, Login, publish
from tests.kit.test_pdf import failures

AUTUMN = {
    "when_text": "efteråret 2023",
    "earliest": date(2023, 9, 1),
    "latest": date(2023, 11, 30),
    "precision": "season",
}


@pytest.fixture
def plan(goal_set: GoalSet) -> FollowUpPlan:
    GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=date(2022, 1, 1))
    return FollowUpPlan.objects.create(
        goal_set=goal_set, number=1, agreed_on=date(2022, 9, 8), recorded_at=moment(date(2022, 9, 8))
    )


def moment(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def step(plan: FollowUpPlan, **given: Any) -> FollowUpStep:
    position = plan.steps.count() + 1
    return FollowUpStep.objects.create(
        **{"plan": plan, "position": position, "kind": "midterm_evaluation"} | AUTUMN | given
    )


def firm(day: date) -> dict[str, Any]:
    return {"when_text": "", "earliest": day, "latest": day, "precision": "day"}


def wheel(committee: Committee, viewer: Any, year: int = 2023, at: AsOf | None = None) -> YearWheelDocument:
    return YearWheelDocument.for_committee(committee, viewer=viewer, year=year, at=at or AsOf.now(), today=today())


def told(document: YearWheelDocument) -> list[tuple[str, str]]:
    return [(entry.when, entry.what) for entry in document.entries]


def address(committee: Committee, query: str = "?aar=2023") -> str:
    return f"{committee.get_absolute_url()}aarshjul/{query}"


# --- What a year holds ----------------------------------------


def test_wheel_tells_meetings_and_steps_in_order_and_numbers_them_as_drawn(
    committee: Committee, plan: FollowUpPlan, member: User
) -> None:
    step(plan)
    step(plan, kind="final_dialogue", **firm(date(2023, 3, 14)))
    Meeting.objects.create(committee=committee, date=date(2023, 6, 5), starts_at=time(17, 0))
    Meeting.objects.create(committee=committee, date=date(2022, 12, 5))
    document = wheel(committee, member)
    assert told(document) == [
        ("14. marts", "Afsluttende dialogmøde"),
        ("5. juni kl. 17.00", "Møde"),
        ("efteråret 2023", "Midtvejsevaluering i lederkredsen"),
    ]
    drawn = {mark.mark.number: mark.mark.shape for ring in document.wheel.rings for mark in ring.marks}
    assert drawn == {1: "day", 2: "meeting", 3: "span"}
    assert [month.name for month in document.months] == ["Marts", "Juni", "September"]


def test_wheel_says_which_days_vague_words_are_drawn_as(committee: Committee, plan: FollowUpPlan, member: User) -> None:
    step(plan)
    step(plan, when_text="vinteren 2023/24", earliest=date(2023, 12, 1), latest=date(2024, 2, 29))
    assert [entry.note for entry in wheel(committee, member).entries] == [
        "Tegnet som september til november", "Tegnet som december 2023 til februar 2024",
    ]  # fmt: skip
    (entry,) = wheel(committee, member, 2024).entries
    assert (entry.starts, entry.ends) == (date(2024, 1, 1), date(2024, 2, 29))


def test_late_is_said_of_a_firm_day_only(committee: Committee, plan: FollowUpPlan, member: User) -> None:
    step(plan, kind="briefing", **firm(date(2023, 2, 1)))
    step(plan)
    notes = [entry.note for entry in wheel(committee, member).entries]
    assert notes == ["Datoen er overskredet", "Tegnet som september til november"]


def test_step_that_was_carried_out_stands_once_on_its_day_with_the_plans_words(
    committee: Committee, plan: FollowUpPlan, goal_set: GoalSet, secretary: User, member: User
) -> None:
    midterm = step(plan)
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 10, 25), step=midterm, nonce=uuid4(), by=secretary
    )
    (entry,) = wheel(committee, member).entries
    assert (entry.when, entry.url, entry.is_done) == ("25. oktober", evaluation.get_absolute_url(), True)
    assert entry.note == "I planen: »efteråret 2023«"


def test_dialogue_outside_the_plan_is_told_too(
    committee: Committee, plan: FollowUpPlan, goal_set: GoalSet, secretary: User, member: User
) -> None:
    for goals in (goal_set.goals.all(), Goal.objects.none()):
        create_dialogue(
            goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goals, nonce=uuid4(), by=secretary,
            kind="other", held_on=date(2023, 5, 30), step=None, public_summary="", internal_notes="",
        )  # fmt: skip
    entries = wheel(committee, member).entries
    assert [(entry.what, entry.when, entry.is_done) for entry in entries] == [("Andet dialogmøde", "30. maj", True)] * 2
    assert {entry.whose for entry in entries} == {"Børne- og Familieområdet", "Børne- og Uddannelsesudvalget"}


def test_recurring_steps_stand_apart_and_each_time_they_were_held_in_its_month(
    committee: Committee, plan: FollowUpPlan, member: User
) -> None:
    recurring = step(
        plan,
        kind="annual_event",
        is_recurring=True,
        when_text="årligt",
        earliest=None,
        latest=None,
        precision="unknown",
    )
    for day, is_cancelled in ((date(2023, 4, 12), False), (date(2023, 8, 30), True)):
        StepOutcome.objects.create(step=recurring, occurred_on=day, is_cancelled=is_cancelled, nonce=uuid4())
    document = wheel(committee, member)
    assert [(one.what, one.when) for one in document.undated] == [("Konference, temadag eller seminar", "årligt")]
    assert [(entry.when, entry.is_done, entry.note) for entry in document.entries] == [
        ("12. april", True, ""), ("30. august", False, "Aflyst"),
    ]  # fmt: skip


def test_cancelled_meeting_is_marked_and_said(committee: Committee, member: User, as_user: Login) -> None:
    Meeting.objects.create(committee=committee, date=date(2023, 6, 5), cancelled="For få punkter")
    (entry,) = wheel(committee, member).entries
    assert (entry.note, entry.is_cancelled, entry.is_done) == ("Aflyst", True, False)
    shown = as_user(member).get(address(committee)).content.decode()
    assert "stroke-dasharray" in shown
    assert "Aflyst." in shown


def test_wheel_tells_where_the_period_begins_and_ends(committee: Committee, goal_set: GoalSet, member: User) -> None:
    assert wheel(committee, member, 2022).months[0].periods == (
        "1. januar begynder perioden 2022–2025 for Børne- og Familieområdet.",
    )
    assert wheel(committee, member, 2025).months[-1].periods == (
        "31. december slutter perioden 2022–2025 for Børne- og Familieområdet.",
    )
    assert wheel(committee, member, 2023).is_empty


def test_ring_runs_only_as_long_as_its_period(committee: Committee, plan: FollowUpPlan, member: User) -> None:
    GoalPeriod.objects.filter(pk=plan.goal_set.period_id).update(ends_on=date(2023, 6, 30))
    step(plan, kind="briefing", **firm(date(2023, 2, 1)))
    (ring,) = wheel(committee, member).wheel.rings
    assert 175 < ring.lines[0].ends < 185


def test_committee_is_called_what_it_was_called_that_year(committee: Committee, member: User) -> None:
    FormerName.objects.create(committee=committee, name="Skoleudvalget", until=date(2022, 12, 31))
    assert [wheel(committee, member, year).whose for year in (2022, 2023)] == [
        "Skoleudvalget", "Børne- og Uddannelsesudvalget",
    ]  # fmt: skip


def more_sets(committee: Committee, count: int) -> None:
    for n in range(count):
        area = PolicyArea.objects.create(committee=committee, name=f"Område {n}", position=n + 2)
        made = GoalSet.objects.create(period=committee.goal_periods.get(), area=area, kept_since=date(2022, 1, 1))
        step(FollowUpPlan.objects.create(goal_set=made, number=1, agreed_on=date(2022, 1, 1)))


def test_each_set_has_its_ring_until_they_are_too_many(committee: Committee, plan: FollowUpPlan, member: User) -> None:
    step(plan)
    more_sets(committee, 1)
    assert [(ring.letter, ring.name) for ring in wheel(committee, member).rings] == [
        ("A", "Børne- og Familieområdet"), ("B", "Område 0"),
    ]  # fmt: skip
    PolicyArea.objects.filter(name="Område 0").update(name="Område x")
    more_sets(committee, 3)
    assert [(ring.letter, ring.name) for ring in wheel(committee, member).rings] == [
        ("A", "Børne- og Uddannelsesudvalget")
    ]


def test_joint_set_stands_in_both_committees_wheels_and_once_in_the_municipalitys(
    committee: Committee, other_committee: Committee, plan: FollowUpPlan, member: User, administrator: User
) -> None:
    step(plan)
    plan.goal_set.partners.add(other_committee)
    for one in (committee, other_committee):
        (entry,) = wheel(one, administrator).entries
        assert entry.whose == "Børne- og Familieområdet (fælles sæt)"
    whole = YearWheelDocument.for_municipality(
        committee.municipality, viewer=administrator, year=2023, at=AsOf.now(), today=today()
    )
    (entry,) = whole.entries
    assert entry.whose.endswith("Børne- og Uddannelsesudvalget og Kultur- og Fritidsudvalget")


# --- As of a day ----------------------------------------


def test_wheel_of_a_past_day_knows_only_what_was_known(
    committee: Committee, plan: FollowUpPlan, goal_set: GoalSet, secretary: User, member: User
) -> None:
    midterm = step(plan)
    open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 10, 25), step=midterm, nonce=uuid4(), by=secretary
    )
    Meeting.objects.create(committee=committee, date=date(2023, 3, 6))
    create_meeting(
        committee=committee, date=date(2023, 6, 5), starts_at=None, place="", open_titles=[], closed_titles=[],
        nonce=uuid4(), by=secretary,
    )  # fmt: skip
    then = wheel(committee, member, at=AsOf.day(date(2023, 5, 1)))
    assert told(then) == [("6. marts", "Møde"), ("efteråret 2023", "Midtvejsevaluering i lederkredsen")]
    assert [what for _, what in told(wheel(committee, member))] == [
        "Møde", "Møde", "Midtvejsevaluering i lederkredsen",
    ]  # fmt: skip


def test_page_says_which_day_it_shows_and_keeps_it_when_the_year_is_turned(
    committee: Committee, plan: FollowUpPlan, member: User, as_user: Login
) -> None:
    step(plan)
    shown = as_user(member).get(address(committee, "?dato=2023-05-01")).content.decode()
    assert "Som det var 1. maj 2023" in shown
    assert "Årshjul 2023" in shown
    assert "dato=2023-05-01&amp;aar=2024" in shown or "dato=2023-05-01&aar=2024" in shown


def test_year_is_turned_and_nonsense_is_this_year(committee: Committee, member: User, as_user: Login) -> None:
    client = as_user(member)
    assert 'href="?aar=2022" rel="prev"' in client.get(address(committee)).content.decode()
    for nonsense in ("?aar=", "?aar=x", "?aar=99999"):
        assert f"Årshjul {today().year}" in client.get(address(committee, nonsense)).content.decode()


def test_plain_year_has_no_thousands_mark(committee: Committee, member: User, as_user: Login) -> None:
    assert "2.023" not in as_user(member).get(address(committee)).content.decode()


# --- Who sees what ----------------------------------------


@pytest.mark.parametrize("where", ["page", "whole", "pdf", "ics"])
def test_outsiders_see_what_is_published_and_nothing_of_the_rest(
    where: str, committee: Committee, plan: FollowUpPlan, meeting: Meeting, anonymous: Client, member: User,
    as_user: Login,
) -> None:  # fmt: skip
    step(plan, title="Sent trin i planen", **firm(date(2022, 10, 10)))
    addresses = {
        "page": address(committee, "?aar=2022"),
        "whole": "/aarshjul/?aar=2022",
        "pdf": f"{committee.get_absolute_url()}aarshjul.pdf?aar=2022",
        "ics": "/aarshjul.ics",
    }

    def shown(client: Client) -> list[bool]:
        answer = client.get(addresses[where])
        assert answer.status_code == 200
        text = _text(answer)
        assert CANARY not in text
        return ["Sent trin" in text, "3. oktober" in text or "20221003" in text]

    hidden = shown(anonymous)
    inside = shown(as_user(member))
    publish(meeting)
    half = shown(anonymous)
    publish(plan.goal_set)
    assert (hidden, inside, half, shown(anonymous)) == ([False, False], [True, True], [False, True], [True, True])


def _text(answer: Any) -> str:
    if answer.headers["Content-Type"] != "application/pdf":
        return str(answer.content.decode()).replace("\r\n ", "")
    import pypdfium2  # noqa: PLC0415

    with pypdfium2.PdfDocument(answer.content) as document:
        return " ".join(" ".join(one.get_textpage().get_text_bounded().split()) for one in document)


def test_dialogue_that_is_not_published_is_no_part_of_the_public_wheel(
    committee: Committee, plan: FollowUpPlan, goal_set: GoalSet, secretary: User, anonymous: Client
) -> None:
    midterm = step(plan, kind="midterm_dialogue")
    publish(goal_set)
    dialogue = create_dialogue(
        goal_set=goal_set, leader_groups=[], goals=goal_set.goals.all(), nonce=uuid4(), by=secretary,
        kind="midterm", held_on=date(2023, 11, 20), step=midterm, public_summary="Et resumé.", internal_notes="",
    )  # fmt: skip
    addresses = (address(committee), "/aarshjul.ics")
    before = [anonymous.get(one).content.decode() for one in addresses]
    assert all(dialogue.get_absolute_url() not in text for text in before)
    assert "20. november" not in before[0]
    publish(Dialogue.objects.get(pk=dialogue.pk))
    assert all(dialogue.get_absolute_url() in anonymous.get(one).content.decode() for one in addresses)


@pytest.mark.parametrize("path", ["aarshjul/", "aarshjul.pdf"])
def test_wheel_is_open_to_all_and_only_read(path: str, committee: Committee, anonymous: Client) -> None:
    found = f"{committee.get_absolute_url()}{path}"
    assert anonymous.get(found).status_code == 200
    assert anonymous.post(found).status_code == 405
    assert anonymous.get(f"/udvalg/findes-ikke/{path}").status_code == 404


def test_whole_municipality_is_chosen_where_there_are_several(committee: Committee, anonymous: Client) -> None:
    other = Municipality.objects.create(name="Aalborg Kommune", slug="aalborg")
    alone = anonymous.get("/aarshjul/").content.decode()
    assert "kommune=aalborg" not in alone
    Committee.objects.create(municipality=other, name="Byrådet", slug="byraadet")
    both = anonymous.get("/aarshjul/", {"kommune": "aalborg"}).content.decode()
    assert "Aalborg Kommune</a>" in both
    assert "kommune=hvidovre" in both
    assert anonymous.get("/aarshjul/", {"kommune": "findes-ikke"}).status_code == 404
    assert anonymous.post("/aarshjul/").status_code == 405


def test_whole_municipality_is_the_first_that_has_something_to_show(
    published_goal_set: GoalSet, anonymous: Client
) -> None:
    other = Municipality.objects.create(name="Albertslund Kommune", slug="albertslund")
    Committee.objects.create(municipality=other, name="Byrådet", slug="byraadet")
    assert '<p class="page-head__eyebrow">Hvidovre Kommune</p>' in anonymous.get("/aarshjul/").content.decode()


def test_installation_without_committees_has_no_wheel(anonymous: Client) -> None:
    assert anonymous.get("/aarshjul/").status_code == 404


# --- The drawing and the list ----------------------------------------


def test_drawing_is_named_and_told_and_the_list_bears_the_same_numbers(
    committee: Committee, plan: FollowUpPlan, member: User, as_user: Login
) -> None:
    step(plan)
    Meeting.objects.create(committee=committee, date=date(2023, 6, 5))
    shown = as_user(member).get(address(committee)).content.decode()
    assert 'role="img" aria-labelledby="hjul-navn hjul-kort"' in " ".join(shown.split())
    assert "1 møde og 1 trin i opfølgningen" in shown
    assert [f'<li value="{n}">' in shown for n in (1, 2, 3)] == [True, True, False]
    assert "style=" not in shown[shown.index("<svg") : shown.index("</svg>")]


@pytest.mark.parametrize("rows", [1, 3])
def test_wheel_asks_the_same_number_of_queries_however_full(
    rows: int,
    committee: Committee,
    plan: FollowUpPlan,
    secretary: User,
    member: User,
    django_assert_num_queries: Any,
) -> None:
    more_sets(committee, rows - 1)
    for n in range(rows):
        held = step(plan, kind="briefing", **firm(date(2023, n + 1, 1)))
        Meeting.objects.create(committee=committee, date=date(2023, n + 1, 9))
        open_evaluation(
            goal_set=plan.goal_set, kind="extra", held_on=date(2023, n + 2, 2), step=held, nonce=uuid4(), by=secretary
        )
        create_dialogue(
            goal_set=plan.goal_set, leader_groups=[], goals=plan.goal_set.goals.all(), nonce=uuid4(), by=secretary,
            kind="other", held_on=date(2023, 5, n + 1), step=None, public_summary="", internal_notes="",
        )  # fmt: skip
    user = User.objects.get(pk=member.pk)
    found = Committee.objects.select_related("municipality").get(pk=committee.pk)
    with django_assert_num_queries(16):
        wheel(found, user)


# --- The paper ----------------------------------------


def test_paper_of_a_full_year_is_one_valid_sheet(
    committee: Committee, plan: FollowUpPlan, member: User, as_user: Login
) -> None:
    for month in range(1, 12):
        Meeting.objects.create(committee=committee, date=date(2023, month, 5), starts_at=time(17))
    step(plan)
    step(plan, kind="learning")
    answer = as_user(member).get(f"{committee.get_absolute_url()}aarshjul.pdf?aar=2023")
    assert answer.headers["Content-Disposition"] == f'inline; filename="aarshjul-2023-{committee.slug}.pdf"'
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
        assert failures(answer.content, profile) == []
    import pypdfium2  # noqa: PLC0415

    with pypdfium2.PdfDocument(answer.content) as document:
        assert len(document) == 1


def test_paper_of_an_empty_year_is_valid(committee: Committee, anonymous: Client) -> None:
    answer = anonymous.get(f"{committee.get_absolute_url()}aarshjul.pdf?aar=1999")
    assert failures(answer.content, page.ValidationProfile.PDF_UA_1) == []


# --- The calendar ----------------------------------------


def events(client: Client, **query: str) -> list[Any]:
    answer = client.get("/aarshjul.ics", query)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def test_calendar_spans_all_the_days_a_vague_time_can_mean_and_says_its_words(
    plan: FollowUpPlan, member: User, as_user: Login
) -> None:
    planned = step(plan)
    (event,) = events(as_user(member))
    assert str(event["SUMMARY"]) == "Midtvejsevaluering i lederkredsen (efteråret 2023), Børne- og Familieområdet"
    assert (event.start, event.end, str(event["TRANSP"])) == (date(2023, 9, 1), date(2023, 12, 1), "TRANSPARENT")
    assert event["UID"] == f"trin-{planned.trail}@testserver"


def test_calendar_keeps_a_steps_name_through_plans_and_outcomes(
    plan: FollowUpPlan, goal_set: GoalSet, member: User, as_user: Login
) -> None:
    planned = step(plan)
    (before,) = events(as_user(member))
    newer = FollowUpPlan.objects.create(goal_set=goal_set, number=2, agreed_on=date(2022, 10, 1))
    again = step(newer, trail=planned.trail, **firm(date(2023, 10, 4)))
    (moved,) = events(as_user(member))
    StepOutcome.objects.create(step=again, occurred_on=date(2023, 10, 5), is_cancelled=True, nonce=uuid4())
    (called_off,) = events(as_user(member))
    assert before["UID"] == moved["UID"] == called_off["UID"]
    assert (before["SEQUENCE"], moved["SEQUENCE"]) == (1, 2)
    assert str(moved["SUMMARY"]) == "Midtvejsevaluering i lederkredsen, Børne- og Familieområdet"
    assert (str(called_off["STATUS"]), called_off.start) == ("CANCELLED", date(2023, 10, 5))


def test_calendar_is_of_one_committee_when_asked(
    plan: FollowUpPlan, meeting: Meeting, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    step(plan)
    Meeting.objects.create(committee=other_committee, date=date(2023, 1, 9))
    client = as_user(administrator)
    assert [len(events(client, **query)) for query in ({}, {"udvalg": other_committee.slug})] == [3, 1]
    assert client.get("/aarshjul.ics", {"udvalg": "findes-ikke"}).status_code == 404


def test_calendar_is_sent_once_and_only_read(plan: FollowUpPlan, member: User, as_user: Login) -> None:
    step(plan)
    client = as_user(member)
    first = client.get("/aarshjul.ics")
    assert client.get("/aarshjul.ics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert client.post("/aarshjul.ics").status_code == 405
