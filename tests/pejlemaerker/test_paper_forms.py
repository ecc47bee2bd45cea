"""A set's note through its address: who gets which edition."""

import pytest

from meetings.models import User
from pejlemaerker.models import GoalSet
from tests.conftest import Login


@pytest.mark.parametrize("edition", ["intern", "udvalg", "offentlig"])
def test_note_is_had_in_each_edition(
    published_goal_set: GoalSet, consultant: User, as_user: Login, edition: str
) -> None:
    answer = as_user(consultant).get(f"/saet/{published_goal_set.pk}/notat.pdf?udgave={edition}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
