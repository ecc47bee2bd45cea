"""Facts are inserted, never changed: in Python for a clear error, in PostgreSQL for the truth (DESIGN § 4)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from kit.append_only import AppendOnlyError, AppendOnlyModel, AppendOnlyQuerySet
from meetings.models import Meeting
from tests.house.world import World

FACTS: list[type[models.Model]] = [model for model in apps.get_models() if issubclass(model, AppendOnlyModel)]
NAMES = {model.__name__ for model in FACTS}


def test_facts_are_those_the_house_rules_name() -> None:
    assert {
        "Adoption", "AdditionRequest", "Correction", "Decision", "Event", "Finding", "FollowUpPlan", "FollowUpStep",
        "GoalVersion", "KnowledgeSource", "Publication", "SourceDocument", "StatusEntry",
    } <= NAMES  # fmt: skip


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_fact_has_its_triggers_in_the_database(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'O'"
            " AND (tgname LIKE 'pgtrigger_append_only%%' OR tgname LIKE 'pgtrigger_no_truncate%%')",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (2,)


@pytest.mark.parametrize("model", FACTS, ids=lambda model: model.__name__)
def test_fact_has_only_managers_that_insert(model: type[models.Model]) -> None:
    assert [m.name for m in model._meta.managers if not isinstance(m.get_queryset(), AppendOnlyQuerySet)] == []


@pytest.mark.asvs("V2.3.3", "V16.4.2")
def test_raw_sql_cannot_change_a_fact(world: World) -> None:
    having = {model for model in FACTS if model._base_manager.exists()}  # triggers per row need a row
    assert len(having) > len(FACTS) / 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE waits for none
        for model in FACTS:
            by_row = ["UPDATE {} SET id = id", "DELETE FROM {}"] if model in having else []
            for statement in [*by_row, "TRUNCATE {} CASCADE"]:
                with pytest.raises(DatabaseError, match="append"), transaction.atomic():
                    cursor.execute(statement.format(model._meta.db_table))


@pytest.mark.parametrize("model", [m for m in FACTS if m.__name__ in {"Decision", "Publication", "Event"}])
def test_python_refuses_to_change_a_fact(model: type[models.Model], published_meeting: Meeting) -> None:
    fact = model._base_manager.first()
    assert fact is not None
    rows = model._meta.managers[0].get_queryset()
    attempts: list[Callable[[], Any]] = [
        fact.save,
        fact.delete,
        lambda: rows.update(pk=1),
        rows.delete,
        lambda: rows.bulk_update([fact], ["pk"]),
    ]
    for attempt in attempts:
        with pytest.raises(AppendOnlyError):
            attempt()
