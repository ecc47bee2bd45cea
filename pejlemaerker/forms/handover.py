"""Overleveringen: to whom a set goes, what becomes of each pejlemærke, and the closing itself."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

from django import forms
from django.http import QueryDict

from kit.clock import moment, today
from kit.drafts import Draft, EditConflict
from kit.once import NonceField
from kit.precheck import find_personal_data
from meetings.models import Committee
from pejlemaerker.actions import close_set, save_goal_handover, save_handover
from pejlemaerker.documents.handover import HandoverDocument, draft_of, receivers
from pejlemaerker.documents.standing import Standing
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import Goal, GoalClosing, GoalHandoverDraft, GoalSet, HandoverDraft, Learning, SetClosing

_YEARS_AHEAD = 12
_OUTCOMES = [
    (GoalClosing.Kind.CONTINUED.value, "Det videreføres"),
    (GoalClosing.Kind.MERGED.value, "Det lægges sammen med et andet"),
    (GoalClosing.Kind.SPLIT.value, "Det deles i flere"),
    (GoalClosing.Kind.COMPLETED.value, "Det afsluttes: målet er nået, eller arbejdet er blevet hverdag"),
    (GoalClosing.Kind.DROPPED.value, "Det udgår"),
]


class _Line(NamedTuple):
    label: str
    text: str


class DraftForm(forms.Form):
    """A text under way that is kept as one writes, and never over another's unseen."""

    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    # Ticked when two have written at once, and the writer has seen both texts: the revision that this text replaces.
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    draft: Draft
    conflict: Draft | None = None
    is_kept = False
    needed: tuple[str, ...] = ()  # before the set can be closed; until then a draft may lack them

    def full_clean(self) -> None:
        """Take a draft as it is; what is needed is not called optional on the page."""
        for name in self.needed:
            self.fields[name].required = False
        super().full_clean()
        self._call_needed()

    def _call_needed(self) -> None:
        for name in self.needed:
            self.fields[name].required = True

    def written_over(self) -> int:
        """The revision that the text on the page was written over: of a text that could not be kept still the old
        one.
        """
        if self.is_bound and not self.is_kept:
            return int(self.cleaned_data.get("revision") or 0)
        return self.draft.revision

    @property
    def saved_text(self) -> str:
        """Gemt kl. 14.32, or nothing."""
        if self.conflict:
            return "Ikke gemt: en anden har skrevet imens."
        if self.errors:
            return f"Ikke gemt: {' '.join(str(error) for errors in self.errors.values() for error in errors)}"
        return f"Gemt {moment(self.draft.edited_at)}" if self.draft.revision else ""

    @property
    def texts(self) -> dict[str, Any]:
        """What is to be saved."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("revision", "replaces")}

    @property
    def expected(self) -> int:
        """The revision that this text replaces."""
        data = self.cleaned_data
        return int(data["revision"] if data["replaces"] is None else data["replaces"])

    def keep(self) -> bool:
        """Keep what is written; tells whether it could be, and notes what another wrote at the same time."""
        try:
            self.draft, self.is_kept = self.save(), True
        except EditConflict as conflict:
            self.conflict = cast("Draft", conflict.current)
        return self.is_kept

    def save(self) -> Draft:
        """Keep what is written; raises EditConflict when somebody else has saved since."""
        raise NotImplementedError

    @property
    def mine(self) -> str:
        """This text, field for field."""
        return "\n\n".join(f"{line.label}\n{line.text}" for line in self._lines(self.texts))

    @property
    def theirs(self) -> str:
        """The other text, field for field."""
        other = {name: self.value_in(self.conflict, name) for name in self.texts}
        return "\n\n".join(f"{line.label}\n{line.text}" for line in self._lines(other))

    @property
    def theirs_name(self) -> str:
        """Who wrote the other text."""
        return str((self.conflict and self.conflict.edited_by) or "en anden")

    @property
    def theirs_at(self) -> str:
        """When the other text was saved."""
        return moment(self.conflict.edited_at) if self.conflict else ""

    def _lines(self, values: dict[str, Any]) -> Iterator[_Line]:
        """Only where the two differ."""
        for name, value in values.items():
            if self.value_in(self.conflict, name) != self.texts[name]:
                yield _Line(str(self.fields[name].label), self.told(name, value) or "(tomt)")

    def value_in(self, draft: Draft | None, name: str) -> Any:
        """What a draft holds in a field."""
        return getattr(draft, name)

    def told(self, _name: str, value: Any) -> str:
        """A value in words."""
        return "" if value is None else str(value)


def _period_day(label: str) -> forms.DateField:
    """A day of a period to come: some years ahead, but not by a slip of the pen."""
    field = date_field(label, required=False)
    field.validators = [_is_of_a_period]
    return field


def _is_of_a_period(day: Any) -> None:
    if not today().year - 30 <= day.year <= today().year + _YEARS_AHEAD:
        raise forms.ValidationError(f"Er året {day.year} rigtigt? Det skal højst ligge {_YEARS_AHEAD} år frem.")


class HandoverForm(DraftForm):
    """Til hvem sættet går, and what was learned of the work as a whole."""

    to_committee = forms.ModelChoiceField(
        Committee.objects.none(), label="Udvalg, der tager over", required=False, empty_label="Ikke valgt"
    )
    area_name = forms.CharField(
        label="Område i den nye periode", max_length=120, required=False, help_text="For eksempel: Dagtilbudsområdet."
    )
    starts_on = _period_day("Den nye periodes første dag")
    ends_on = _period_day("Den nye periodes sidste dag")
    learning = PlainText(
        "Hvad har I lært af forløbet som helhed?",
        help_text="For eksempel: »Midtvejsevalueringen kom så sent, at den ikke nåede at ændre noget.«",
    )
    carry_on = PlainText("Hvad skal næste periode føre videre?", rows=3)

    needed = ("to_committee", "area_name", "starts_on", "ends_on")

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, **kwargs: Any) -> None:
        draft = draft_of(goal_set)
        names = ["to_committee", "area_name", "starts_on", "ends_on", "learning", "carry_on", "revision"]
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(draft, name) for name in names}
        self.goal_set, self.user, self.draft = goal_set, user, draft
        self._call_needed()
        field = cast("forms.ModelChoiceField[Committee]", self.fields["to_committee"])
        offered = receivers(goal_set)
        field.queryset = Committee.objects.filter(pk__in=[one.pk for one in offered])
        field.choices = [("", "Ikke valgt"), *((one.pk, one.name) for one in offered)]

    def save(self) -> HandoverDraft:
        """Keep it as a draft."""
        return save_handover(goal_set=self.goal_set, expected=self.expected, by=self.user, **self.texts)


class _GoalField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another pejlemærke of the set, by number and wording."""

    standing_of: dict[int, Standing]

    def label_from_instance(self, obj: Goal) -> str:
        """Pejlemærke 2: Vi …"""
        standing = self.standing_of[obj.pk]
        return f"{standing.name}: {standing.wording}" if standing.wording else standing.name


class GoalHandoverForm(DraftForm):
    """Hvad der sker med ét pejlemærke, and what was learned."""

    outcome = forms.ChoiceField(
        label="Hvad sker der med pejlemærket?", choices=_OUTCOMES, required=False, widget=forms.RadioSelect
    )
    reason = PlainText(
        "Begrundelse",
        rows=2,
        help_text="Skal skrives, når det udgår, ellers frivillig. For eksempel: »Regionen har overtaget opgaven.«",
    )
    into = _GoalField(
        Goal.objects.none(), label="Hvilket lægges det sammen med?", required=False, empty_label="Ikke valgt",
        help_text="Den fælles ordlyd skrives på det pejlemærke, der lever videre.",
    )  # fmt: skip
    wordings = PlainText(
        "Ordlyd i den nye periode", rows=4,
        help_text="Gælder først, når det nye udvalg har besluttet den. Deles pejlemærket, skrives én ordlyd på hver "
        "linje, mindst to.",
    )  # fmt: skip
    learning = PlainText(
        "Hvad har I lært?", rows=4,
        help_text="For eksempel: »Forældrene kom, når mødet lå kl. 16, og blev væk, når det lå kl. 19.«",
    )  # fmt: skip
    carry_on = PlainText("Hvad skal føres videre?", rows=3)

    needed: tuple[str, ...] = ("outcome", "reason", "into", "wordings", "learning")

    def __init__(self, *args: Any, goal: Goal, standings: list[Standing], user: Any, **kwargs: Any) -> None:
        draft = GoalHandoverDraft.objects.filter(goal=goal).select_related("edited_by").first()
        own = next((standing for standing in standings if standing.goal.pk == goal.pk), None)
        self.draft = draft or GoalHandoverDraft(goal=goal, wordings=own.wording if own else "")
        names = ["outcome", "reason", "into", "wordings", "learning", "carry_on", "revision"]
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(self.draft, name) for name in names}
        self.goal, self.user = goal, user
        if Learning.objects.filter(goal=goal, goal_set=goal.goal_set_id).exists():  # it is not written twice
            self.needed = tuple(name for name in self.needed if name != "learning")
            self.fields["learning"].label = "Har I lært mere?"
        self._call_needed()
        others = {one.goal.pk: one for one in standings if one.goal.pk != goal.pk and one.ending is None}
        field = cast("_GoalField", self.fields["into"])
        field.standing_of = others
        field.queryset = Goal.objects.filter(pk__in=others).order_by("number", "pk")

    def told(self, name: str, value: Any) -> str:
        """A value in words."""
        return dict(_OUTCOMES).get(value, "") if name == "outcome" else super().told(name, value)

    def save(self) -> GoalHandoverDraft:
        """Keep it as a draft."""
        return save_goal_handover(goal=self.goal, expected=self.expected, by=self.user, **self.texts)


class CloseSetForm(forms.Form):
    """Afslut sættet og overlever det: confirmed by the one who has read what will happen."""

    closed_on = date_field("Sættet er afsluttet den", help_text="Pejlemærkerne i det gamle sæt slutter den dag.")
    without_final = PlainText(
        "Afsluttes uden afsluttende evaluering, fordi",
        rows=2,
        help_text="For eksempel: »Lederkredsen blev nedlagt i maj.«",
    )
    confirmed = forms.BooleanField(
        label="Jeg har læst, hvad der sker. Det kan ikke gøres om.",
        error_messages={"required": "Sæt kryds, når du har læst, hvad der sker."},
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    nonce = NonceField()

    def __init__(self, *args: Any, plan: HandoverDocument, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"closed_on": plan.goal_set.period.ends_on, "seen": plan.seen}
        self.plan, self.user = plan, user
        self.fields["without_final"].required = bool(plan.without_final)
        self.fields["without_final"].error_messages["required"] = "Skriv, hvorfor sættet afsluttes uden."
        if not plan.without_final:
            del self.fields["without_final"]

    def read_anew(self) -> None:
        """What is confirmed next is what the page shows now."""
        typed = QueryDict(mutable=True)
        typed.update({name: value for name, value in self.data.items() if name != "confirmed"})
        typed["seen"] = self.plan.seen
        self.data = typed

    def clean(self) -> dict[str, Any]:
        """Find CPR numbers before they become a fact that can never be changed (DOMAIN § 2.3)."""
        written = [self.plan.draft.learning, self.plan.draft.carry_on, self.cleaned_data.get("without_final", "")]
        for one in self.plan.goals:
            draft = one.draft
            written += [draft.reason, draft.wordings, draft.learning, draft.carry_on] if draft else []
        for suspect in find_personal_data("\n".join(written)):
            if suspect.kind == "CPR-nummer":
                self.add_error(None, f"Der står et CPR-nummer ({suspect.masked}). Tag det ud, før sættet afsluttes.")
        return self.cleaned_data

    def save(self) -> SetClosing:
        """Close it; raises EditConflict when somebody has written since, and CannotClose while something is missing."""
        data = self.cleaned_data
        return close_set(
            goal_set=self.plan.goal_set, seen=data["seen"], closed_on=data["closed_on"], nonce=data["nonce"],
            without_final=data.get("without_final", ""), by=self.user,
        )  # fmt: skip
