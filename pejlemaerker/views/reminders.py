"""Påmindelser: what one is reminded of, and how to stop it, also straight from the letter."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.guards import permission, public
from kit.htmx import render_page, see_other
from meetings.models import User
from meetings.permissions import is_logged_in
from pejlemaerker.actions.reminders import stop_reminders
from pejlemaerker.documents.reminder_kinds import ReminderKind, kind_lines, stopped_kinds
from pejlemaerker.forms.reminders import RemindersForm
from pejlemaerker.letters import user_of_signed


@permission(is_logged_in)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest) -> HttpResponse:
    """/mit/paamindelser/: which kinds one gets by which role, each with a tick."""
    form = RemindersForm(request.POST if request.method == "POST" else None, user=cast("User", request.user))
    if form.is_valid():
        form.save()
        messages.success(request, "Dit valg er gemt.")
        return see_other(request.path)
    return render_page(request, "pejlemaerker/reminders/mine.html", {"form": form})


@public
@csrf_exempt  # the signed address gives the right, not a login; and mail programs post by themselves (RFC 8058)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, signed: str) -> HttpResponse:
    """/paamindelser/17:…/: stop one kind of reminder or all, from a link in a letter. Whose it is, is not told."""
    user = user_of_signed(signed)
    if user is None:
        return render_page(request, "pejlemaerker/reminders/no_such_link.html", {}, status=404)
    if request.method == "POST":
        kind = request.POST.get("art", "")
        stop_reminders(user=user, kind=kind if kind in ReminderKind.values else "")
        return see_other(request.path)
    stopped = stopped_kinds(user)
    going = [line for line in kind_lines(user) if line.kind not in stopped]
    return render_page(request, "pejlemaerker/reminders/stop.html", {"going": going})
