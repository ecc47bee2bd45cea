"""Whatever hangs on an agenda item has the same two managers: a safe default and a loud name (DESIGN § 5)."""

from typing import Any

import pytest
from django.apps import apps

from meetings.models import AgendaItem
from tests.house.world import World


def _hanging_on(parents: set[Any]) -> set[Any]:
    """Everything that hangs on an item, by however many links."""
    found = {
        model
        for model in apps.get_app_config("meetings").get_models()
        if any(field.related_model in parents for field in model._meta.fields)
    }
    return found if found <= parents else _hanging_on(parents | found)


CHILDREN = sorted(_hanging_on({AgendaItem}) - {AgendaItem}, key=lambda model: model.__name__)


def test_children_of_an_item_are_found() -> None:
    assert [model.__name__ for model in CHILDREN] == [
        "Attachment", "Correction", "Decision", "DecisionDraft", "DispatchedItem", "ItemAbsence", "ItemSection",
        "Promise", "ProtocolNote", "Recommendation", "Recusal", "Routing", "Stay", "StayOutcome", "Vote", "VoteLine",
    ]  # fmt: skip


def test_default_manager_knows_no_closed_item(world: World) -> None:
    for model in [AgendaItem, *CHILDREN]:
        rows = model.including_closed.all()
        closed = set(rows.values_list("pk", flat=True)) - set(model.objects.values_list("pk", flat=True))
        path = f"{rows.item}__is_closed" if hasattr(rows, "item") else "is_closed"
        assert closed == set(rows.filter(**{path: True}).values_list("pk", flat=True)), model.__name__
        assert closed, model.__name__


@pytest.mark.asvs("V8.2.3")
def test_outsiders_see_no_closed_row(world: World, other_member: Any, member: Any) -> None:
    for model in [AgendaItem, *CHILDREN]:
        visible = model.including_closed.visible_to(other_member)
        assert set(visible) <= set(model.objects.all()), model.__name__
        assert set(model.including_closed.visible_to(member)) == set(model.including_closed.all()), model.__name__
