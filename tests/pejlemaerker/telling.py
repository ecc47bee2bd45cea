"""What the sections of a note say, line by line, and some acts to tell of."""

from datetime import date
from typing import Any

from meetings.models import AgendaItem, Committee, Decision, Meeting, User
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Goal, GoalSet, GoalVersion
from tests.conftest import decide

LATER = date(2024, 6, 1)
MET = date(2022, 10, 3)  # the standard meeting


def told_in(subject: Subject | GoalSet, key: str, at: AsOf, *, audience: str = "internal", **choices: Any) -> list[str]:
    """What one section says, line by line; nothing where it is left out."""
    subject = Subject.of_set(subject) if isinstance(subject, GoalSet) else subject
    chosen = Choices(choices.pop("sections", (SectionKey(key),)), **choices)
    paper = paper_of(subject, audience=audience, at=at, choices=chosen)
    found = next((section for section in paper.sections if section.key == key), None)
    return [line for line in found.lines() if line][1 if found.title else 0 :] if found else []


def told(subject: Subject | GoalSet, key: str, *, on: date = LATER, **asked: Any) -> list[str]:
    """What one section says of a day, by all that is known today."""
    return told_in(subject, key, AsOf.hindsight(on), **asked)


def rows(subject: Subject | GoalSet, **asked: Any) -> list[str]:
    """The rows of the table of changes, each with its cells side by side."""
    lines = told(subject, "changes", **asked)
    cells = lines[lines.index("Grundlag") + 1 :] if "Grundlag" in lines else []
    ends = next((n for n in range(0, len(cells), 4) if not cells[n][:1].isdigit()), len(cells))
    return [" | ".join(cells[n : n + 4]) for n in range(0, ends, 4)]


def goal_of(goal_set: GoalSet, number: int) -> Goal:
    goal: Goal = goal_set.goals.select_related("goal_set__period__committee__municipality", "goal_set__area").get(
        number=number
    )
    return goal


def reworded(goal: Goal, text: str, **more: Any) -> GoalVersion:
    number = goal.versions.count() + 1
    values = {"change_kind": "change", "worded_on": date(2023, 5, 1)} | more
    return GoalVersion.objects.create(goal=goal, number=number, text=text, **values)


def decided(committee: Committee, day: date, by: User, *, category: str = "approved", text: str = "Ja.") -> Decision:
    meeting = Meeting.objects.create(committee=committee, date=day)
    item = AgendaItem.including_closed.create(
        meeting=meeting, number="7", position=1, title="Pejlemærker", is_closed=False
    )
    return decide(item, category, text, by=by)
