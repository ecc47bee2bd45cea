"""A real browser against a real server on a copy of the demo: what a person would see."""

import os
import shutil
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.db import connection, connections
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from pejlemaerker.demo.logins import PASSWORD
from tests.browser.looking import DESKTOP, Visit
from tests.database import copy_database, drop_database

# Playwright's own event loop runs in this thread; Django takes that for asynchronous code, which it is not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

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


@pytest.fixture(scope="session")
def demo_template(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with the demo's data in it, made once and copied for every journey."""
    with django_db_blocker.unblock():
        original = connection.settings_dict["NAME"]
        template = f"{original}_demo"
        connections.close_all()
        copy_database(original, template)
        _work_in(template)
        settings.DEMO = True
        call_command("demo_data", stdout=StringIO())
        settings.DEMO = False
        _work_in(original)
        yield template
        drop_database(template)


@pytest.fixture
def demo_server(demo_template: str, django_db_blocker: Any) -> Iterator[str]:
    """The app, serving its own copy of the demo; the address it serves on."""
    with django_db_blocker.unblock():
        original = connection.settings_dict["NAME"]
        name = f"{original}_journey"
        copy_database(demo_template, name)
        _work_in(name)
        server = LiveServerThread("127.0.0.1", static_handler=StaticFilesHandler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None, server.error
        yield f"http://{server.host}:{server.port}"
        server.terminate()
        _work_in(original)
        drop_database(name)


def _work_in(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


@pytest.fixture
def visit(chromium: Browser, demo_server: str) -> Iterator[OpenVisit]:
    """Open the app as somebody: `visit("sekretaer")`, `visit(width=375)`, `visit("medlem", javascript=False)`."""
    contexts: list[BrowserContext] = []

    def open_visit(username: str = "", *, width: int = DESKTOP, javascript: bool = True) -> Visit:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            base_url=demo_server,
            locale="da-DK",
            timezone_id="Europe/Copenhagen",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        if username:
            _log_in(page, username)
        return Visit(page)

    yield open_visit
    for context in contexts:
        context.close()


def _log_in(page: Page, username: str) -> None:
    page.goto("/log-ind/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path
