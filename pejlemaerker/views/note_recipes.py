"""Recipes for notes: keeping one, a committee's list, and naming or deleting one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kit.drafts import EditConflict
from kit.guards import permission_on
from kit.htmx import render_page, see_other
from meetings.models import Committee
from meetings.views.saving import saved
from pejlemaerker.actions.note_drafts import delete_recipe
from pejlemaerker.documents.notes.drafts import told
from pejlemaerker.documents.notes.issuing import subject_of
from pejlemaerker.documents.notes.recipes import RecipeLine, recipes_of
from pejlemaerker.forms.note_recipe import RenameRecipeForm, SaveRecipeForm
from pejlemaerker.models import NoteDraft, NoteRecipe
from pejlemaerker.permissions import (
    can_write_note_draft,
    can_write_notes,
    can_write_recipe,
    committee_for,
    note_draft_for,
    note_recipe_for,
)


@permission_on(note_draft_for, can_write_note_draft)
@require_http_methods(["GET", "HEAD", "POST"])
def save_recipe(request: HttpRequest, draft: NoteDraft) -> HttpResponse:
    """Gem som opskrift: what the draft holds, under a name."""
    form = SaveRecipeForm(request.POST or None, draft=draft, user=request.user)
    if recipe := saved(form):
        messages.success(request, f"Opskriften »{recipe.name}« er gemt.")
        return see_other(draft.get_absolute_url())
    context = {"form": form, "draft": draft, "about": told(subject_of(draft))}
    status = 422 if form.is_bound else 200
    return render_page(request, "pejlemaerker/notes/recipe_save.html", context, status=status)


@permission_on(committee_for, can_write_notes)
@require_safe
def recipes(request: HttpRequest, committee: Committee) -> HttpResponse:
    """Udvalgets opskrifter."""
    context = {"committee": committee, "kinds": recipes_of(committee)}
    return render_page(request, "pejlemaerker/notes/recipes.html", context)


@permission_on(note_recipe_for, can_write_recipe)
@require_http_methods(["GET", "HEAD", "POST"])
def recipe(request: HttpRequest, recipe: NoteRecipe) -> HttpResponse:
    """En opskrift: what it holds, another name, or away with it."""
    listed = reverse("note_recipes", args=[recipe.committee.slug])
    if "slet" in request.POST:
        delete_recipe(recipe=recipe, by=request.user)
        messages.success(request, f"Opskriften »{recipe.name}« er slettet.")
        return see_other(listed)
    form, status = RenameRecipeForm(request.POST or None, recipe=recipe, user=request.user), 200
    if request.method == "POST":
        try:
            if saved(form):
                messages.success(request, "Opskriften har fået det nye navn.")
                return see_other(listed)
            status = 422
        except EditConflict as conflict:
            form, status = form.over(conflict.current), 409
    context = {"form": form, "line": RecipeLine.of(recipe), "committee": recipe.committee, "listed": listed}
    return render_page(request, "pejlemaerker/notes/recipe.html", context, status=status)
