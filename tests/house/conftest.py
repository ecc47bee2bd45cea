"""The world that the whole-repo tests walk through."""

import pytest

from meetings.models import Decision, Meeting, User
from pejlemaerker.models import GoalSet
from tests.house.world import World, build


@pytest.fixture
def world(meeting: Meeting, goal_set: GoalSet, approval: Decision, closed_approval: Decision, secretary: User) -> World:
    return build(meeting, goal_set, closed_approval, approval, secretary)
