"""Numbers are places, not identities: renumbering and moving keep every link, and past days show the old places."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, Event, Role, User
from pejlemaerker.actions import NumbersChanged, arrange_goals, move_goal
from pejlemaerker.actions.places import fingerprint, numbers_in
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.models import (
    AsOf,
    Goal,
    GoalClosing,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    Placement,
    PolicyArea,
    SetClosing,
)
from tests.conftest import Login, grant, publish
from tests.days import AHEAD
from tests.pejlemaerker.telling import told_in

DAY = date(2024, 5, 6)
BEFORE = DAY - timedelta(days=1)


@pytest.fixture
def kept_set(goal_set: GoalSet) -> GoalSet:
    """Three pejlemærker."""
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=goal, number=1, text="Vi lytter.", worded_on=date(2022, 9, 8))
    return goal_set


@pytest.fixture
def other_set(goal_set: GoalSet) -> GoalSet:
    """Another area of the same committee and period, with one pejlemærke."""
    committee = goal_set.period.committee
    area = PolicyArea.objects.create(committee=committee, name="Dagtilbudsområdet", position=2)
    other = GoalSet.objects.create(period=goal_set.period, area=area)
    goal = Goal.objects.create(goal_set=other, number=1)
    GoalVersion.objects.create(goal=goal, number=1, text="Vi leger ude.", worded_on=date(2022, 9, 8))
    return other


def goals_of(goal_set: GoalSet) -> list[Goal]:
    return list(goal_set.goals.order_by("number", "pk"))


def numbers(goal_set: GoalSet, *given: Any, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it: the pejlemærker in order, with the numbers given to them."""
    goals = goals_of(goal_set)
    fields = {f"number_{goal.pk}": number for goal, number in zip(goals, given, strict=True)}
    seen = fingerprint(numbers_in(goal_set))
    return {"placed_from": "2024-05-06", "reason": "Rækken er lagt om.", "seen": seen} | fields | changes


def address(goal_set: GoalSet) -> str:
    return f"/saet/{goal_set.pk}/raekkefoelge/"


def end(goal: Goal, on: date = DAY) -> None:
    GoalClosing.objects.create(goal=goal, kind="completed", ended_on=on, reason="Gjort")


@pytest.mark.parametrize("page", ["saet/{set}/raekkefoelge/", "pejlemaerker/{goal}/flyt/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_places_are_given_by_those_who_may(
    method: str, page: str, kept_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User,
    secretary: User, as_user: Login,
) -> None:  # fmt: skip
    url = "/" + page.format(set=kept_set.pk, goal=goals_of(kept_set)[0].pk)
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [getattr(client, method)(url).status_code for client in clients] == [302, 404, 403, 403]
    assert as_user(secretary).get(url).status_code == 200
    assert as_user(secretary).delete(url).status_code == 405


# --- Renumbering ----------------------------------------


def test_numbers_change_from_a_day_and_the_days_before_keep_theirs(
    kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    first, second, third = goals_of(kept_set)
    client = as_user(secretary)
    answer = client.post(address(kept_set), numbers(kept_set, 3, 1, 2))
    assert (answer.status_code, answer.headers["Location"]) == (303, kept_set.get_absolute_url())
    assert [one.pk for one in goals_of(kept_set)] == [second.pk, third.pk, first.pk]
    before = client.get(f"{first.get_absolute_url()}?dato={BEFORE}&viden=nu").content.decode()
    after = client.get(first.get_absolute_url()).content.decode()
    assert ("Pejlemærke 1:" in before, "Pejlemærke 3:" in after) == (True, True)
    assert "Pejlemærket fik nummer 3. Før var det 1." in after
    assert "Rækken er lagt om." in after


def test_only_those_that_change_are_placed_and_a_second_submit_changes_nothing(
    kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    client, form = as_user(secretary), numbers(kept_set, 1, 3, 2)
    assert [client.post(address(kept_set), form).status_code for _ in range(2)] == [303, 303]
    assert Placement.objects.filter(placed_from=DAY).count() == 2
    assert Event.objects.filter(action="goals_arranged").count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("1", "2", "2"), "Nummer 2 er brugt to gange."),
        (("1", "2", "4"), "Nummer 3 mangler i rækken."),
        (("1", "2", ""), "Skriv et nummer. Kun et, der er ophørt, kan stå uden."),
        (("0", "1", "2"), "Numrene begynder med 1."),
        (("-1", "1", "2"), "Numrene begynder med 1."),
        (("1", "2", "tre"), "Skriv et helt tal, for eksempel 3."),
        (("1", "2", "²"), "Skriv et helt tal, for eksempel 3."),
        (("1", "2", "12345"), "Nummeret er for højt."),
        (("1", "2", "3"), "Der er intet at gemme."),
    ],
)
def test_impossible_numbers_are_told_and_kept(
    given: tuple[str, ...], told: str, kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    answer = as_user(secretary).post(address(kept_set), numbers(kept_set, *given))
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (422, True)
    assert [f'value="{number}"' in page for number in given if number] == [True] * len([n for n in given if n])
    assert Placement.objects.exclude(placed_from=None).count() == 0


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (AHEAD, "Dagen er ikke kommet endnu."),
        ("2024-05-05", "Vælg den dag eller en senere."),
        ("", "Skriv datoen."),
    ],
)
def test_numbers_change_neither_on_a_day_to_come_nor_before_they_were_given(
    day: str, told: str, kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(address(kept_set), numbers(kept_set, 2, 1, 3))
    answer = client.post(address(kept_set), numbers(kept_set, 2, 1, 3, placed_from=day))
    assert answer.status_code == 422
    answer = client.post(address(kept_set), numbers(kept_set, 3, 1, 2, placed_from=day))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)


def test_one_that_has_ended_is_pointed_out_and_may_stand_without_number(
    kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    _, second, _ = goals_of(kept_set)
    end(second)
    client = as_user(secretary)
    assert "Pejlemærke 2 er ophørt og står stadig i rækken." in client.get(kept_set.get_absolute_url()).content.decode()
    assert "Afsluttet 6. maj 2024. Det kan stå uden nummer." in client.get(address(kept_set)).content.decode()
    assert client.post(address(kept_set), numbers(kept_set, 1, "", 2)).status_code == 303
    second.refresh_from_db()
    assert second.number is None
    page = client.get(kept_set.get_absolute_url()).content.decode()
    assert ("står stadig i rækken" in page, "Ikke længere blandt pejlemærkerne" in page) == (False, True)


def test_two_who_renumber_see_each_others_order(
    kept_set: GoalSet, secretary: User, second_secretary: User, as_user: Login
) -> None:
    mine = numbers(kept_set, 3, 2, 1)
    as_user(second_secretary).post(address(kept_set), numbers(kept_set, 2, 1, 3))
    answer = as_user(secretary).post(address(kept_set), mine)
    page = answer.content.decode()
    assert (answer.status_code, "Numrene er ændret imens" in page, "Søren Sekretær" in page) == (409, True, True)
    assert ("3  Vi arbejder med systematisk" in page, "2  Vi arbejder med systematisk" in page) == (True, True)
    again = mine | {"seen": fingerprint(numbers_in(kept_set))}
    assert as_user(secretary).post(address(kept_set), again).status_code == 303


def test_action_refuses_an_order_over_another(kept_set: GoalSet, secretary: User) -> None:
    order = {goal.pk: n for n, goal in enumerate(reversed(goals_of(kept_set)), start=1)}
    with pytest.raises(NumbersChanged):
        arrange_goals(goal_set=kept_set, numbers=order, seen="x", placed_from=DAY, reason="x", by=secretary)


def test_database_refuses_the_same_number_twice(kept_set: GoalSet) -> None:
    first, *_ = goals_of(kept_set)
    Placement.objects.create(goal=first, goal_set=kept_set, number=2, placed_from=DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.check_constraints()
    Placement.objects.create(goal=first, goal_set=kept_set, number=1, placed_from=DAY)


def test_closed_set_keeps_its_numbers(kept_set: GoalSet, secretary: User, as_user: Login) -> None:
    order = {goal.pk: n for n, goal in enumerate(reversed(goals_of(kept_set)), start=1)}
    SetClosing.objects.create(goal_set=kept_set, closed_on=DAY)
    assert as_user(secretary).post(address(kept_set), numbers(kept_set, 2, 1, 3)).status_code == 403
    seen = fingerprint(numbers_in(kept_set))
    with pytest.raises(NotAllowed):
        arrange_goals(goal_set=kept_set, numbers=order, seen=seen, placed_from=DAY, reason="x", by=secretary)


def test_arranging_asks_no_more_for_many(
    goal_set: GoalSet, secretary: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    client = as_user(secretary)
    for _ in range(2):
        client.get(address(goal_set))
        with django_assert_num_queries(QUERIES):
            client.get(address(goal_set))
        goal = Goal.objects.create(goal_set=goal_set, number=goal_set.goals.count() + 1)
        GoalVersion.objects.create(goal=goal, number=1, text="Vi lytter.", worded_on=date(2022, 9, 8))


QUERIES = 15


# --- Moving ----------------------------------------


def moved(to: GoalSet, goal: Goal, **changes: Any) -> dict[str, Any]:
    return {
        "to_set": to.pk, "placed_from": "2024-05-06", "reason": "Området er flyttet.", "seen": goal.goal_set_id,
    } | changes  # fmt: skip


def test_moved_goal_keeps_its_link_and_past_days_show_it_where_it_was(
    kept_set: GoalSet, other_set: GoalSet, secretary: User, as_user: Login
) -> None:
    goal = goals_of(kept_set)[1]
    client = as_user(secretary)
    answer = client.post(f"{goal.get_absolute_url()}flyt/", moved(other_set, goal))
    assert (answer.status_code, answer.headers["Location"]) == (303, goal.get_absolute_url())
    goal.refresh_from_db()
    assert (goal.goal_set, goal.number) == (other_set, 2)
    now = client.get(goal.get_absolute_url()).content.decode()
    before = client.get(f"{goal.get_absolute_url()}?dato={BEFORE}").content.decode()
    assert ("Dagtilbudsområdet</a>" in now, "Familieområdet</a>" in now) == (True, False)
    assert ("Dagtilbudsområdet</a>" in before, "Familieområdet</a>" in before) == (False, True)
    told = "blev flyttet fra Børne- og Familieområdet 2022–2025 til Dagtilbudsområdet 2022–2025 og fik nummer 2."
    assert (told in now, told in before) == (True, False)


def test_notes_of_both_sets_stay_right_for_past_days(
    kept_set: GoalSet, other_set: GoalSet, secretary: User, as_user: Login
) -> None:
    goal = goals_of(kept_set)[1]

    def told(day: date) -> list[list[str]]:
        notes = [told_in(one, SectionKey.WORDINGS, AsOf.hindsight(day)) for one in (kept_set, other_set)]
        return [[line[:13] for line in note if line[0].isdigit()] for note in notes]

    before = told(BEFORE)
    as_user(secretary).post(f"{goal.get_absolute_url()}flyt/", moved(other_set, goal))
    assert told(BEFORE) == before
    assert told(DAY) == [["1. Vi arbejde", "3. Vi lytter."], ["1. Vi leger u", "2. Vi arbejde"]]


def test_double_submit_moves_once(kept_set: GoalSet, other_set: GoalSet, secretary: User, as_user: Login) -> None:
    goal = goals_of(kept_set)[1]
    client, form = as_user(secretary), moved(other_set, goal)
    assert [client.post(f"{goal.get_absolute_url()}flyt/", form).status_code for _ in range(2)] == [303, 303]
    assert goal.placements.count() == 2


def test_goal_moved_meanwhile_is_not_moved_from_there(
    kept_set: GoalSet, other_set: GoalSet, secretary: User, second_secretary: User, as_user: Login
) -> None:
    area = PolicyArea.objects.create(committee=kept_set.period.committee, name="Skoleområdet", position=3)
    third = GoalSet.objects.create(period=kept_set.period, area=area)
    goal = goals_of(kept_set)[1]
    form = moved(third, goal)
    as_user(second_secretary).post(f"{goal.get_absolute_url()}flyt/", moved(other_set, goal))
    answer = as_user(secretary).post(f"{goal.get_absolute_url()}flyt/", form)
    page = answer.content.decode()
    assert (answer.status_code, "Det står nu i Dagtilbudsområdet 2022–2025." in page) == (409, True)
    assert goal.placements.count() == 2


def test_goal_moves_only_to_sets_one_arranges(
    kept_set: GoalSet, other_committee: Committee, secretary: User, as_user: Login
) -> None:
    period = GoalPeriod.objects.create(
        committee=other_committee, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31)
    )
    area = PolicyArea.objects.create(committee=other_committee, name="Idræt")
    theirs = GoalSet.objects.create(period=period, area=area)
    publish(theirs)
    goal = goals_of(kept_set)[1]
    client = as_user(secretary)
    page = client.get(f"{goal.get_absolute_url()}flyt/").content.decode()
    assert ("Der er ikke noget sæt at flytte til" in page, "Idræt" in page) == (True, False)
    assert client.post(f"{goal.get_absolute_url()}flyt/", moved(theirs, goal)).status_code == 422
    grant(secretary, Role.SECRETARY, other_committee.municipality, other_committee)
    assert (
        as_user(User.objects.get(pk=secretary.pk))
        .post(f"{goal.get_absolute_url()}flyt/", moved(theirs, goal))
        .status_code
        == 303
    )


@pytest.mark.parametrize("day", ["2099-01-01", "2024-05-05"])
def test_goal_moves_neither_on_a_day_to_come_nor_before_the_numbers_were_given(
    day: str, kept_set: GoalSet, other_set: GoalSet, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(address(kept_set), numbers(kept_set, 2, 1, 3))
    goal = goals_of(kept_set)[2]
    answer = client.post(f"{goal.get_absolute_url()}flyt/", moved(other_set, goal, placed_from=day))
    assert answer.status_code == 422
    assert goal.placements.count() == 1


def test_action_moves_nothing_from_where_it_is_not(kept_set: GoalSet, other_set: GoalSet, secretary: User) -> None:
    goal = goals_of(kept_set)[1]
    with pytest.raises(NumbersChanged):
        move_goal(goal=goal, seen=other_set.pk + 1, to_set=other_set, placed_from=DAY, reason="x", by=secretary)


def test_days_before_the_last_came_are_refused_where_the_others_were_kept_longer(
    kept_set: GoalSet, secretary: User, as_user: Login
) -> None:
    """What happened before a pejlemærke was kept here counts as known then: of the older ones it does not."""
    Goal.objects.filter(pk=goals_of(kept_set)[0].pk).update(kept_since=date(2022, 1, 1))
    answer = as_user(secretary).post(address(kept_set), numbers(kept_set, 2, 1, 3))
    assert (answer.status_code, "Vælg den dag eller en senere" in answer.content.decode()) == (422, True)
    later = numbers(kept_set, 2, 1, 3, placed_from=timezone.localdate().isoformat())
    assert as_user(secretary).post(address(kept_set), later).status_code == 303
