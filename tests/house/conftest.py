"""The world that the whole-repo tests walk through."""

import os
import sys
from collections.abc import Callable

import pytest

from meetings.models import Decision, Meeting, User
from pejlemaerker.models import GoalSet
from tests.house.world import World, build


@pytest.fixture
def world(meeting: Meeting, goal_set: GoalSet, approval: Decision, closed_approval: Decision, secretary: User) -> World:
    return build(meeting, goal_set, closed_approval, approval, secretary)


type Tell = Callable[..., None]


@pytest.fixture
def tell() -> Tell:
    """Says what was done, also where tests run in several processes: to the terminal itself, past pytest."""

    def say(**counts: object) -> None:
        line = "\n  " + " · ".join(f"{name}: {count}" for name, count in counts.items()) + "\n"
        os.write(sys.__stderr__.fileno() if sys.__stderr__ else 2, line.encode())

    return say
