"""Rights asked of one committee or one meeting at hand give the same answer as the rule that the lists are asked by."""

import pytest
from django.contrib.auth.models import AnonymousUser

from meetings.documents.parts import reads_minutes
from meetings.models import Committee, Meeting, Right, User, has_right
from tests.conftest import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone(
    secretary: User, other_secretary: User, member: User, other_member: User, leader: User, consultant: User,
    administrator: User, citizen: User,
) -> list[User | AnonymousUser]:  # fmt: skip
    named = [secretary, other_secretary, member, other_member, leader, consultant, administrator, citizen]
    return [*named, AnonymousUser()]


@pytest.mark.parametrize("right", Right)
def test_right_in_one_committee_is_the_one_that_lists_are_asked_by(
    right: Right, everyone: list[User | AnonymousUser], committee: Committee, other_committee: Committee
) -> None:
    for who in everyone:
        held = [one for one in (committee, other_committee) if has_right(who, right, one)]
        assert held == list(Committee.objects.where(who, right).order_by("pk")), who


def test_minutes_of_one_meeting_are_read_by_those_the_rule_says(
    everyone: list[User | AnonymousUser], meeting: Meeting
) -> None:
    inside = ["sekretaer", "medlem", "konsulent", "administrator"]
    assert [who.username for who in everyone if reads_minutes(who, meeting)] == inside
    publish(meeting)
    assert all(reads_minutes(who, meeting) for who in everyone)
