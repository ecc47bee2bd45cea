"""A paper made then and made again now is the same, to the word: whatever was written, put right, renamed, stayed or
published in between.
"""

import json
from collections import Counter
from datetime import date, timedelta
from difflib import unified_diff
from itertools import product
from random import Random
from uuid import uuid4

import pytest

from meetings.actions import withdraw
from meetings.models import Committee, User
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Audience, EvaluationRound, Goal, GoalSet, GoalVersion, NoteKind, StatusEntry
from tests.conftest import publish
from tests.drill import IS_DRILL, examples
from tests.pejlemaerker.long_story import ACTS, Story, standing_on

FIRST = date(2023, 1, 10)
DAYS = 20
YEAR = 2023
LATEST = date(2027, 6, 1)

type Key = tuple[str, str, date]


def subjects(story: Story) -> dict[str, Subject]:
    """One of each kind, fetched as they stand now."""
    older, newer = (
        GoalSet.objects.select_related("period__committee__municipality", "area").get(pk=one.pk) for one in story.sets
    )
    first = Goal.objects.filter(placements__goal_set=older).order_by("pk").first()
    assert first is not None
    committee = Committee.objects.select_related("municipality").get(pk=story.committee.pk)
    return {
        "set": Subject.of_set(older),
        "newer": Subject.of_set(newer),
        "item": Subject.of_set(newer, NoteKind.ITEM),
        "goal": Subject.of_goal(first),
        "year": Subject.of_year(committee, YEAR),
        "comparison": Subject.of_two(older, newer),
    }


def told(subject: Subject, audience: Audience, day: date) -> str:
    """What the paper of a day says, with every section on, and all that is kept of it when it is issued."""
    choices = Choices(SECTIONS_OF[subject.kind])
    paper = paper_of(subject, audience=audience, at=AsOf.day(day), choices=choices)
    return f"{paper.text}\n{json.dumps(paper.as_data()['sections'], indent=0, ensure_ascii=False)}"


def papers(story: Story, day: date, *, turn: int) -> dict[Key, str]:
    """The papers of a day: in a drill every kind in every edition, else one; in twenty days each has had its turn."""
    every = list(product(subjects(story).items(), Audience))
    chosen = every if IS_DRILL else [every[turn * 7 % len(every)]]  # by sevens, so that early and late days are mixed
    return {(name, audience.value, day): told(subject, audience, day) for (name, subject), audience in chosen}


@pytest.mark.random
@pytest.mark.parametrize("seed", range(examples(every_day=1, in_drill=8)))
def test_paper_made_again_says_what_it_said_then(
    seed: int, committee: Committee, other_committee: Committee, member: User, secretary: User
) -> None:
    random = Random(seed)
    with standing_on(FIRST):
        story = Story(committee, member, secretary, random)
    then: dict[Key, str] = {}
    done: Counter[str] = Counter()
    day = FIRST
    for turn in range(DAYS):
        day += timedelta(days=random.randrange(1, 35))
        with standing_on(day):
            done.update(story.happen(12))
            then |= papers(story, day, turn=turn)
    with standing_on(day + timedelta(days=1)):
        done.update(story.everything())
    days = sorted({day for _, _, day in then})
    with standing_on(LATEST):
        now = {key: text for turn, day in enumerate(days) for key, text in papers(story, day, turn=turn).items()}
    changed = {key: _difference(then[key], now[key]) for key in then if now[key] != then[key]}
    assert changed == {}
    over = {key for key in then if key[0] == "year" and key[2].year > YEAR}
    # Made after its year, the year's paper is of the year's last day, and may say what it said before.
    assert [key for key in over if f"Status pr. 31. december {YEAR}" not in then[key]] == []
    under_way = [(key, text) for key, text in then.items() if key not in over]
    alike = len(under_way) - len({(audience, text) for (_, audience, _), text in under_way})
    assert alike == 0, "in one edition no two papers say the same: they do tell of the days between"
    assert set(ACTS) == set(done)


def _difference(then: str, now: str) -> list[str]:
    """The lines that only one of them has."""
    return list(unified_diff(then.splitlines(), now.splitlines(), lineterm="", n=1))


@pytest.fixture
def old_set(request: pytest.FixtureRequest) -> GoalSet:
    """The standard set, written down on the first day and public since."""
    with standing_on(FIRST):
        goal_set: GoalSet = request.getfixturevalue("goal_set")
        publish(goal_set)
    return goal_set


@pytest.fixture
def evaluation(old_set: GoalSet) -> EvaluationRound:
    """A status, handed in on the first day."""
    with standing_on(FIRST):
        evaluation = EvaluationRound.objects.create(goal_set=old_set, kind="midterm", held_on=FIRST)
        goal = old_set.goals.get(number=1)
        StatusEntry.objects.create(round=evaluation, goal=goal, text="Det går godt.", nonce=uuid4())
    return evaluation


def is_good(old_set: GoalSet, day: date) -> bool:
    """Whether the public edition of a day tells that it goes well."""
    return "Det går godt." in told(Subject.of_set(old_set), Audience.PUBLIC, day)


def test_public_edition_of_a_day_tells_what_was_public_then(old_set: GoalSet, evaluation: EvaluationRound) -> None:
    later = FIRST + timedelta(days=9)
    with standing_on(later):
        publish(evaluation)
    with standing_on(LATEST):
        assert (is_good(old_set, FIRST), is_good(old_set, later)) == (False, True)


def test_public_edition_does_not_tell_again_what_was_withdrawn(
    old_set: GoalSet, evaluation: EvaluationRound, secretary: User
) -> None:
    with standing_on(FIRST):
        publish(evaluation)
    with standing_on(LATEST):
        assert is_good(old_set, FIRST)
        withdraw(subject="evaluation_round", record=evaluation, by=secretary)
        assert not is_good(old_set, FIRST)


def test_pejlemaerke_that_came_later_stands_in_no_earlier_paper_of_its_set(old_set: GoalSet) -> None:
    later = FIRST + timedelta(days=9)
    with standing_on(later):
        goal = Goal.objects.create(goal_set=old_set, number=3)
        GoalVersion.objects.create(goal=goal, number=1, text="Vi kom til.", worded_on=FIRST)
    days = (later - timedelta(days=1), later)
    seen = ["Vi kom til." in told(Subject.of_set(old_set), Audience.INTERNAL, day) for day in days]
    assert seen == [False, True]
