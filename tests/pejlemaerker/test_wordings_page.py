"""All wordings of a pejlemærke: how each stands, why, and what changed from one to the next."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from meetings.actions import correct_decision
from meetings.models import AgendaItem, Attendance, Decision, Meeting, Person, Stay, StayOutcome, User
from pejlemaerker.actions import CannotAnnul, annul_wording, put_before_committee, put_in_force
from pejlemaerker.documents.wordings import WordingsDocument
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    Annulment,
    AsOf,
    Derivation,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
)
from tests.conftest import CANARY, Login, decide, publish

NOW = date(2024, 6, 1)
NEW = "Vi arbejder med systematisk inddragelse af barnet, den unge, familien og netværket."


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def second(goal: Goal) -> GoalVersion:
    return write(goal, NEW, worded_on=date(2023, 3, 1), reason="Netværket skal med.", change_kind="addition")


def write(goal: Goal, text: str, **fields: Any) -> GoalVersion:
    number = goal.versions.count() + 1
    return GoalVersion.objects.create(goal=goal, number=number, text=text, **fields)


def approve(goal: Goal, on: date, by: User, *, text: str = "Godkendt.", is_closed: bool = False) -> Decision:
    meeting = Meeting.objects.create(committee=goal.goal_set.period.committee, date=on)
    item = AgendaItem.including_closed.create(
        meeting=meeting, number="4", position=4, title=CANARY if is_closed else "Ny ordlyd", is_closed=is_closed
    )
    return decide(item, "approved", text, by=by)


def states(goal: Goal, viewer: object, on: date = NOW, *, known: date | None = None) -> list[tuple[int, str]]:
    at = AsOf(on, known) if known else AsOf.hindsight(on)
    document = WordingsDocument.for_goal(goal, viewer=viewer, at=at)
    return [(one.number, one.state.label) for one in document.wordings]


def facts(goal: Goal, number: int, viewer: object, on: date = NOW) -> dict[str, str]:
    wording = WordingsDocument.for_goal(goal, viewer=viewer, at=AsOf.hindsight(on)).wording(number)
    assert wording
    return {fact.label: fact.value for fact in wording.facts}


def address(goal: Goal) -> str:
    return f"/pejlemaerker/{goal.pk}/ordlyd/"


# --- Who ----------------------------------------


@pytest.mark.parametrize("path", ["", "1/"])
def test_wordings_are_seen_by_those_who_see_the_goal(
    path: str, goal: Goal, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    page = f"{address(goal)}{path}"
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [client.get(page).status_code for client in clients] == [404, 404, 200]
    publish(goal.goal_set)
    assert anonymous.get(page).status_code == 200
    assert as_user(member).delete(page).status_code == 405


def test_wordings_are_only_read(goal: Goal, member: User, as_user: Login) -> None:
    assert [as_user(member).post(page).status_code for page in (address(goal), f"{address(goal)[:-1]}.pdf")] == [
        405,
        405,
    ]


def test_who_wrote_is_told_to_insiders_only(
    goal: Goal, published_goal_set: GoalSet, consultant: User, member: User, leader: User
) -> None:
    write(goal, NEW, recorded_by=consultant)
    told = ["Skrevet ind af" in facts(goal, 2, viewer) for viewer in (member, leader, AnonymousUser())]
    assert told == [True, True, False]


# --- How each stands ----------------------------------------


def test_wording_waits_then_comes_then_holds_then_is_replaced(goal: Goal, second: GoalVersion, secretary: User) -> None:
    assert states(goal, secretary) == [(2, "Sendt til behandling"), (1, "Gældende")]
    decision = approve(goal, date(2023, 5, 8), secretary)
    put_in_force(versions=[second], decision=decision, in_force_from=date(2023, 8, 1), by=secretary)
    assert states(goal, secretary, date(2023, 5, 7)) == [(2, "Sendt til behandling"), (1, "Gældende")]
    assert states(goal, secretary, date(2023, 7, 31)) == [(2, "Besluttet, gælder fra 1. august 2023"), (1, "Gældende")]
    assert states(goal, secretary) == [(2, "Gældende"), (1, "Afløst")]
    assert facts(goal, 1, secretary)["Gjaldt"] == "Fra 3. oktober 2022 til 31. juli 2023"
    assert facts(goal, 2, secretary)["Gældende"] == "Fra 1. august 2023"
    assert facts(goal, 2, secretary)["Beslutning"] == "Børne- og Uddannelsesudvalget, 8. maj 2023, punkt 4"


def test_wording_that_was_not_known_then_is_not_told_then(goal: Goal, second: GoalVersion, secretary: User) -> None:
    Goal.objects.filter(pk=goal.pk).update(kept_since=date(2022, 1, 1))
    goal.refresh_from_db()
    assert states(goal, secretary, date(2023, 6, 1), known=date(2023, 6, 1)) == []
    assert len(states(goal, secretary, date(2023, 6, 1))) == 2


def test_wording_that_never_came_into_force_says_so(goal: Goal, second: GoalVersion, secretary: User) -> None:
    write(goal, "Vi hører alle.")
    document = WordingsDocument.for_goal(goal, viewer=secretary, at=AsOf.hindsight(NOW))
    passed_by = document.wording(2)
    assert passed_by
    assert passed_by.state.label == "Afløst"
    assert passed_by.state.note == "Den blev afløst af en senere ordlyd uden at være besluttet."


def test_wording_is_stayed(goal: Goal, second: GoalVersion, member: User, secretary: User) -> None:
    decision = approve(goal, date(2023, 5, 8), secretary)
    put_in_force(versions=[second], decision=decision, in_force_from=date(2023, 5, 8), by=secretary)
    person = Person.objects.get(user=member)
    Attendance.objects.create(meeting=decision.item.meeting, person=person, state="present")
    stay = Stay.including_closed.create(decision=decision, declared_by=person, reason=CANARY)
    assert states(goal, AnonymousUser()) == [(2, "Standset (§ 23)"), (1, "Gældende")]
    StayOutcome.including_closed.create(stay=stay, verdict="confirmed", decided_on=date(2023, 6, 20), note=CANARY)
    assert states(goal, AnonymousUser()) == [(2, "Gældende"), (1, "Afløst")]
    assert facts(goal, 1, AnonymousUser())["Gjaldt"] == "Fra 3. oktober 2022 til 19. juni 2023"


def test_wording_whose_approval_was_corrected_is_not_approved(goal: Goal, second: GoalVersion, secretary: User) -> None:
    decision = approve(goal, date(2023, 5, 8), secretary)
    put_in_force(versions=[second], decision=decision, in_force_from=date(2023, 5, 8), by=secretary)
    correct_decision(decision=decision, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)
    assert states(goal, secretary, date(2030, 1, 1)) == [(2, "Ikke godkendt"), (1, "Gældende")]


def test_wording_is_turned_down_by_the_committee(
    goal: Goal, second: GoalVersion, secretary: User, consultant: User
) -> None:
    meeting = Meeting.objects.create(committee=goal.goal_set.period.committee, date=date(2023, 5, 8))
    item = AgendaItem.including_closed.create(meeting=meeting, number="2", position=2, title="x", is_closed=True)
    put_before_committee(version=second, item=item, by=secretary)
    decide(item, "rejected", "Ikke godkendt.", by=secretary)
    assert states(goal, secretary)[0] == (2, "Ikke godkendt")
    assert facts(goal, 2, secretary)["Forelagt"] == "8. maj 2023, punkt 2: ikke godkendt"
    assert states(goal, consultant)[0] == (2, "Sendt til behandling")
    assert "Forelagt" not in facts(goal, 2, consultant)


def test_committee_asked_for_an_addition_to_the_wording(goal: Goal, second: GoalVersion, secretary: User) -> None:
    wish = AdditionRequest.objects.create(
        goal_set=goal.goal_set, goal=goal, about="wording", requested_on=date(2023, 4, 3)
    )
    assert states(goal, secretary)[0] == (2, "Tilføjelse ønsket")
    third = write(goal, "Vi hører alle.", answers=wish, worded_on=date(2023, 4, 20))
    assert states(goal, secretary)[0] == (3, "Sendt til behandling")
    assert facts(goal, third.number, secretary)["Svarer på"] == "Udvalgets ønske 3. april 2023"


def test_wording_held_until_its_goal_ended(goal: Goal, secretary: User) -> None:
    GoalClosing.objects.create(goal=goal, kind="dropped", ended_on=date(2024, 1, 1), reason="Udgået.")
    assert states(goal, secretary) == [(1, "Gjaldt til det sidste")]
    assert facts(goal, 1, secretary)["Gjaldt"] == "Fra 3. oktober 2022 til 31. december 2023"


def test_wording_decided_behind_closed_doors_tells_only_who_and_when(
    goal: Goal, second: GoalVersion, secretary: User, anonymous: Client, as_user: Login
) -> None:
    decision = approve(goal, date(2023, 5, 8), secretary, text=CANARY, is_closed=True)
    put_in_force(versions=[second], decision=decision, in_force_from=date(2023, 5, 8), by=secretary)
    publish(goal.goal_set)
    publish(decision.item.meeting)
    for page in (address(goal), f"{address(goal)}2/"):
        told = anonymous.get(page).content.decode()
        assert "Børne- og Uddannelsesudvalget, 8. maj 2023" in told
        assert (CANARY in told, "punkt 4" in told) == (False, False)
        assert "punkt 4" in as_user(secretary).get(page).content.decode()


def test_wording_names_what_it_takes_over_from_as_far_as_one_may_see_it(
    goal: Goal, second: GoalVersion, secretary: User
) -> None:
    source = goal.goal_set.goals.get(number=2)
    Derivation.objects.create(version=second, source=source, kind="merged", ends_source=True)
    assert facts(goal, 2, secretary)["Lagt sammen fra"] == "Pejlemærke 2"
    assert "Lagt sammen fra" not in facts(goal, 2, AnonymousUser())


# --- What changed ----------------------------------------


def test_change_is_marked_in_words_and_not_by_colour_alone(
    goal: Goal, second: GoalVersion, member: User, as_user: Login
) -> None:
    page = as_user(member).get(address(goal)).content.decode()
    assert "Ændret fra ordlyd 1" in page
    assert "(tilføjet: " in page
    assert "<bdi>og netværket</bdi>" in page
    assert "Ordlyd 1</h4>" not in page
    sides = as_user(member).get(address(goal), {"vis": "side"}).content.decode()
    assert ("Ordlyd 1</h4>" in sides, "Ordlyd 2</h4>" in sides) == (True, True)


def test_lost_wording_is_never_compared(goal_set: GoalSet, member: User, as_user: Login) -> None:
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    write(goal, "")
    write(goal, NEW)
    page = as_user(member).get(address(goal)).content.decode()
    assert "Ordlyd 1 kendes ikke, så det kan ikke vises, hvad der er ændret." in page
    assert "Ordlyden kendes ikke." in page
    assert ("<ins>" in page, "<del>" in page) == (False, False)
    assert states(goal, member) == [(2, "Sendt til behandling"), (1, "Ordlyden kendes ikke")]
    compared = as_user(member).get(address(goal), {"fra": "1", "til": "2"}).content.decode()
    assert "<ins>" not in compared


def test_any_two_wordings_can_be_compared(goal: Goal, second: GoalVersion, member: User, as_user: Login) -> None:
    write(goal, "Vi hører alle.")
    page = as_user(member).get(address(goal), {"fra": "1", "til": "3"}).content.decode()
    assert "Fra ordlyd 1 til ordlyd 3" in page


@pytest.mark.parametrize("asked", ["?fra=1&til=9", "?fra=x&til=1", "?fra=1", f"?fra={'9' * 30}&til=1"])
def test_wordings_that_are_not_there_cannot_be_compared(
    asked: str, goal: Goal, second: GoalVersion, member: User, as_user: Login
) -> None:
    assert as_user(member).get(f"{address(goal)}{asked}").status_code == 404


def test_wording_keeps_its_address(goal: Goal, second: GoalVersion, member: User, as_user: Login) -> None:
    page = as_user(member).get(f"{address(goal)}1/").content.decode()
    assert "Vi arbejder med systematisk inddragelse af barnet, den unge og familien." in page
    assert goal.get_absolute_url() in page
    assert [as_user(member).get(f"{address(goal)}{number}/").status_code for number in (2, 3, 10**20)] == [
        200,
        404,
        404,
    ]


def test_page_of_a_day_knows_only_what_was_there(
    goal: Goal, second: GoalVersion, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(address(goal), {"dato": "2022-12-01"}).content.decode()
    assert (NEW in page, "Skriv en ny ordlyd" in page, "Som det var 1. december 2022" in page) == (False, False, True)
    assert as_user(consultant).get(f"{address(goal)}2/", {"dato": "2022-12-01"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_wordings_page_asks_as_often_however_many_there_are(
    count: int, goal: Goal, secretary: User, approval: Decision, django_assert_num_queries: Any
) -> None:
    wish = AdditionRequest.objects.create(
        goal_set=goal.goal_set, goal=goal, about="wording", requested_on=date(2022, 12, 1), item=approval.item
    )
    source = goal.goal_set.goals.get(number=2)
    for number in range(count):
        version = write(goal, f"Vi hører {number}.", answers=wish, recorded_by=secretary)
        Derivation.objects.create(version=version, source=source, kind="merged")
        decision = approve(goal, date(2023, 5, 1 + number), secretary)
        put_before_committee(version=version, item=decision.item, by=secretary)
        put_in_force(versions=[version], decision=decision, in_force_from=decision.decided_on, by=secretary)
    with django_assert_num_queries(24):
        WordingsDocument.for_goal(goal, viewer=secretary, at=AsOf.now())


# --- Annulled ----------------------------------------


@pytest.fixture
def annulled(goal: Goal, second: GoalVersion, secretary: User) -> GoalVersion:
    """Wording 2 in force from May 2023."""
    decision = approve(goal, date(2023, 5, 8), secretary)
    put_in_force(versions=[second], decision=decision, in_force_from=date(2023, 5, 8), by=secretary)
    return second


def annulment(by: Decision | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "decision": by.pk if by else "", "delegation_note": "", "annulled_from": "2024-02-05",
        "reason": "Vedtægten gælder ikke længere.", "nonce": str(uuid4()), **changes,
    }  # fmt: skip


def test_annulling_is_for_those_who_say_what_was_decided(
    goal: Goal, annulled: GoalVersion, anonymous: Client, other_member: User, member: User, consultant: User,
    secretary: User, as_user: Login,
) -> None:  # fmt: skip
    page = f"{address(goal)}2/ophaev/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant), as_user(secretary)]
    assert [client.get(page).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert as_user(secretary).delete(page).status_code == 405


def test_annulled_wording_gives_way_to_the_one_before(
    goal: Goal, annulled: GoalVersion, secretary: User, as_user: Login
) -> None:
    decision = approve(goal, date(2024, 2, 5), secretary)
    form = annulment(decision)
    page = f"{address(goal)}2/ophaev/"
    assert [as_user(secretary).post(page, form).status_code for _ in range(2)] == [303, 303]
    assert Annulment.objects.count() == 1
    assert states(goal, secretary, date(2024, 2, 4)) == [(2, "Gældende"), (1, "Afløst")]
    assert states(goal, secretary) == [(2, "Ophævet"), (1, "Gældende")]
    assert facts(goal, 1, secretary)["Gældende"] == "Fra 3. oktober 2022 til 7. maj 2023 og fra 5. februar 2024"
    assert facts(goal, 2, secretary)["Ophævet"].startswith(
        "Fra 5. februar 2024. Vedtægten gælder ikke længere. (Børne-"
    )
    assert as_user(secretary).post(page, annulment(decision)).status_code == 422


def test_wording_is_annulled_by_a_noted_delegation(
    goal: Goal, annulled: GoalVersion, secretary: User, as_user: Login
) -> None:
    form = annulment(delegation_note="Formanden efter bemyndigelse.")
    assert as_user(secretary).post(f"{address(goal)}2/ophaev/", form).status_code == 303
    assert states(goal, secretary) == [(2, "Ophævet"), (1, "Gældende")]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"reason": ""}, "Skriv, hvorfor ordlyden ophæves."),
        ({"decision": ""}, "Vælg beslutningen, eller skriv bemyndigelsen."),
        ({"delegation_note": "Formanden."}, "ikke begge"),
        ({"annulled_from": "2024-02-04"}, "tidligst ophæves fra beslutningen, 5. februar 2024"),
        ({"decision": "9999"}, "Vælg en af udvalgets egne beslutninger"),
    ],
    ids=["reason", "no ground", "two grounds", "too early", "no such decision"],
)
def test_annulment_lacks_nothing(
    changes: dict[str, str], error: str, goal: Goal, annulled: GoalVersion, secretary: User, as_user: Login
) -> None:
    form = annulment(approve(goal, date(2024, 2, 5), secretary), **changes)
    answer = as_user(secretary).post(f"{address(goal)}2/ophaev/", form)
    assert (answer.status_code, error in answer.content.decode()) == (422, True)
    assert not Annulment.objects.exists()


def test_only_a_later_approval_annuls(goal: Goal, annulled: GoalVersion, approval: Decision, secretary: User) -> None:
    noted = approve(goal, date(2024, 2, 5), secretary)
    correct_decision(decision=noted, text="Drøftet.", category="discussed", nonce=uuid4(), by=secretary)
    for decision in (approval, noted, annulled.adoptions.get().decision):
        with pytest.raises(CannotAnnul):
            annul_wording(
                version=annulled, decision=decision, delegation_note="", annulled_from=date(2024, 2, 5), reason="x",
                nonce=uuid4(), by=secretary,
            )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Annulment.objects.create(
            adoption=annulled.adoptions.get(), decision=noted, annulled_from=date(2024, 2, 5), reason="x"
        )


def test_wording_that_does_not_hold_cannot_be_annulled(
    goal: Goal, second: GoalVersion, secretary: User, as_user: Login
) -> None:
    assert "Der er intet at ophæve" in as_user(secretary).get(f"{address(goal)}2/ophaev/").content.decode()
    form = annulment(delegation_note="Formanden.")
    assert as_user(secretary).post(f"{address(goal)}2/ophaev/", form).status_code == 422


def test_link_to_annul_stands_where_something_holds(
    goal: Goal, second: GoalVersion, secretary: User, as_user: Login
) -> None:
    pages = [as_user(secretary).get(f"{address(goal)}{number}/").content.decode() for number in (1, 2)]
    assert ["Ophæv ordlyden" in page for page in pages] == [True, False]


# --- As a paper ----------------------------------------


def test_wordings_are_a_paper(goal: Goal, second: GoalVersion, anonymous: Client, published_goal_set: GoalSet) -> None:
    answer = anonymous.get(reverse("wordings_pdf", args=[goal.pk]), {"dato": "2024-06-01", "viden": "nu"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].endswith('-2024-06-01.pdf"')
