"""Fields that several forms share."""

from datetime import date

from django import forms
from django.db.models import Q

from kit.clock import today
from meetings.forms.fields import is_plausible_day
from pejlemaerker.models import FollowUpPlan, FollowUpStep, GoalSet


def date_field(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """A day, picked in the browser's own calendar."""
    # The format is the one that HTML demands, whatever the language of the page.
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"required": "Skriv datoen.", "invalid": "Skriv datoen som 3.10.2022."}
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, error_messages=messages,
        validators=[_is_of_our_time],
    )  # fmt: skip


def _is_of_our_time(day: date) -> None:
    """A year typed wrong is found here: it may end in a fact that can never be changed."""
    if not is_plausible_day(day, today()):
        raise forms.ValidationError(f"Er året {day.year} rigtigt? Datoen skal ligge efter 1999 og højst to år frem.")


class StepField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Et trin i planen: which step of the newest plan this carries out, if any; what is chosen already may stay."""

    def __init__(self, goal_set: GoalSet | None, *, chosen: int | None = None) -> None:
        plan = FollowUpPlan.objects.filter(goal_set=goal_set).order_by("-number").first() if goal_set else None
        super().__init__(
            FollowUpStep.objects.filter(Q(plan=plan, is_recurring=False) | Q(pk=chosen)).order_by("plan", "position"),
            label="Trin i opfølgningsplanen",
            help_text="Vælger du et trin, står det som gennemført i forløbet.",
            required=False,
            empty_label="Ikke et trin i planen",
        )

    def label_from_instance(self, obj: FollowUpStep) -> str:
        """Name the step with its time, in the plan's words."""
        when = obj.when.label
        return f"{obj} ({when})" if when else str(obj)


class PlainText(forms.CharField):
    """Running text, verbatim, with line breaks as one character; no longer than a paper can be set from."""

    def __init__(self, label: str, *, help_text: str = "", rows: int = 5, required: bool = False) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-keep": ""})
        super().__init__(label=label, help_text=help_text, required=required, widget=widget, max_length=20_000)

    def clean(self, value: object) -> str:
        """Return the text as typed, without the carriage returns that browsers send."""
        return str(super().clean(value)).replace("\r\n", "\n")
