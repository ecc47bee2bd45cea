"""Papers: a document object set as PDF. The same object, day and viewer give the same bytes."""

import re

from django.template.loader import render_to_string
from django.utils.timezone import localdate

from kit.clock import beginning_of, today
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from pejlemaerker.documents.answer_sheet import AnswerSheetDocument
from pejlemaerker.documents.note import NoteDocument
from pejlemaerker.documents.programme import ProgrammeDocument
from pejlemaerker.documents.wordings import WordingsDocument
from pejlemaerker.documents.year_wheel import YearWheelDocument
from pejlemaerker.models import AnswerSheet

# An emoji that no font at hand can draw would make the paper invalid; that there was one is told in words.
_PICTURES = re.compile("[\U00010000-\U0010ffff][\u200d\ufe0f\U00010000-\U0010ffff]*")


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


def answer_sheet_pdf(sheet: AnswerSheet) -> bytes:
    """Set a leader's answers, as they were handed in, as PDF/UA-1 and PDF/A-3a."""
    html = render_to_string("pejlemaerker/pdf/answer_sheet.html", {"document": AnswerSheetDocument.for_sheet(sheet)})
    return render_pdf(_PICTURES.sub("[emoji]", html), created=beginning_of(localdate(sheet.handed_in_at)))


def programme_pdf(document: ProgrammeDocument) -> bytes:
    """Set the programme of a dialogue meeting as PDF/UA-1 and PDF/A-3a, for the table: never with its notes."""
    html = render_to_string("pejlemaerker/pdf/programme.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=(*PAPER_STYLESHEETS, "css/print-programme.css"))
