"""Every door says who may come through it, and looking through a door changes nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kit.guards import guard_of
from meetings.models import Committee, Event, Municipality, Role, User
from meetings.models.noticed import READ
from tests.conftest import Login, grant
from tests.house.test_hostile_requests import is_private
from tests.house.world import World, every_route

ROUTES = every_route()
HTMX = {"HX-Request": "true", "HX-Target": "indhold"}


@pytest.mark.asvs("V8.2.1")
def test_route_has_a_name_and_a_guard() -> None:
    assert [route for route in ROUTES if not route.name or guard_of(route.view) is None] == []


def test_two_routes_share_no_name() -> None:
    names = [route.name for route in ROUTES]
    assert sorted(names) == sorted(set(names))


@contextmanager
def reading_only() -> Iterator[None]:
    """Fail on any statement that writes to something other than the session; and but for one that writes down who read
    what is closed.
    """

    def refuse(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:
        is_read = re.match(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK)\b", statement)  # a UNION begins with a bracket
        is_reading_log = statement.startswith("INSERT INTO meetings_event (at, ") and READ in params
        if not is_read and not is_reading_log and "django_session" not in statement:
            raise AssertionError(f"a GET writes: {statement[:200]}")
        return execute(statement, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.asvs("V3.5.3")
@pytest.mark.parametrize(
    ("headers", "is_everywhere"),
    [({}, True), (HTMX, False), pytest.param(HTMX, True, marks=pytest.mark.drill)],
    ids=["page", "fragment", "every fragment"],
)
def test_get_changes_nothing_and_is_shared_with_nobody(
    headers: dict[str, str], is_everywhere: bool, world: World, administrator: User, municipality: Municipality,
    as_user: Login,
) -> None:  # fmt: skip
    client = as_user(grant(administrator, Role.HEAD, municipality))  # who approves texts too
    for route in [route for route in ROUTES if not (headers and route.is_file)]:
        addresses = world.every_address(route) if is_everywhere else world.one_address(route)
        with reading_only():
            answers = [client.get(address, headers=headers) for address in addresses]
        statuses = {answer.status_code for answer in answers}
        pages = [answer for answer in answers if answer.status_code in (200, 403, 404) and route.name != "health"]
        assert all(is_private(answer.headers) for answer in pages), f"{route.name} may be shared between readers"
        if is_everywhere:
            assert statuses & {200, 302, 405}, f"nobody can look at {route.name}, or post to it"
        assert statuses <= {200, 302, 404, 405}, route.name


def test_guarded_route_sends_anonymous_to_the_login(world: World, anonymous: Client) -> None:
    for route in [route for route in ROUTES if not guard_of(route.view).is_public]:  # type: ignore[union-attr]
        for address in world.addresses(route):
            for method in (anonymous.get, anonymous.post):
                response = method(address)
                told = response.status_code, response.headers.get("Location", "").split("?")[0]
                assert told == (302, "/log-ind/"), route.name


@pytest.mark.asvs("V3.5.3")
def test_get_that_writes_is_caught(secretary: User) -> None:
    with pytest.raises(AssertionError, match="a GET writes"), reading_only():
        User.objects.filter(pk=secretary.pk).update(display_name="x")


def test_get_that_writes_another_event_is_caught(committee: Committee) -> None:
    with pytest.raises(AssertionError, match="a GET writes"), reading_only():
        Event.objects.record("proevet", committee, by=None)
