"""Two secretaries at the same instant, in transactions that really commit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

from django.db import connection

from kit.drafts import EditConflict
from meetings.actions import AlreadyDecided, add_item, record_decision, save_decision_draft
from meetings.models import AgendaItem, Decision, DecisionDraft, Meeting, User


def at_the_same_time(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that start together; return how each ended."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            start.wait(timeout=10)
            act()
        except Exception as fault:
            return type(fault).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_two_decisions_at_once_leave_one_and_tell_the_other(
    committed_db: str, open_item: AgendaItem, secretary: User, second_secretary: User
) -> None:
    def record(by: User) -> Callable[[], Decision]:
        return lambda: record_decision(
            item=open_item, category="approved", text=str(by), expected=0, nonce=uuid4(), by=by
        )

    assert at_the_same_time(record(secretary), record(second_secretary)) == [AlreadyDecided.__name__, "done"]
    assert Decision.objects.count() == 1


def test_double_click_records_once_and_both_clicks_succeed(
    committed_db: str, open_item: AgendaItem, secretary: User
) -> None:
    nonce = uuid4()

    def click() -> Decision:
        return record_decision(
            item=open_item, category="approved", text="Godkendt.", expected=0, nonce=nonce, by=secretary
        )

    assert at_the_same_time(click, click) == ["done", "done"]
    assert Decision.objects.count() == 1


def test_two_first_drafts_at_once_keep_one_and_tell_the_other(
    committed_db: str, open_item: AgendaItem, secretary: User, second_secretary: User
) -> None:
    def save(by: User) -> Callable[[], DecisionDraft]:
        return lambda: save_decision_draft(item=open_item, category="", text=str(by), expected=0, by=by)

    assert at_the_same_time(save(secretary), save(second_secretary)) == [EditConflict.__name__, "done"]
    assert DecisionDraft.objects.get().revision == 1


def test_two_items_with_one_number_at_once_leave_one(committed_db: str, meeting: Meeting, secretary: User) -> None:
    def add() -> AgendaItem:
        return add_item(
            meeting=meeting,
            nonce=uuid4(),
            by=secretary,
            points=[],
            recommended_by="",
            number="3",
            title="Budget",
            is_closed=False,
        )

    assert at_the_same_time(add, add) == ["NumberTaken", "done"]
