"""Whatever the order of adoptions and corrections: at most one wording of a pejlemærke is in force on any day."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.actions import correct_decision
from meetings.models import AgendaItem, Committee, Decision, Meeting, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.standing import standings
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet, GoalVersion
from tests.conftest import decide
from tests.drill import examples

FIRST_DAY = date(2023, 1, 1)
CATEGORIES = ["approved", "approved_amended", "postponed", "rejected", "noted"]

adoptions = st.tuples(st.just("adopt"), st.integers(0, 2), st.integers(0, 2), st.integers(0, 9))
corrections = st.tuples(st.just("correct"), st.integers(0, 2), st.sampled_from(CATEGORIES), st.just(0))


def expected(facts: list[tuple[int, int, int]], corrected: dict[int, str], day: int) -> int | None:
    """The wording in force by the rule: the latest day to have come, and of the same day what was entered last."""
    holds = [
        (from_day, order, version)
        for order, (version, decision, from_day) in enumerate(facts)
        if from_day <= day and corrected.get(decision, "approved") in ("approved", "approved_amended")
    ]
    return max(holds)[2] if holds else None


@pytest.mark.random
@settings(
    max_examples=examples(every_day=10, in_drill=60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.one_of(adoptions, corrections), max_size=10))
def test_at_most_one_wording_is_in_force(
    goal_set: GoalSet, committee: Committee, secretary: User, acts: list[tuple[str, int, Any, int]]
) -> None:
    goal = Goal.objects.create(goal_set=goal_set, number=goal_set.goals.count() + 1)
    versions = [GoalVersion.objects.create(goal=goal, number=n, text=f"Vi vil {n}.") for n in (1, 2, 3)]
    decisions = [_approval(committee, number, secretary) for number in range(3)]
    facts: list[tuple[int, int, int]] = []
    corrected: dict[int, str] = {}
    for act, first, second, day in acts:
        if act == "correct":
            correct_decision(decision=decisions[first], text="Rettet.", category=second, nonce=uuid4(), by=secretary)
            corrected[first] = second
        elif corrected.get(second, "approved") in ("approved", "approved_amended"):
            in_force_from = FIRST_DAY + timedelta(days=day)
            put_in_force(
                versions=[versions[first]], decision=decisions[second], in_force_from=in_force_from, by=secretary
            )
            if (first, second) not in [fact[:2] for fact in facts]:
                facts.append((first, second, day))
    for day in range(10):
        on = FIRST_DAY + timedelta(days=day)
        in_force = [one.version for one in Adoption.objects.in_force(AsOf.hindsight(on)).filter(version__goal=goal)]
        wanted = expected(facts, corrected, day)
        assert in_force == ([] if wanted is None else [versions[wanted]])
        assert standings([goal], viewer=secretary, at=AsOf.hindsight(on))[goal.pk].in_force == (
            in_force[0] if in_force else None
        )


def _approval(committee: Committee, number: int, by: User) -> Decision:
    meeting = Meeting.objects.create(committee=committee, date=FIRST_DAY)
    item = AgendaItem.including_closed.create(
        meeting=meeting, number=str(number), position=number, title="x", is_closed=False
    )
    return decide(item, "approved", "Godkendt.", by=by)
