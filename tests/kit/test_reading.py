"""Which database a page reads from, when there is a standby."""

from collections.abc import Callable, Iterator

import pytest
from django.contrib.sessions.models import Session
from django.db import connections, router
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views.decorators.csrf import csrf_exempt

from kit import reading
from kit.reading import MOST_BEHIND, OWN_WRITE, STANDBY, ReadingPages, Standby
from kit.sessions import SessionStore
from meetings.models import Committee

ASK = RequestFactory()


class House:
    """A primary and a standby: how far each has come in the log, None when it is away; and a clock."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.log: dict[str, int | None] = {"default": 10, STANDBY: 10}

    def passes(self, seconds: float) -> None:
        """Let time go by."""
        self.now += seconds


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    house = House()
    monkeypatch.setattr(reading, "place_in_log", lambda database: house.log[database])
    monkeypatch.setattr(reading, "monotonic", lambda: house.now)
    monkeypatch.setattr(reading, "time", lambda: house.now)
    connections.settings[STANDBY] = connections.settings["default"]
    yield house
    del connections.settings[STANDBY]


@pytest.fixture
def pages(house: House) -> Callable[..., str]:
    """A page that tells where it reads committees; asked once already, so that the standby is known to be near."""

    def answer(request: HttpRequest) -> HttpResponse:
        view = csrf_exempt(_page) if request.path == "/evaluering/x/" else _page
        middleware.process_view(request, view, (), {})
        return view(request)

    def page(path: str = "/", *, method: str = "GET", session: SessionStore | None = None) -> str:
        request = ASK.generic(method, path)
        request.session = SessionStore() if session is None else session
        return str(middleware(request).content.decode())  # type: ignore[attr-defined]

    middleware = ReadingPages(answer)
    assert page() == "default"
    house.passes(2)
    return page


def _page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(router.db_for_read(Committee))


def test_page_is_read_from_the_standby_and_what_is_sent_goes_to_the_primary(pages: Callable[..., str]) -> None:
    assert [pages(), pages(method="HEAD"), pages(method="POST"), pages()] == [STANDBY, STANDBY, "default", STANDBY]
    assert router.db_for_read(Committee) == "default"


def test_standby_has_no_sessions_and_is_never_written(house: House) -> None:
    chosen = reading._reads_standby.set(True)
    try:
        read_from_standby = Committee(name="Udvalget")
        read_from_standby._state.db = STANDBY
        assert router.db_for_read(Committee) == STANDBY
        assert router.db_for_read(Session) == "default"
        assert router.db_for_write(Committee, instance=read_from_standby) == "default"
        assert not router.allow_migrate(STANDBY, "meetings")
    finally:
        reading._reads_standby.reset(chosen)


def test_one_who_has_just_written_reads_from_the_primary(house: House, pages: Callable[..., str]) -> None:
    mine, others = SessionStore(), SessionStore()
    mine["name"] = others["name"] = "x"
    pages(method="POST", session=mine)
    assert [pages(session=mine), pages(session=others)] == ["default", STANDBY]
    house.passes(OWN_WRITE - 1)
    assert pages(session=mine) == "default"
    house.passes(2)
    pages()
    house.passes(2)
    assert pages(session=mine) == STANDBY


def test_post_of_one_without_a_session_makes_none(pages: Callable[..., str]) -> None:
    session = SessionStore()
    pages(method="POST", session=session)
    assert session.is_empty()


def test_personal_link_is_read_from_the_primary(pages: Callable[..., str]) -> None:
    assert pages("/evaluering/x/") == "default"


def test_standby_that_is_behind_is_not_read(house: House, pages: Callable[..., str]) -> None:
    house.log["default"] = 20
    house.passes(MOST_BEHIND - 1)
    pages()  # all that the primary had is not there; but it was a moment ago
    house.passes(MOST_BEHIND - 1)
    assert pages() == "default"
    house.log[STANDBY] = 20
    house.passes(2)
    pages()
    house.passes(2)
    assert pages() == STANDBY


def test_standby_that_is_away_is_not_read_and_not_asked_at_every_page(house: House, pages: Callable[..., str]) -> None:
    house.log[STANDBY] = None
    house.passes(2)
    assert pages() == "default"
    house.log[STANDBY] = 10
    house.passes(5)
    assert pages() == "default"
    house.passes(6)
    pages()
    house.passes(2)
    assert pages() == STANDBY


def test_page_goes_on_while_the_primary_is_away(house: House, pages: Callable[..., str]) -> None:
    house.log["default"] = None
    for _ in range(10):
        house.passes(2)
        assert pages() == STANDBY


def test_page_that_failed_with_the_standby_is_made_from_the_primary(house: House) -> None:
    asked: list[str] = []

    def answer(request: HttpRequest) -> HttpResponse:
        middleware.process_view(request, _page, (), {})
        asked.append(router.db_for_read(Committee))
        house.log[STANDBY] = None
        return HttpResponse(asked[-1], status=503 if asked[-1] == STANDBY else 200)

    middleware = ReadingPages(answer)
    middleware.standby = Standby(caught_up=house.now, ask_at=house.now + 1)
    request = ASK.get("/")
    request.session = SessionStore()
    assert middleware(request).status_code == 200
    assert asked == [STANDBY, "default"]


def test_place_in_the_log_is_told_by_postgresql(db: None) -> None:
    assert (reading.place_in_log("default") or 0) > 0
