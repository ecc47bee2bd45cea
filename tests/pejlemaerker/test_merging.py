"""Merging and splitting are proposed, decided and then told, with links both ways; until then nothing changes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.actions import correct_decision
from meetings.models import AgendaItem, Decision, Meeting, User
from pejlemaerker.actions import arrange_goals, merge_goals, move_goal, put_in_force, split_goal
from pejlemaerker.actions.merging import newest_wordings
from pejlemaerker.actions.places import fingerprint, numbers_in
from pejlemaerker.documents.lineage import lineage_of
from pejlemaerker.documents.standing import standings_in
from pejlemaerker.models import AsOf, Derivation, Goal, GoalSet, GoalVersion, PolicyArea
from tests.conftest import Login, decide, publish
from tests.days import AHEAD
from tests.drill import examples

DAY = date(2022, 10, 3)  # of the standard meeting
TEXT = "Vi inddrager familien tidligt."
FIRST, SECOND = "Vi inddrager barnet.", "Vi inddrager familien."


@pytest.fixture
def kept_set(goal_set: GoalSet) -> GoalSet:
    """Three pejlemærker."""
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=goal, number=1, text="Vi lytter.", worded_on=date(2022, 9, 8))
    return goal_set


def goals_of(goal_set: GoalSet) -> list[Goal]:
    return list(goal_set.goals.order_by("number", "pk"))


def expected(*goals: Goal) -> str:
    return ",".join(f"{pk}:{number}" for pk, number in newest_wordings(goals).items())


def merged(goal_set: GoalSet, *goals: Goal, into: Goal | None, **changes: Any) -> dict[str, Any]:
    return {
        "goals": [goal.pk for goal in goals], "into": into.pk if into else "nyt", "text": TEXT, "reason": "Det samme.",
        "worded_on": "2022-09-20", "expected": expected(*goals_of(goal_set)), "nonce": str(uuid4()),
    } | changes  # fmt: skip


def halved(goal: Goal, *, first_stays: str, **changes: Any) -> dict[str, Any]:
    return {
        "text_1": FIRST, "text_2": SECOND, "text_3": "", "text_4": "", "text_5": "", "first_stays": first_stays,
        "reason": "To opgaver.", "worded_on": "2022-09-20", "expected": expected(goal), "nonce": str(uuid4()),
    } | changes  # fmt: skip


def merge_address(goal_set: GoalSet) -> str:
    return f"/saet/{goal_set.pk}/laeg-sammen/"


def told(goal: Goal, viewer: User, at: AsOf | None = None) -> list[str]:
    return [line.text for line in lineage_of(goal, viewer=viewer, at=at or AsOf.now())]


@pytest.mark.parametrize("page", ["saet/{set}/laeg-sammen/", "pejlemaerker/{goal}/del/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_proposing_is_for_those_who_may(
    method: str, page: str, kept_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    url = "/" + page.format(set=kept_set.pk, goal=goals_of(kept_set)[0].pk)
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(url).status_code for client in clients] == [302, 404, 403]
    assert as_user(consultant).get(url).status_code == 200
    assert as_user(consultant).delete(url).status_code == 405


def test_merge_waits_and_then_ends_the_others(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, as_user: Login
) -> None:
    first, second, third = goals_of(kept_set)
    client = as_user(consultant)
    form = merged(kept_set, first, third, into=first)
    assert [client.post(merge_address(kept_set), form).status_code for _ in range(2)] == [303, 303]
    version = first.versions.get(number=2)
    assert (version.change_kind, Derivation.objects.count()) == ("merged", 1)
    assert told(first, consultant) == ["Forslag: lægges sammen med pejlemærke 3."]
    assert told(third, consultant) == ["Forslag: lægges sammen med pejlemærke 1."]
    assert told(second, consultant) == []
    page = client.get(kept_set.get_absolute_url()).content.decode()
    assert ("Forslag om at lægge sammen og dele" in page, "Ikke længere blandt" in page) == (True, False)
    page = as_user(secretary).get(f"/saet/{kept_set.pk}/ikraft/").content.decode()
    assert "Sætter du den i kraft, ophører pejlemærke 3." in page

    put_in_force(versions=[version], decision=approval, in_force_from=DAY, by=secretary)
    assert told(first, consultant) == ["Pejlemærke 3 blev lagt ind i dette 3. oktober 2022."]
    assert told(third, consultant) == ["Lagt ind i pejlemærke 1 3. oktober 2022."]
    page = client.get(third.get_absolute_url()).content.decode()
    assert f'href="/pejlemaerker/{first.pk}/"' in page
    assert "Lagt sammen med et andet 3. oktober 2022" in page
    assert "Pejlemærke 3 blev lagt ind i dette." in client.get(first.get_absolute_url()).content.decode()
    page = client.get(kept_set.get_absolute_url()).content.decode()
    assert ("Ikke længere blandt pejlemærkerne" in page, "Forslag om at" in page) == (True, False)
    before = client.get(f"{third.get_absolute_url()}?dato=2022-10-02").content.decode()
    words = ("Pejlemærke 3:", "Forslag: lægges sammen med", "Lagt ind i")
    assert [word in before for word in words] == [True, True, False]


def test_merge_into_a_new_one_takes_over_the_first_number(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, as_user: Login
) -> None:
    _, second, third = goals_of(kept_set)
    client = as_user(consultant)
    form = merged(kept_set, second, third, into=None)
    assert [client.post(merge_address(kept_set), form).status_code for _ in range(2)] == [303, 303]
    new = kept_set.goals.get(number=None)
    assert told(new, consultant) == ["Forslag: afløser pejlemærke 2 og pejlemærke 3, der lægges sammen."]
    assert told(second, consultant) == ["Forslag: lægges sammen med et nyt pejlemærke."]
    put_in_force(versions=new.versions.all(), decision=approval, in_force_from=DAY, by=secretary)
    assert [(goal.pk, goal.number) for goal in goals_of(kept_set)][1:] == [
        (new.pk, 2),
        (second.pk, None),
        (third.pk, None),
    ]
    assert told(new, consultant) == ["Lagt sammen af pejlemærke 2 og pejlemærke 3 3. oktober 2022."]
    assert told(third, consultant) == ["Lagt ind i pejlemærke 2 3. oktober 2022."]


def test_corrected_decision_undoes_the_merge(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, as_user: Login
) -> None:
    first, _, third = goals_of(kept_set)
    as_user(consultant).post(merge_address(kept_set), merged(kept_set, first, third, into=first))
    put_in_force(versions=first.versions.filter(number=2), decision=approval, in_force_from=DAY, by=secretary)
    correct_decision(decision=approval, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)
    assert told(third, consultant) == ["Forslag: lægges sammen med pejlemærke 1."]
    standing = {one.goal.pk: one for one in standings_in([kept_set.pk], viewer=consultant, at=AsOf.now())[kept_set.pk]}
    assert (standing[third.pk].ending, standing[third.pk].is_listed) == (None, True)


@pytest.mark.parametrize(
    ("pick", "into", "changes", "message"),
    [
        ([0], 0, {}, "Vælg mindst to."),
        ([], 0, {}, "Vælg mindst to."),
        ([0, 1], 2, {}, "skal være et af dem, du lægger sammen"),
        ([0, 1], 0, {"text": " "}, "Skriv ordlyden."),
        ([0, 1], 0, {"reason": ""}, "Skriv, hvorfor."),
        ([0, 1], 0, {"worded_on": AHEAD}, "Dagen er ikke kommet endnu."),
    ],
)
def test_impossible_merge_is_told(
    pick: list[int],
    into: int,
    changes: dict[str, Any],
    message: str,
    kept_set: GoalSet,
    consultant: User,
    as_user: Login,
) -> None:
    goals = goals_of(kept_set)
    form = merged(kept_set, *(goals[n] for n in pick), into=goals[into], **changes)
    answer = as_user(consultant).post(merge_address(kept_set), form)
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert GoalVersion.objects.filter(number=2).count() == 0


@pytest.mark.parametrize("changed", [0, 2])
def test_merge_over_a_newer_wording_shows_it(changed: int, kept_set: GoalSet, consultant: User, as_user: Login) -> None:
    goals = goals_of(kept_set)
    form = merged(kept_set, goals[0], goals[2], into=goals[0])
    GoalVersion.objects.create(goal=goals[changed], number=2, text="Vi har skrevet imens.", worded_on=DAY)
    answer = as_user(consultant).post(merge_address(kept_set), form)
    page = answer.content.decode()
    assert (answer.status_code, "Vi har skrevet imens." in page, TEXT in page) == (409, True, True)
    assert Derivation.objects.count() == 0
    again = form | {"expected": expected(*goals)}
    assert as_user(consultant).post(merge_address(kept_set), again).status_code == 303


def test_split_where_the_first_stays_changes_nothing_until_decided(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, as_user: Login
) -> None:
    first, *_ = goals_of(kept_set)
    client, form = as_user(consultant), halved(first, first_stays="ja")
    assert [client.post(f"{first.get_absolute_url()}del/", form).status_code for _ in range(2)] == [303, 303]
    new = kept_set.goals.get(number=None)
    assert (first.versions.count(), new.versions.get().text, new.versions.get().change_kind) == (2, SECOND, "split")
    assert told(first, consultant) == ["Forslag: deles i dette og et nyt pejlemærke."]
    assert told(new, consultant) == ["Forslag: udskilles af pejlemærke 1."]
    versions = GoalVersion.objects.filter(text__in=[FIRST, SECOND])
    put_in_force(versions=versions, decision=approval, in_force_from=DAY, by=secretary)
    new.refresh_from_db()
    first.refresh_from_db()
    assert (first.number, new.number) == (1, 4)
    assert told(first, consultant) == ["Delt i dette og pejlemærke 4 3. oktober 2022."]
    assert told(new, consultant) == ["Udskilt af pejlemærke 1 3. oktober 2022."]


def test_split_into_new_ones_ends_it(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, as_user: Login
) -> None:
    first, *_ = goals_of(kept_set)
    as_user(consultant).post(f"{first.get_absolute_url()}del/", halved(first, first_stays="nej", text_4="Vi deler."))
    versions = GoalVersion.objects.filter(text__in=[FIRST, SECOND, "Vi deler."]).order_by("goal_id")
    assert (first.versions.count(), len(versions)) == (1, 3)
    put_in_force(versions=versions, decision=approval, in_force_from=DAY, by=secretary)
    assert [version.goal.number for version in versions.all()] == [1, 4, 5]
    assert told(first, consultant) == ["Delt i pejlemærke 1, pejlemærke 4 og pejlemærke 5 3. oktober 2022."]
    page = as_user(consultant).get(first.get_absolute_url()).content.decode()
    assert "Delt i flere 3. oktober 2022" in page
    answer = as_user(consultant).post(f"{first.get_absolute_url()}del/", halved(first, first_stays="ja"))
    assert (answer.status_code, "Det kan ikke deles." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text_2": ""}, "Skriv ordlyden."),
        ({"text_2": FIRST}, "Den er den samme som ordlyd 1."),
        ({"first_stays": ""}, "Vælg, hvad der sker med det, der deles."),
        ({"reason": ""}, "Skriv, hvorfor."),
    ],
)
def test_impossible_split_is_told(
    changes: dict[str, Any], message: str, kept_set: GoalSet, consultant: User, as_user: Login
) -> None:
    first, *_ = goals_of(kept_set)
    answer = as_user(consultant).post(
        f"{first.get_absolute_url()}del/", halved(first, **{"first_stays": "ja"} | changes)
    )
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert (Goal.objects.count(), GoalVersion.objects.count()) == (3, 3)


def test_split_over_a_newer_wording_shows_it(kept_set: GoalSet, consultant: User, as_user: Login) -> None:
    first, *_ = goals_of(kept_set)
    form = halved(first, first_stays="nej")
    GoalVersion.objects.create(goal=first, number=2, text="Vi har skrevet imens.", worded_on=DAY)
    answer = as_user(consultant).post(f"{first.get_absolute_url()}del/", form)
    assert (answer.status_code, "Vi har skrevet imens." in answer.content.decode()) == (409, True)
    assert Goal.objects.count() == 3


def test_lineage_names_nothing_the_viewer_may_not_see(
    kept_set: GoalSet, approval: Decision, consultant: User, secretary: User, citizen: User
) -> None:
    first, *_ = goals_of(kept_set)
    area = PolicyArea.objects.create(committee=kept_set.period.committee, name="Dagtilbudsområdet", position=2)
    hidden_set = GoalSet.objects.create(period=kept_set.period, area=area)
    hidden = Goal.objects.create(goal_set=hidden_set, number=1)
    version = GoalVersion.objects.create(goal=hidden, number=1, text="Vi er skjult.", worded_on=date(2022, 9, 8))
    Derivation.objects.create(version=version, source=first, kind="continued")
    put_in_force(versions=[version], decision=approval, in_force_from=DAY, by=secretary)
    publish(kept_set)
    seen = "Videreført som pejlemærke 1 (Dagtilbudsområdet, 2022–2025) 3. oktober 2022."
    assert (told(first, consultant), told(first, citizen)) == ([seen], [])


# --- Whatever happens in whatever order ----------------------------------------

acts = st.one_of(
    st.tuples(st.just("renumber"), st.permutations(range(6))),
    st.tuples(st.just("move"), st.integers(0, 5)),
    st.tuples(st.just("merge"), st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans())),
    st.tuples(st.just("split"), st.tuples(st.integers(0, 5), st.booleans())),
)


@pytest.mark.random
@settings(
    max_examples=examples(every_day=3, in_drill=15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(acts, max_size=5))
def test_numbers_are_never_shared_and_past_days_keep_theirs(
    kept_set: GoalSet, secretary: User, as_user: Login, period: list[tuple[str, Any]]
) -> None:
    with transaction.atomic():
        _play(kept_set, secretary, as_user(secretary), period)
        transaction.set_rollback(True)


def _play(goal_set: GoalSet, by: User, client: Client, period: list[tuple[str, Any]]) -> None:
    area = PolicyArea.objects.create(committee=goal_set.period.committee, name="Dagtilbudsområdet", position=2)
    sets = [goal_set, GoalSet.objects.create(period=goal_set.period, area=area)]
    day, told_on = date(2023, 1, 10), {}
    for what, how in period:
        told_on[day] = _numbers_on(day, sets, by)
        day += timedelta(days=1)
        _ACTS[what](sets, how, day, by)
        now = _numbers_on(day, sets, by)
        for numbers in now.values():
            taken = [number for number in numbers.values() if number is not None]
            assert len(taken) == len(set(taken))
    for earlier, was in told_on.items():
        assert _numbers_on(earlier, sets, by) == was
    for goal in Goal.objects.filter(goal_set__in=sets):
        assert client.get(goal.get_absolute_url()).status_code == 200
        assert client.get(f"{goal.get_absolute_url()}?dato=2023-01-10&viden=nu").status_code == 200
    assert [client.get(f"{one.get_absolute_url()}?dato={day}&viden=nu").status_code for one in sets] == [200, 200]


def _numbers_on(day: date, sets: list[GoalSet], by: User) -> dict[int, dict[int, int | None]]:
    standing = standings_in([one.pk for one in sets], viewer=by, at=AsOf.hindsight(day))
    return {pk: {one.goal.pk: one.number for one in own} for pk, own in standing.items()}


def _listed(goal_set: GoalSet, by: User) -> list[Goal]:
    own = standings_in([goal_set.pk], viewer=by, at=AsOf.now()).get(goal_set.pk, [])
    return [Goal.objects.get(pk=one.goal.pk) for one in own if one.number and not one.ending]


def _renumber(sets: list[GoalSet], order: list[int], day: date, by: User) -> None:
    goals = _listed(sets[0], by)
    new = [goals[n] for n in order if n < len(goals)]
    numbers = (
        numbers_in(sets[0]) | {goal.pk: n for n, goal in enumerate(new, start=1)} if len(new) == len(goals) else {}
    )
    if numbers:
        seen = fingerprint(numbers_in(sets[0]))
        arrange_goals(goal_set=sets[0], numbers=numbers, seen=seen, placed_from=day, reason="x", by=by)


def _move(sets: list[GoalSet], which: int, day: date, by: User) -> None:
    goals = _listed(sets[0], by)
    if which < len(goals):
        move_goal(goal=goals[which], seen=sets[0].pk, to_set=sets[1], placed_from=day, reason="x", by=by)


def _merge(sets: list[GoalSet], how: tuple[int, int, bool], day: date, by: User) -> None:
    goals, (one, other, into_new) = _listed(sets[0], by), how
    if one == other or max(one, other) >= len(goals):
        return
    both = [goals[one], goals[other]]
    version = merge_goals(
        goal_set=sets[0], goals=both, into=None if into_new else both[0], text=f"Vi {day}.", reason="x", worded_on=day,
        expected=newest_wordings(both), nonce=uuid4(), by=by,
    )  # fmt: skip
    put_in_force(versions=[version], decision=_approval(sets[0], day, by), in_force_from=day, by=by)


def _split(sets: list[GoalSet], how: tuple[int, bool], day: date, by: User) -> None:
    goals, (which, first_stays) = _listed(sets[0], by), how
    if which >= len(goals):
        return
    versions = split_goal(
        goal=goals[which], texts=[f"Vi {n} {day}." for n in range(2)], first_stays=first_stays, reason="x",
        worded_on=day, expected=newest_wordings(goals)[goals[which].pk], nonce=uuid4(), by=by,
    )  # fmt: skip
    put_in_force(versions=versions, decision=_approval(sets[0], day, by), in_force_from=day, by=by)


def _approval(goal_set: GoalSet, day: date, by: User) -> Decision:
    meeting = Meeting.objects.create(committee=goal_set.period.committee, date=day)
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="x", is_closed=False)
    return decide(item, "approved", "Godkendt.", by=by)


_ACTS: dict[str, Callable[..., None]] = {"renumber": _renumber, "move": _move, "merge": _merge, "split": _split}
