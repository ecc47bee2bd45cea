"""Looking at a page as a demanding reader would: axe-core, sideways scrolling, valid HTML."""

from functools import cache
from pathlib import Path
from typing import Any

import html5lib
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
DESKTOP, PHONE, NARROW = 1280, 375, 320
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


class Visit:
    """Somebody's visit to the app, in one browser window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _console(self, kind: str, text: str) -> None:
        """A Content-Security-Policy violation and a script error both end here; a refused answer (4xx) is no fault of
        the page.
        """
        if kind == "error" and "Failed to load resource" not in text and "Response Status Error" not in text:
            self.problems.append(text)

    def goto(self, address: str) -> "Visit":
        """Open a page."""
        self.page.goto(address)
        return self

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.inner_text("body")

    @property
    def focused(self) -> str:
        """What has the keyboard's focus, as its own HTML."""
        return str(self.page.evaluate("document.activeElement.outerHTML"))

    def look(self) -> "Visit":
        """Look at the page as it stands now, at desk and at 320 px: nothing may be found."""
        # What htmx loads in place has arrived.
        expect(self.page.locator("[hx-trigger=load], .htmx-request")).to_have_count(0)
        for width in (DESKTOP, NARROW):
            self.page.set_viewport_size({"width": width, "height": 900})
            self._go_to_the_top()
            found = violations(self.page)
            assert found == [], f"{self.page.url} at {width}: {found}"
        wide = sideways(self.page)
        assert wide == [], f"{self.page.url} at {NARROW}: {wide}"
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        assert self.problems == []
        return self

    def _go_to_the_top(self) -> None:
        """Scroll up once what moves the focus has done so: nothing may lie under the sticky count."""
        self.page.evaluate(
            """async () => {
                const drawn = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
                await drawn();
                scrollTo({top: 0, behavior: 'instant'});
                await drawn();
            }"""
        )


def violations(page: Page) -> list[str]:
    """Return what axe-core finds wrong, and what it could not decide.

    The words in a drawing are part of one picture with a name (role=img), and axe never sees what is behind an SVG.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    result: dict[str, Any] = page.evaluate(
        """rules => axe.run({exclude: ['svg[role=img] text']},
        {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations', 'incomplete']})""",
        RULES,
    )
    return [
        f"{kind}: {finding['id']}: {node['html'][:160]}: {node['failureSummary'][:200]}"
        for kind in ("violations", "incomplete")
        for finding in result[kind]
        for node in finding["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """Return the elements that make the page scroll sideways."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    return found


def html_errors(html: str) -> list[str]:
    """Return the parse errors of a page."""
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    return [f"{position}: {code} {data}" for position, code, data in parser.errors]
