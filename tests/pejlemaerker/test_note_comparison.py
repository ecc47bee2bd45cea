"""To perioder i ét papir: how each pejlemærke read before and after, and how they hang together."""

from datetime import date
from typing import Any

import pytest

from kit.paper.blocks import Comparison, Subsection, Table, Wordings
from meetings.models import Committee, User
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    AsOf,
    Derivation,
    Goal,
    GoalClosing,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    NoteKind,
)
from tests.pejlemaerker.test_figures import follow, measure

DAY = date(2026, 6, 1)
OLD = (
    "Vi arbejder med systematisk inddragelse af barnet, den unge og familien.",
    "Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt som muligt.",
)


@pytest.fixture
def next_set(goal_set: GoalSet) -> GoalSet:
    """The next period of the same area."""
    period = GoalPeriod.objects.create(
        committee=goal_set.period.committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    return GoalSet.objects.create(period=period, area=goal_set.area)


def goal_in(goal_set: GoalSet, number: int, text: str, *sources: tuple[Goal, str]) -> Goal:
    """A pejlemærke of the new period, and what it takes over from."""
    goal = Goal.objects.create(goal_set=goal_set, number=number)
    version = GoalVersion.objects.create(goal=goal, number=1, text=text, worded_on=date(2026, 1, 5))
    for source, kind in sources:
        Derivation.objects.create(version=version, source=source, kind=kind, ends_source=False)
    return goal


def compared(old: GoalSet, new: GoalSet, *, at: AsOf | None = None) -> Any:
    """The section that holds the two against each other."""
    choices = Choices((SectionKey.COMPARED,))
    paper = paper_of(Subject.of_two(old, new), audience="internal", at=at or AsOf.hindsight(DAY), choices=choices)
    return paper.sections[0].blocks


def test_two_periods_are_told_first_at_a_glance(goal_set: GoalSet, next_set: GoalSet) -> None:
    one, two = goal_set.goals.order_by("number")
    goal_in(next_set, 1, "Vi inddrager og forebygger.", (one, "merged"), (two, "merged"))
    goal_in(next_set, 2, "Vi hører børnene.")
    lead, table, *_ = compared(goal_set, next_set)
    assert lead.text == "To pejlemærker i 2022–2025 og to i 2026–2029: 1 lagt sammen, 1 nyt."
    assert table == Table(
        "Sådan hænger pejlemærkerne sammen", ("Hvordan", "2022–2025", "2026–2029"),
        (("Lagt sammen", "Pejlemærke 1, Pejlemærke 2", "Pejlemærke 1"), ("Nyt", "–", "Pejlemærke 2")),
    )  # fmt: skip


def test_wording_carried_on_stands_side_by_side_and_word_by_word(goal_set: GoalSet, next_set: GoalSet) -> None:
    one = goal_set.goals.get(number=1)
    goal_in(next_set, 1, "Vi arbejder med inddragelse af barnet og familien.", (one, "continued"))
    pair = compared(goal_set, next_set)[2]
    table, detail, diff = pair.blocks
    assert pair.title == "Pejlemærke 1 → pejlemærke 1: videreført"
    assert table.rows[0] == ("Ordlyd", OLD[0], "Vi arbejder med inddragelse af barnet og familien.")
    assert detail.text == "3 ord er gået ud."
    assert isinstance(diff, Comparison)
    assert "".join(text for kind, text in diff.parts if kind != "added") == OLD[0]
    assert "".join(text for kind, text in diff.parts if kind != "removed") == table.rows[0][2]


def test_merged_and_dropped_are_told_in_full(goal_set: GoalSet, next_set: GoalSet, secretary: User) -> None:
    one, two = goal_set.goals.order_by("number")
    GoalClosing.objects.create(
        goal=two, kind="dropped", ended_on=date(2025, 12, 1), reason="Det er nået.", recorded_by=secretary
    )
    goal_in(next_set, 1, "Vi inddrager alle.", (one, "continued"))
    dropped = compared(goal_set, next_set)[3]
    assert isinstance(dropped, Subsection)
    assert [line for line in dropped.lines() if line][:4] == [
        "Pejlemærke 2: udgået", "Det er nået.", "2022–2025", f"2. {OLD[1]}",
    ]  # fmt: skip
    assert isinstance(dropped.blocks[-1], Wordings)


def test_title_and_day_name_both_periods(goal_set: GoalSet, next_set: GoalSet) -> None:
    paper = paper_of(Subject.of_two(goal_set, next_set), audience="internal", at=AsOf.hindsight(DAY))
    assert (paper.title, paper.as_of) == (
        "Pejlemærkerne for Børne- og Familieområdet i to perioder: 2022–2025 og 2026–2029",
        "Status pr. 1. juni 2026 for perioderne 2022–2025 og 2026–2029",
    )


def test_paper_of_a_day_sees_both_periods_from_that_day(goal_set: GoalSet, next_set: GoalSet) -> None:
    goal_in(next_set, 1, "Vi inddrager alle.")
    before = compared(goal_set, next_set, at=AsOf.hindsight(date(2025, 6, 1)))
    assert before[0].text == "To pejlemærker i 2022–2025 og nul i 2026–2029: 2 ikke ført videre."


def test_figures_are_those_of_both_periods_each_in_its_own(
    goal_set: GoalSet, next_set: GoalSet, consultant: User
) -> None:
    one, new = goal_set.goals.get(number=1), goal_in(next_set, 1, "Vi inddrager alle.")
    for goal, day in ((one, date(2025, 12, 31)), (new, date(2026, 3, 1))):
        measure(follow(goal, consultant), consultant, {day: "62"})
    choices = Choices((SectionKey.FIGURES,))
    paper = paper_of(
        Subject.of_two(goal_set, next_set), audience="internal", at=AsOf.hindsight(date(2028, 1, 1)), choices=choices
    )
    headings = [block.title for block in paper.sections[0].blocks if isinstance(block, Subsection)]
    assert headings == [
        "Børne- og Familieområdet 2022–2025, pejlemærke 1: Høj trivsel",
        "Børne- og Familieområdet 2026–2029, pejlemærke 1: Høj trivsel",
    ]
    assert paper.text.count("Forældet.") == 1  # a period that is over waits for no measurement


@pytest.mark.parametrize("count", [1, 3])
def test_comparison_asks_as_much_of_three_as_of_one(
    count: int, committee: Committee, goal_set: GoalSet, next_set: GoalSet, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        goal_in(next_set, number, "Vi vil.", (goal_set.goals.get(number=1), "continued"))
    choices = Choices(SECTIONS_OF[NoteKind.COMPARISON])
    with django_assert_num_queries(46):
        paper_of(Subject.of_two(goal_set, next_set), audience="internal", at=AsOf.hindsight(DAY), choices=choices)
