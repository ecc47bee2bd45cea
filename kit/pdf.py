"""Papers (papirer): HTML to a PDF that a screen reader can read and an archive can keep.

The only place that knows WeasyPrint. It writes PDF/A-3a; the finisher below adds what it leaves out, so that the same
file is PDF/UA-1 too: the PDF/UA mark, the scope of header cells, the bodies of list items, and running heads that are
artefacts instead of content.
"""

import mimetypes
import re
import threading
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.utils._os import safe_join
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

# A paper's own address, against which static files are found; nobody can ever own a name in .invalid (RFC 2606).
PAPER_ORIGIN = "https://papir.invalid"
PAPER_STYLESHEETS = ("css/print.css",)

# All papers share Pango's font map, which two threads must not use at once; papers are CPU work, so waiting is no loss.
_engine = threading.Lock()

# Characters that neither HTML, XMP nor a font can carry; a text pasted from elsewhere may hold them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class PaperError(Exception):
    """The paper could not be made: it refers to something forbidden, or lacks its title or language."""


def render_pdf(html: str, *, created: datetime, stylesheets: Sequence[str] = PAPER_STYLESHEETS) -> bytes:
    """Make the paper of a whole HTML document, PDF/UA-1 and PDF/A-3a; same HTML and same time give the same bytes.

    Stylesheets are names of static files. Title, author and language are read from the HTML.
    """
    try:
        with _engine:
            plain = _weasyprint(_UNPRINTABLE.sub("", html), created, stylesheets)
    except FatalURLFetchingError as refusal:  # derives from BaseException: it would take the whole worker with it
        raise PaperError(str(refusal.__cause__)) from refusal
    return _finish(plain)


def _weasyprint(html: str, created: datetime, stylesheets: Sequence[str]) -> bytes:
    fetcher = StaticFetcher()
    source = HTML(string=html, base_url=f"{PAPER_ORIGIN}/", url_fetcher=fetcher)
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
    return written


def _w3c_time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("A paper's time needs a time zone")
    return moment.isoformat(timespec="seconds")


# --- What a paper may fetch -------------------------------------------------------------------------------------------


class StaticFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Serve our own static files to the paper and refuse everything else: no network, no other file, no data URL."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self.refusals: list[str] = []

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        try:
            path = _static_file(_static_name(url))
        except (PaperError, SuspiciousFileOperation) as refusal:
            self.refusals.append(str(refusal))
            raise
        content_type, _ = mimetypes.guess_type(path.name)
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": content_type or "application/octet-stream"})


def _static_name(url: str) -> str:
    """Return the static file's name within STATIC_URL, or refuse the address."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    prefix = urlsplit(settings.STATIC_URL).path
    if f"{parts.scheme}://{parts.netloc}" != PAPER_ORIGIN or not path.startswith(prefix):
        raise PaperError(f"Et papir må kun hente vores egne statiske filer, ikke {url[:200]!r}")
    return path.removeprefix(prefix)


def _static_file(name: str) -> Path:
    """Find a static file where it is developed, or where `collectstatic` put it; neither search leaves its folder."""
    found = finders.find(name)
    if not found:
        found = safe_join(settings.STATIC_ROOT, name)
    if not Path(found).is_file():
        raise PaperError(f"Den statiske fil findes ikke: {name[:200]!r}")
    return Path(found)


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
    return CSS(string=css, base_url=address, url_fetcher=StaticFetcher(), font_config=_font_configuration())


# --- The finisher: what WeasyPrint leaves out -------------------------------------------------------------------------

# PDF/A wants every foreign property described in an extension schema, and all of it in one RDF block.
_PDFUA_XMP = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">\
<pdfuaid:part>1</pdfuaid:part></rdf:Description>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property>\
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"""

_MARKED = re.compile(rb"/\w+\s+<<\s*/MCID (\d+)\s*>>\s+BDC\b")
_RUNNING_HEAD = b"/Artifact <</Type /Pagination>> BDC"


def _finish(plain: bytes) -> bytes:
    """Turn WeasyPrint's PDF/A-3a into a file that is PDF/UA-1 as well."""
    target = BytesIO()
    with pikepdf.open(BytesIO(plain)) as pdf:
        _claim_pdfua(pdf)
        tagged = _mend_tags(pdf)
        for number, page in enumerate(pdf.pages):
            _make_running_heads_artefacts(pdf, number, page, tagged[page.obj.objgen])
        pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return target.getvalue()


def _claim_pdfua(pdf: pikepdf.Pdf) -> None:
    xmp = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata.write(xmp.replace(b"</rdf:RDF>", _PDFUA_XMP, 1))


def _mend_tags(pdf: pikepdf.Pdf) -> defaultdict[tuple[int, int], set[int]]:
    """Mend the tag tree, and return the marked content it reaches, page by page."""
    reached: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    waiting: list[tuple[Any, bool]] = [(tag, False) for tag in pdf.Root.StructTreeRoot.K]
    while waiting:
        tag, in_head = waiting.pop()
        if tag.S == "/TH":
            tag.A.Scope = pikepdf.Name.Column if in_head else pikepdf.Name.Row
        elif tag.S == "/LI":
            _give_list_item_a_body(pdf, tag)
        for kid in tag.K:
            if isinstance(kid, int):
                reached[tag.Pg.objgen].add(kid)
            elif "/S" in kid:  # else the annotation of a link
                waiting.append((kid, in_head or tag.S == "/THead"))
    return reached


def _give_list_item_a_body(pdf: pikepdf.Pdf, item: pikepdf.Object) -> None:
    """Put a list item's paragraphs into an LBody: WeasyPrint does so for bare text only."""
    loose = [kid for kid in item.K if kid.S not in ("/Lbl", "/LBody")]
    if not loose:
        return
    parts = {"/Type": pikepdf.Name.StructElem, "/S": pikepdf.Name.LBody, "/P": item, "/Pg": item.Pg, "/K": loose}
    body = pdf.make_indirect(pikepdf.Dictionary(parts))
    item.K = [kid for kid in item.K if kid.S in ("/Lbl", "/LBody")] + [body]
    for kid in loose:
        kid.P = body


def _make_running_heads_artefacts(pdf: pikepdf.Pdf, number: int, page: pikepdf.Page, tagged: set[int]) -> None:
    """Mark what no tag reaches, the text in the page's margins, so that nobody hears "side 2 af 4" in mid-sentence."""

    def mark(marked: re.Match[bytes]) -> bytes:
        return marked[0] if int(marked[1]) in tagged else _RUNNING_HEAD

    page.Contents.write(_MARKED.sub(mark, page.Contents.read_bytes()))
    # Pairs of a page number and the tags of its marked content, the pages first.
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums[2 * number + 1]
    for mcid in set(range(len(parents))) - tagged:
        parents[mcid] = None
