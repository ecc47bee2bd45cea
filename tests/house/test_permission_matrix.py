"""Every door, every person: who comes in where, asked of the app itself and held against docs/rettigheder.md.

The page is written by `make matrix`, never by hand; what changes in it is read by a person before it is taken in. The
rules at the end hold whatever the page says.
"""

import io
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cache
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pikepdf
import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from meetings.models import Decision, Meeting, Municipality, Role, User
from pejlemaerker.models import GoalSet
from tests.conftest import Login, grant, make_user
from tests.house.world import Route, World, build, every_route

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rettigheder.md"
WRITES = os.environ.get("MATRIX") == "write"

PEOPLE = {
    "anonymous": "uden login",
    "citizen": "borger",
    "leader": "leder",
    "member": "medlem",
    "other_member": "andet udvalgs medlem",
    "consultant": "fagkonsulent",
    "secretary": "sekretær",
    "other_secretary": "andet udvalgs sekretær",
    "head": "centerchef",
    "administrator": "administrator",
    "auditor": "revision",
    "other_administrator": "anden kommunes administrator",
}
IN, LOGIN, NOT_FOUND, REFUSED, NO_SUCH_WAY = "ja", "log ind", "–", "nej", ""
STATES = {
    "open": "offentliggjort", "closed": "lukket, offentliggjort", "draft": "ikke offentliggjort",
    "closed draft": "lukket, ikke offentliggjort",
}  # fmt: skip

HEAD = """# Hvem kan komme ind hvor

Siden er skrevet af `make matrix`, som spørger appen om hver adresse som hver slags bruger; ret den aldrig i hånden.
`make drill` holder den op mod appen igen, og en ny adresse uden en række her får `make test` til at fejle.

- **ja**: vedkommende kommer ind (og ser dér kun det, vedkommende må se)
- **nej**: må se, at det findes, men ikke gøre det
- **–**: findes ikke for vedkommende
- **log ind**: sendes til login
- tomt: adressen tager ikke imod på den måde

*se* er at åbne siden, *gør* at sende dens formular. *Lukket* er et lukket punkt, og *ikke offentliggjort* det samme,
før noget er gjort offentligt.

"""


class Cell(NamedTuple):
    """One question: may this person come in by this way at this door, in this state of the thing behind it?"""

    route: str
    way: str
    state: str
    who: str


type Matrix = dict[Cell, str]


@pytest.fixture
def auditor(municipality: Municipality) -> User:
    return grant(make_user("revision", "Rikke Revision"), Role.AUDITOR, municipality)


@pytest.fixture
def other_administrator() -> User:
    herning = Municipality.objects.create(name="Herning Kommune", slug="herning")
    return grant(make_user("herning", "Hanne Herning"), Role.ADMINISTRATOR, herning)


@pytest.fixture
def client_of(request: pytest.FixtureRequest, as_user: Login) -> Callable[[str], Client]:
    return lambda who: Client() if who == "anonymous" else as_user(request.getfixturevalue(who))


@cache
def _a_paper() -> bytes:
    with pikepdf.new() as paper:
        paper.add_blank_page()
        target = io.BytesIO()
        paper.save(target)
    return target.getvalue()


def answer(client: Client, way: str, address: str) -> str:
    """Try a door, and undo what came of it; papers are not set, as nobody looks at them here."""
    cookies = copy(client.cookies)
    with patch("kit.pdf._make", return_value=_a_paper()), transaction.atomic():
        response = client.get(address) if way == "se" else client.post(address)
        transaction.set_rollback(True)
    client.cookies = cookies  # whoever went out by the door is in again
    where = response.headers.get("Location", "")
    if response.status_code == 302 and where.startswith("/log-ind/"):
        return LOGIN
    return {403: REFUSED, 404: NOT_FOUND, 405: NO_SUCH_WAY}.get(response.status_code, IN)


def tried(
    world: World, states: tuple[str, str], people: dict[str, Client],
    ways: Iterable[str] = ("se", "gør"),
) -> Iterator[tuple[Cell, str]]:  # fmt: skip
    """Ask of every door; the last address of a route is the closed one, where open and closed differ."""
    for who, client in people.items():
        for route in every_route():
            addresses = world.addresses(route)
            for state, address in zip(states, addresses, strict=False):
                for way in ways:
                    yield Cell(route.name, way, state, who), answer(client, way, address)


def told(matrix: Matrix) -> str:
    """Write the page: a line for each door, way and state, and one for several states that are alike."""
    lines = [HEAD, f"| adresse | | hvad | {' | '.join(PEOPLE.values())} |", f"|{'---|' * (len(PEOPLE) + 3)}"]
    for route in sorted(every_route(), key=_path):
        for way in ("se", "gør"):
            alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
            for state in STATES:
                row = tuple(matrix.get(Cell(route.name, way, state, who), NO_SUCH_WAY) for who in PEOPLE)
                if any(row):
                    alike[row].append(STATES[state])
            for row, states in alike.items():
                what = "" if len(alike) == 1 else "; ".join(states)
                lines.append(f"| `{_path(route)}` | {way} | {what} | {' | '.join(row)} |")
    return "\n".join(lines) + "\n"


def _path(route: Route) -> str:
    pattern, parts = get_resolver().reverse_dict.getlist(route.name)[0][0][0]
    return "/" + str(pattern) % {part: f"<{part}>" for part in parts}


def read() -> set[tuple[str, str, str, str]]:
    """Read the page back: address, way, person and cell; the states of a row stay together."""
    rows = [line.strip("|\n ").split("|") for line in PAGE.read_text().splitlines() if line.startswith("| `/")]
    return {
        (row[0].strip(" `"), row[1].strip(), who, cell.strip())
        for row in rows
        for who, cell in zip(PEOPLE, row[3:], strict=False)
    }


@pytest.mark.asvs("V8.2.1")
def test_every_route_has_a_row_and_no_row_is_left_over() -> None:
    assert {row[0] for row in read()} == {_path(route) for route in every_route()}


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("who", ["anonymous", "other_secretary"])
def test_doors_are_as_the_page_says(who: str, world: World, client_of: Callable[[str], Client]) -> None:
    """Every day for those who are to be kept out; for everyone, and before publication too, in the drill."""
    page, paths = read(), {route.name: _path(route) for route in every_route()}
    wrong = [
        (cell, found)
        for cell, found in tried(world, ("open", "closed"), {who: client_of(who)}, ways=["se"])
        if found and (paths[cell.route], cell.way, who, found) not in page
    ]
    assert wrong == []


@pytest.mark.asvs("V8.1.1")
@pytest.mark.drill
def test_page_tells_of_every_door_what_the_app_answers(
    meeting: Meeting, goal_set: GoalSet, approval: Decision, closed_approval: Decision, secretary: User,
    client_of: Callable[[str], Client],
) -> None:  # fmt: skip
    matrix: Matrix = {}
    people = {who: client_of(who) for who in PEOPLE}
    for is_public, states in ((False, ("draft", "closed draft")), (True, ("open", "closed"))):
        with transaction.atomic():
            world = build(meeting, goal_set, closed_approval, approval, secretary, is_public=is_public)
            matrix |= dict(tried(world, states, people))
            transaction.set_rollback(True)
    page = told(matrix)
    if WRITES:
        PAGE.write_text(page)
    assert _broken(matrix) == []
    assert page == PAGE.read_text()


# --- What holds whatever the page says ---------------------------------------------------------------

OUTSIDE = {"anonymous", "citizen", "other_member", "other_secretary", "other_administrator"}
WITHOUT_LOGIN = {"login", "login_break_glass", "login_forgotten", "logout", "note_verify"}


def _broken(matrix: Matrix) -> list[tuple[Cell, str]]:
    """Return the cells that no page could make right."""
    parts = {route.name: route.parts for route in every_route()}
    return [
        (cell, found)
        for cell, found in matrix.items()
        if found == IN
        and (
            (cell.way == "gør" and cell.who == "anonymous" and not _is_by_link(cell.route, parts))
            or ("closed" in cell.state and cell.who in OUTSIDE and "number" in parts[cell.route])
            or (cell.state == "draft" and cell.who in ("anonymous", "citizen") and "meeting_id" in parts[cell.route])
        )
    ]


def _is_by_link(route: str, parts: dict[str, tuple[str, ...]]) -> bool:
    return bool({"token", "signed"} & set(parts[route])) or route in WITHOUT_LOGIN
