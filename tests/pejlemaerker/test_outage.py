"""When the database is away, people get a Danish 503, never a stack trace."""

from typing import Any

import html5lib
import psycopg
import pytest
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from meetings.models import Committee, Meeting, User
from tests.conftest import Login


class Down:
    """Stands in for a database that refuses, has gone, or is full."""

    def __init__(self, error: type[DatabaseError] | type[InterfaceError]) -> None:
        self.error = error

    def __call__(self, *args: object) -> object:
        raise self.error("the database is away")


@pytest.mark.asvs("V16.5.2")
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


def test_health_says_that_a_migration_is_missing(anonymous: Client, django_assert_num_queries: Any) -> None:
    anonymous.get("/healthz")
    with django_assert_num_queries(4):
        anonymous.get("/healthz")
    MigrationRecorder(connection).record_unapplied("meetings", _newest("meetings"))
    response = anonymous.get("/healthz")
    assert (response.status_code, response.json()["migrations"]) == (503, False)


def _newest(app: str) -> str:
    return max(str(name) for of, name in MigrationLoader(None).graph.leaf_nodes() if of == app)


# --- What was typed -------------------------------------------------------------------------------------------------

CLASHES = [psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure, psycopg.errors.LockNotAvailable]
OUTAGES = [
    psycopg.errors.DiskFull,
    psycopg.errors.QueryCanceled,
    psycopg.errors.AdminShutdown,
    psycopg.errors.TooManyConnections,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
]


class Refusing:
    """Stands in for a database that stops at a statement, for a reason of PostgreSQL's own."""

    def __init__(self, reason: type[psycopg.Error], at: str = "INSERT") -> None:
        self.reason, self.at = reason, at

    def __call__(self, execute: Any, statement: str, *rest: Any) -> object:
        if not statement.startswith(self.at):
            return execute(statement, *rest)
        with connection.wrap_database_errors:
            raise self.reason("not now")


PLAN = {
    "committee": "",
    "date": "2026-03-02",
    "starts_at": "17:00",
    "place": "Rådhuset, <lokale> 4",
    "nonce": "5b0a3b0e-6d1c-4f0e-9a53-0d1b8a4a1f11",
}


def _plan(client: Client, committee: Committee) -> Any:
    client.raise_request_exception = False
    return client.post("/moeder/nyt/", PLAN | {"committee": committee.pk})


@pytest.mark.parametrize(("reason", "seconds"), [(one, "1") for one in CLASHES] + [(one, "10") for one in OUTAGES])
def test_form_that_could_not_be_received_is_kept_on_the_page(
    reason: type[psycopg.Error], seconds: str, committee: Committee, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    with connection.execute_wrapper(Refusing(reason)):
        response = _plan(client, committee)
    page = response.content.decode()
    assert (response.status_code, response.headers["Retry-After"]) == (503, seconds)
    assert "Rådhuset, &lt;lokale&gt; 4</blockquote>" in page
    assert "not now" not in page


def test_form_sent_again_is_done_once(committee: Committee, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    with connection.execute_wrapper(Refusing(psycopg.errors.AdminShutdown)):
        page = _plan(client, committee).content.decode()
    form = html5lib.parse(page, namespaceHTMLElements=False).find(".//main//form")
    again = {field.get("name"): field.get("value") for field in form.iter("input")}
    assert (form.get("action"), form.get("method")) == ("/moeder/nyt/", "post")
    assert [client.post(form.get("action"), again).status_code for _ in range(2)] == [303, 303]
    assert [meeting.place for meeting in Meeting.objects.all()] == ["Rådhuset, <lokale> 4"]


def test_password_is_not_kept_on_the_page(anonymous: Client) -> None:
    with connection.execute_wrapper(Down(OperationalError)):
        page = anonymous.post("/log-ind/", {"username": "sekretaer", "password": "pejlemaerke-demo"}).content.decode()
    assert "pejlemaerke-demo" not in page
    assert "sekretaer" not in page


@pytest.mark.asvs("V3.5.1")
def test_form_of_another_site_is_not_kept_on_the_page(anonymous: Client) -> None:
    with connection.execute_wrapper(Down(OperationalError)):
        response = anonymous.post("/log-ind/", PLAN, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 503
    assert "Rådhuset" not in response.content.decode()


def test_session_that_cannot_be_kept_is_the_databases_fault(
    committee: Committee, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    with connection.execute_wrapper(Refusing(psycopg.errors.AdminShutdown, at='UPDATE "django_session"')):
        assert _plan(client, committee).status_code == 503
    assert _plan(client, committee).status_code == 303
    assert Meeting.objects.count() == 1


@pytest.mark.asvs("V13.4.2", "V16.5.1")
def test_other_errors_are_a_danish_500(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("en fejl i koden")

    monkeypatch.setattr("pejlemaerker.views.overview.render_page", fail)
    response = anonymous.get("/")
    assert response.status_code == 500
    assert "en fejl i koden" not in response.content.decode()
