"""What is written down while a dialogue meeting is held: the notes of each point, and the themes that come up."""

from typing import Any
from uuid import UUID

from django.db import transaction

from kit.once import made_by
from meetings.models import Event
from pejlemaerker.models import Dialogue, Goal, ProgrammePoint, Theme

NOTES = "Noter"  # the one point of a dialogue meeting without a programme


@transaction.atomic
def save_notes(
    *, dialogue: Dialogue, point: ProgrammePoint | None, notes: str, expected: int, by: Any
) -> ProgrammePoint:
    """Keep the notes of one point; raises EditConflict when somebody else saved in between.

    Without a point they are the notes of the whole: the first to write them makes the point, and one who wrote at the
    same time sees both texts.
    """
    if point is None:
        Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
        point = dialogue.programme.filter(title=NOTES, goal=None).first() or _notes_of_the_whole(dialogue)
    current = ProgrammePoint.objects.get(pk=point.pk)
    if current.notes == notes:
        return current  # a retry after a lost answer, or nothing new
    saved: ProgrammePoint = current.save_if_unchanged(expected=expected, by=by, notes=notes)
    if not current.notes:
        Event.objects.record("dialogue_notes_begun", dialogue, by=by, point=point.pk)
    return saved


def _notes_of_the_whole(dialogue: Dialogue) -> ProgrammePoint:
    last = dialogue.programme.order_by("position").last()
    return ProgrammePoint.objects.create(dialogue=dialogue, title=NOTES, position=last.position + 1 if last else 1)


@transaction.atomic
def add_theme(*, dialogue: Dialogue, goal: Goal | None, text: str, nonce: UUID, by: Any) -> Theme:
    """Write down a theme that came up; the same words about the same pejlemærke are one theme."""
    Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
    words = " ".join(text.split())
    known = Theme.objects.filter(dialogue=dialogue, goal=goal, text=words).first()
    if known:
        return known
    made, nonce = made_by(Theme.objects.all(), nonce, dialogue=dialogue, goal=goal, text=words)
    if made:
        return made
    theme = Theme.objects.create(dialogue=dialogue, goal=goal, text=words, nonce=nonce)
    Event.objects.record("dialogue_theme_added", dialogue, by=by, theme=theme.pk)
    return theme


@transaction.atomic
def remove_theme(*, theme: Theme, by: Any) -> None:
    """Take a theme away again; twice is once."""
    dialogue = Dialogue.objects.select_for_update(of=("self",)).get(pk=theme.dialogue_id)
    deleted, _ = Theme.objects.filter(pk=theme.pk).delete()
    if deleted:
        Event.objects.record("dialogue_theme_removed", dialogue, by=by, text=theme.text)
