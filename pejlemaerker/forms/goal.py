"""Pejlemærker: writing new ones as they came from the dialogue meeting, and putting right what is said about one."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid5

from django import forms
from django.forms import BoundField

from kit.clock import today
from kit.dates import format_date
from kit.once import NonceField
from meetings.forms.organisation import in_danish_order
from meetings.models import Committee, OrgUnit, Right
from pejlemaerker.actions import create_goals, edit_goal
from pejlemaerker.actions.places import next_number
from pejlemaerker.actions.sets import NewGoal, shown_of_goal
from pejlemaerker.documents.joint import too_many
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.forms.items import named_pk
from pejlemaerker.forms.shown import ShownForm
from pejlemaerker.models import Dialogue, Goal, GoalSet, GoalVersion

FIELDS = 6
MORE = 3
MOST = 30
WORDING = "For eksempel: Vi møder alle forældre med tydelige og venlige forventninger fra den første dag."
EXAMPLE = "For eksempel: For Fremtiden II (2022-2025) og dens seks pejlemærker"


class _DialogueField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Dialogue) -> str:
        return str(obj)


class _UnitField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def __init__(self, *, help_text: str) -> None:
        super().__init__(OrgUnit.objects.none(), label="Ansvarlig", required=False, help_text=help_text)

    def offer(self, municipality: int) -> None:
        units = OrgUnit.objects.filter(municipality=municipality)
        self.queryset = units
        in_danish_order(self, units, "Ingen endnu")


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of one pejlemærke."""

    number: int
    text: BoundField
    refers_to: BoundField
    unknown: BoundField

    @property
    def is_open(self) -> bool:
        """Whether the seldom used fields are in use."""
        return bool(self.refers_to.value() or self.unknown.value() or self.refers_to.errors or self.unknown.errors)


class NewGoalsForm(forms.Form):
    """Nye pejlemærker: as many as were formulated, each in its own field; empty fields do not count."""

    nonce = NonceField()
    count = forms.IntegerField(widget=forms.HiddenInput, required=False)
    dialogue = _DialogueField(
        Dialogue.objects.none(), label="Hvilket dialogmøde kommer de fra?", required=False,
        empty_label="Ikke et dialogmøde, der er skrevet ind",
        help_text="Vælger du et, står pejlemærkerne også på dialogmødets side.",
    )  # fmt: skip
    worded_on = date_field(
        "Formuleret", required=False,
        help_text="Dagen, da ordlydene blev skrevet. Lad feltet stå tomt, hvis det er dialogmødets dag.",
    )  # fmt: skip
    responsible = _UnitField(help_text="Det center eller den afdeling, der følger op. For eksempel: Center for Børn")

    def __init__(self, data: Any = None, *, goal_set: GoalSet, user: Any, asked: Any = None) -> None:
        super().__init__(data)
        self.goal_set, self.user = goal_set, user
        self.wants_more = data is not None and "flere" in data
        self.size = _size(data.get("count") if data is not None else None) + (MORE if self.wants_more else 0)
        self.size = min(self.size, MOST)
        self.initial["count"] = self.size
        self.first = next_number(goal_set)
        for index in range(1, self.size + 1):
            self._add_fields(index)
        cast("_UnitField", self.fields["responsible"]).offer(goal_set.period.committee.municipality_id)
        cast("_DialogueField", self.fields["dialogue"]).queryset = dialogues_of(goal_set, user)
        self.initial["dialogue"] = named_dialogue(goal_set, user, (asked or {}).get("dialog", ""))
        if self.wants_more:  # nothing is saved, so nothing is to be put right yet
            typed = {name: data.get(name) for name in self.fields if name in data}
            self.initial = {**self.initial, **typed, "count": self.size}
            self.is_bound = False

    def _add_fields(self, index: int) -> None:
        example = WORDING if index == 1 else ""
        self.fields[f"text_{index}"] = PlainText(f"Pejlemærke {self.first + index - 1}", rows=2, help_text=example)
        self.fields[f"refers_to_{index}"] = forms.CharField(
            label="Henviser til en strategi med sine egne pejlemærker", max_length=200, required=False,
            help_text=f"{EXAMPLE}. Strategiens pejlemærker bliver ikke en del af sættet.",
        )  # fmt: skip
        self.fields[f"unknown_{index}"] = forms.BooleanField(label="Ordlyden kendes ikke", required=False)

    @property
    def rows(self) -> list[Row]:
        """The fields, pejlemærke by pejlemærke."""
        return [
            Row(self.first + n - 1, self[f"text_{n}"], self[f"refers_to_{n}"], self[f"unknown_{n}"])
            for n in range(1, self.size + 1)
        ]

    @property
    def has_room(self) -> bool:
        """Whether more fields can be had."""
        return self.size < MOST

    @property
    def crowded(self) -> str:
        """A friendly word before the set grows out of hand; it stands in nobody's way."""
        return too_many(self.goal_set.goals.filter(number__isnull=False).count() + len(self._written()))

    def _written(self) -> list[int]:
        return [n for n in range(1, self.size + 1) if (self[f"text_{n}"].value() or "").strip()]

    def clean(self) -> dict[str, Any]:
        """At least one is written, none of them twice, and not on a day to come."""
        cleaned = super().clean() or {}
        cleaned["goals"] = [goal for n in range(1, self.size + 1) if (goal := self._goal(n))]
        if not cleaned["goals"] and not self.errors:
            self.add_error("text_1", "Skriv mindst ét pejlemærke.")
        self._refuse_twins()
        dialogue = cleaned.get("dialogue")
        cleaned["day"] = cleaned.get("worded_on") or (dialogue.held_on if dialogue else None)
        if cleaned["day"] is None and any(goal.text for goal in cleaned["goals"]) and "worded_on" not in self.errors:
            self.add_error("worded_on", "Skriv, hvornår ordlydene blev formuleret, eller vælg dialogmødet.")
        if cleaned["day"] and cleaned["day"] > today():
            self.add_error("worded_on", f"{format_date(cleaned['day'])} er ikke kommet endnu.")
        return cleaned

    def _goal(self, n: int) -> NewGoal | None:
        text = (self.cleaned_data.get(f"text_{n}") or "").strip()
        refers_to, is_unknown = self.cleaned_data.get(f"refers_to_{n}", ""), self.cleaned_data.get(f"unknown_{n}")
        if text and is_unknown:
            self.add_error(f"unknown_{n}", "Du har skrevet en ordlyd. Fjern krydset, eller fjern ordlyden.")
        if refers_to and not text and not is_unknown:
            self.add_error(f"text_{n}", "Skriv ordlyden, eller sæt kryds ved, at den ikke kendes.")
        if not text and not is_unknown:
            return None
        return NewGoal(text, refers_to, uuid5(self.cleaned_data["nonce"], f"{n} {text}"))

    def _refuse_twins(self) -> None:
        """The same wording is not written twice; what this very submit has written already does not count."""
        goals = self.cleaned_data["goals"]
        others = GoalVersion.objects.filter(goal__goal_set=self.goal_set).exclude(
            goal__nonce__in=[goal.nonce for goal in goals]
        )
        known = {one.text: f"Pejlemærke {one.goal.number}" for one in others.select_related("goal") if one.text}
        for n in range(1, self.size + 1):
            text = (self.cleaned_data.get(f"text_{n}") or "").strip()
            if text and text in known:
                self.add_error(f"text_{n}", f"{known[text]} har allerede den ordlyd.")
            elif text:
                known[text] = f"Pejlemærke {self.first + n - 1} ovenfor"

    def save(self) -> list[Goal]:
        """Write the pejlemærker; raises NotAllowed."""
        return create_goals(
            goal_set=self.goal_set, goals=self.cleaned_data["goals"], worded_on=self.cleaned_data["day"],
            responsible=self.cleaned_data["responsible"], dialogue=self.cleaned_data["dialogue"], by=self.user,
        )  # fmt: skip


def _size(raw: str | None) -> int:
    return int(raw) if raw and raw.isascii() and raw.isdecimal() and 0 < len(raw) < 3 and int(raw) > 0 else FIELDS


def named_dialogue(goal_set: GoalSet, user: Any, raw: str) -> Dialogue | None:
    """The dialogue meeting that an address names, where the user writes it down."""
    found: Dialogue | None = dialogues_of(goal_set, user).filter(pk__in=named_pk(raw)).first()
    return found


def dialogues_of(goal_set: GoalSet, user: Any) -> Any:
    """The dialogue meetings of the committees that share the set, where the user writes them down, latest first."""
    deciding = [goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)]
    writes = Committee.objects.where(user, Right.FOLLOW_UP).filter(pk__in=deciding)
    return Dialogue.objects.filter(committee__in=writes, held_on__lte=today(), cancelled="").order_by("-held_on", "-pk")


class GoalForm(ShownForm):
    """Ret oplysningerne om et pejlemærke: not its wording, which only a decision changes."""

    responsible = _UnitField(help_text="Det center eller den afdeling, der følger op. For eksempel: Center for Børn")
    refers_to = forms.CharField(
        label="Henviser til", max_length=200, required=False,
        help_text=f"En strategi med sine egne pejlemærker, som dette bakker op om. {EXAMPLE}",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, goal: Goal, user: Any) -> None:
        self.goal, self.user = goal, user
        super().__init__(
            data,
            initial={"responsible": goal.responsible_id, "refers_to": goal.refers_to, "shown": shown_of_goal(goal)},
        )
        cast("_UnitField", self.fields["responsible"]).offer(goal.goal_set.period.committee.municipality_id)

    def save(self) -> Goal:
        """Save the changes; raises NotAllowed and EditConflict."""
        return edit_goal(goal=self.goal, by=self.user, **self.cleaned_data)

    def fingerprint_of(self, row: Goal) -> str:
        return shown_of_goal(row)

    def told_of(self, row: Goal) -> dict[str, str]:
        return {"responsible": str(row.responsible or ""), "refers_to": row.refers_to}

    def told_typed(self) -> dict[str, str]:
        return {
            "responsible": str(self.cleaned_data["responsible"] or ""),
            "refers_to": self.cleaned_data["refers_to"],
        }
