"""Forslag om at lægge sammen og at dele: the new wordings, for the committee to decide."""

from typing import Any

from django import forms

from kit.clock import today
from kit.once import NonceField
from meetings.forms.fields import retyped
from pejlemaerker.actions import merge_goals, split_goal
from pejlemaerker.actions.merging import newest_wordings
from pejlemaerker.documents.standing import Standing, standings_in
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.models import AsOf, Goal, GoalSet, GoalVersion

FEWEST, MOST = 2, 5
NEW = "nyt"
LONGEST = 1000


class _ProposalForm(forms.Form):
    """What both proposals ask: why, when it was worded, and over which wordings it was written."""

    reason = forms.CharField(label="Begrundelse", max_length=400, error_messages={"required": "Skriv, hvorfor."})
    worded_on = date_field("Formuleret", help_text="Dagen, da forslaget blev skrevet, eller udvalgets mødedag.")
    nonce = NonceField()
    expected = forms.CharField(widget=forms.HiddenInput, max_length=2000)

    def begin_with(self, goals: list[Goal]) -> None:
        """Remember which wordings the writer has before them."""
        self.initial.update(worded_on=today(), expected=_told(newest_wordings(goals)))

    def clean_worded_on(self) -> Any:
        """No wording is written on a day to come."""
        day = self.cleaned_data["worded_on"]
        if day > today():
            raise forms.ValidationError("Dagen er ikke kommet endnu.")
        return day

    def clean_expected(self) -> dict[int, int]:
        """Read it back; nonsense has seen nothing."""
        pairs = (pair.partition(":") for pair in self.cleaned_data["expected"].split(","))
        return {
            int(goal): int(number)
            for goal, _, number in pairs
            if goal.isascii() and goal.isdecimal() and number.isascii() and number.isdecimal()
        }

    def write_over(self) -> None:
        """Keep what was typed, and let the next save be over the wording that has come in between."""
        data = retyped(self.data)
        data["expected"] = self.initial["expected"]
        self.data = data


def _told(numbers: dict[int, int]) -> str:
    return ",".join(f"{goal}:{number}" for goal, number in sorted(numbers.items()))


def _wording(label: str, *, required: bool, help_text: str = "") -> PlainText:
    field = PlainText(label, rows=3, required=required, help_text=help_text)
    field.max_length = LONGEST
    field.widget.attrs["maxlength"] = str(LONGEST)
    field.error_messages["required"] = "Skriv ordlyden."
    return field


class MergeForm(_ProposalForm):
    """Læg sammen: which, into which of them or into a new one, and the new wording."""

    goals = forms.MultipleChoiceField(
        label="Hvilke pejlemærker?", widget=forms.CheckboxSelectMultiple, help_text="Vælg mindst to.",
        error_messages={
            "required": "Vælg mindst to.",
            "invalid_choice": "Et af pejlemærkerne står ikke længere i sættet. Hent siden igen.",
        },
    )  # fmt: skip
    into = forms.ChoiceField(
        label="Hvilket lever videre?", widget=forms.RadioSelect,
        help_text="Det beholder sin side, sit nummer og sin historie. De andre ophører, når den er besluttet.",
        error_messages={"required": "Vælg, hvilket der lever videre, eller et nyt."},
    )  # fmt: skip
    text = _wording("Den nye ordlyd", required=True, help_text="En sætning, der begynder med »Vi«. Den gemmes ordret.")

    def __init__(self, data: Any = None, *, goal_set: GoalSet, user: Any) -> None:
        super().__init__(data)
        self.goal_set, self.user = goal_set, user
        own = standings_in([goal_set.pk], viewer=user, at=AsOf.now()).get(goal_set.pk, [])
        self.standings = [one for one in own if one.is_listed and one.ending is None]
        self.by_pk = {str(one.goal.pk): one.goal for one in self.standings}
        named = [(str(one.goal.pk), _named(one)) for one in self.standings]
        self.fields["goals"].choices = named  # type: ignore[attr-defined]
        short = [(str(one.goal.pk), one.name) for one in self.standings]
        self.fields["into"].choices = [*short, (NEW, "Et nyt pejlemærke afløser dem alle")]  # type: ignore[attr-defined]
        self.fields["reason"].help_text = "For eksempel: De to pejlemærker handler om det samme arbejde."
        self.begin_with(list(self.by_pk.values()))
        self.order_fields(["goals", "into", "text", "reason", "worded_on", "nonce", "expected"])

    def clean(self) -> dict[str, Any]:
        """Two at least, and the one that lives on among them."""
        cleaned = super().clean() or {}
        goals, into = cleaned.get("goals"), cleaned.get("into")
        if goals and len(goals) < FEWEST:
            self.add_error("goals", "Vælg mindst to.")
        elif goals and into and into != NEW and into not in goals:
            self.add_error("into", "Det, der lever videre, skal være et af dem, du lægger sammen.")
        return cleaned

    def save(self) -> GoalVersion:
        """Propose it; raises EditConflict and NotAllowed."""
        told = {name: self.cleaned_data[name] for name in ("text", "reason", "worded_on", "nonce", "expected")}
        into = self.cleaned_data["into"]
        return merge_goals(
            goal_set=self.goal_set, goals=[self.by_pk[pk] for pk in self.cleaned_data["goals"]],
            into=None if into == NEW else self.by_pk[into], by=self.user, **told,
        )  # fmt: skip


def _named(standing: Standing) -> str:
    number = f"{standing.number}." if standing.number else "Uden nummer:"
    return f"{number} {standing.wording or 'Ordlyden kendes ikke.'}"


class SplitForm(_ProposalForm):
    """Del: two to five new wordings; the first may stay with the pejlemærke there is."""

    first_stays = forms.ChoiceField(label="Hvad sker der med det, der deles?", widget=forms.RadioSelect)

    def __init__(self, data: Any = None, *, standing: Standing, user: Any) -> None:
        super().__init__(data)
        self.goal, self.standing, self.user = standing.goal, standing, user
        self.fields["first_stays"].choices = [  # type: ignore[attr-defined]
            ("ja", f"{standing.name} beholder sin side og sit nummer og får den første ordlyd"),
            ("nej", f"{standing.name} ophører, og alle ordlydene bliver nye pejlemærker"),
        ]
        self.fields["first_stays"].error_messages["required"] = "Vælg, hvad der sker med det, der deles."
        for n in range(1, MOST + 1):
            self.fields[f"text_{n}"] = _wording(f"Ordlyd {n}", required=n <= FEWEST)
        self.fields["text_1"].help_text = "En sætning, der begynder med »Vi«. Den gemmes ordret."
        self.fields["reason"].help_text = "For eksempel: Pejlemærket rummer to opgaver med hver sin målgruppe."
        newest = self.goal.versions.last()
        self.initial.update(first_stays="ja", text_1=newest.text if newest else "")
        self.begin_with([self.goal])
        texts = [f"text_{n}" for n in range(1, MOST + 1)]
        self.order_fields([*texts, "first_stays", "reason", "worded_on", "nonce", "expected"])

    @property
    def first_texts(self) -> list[Any]:
        """The fields that are always filled in."""
        return [self[f"text_{n}"] for n in range(1, FEWEST + 1)]

    @property
    def more_texts(self) -> list[Any]:
        """The fields for a third to a fifth."""
        return [self[f"text_{n}"] for n in range(FEWEST + 1, MOST + 1)]

    @property
    def needs_more(self) -> bool:
        """Whether one of those is in use."""
        return any(field.value() or field.errors for field in self.more_texts)

    def clean(self) -> dict[str, Any]:
        """One that has ended is not split, and no two of the new wordings are the same."""
        cleaned = super().clean() or {}
        if self.standing.ending:
            raise forms.ValidationError(f"Det kan ikke deles. {self.standing.ending.text}.")
        texts: list[str] = []
        for n in range(1, MOST + 1):
            text = (cleaned.get(f"text_{n}") or "").strip()
            if text and text in texts:
                self.add_error(f"text_{n}", f"Den er den samme som ordlyd {texts.index(text) + 1}.")
            if text:
                texts.append(text)
        cleaned["texts"] = texts
        return cleaned

    def save(self) -> list[GoalVersion]:
        """Propose it; raises EditConflict and NotAllowed."""
        told = {name: self.cleaned_data[name] for name in ("texts", "reason", "worded_on", "nonce")}
        return split_goal(
            goal=self.goal, first_stays=self.cleaned_data["first_stays"] == "ja", by=self.user,
            expected=self.cleaned_data["expected"].get(self.goal.pk, 0), **told,
        )  # fmt: skip
