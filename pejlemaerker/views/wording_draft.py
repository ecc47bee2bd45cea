"""Writing a new wording: a draft, kept as one types, until it is sent til behandling."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.actions import NotAllowed
from meetings.views.saving import refuse
from pejlemaerker.documents.dialogue_notes import NotesBeside
from pejlemaerker.forms.wording import WordingForm
from pejlemaerker.models import Goal, GoalVersion, WordingDraft
from pejlemaerker.permissions import can_write_wording, goal_for


@permission_on(goal_for, can_write_wording)
@require_http_methods(["GET", "HEAD", "POST"])
def new_wording(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Skriv en ny ordlyd af et pejlemærke; den gælder først, når udvalget har besluttet den."""
    form = WordingForm(request.POST or None, goal=goal, user=request.user, asked=request.GET)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        if "send" not in request.POST:
            form.save_draft()
            return _kept(request, form)
        if not form.can_be_sent():
            form.save_draft()  # what is written is not lost because something is missing
            return _page(request, form, status=422)
        form.save()
    except EditConflict as conflict:
        return _clash(request, form, conflict)
    except NotAllowed as refused:
        refuse(form, refused)
        return _page(request, form, status=422)
    messages.success(request, "Ordlyden er sendt til behandling. Den gælder, når udvalget har besluttet den.")
    return see_other(reverse("wordings", args=[goal.pk]))


def _kept(request: HttpRequest, form: WordingForm) -> HttpResponse:
    """Saved as you type: the fragment that says so; saved by the button: the page again."""
    if _is_htmx(request):
        return _page(request, form)
    messages.success(request, "Kladden er gemt. Den er ikke sendt endnu.")
    item = form.cleaned_data["item"]
    return see_other(reverse("wording_new", args=[form.goal.pk]) + (f"?punkt={item.pk}" if item else ""))


def _clash(request: HttpRequest, form: WordingForm, conflict: EditConflict) -> HttpResponse:
    """Two wrote at once: another draft, which one must tick to replace, or a wording that has come in between."""
    if isinstance(conflict.current, WordingDraft):
        form.conflict = conflict.current
        return _page(request, form, status=409)
    newest = conflict.current
    assert isinstance(newest, GoalVersion)  # noqa: S101  (what the actions raise it with)
    form.write_over(newest)
    return _page(request, form, status=409, newest=newest)


def _page(
    request: HttpRequest, form: WordingForm, *, status: int = 200, newest: GoalVersion | None = None
) -> HttpResponse:
    form.show_what_is_needed()
    context = {
        "goal": form.goal,
        "form": form,
        "newest": newest,
        "mine": form.data.get("text", ""),
        "is_autosave": _is_htmx(request),
        "beside": NotesBeside.of(form.formulated_at, viewer=request.user, goal=form.goal),
    }
    return render_page(request, "pejlemaerker/wording_form.html", context, partial="gemt", status=status)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))
