"""Papers: a document object set as PDF. The same object, day and viewer give the same bytes."""

from django.template.loader import render_to_string

from kit.clock import beginning_of, today
from kit.pdf import render_pdf
from pejlemaerker.documents.note import NoteDocument


def note_pdf(document: NoteDocument) -> bytes:
    """Set a status note as PDF/UA-1 and PDF/A-3a; raises kit.pdf.PaperError when something it needs is missing."""
    html = render_to_string("pejlemaerker/pdf/note.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()))
