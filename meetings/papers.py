"""Papers: a meeting's agenda and minutes set as PDF. The same object, day and viewer give the same bytes."""

from django.template.loader import render_to_string

from kit.clock import beginning_of, today
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from meetings.documents.paper import MeetingPaper

STYLESHEETS = (*PAPER_STYLESHEETS, "css/print-meeting.css")


def meeting_pdf(document: MeetingPaper) -> bytes:
    """Set an agenda or minutes as PDF/UA-1 and PDF/A-3a; raises kit.pdf.PaperError when something it needs is
    missing.
    """
    html = render_to_string("meetings/pdf/meeting.html", {"document": document})
    return render_pdf(html, created=beginning_of(today()), stylesheets=STYLESHEETS)
