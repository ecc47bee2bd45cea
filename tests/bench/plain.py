"""The same pages as somebody would write them by hand for nothing but speed: no permissions, no history, no day to look
back from. What the house costs beyond these is what it does besides.
"""

from typing import Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from kit.dates import format_date
from meetings.models import AgendaItem, Committee, Meeting
from pejlemaerker.models import Adoption, FollowUpStep, Goal, GoalSet, StatusEntry


class Line(NamedTuple):
    """A heading, or what stands below one."""

    title: str
    text: str = ""
    url: str = ""
    is_heading: bool = False


_PAGE = Engine(autoescape=True).from_string("""<!DOCTYPE html>
<html lang="da"><head><meta charset="utf-8"><title>{{ title }}</title></head><body><main><h1>{{ title }}</h1>
{% for line in lines %}{% if line.is_heading %}<h2>{{ line.title }}</h2>
{% else %}<p><a href="{{ line.url }}">{{ line.title }}</a> {{ line.text }}</p>
{% endif %}{% endfor %}</main></body></html>""")


def _page(title: str, lines: list[Line]) -> HttpResponse:
    return HttpResponse(_PAGE.render(Context({"title": title, "lines": lines})))


def _goals(sets: list[GoalSet]) -> list[Line]:
    """Sets with their pejlemærker: wording in force, latest status, next step. Four queries."""
    goals = Goal.objects.filter(goal_set__in=sets).order_by("number")
    in_force = {
        one.version.goal_id: one for one in Adoption.objects.filter(version__goal__in=goals).select_related("version")
    }
    status = dict(StatusEntry.objects.filter(goal__in=goals).order_by("pk").values_list("goal", "text"))
    steps = dict(
        FollowUpStep.objects.filter(plan__goal_set__in=sets)
        .order_by("-position")
        .values_list("plan__goal_set", "when_text")
    )
    lines: list[Line] = []
    own: dict[int, list[Goal]] = {}
    for goal in goals:
        own.setdefault(goal.goal_set_id, []).append(goal)
    for one in sets:
        lines.append(Line(f"{one.area.name} {one.period} {steps.get(one.pk, '')}", is_heading=True))
        lines += [
            Line(
                f"{goal.number}. {in_force[goal.pk].version.text}",
                f"{format_date(in_force[goal.pk].in_force_from)} {status.get(goal.pk, '')}",
                f"/pejlemaerker/{goal.pk}/",
            )
            for goal in own.get(one.pk, [])
        ]
    return lines


def _sets(**chosen: Any) -> list[GoalSet]:
    return list(GoalSet.objects.filter(**chosen).select_related("period__committee", "area"))


def overview(_request: HttpRequest) -> HttpResponse:
    """The sets of the period that runs."""
    newest = GoalSet.objects.latest("period__starts_on").period.starts_on
    return _page("Overblik", _goals(_sets(period__starts_on=newest)))


def goals(_request: HttpRequest) -> HttpResponse:
    """The first sixty pejlemærker."""
    return _page("Pejlemærker", _goals(_sets()[:10]))


def goal_set(_request: HttpRequest, pk: int) -> HttpResponse:
    """One set."""
    return _page("Sæt", _goals(_sets(pk=pk)))


def goal(_request: HttpRequest, pk: int) -> HttpResponse:
    """One pejlemærke."""
    found = Goal.objects.select_related("goal_set__area", "goal_set__period").get(pk=pk)
    versions = [Line(one.text, str(one.worded_on)) for one in found.versions.all()]
    adopted = [
        Line(one.version.text, format_date(one.in_force_from))
        for one in Adoption.objects.filter(version__goal=found).select_related("version")
    ]
    status = [Line(one.text, str(one.round)) for one in found.status_entries.select_related("round")]
    return _page(str(found), versions + adopted + status)


def committee(_request: HttpRequest, slug: str) -> HttpResponse:
    """One committee: members, sets, and the newest meetings."""
    found = Committee.objects.get(slug=slug)
    members = [Line(one.person.name, one.party) for one in found.memberships.select_related("person")]
    meetings = [Line(format_date(one.date), "", f"/moeder/{one.pk}/") for one in found.meetings.all()[:10]]
    newest = GoalSet.objects.filter(period__committee=found).latest("period__starts_on").period
    return _page(found.name, members + _goals(_sets(period=newest)) + meetings)


def meetings(_request: HttpRequest) -> HttpResponse:
    """The fifty newest meetings."""
    newest = Meeting.objects.select_related("committee")[:50]
    return _page("Møder", [Line(format_date(one.date), one.committee.name, f"/moeder/{one.pk}/") for one in newest])


def meeting(_request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting with its items and their decisions: three queries, as the anchor of CHECKS."""
    found = Meeting.objects.select_related("committee").get(pk=pk)
    items = AgendaItem.objects.filter(meeting=found).prefetch_related(Prefetch("decisions"))
    lines = [
        Line(
            f"{one.number}. {one.title}",
            " ".join(made.text for made in one.decisions.all()),
            f"/moeder/{one.meeting_id}/punkter/{one.number}/",
        )
        for one in items
    ]
    return _page(f"{found.committee.name} {format_date(found.date)}", lines)


def search(request: HttpRequest) -> HttpResponse:
    """The twenty newest items that hold the words."""
    query = SearchQuery(request.GET["q"], config="danish", search_type="websearch")
    hits = AgendaItem.objects.filter(search=query).select_related("meeting__committee").order_by("-day", "-pk")[:20]
    return _page(
        "Søg",
        [
            Line(one.title, one.meeting.committee.name, f"/moeder/{one.meeting_id}/punkter/{one.number}/")
            for one in hits
        ],
    )


urlpatterns = [
    path(address, login_not_required(view))
    for address, view in (
        ("", overview), ("pejlemaerker/", goals), ("saet/<int:pk>/", goal_set), ("pejlemaerker/<int:pk>/", goal),
        ("udvalg/<slug:slug>/", committee), ("moeder/", meetings), ("moeder/<int:pk>/", meeting), ("soeg/", search),
    )
]  # fmt: skip
