"""What stands behind closed doors is nowhere else: every route, as everyone who may not know, plain and htmx, bodies
and headers.
"""

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from meetings.models import User
from tests.conftest import CANARY, Login
from tests.house.world import World, every_route

HTMX = {"HX-Request": "true", "HX-Target": "indhold"}
# What a form may ask for on top of its address; each has led to a leak somewhere in the world.
QUERIES = ["", "?dato=2023-01-01", "?q=kanarie", "?punkt=2", "?udvalg=x&periode=2022"]


def everything_in(response: Any) -> str:
    """Return all that a viewer could read of an answer: body (also inside a PDF), headers, file names."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        text = _text_of_pdf(body)
    else:
        text = body.decode("utf-8", errors="replace")
    return text + str(response.headers)


def _text_of_pdf(body: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return "\n".join(pages) + str(document.get_metadata_dict())


# Who may not read this committee's closed items. The consultant reads notes and sources: those pages are left out.
OUTSIDERS = ["anonymous", "citizen", "leader", "other_member", "other_secretary", "consultant"]
INTERNAL_NOTES = {"dialogue", "dialogue_edit", "source"}


@pytest.mark.parametrize("who", OUTSIDERS)
def test_closed_item_is_nowhere_for_outsiders(
    who: str, world: World, as_user: Login, request: pytest.FixtureRequest
) -> None:
    outsider = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    unseen = INTERNAL_NOTES if who == "consultant" else set()
    leaks = [
        f"{address}{query} {sorted(headers)}"
        for route in every_route()
        if route.name not in unseen
        for address in world.addresses(route)
        for query in (QUERIES if not route.parts else QUERIES[:2])
        for headers in (({}, HTMX) if not address.endswith(".pdf") else ({},))
        if CANARY.lower() in everything_in(outsider.get(address + query, headers=headers)).lower()
    ]
    assert leaks == []


def test_canary_sings_for_those_who_may_hear_it(world: World, member: User, as_user: Login) -> None:
    client = as_user(member)
    heard = [
        route.name
        for route in every_route()
        if any(CANARY in everything_in(client.get(address)) for address in world.addresses(route))
    ]
    assert {"meeting", "item"} <= set(heard)
