"""Resuméer af dialogmøder, as they were told on a day."""

from collections.abc import Iterable
from datetime import date

from pejlemaerker.models import AsOf, Dialogue, DialogueSummary, was_known


def summaries(dialogues: Iterable[Dialogue], *, at: AsOf, kept_since: date) -> dict[int, str]:
    """Find the newest summary of each dialogue meeting that was known, in one query."""
    held_on = {dialogue.pk: dialogue.held_on for dialogue in dialogues}
    rows = DialogueSummary.objects.filter(dialogue__in=held_on).order_by("pk")
    return {
        row.dialogue_id: row.text
        for row in rows
        if was_known(at.known, held_on[row.dialogue_id], row.recorded_at, kept_since=kept_since)
    }
