"""Papers (papirer): HTML to a PDF that a screen reader can read and an archive can keep.

The only place that knows WeasyPrint. It writes PDF/A-3a; `kit.paper.finishing` adds what it leaves out, so that the
same file is PDF/UA-1 too. One paper is made at a time, within a limit, and the same paper only once.
"""

import hashlib
import logging
import mimetypes
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from weasyprint import CSS, HTML
from weasyprint.logger import PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from kit.made_once import MadeOnce
from kit.paper.faults import PaperBusy, PaperError, PaperTooLarge
from kit.paper.finishing import finish
from kit.paper.glyphs import drawable
from kit.paper.joining import continued
from kit.static_files import static_file

__all__ = ["PAPER_STYLESHEETS", "Limit", "PaperBusy", "PaperError", "PaperTooLarge", "render_pdf"]

# A paper's own address, against which static files are found; nobody can ever own a name in .invalid (RFC 2606).
PAPER_ORIGIN = "https://papir.invalid"
PAPER_STYLESHEETS = ("css/print.css", "css/print-parts.css")
_SVG = "{http://www.w3.org/2000/svg}"

# How long a reader waits for other papers to be made, and how many wait in this process: with four threads one is
# always left for the pages.
WAIT_SECONDS = 10.0
_places = threading.BoundedSemaphore(3)
# All papers share Pango's font map, which two threads must not use at once; papers are CPU work, so waiting is no loss.
_engine = threading.Lock()
_made = MadeOnce(24_000_000)


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a paper may take: pages, seconds of work, and characters of HTML."""

    pages: int = 400
    seconds: float = 45
    characters: int = 4_000_000


def render_pdf(
    html: str,
    *,
    created: datetime,
    stylesheets: Sequence[str] = PAPER_STYLESHEETS,
    images: Mapping[str, bytes] | None = None,
    limit: Limit = Limit(),
) -> bytes:
    """Make the paper of a whole HTML document, PDF/UA-1 and PDF/A-3a; same HTML and same time give the same bytes.

    Stylesheets are names of static files, images are bytes by the name under which the HTML asks for them (src="logo").
    Title, author and language are read from the HTML. Raises PaperTooLarge beyond the limit, PaperBusy in a rush.
    """
    images = images or {}
    if len(html) > limit.characters:
        raise PaperTooLarge("Papiret er for langt til at blive lavet på én gang. Vælg færre afsnit.")
    key = _key(html, created, stylesheets, images, limit)
    try:
        return _made.get(key, lambda: _make(html, created, stylesheets, images, limit), wait=WAIT_SECONDS)
    except TimeoutError as late:
        raise PaperBusy from late


def _key(html: str, created: datetime, stylesheets: Sequence[str], images: Mapping[str, bytes], limit: Limit) -> bytes:
    told = hashlib.sha256(html.encode(errors="surrogatepass"))
    changed = [(name, _static_file(name).stat().st_mtime_ns) for name in stylesheets]
    pictures = sorted((name, hashlib.sha256(content).hexdigest()) for name, content in images.items())
    told.update(repr((created, changed, pictures, limit)).encode())
    return told.digest()


def _make(html: str, created: datetime, stylesheets: Sequence[str], images: Mapping[str, bytes], limit: Limit) -> bytes:
    try:
        with _turn(), _within(limit):
            plain, over_the_end = _weasyprint(drawable(html), created, stylesheets, images)
    except FatalURLFetchingError as refusal:  # derives from BaseException: it would take the whole worker with it
        raise PaperError(str(refusal.__cause__)) from refusal
    return finish(plain, over_the_end)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for one's turn at the engine, as long as a reader waits; where too many wait already, not at all."""
    if not _places.acquire(blocking=False):
        raise PaperBusy
    try:
        if not _engine.acquire(timeout=WAIT_SECONDS):
            raise PaperBusy
        try:
            yield
        finally:
            _engine.release()
    finally:
        _places.release()


# WeasyPrint tells of every page it sets: the one place where a paper that has grown too large can be stopped.
_PAGE = re.compile(r"Step 5 .* Page (\d+)")


@contextmanager
def _within(limit: Limit) -> Iterator[None]:
    began = time.thread_time()

    def stop(record: logging.LogRecord) -> bool:
        if (told := _PAGE.match(record.getMessage())) and int(told[1]) > limit.pages:
            raise PaperTooLarge(f"Papiret fylder mere end {limit.pages} sider. Vælg færre afsnit.")
        if time.thread_time() - began > limit.seconds:
            raise PaperTooLarge("Papiret er for stort til at blive lavet på én gang. Vælg færre afsnit.")
        return False

    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.addFilter(stop)
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeFilter(stop)
        PROGRESS_LOGGER.setLevel(logging.NOTSET)


def _weasyprint(
    html: str, created: datetime, stylesheets: Sequence[str], images: Mapping[str, bytes]
) -> tuple[bytes, list[list[str]]]:
    """Return the PDF, and for each page which tags go on to the next."""
    fetcher = OwnFetcher(images)
    source = HTML(string=html, base_url=f"{PAPER_ORIGIN}/", url_fetcher=fetcher)
    _tell_drawings_whole(source)
    sheets = [_stylesheet(name) for name in stylesheets]
    # Presentational hints: a list item's own number, <li value="3">.
    options = {"stylesheets": sheets, "pdf_variant": "pdf/a-3a", "presentational_hints": True}
    paper = source.render(font_config=_font_configuration(), **options)
    paper.metadata.title = " ".join((paper.metadata.title or "").split())
    if not (paper.metadata.title and paper.metadata.lang):
        raise PaperError("Et papir skal have titel og sprog")
    paper.metadata.created = paper.metadata.modified = _w3c_time(created)
    written: bytes = paper.write_pdf(**options)
    if fetcher.refusals:  # a drawing swallows every error, this one too, and would go out with a hole in it
        raise PaperError(fetcher.refusals[0])
    return written, [continued(*pages) for pages in pairwise(paper.pages)]


def _tell_drawings_whole(source: HTML) -> None:
    """Let a drawing's alternative text be its name and its description: WeasyPrint reads the name only."""
    for drawing in source.etree_element.iter(f"{_SVG}svg"):
        name, description = drawing.find(f"{_SVG}title"), drawing.find(f"{_SVG}desc")
        if name is not None and description is not None:
            name.text = ". ".join(part.strip().rstrip(".") for part in (name.text, description.text) if part) + "."


def _w3c_time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("A paper's time needs a time zone")
    return moment.isoformat(timespec="seconds")


# --- What a paper may fetch -------------------------------------------------------------------------------------------

# Each fetcher would read the system's certificates, a tenth of a short paper's time, for a network it never asks.
_TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class OwnFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serve our own static files, and the images handed along, to the paper and refuse everything else: no network, no
    other file, no data URL.
    """

    def __init__(self, images: Mapping[str, bytes]) -> None:
        super().__init__(ssl_context=_TRUSTS_NOBODY, allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.images = images
        self.refusals: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            name, content = self._own(_path(url))
        except (PaperError, SuspiciousFileOperation) as refusal:
            self.refusals.append(str(refusal))
            raise
        content_type, _ = mimetypes.guess_type(name)
        return URLFetcherResponse(url, content, {"Content-Type": content_type or "application/octet-stream"})

    def _own(self, path: str) -> tuple[str, bytes]:
        name = path.removeprefix("/")
        if name in self.images:
            return name, self.images[name]
        prefix = urlsplit(settings.STATIC_URL).path
        if not path.startswith(prefix):
            raise PaperError(f"Et papir må kun hente vores egne statiske filer, ikke {path[:200]!r}")
        found = _static_file(path.removeprefix(prefix))
        return found.name, found.read_bytes()


def _path(url: str) -> str:
    """Return the path of an address of our own, or refuse it."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != PAPER_ORIGIN:
        raise PaperError(f"Et papir må kun hente vores egne statiske filer, ikke {url[:200]!r}")
    return unquote(parts.path)


def _static_file(name: str) -> Path:
    try:
        return static_file(name)
    except FileNotFoundError as missing:
        raise PaperError(str(missing)) from missing


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


def _stylesheet(name: str) -> CSS:
    path = _static_file(name)
    return _parsed_stylesheet(name, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _parsed_stylesheet(name: str, path: Path, changed: int) -> CSS:
    """Parse a stylesheet once per change of its file: parsing and loading fonts is a third of a short paper's time."""
    address = f"{PAPER_ORIGIN}{urlsplit(settings.STATIC_URL).path}{name}"
    css = path.read_text(encoding="utf-8")
    return CSS(string=css, base_url=address, url_fetcher=OwnFetcher({}), font_config=_font_configuration())
