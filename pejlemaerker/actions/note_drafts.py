"""Notatkladder and opskrifter: beginning a note, keeping what is chosen, and keeping the choice under a name."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.actions import NotAllowed
from meetings.models import Committee, Event
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import NoteDraft, NoteRecipe

_GONE = "Kladden er udstedt eller slettet imens."


@transaction.atomic
def begin_note(
    *, subject: Subject, audience: str, as_of: date, choices: Choices, recipe_name: str = "", nonce: UUID, by: Any
) -> NoteDraft:
    """Begin a note as a draft; the same submit begins it once."""
    content = {"audience": audience, "as_of": as_of, "choices": choices.as_data(), "recipe_name": recipe_name}
    made, nonce = made_by(NoteDraft.objects.all(), nonce, **subject.fields, audience=audience, as_of=as_of)
    if made:
        return made
    draft: NoteDraft = NoteDraft.objects.create(**subject.fields, **content, nonce=nonce, edited_by=by)
    Event.objects.record("note_begun", draft, by=by, about=_about(subject))
    return draft


def _about(subject: Subject) -> dict[str, Any]:
    """What the log keeps of what a note is about."""
    told = {name: getattr(value, "pk", value) for name, value in subject.fields.items()}
    return {name: value for name, value in told.items() if value is not None}


@transaction.atomic
def save_note_draft(
    *, draft: NoteDraft, expected: int, audience: str, as_of: date, choices: Choices, by: Any
) -> NoteDraft:
    """Keep what is chosen so far; raises EditConflict when somebody else saved in between, and NotAllowed when the
    draft has become a note or is gone.
    """
    current = _locked(draft)
    values = {"audience": audience, "as_of": as_of, "choices": choices.as_data()}
    if all(getattr(current, name) == value for name, value in values.items()):
        return current  # a retry after a lost answer, or nothing new
    return current.save_if_unchanged(expected=expected, by=by, **values)


def _locked(draft: NoteDraft) -> NoteDraft:
    found = NoteDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if found is None:
        raise NotAllowed(_GONE)
    return found


@transaction.atomic
def delete_note_draft(*, draft: NoteDraft, by: Any) -> None:
    """Take a draft away; no note comes of it. Twice is once."""
    found = NoteDraft.objects.select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if found:
        Event.objects.record("note_draft_deleted", found, by=by)
        found.delete()


@transaction.atomic
def save_recipe(*, draft: NoteDraft, name: str, replaces: bool, nonce: UUID, by: Any) -> NoteRecipe:
    """Keep what a draft holds under a name, for the next year; raises NotAllowed when the name is taken and the writer
    has not said that the old one goes.
    """
    committee = Committee.objects.select_for_update(of=("self",), no_key=True).get(pk=draft.committee_id)
    draft = _locked(draft)
    values = {"audience": draft.audience, "choices": lasting(Choices.from_data(draft.choices, draft.kind)).as_data()}
    about = {"committee": committee, "kind": draft.kind, "name": name}
    taken = NoteRecipe.objects.filter(**about).first()
    made, nonce = made_by(NoteRecipe.objects.all(), nonce, **about)
    if made and all(getattr(made, field) == value for field, value in values.items()):
        return made
    if taken and not replaces:
        raise NotAllowed(f"{_taken(name)} Skriv et andet navn, eller erstat den.", field="name")
    if taken:
        recipe: NoteRecipe = taken.save_if_unchanged(expected=taken.revision, by=by, **values)
    else:
        recipe = NoteRecipe.objects.create(**about, **values, nonce=nonce, edited_by=by)
    NoteDraft.objects.filter(pk=draft.pk).update(recipe_name=name)
    Event.objects.record("note_recipe_saved", recipe, by=by, replaced=bool(taken))
    return recipe


def _taken(name: str) -> str:
    return f"Der er allerede en opskrift, der hedder »{name}«."


def lasting(choices: Choices) -> Choices:
    """What a recipe keeps: not the number of one document, nor the day since when one note told the changes."""
    return replace(choices, doc_no="", changes_since=None)


@transaction.atomic
def rename_recipe(*, recipe: NoteRecipe, expected: int, name: str, by: Any) -> NoteRecipe:
    """Give a recipe another name; raises EditConflict when somebody else did in between, and NotAllowed when the name
    is taken or the recipe is gone.
    """
    Committee.objects.select_for_update(of=("self",), no_key=True).get(pk=recipe.committee_id)
    same = NoteRecipe.objects.filter(committee=recipe.committee_id, kind=recipe.kind, name=name).first()
    if same and same.pk == recipe.pk:
        return same
    if same:
        raise NotAllowed(_taken(name), field="name")
    if not NoteRecipe.objects.filter(pk=recipe.pk).exists():
        raise NotAllowed("Opskriften er slettet imens.")
    renamed: NoteRecipe = recipe.save_if_unchanged(expected=expected, by=by, name=name)
    Event.objects.record("note_recipe_renamed", renamed, by=by, name=name)
    return renamed


@transaction.atomic
def delete_recipe(*, recipe: NoteRecipe, by: Any) -> None:
    """Take a recipe away; the notes made by it stay. Twice is once."""
    found = NoteRecipe.objects.select_for_update(of=("self",)).filter(pk=recipe.pk).first()
    if found:
        Event.objects.record("note_recipe_deleted", found, by=by)
        found.delete()
