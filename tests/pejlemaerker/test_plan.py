"""The follow-up plan: read in full with every version of it, amended by a new version, and carried out step by step."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from kit.clock import today
from kit.dates import ImpreciseDate, format_span
from meetings.models import AgendaItem, Event, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.models import (
    AdditionRequest,
    FollowUpPlan,
    FollowUpStep,
    GoalSet,
    StepOutcome,
)
from tests.conftest import CANARY, Login, publish
from tests.days import AHEAD

AGREED = date(2022, 5, 30)


@pytest.fixture
def plan(goal_set: GoalSet, consultant: User) -> FollowUpPlan:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1, agreed_on=AGREED, recorded_by=consultant)
    for position, (kind, words) in enumerate(
        [
            ("formulating_dialogue", "30. maj 2022"),
            ("annual_event", "årligt"),
            ("midterm_evaluation", "efteråret 2023"),
            ("final_dialogue", "slutningen af foråret 2025"),
        ],
        start=1,
    ):
        when = ImpreciseDate.read(words)
        FollowUpStep.objects.create(
            plan=plan, position=position, kind=kind, when_text=words, earliest=when.earliest, latest=when.latest,
            precision=when.precision, is_recurring=words == "årligt", responsible="Center for Børn",
            participants="Udvalget og lederne",
        )  # fmt: skip
    return plan


@pytest.fixture
def request_for_plan(goal_set: GoalSet) -> AdditionRequest:
    return AdditionRequest.objects.create(
        goal_set=goal_set, about="plan", requested_on=date(2022, 9, 5), text="En midtvejsevaluering i lederkredsen."
    )


def address(goal_set: GoalSet, tail: str = "") -> str:
    return f"{goal_set.get_absolute_url()}plan/{tail}"


def filled_in(client: Client, goal_set: GoalSet, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back."""
    form = client.get(address(goal_set, "ret/")).context["form"]
    rows = form.steps
    typed: dict[str, Any] = {
        "trin-TOTAL_FORMS": len(rows.forms), "trin-INITIAL_FORMS": rows.initial_form_count(),
        "expected": form["expected"].value(), "agreed_on": "2022-09-08", "reason": "Udvalget ønskede det.",
    }  # fmt: skip
    for n, row in enumerate(rows):
        typed |= {
            f"trin-{n}-{name}": value for name in row.fields if (value := row[name].value()) not in (None, False, "")
        }
    return typed | changes


def row(n: int, **values: Any) -> dict[str, Any]:
    return {f"trin-{n}-{name}": value for name, value in values.items()}


def steps(goal_set: GoalSet, number: int) -> list[tuple[str, str]]:
    found = FollowUpStep.objects.filter(plan__goal_set=goal_set, plan__number=number).order_by("position")
    return list(found.values_list("kind", "when_text"))


def page(client: Client, where: str) -> str:
    return " ".join(client.get(where).content.decode().split())


# --- Who ----------------------------------------


def test_plan_is_seen_by_those_who_may_see_the_set(
    plan: FollowUpPlan, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    where = address(plan.goal_set)
    assert [client.get(where).status_code for client in clients] == [404, 404, 200]
    publish(plan.goal_set)
    assert [client.get(where).status_code for client in clients] == [200, 200, 200]
    assert clients[2].post(where).status_code == 405


@pytest.mark.parametrize("tail", ["ret/", "{step}/udfald/"])
def test_plan_is_written_by_those_who_edit_goals(
    tail: str, plan: FollowUpPlan, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    where = address(plan.goal_set, tail.format(step=plan.steps.get(position=3).pk))
    unseen = [client.get(where).status_code for client in (anonymous, as_user(other_member))]
    publish(plan.goal_set)
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert unseen == [302, 404]
    assert [client.get(where).status_code for client in clients] == [302, 403, 403, 200]
    assert clients[3].delete(where).status_code == 405


def test_step_of_another_set_is_not_there(plan: FollowUpPlan, consultant: User, as_user: Login) -> None:
    step = plan.steps.get(position=1)
    assert as_user(consultant).get(f"/saet/{plan.goal_set_id + 999}/plan/{step.pk}/udfald/").status_code == 404


# --- Reading ----------------------------------------


def test_plan_tells_each_step_in_its_own_words_and_how_they_are_read(
    plan: FollowUpPlan, member: User, as_user: Login
) -> None:
    shown = page(as_user(member), address(plan.goal_set))
    assert 'efteråret 2023 <span class="quiet">(september–november)</span>' in shown
    assert 'slutningen af foråret 2025 <span class="quiet">(maj)</span>' in shown
    assert "Deltager: Udvalget og lederne. Sørger for det: Center for Børn." in shown
    assert shown.index("Trinnene") < shown.index("Holdes flere gange") < shown.index("Konference, temadag")


def test_public_plan_names_nobody_in_the_administration(
    plan: FollowUpPlan, anonymous: Client, consultant: User, as_user: Login
) -> None:
    publish(plan.goal_set)
    StepOutcome.objects.create(
        step=plan.steps.get(position=2), occurred_on=date(2022, 10, 1), text="Karen holdt oplæg."
    )
    telling = ["Center for Børn", "Karen Konsulent", "Karen holdt oplæg.", "Holdt 1. oktober 2022"]
    where = address(plan.goal_set)
    assert [text in page(as_user(consultant), where) for text in telling] == [True, True, True, True]
    assert [text in page(anonymous, where) for text in telling] == [False, False, False, True]


def test_only_a_firm_date_is_late(plan: FollowUpPlan, member: User, as_user: Login) -> None:
    shown = page(as_user(member), address(plan.goal_set))
    assert shown.count("Datoen er overskredet") == 1
    assert shown.index("Datoen er overskredet") < shown.index("efteråret 2023")


def test_recurring_step_lists_each_time_it_was_held(
    plan: FollowUpPlan, consultant: User, member: User, as_user: Login
) -> None:
    step = plan.steps.get(is_recurring=True)
    held = create_dialogue(
        goal_set=plan.goal_set, leader_groups=[], goals=[], nonce=uuid4(), by=consultant, kind="other",
        held_on=date(2023, 3, 1), step=step, public_summary="", internal_notes="",
    )  # fmt: skip
    for day, is_cancelled, text in [
        (date(2022, 10, 1), False, "Gode oplæg."),
        (date(2023, 3, 1), False, "Om overgange."),
        (date(2024, 3, 1), True, "Sne."),
    ]:
        StepOutcome.objects.create(step=step, occurred_on=day, is_cancelled=is_cancelled, text=text)
    shown = as_user(member).get(address(plan.goal_set)).context["document"].recurring[0].held
    assert [(one.text, one.url, one.outcome) for one in shown] == [
        ("Holdt 1. oktober 2022", "", "Gode oplæg."),
        ("Andet dialogmøde, 1. marts 2023", held.get_absolute_url(), "Om overgange."),
        ("Aflyst 1. marts 2024", "", "Sne."),
    ]


def test_set_without_a_plan_says_so(goal_set: GoalSet, member: User, consultant: User, as_user: Login) -> None:
    shown = [page(as_user(user), address(goal_set)) for user in (member, consultant)]
    assert ["Der er ingen opfølgningsplan endnu" in one for one in shown] == [True, True]
    assert ["Lav en plan" in one for one in shown] == [False, True]


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2025, 5, 1), date(2025, 5, 31), "maj 2025"),
        (date(2023, 9, 1), date(2023, 11, 30), "september–november 2023"),
        (date(2023, 12, 1), date(2024, 2, 29), "december 2023 – februar 2024"),
        (date(2023, 5, 1), date(2023, 5, 10), "1.–10. maj 2023"),
        (date(2023, 12, 3), date(2024, 2, 1), "3. december 2023 – 1. februar 2024"),
        (date(2023, 5, 30), date(2023, 5, 30), "30. maj 2023"),
    ],
)
def test_span_is_said_as_one_says_it(first: date, last: date, told: str) -> None:
    assert format_span(first, last) == told


@pytest.mark.parametrize("count", [1, 3])
def test_plan_page_asks_a_constant_number_of_queries(
    count: int, goal_set: GoalSet, member: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        version = FollowUpPlan.objects.create(goal_set=goal_set, number=number, agreed_on=date(2022, number, 1))
        for position in range(1, count + 1):
            step = FollowUpStep.objects.create(
                plan=version, position=position, kind="annual_event", title=f"{position}"
            )
            StepOutcome.objects.create(step=step, occurred_on=date(2022, 11, number))
    client = as_user(member)
    client.get(address(goal_set))
    with django_assert_num_queries(20):
        client.get(address(goal_set))


# --- Versions ----------------------------------------


@pytest.fixture
def amended(plan: FollowUpPlan, request_for_plan: AdditionRequest, consultant: User, as_user: Login) -> GoalSet:
    """Version 2: the conference out, a dialogue in, the evaluation a year later and first."""
    client = as_user(consultant)
    typed = filled_in(client, plan.goal_set, answers=request_for_plan.pk)
    typed |= row(1, DELETE="on") | row(2, when_text="efteråret 2024", ORDER=1)
    typed |= row(4, kind="midterm_dialogue", when_text="i forlængelse heraf", participants="Udvalget")
    typed["trin-TOTAL_FORMS"] = 5
    answer = client.post(address(plan.goal_set, "ret/"), typed, follow=True)
    assert "Planen er gemt som udgave 2." in answer.content.decode()
    return plan.goal_set


def test_amended_plan_is_a_new_version_and_the_old_one_stands(amended: GoalSet) -> None:
    assert steps(amended, 1) == [
        ("formulating_dialogue", "30. maj 2022"), ("annual_event", "årligt"),
        ("midterm_evaluation", "efteråret 2023"), ("final_dialogue", "slutningen af foråret 2025"),
    ]  # fmt: skip
    assert sorted(steps(amended, 2)[:2]) == [
        ("formulating_dialogue", "30. maj 2022"), ("midterm_evaluation", "efteråret 2024"),
    ]  # fmt: skip
    assert steps(amended, 2)[2:] == [
        ("final_dialogue", "slutningen af foråret 2025"), ("midterm_dialogue", "i forlængelse heraf"),
    ]  # fmt: skip
    trails = [set(plan.steps.values_list("trail", flat=True)) for plan in amended.plans.order_by("number")]
    assert len(trails[0] & trails[1]) == 3
    read = FollowUpStep.objects.get(plan__number=2, kind="midterm_evaluation")
    assert (read.earliest, read.latest, read.precision) == (date(2024, 9, 1), date(2024, 11, 30), "season")


def test_version_tells_what_it_changed_and_which_request_it_answers(
    amended: GoalSet, request_for_plan: AdditionRequest, member: User, as_user: Login
) -> None:
    version = as_user(member).get(address(amended)).context["document"].versions[0]
    assert (version.number, version.day, version.by, version.reason) == (
        2, "8. september 2022", "Karen Konsulent", "Udvalget ønskede det.",
    )  # fmt: skip
    assert version.answers == (
        "Udvalget bad 5. september 2022 om en tilføjelse til opfølgningen: »En midtvejsevaluering i lederkredsen.«"
    )
    assert version.changes[:3] == (
        "Nyt trin: Dialogmøde med udvalget midtvejs, i forlængelse heraf.",
        "Taget ud: Konference, temadag eller seminar, årligt.",
        "Midtvejsevaluering i lederkredsen: hvornår var »efteråret 2023« og er nu »efteråret 2024«.",
    )
    assert list(AdditionRequest.objects.unanswered()) == []


def test_request_made_on_a_closed_item_tells_outsiders_only_who_and_when(
    plan: FollowUpPlan, closed_item: AgendaItem, anonymous: Client, secretary: User, as_user: Login
) -> None:
    asked = AdditionRequest.objects.create(
        goal_set=plan.goal_set, about="plan", requested_on=date(2022, 10, 3), text=f"{CANARY} ønsket", item=closed_item
    )
    version = FollowUpPlan.objects.create(goal_set=plan.goal_set, number=2, agreed_on=date(2022, 10, 4), answers=asked)
    FollowUpStep.objects.create(plan=version, position=1, kind="learning")
    publish(plan.goal_set)
    where = address(plan.goal_set)
    assert [CANARY in page(client, where) for client in (as_user(secretary), anonymous)] == [True, False]
    assert "Udvalget bad 3. oktober 2022 om en tilføjelse" in page(anonymous, where)


def test_earlier_version_is_read_at_its_own_address(amended: GoalSet, member: User, as_user: Login) -> None:
    client = as_user(member)
    old, new = (page(client, address(amended, f"?version={number}")) for number in (1, 2))
    assert ("efteråret 2024" in new, "En tidligere udgave" in new) == (True, False)
    assert ("Konference, temadag" in old, "En tidligere udgave" in old) == (True, True)
    found = [client.get(address(amended, f"?version={odd}")).status_code for odd in ("0", "3", "x", "²", "99999")]
    assert found == [404] * 5


def test_plan_of_a_day_is_the_one_that_was_known(amended: GoalSet, member: User, as_user: Login) -> None:
    client = as_user(member)
    kept = f"&dato={today()}"
    hindsight = client.get(address(amended, "?dato=2022-06-01&viden=nu")).context["document"]
    assert (hindsight.shown, len(hindsight.versions)) == (1, 1)
    assert client.get(address(amended, "?version=2&dato=2022-06-01&viden=nu")).status_code == 404
    assert client.get(address(amended, f"?version=2{kept}")).status_code == 200
    assert "Ret planen" not in page(client, address(amended, "?dato=2022-06-01&viden=nu"))


def test_version_before_the_first_that_was_kept_is_not_known(goal_set: GoalSet, member: User, as_user: Login) -> None:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=2, agreed_on=date(2022, 9, 8))
    FollowUpStep.objects.create(plan=plan, position=1, kind="learning")
    client = as_user(member)
    assert 'Udgave 1 </h3> <p class="quiet">Kendes ikke.</p>' in page(client, address(goal_set))
    assert "Denne udgave af planen kendes ikke" in page(client, address(goal_set, "?version=1"))


def test_version_and_its_steps_never_change(amended: GoalSet) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUpPlan.objects.create(goal_set=amended, number=2)


# --- Writing ----------------------------------------


def test_set_without_a_plan_begins_from_the_usual_steps(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    typed = filled_in(client, goal_set, reason="")
    again = client.post(address(goal_set, "ret/"), typed), client.post(address(goal_set, "ret/"), typed)
    assert [one.status_code for one in again] == [303, 303]
    assert goal_set.plans.count() == 1
    assert [step for step in steps(goal_set, 1) if step[0].startswith(("mid", "final", "annual"))] == [
        ("annual_event", "årligt"),
        ("midterm_evaluation", "efteråret 2023"),
        ("midterm_dialogue", "i forlængelse heraf"),
        ("final_dialogue", "slutningen af foråret 2025"),
    ]


@pytest.mark.parametrize("button", ["tilfoej", "laes"])
def test_more_rows_are_asked_for_without_saving(
    button: str, plan: FollowUpPlan, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    typed = filled_in(client, plan.goal_set, reason="Under vejs", **row(2, when_text="når der er tid"))
    response = client.post(address(plan.goal_set, "ret/"), typed | {button: "1"})
    shown = " ".join(response.content.decode().split())
    form = response.context["form"]
    assert (response.status_code, FollowUpPlan.objects.count(), len(form.steps.forms)) == (
        200, 1, 5 if button == "tilfoej" else 4,
    )  # fmt: skip
    assert ('value="Under vejs"' in shown, "»når der er tid« siger ikke en dag" in shown) == (True, True)
    assert "Læses som maj." in shown
    assert "form-error" not in shown


def test_empty_row_is_no_step(plan: FollowUpPlan, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    typed = filled_in(client, plan.goal_set, **row(0, when_text="31. maj 2022"))
    typed["trin-TOTAL_FORMS"] = 6
    assert client.post(address(plan.goal_set, "ret/"), typed).status_code == 303
    assert len(steps(plan.goal_set, 2)) == 4


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"reason": ""}, "Skriv, hvorfor planen ændres."),
        ({"agreed_on": "2022-05-29"}, "Planen blev sidst aftalt 30. maj 2022."),
        ({"agreed_on": AHEAD}, "Den kan ikke ligge ude i fremtiden."),
        ({}, "Planen er, som den var."),
        (row(2, kind=""), "Vælg, hvad det er for et trin."),
        ({f"trin-{n}-DELETE": "on" for n in range(4)}, "En plan har mindst ét trin."),
        ({"trin-TOTAL_FORMS": "sludder"}, "Se trinnene igennem"),
    ],
)
def test_plan_that_cannot_be_saved_says_why(
    changes: dict[str, Any], found: str, plan: FollowUpPlan, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    response = client.post(address(plan.goal_set, "ret/"), filled_in(client, plan.goal_set, **changes))
    assert (response.status_code, found in response.content.decode()) == (422, True)
    assert FollowUpPlan.objects.count() == 1


def test_two_who_amend_at_once_see_both_plans(
    plan: FollowUpPlan, secretary: User, consultant: User, as_user: Login
) -> None:
    where = address(plan.goal_set, "ret/")
    one, other = as_user(secretary), as_user(consultant)
    mine = filled_in(other, plan.goal_set, **row(2, when_text="foråret 2024"))
    one.post(where, filled_in(one, plan.goal_set, **row(2, when_text="vinteren 2023/24")))
    clash = other.post(where, mine)
    shown = clash.content.decode()
    assert (clash.status_code, FollowUpPlan.objects.count()) == (409, 2)
    assert ("lederkredsen, foråret 2024" in shown, "lederkredsen, vinteren 2023/24" in shown) == (True, True)
    assert "Signe Sekretær har gemt imens" in shown
    again = mine | {"expected": clash.context["form"]["expected"].value()}
    assert other.post(where, again).status_code == 303
    assert ("midterm_evaluation", "foråret 2024") in steps(plan.goal_set, 3)


def test_plan_sent_twice_is_one_version(
    plan: FollowUpPlan, request_for_plan: AdditionRequest, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    typed = filled_in(client, plan.goal_set, answers=request_for_plan.pk, **row(2, when_text="foråret 2024"))
    sent = [client.post(address(plan.goal_set, "ret/"), typed).status_code for _ in range(2)]
    assert (sent, FollowUpPlan.objects.count()) == ([303, 303], 2)
    assert list(Event.objects.filter(action="plan_amended").values_list("actor", flat=True)) == ["Karen Konsulent"]


def test_only_trails_of_the_newest_plan_go_on(plan: FollowUpPlan, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    foreign, twice = uuid4(), plan.steps.get(position=1).trail
    typed = filled_in(client, plan.goal_set, **row(2, trail=foreign), **row(3, trail=twice))
    assert client.post(address(plan.goal_set, "ret/"), typed).status_code in (303, 422)
    typed |= row(3, when_text="juni 2025")
    client.post(address(plan.goal_set, "ret/"), typed)
    trails = list(FollowUpStep.objects.filter(plan__number=2).order_by("position").values_list("trail", flat=True))
    assert (trails[0], foreign in trails, len(set(trails))) == (twice, False, 4)


def test_what_a_source_says_goes_on_with_its_step(plan: FollowUpPlan, consultant: User, as_user: Login) -> None:
    goal_set = plan.goal_set
    imported = FollowUpPlan.objects.create(goal_set=goal_set, number=2, agreed_on=date(2022, 9, 8))
    for position, kind in enumerate(["formulating_dialogue", "learning"], start=1):
        FollowUpStep.objects.create(
            plan=imported, position=position, kind=kind, when_text="samme dag", earliest=AGREED, latest=AGREED,
            precision="day", occurred_on=AGREED, sentence="Ordret.",
        )  # fmt: skip
    client = as_user(consultant)
    client.post(address(goal_set, "ret/"), filled_in(client, goal_set, **row(1, when_text="foråret 2025")))
    kept = FollowUpStep.objects.filter(plan__number=3).order_by("position")
    assert list(kept.values_list("earliest", "occurred_on", "sentence")) == [
        (AGREED, AGREED, "Ordret."), (date(2025, 3, 1), AGREED, ""),
    ]  # fmt: skip


# --- What came of a step ----------------------------------------


def outcome(**changes: Any) -> dict[str, Any]:
    return {
        "what": "holdt",
        "occurred_on": "2023-10-25",
        "text": "Lederne var godt i gang.",
        "nonce": str(uuid4()),
    } | changes


def test_outcome_is_written_once_and_follows_the_step_into_the_next_version(
    plan: FollowUpPlan, consultant: User, as_user: Login
) -> None:
    client, step = as_user(consultant), plan.steps.get(position=3)
    typed = outcome()
    sent = [client.post(address(plan.goal_set, f"{step.pk}/udfald/"), typed).status_code for _ in range(2)]
    assert (sent, StepOutcome.objects.count()) == ([303, 303], 1)
    client.post(address(plan.goal_set, "ret/"), filled_in(client, plan.goal_set, **row(0, participants="Alle")))
    document = client.get(address(plan.goal_set)).context["document"]
    assert document.shown == 2
    assert [(one.state, [held.outcome for held in one.held]) for one in document.steps][1] == (
        "Gennemført", ["Lederne var godt i gang."],
    )  # fmt: skip


def test_step_that_was_called_off_says_so(plan: FollowUpPlan, consultant: User, as_user: Login) -> None:
    client, step = as_user(consultant), plan.steps.get(position=3)
    client.post(address(plan.goal_set, f"{step.pk}/udfald/"), outcome(what="aflyst", text="For få tilmeldte."))
    told = client.get(address(plan.goal_set)).context["document"].steps[1]
    assert (told.state, [(held.text, held.outcome) for held in told.held]) == (
        "Aflyst", [("Aflyst 25. oktober 2023", "For få tilmeldte.")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"what": ""}, "Vælg, om trinnet blev holdt eller aflyst."),
        ({"occurred_on": ""}, "Skriv datoen."),
        ({"occurred_on": AHEAD}, "Dagen er ikke kommet endnu."),
        ({"what": "aflyst", "text": ""}, "Skriv, hvorfor det blev aflyst"),
    ],
)
def test_outcome_that_cannot_be_saved_says_why(
    changes: dict[str, Any], found: str, plan: FollowUpPlan, consultant: User, as_user: Login
) -> None:
    step = plan.steps.get(position=3)
    response = as_user(consultant).post(address(plan.goal_set, f"{step.pk}/udfald/"), outcome(**changes))
    assert (response.status_code, found in response.content.decode()) == (422, True)
    assert StepOutcome.objects.count() == 0
