"""Every door says who may come through it, and looking through a door changes nothing."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from kit.guards import guard_of
from meetings.models import User
from tests.conftest import Login
from tests.house.world import Route, World, every_route

ROUTES = every_route()


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_route_has_a_name_and_a_guard(route: Route) -> None:
    assert route.name
    assert guard_of(route.view) is not None


def test_two_routes_share_no_name() -> None:
    names = [route.name for route in ROUTES]
    assert sorted(names) == sorted(set(names))


@contextmanager
def reading_only() -> Iterator[None]:
    """Fail on any statement that writes to something other than the session."""

    def refuse(execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any) -> Any:
        is_read = re.match(r"[\s(]*(SELECT|SAVEPOINT|RELEASE|ROLLBACK)\b", statement)  # a UNION begins with a bracket
        if not is_read and "django_session" not in statement:
            raise AssertionError(f"a GET writes: {statement[:200]}")
        return execute(statement, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_get_changes_nothing(route: Route, htmx: bool, world: World, administrator: User, as_user: Login) -> None:
    headers = {"HX-Request": "true", "HX-Target": "indhold"} if htmx else {}
    client = as_user(administrator)
    with reading_only():
        statuses = {client.get(address, headers=headers).status_code for address in world.every_address(route)}
    assert statuses & {200, 302, 405}, "nobody can look at this page, or post to it"
    assert statuses <= {200, 302, 404, 405}


@pytest.mark.parametrize("route", [r for r in ROUTES if not guard_of(r.view).is_public], ids=lambda route: route.name)  # type: ignore[union-attr]
def test_guarded_route_sends_anonymous_to_the_login(route: Route, world: World, anonymous: Client) -> None:
    for address in world.addresses(route):
        for method in (anonymous.get, anonymous.post):
            response = method(address)
            assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, "/log-ind/")


def test_get_that_writes_is_caught(world: World, secretary: User) -> None:
    with pytest.raises(AssertionError, match="a GET writes"), reading_only():
        User.objects.filter(pk=secretary.pk).update(display_name="x")
