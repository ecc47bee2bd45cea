"""Et løfte as it is told wherever it stands: below its item, in the ledger, on the papers."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef

from kit.dates import format_date
from meetings.models import AgendaItem, Meeting, Promise


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """Et løfte, and how far it has come."""

    pk: int
    text: str
    to_whom: str  # in the middle of a sentence
    responsible: str  # it may be an official by name
    due: str
    state: str
    state_kind: str
    url: str  # the item that answers it, for those who may see that

    @classmethod
    def of(cls, promise: Promise, *, is_open: bool, answer: AgendaItem | None) -> Self:
        """Tell a promise; `answer` is the item that answers it, if the viewer may see that."""
        state, kind = _promise_state(promise, is_open, answer)
        return cls(
            promise.pk, promise.text, _in_a_sentence(promise.to_whom), promise.responsible,
            format_date(promise.due_on), state, kind,
            answer.get_absolute_url() if answer else "",
        )  # fmt: skip


def _in_a_sentence(to_whom: str) -> str:
    """The form's own proposal is written as a name; whatever else the secretary wrote stands as it was written."""
    return "udvalget" if to_whom == "Udvalget" else to_whom


def _promise_state(promise: Promise, is_open: bool, answer: AgendaItem | None) -> tuple[str, str]:
    if promise.settled_on:
        return f"Indfriet {format_date(promise.settled_on)}: {promise.settled_note}", "success"
    meeting = f" {format_date(answer.meeting.date)}" if answer else ""
    if not is_open:
        return f"Indfriet på mødet{meeting}", "success"
    return (f"På dagsordenen{meeting}", "info") if promise.answer_id else ("Ikke indfriet endnu", "warning")


def promise_lines(promises: Any, *, viewer: Any) -> defaultdict[int, list[tuple[Promise, PromiseLine]]]:
    """Tell promises, by the item they were made on (0: elsewhere); the caller has seen to it that the viewer may read
    those. That one was kept is told only to who may read the minutes where it was.
    """
    rows = list(promises.order_by("due_on", "pk"))
    unkept = Promise.including_closed.filter(pk__in=[row.pk for row in rows]).still_open()
    still_open = set(unkept.values_list("pk", flat=True))
    answers = (
        AgendaItem.including_closed.visible_to(viewer)
        .annotate(has_minutes=Exists(Meeting.objects.minutes_visible_to(viewer).filter(pk=OuterRef("meeting"))))
        .select_related("meeting")
        .in_bulk([row.answer_id for row in rows if row.answer_id])
    )
    told: defaultdict[int, list[tuple[Promise, PromiseLine]]] = defaultdict(list)
    for row in rows:
        answer = answers.get(row.answer_id or 0)
        is_kept = row.pk not in still_open and answer is not None and answer.has_minutes  # type: ignore[attr-defined]
        line = PromiseLine.of(row, is_open=not is_kept, answer=answer)
        told[row.item_id or 0].append((row, line))
    return told
