"""A note as a file over the web: closed in itself, not sent twice, and a polite answer where it cannot be made."""

from unittest.mock import patch

import pytest
from django.test import Client

from kit import pdf as engine
from kit.paper.faults import PaperBusy, PaperError, PaperTooLarge
from pejlemaerker.models import GoalSet


@pytest.fixture
def anonymous() -> Client:
    return Client(raise_request_exception=False)


def address(goal_set: GoalSet, form: str = "pdf") -> str:
    return f"/saet/{goal_set.pk}/notat.{form}"


def test_html_note_is_served_under_its_own_strict_policy(anonymous: Client, published_goal_set: GoalSet) -> None:
    answer = anonymous.get(address(published_goal_set, "html"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("; frame-ancestors 'none'; sandbox")
    assert "'self'" not in policy


@pytest.mark.parametrize("form", ["pdf", "html"])
def test_note_that_has_not_changed_is_not_made_again(anonymous: Client, published_goal_set: GoalSet, form: str) -> None:
    first = anonymous.get(address(published_goal_set, form))
    with patch("pejlemaerker.papers.make") as make:
        again = anonymous.get(address(published_goal_set, form), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content, make.called) == (304, b"", False)


def test_note_of_another_day_or_edition_has_another_tag(anonymous: Client, published_goal_set: GoalSet) -> None:
    today = anonymous.get(address(published_goal_set, "html")).headers["ETag"]
    earlier = anonymous.get(address(published_goal_set, "html"), {"dato": "2023-01-01"}).headers["ETag"]
    as_pdf = anonymous.get(address(published_goal_set)).headers["ETag"]
    assert len({today, earlier, as_pdf}) == 3


def test_rush_of_papers_is_a_danish_503(anonymous: Client, published_goal_set: GoalSet) -> None:
    with patch("kit.pdf._places.acquire", return_value=False):
        engine._made.forget()
        answer = anonymous.get(address(published_goal_set))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Prøv igen om lidt" in answer.content.decode()
    assert anonymous.get(address(published_goal_set)).status_code == 200


@pytest.mark.parametrize(
    ("fault", "told"),
    [(PaperTooLarge("Papiret fylder mere end 400 sider."), "mere end 400 sider"), (PaperError("x"), "husets logo")],
)
def test_paper_that_cannot_be_made_says_so(
    fault: Exception, told: str, anonymous: Client, published_goal_set: GoalSet
) -> None:
    with patch("pejlemaerker.papers.render_pdf", side_effect=fault):
        answer = anonymous.get(address(published_goal_set))
    assert answer.status_code == 500
    assert told in answer.content.decode()


def test_busy_is_no_fault_of_the_paper() -> None:
    assert not issubclass(PaperBusy, PaperError)
