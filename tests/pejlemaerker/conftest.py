"""A pejlemærke with a past, for all that looks back; and the demo."""

from datetime import date

import pytest
from pytest_django import Settings

from meetings.models import Committee, Decision, User
from pejlemaerker.actions import put_in_force
from pejlemaerker.models import Adoption, GoalSet, GoalVersion
from tests.pejlemaerker.telling import decided, goal_of, reworded


@pytest.fixture
def later(committee: Committee, secretary: User) -> Decision:
    """An approval of the year after."""
    return decided(committee, date(2023, 9, 4), secretary)


@pytest.fixture
def replaced(goal_set: GoalSet, adoption: Adoption, later: Decision, secretary: User) -> GoalVersion:
    """Pejlemærke 1 with a second wording in force."""
    version = reworded(goal_of(goal_set, 1), "Vi arbejder med inddragelse af barnet og familien.", reason="Kortere.")
    put_in_force(versions=[version], decision=later, in_force_from=date(2023, 10, 1), by=secretary)
    return version


@pytest.fixture
def demo(demo_db: str, settings: Settings) -> None:
    """The demo, as it stands when it has just been made."""
    settings.DEMO = True
