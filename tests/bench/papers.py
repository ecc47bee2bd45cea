"""How much work a paper is, as a ratio to bare WeasyPrint setting the same HTML in the same process.

Milliseconds of a busy machine say little; the ratio holds. Both are warm, and take turns.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from kit import pdf as engine
from kit.paper.document import Paper
from kit.paper.html import set_as_html
from kit.static_files import static_file
from tests.kit.paper_samples import long_note, short_note
from tests.kit.test_pdf import pages_of

ROUNDS = 7
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def bare(html: str) -> bytes:
    """WeasyPrint as its own manual shows it: no tags, no archive, no finisher."""
    fonts, fetcher = FontConfiguration(), engine.OwnFetcher({})
    sheets = [
        CSS(string=static_file(name).read_text(), base_url=f"{engine.PAPER_ORIGIN}{_static()}{name}",
            url_fetcher=fetcher, font_config=fonts)
        for name in engine.PAPER_STYLESHEETS
    ]  # fmt: skip
    written: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=sheets, font_config=fonts)
    return written


def ours(paper: Paper) -> bytes:
    """The same note from the paper object on, finished: PDF/UA-1 and PDF/A-3a."""
    engine._made.forget()
    return engine.render_pdf(_html(paper), created=NOON)


def kept(paper: Paper) -> bytes:
    """The same note asked for once more."""
    return engine.render_pdf(_html(paper), created=NOON)


def _html(paper: Paper) -> str:
    return render_to_string("paper/paper.html", {"paper": paper})


def _static() -> str:
    return urlsplit(settings.STATIC_URL).path


def _work(make: Callable[[], bytes]) -> float:
    before = time.process_time()
    make()
    return time.process_time() - before


def report() -> None:
    """Print one line a note."""
    sys.stdout.write(
        f"\n{'Papirer':16}{'sider':>6}{'bar':>8}{'vores':>8}{'× bar':>7}{'HTML':>8}{'igen':>8}   (s regnetid)\n"
    )
    for name, paper in (("kort notat", short_note()), ("langt notat", long_note())):
        html = _html(paper)
        pages = len(pages_of(ours(paper)))
        bare(html)
        turns = [(_work(lambda h=html: bare(h)), _work(lambda p=paper: ours(p))) for _ in range(ROUNDS)]  # type: ignore[misc]
        plain, made = median(one for one, _ in turns), median(one for _, one in turns)
        again, alone = _work(lambda p=paper: kept(p)), _work(lambda p=paper: set_as_html(p))  # type: ignore[misc]
        told = f"{name:16}{pages:6}{plain:8.2f}{made:8.2f}{made / plain:7.2f}{alone:8.3f}{again:8.3f}\n"
        sys.stdout.write(told)
