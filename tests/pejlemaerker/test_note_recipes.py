"""Recipes for notes: kept under a name, used next year, renamed and deleted."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from kit.drafts import EditConflict
from meetings.actions import NotAllowed
from meetings.models import Event, User
from pejlemaerker.actions.note_drafts import delete_recipe, rename_recipe, save_recipe
from pejlemaerker.documents.notes.choices import Choices, SectionKey
from pejlemaerker.models import GoalSet, NoteDraft, NoteRecipe
from tests.conftest import Login
from tests.pejlemaerker.notes import a_draft

NAME = "Status før budgettet"


@pytest.fixture
def client(as_user: Login, consultant: User) -> Client:
    return as_user(consultant)


@pytest.fixture
def draft(published_goal_set: GoalSet, consultant: User) -> NoteDraft:
    """A draft for the committee, in an order of its own."""
    draft = a_draft(published_goal_set, by=consultant, audience="committee", as_of=date(2024, 1, 1))
    draft.choices = Choices(
        (SectionKey.STATUS, SectionKey.INTRODUCTION, SectionKey.WORDINGS), "Før budgettet", "Kære udvalg.", "",
        date(2023, 1, 1), "108429-26",
    ).as_data()  # fmt: skip
    draft.save()
    return draft


@pytest.fixture
def recipe(draft: NoteDraft, consultant: User) -> NoteRecipe:
    return save_recipe(draft=draft, name=NAME, replaces=False, nonce=uuid4(), by=consultant)


def listed(draft: NoteDraft) -> str:
    return f"/udvalg/{draft.committee.slug}/opskrifter/"


@pytest.mark.parametrize("where", ["list", "one"])
def test_recipes_are_for_those_who_write_notes(
    where: str, recipe: NoteRecipe, draft: NoteDraft, anonymous: Client, as_user: Login, member: User, client: Client
) -> None:
    address = listed(draft) if where == "list" else f"/opskrifter/{recipe.pk}/"
    assert anonymous.get(address).status_code == 302
    assert as_user(member).get(address).status_code == (403 if where == "list" else 404)
    assert client.get(address).status_code == 200
    assert client.put(address).status_code == 405


def test_recipe_keeps_what_lasts(draft: NoteDraft, client: Client) -> None:
    address = reverse("note_recipe_save", args=[draft.pk])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"name": f"  {NAME}  ", "nonce": uuid4()})
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.get_absolute_url())
    recipe = NoteRecipe.objects.get()
    assert (recipe.name, recipe.kind, recipe.audience, recipe.committee) == (NAME, "set", "committee", draft.committee)
    assert Choices.from_data(recipe.choices, "set") == Choices(
        (SectionKey.STATUS, SectionKey.INTRODUCTION, SectionKey.WORDINGS), "Før budgettet", "Kære udvalg."
    )
    draft.refresh_from_db()
    assert draft.recipe_name == NAME
    assert Event.objects.filter(action="note_recipe_saved", target_pk=recipe.pk).count() == 1


def test_recipe_is_saved_once_however_often_it_is_sent(draft: NoteDraft, client: Client) -> None:
    sent = {"name": NAME, "nonce": uuid4()}
    codes = [client.post(reverse("note_recipe_save", args=[draft.pk]), sent).status_code for _ in range(2)]
    assert (codes, NoteRecipe.objects.count()) == ([303, 303], 1)


def test_recipe_is_replaced_only_when_one_says_so(draft: NoteDraft, recipe: NoteRecipe, client: Client) -> None:
    address = reverse("note_recipe_save", args=[draft.pk])
    draft.choices = Choices((SectionKey.PLAN,)).as_data()
    draft.save()
    answer = client.post(address, {"name": NAME, "nonce": uuid4()})
    assert answer.status_code == 422
    assert f"Der er allerede en opskrift, der hedder »{NAME}«." in answer.content.decode()
    recipe.refresh_from_db()
    assert recipe.revision == 0
    assert client.post(address, {"name": NAME, "replaces": "on", "nonce": uuid4()}).status_code == 303
    recipe.refresh_from_db()
    assert Choices.from_data(recipe.choices, "set").sections == ("plan",)
    assert NoteRecipe.objects.count() == 1


def test_name_is_taken_once_past_the_form_too(recipe: NoteRecipe) -> None:
    with pytest.raises(IntegrityError, match="note_recipe_name_once"), transaction.atomic():
        NoteRecipe.objects.create(committee=recipe.committee, kind=recipe.kind, name=NAME, audience="public")


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_recipe_has_a_name(name: str, draft: NoteDraft, client: Client) -> None:
    assert client.post(reverse("note_recipe_save", args=[draft.pk]), {"name": name}).status_code == 422
    assert not NoteRecipe.objects.exists()


@pytest.mark.parametrize(("chosen", "audience"), [("", "committee"), ("public", "public")])
def test_note_is_made_by_a_recipe_next_year(
    chosen: str, audience: str, draft: NoteDraft, recipe: NoteRecipe, client: Client
) -> None:
    """In the edition of the recipe, unless another is chosen."""
    address = f"/notater/nyt/?saet={draft.goal_set_id}&opskrift={recipe.pk}"
    assert f"{NAME} (udgave til udvalget)" in client.get(address).content.decode()
    sent = {"recipe": recipe.pk, "audience": chosen, "as_of": "2025-01-01", "nonce": uuid4()}
    made = NoteDraft.objects.get(pk=client.post(address, sent).headers["Location"].split("/")[2])
    assert (made.audience, made.recipe_name, made.choices) == (audience, NAME, recipe.choices)


def test_recipe_of_another_committee_is_not_offered(
    recipe: NoteRecipe, other_secretary: User, as_user: Login, draft: NoteDraft
) -> None:
    assert as_user(other_secretary).get(f"/notater/nyt/?opskrift={recipe.pk}").status_code == 404
    NoteRecipe.objects.filter(pk=recipe.pk).update(kind="year")
    page = as_user(User.objects.get(username="konsulent")).get(f"/notater/nyt/?saet={draft.goal_set_id}")
    assert NAME not in page.content.decode()


def test_recipe_alone_asks_what_it_is_to_be_about(draft: NoteDraft, recipe: NoteRecipe, client: Client) -> None:
    page = client.get(f"/notater/nyt/?opskrift={recipe.pk}").content.decode()
    assert f"/notater/nyt/?saet={draft.goal_set_id}&amp;opskrift={recipe.pk}" in page
    assert "aar=" not in page


def test_recipe_makes_the_file_at_once(draft: NoteDraft, recipe: NoteRecipe, client: Client) -> None:
    NoteRecipe.objects.filter(pk=recipe.pk).update(
        choices=Choices((SectionKey.INTRODUCTION,), introduction="Kære udvalg.").as_data()
    )
    answer = client.get(f"/saet/{draft.goal_set_id}/notat.html?opskrift={recipe.pk}").content.decode()
    assert "Kære udvalg." in answer
    assert "<h2>Status</h2>" not in answer


@pytest.mark.parametrize("count", [1, 3])
def test_recipes_are_listed(
    count: int, draft: NoteDraft, consultant: User, client: Client, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        save_recipe(draft=draft, name=f"Å {number}", replaces=False, nonce=uuid4(), by=consultant)
    with django_assert_num_queries(9):
        page = client.get(listed(draft)).content.decode()
    assert page.count("Brug opskriften") == count
    assert "Udgave til udvalget: Status, Indledning, Pejlemærker og ordlyd" in page


def test_no_recipes_says_what_to_do_first(draft: NoteDraft, client: Client) -> None:
    assert "Der er ingen opskrifter endnu" in client.get(listed(draft)).content.decode()


def test_recipe_gets_another_name(recipe: NoteRecipe, draft: NoteDraft, client: Client) -> None:
    answer = client.post(f"/opskrifter/{recipe.pk}/", {"name": "Til august", "revision": 0})
    assert (answer.status_code, answer.headers["Location"]) == (303, listed(draft))
    recipe.refresh_from_db()
    assert recipe.name == "Til august"


def test_recipe_gets_no_name_that_is_taken(
    recipe: NoteRecipe, draft: NoteDraft, consultant: User, client: Client
) -> None:
    save_recipe(draft=draft, name="Til august", replaces=False, nonce=uuid4(), by=consultant)
    answer = client.post(f"/opskrifter/{recipe.pk}/", {"name": "Til august", "revision": 0})
    assert answer.status_code == 422
    assert "Der er allerede en opskrift" in answer.content.decode()


def test_two_who_rename_at_once_see_both(recipe: NoteRecipe, secretary: User, client: Client) -> None:
    rename_recipe(recipe=recipe, expected=0, name="Sekretærens navn", by=secretary)
    answer = client.post(f"/opskrifter/{recipe.pk}/", {"name": "Mit navn", "revision": 0})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Sekretærens navn" in page
    assert 'value="Mit navn"' in page
    assert 'name="revision" value="1"' in page
    with pytest.raises(EditConflict):
        rename_recipe(recipe=recipe, expected=0, name="Mit navn", by=secretary)


def test_recipe_is_deleted_and_its_drafts_stay(recipe: NoteRecipe, draft: NoteDraft, client: Client) -> None:
    stale = NoteRecipe.objects.get(pk=recipe.pk)
    answer = client.post(f"/opskrifter/{recipe.pk}/", {"slet": "1"})
    assert (answer.status_code, answer.headers["Location"]) == (303, listed(draft))
    assert not NoteRecipe.objects.exists()
    assert NoteDraft.objects.get().recipe_name == NAME
    delete_recipe(recipe=stale, by=None)  # twice is once
    with pytest.raises(NotAllowed, match="slettet imens"):
        rename_recipe(recipe=stale, expected=0, name="Et navn", by=None)
