"""Two people at once and one person twice: nothing lost, nothing doubled (real transactions, real threads)."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from kit.drafts import EditConflict
from meetings.actions import AlreadyDecided, record_decision, save_decision_draft
from meetings.models import AgendaItem, Decision, DecisionDraft, User


def run_at_once(jobs: int, job: object) -> list[object]:
    """Run a job in as many threads, each with a connection of its own."""

    def one(number: int) -> object:
        try:
            return job(number)  # type: ignore[operator]
        except (EditConflict, AlreadyDecided) as refused:
            return type(refused).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(one, range(jobs)))


def test_of_eight_edits_at_once_one_wins_and_seven_are_told(
    committed_db: str, open_item: AgendaItem, secretary: User
) -> None:
    def edit(number: int) -> str:
        save_decision_draft(item=open_item, category="", text=f"Tekst {number}", expected=0, by=secretary)
        return "gemt"

    assert sorted(map(str, run_at_once(8, edit))) == ["EditConflict"] * 7 + ["gemt"]
    assert DecisionDraft.objects.get().revision == 1


def test_five_submits_of_one_form_make_one_decision(committed_db: str, open_item: AgendaItem, secretary: User) -> None:
    nonce = uuid4()

    def submit(number: int) -> int:
        decision = record_decision(
            item=open_item, category="approved", text="Godkendt.", expected=0, nonce=nonce, by=secretary
        )
        return int(decision.pk)

    assert len(set(run_at_once(5, submit))) == 1
    assert Decision.objects.count() == 1


def test_of_two_secretaries_one_decides_and_the_other_is_told(
    committed_db: str, open_item: AgendaItem, secretary: User
) -> None:
    def decide(number: int) -> str:
        record_decision(
            item=open_item, category="approved", text=f"Tekst {number}", expected=0, nonce=uuid4(), by=secretary
        )
        return "ført"

    assert sorted(map(str, run_at_once(2, decide))) == ["AlreadyDecided", "ført"]
