"""Papers: a document object set as PDF. The same object, day and viewer give the same bytes."""

from django.template.loader import render_to_string

from kit.clock import beginning_of, today
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from pejlemaerker.documents.note import NoteDocument
from pejlemaerker.documents.wordings import WordingsDocument
from pejlemaerker.documents.year_wheel import YearWheelDocument


def note_pdf(document: NoteDocument) -> bytes:
    """Set a status note as PDF/UA-1 and PDF/A-3a; raises kit.pdf.PaperError when something it needs is missing."""
    html = render_to_string("pejlemaerker/pdf/note.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()))


def year_wheel_pdf(document: YearWheelDocument) -> bytes:
    """Set a year wheel as PDF/UA-1 and PDF/A-3a, on one sheet where the year is not too full."""
    html = render_to_string("pejlemaerker/pdf/year_wheel.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-wheel.css"))


def wordings_pdf(document: WordingsDocument) -> bytes:
    """Set the wordings of a pejlemærke as PDF/UA-1 and PDF/A-3a, with what changed in them."""
    html = render_to_string("pejlemaerker/pdf/wordings.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-diff.css"))
