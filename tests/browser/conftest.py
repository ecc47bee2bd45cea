"""A real browser against a real server on a copy of the demo: what a person would see."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connections
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from meetings.models import User
from pejlemaerker.demo.logins import PASSWORD
from tests.browser.looking import DESKTOP, Visit

# Playwright's own event loop runs in this thread; Django takes that for asynchronous code, which it is not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A busy machine is slow, and a page that does what it should costs no waiting.
PATIENCE = 20_000  # milliseconds
expect.set_options(timeout=PATIENCE)

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

type OpenVisit = Callable[..., Visit]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; make sees to it that there is one."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "Chromium mangler: kør make test, som installerer det eller siger hvordan."
    connections.close_all()  # Playwright's loop hides from Django the connections that were opened before it
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def demo_server(demo_db: str) -> Iterator[str]:
    """The app, serving its own copy of the demo; the address it serves on."""
    server = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None, server.error
    yield f"http://{server.host}:{server.port}"
    server.terminate()


@pytest.fixture
def visit(chromium: Browser, demo_server: str) -> Iterator[OpenVisit]:
    """Open the app as somebody: `visit("sekretaer")`, `visit(width=375)`, `visit("medlem", javascript=False)`; who is
    not to log in `by_hand` has done so before.
    """
    contexts: list[BrowserContext] = []

    def open_visit(
        username: str = "", *, width: int = DESKTOP, javascript: bool = True, by_hand: bool = False
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            base_url=demo_server,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        if by_hand:
            _log_in(page, username)
        elif username:
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": _session(username), "url": demo_server}]
            )
        return Visit(page)

    yield open_visit
    for context in contexts:
        context.close()


def _session(username: str) -> str:
    """Return the session of one who has just logged in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _log_in(page: Page, username: str) -> None:
    page.goto("/log-ind/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/log-ind/" not in url)
