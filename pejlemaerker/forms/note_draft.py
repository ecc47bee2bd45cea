"""Et notat, der begyndes, and the builder: what it holds, for whom, and as of when."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

from django import forms

from kit.clock import today
from kit.dates import format_date
from kit.drafts import Draft
from kit.once import NonceField
from pejlemaerker.actions.note_drafts import begin_note, save_note_draft
from pejlemaerker.documents.notes.arranging import DOWN, UP, arranged, moved
from pejlemaerker.documents.notes.choices import SECTION_LABELS, SECTIONS_OF, Choices, SectionKey, known_sections
from pejlemaerker.documents.notes.issuing import subject_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.forms.handover import DraftForm
from pejlemaerker.models import Audience, NoteDraft, NoteKind, NoteRecipe

MOVE = "flyt"
_TELLS = {
    Audience.INTERNAL: "Intern: alt om de åbne punkter, også de interne noter",
    Audience.COMMITTEE: "Til udvalget: uden de interne noter",
    Audience.PUBLIC: "Offentlig: kun det, der er offentliggjort",
}
_HINTS = {
    SectionKey.INTRODUCTION: "Teksten skrives nedenfor.",
    SectionKey.CONCLUSION: "Teksten skrives nedenfor.",
    SectionKey.CHANGES: "Dagen vælges nedenfor.",
}
USUAL = "Det sædvanlige"


def _editions(user: Any, subject: Subject) -> list[tuple[str, str]]:
    return [(one.value, _TELLS[one]) for one in editions_for(user, subject)]


def _past_day(day: date) -> date:
    """A day to come has nothing to tell yet."""
    if day > today():
        raise forms.ValidationError("Vælg i dag eller en dag, der er gået.")
    return day


class NewNoteForm(forms.Form):
    """Et nyt notat: by which recipe, for whom and as of when; all can be changed afterwards."""

    recipe = forms.ChoiceField(
        label="Opskrift", widget=forms.RadioSelect, required=False,
        help_text="En opskrift er et notats afsnit og tekster, gemt fra en tidligere gang.",
    )  # fmt: skip
    audience = forms.ChoiceField(label="Til hvem?", widget=forms.RadioSelect, required=False)
    as_of = date_field("Pr. dato", help_text="Notatet fortæller, hvad der gjaldt og var kendt den dag.")
    nonce = NonceField()

    def __init__(
        self, *args: Any, subject: Subject, user: Any, as_of: date, recipe: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.user = subject, user
        recipes = NoteRecipe.objects.filter(committee=subject.committee, kind=subject.kind)
        self.recipes = {str(one.pk): one for one in recipes}
        editions = _editions(user, subject)
        usual = dict(Audience.choices)[editions[0][0]].lower()
        names = [(key, f"{one.name} ({one.get_audience_display().lower()})") for key, one in self.recipes.items()]
        cast("forms.ChoiceField", self.fields["recipe"]).choices = [("", f"{USUAL} ({usual})"), *names]
        own = [("", "Den udgave, der står ved opskriften")] if names else []
        cast("forms.ChoiceField", self.fields["audience"]).choices = own + editions
        self.initial = {
            "recipe": str(recipe) if str(recipe) in self.recipes else "",
            "audience": "" if names else editions[0][0],
            "as_of": min(as_of, today()),
        }
        # Neither is optional: each has an answer from the start.
        self.fields["recipe"].required = self.fields["audience"].required = False
        if not names:
            del self.fields["recipe"]

    def clean_as_of(self) -> date:
        """Not a day to come."""
        return _past_day(self.cleaned_data["as_of"])

    def save(self) -> NoteDraft:
        """Begin the note."""
        data = self.cleaned_data
        recipe = self.recipes.get(data.get("recipe", ""))
        allowed = editions_for(self.user, self.subject)
        asked = data["audience"] or (recipe.audience if recipe else "")
        return begin_note(
            subject=self.subject, audience=asked if asked in allowed else allowed[0], as_of=data["as_of"],
            choices=Choices.from_data(recipe.choices, recipe.kind) if recipe else Choices.usual(self.subject.kind),
            recipe_name=recipe.name if recipe else "", nonce=data["nonce"], by=self.user,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectionRow:
    """Et afsnit i byggeren: whether it is taken along, and which of its buttons has the focus."""

    key: SectionKey
    is_along: bool
    focus: str = ""

    @property
    def label(self) -> str:
        """Its heading in the paper."""
        return SECTION_LABELS[self.key]

    @property
    def hint(self) -> str:
        """Where the rest of it is written."""
        return _HINTS.get(self.key, "")


class NoteDraftForm(DraftForm):
    """Byggeren: kept as one writes, and never over another's unseen."""

    title = forms.CharField(
        label="Titel", max_length=300, required=False,
        help_text="Lad feltet stå tomt, så får notatet den titel, det plejer.",
    )  # fmt: skip
    audience = forms.ChoiceField(label="Til hvem?", widget=forms.RadioSelect)
    as_of = date_field("Pr. dato", help_text="Hvad der gjaldt og var kendt den dag.")
    sections = forms.MultipleChoiceField(
        label="Afsnit", widget=forms.CheckboxSelectMultiple, error_messages={"required": "Vælg mindst ét afsnit."}
    )
    introduction = PlainText(
        "Indledning", rows=4, help_text="For eksempel: »Udvalget bad den 3. maj om en status, før budgettet lægges.«"
    )
    conclusion = PlainText(
        "Afslutning", rows=4, help_text="For eksempel: »Forvaltningen vender tilbage med en ny plan i oktober.«"
    )
    changes_since = date_field(
        "Ændringer siden", required=False,
        help_text="Bruges af afsnittet »Ændringer«. Ellers fortælles om tiden siden det seneste udstedte notat.",
    )  # fmt: skip
    doc_no = forms.CharField(
        label="Dokumentnummer", max_length=40, required=False, help_text="Fra sagssystemet. For eksempel: 108429-26."
    )

    needed = ("sections",)
    draft: NoteDraft
    moved_section = ""

    def __init__(self, *args: Any, draft: NoteDraft, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.user = draft, user
        self.kind = NoteKind(draft.kind)
        cast("forms.ChoiceField", self.fields["audience"]).choices = _editions(user, subject_of(draft))
        cast("forms.ChoiceField", self.fields["sections"]).choices = [
            (str(key), SECTION_LABELS[key]) for key in SECTIONS_OF[self.kind]
        ]
        self.initial = {"revision": draft.revision} | {name: self.value_in(draft, name) for name in self._chosen}

    @property
    def _chosen(self) -> tuple[str, ...]:
        return tuple(name for name in self.fields if name not in ("revision", "replaces"))

    def clean_as_of(self) -> date:
        """Not a day to come."""
        return _past_day(self.cleaned_data["as_of"])

    def clean_sections(self) -> list[str]:
        """Take them in the order in which they stand on the page, after the move that was asked for."""
        chosen = known_sections(self.cleaned_data["sections"], self.kind)
        key, _, to = str(self.data.get(MOVE, "")).partition(":")
        if key:
            before, seen = chosen, cast("Any", self.data).getlist("order")
            chosen = moved(chosen, self.kind, key=key, to=to, seen=seen)
            self.moved_section = key if key in chosen else ""
            self.has_moved = chosen != before
        if not chosen:
            raise forms.ValidationError("Vælg mindst ét afsnit.")
        return [str(one) for one in chosen]

    def clean(self) -> dict[str, Any]:
        """Changes are told since a day before the note's own."""
        since, as_of = self.cleaned_data.get("changes_since"), self.cleaned_data.get("as_of")
        if since and as_of and since >= as_of:
            self.add_error("changes_since", "Dagen skal ligge før den dag, notatet fortæller om.")
        return self.cleaned_data

    @cached_property
    def rows(self) -> list[SectionRow]:
        """All sections, those that are taken along with a tick."""
        if self.is_bound:
            typed = self.cleaned_data.get("sections", cast("Any", self.data).getlist("sections"))
        else:
            typed = self.initial["sections"]
        along = known_sections(typed, self.kind)
        return [SectionRow(key, key in along, self._focus(key)) for key in arranged(along, self.kind)]

    def _focus(self, key: SectionKey) -> str:
        if key != self.moved_section:
            return ""
        return DOWN if str(self.data.get(MOVE, "")).endswith(f":{DOWN}") else UP

    @property
    def told_move(self) -> str:
        """Status er nummer 3 af 9."""
        if not self.moved_section or not self.is_valid():
            return ""
        along = self.cleaned_data["sections"]
        place = f"nummer {along.index(self.moved_section) + 1} af {len(along)}"
        label = SECTION_LABELS[SectionKey(self.moved_section)]
        return f"{label} er nu {place}." if self.has_moved else f"{label} er stadig {place}."

    def value_in(self, draft: Draft | None, name: str) -> Any:
        """What a draft holds in a field: a column of its own, or one of its choices."""
        row = cast("NoteDraft", draft)
        if name in ("audience", "as_of"):
            return getattr(row, name)
        value = getattr(Choices.from_data(row.choices, row.kind), name)
        return [str(key) for key in value] if name == "sections" else value

    def told(self, name: str, value: Any) -> str:
        """A value in words."""
        if name == "sections":
            return "\n".join(SECTION_LABELS[SectionKey(key)] for key in value)
        if name == "audience":
            return _TELLS[Audience(value)]
        return format_date(value) if isinstance(value, date) else super().told(name, value)

    def save(self) -> NoteDraft:
        """Keep it as a draft."""
        data = self.cleaned_data
        own = {name: data[name] for name in ("title", "introduction", "conclusion", "changes_since", "doc_no")}
        choices = Choices(sections=known_sections(data["sections"], self.kind), **own)
        saved = save_note_draft(
            draft=self.draft, expected=self.expected, audience=data["audience"], as_of=data["as_of"], choices=choices,
            by=self.user,
        )  # fmt: skip
        return _as_near(self.draft, saved)


def _as_near(known: NoteDraft, saved: NoteDraft) -> NoteDraft:
    """The saved row with what came along with the one at hand, so that nothing is asked for twice."""
    for name in ("revision", "edited_at", "edited_by", "audience", "as_of", "choices"):
        setattr(known, name, getattr(saved, name))
    return known
