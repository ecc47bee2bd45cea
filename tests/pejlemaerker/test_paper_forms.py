"""A set's note through its address: in each form, and who gets which edition."""

import pytest

from meetings.models import User
from pejlemaerker.models import GoalSet
from tests.conftest import Login

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("edition", ["intern", "udvalg", "offentlig"])
def test_note_is_had_in_each_form_and_edition(
    published_goal_set: GoalSet, consultant: User, as_user: Login, edition: str, form: str
) -> None:
    answer = as_user(consultant).get(f"/saet/{published_goal_set.pk}/notat.{form}?udgave={edition}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, TYPES[form])
