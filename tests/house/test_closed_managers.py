"""Whatever hangs on an agenda item has the same two managers: a safe default and a loud name (DESIGN § 5)."""

from typing import Any

import pytest
from django.apps import apps

from meetings.models import AgendaItem, Decision
from tests.house.world import World

CHILDREN: list[Any] = [
    model
    for model in apps.get_app_config("meetings").get_models()
    if any(field.related_model in {AgendaItem, Decision} for field in model._meta.fields)
]


def test_children_of_an_item_are_found() -> None:
    assert {model.__name__ for model in CHILDREN} == {
        "Correction", "Decision", "DecisionDraft", "ItemSection", "Recommendation", "Routing",
    }  # fmt: skip


@pytest.mark.parametrize("model", [AgendaItem, *CHILDREN], ids=lambda model: model.__name__)
def test_default_manager_knows_no_closed_item(model: Any, world: World) -> None:
    closed = set(model.including_closed.values_list("pk", flat=True)) - set(model.objects.values_list("pk", flat=True))
    path = {"AgendaItem": "is_closed", "Correction": "decision__item__is_closed"}.get(model.__name__, "item__is_closed")
    assert closed == set(model.including_closed.filter(**{path: True}).values_list("pk", flat=True))
    assert closed


@pytest.mark.parametrize("model", [AgendaItem, *CHILDREN], ids=lambda model: model.__name__)
def test_outsiders_see_no_closed_row(model: Any, world: World, other_member: Any, member: Any) -> None:
    visible = model.including_closed.visible_to(other_member)
    assert set(visible) <= set(model.objects.all())
    assert set(model.including_closed.visible_to(member)) == set(model.including_closed.all())
