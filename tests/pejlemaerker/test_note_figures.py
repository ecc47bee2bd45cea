"""Mål og nøgletal in a paper: drawn once, told in words and in a table, and small numbers in no public edition."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4
from xml.etree.ElementTree import fromstring

import pytest

from kit.paper.blocks import Figure, Paragraph, Subsection, Table
from kit.paper.document import Paper
from meetings.models import Decision, User
from pejlemaerker.actions import write_target
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Goal, GoalSet
from tests.pejlemaerker.test_figures import follow, measure

DAY = date(2024, 1, 10)


@pytest.fixture
def goal(published_goal_set: GoalSet) -> Goal:
    return published_goal_set.goals.get(number=1)


def figures_of(subject: Subject, *, audience: str = "public", at: AsOf | None = None) -> tuple[Subsection, ...]:
    """The section of figures, alone."""
    choices = Choices((SectionKey.FIGURES,))
    paper: Paper = paper_of(subject, audience=audience, at=at or AsOf.hindsight(DAY), choices=choices)
    blocks: Any = [block for section in paper.sections for block in section.blocks]
    return tuple(blocks)


def test_figure_is_told_by_its_value_its_drawing_its_table_and_its_source(goal: Goal, consultant: User) -> None:
    indicator = follow(goal, consultant, target_value=Decimal(80), target_by=date(2025, 12, 31))
    measure(indicator, consultant, {date(2021, 12, 31): "62", date(2022, 12, 31): "71"}, note="Nyt skema")
    (told,) = figures_of(Subject.of_goal(goal))
    lead, stale, figure, source = told.blocks
    assert told.title == "Pejlemærke 1: Høj trivsel"
    assert lead == Paragraph("71\u00a0%, målt 31. december 2022.", "lead")
    assert stale == Paragraph("Forældet. Sidst målt 31. december 2022; skulle måles hvert år.")
    assert isinstance(figure, Figure)
    assert figure.table == Table(
        "Målinger: Høj trivsel",
        ("Målt", "Værdi", "Bemærkning"),
        (("31. december 2022", "71\u00a0%", "Nyt skema"), ("31. december 2021", "62\u00a0%", "Nyt skema")),
    )
    assert source == Paragraph(
        "Måles i % hvert år. Højere er bedre. Mål: 80\u00a0% senest 31. december 2025. Kilde: Trivselsmålingen.",
        "detail",
    )


def test_drawing_has_its_own_name_and_words(goal: Goal, consultant: User) -> None:
    for name in ("Trivsel", "Fravær & sygdom"):
        measure(follow(goal, consultant, name=name), consultant, {date(2022, 12, 31): "71", date(2023, 12, 31): "72"})
    drawings = [one for told in figures_of(Subject.of_goal(goal)) for one in told.blocks if isinstance(one, Figure)]
    roots = [fromstring(one.svg) for one in drawings]  # noqa: S314  (drawn by us)
    ids = [part.get("id") for root in roots for part in root.iter() if part.get("id")]
    assert (len(ids), len(set(ids))) == (4, 4)
    space = "{http://www.w3.org/2000/svg}"
    heard = [(root.findtext(f"{space}title"), root.findtext(f"{space}desc")) for root in roots]
    assert heard == [(one.title, one.description) for one in drawings]


def test_nothing_measured_is_said_and_not_drawn(goal: Goal, consultant: User) -> None:
    follow(goal, consultant)
    (told,) = figures_of(Subject.of_goal(goal))
    assert [type(block) for block in told.blocks] == [Paragraph, Paragraph]
    assert told.blocks[0] == Paragraph("Ikke målt endnu.", "lead")


def test_few_people_are_counted_in_no_public_edition(goal: Goal, consultant: User) -> None:
    indicator = follow(goal, consultant, counts_people=True, unit="børn")
    measure(indicator, consultant, {date(2022, 12, 31): "3", date(2023, 12, 31): "9"}, note="Tre søskende")
    public, internal = (
        "\n".join(line for told in figures_of(Subject.of_goal(goal), audience=audience) for line in told.lines())
        for audience in ("public", "internal")
    )
    assert ("færre end 5" in public, "3\u00a0børn" in public, "Tre søskende\nTre" in public) == (True, False, False)
    assert ("færre end 5" in internal, "3\u00a0børn" in internal) == (False, True)


def test_target_is_told_with_its_decision(goal: Goal, approval: Decision, consultant: User) -> None:
    write_target(
        goal=goal, text="Alle taler med familien.", set_on=approval.decided_on, decision=approval, nonce=uuid4(),
        by=consultant,
    )  # fmt: skip
    (told,) = figures_of(Subject.of_set(goal.goal_set), audience="internal")
    assert list(told.lines()) == [
        "Pejlemærke 1: mål", "Alle taler med familien.",
        "Godkendt 3. oktober 2022 af Børne- og Uddannelsesudvalget, punkt 1.",
    ]  # fmt: skip


def test_section_is_left_out_where_nothing_is_followed(published_goal_set: GoalSet) -> None:
    assert figures_of(Subject.of_set(published_goal_set)) == ()
