"""Papers: a document object set as PDF. The same object, day and viewer give the same bytes."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.timezone import localdate

from kit.clock import beginning_of, today
from kit.paper.document import Paper
from kit.paper.html import set_as_html
from kit.paper.picture import Logo
from kit.paper.word import MIME, render_docx
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from pejlemaerker.documents.answer_sheet import AnswerSheetDocument
from pejlemaerker.documents.programme import ProgrammeDocument
from pejlemaerker.documents.wordings import WordingsDocument
from pejlemaerker.documents.year_wheel import YearWheelDocument
from pejlemaerker.models import AnswerSheet, NoteTemplate, PaperForm


@dataclass(frozen=True, slots=True)
class Made:
    """En færdig fil: its bytes and what it is served as."""

    content: bytes
    mime: str


def make(paper: Paper, form: str, *, house: NoteTemplate | None = None) -> Made:
    """Make a paper in one of its forms (PaperForm); the logo's bytes come from the house's template.

    Raises kit.pdf.PaperError when something it needs is missing.
    """
    return _MAKERS[PaperForm(form)](paper, house)


def _pdf(paper: Paper, house: NoteTemplate | None) -> Made:
    """PDF/UA-1 and PDF/A-3a in one file."""
    logo = _logo(house)
    if not logo:  # a paper frozen with a logo that is not at hand is still a paper
        paper = replace(paper, letterhead=replace(paper.letterhead, logo=""))
    images = {paper.letterhead.logo: logo} if paper.letterhead.logo else {}
    html = render_to_string("paper/paper.html", {"paper": paper})
    return Made(render_pdf(html, created=beginning_of(today()), images=images), "application/pdf")


def _docx(paper: Paper, house: NoteTemplate | None) -> Made:
    """Word, with real styles."""
    content = _logo(house)
    logo = Logo(content, house.logo_type) if house and content else None
    return Made(render_docx(paper, created=beginning_of(today()), logo=logo), MIME)


def _html(paper: Paper, house: NoteTemplate | None) -> Made:
    """One HTML file that needs nothing beside itself."""
    content = set_as_html(paper, logo=_logo(house), logo_type=house.logo_type if house else "")
    return Made(content, "text/html; charset=utf-8")


def _logo(house: NoteTemplate | None) -> bytes:
    return bytes(house.logo) if house and house.logo else b""


_MAKERS: dict[PaperForm, Callable[[Paper, NoteTemplate | None], Made]] = {
    PaperForm.PDF: _pdf,
    PaperForm.DOCX: _docx,
    PaperForm.HTML: _html,
}


def year_wheel_pdf(document: YearWheelDocument) -> bytes:
    """Set a year wheel as PDF/UA-1 and PDF/A-3a, on one sheet where the year is not too full."""
    html = render_to_string("pejlemaerker/pdf/year_wheel.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-wheel.css"))


def wordings_pdf(document: WordingsDocument) -> bytes:
    """Set the wordings of a pejlemærke as PDF/UA-1 and PDF/A-3a, with what changed in them."""
    html = render_to_string("pejlemaerker/pdf/wordings.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-diff.css"))


def answer_sheet_pdf(sheet: AnswerSheet) -> bytes:
    """Set a leader's answers, as they were handed in, as PDF/UA-1 and PDF/A-3a."""
    html = render_to_string("pejlemaerker/pdf/answer_sheet.html", {"document": AnswerSheetDocument.for_sheet(sheet)})
    return render_pdf(html, created=beginning_of(localdate(sheet.handed_in_at)))


def programme_pdf(document: ProgrammeDocument) -> bytes:
    """Set the programme of a dialogue meeting as PDF/UA-1 and PDF/A-3a, for the table: never with its notes."""
    html = render_to_string("pejlemaerker/pdf/programme.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-programme.css"))
