"""Dagsordenen lægges: items moved among each other, and taken off again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import MeetingClosed, NotAllowed, OrderChanged, delete_item
from meetings.documents.arranging import Arrangement
from meetings.documents.parts import meeting_name
from meetings.documents.promises import promises_for_agenda
from meetings.forms.arranging import MoveForm
from meetings.models import AgendaItem, ItemSection, Meeting, Recommendation
from meetings.permissions import AgendaPlace, can_plan_meeting, can_plan_place, is_pk, item_for, meeting_for, place_for


@permission_on(meeting_for, can_plan_meeting)
@require_safe
def arrange(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/dagsorden/: the agenda, to be put in order."""
    return _arrangement(request, Arrangement.of(meeting, viewer=request.user))


@permission_on(meeting_for, can_plan_meeting)
@require_POST
def move(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """/moeder/17/dagsorden/flyt/: move an item; 409 with the present order where another has arranged it meanwhile."""
    form = MoveForm(request.POST, user=request.user, meeting=meeting)
    if not form.is_valid():
        return HttpResponseBadRequest("Flyt med knapperne på siden.")
    try:
        moved = form.save()
    except (OrderChanged, MeetingClosed) as refusal:
        return _arrangement(request, Arrangement.of(meeting, viewer=request.user), refusal=str(refusal), status=409)
    except AgendaItem.DoesNotExist as unknown:
        raise Http404 from unknown
    arrangement = Arrangement.of(meeting, viewer=request.user, moved=moved.pk, step=form.step)
    if request.htmx:  # type: ignore[attr-defined]
        return _arrangement(request, arrangement, told=arrangement.told(moved.pk))
    messages.success(request, arrangement.told(moved.pk))
    return see_other(f"{reverse('agenda_arrange', args=[meeting.pk])}#punkt-{moved.pk}")


def _arrangement(
    request: HttpRequest, arrangement: Arrangement, *, told: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "document": arrangement,
        "promises": promises_for_agenda(arrangement.meeting, viewer=request.user),
        "eyebrow": meeting_name(arrangement.meeting),
        "told": told,
        "refusal": refusal,
    }
    return render_page(request, "meetings/arrange.html", context, partial="raekkefoelge", status=status)


@permission_on(place_for, can_plan_place)
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, place: AgendaPlace) -> HttpResponse:
    """/moeder/17/punkter/3/slet/: take an item off an agenda that nobody has yet, after a page that says what goes."""
    agenda = reverse("agenda_arrange", args=[place.meeting.pk])
    meant = request.POST.get("item_pk", "")
    if is_pk(meant) and not AgendaItem.including_closed.filter(pk=meant).exists():  # gone by an earlier press
        return see_other(agenda)
    item = item_for(request.user, meeting_id=place.meeting.pk, number=place.number)
    refusal, status = "", 200
    if request.method == "POST":
        status = 409
        if meant != str(item.pk):
            refusal = "Dagsordenen er lagt om imens. Se efter, om det er dette punkt, du vil slette."
        else:
            try:
                delete_item(item=item, by=request.user)
            except (NotAllowed, MeetingClosed) as no:
                refusal = str(no)
            else:
                messages.success(request, f"Punktet med nummer {place.number} er slettet.")
                return see_other(agenda)
    context = {
        "item": item, "eyebrow": meeting_name(item.meeting), "refusal": refusal, "title": f"Slet punkt {item.number}",
        "points": Recommendation.including_closed.filter(item=item).count(),
        "sections": ItemSection.including_closed.filter(item=item).count(),
    }  # fmt: skip
    return render_page(request, "meetings/item_delete.html", context, status=status)
