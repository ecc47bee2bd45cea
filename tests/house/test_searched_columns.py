"""What a row is found by is never fetched with it: a vector is as long as its text."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from kit.search import OnlySearched
from meetings.models import AgendaItem, Decision, ItemSection, Meeting, User
from tests.conftest import decide


def _searched() -> dict[type[models.Model], list[str]]:
    found = {
        model: [field.name for field in model._meta.fields if isinstance(field, OnlySearched)]
        for model in apps.get_models()
    }
    return {model: names for model, names in found.items() if names}


@pytest.mark.asvs("V15.3.1")
def test_no_row_is_fetched_with_what_it_is_found_by() -> None:
    searched = _searched()
    assert sorted(model.__name__ for model in searched) == [
        "AgendaItem", "Decision", "GoalVersion", "ItemSection", "Note",
    ]  # fmt: skip
    for model, names in searched.items():
        asked = str(model._base_manager.all().query)
        assert [name for name in names if f'"{name}"' in asked] == []


def test_no_row_brings_what_another_is_found_by(meeting: Meeting, secretary: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        item = AgendaItem.including_closed.create(meeting=meeting, number="77", position=77, title="Trivsel")
        ItemSection.including_closed.create(item=item, position=1, kind="case", heading="Sag", text="Trivsel.")
        decide(item, "approved", "Godkendt.", by=secretary)
        item.save()
        list(Decision.including_closed.select_related("item__meeting").filter(item=item))
        list(ItemSection.including_closed.prefetch_related("item").filter(item=item))
    told = " ".join(query["sql"] for query in asked)
    assert [column for column in ('"search"', '"folded_title"', '"day"') if column in told] == []
