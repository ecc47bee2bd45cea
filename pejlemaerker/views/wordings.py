"""Writing a new wording."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from pejlemaerker.forms.wording import WordingForm
from pejlemaerker.models import Goal, GoalVersion
from pejlemaerker.permissions import can_write_wording, goal_for


@permission_on(goal_for, can_write_wording)
@require_http_methods(["GET", "HEAD", "POST"])
def new_wording(request: HttpRequest, goal: Goal) -> HttpResponse:
    """Skriv en ny ordlyd af et pejlemærke; den gælder først, når udvalget har besluttet den."""
    form = WordingForm(request.POST or None, goal=goal, user=request.user)
    if request.method != "POST" or not form.is_valid():
        return _page(request, goal, form, status=422 if form.is_bound else 200)
    try:
        form.save()
    except EditConflict as conflict:
        newest = conflict.current
        assert isinstance(newest, GoalVersion)  # noqa: S101  (what the action raises it with)
        form.write_over(newest)
        return _page(request, goal, form, status=409, newest=newest)
    messages.success(request, "Den nye ordlyd er skrevet ind. Den gælder, når udvalget har besluttet den.")
    return see_other(goal.get_absolute_url())


def _page(
    request: HttpRequest, goal: Goal, form: WordingForm, *, status: int, newest: GoalVersion | None = None
) -> HttpResponse:
    context = {"goal": goal, "form": form, "newest": newest, "mine": form.data.get("text", "")}
    return render_page(request, "pejlemaerker/wording_form.html", context, status=status)
