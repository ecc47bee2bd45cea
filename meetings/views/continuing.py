"""Et punkt deles, flyttes, gentages eller sendes videre."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.dates import format_date
from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import AlreadyDecided, MeetingClosed, NotAllowed
from meetings.documents.parts import meeting_name
from meetings.forms.continuing import ContinueForm, SplitForm
from meetings.models import AgendaItem
from meetings.permissions import AgendaPlace, can_plan_place, item_at, place_for

_DECIDED = "Punktet er ført til protokollen og kan hverken deles eller flyttes. Det kan gentages eller sendes videre."
_CHANGED = "Punktet er rettet imens. Her er at-punkterne, som de står nu. Vælg igen, og del punktet."


@permission_on(place_for, can_plan_place)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, place: AgendaPlace) -> HttpResponse:
    """/moeder/17/punkter/3/del/: give some of an item's at-points to a new item after it."""
    item = item_at(request.user, place, request.POST.get("item_pk", ""))
    form = SplitForm(request.POST or None, user=request.user, item=item)
    if form.made:
        return see_other(form.made.get_absolute_url())
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            new = form.save()
        except NotAllowed as refusal:
            form.add_error(refusal.field, str(refusal))
        except (AlreadyDecided, MeetingClosed) as refusal:
            status = 409
            form.add_error(None, _DECIDED if isinstance(refusal, AlreadyDecided) else str(refusal))
        except EditConflict as clash:
            status = 409
            form.write_over(clash.current.revision)  # type: ignore[attr-defined]
            form.add_error(None, _CHANGED)
        else:
            messages.success(request, f"Punktet er delt. Det nye punkt er punkt {new.number}.")
            return see_other(new.get_absolute_url())
    return _page(request, item, form, f"Del punkt {item.number}", "meetings/item_split.html", status)


@permission_on(place_for, can_plan_place)
@require_http_methods(["GET", "HEAD", "POST"])
def go_on(request: HttpRequest, place: AgendaPlace) -> HttpResponse:
    """/moeder/17/punkter/3/videre/: flyt, gentag or send videre to another meeting."""
    item = item_at(request.user, place, request.POST.get("item_pk", ""))
    form = ContinueForm(request.POST or None, user=request.user, item=item, source=place.meeting)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            new = form.save()
        except NotAllowed as refusal:
            form.add_error(refusal.field, str(refusal))
        except (AlreadyDecided, MeetingClosed) as refusal:
            status = 409
            form.add_error(None, _DECIDED if isinstance(refusal, AlreadyDecided) else str(refusal))
        else:
            day = format_date(new.meeting.date)
            messages.success(request, f"Sagen er sat på dagsordenen for mødet den {day} som punkt {new.number}.")
            return see_other(new.get_absolute_url())
    return _page(request, item, form, f"Hvor skal punkt {item.number} hen?", "meetings/item_continue.html", status)


def _page(
    request: HttpRequest, item: AgendaItem, form: SplitForm | ContinueForm, title: str, template: str, status: int
) -> HttpResponse:
    context = {"item": item, "form": form, "title": title, "eyebrow": meeting_name(item.meeting)}
    return render_page(request, template, context, status=status)
