"""When the database is away, people get a Danish 503, never a stack trace."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

from meetings.models import User
from tests.conftest import Login


class Down:
    """Stands in for a database that refuses, has gone, or is full."""

    def __init__(self, error: type[DatabaseError] | type[InterfaceError]) -> None:
        self.error = error

    def __call__(self, *args: object) -> object:
        raise self.error("the database is away")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("address", ["/", "/moeder/", "/pejlemaerker/"])
def test_page_without_a_database_is_a_danish_503(error: type[DatabaseError], address: str, anonymous: Client) -> None:
    with connection.execute_wrapper(Down(error)):
        response = anonymous.get(address)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "igen" in response.content.decode()


@pytest.fixture
def anonymous() -> Client:
    return Client(raise_request_exception=False)


def test_logged_in_visitor_gets_the_503_too(as_user: Login, member: User) -> None:
    client = as_user(member)
    client.raise_request_exception = False
    with connection.execute_wrapper(Down(OperationalError)):
        assert client.get("/").status_code == 503


def test_post_without_a_database_is_a_503(anonymous: Client) -> None:
    with connection.execute_wrapper(Down(OperationalError)):
        assert anonymous.post("/log-ind/", {"username": "x", "password": "y"}).status_code == 503


def test_health_says_that_the_database_is_away(anonymous: Client) -> None:
    with connection.execute_wrapper(Down(OperationalError)):
        response = anonymous.get("/healthz")
    assert (response.status_code, response.json()["database"]) == (503, False)


def test_health_says_that_all_is_well(anonymous: Client) -> None:
    assert anonymous.get("/healthz").json() == {"database": True, "migrations": True, "pdf": True, "queue": True}


def test_other_errors_are_a_danish_500(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("en fejl i koden")

    monkeypatch.setattr("pejlemaerker.views.overview.render_page", fail)
    response = anonymous.get("/")
    assert response.status_code == 500
    assert "en fejl i koden" not in response.content.decode()
