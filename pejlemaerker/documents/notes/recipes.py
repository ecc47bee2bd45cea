"""Opskrifter: which a committee has, and what each holds."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

from django.urls import reverse

from kit.clock import moment, today
from kit.danish import sort_key
from meetings.models import Committee, Right
from pejlemaerker.documents.notes.choices import SECTION_LABELS, Choices
from pejlemaerker.models import GoalSet, NoteKind, NoteRecipe


@dataclass(frozen=True, slots=True)
class RecipeLine:
    """En opskrift."""

    recipe: NoteRecipe
    choices: Choices

    @classmethod
    def of(cls, recipe: NoteRecipe) -> Self:
        """Tell what it holds."""
        return cls(recipe, Choices.from_data(recipe.choices, recipe.kind))

    @property
    def url(self) -> str:
        """Its own page."""
        return reverse("note_recipe", args=[self.recipe.pk])

    @property
    def use_url(self) -> str:
        """Where a note is begun by it."""
        return f"{reverse('note_new')}?opskrift={self.recipe.pk}"

    @property
    def sections(self) -> list[str]:
        """Its sections in order."""
        return [SECTION_LABELS[key] for key in self.choices.sections]

    @property
    def edited(self) -> str:
        """Gemt 3. maj 2026 kl. 9.12 af Karen Konsulent."""
        by = f" af {self.recipe.edited_by}" if self.recipe.edited_by else ""
        return f"Gemt {moment(self.recipe.edited_at)}{by}"


def recipes_of(committee: Committee) -> list[tuple[str, list[RecipeLine]]]:
    """Return a committee's recipes, kind by kind, in the Danish alphabet."""
    found = NoteRecipe.objects.filter(committee=committee).select_related("edited_by")
    order = list(NoteKind)
    ordered = sorted(found, key=lambda one: (order.index(NoteKind(one.kind)), sort_key(one.name)))
    return [
        (NoteKind(kind).label, [RecipeLine.of(recipe) for recipe in own])
        for kind, own in groupby(ordered, key=lambda one: one.kind)
    ]


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """Noget, man kan skrive et notat om."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class WhatAbout:
    """Hvad skal notatet handle om? Committee by committee: its sets and its year."""

    committees: tuple[tuple[Committee, tuple[SubjectLine, ...]], ...]
    recipe: NoteRecipe | None

    @classmethod
    def for_user(cls, user: Any, *, recipe: NoteRecipe | None) -> Self:
        """Offer what the user may write notes about; by a recipe only what it is made for."""
        own = Committee.objects.where(user, Right.FOLLOW_UP)
        committees = list(own.filter(pk=recipe.committee_id) if recipe else own)
        sets = GoalSet.objects.filter(period__committee__in=committees).select_related("period__committee", "area")
        newest_first = sorted(sets, key=lambda one: (-one.period.starts_on.toordinal(), one.area.position, one.pk))
        lines = [
            (one, (*_sets(one, newest_first, recipe), *_years(one, newest_first, recipe)))
            for one in sorted(committees, key=lambda one: sort_key(one.name))
        ]
        return cls(tuple((one, offered) for one, offered in lines if offered), recipe)

    @property
    def elsewhere(self) -> str:
        """Where a note is begun that is about one pejlemærke or about two sets."""
        kind = self.recipe.kind if self.recipe else ""
        return reverse("compare") if kind == NoteKind.COMPARISON else reverse("goals") if kind == NoteKind.GOAL else ""


def _sets(committee: Committee, sets: list[GoalSet], recipe: NoteRecipe | None) -> list[SubjectLine]:
    if recipe and recipe.kind != NoteKind.SET:
        return []
    own = [one for one in sets if one.period.committee_id == committee.pk]
    return [SubjectLine(str(one), _address(f"saet={one.pk}", recipe)) for one in own]


def _years(committee: Committee, sets: list[GoalSet], recipe: NoteRecipe | None) -> list[SubjectLine]:
    """This year and the last, of a committee that has pejlemærker."""
    if (recipe and recipe.kind != NoteKind.YEAR) or not any(one.period.committee_id == committee.pk for one in sets):
        return []
    year = today().year
    query = f"udvalg={committee.slug}&aar="
    return [SubjectLine(f"Årsstatus {one}", _address(f"{query}{one}", recipe)) for one in (year, year - 1)]


def _address(query: str, recipe: NoteRecipe | None) -> str:
    return f"{reverse('note_new')}?{query}" + (f"&opskrift={recipe.pk}" if recipe else "")
