"""En evalueringsrunde: what it is about, for which meeting, and how the leaders are invited; and more time once it is
open.
"""

from typing import Any, NamedTuple, cast

from django import forms
from django.db.models import Q
from django.http import QueryDict

from kit.clock import moment, today
from kit.dates import format_date
from kit.drafts import EditConflict
from kit.once import NonceField
from meetings.forms.fields import retyped
from meetings.models import Committee
from pejlemaerker.actions.surveys import begin_survey, edit_survey, extend_survey
from pejlemaerker.documents.occasions import Occasion, chosen, occasion_of, occasions_ahead
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import EvaluationRound, GoalSet, Survey
from pejlemaerker.permissions import can_follow_up

MOST_REMINDER_DAYS = 60
SUBJECT = "Spørgsmål om de politiske pejlemærker"
INVITATION = """\
Kære leder

{committee} vil gerne vide, hvordan det går med at arbejde efter de politiske pejlemærker. Derfor beder vi dig svare \
på nogle få spørgsmål: hvad I har gjort, hvad der virker, og hvad der er svært.

Venlig hilsen
{municipality}"""


class Conflict(NamedTuple):
    """Two texts written at once."""

    mine: str
    theirs: str
    by: str
    at: str


class SurveyForm(forms.Form):
    """En evalueringsrunde, while it is prepared."""

    goal_sets = forms.ModelMultipleChoiceField(
        GoalSet.objects.none(), label="Hvilke pejlemærker skal evalueres?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg mindst ét sæt pejlemærker."},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="Hvilken evaluering?", choices=EvaluationRound.Kind, widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvilken evaluering det er."},
    )  # fmt: skip
    occasion = forms.ChoiceField(
        label="Hvilket møde er det til?", required=False,
        help_text="Af mødets dag og husets frister foreslås det, hvornår lederne skal svare.",
        widget=forms.Select(attrs={"class": "survey-occasion"}),
        error_messages={"invalid_choice": "Mødet er ikke længere i kalenderen. Vælg et andet."},
    )  # fmt: skip
    due_on = date_field("Svarfrist", help_text="Den sidste dag, lederne kan svare uden at være sent på den.")
    held_on = date_field(
        "Evalueringsdag", help_text="Lederne svarer om de ordlyde, der gælder den dag. Ofte i dag eller svarfristen."
    )
    subject = forms.CharField(
        label="Emne i mailen", max_length=160, error_messages={"required": "Skriv, hvad mailens emne skal være."}
    )
    invitation = PlainText(
        "Indbydelse", rows=14, required=True,
        help_text="Under teksten sættes lederens personlige link, svarfristen, og hvem der læser svaret.",
    )  # fmt: skip
    remind_days_before = forms.IntegerField(
        label="Påmindelse, dage før fristen", initial=7, min_value=0, max_value=MOST_REMINDER_DAYS,
        help_text="Den sendes kun til dem, der ikke har svaret. 0: der sendes ingen af sig selv.",
        error_messages={"required": "Skriv et tal; 0 betyder ingen påmindelse."},
    )  # fmt: skip

    def __init__(self, *args: Any, committee: Committee, survey: Survey | None, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.committee, self.survey, self.user = committee, survey, user
        sets = self._offered_sets()
        field = cast("forms.ModelMultipleChoiceField[GoalSet]", self.fields["goal_sets"])
        field.queryset = GoalSet.objects.filter(pk__in=[one.pk for one in sets])
        field.choices = [(one.pk, self._label(one)) for one in sets]
        self.left_out = self._shared_sets_of_others(sets)
        self.occasions = self._occasions(sets)
        cast("forms.ChoiceField", self.fields["occasion"]).choices = [
            ("", "Ikke til et bestemt møde"), *((one.value, one.label) for one in self.occasions),
        ]  # fmt: skip

    def _offered_sets(self) -> list[GoalSet]:
        """The committee's own sets and those it shares, as far as the user asks their leaders; not those that are
        closed, unless one was chosen before it was.
        """
        taken = self.survey.goal_sets.values_list("pk", flat=True) if self.survey else []
        sets = GoalSet.objects.filter(
            Q(period__committee=self.committee, closing__isnull=True)
            | Q(partners=self.committee, closing__isnull=True)
            | Q(pk__in=list(taken))
        ).distinct()
        sets = sets.select_related("period__committee", "area", "closing").prefetch_related("partners")
        self.shared = [one for one in sets if not can_follow_up(self.user, one)]
        return [one for one in sets if can_follow_up(self.user, one)]

    def _shared_sets_of_others(self, offered: list[GoalSet]) -> str:
        """Whose consultant asks about the sets that are shared, but belong to another committee."""
        return " ".join(
            f"{one} hører til {one.period.committee}, hvis konsulent spørger lederne." for one in self.shared
        )

    def _label(self, goal_set: GoalSet) -> str:
        shared = goal_set.period.committee_id != self.committee.pk or goal_set.partners.all()
        closed = " (afsluttet)" if hasattr(goal_set, "closing") else ""
        return f"{goal_set}{' (fælles sæt)' if shared else ''}{closed}"

    def _occasions(self, sets: list[GoalSet]) -> list[Occasion]:
        """The meetings to come of those who decide about the sets; what was chosen before may stay."""
        committees = {self.committee.pk: self.committee}
        for one in sets:
            committees |= {other.pk: other for other in (one.period.committee, *one.partners.all())}
        ahead = occasions_ahead(committees.values(), viewer=self.user, on=today())
        kept = occasion_of(self.survey) if self.survey else None
        return ahead if kept is None or kept.value in [one.value for one in ahead] else [kept, *ahead]

    @property
    def chosen_occasion(self) -> Occasion | None:
        """The meeting that is chosen as the form stands."""
        value = self["occasion"].value()
        return next((one for one in self.occasions if one.value == value), None)

    @property
    def reasoning(self) -> str:
        """Why the deadline lies where it is proposed."""
        occasion = self.chosen_occasion
        if occasion is None:
            return "" if self.occasions else "Der er ingen kommende møder i kalenderen, så fristen kan ikke foreslås."
        if occasion.answers_by < today():
            return f"{occasion.reason} Den dag er gået; vælg et senere møde, eller sæt selv en kortere frist."
        return occasion.reason

    def clean(self) -> dict[str, Any]:
        """The leaders have some time, and answer before the meeting that is to have their answers."""
        cleaned = super().clean() or {}
        due_on, occasion = cleaned.get("due_on"), self.chosen_occasion
        if due_on and due_on < today():
            self.add_error("due_on", "Svarfristen er gået. Skriv en dag, der kommer.")
        elif due_on and occasion and due_on >= occasion.day:
            self.add_error("due_on", f"Svarene skal bruges på {occasion.name}, så fristen skal ligge før den dag.")
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as a round keeps it."""
        typed = {name: self.cleaned_data[name] for name in _KEPT}
        return typed | chosen(self.cleaned_data["occasion"], viewer=self.user)


_KEPT = ("kind", "due_on", "held_on", "subject", "invitation", "remind_days_before")


class NewSurveyForm(SurveyForm):
    """Ny evalueringsrunde."""

    def __init__(
        self, data: Any = None, *, committee: Committee, user: Any, sets: list[str], typed: QueryDict | None = None
    ) -> None:
        super().__init__(data, committee=committee, survey=None, user=user)
        self.fields["nonce"] = NonceField()
        if typed is not None:
            self.initial = {**_as_typed(typed, self), "nonce": typed.get("nonce", "")}
            self.initial["due_on"] = self._proposed() or self.initial["due_on"]
            return
        reachable = next((one for one in self.occasions if one.answers_by >= today()), None)
        self.initial = {
            "goal_sets": sets or [pk for pk, _ in self.fields["goal_sets"].choices][:1],  # type: ignore[attr-defined]
            "occasion": reachable.value if reachable else "",
            "due_on": reachable.answers_by if reachable else None,
            "held_on": today(),
            "subject": SUBJECT,
            "invitation": INVITATION.format(committee=committee.name, municipality=committee.municipality.name),
        }

    def _proposed(self) -> Any:
        return _proposal(self.chosen_occasion)

    def save(self) -> Survey:
        """Begin to prepare the round."""
        return begin_survey(
            committee=self.committee, goal_sets=list(self.cleaned_data["goal_sets"]),
            nonce=self.cleaned_data["nonce"], by=self.user, **self.values,
        )  # fmt: skip


class EditSurveyForm(SurveyForm):
    """Ret en evalueringsrunde, before it is opened."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, survey: Survey, user: Any, typed: QueryDict | None = None) -> None:
        super().__init__(data, committee=survey.committee, survey=survey, user=user)
        self.initial = _as_initial(survey)
        if typed is not None:
            self.initial |= {**_as_typed(typed, self), "revision": typed.get("revision", "")}
            self.initial["due_on"] = _proposal(self.chosen_occasion) or self.initial["due_on"]

    def save(self) -> Survey:
        """Save the changes, unless somebody else was faster."""
        assert self.survey  # noqa: S101
        return edit_survey(
            survey=self.survey, expected=self.cleaned_data["revision"],
            goal_sets=list(self.cleaned_data["goal_sets"]), by=self.user, **self.values,
        )  # fmt: skip

    def conflict_with(self, clash: EditConflict) -> Conflict:
        """Lay both texts beside each other; when this form is sent again, its writer has seen the other's."""
        current = cast("Survey", clash.current)
        self.data = cast("Any", retyped(self.data, revision=current.revision))
        mine = Survey(**self.values)
        return Conflict(
            _told(mine, list(self.cleaned_data["goal_sets"])), _told(current, list(current.goal_sets.all())),
            str(current.edited_by or "En anden"), moment(current.edited_at),
        )  # fmt: skip


class ExtendForm(forms.Form):
    """Længere svarfrist, once the round is open."""

    due_on = date_field("Svarfrist", help_text="Ledernes links gælder tilsvarende længere.")
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, survey: Survey, user: Any) -> None:
        super().__init__(data, initial={"due_on": survey.due_on, "revision": survey.revision})
        self.survey, self.user = survey, user

    def clean_due_on(self) -> Any:
        """More time is time that lies ahead."""
        due_on = self.cleaned_data["due_on"]
        if due_on != self.survey.due_on and due_on < today():
            raise forms.ValidationError("Dagen er gået. Skriv en dag, der kommer.")
        return due_on

    def save(self) -> Survey:
        """Give the leaders until then."""
        return extend_survey(
            survey=self.survey, due_on=self.cleaned_data["due_on"], expected=self.cleaned_data["revision"], by=self.user
        )

    def conflict_with(self, clash: EditConflict) -> Conflict:
        """Lay both days beside each other."""
        current = cast("Survey", clash.current)
        self.data = cast("Any", retyped(self.data, revision=current.revision))
        return Conflict(
            f"Svarfrist: {format_date(self.cleaned_data['due_on'])}", f"Svarfrist: {format_date(current.due_on)}",
            str(current.edited_by or "En anden"), moment(current.edited_at),
        )  # fmt: skip


def _proposal(occasion: Occasion | None) -> Any:
    return occasion.answers_by if occasion and occasion.answers_by >= today() else None


def _as_typed(typed: QueryDict, form: forms.Form) -> dict[str, Any]:
    """What was typed, to be shown again without being judged."""
    return {name: typed.get(name, "") for name in form.fields} | {"goal_sets": typed.getlist("goal_sets")}


def _as_initial(survey: Survey) -> dict[str, Any]:
    occasion = occasion_of(survey)
    return {
        **{name: getattr(survey, name) for name in _KEPT},
        "goal_sets": [one.pk for one in survey.goal_sets.all()],
        "occasion": occasion.value if occasion else "",
        "revision": survey.revision,
    }


def _told(survey: Survey, goal_sets: list[GoalSet]) -> str:
    occasion = occasion_of(survey)
    return "\n".join(
        [
            f"Pejlemærker: {', '.join(str(one) for one in goal_sets)}",
            f"Evaluering: {survey.get_kind_display()}, {format_date(survey.held_on)}",
            f"Svarfrist: {format_date(survey.due_on)}{f', til {occasion.name}' if occasion else ''}",
            f"Påmindelse: {survey.remind_days_before} dage før",
            f"Emne: {survey.subject}",
            "",
            survey.invitation,
        ]
    )
