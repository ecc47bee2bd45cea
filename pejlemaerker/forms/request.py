"""Et ønske om tilføjelse: writing it down, and settling it when no wording answers it."""

from typing import Any

from django import forms

from kit.clock import today
from kit.once import NonceField
from pejlemaerker.actions import record_request, settle_request
from pejlemaerker.documents.standing import standings_in
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.forms.items import ItemField, named_pk
from pejlemaerker.models import AdditionRequest, AsOf, Goal, GoalSet, RequestSettlement

_EXCERPT = 90


class _GoalField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Et pejlemærke af sættet, by number and wording."""

    def __init__(self, goal_set: GoalSet, user: Any) -> None:
        standing = standings_in([goal_set.pk], viewer=user, at=AsOf.now()).get(goal_set.pk, [])
        self.labels = {one.goal.pk: f"{one.name}: {_excerpt(one.wording)}" for one in standing}
        super().__init__(
            Goal.objects.filter(pk__in=self.labels).order_by("number", "pk"),
            label="Hvilket pejlemærke?",
            help_text="Vælges, når ønsket gælder en ordlyd.",
            required=False,
            empty_label="Vælg pejlemærket",
            error_messages={"invalid_choice": "Pejlemærket står ikke i sættet længere. Hent siden igen."},
        )

    def label_from_instance(self, obj: Goal) -> str:
        """Pejlemærke 2: the beginning of its wording."""
        return self.labels[obj.pk]


def _excerpt(text: str) -> str:
    if not text:
        return "ordlyden kendes ikke"
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT].rstrip()} …"


class RequestForm(forms.Form):
    """Hvem bad om hvad, hvornår."""

    about = forms.ChoiceField(
        label="Hvad skal ændres?",
        choices=[("wording", "Ordlyden af et pejlemærke"), ("plan", "Opfølgningen")],
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad ønsket handler om."},
    )
    text = PlainText(
        "Ønsket, ordret",
        rows=3,
        required=True,
        help_text="Sådan som det blev sagt eller ført til protokol. For eksempel: Udvalget ønsker familien nævnt.",
    )
    requested_by = forms.CharField(
        label="Af hvem",
        max_length=200,
        required=False,
        help_text="Lad feltet stå tomt, når det er udvalget selv. Ellers for eksempel: Børne- og Ungerådet.",
    )
    requested_on = date_field(
        "Hvornår", help_text="Lad feltet stå tomt, hvis det er mødedagen for det valgte punkt.", required=False
    )
    nonce = NonceField()

    def __init__(self, *args: Any, goal_set: GoalSet, user: Any, asked: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal_set, self.user = goal_set, user
        asked = asked or {}
        self.fields["text"].error_messages["required"] = "Skriv, hvad der blev ønsket."
        self.fields["goal"] = _GoalField(goal_set, user)
        self.fields["item"] = ItemField(
            goal_set,
            user=user,
            label="På hvilket punkt?",
            help_text="Er punktet lukket, kan kun de, der må læse det, læse ønsket.",
            named=self.data.get("item", "") if self.is_bound else asked.get("punkt", ""),
        )
        self.order_fields(["about", "goal", "text", "requested_by", "item", "requested_on"])
        self.initial = {
            "about": AdditionRequest.About.WORDING,
            "goal": next(iter(named_pk(asked.get("pejlemaerke", ""))), None),
            "item": next(iter(named_pk(asked.get("punkt", ""))), None),
            "nonce": self.fields["nonce"].initial,
        }

    def clean(self) -> dict[str, Any]:
        """A wording is that of a pejlemærke, and a request has a day, its own or the meeting's."""
        cleaned = super().clean() or {}
        if cleaned.get("about") == AdditionRequest.About.PLAN:
            cleaned["goal"] = None
        elif not cleaned.get("goal") and "goal" not in self.errors:
            self.add_error("goal", "Vælg pejlemærket.")
        item = cleaned.get("item")
        if not cleaned.get("requested_on") and "requested_on" not in self.errors:
            if item:
                cleaned["requested_on"] = item.meeting.date
            else:
                self.add_error("requested_on", "Skriv datoen, eller vælg punktet.")
        if (cleaned.get("requested_on") or today()) > today():
            self.add_error("requested_on", "Et ønske skrives ind, når det er fremsat.")
        return cleaned

    def save(self) -> AdditionRequest:
        """Write the request down."""
        return record_request(goal_set=self.goal_set, by=self.user, **self.cleaned_data)


class SettlementForm(forms.Form):
    """Hvad der blev af et ønske, that no wording answers."""

    kind = forms.ChoiceField(
        label="Hvad blev der af ønsket?",
        choices=RequestSettlement.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad der blev af ønsket."},
    )
    settled_on = date_field("Hvornår")
    note = forms.CharField(
        label="Forklaring",
        max_length=400,
        help_text="For eksempel: Udvalget fandt, at familien er nævnt i pejlemærke 3.",
        error_messages={"required": "Skriv en forklaring."},
    )

    def __init__(self, *args: Any, request: AdditionRequest, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, user
        self.initial.setdefault("settled_on", today())

    def clean_settled_on(self) -> Any:
        """Nothing is settled before it was asked, or in advance."""
        day = self.cleaned_data["settled_on"]
        if day < self.request.requested_on:
            raise forms.ValidationError("Ønsket blev fremsat senere.")
        if day > today():
            raise forms.ValidationError("Skriv en dag, der har været.")
        return day

    def save(self) -> RequestSettlement:
        """Settle the request; raises RequestIsSettled when something else became of it in the meantime."""
        return settle_request(request=self.request, by=self.user, **self.cleaned_data)
