"""Et papir i Word: real styles, a Danish document, and the same words in the same order as in every other form.

The only place that knows python-docx. The same paper, made on the same day, gives the same bytes.
"""

import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx.document import Document as WordDocument
from docx.section import _Footer, _Header
from docx.shared import Mm

from kit.paper.blocks import Figure
from kit.paper.document import Paper
from kit.paper.picture import Logo, logo_picture, pictures_of
from kit.paper.signing import signing
from kit.paper.word.body import Body
from kit.paper.word.pictures import picture_run
from kit.paper.word.styles import empty_paper
from kit.paper.word.text import Element, element, field, one_line, paragraph, run

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def render_docx(paper: Paper, *, created: datetime, logo: Logo | None = None) -> bytes:
    """Make a paper as a Word file. A logo that cannot be drawn is left out: the house's name stands anyway."""
    document = empty_paper(paper.letterhead.accent)
    drawings = dict.fromkeys(one.svg for one in _figures(paper.sections))
    body = Body(document, dict(zip(drawings, pictures_of(tuple(drawings)), strict=True)))
    ends = document.element.body.sectPr
    content = [*_head(document, paper, logo), *_sections(body, paper)]
    if paper.letterhead.signature and content[-1].tag.endswith("}p"):  # no signature alone on a page
        content[-1].get_or_add_pPr().get_or_add_keepNext().val = True
    for part in _spaced([*content, *_end(paper)]):
        ends.addprevious(part)
    _run_heads(document, paper)
    _describe(document, paper, created)
    target = BytesIO()
    document.save(target)
    return _dateless(target.getvalue())


def _sections(body: Body, paper: Paper) -> Iterator[Element]:
    yield paragraph("PaperAsOf", paper.as_of)
    for section in paper.sections:
        yield from body.section(section)


def _figures(parts: tuple[Any, ...]) -> Iterator[Figure]:
    for part in parts:
        if isinstance(part, Figure):
            yield part
        elif hasattr(part, "blocks"):
            yield from _figures(part.blocks)


def _head(document: WordDocument, paper: Paper, logo: Logo | None) -> Iterator[Element]:
    """The letterhead, then what kind of paper it is, and its title."""
    letterhead = paper.letterhead
    picture = logo_picture(logo) if logo else None
    if picture:
        alternative = letterhead.logo_alt or letterhead.municipality
        drawn = picture_run(document, picture, title="", alternative=alternative, widest=Mm(60), tallest=Mm(18))
        yield paragraph("PaperFigure", drawn, extra=(element("w:spacing", {"w:before": "0", "w:after": "160"}),))
    yield paragraph("PaperMunicipality", letterhead.municipality)
    for lines in (letterhead.sender, letterhead.address):
        if any(lines):
            yield paragraph("PaperLetterhead", " · ".join(line for line in lines if line))
    mark = ["  " if paper.word else "", run(paper.stamp.mark, "PaperMark")] if paper.stamp.mark else []
    if paper.word or mark:
        yield paragraph("PaperKind", paper.word, *mark)
    yield paragraph("Title", paper.title)
    facts = [f"{label}: {value}" if label else value for label, value in letterhead.facts]
    known = [part for part in (*facts, paper.stamp.number, letterhead.edition) if part]
    if known:
        yield paragraph("PaperFacts", " · ".join(known))


def _end(paper: Paper) -> Iterator[Element]:
    """The signature, kept together, with a line for each to sign on; then what kind of copy it is."""
    signed = signing(paper.letterhead.signature)
    if signed.greeting:
        yield paragraph("PaperSignature", signed.greeting, extra=_air(480))
    for signer in signed.signers:
        yield paragraph("PaperSigner", signer[0])
        yield from (paragraph("PaperSignature", line) for line in signer[1:])
    for number, line in enumerate(paper.stamp.colophon):
        yield paragraph("PaperColophon", line, extra=() if number else _air(480))


def _air(before: int) -> tuple[Element, ...]:
    return (element("w:spacing", {"w:before": str(before)}),)


def _spaced(parts: list[Element]) -> Iterator[Element]:
    """Let something stand between a table and what follows it: two tables in a row would become one."""
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        yield part
        if part.tag.endswith("}tbl") and not _begins_with_air(following):
            yield paragraph("PaperAfterTable")


def _begins_with_air(part: Element | None) -> bool:
    if part is None or part.tag.endswith("}tbl"):
        return False
    return (part.style or "").startswith(("Heading", "Caption", "PaperWording"))


def _run_heads(document: WordDocument, paper: Paper) -> None:
    """Header and footer: what it is about, UDKAST on every page, and "Side 2 af 4"."""
    page = document.sections[0]
    for head, text in ((page.first_page_header, ""), (page.header, paper.running_head)):
        mark = ["\t", run(paper.stamp.mark, "PaperMark")] if paper.stamp.mark else []
        _fill(head, paragraph("Header", text, *mark))
    about = " · ".join(part for part in (paper.as_of, paper.stamp.number) if part)
    for foot in (page.first_page_footer, page.footer):
        _fill(foot, paragraph("Footer", about, "\tSide ", field("PAGE"), " af ", field("NUMPAGES")))


def _fill(place: _Header | _Footer, content: Element) -> None:
    place.is_linked_to_previous = False
    empty = place.paragraphs[0]._p
    empty.getparent().replace(empty, content)


def _describe(document: WordDocument, paper: Paper, created: datetime) -> None:
    """What the file says of itself (an issued paper also its number and its text's fingerprint)."""
    about = document.core_properties
    about.title = one_line(paper.title)[:255]
    about.author = about.last_modified_by = one_line(paper.letterhead.municipality)[:255]
    about.subject = one_line(". ".join(part for part in (paper.word, paper.as_of) if part))[:255]
    about.language = "da-DK"
    about.comments, about.keywords, about.revision = "", ", ".join(paper.keywords), 1
    about.created = about.modified = created.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    about.content_status = one_line(paper.stamp.mark)[:255]
    about.identifier = one_line(paper.stamp.number)[:255]


def _dateless(written: bytes) -> bytes:
    """The same zip without the moment it was packed, so that the same paper is the same bytes."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(written)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()


__all__ = ["MIME", "Logo", "render_docx"]
