"""En opskrift: keeping what a draft holds under a name, and naming it anew."""

from typing import Any, NamedTuple, Self, cast

from django import forms
from django.db import models

from kit.clock import moment
from kit.once import NonceField
from meetings.forms.fields import retyped
from pejlemaerker.actions.note_drafts import rename_recipe, save_recipe
from pejlemaerker.models import NoteDraft, NoteRecipe


class BothNames(NamedTuple):
    """To navne, written at once."""

    mine: str
    theirs: str
    by: str
    at: str


class _NameField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Opskriftens navn", max_length=120, help_text="For eksempel: Status før budgettet.",
            error_messages={"required": "Giv opskriften et navn."},
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        """A name is one line, with one space between words."""
        return " ".join(str(super().clean(value)).split())


class SaveRecipeForm(forms.Form):
    """Gem kladden som opskrift."""

    name = _NameField()
    replaces = forms.BooleanField(
        label="Erstat den opskrift, der hedder sådan i forvejen", required=False,
    )  # fmt: skip
    nonce = NonceField()

    def __init__(self, *args: Any, draft: NoteDraft, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.user = draft, user
        self.fields["name"].initial = draft.recipe_name
        same = NoteRecipe.objects.filter(committee=draft.committee_id, kind=draft.kind)
        self.taken = list(same.values_list("name", flat=True))
        if not self.taken:
            del self.fields["replaces"]

    def save(self) -> NoteRecipe:
        """Keep it; raises NotAllowed when the name is taken."""
        data = self.cleaned_data
        return save_recipe(
            draft=self.draft, name=data["name"], replaces=data.get("replaces", False), nonce=data["nonce"],
            by=self.user,
        )  # fmt: skip


class RenameRecipeForm(forms.Form):
    """Giv opskriften et andet navn."""

    name = _NameField()
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    conflict: BothNames | None = None

    def __init__(self, *args: Any, recipe: NoteRecipe, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipe, self.user = recipe, user
        self.initial = {"name": recipe.name, "revision": recipe.revision}

    def save(self) -> NoteRecipe:
        """Rename it; raises NotAllowed when the name is taken, EditConflict when another was quicker."""
        data = self.cleaned_data
        return rename_recipe(recipe=self.recipe, expected=data["revision"], name=data["name"], by=self.user)

    def over(self, current: models.Model) -> Self:
        """Keep what was typed, beside what stands there now: the next save is over that."""
        theirs = cast("NoteRecipe", current)
        self.conflict = BothNames(
            self.cleaned_data["name"], theirs.name, str(theirs.edited_by or "en anden"), moment(theirs.edited_at)
        )
        self.data = retyped(self.data, revision=theirs.revision)
        return self
