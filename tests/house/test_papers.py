"""Every address that gives a paper gives a valid one, to those who see most and least: a new one is tried by itself."""

import page
import pytest
from django.test import Client

from meetings.models import User
from tests.conftest import Login
from tests.house.world import World, every_route
from tests.kit.test_pdf import failures

# For those they are made for; everyone else is turned away.
INTERNAL = {"dialogue_programme_pdf", "issued_note_pdf", "note_draft_pdf", "note_item_pdf"}
PAPERS = [route for route in every_route() if route.name.endswith("_pdf")]


def test_papers_are_found() -> None:
    assert sorted(route.name for route in PAPERS) == [
        "agenda_pdf", "answer_pdf", "comparison_note_pdf", "dialogue_programme_pdf", "goal_note_pdf", "issued_note_pdf",
        "minutes_pdf", "note_draft_pdf", "note_item_pdf", "note_pdf", "wordings_pdf", "year_note_pdf", "year_wheel_pdf",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["anonymous", "secretary"])
def test_every_paper_is_valid(who: str, world: World, secretary: User, as_user: Login) -> None:
    client = Client() if who == "anonymous" else as_user(secretary)
    for route in PAPERS:
        if who == "anonymous" and route.name in INTERNAL:
            continue
        asked = [one for one in world.every_address(route) if route.name != "comparison_note_pdf" or "med=" in one]
        for address in dict.fromkeys(asked):
            answer = client.get(address)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf"), address
            for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
                assert failures(answer.content, profile) == [], address
