"""For other programs: the calendar one subscribes to, and the feed of what was made public."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import slug_re
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import conditional_page, require_safe
from icalendar import STATUS, Calendar, Event

from kit.appointments import span_of
from kit.guards import public
from meetings.documents.news import NewsDocument, meetings_for_calendar
from meetings.models import Committee, Meeting


@public
@require_safe
@conditional_page
def calendar_ics(request: HttpRequest) -> HttpResponse:
    """/kalender.ics: the meetings the viewer may see, perhaps of one committee; never what is on their agendas."""
    committee = committee_asked_for(request)
    calendar = Calendar.new(
        prodid="-//Pejlemaerker//Moeder//DA", name=f"Møder i {committee}" if committee else "Politiske møder",
        refresh_interval=timedelta(hours=6),
        uid=f"moeder-{committee.slug if committee else 'alle'}@{request.get_host()}",
    )  # fmt: skip
    for meeting in meetings_for_calendar(request.user, committee=committee):
        calendar.add_component(meeting_event(request, meeting))
    calendar.add_missing_timezones()
    return kept_private(HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8"))


@public
@require_safe
@conditional_page
def atom(request: HttpRequest) -> HttpResponse:
    """/nyt.atom: the agendas and minutes that were made public last."""
    committee = committee_asked_for(request)
    feed = Atom1Feed(
        title=f"Nyt fra {committee}" if committee else "Nye dagsordener og referater",
        link=request.build_absolute_uri(committee.get_absolute_url() if committee else "/moeder/"),
        description="Dagsordener og referater, der er offentliggjort",
        language=settings.LANGUAGE_CODE,
        feed_url=request.build_absolute_uri(),
    )
    for entry in NewsDocument.for_viewer(request.user, committee=committee).entries:
        address = request.build_absolute_uri(entry.url)
        feed.add_item(
            title=entry.title, link=address, description=entry.text, updateddate=entry.at, pubdate=entry.at,
            unique_id=f"{address}#{entry.pk}",
        )  # fmt: skip
    return kept_private(HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"))


def committee_asked_for(request: HttpRequest) -> Committee | None:
    """Read `?udvalg=`; one that does not exist has no feed."""
    slug = request.GET.get("udvalg", "")
    if slug and not slug_re.fullmatch(slug):
        raise Http404
    return get_object_or_404(Committee, slug=slug) if slug else None


def kept_private(response: HttpResponse) -> HttpResponse:
    """What is in it depends on who asks: it may be kept, but asked for anew, and by nobody in between."""
    response.headers["Vary"] = "Cookie"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def meeting_event(request: HttpRequest, meeting: Meeting) -> Event:
    """One meeting; the whole day where the hour is not known."""
    start, end = span_of(meeting.date, meeting.starts_at, meeting.ends_at)
    return Event.new(
        uid=f"moede-{meeting.pk}@{request.get_host()}",
        summary=f"Aflyst: {meeting.held_by}" if meeting.cancelled else meeting.held_by,
        start=start,
        end=end,
        stamp=meeting.edited_at,
        last_modified=meeting.edited_at,
        sequence=meeting.revision,
        location=meeting.place or None,
        description=f"Aflyst: {meeting.cancelled}" if meeting.cancelled else None,
        status=STATUS.CANCELLED if meeting.cancelled else STATUS.CONFIRMED,
        url=request.build_absolute_uri(meeting.get_absolute_url()),
    )
