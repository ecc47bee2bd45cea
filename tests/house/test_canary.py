"""What stands behind closed doors is nowhere else: every route, as everyone who may not know, plain and htmx, bodies and headers."""

import io

import pypdfium2
import pytest
from django.http import HttpResponse
from django.test import Client

from meetings.models import User
from tests.conftest import CANARY, Login
from tests.house.world import Route, World, every_route

HTMX = {"HX-Request": "true", "HX-Target": "indhold"}
# What a form may ask for on top of its address; each has led to a leak somewhere in the world.
QUERIES = ["", "?q=kanarie", "?dato=2023-01-01", "?punkt=2", "?page=2"]


def everything_in(response: HttpResponse) -> str:
    """Return all that a viewer could read of an answer: body (also inside a PDF), headers, file names."""
    body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        text = _text_of_pdf(body)
    else:
        text = body.decode("utf-8", errors="replace")
    return text + str(response.headers)


def _text_of_pdf(body: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return "\n".join(pages) + str(document.get_metadata_dict())


@pytest.fixture(params=["anonymous", "citizen", "leader", "other_member", "other_secretary", "consultant"])
def outsider(request: pytest.FixtureRequest, as_user: Login) -> Client:
    """Everyone who may not read this committee's closed items."""
    if request.param == "anonymous":
        return Client()
    return as_user(request.getfixturevalue(request.param))


@pytest.mark.parametrize("route", every_route(), ids=lambda route: route.name)
def test_closed_item_is_nowhere_for_outsiders(route: Route, outsider: Client, world: World, request: pytest.FixtureRequest) -> None:
    is_consultant = "consultant" in request.node.name
    if is_consultant and route.name in INTERNAL_NOTES:
        pytest.skip("fagkonsulenten må læse interne noter og kilder; lukkede punkter prøves på alle andre sider")
    leaks = [
        address + query
        for address in world.addresses(route)
        for query in QUERIES
        for headers in ({}, HTMX)
        if CANARY.lower() in everything_in(outsider.get(address + query, headers=headers)).lower()
    ]
    assert leaks == []


INTERNAL_NOTES = {"dialogue", "dialogue_edit", "source"}


def test_canary_sings_for_those_who_may_hear_it(world: World, member: User, as_user: Login) -> None:
    client = as_user(member)
    heard = [
        route.name
        for route in every_route()
        if any(CANARY in everything_in(client.get(address)) for address in world.addresses(route))
    ]
    assert {"meeting", "item"} <= set(heard)
