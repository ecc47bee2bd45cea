"""The year wheel as a calendar that one subscribes to."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import conditional_page, require_safe
from icalendar import STATUS, TRANSP, Calendar, Event

from kit.guards import public
from meetings.documents.news import meetings_for_calendar
from meetings.views.feeds import committee_asked_for, kept_private, meeting_event
from pejlemaerker.documents.wheel_events import SetEvent, events_for_calendar
from pejlemaerker.models import AsOf


@public
@require_safe
@conditional_page
def steps_ics(request: HttpRequest) -> HttpResponse:
    """/aarshjul.ics (`?udvalg=`): the meetings and steps the viewer may see; never what is on an agenda."""
    committee = committee_asked_for(request)
    calendar = Calendar.new(
        prodid="-//Pejlemaerker//Aarshjul//DA", name=f"Årshjul for {committee}" if committee else "Årshjul",
        refresh_interval=timedelta(hours=6),
        uid=f"aarshjul-{committee.slug if committee else 'alle'}@{request.get_host()}",
    )  # fmt: skip
    for meeting in meetings_for_calendar(request.user, committee=committee):
        calendar.add_component(meeting_event(request, meeting))
    for happening in events_for_calendar(request.user, committee=committee, at=AsOf.now()):
        calendar.add_component(_event(request, happening))
    calendar.add_missing_timezones()
    return kept_private(HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8"))


def _event(request: HttpRequest, happening: SetEvent) -> Event:
    """A step on its day; one with a vague time over all the days it can mean, and with the plan's words for it. Such
    days keep nobody busy.
    """
    vague = "" if happening.is_firm else f" ({happening.when})"
    end = happening.latest + timedelta(days=1) if happening.latest else None
    return Event.new(
        uid=f"{happening.uid}@{request.get_host()}",
        summary=f"{'Aflyst: ' if happening.is_cancelled else ''}{happening.what}{vague}, {happening.whose}",
        start=happening.earliest,
        end=end,
        stamp=happening.recorded_at,
        last_modified=happening.recorded_at,
        sequence=happening.version,
        description=". ".join(part for part in (happening.full_whose, happening.note) if part),
        status=STATUS.CANCELLED if happening.is_cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.OPAQUE if happening.is_firm else TRANSP.TRANSPARENT,
        url=request.build_absolute_uri(happening.url),
    )
