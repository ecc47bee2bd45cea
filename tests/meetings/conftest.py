"""A meeting that was held, for the tests of what comes after it."""

from uuid import uuid4

import pytest

from meetings.actions import close_meeting
from meetings.models import Attendance, Committee, Decision, Meeting, User
from tests.conftest import make_member


@pytest.fixture
def second_member(committee: Committee) -> User:
    return make_member(committee, "medlem2", "Ulla Underskriver")


@pytest.fixture
def held_meeting(
    meeting: Meeting, approval: Decision, closed_approval: Decision, member: User, second_member: User
) -> Meeting:
    """The standard meeting with two members there and both items decided; nothing stands in the way of closing it."""
    for user in (member, second_member):
        Attendance.objects.create(meeting=meeting, person=user.person, state="present")
    return meeting


@pytest.fixture
def closed_meeting(held_meeting: Meeting, secretary: User) -> Meeting:
    close_meeting(meeting=held_meeting, ends_at=None, nonce=uuid4(), by=secretary)
    return held_meeting
