"""The papers of the demo, all kinds and editions with every section: valid by both validators, and read blind."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from kit.clock import today
from kit.paper.document import Paper, Stamp
from meetings.models import Committee
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.making import paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Audience, Goal, GoalSet
from pejlemaerker.papers import make
from tests.kit.test_paper import heard_as_told, judged_by_both, told

pytestmark = pytest.mark.drill


def subjects() -> Iterator[Subject]:
    sets = list(GoalSet.objects.select_related("period__committee__municipality", "area").order_by("period__starts_on"))
    yield from map(Subject.of_set, sets)
    for goal_set in sets:
        for goal in Goal.objects.filter(goal_set=goal_set).select_related(
            "goal_set__period__committee__municipality", "goal_set__area"
        )[:1]:
            yield Subject.of_goal(goal)
    yield from (Subject.of_year(one, 2023) for one in Committee.objects.select_related("municipality"))
    yield from (Subject.of_two(older, newer) for older, newer in pairwise(sets))


def test_every_paper_of_the_demo_is_valid_and_read_blind_as_it_is_written(demo: None, tmp_path: Path) -> None:
    at, pdfs, misheard = AsOf.day(today()), {}, []
    for number, subject in enumerate(subjects()):
        for audience in Audience:
            name = f"{number}-{subject.kind}-{audience}"
            choices = Choices(SECTIONS_OF[subject.kind])
            paper: Paper = paper_of(subject, audience=audience, at=at, choices=choices).stamped(Stamp())
            pdfs[name] = make(paper, "pdf", house=template_of(subject, at)).content
            if heard_as_told(pdfs[name], paper) != told(paper):
                misheard.append(name)
    assert misheard == []
    judged = judged_by_both(pdfs, tmp_path)
    assert {name: verdict for name, verdict in judged.items() if verdict != (True, True)} == {}
