"""python -m tests.browser.screenshots: the pictures of README and the administrator's guide, taken of data that are
made for it and thrown away.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from kit.embedded_postgres import start

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "billeder"
PORT = 8791
ADDRESS = f"http://127.0.0.1:{PORT}"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 800}


def main() -> None:
    """Take every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demo(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=DESK, base_url=ADDRESS)  # type: ignore[arg-type]
        log_in(page, "sekretaer")
        picture(page, "/", "overblik")
        picture(page, _address_of(page, "Børne- og Familieområdet"), "saet")
        page.goto("/moeder/")
        picture(page, f"{_newest_undecided(page)}beslutninger/", "beslutninger")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        picture(page, _address_of(page, "Børne- og Familieområdet"), "saet-telefon")
        browser.close()


def picture(page: Page, address: str, name: str) -> None:
    """Take a picture of the top of a page."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


def log_in(page: Page, username: str) -> None:
    """Log in as one of the demo's people."""
    page.goto("/log-ind/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "pejlemaerke-demo")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


def _address_of(page: Page, link: str) -> str:
    page.goto("/")
    return page.get_by_role("link", name=link).first.get_attribute("href") or "/"


def _newest_undecided(page: Page) -> str:
    page.goto("/moeder/")
    addresses = [one.get_attribute("href") or "" for one in page.locator("main a[href^='/moeder/']").all()]
    return next(one for one in addresses if one.strip("/").split("/")[-1].isdigit() and _has_five_items(page, one))


def _has_five_items(page: Page, address: str) -> bool:
    page.goto(f"{address}beslutninger/")
    return "5 af 5" in page.inner_text("main")


@contextmanager
def demo() -> Iterator[None]:
    """Serve a demo on data that is thrown away afterwards."""
    with served(["demo_data"], DEMO="1"):
        yield


@contextmanager
def served(*prepare: list[str], **surroundings: str) -> Iterator[str]:
    """Serve the app on data of its own, made by commands, that is thrown away afterwards; lend what they said."""
    with start() as database:
        around = os.environ | {
            "DATABASE_URL": database.url, "SECRET_KEY": "only-for-pictures", "DEBUG": "1", "HTTPS": "0",
        } | surroundings  # fmt: skip
        manage = [sys.executable, "manage.py"]
        said = ""
        for command in (["migrate", "--verbosity=0"], *prepare):
            done = subprocess.run([*manage, *command], cwd=ROOT, env=around, check=True, stdout=subprocess.PIPE)
            said += done.stdout.decode()
        serve = [*manage, "runserver", f"127.0.0.1:{PORT}", "--noreload"]
        server = subprocess.Popen(serve, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(ADDRESS)
            yield said
        finally:
            server.terminate()
            server.wait()


def _wait_for(address: str) -> None:
    for _ in range(600):
        try:
            urlopen(f"{address}/healthz").close()  # noqa: S310  (our own address)
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


if __name__ == "__main__":
    main()
