"""The reading list of a new committee, and two periods side by side."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.models import Committee, Decision, Promise, User
from pejlemaerker.actions import close_set, put_in_force, save_goal_handover, save_handover
from pejlemaerker.documents.brief_story import brief_stories
from pejlemaerker.documents.compare import CompareDocument, Side
from pejlemaerker.documents.handover import HandoverDocument
from pejlemaerker.documents.reading_list import ReadingList
from pejlemaerker.models import Adoption, AsOf, Dialogue, Goal, GoalPeriod, GoalSet, GoalVersion, PolicyArea
from tests.conftest import CANARY, Login, make_member, publish

DECEMBER = datetime(2025, 12, 31, 22, tzinfo=ZoneInfo("Europe/Copenhagen"))
JANUARY = datetime(2026, 1, 1, 1, tzinfo=ZoneInfo("Europe/Copenhagen"))
OLD = "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."
NEW = "Vi arbejder med systematisk inddragelse af barnet og hele familien."


@pytest.fixture(autouse=True)
def _before_the_handover() -> Iterator[None]:
    """What is written is written in December, and read in January."""
    with time_machine.travel(DECEMBER, tick=False):
        yield


@pytest.fixture
def successor(committee: Committee) -> Committee:
    return Committee.objects.create(
        municipality=committee.municipality, name="Børneudvalget", slug="boerneudvalg", successor_of=committee
    )


@pytest.fixture
def newcomer(successor: Committee) -> User:
    return make_member(successor, "nyt", "Nanna Ny")


def hand_over(goal_set: GoalSet, successor: Committee, by: User) -> GoalSet:
    """Carry pejlemærke 1 on with another wording, drop the rest, and close the set."""
    save_handover(goal_set=goal_set, expected=0, by=by, to_committee=successor, learning="Begynd før.")
    for goal in goal_set.goals.all():
        carried = goal.number == 1
        save_goal_handover(
            goal=goal, expected=0, by=by, outcome="continued" if carried else "dropped",
            learning=f"Læring {goal.number}.",
            reason="" if carried else "Ny retning.", wordings=NEW if carried else "", carry_on="Tal med forældrene.",
        )  # fmt: skip
    closing = close_set(
        goal_set=goal_set, seen=HandoverDocument.for_set(goal_set, viewer=by).seen, closed_on=date(2025, 12, 31),
        without_final="Lederkredsen blev nedlagt.", nonce=uuid4(), by=by,
    )  # fmt: skip
    assert closing.to_set
    return closing.to_set


@pytest.fixture
def inherited(goal_set: GoalSet, adoption: Adoption, successor: Committee, secretary: User) -> GoalSet:
    """The new set, which waits for the successor's decision."""
    return hand_over(goal_set, successor, secretary)


def page_for(client: Client, address: str) -> str:
    """A page, after the election."""
    with time_machine.travel(JANUARY, tick=False):
        response = client.get(address)
    assert response.status_code == 200
    return str(response.content.decode())


# --- The reading list ------------------------------


def test_new_member_reads_what_is_inherited(inherited: GoalSet, newcomer: User, as_user: Login) -> None:
    page = page_for(as_user(newcomer), "/udvalg/boerneudvalg/laeseliste/")
    told = [NEW, OLD, "Læring 1.", "Tal med forældrene.", "Begynd før.", "godkendte ordlyden", "Hvem stod bag"]
    assert [text for text in told if text not in page] == []
    assert "Læring 2." not in page  # it was dropped, and waits for nobody


def test_outsiders_see_nothing_until_it_is_public(
    inherited: GoalSet, goal_set: GoalSet, anonymous: Client, other_member: User, as_user: Login
) -> None:
    for client in (anonymous, as_user(other_member)):
        page = page_for(client, "/udvalg/boerneudvalg/laeseliste/")
        assert (NEW in page, OLD in page, "Der er intet at læse" in page) == (False, False, True)
    publish(inherited)
    page = page_for(anonymous, "/udvalg/boerneudvalg/laeseliste/")
    assert (NEW in page, OLD in page) == (True, False)
    publish(goal_set)
    assert OLD in page_for(anonymous, "/udvalg/boerneudvalg/laeseliste/")


def test_reading_list_is_only_read(inherited: GoalSet, newcomer: User, as_user: Login) -> None:
    assert as_user(newcomer).post("/udvalg/boerneudvalg/laeseliste/").status_code == 405


def test_what_is_decided_leaves_the_list(inherited: GoalSet, newcomer: User, as_user: Login) -> None:
    assert "Læseliste til det nye udvalg" in page_for(as_user(newcomer), "/udvalg/boerneudvalg/")
    version = GoalVersion.objects.get(goal__goal_set=inherited)
    Adoption.objects.create(version=version, delegation_note="Formanden", in_force_from=date(2026, 1, 1))
    assert "Der er intet at læse" in page_for(as_user(newcomer), "/udvalg/boerneudvalg/laeseliste/")
    assert "Læseliste" not in page_for(as_user(newcomer), "/udvalg/boerneudvalg/")


def test_former_committees_promises_are_told_to_those_who_may_read_them(
    inherited: GoalSet, open_item: Any, closed_item: Any, committee: Committee, newcomer: User, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    for item, text in ((open_item, "Forvaltningen vender tilbage om normering."), (closed_item, f"{CANARY} lovet")):
        Promise.including_closed.create(
            item=item, text=text, to_whom="udvalget", due_on=date(2026, 3, 1), recorded_by=secretary
        )
    publish(open_item.meeting)
    page = page_for(as_user(newcomer), "/udvalg/boerneudvalg/laeseliste/")
    assert ("vender tilbage om normering" in page, CANARY in page) == (True, False)


def test_closed_ground_leaks_nothing_to_the_newcomer(
    goal_set: GoalSet, closed_approval: Decision, successor: Committee, secretary: User, newcomer: User, as_user: Login
) -> None:
    version = GoalVersion.objects.get(goal__goal_set=goal_set, goal__number=1)
    put_in_force(versions=[version], decision=closed_approval, in_force_from=closed_approval.decided_on, by=secretary)
    new_set = hand_over(goal_set, successor, secretary)
    for address in (
        "/udvalg/boerneudvalg/laeseliste/",
        f"/pejlemaerker/sammenlign/?foer={goal_set.pk}&efter={new_set.pk}",
    ):
        page = page_for(as_user(newcomer), address)
        assert (OLD.split(",")[0][:30] in page, CANARY in page) == (True, False)


def test_reading_list_costs_the_same_however_many_goals(
    goal_set: GoalSet, adoption: Adoption, successor: Committee, newcomer: User, secretary: User,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    new_set = hand_over(goal_set, successor, secretary)
    with time_machine.travel(JANUARY, tick=False):
        with django_assert_num_queries(COST):
            ReadingList.for_committee(successor, viewer=User.objects.get(pk=newcomer.pk))
        for number in (2, 3):
            goal = Goal.objects.create(goal_set=new_set, number=number, kept_since=date(2025, 12, 31))
            version = GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2025, 12, 31))
            version.derivations.create(source=goal_set.goals.get(number=2), kind="split")
        with django_assert_num_queries(COST):
            document = ReadingList.for_committee(successor, viewer=User.objects.get(pk=newcomer.pk))
    assert [len(one.goals) for one in document.sets] == [3]


COST = 31


def test_dialogue_about_several_goals_is_told_once(goal_set: GoalSet, committee: Committee, secretary: User) -> None:
    dialogue = Dialogue.objects.create(committee=committee, kind="midterm", held_on=date(2023, 11, 20))
    dialogue.goals.set(goal_set.goals.all())
    stories = brief_stories(goal_set.goals.all(), viewer=secretary, at=AsOf.now())
    assert [[entry.text for entry in story] for story in stories.values()] == [["Dialogmøde midtvejs."]] * 2


# --- Two periods side by side -----------------------


def compare(old: GoalSet, new: GoalSet, viewer: Any) -> CompareDocument:
    """Compare two sets, after the election."""
    with time_machine.travel(JANUARY, tick=False):
        return CompareDocument.of(Side(old), Side(new), viewer=viewer)


def test_compare_tells_how_they_hang_together(goal_set: GoalSet, inherited: GoalSet, secretary: User) -> None:
    goal = Goal.objects.create(goal_set=inherited, number=2, kept_since=date(2025, 12, 31))
    GoalVersion.objects.create(goal=goal, number=1, text="Vi vil noget nyt.", worded_on=date(2025, 12, 31))
    publish(inherited)
    document = compare(goal_set, inherited, secretary)
    assert [(pair.how, len(pair.old), len(pair.new)) for pair in document.pairs] == [
        ("Videreført", 1, 1), ("Udgået", 1, 0), ("Nyt", 0, 1),
    ]  # fmt: skip
    assert (document.pairs[0].old[0].wording, document.pairs[0].new[0].wording) == (OLD, NEW)
    assert document.pairs[1].reason.startswith("Ny retning.")


def test_compare_marks_each_changed_word(goal_set: GoalSet, inherited: GoalSet, newcomer: User, as_user: Login) -> None:
    page = page_for(as_user(newcomer), f"/pejlemaerker/sammenlign/?foer={goal_set.pk}&efter={inherited.pk}")
    assert ("<del>" in page, "<ins>" in page, "hele" in page) == (True, True, True)
    assert ("Videreført" in page, "Læring 1." in page, "<table" in page) == (True, True, False)


def test_merged_and_split_are_told_together(committee: Committee, goal_set: GoalSet, secretary: User) -> None:
    period = GoalPeriod.objects.create(committee=committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31))
    area = PolicyArea.objects.create(committee=committee, name="Børn")
    new_set = GoalSet.objects.create(period=period, area=area, kept_since=date(2025, 12, 31))
    first, second = goal_set.goals.order_by("number")
    made = []
    for number in (1, 2):
        goal = Goal.objects.create(goal_set=new_set, number=number, kept_since=date(2025, 12, 31))
        made.append(GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2025, 12, 31)))
    for version in made:
        version.derivations.create(source=first, kind="split")
    pairs = compare(goal_set, new_set, secretary).pairs
    assert [(pair.how, pair.title) for pair in pairs] == [
        ("Delt", "Pejlemærke 1 → pejlemærke 1 og 2"), ("Ikke ført videre", "Pejlemærke 2"),
    ]  # fmt: skip
    made[0].derivations.create(source=second, kind="merged")
    assert [(len(pair.old), len(pair.new)) for pair in compare(goal_set, new_set, secretary).pairs] == [(2, 2)]


def test_one_set_can_be_compared_on_two_days(goal_set: GoalSet, adoption: Adoption, secretary: User) -> None:
    second = GoalVersion.objects.create(goal=adoption.version.goal, number=2, text=NEW, worded_on=date(2024, 1, 5))
    Adoption.objects.create(version=second, delegation_note="Formanden", in_force_from=date(2024, 2, 1))
    Goal.objects.update(kept_since=date(2027, 1, 1))  # so that the facts were known then
    sides = [Side(goal_set, date(2023, 1, 1)), Side(goal_set, date(2025, 1, 1))]
    document = CompareDocument.of(*sides, viewer=secretary)
    assert [pair.how for pair in document.pairs] == ["Ændret", "Uændret"]
    assert (document.pairs[0].old[0].wording, document.pairs[0].new[0].wording) == (OLD, NEW)


def test_compare_shows_only_what_one_may_see(
    goal_set: GoalSet, inherited: GoalSet, anonymous: Client, other_member: User, as_user: Login
) -> None:
    address = f"/pejlemaerker/sammenlign/?foer={goal_set.pk}&efter={inherited.pk}"
    assert [client.get(address).status_code for client in (anonymous, as_user(other_member))] == [404, 404]
    assert str(goal_set) not in page_for(anonymous, "/pejlemaerker/sammenlign/")
    publish(goal_set)
    publish(inherited)
    assert anonymous.get(address).status_code == 200
    assert anonymous.post(address).status_code == 405


def test_inheriting_pairs_are_proposed_first(
    goal_set: GoalSet, inherited: GoalSet, newcomer: User, as_user: Login
) -> None:
    page = page_for(as_user(newcomer), "/pejlemaerker/sammenlign/")
    assert f"?foer={goal_set.pk}&amp;efter={inherited.pk}" in page
    assert page.index("2022–2025 og 2026–2029") < page.index("<select")


@pytest.mark.parametrize("asked", ["x", "1@", "1@i går", "99999999999", "1@2022-13-01", "-1"])
def test_nonsense_has_no_page(asked: str, goal_set: GoalSet, secretary: User, as_user: Login) -> None:
    address = f"/pejlemaerker/sammenlign/?foer={asked.replace('1@', f'{goal_set.pk}@')}&efter={goal_set.pk}"
    assert as_user(secretary).get(address).status_code == (200 if asked == "1@" else 404)


def test_comparing_costs_the_same_however_many_goals(
    goal_set: GoalSet, inherited: GoalSet, secretary: User, django_assert_num_queries: Any
) -> None:
    publish(inherited)
    costs = []
    for number in (2, 3):
        with CaptureQueriesContext(connection) as queries:
            compare(goal_set, inherited, AnonymousUser())
        costs.append(len(queries))
        goal = Goal.objects.create(goal_set=inherited, number=number, kept_since=date(2025, 12, 31))
        version = GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2025, 12, 31))
        version.derivations.create(source=goal_set.goals.get(number=2), kind="continued")
    assert costs[0] == costs[1]
