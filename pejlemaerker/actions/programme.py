"""The programme of a dialogue meeting: its points, in order."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import transaction

from meetings.actions.refusals import NotAllowed
from meetings.models import Event
from pejlemaerker.documents.programme import CLOSING, proposed_points
from pejlemaerker.models import Dialogue, ProgrammePoint


class ProgrammeChanged(Exception):
    """Somebody else changed the programme in between."""


class PlannedPoint(NamedTuple):
    """Et punkt as it is to stand; one without a number is new."""

    pk: int | None
    title: str
    minutes: int | None


def programme_mark(dialogue: Dialogue) -> str:
    """What the programme looks like, in a few letters: one who saves names the one that was seen. The notes are no part
    of it: they are written while the meeting is held.
    """
    rows = dialogue.programme.values_list("pk", "position", "title", "minutes")
    return hashlib.sha256(json.dumps(list(rows)).encode()).hexdigest()[:16]


@transaction.atomic
def save_programme(*, dialogue: Dialogue, points: Sequence[PlannedPoint], mark: str, by: Any) -> None:
    """Write the points in this order; raises ProgrammeChanged. Those left out go, unless notes are written to them."""
    _lock(dialogue)
    if programme_mark(dialogue) != mark:
        raise ProgrammeChanged
    rows = {row.pk: row for row in dialogue.programme.all()}
    gone = [row for row in rows.values() if row.pk not in {point.pk for point in points}]
    for row in gone:
        if row.notes:
            raise NotAllowed(f"Der er skrevet noter til »{row.title}«. Punktet kan ikke tages ud.")
        row.delete()
    for position, point in enumerate(points, start=1):
        values = {"position": position, "title": point.title, "minutes": point.minutes}
        if point.pk in rows:
            dialogue.programme.filter(pk=point.pk).update(**values)
        else:
            ProgrammePoint.objects.create(dialogue=dialogue, edited_by=by, **values)
    Event.objects.record("dialogue_programme_changed", dialogue, by=by)


@transaction.atomic
def propose_programme(*, dialogue: Dialogue, by: Any) -> int:
    """Add what a programme of this dialogue meeting usually has and this one lacks; the closing stands last. Tell how
    many points were added: a second click adds none.
    """
    _lock(dialogue)
    rows = list(dialogue.programme.all())
    proposed = proposed_points(dialogue, besides=rows)
    made: list[ProgrammePoint] = [
        ProgrammePoint.objects.create(
            dialogue=dialogue, position=0, title=one.title, minutes=one.minutes, goal=one.goal, edited_by=by
        )
        for one in proposed
    ]
    is_first = {row.pk: row.goal_id is None and row.title != CLOSING for row in made}  # the welcome
    in_order = [row for row in made if is_first[row.pk]]
    in_order += [row for row in rows if row.title != CLOSING]
    in_order += [row for row in made if row.goal_id]
    in_order += [row for row in (*rows, *made) if row.title == CLOSING]
    for position, row in enumerate(in_order, start=1):
        ProgrammePoint.objects.filter(pk=row.pk).update(position=position)
    if made:
        Event.objects.record("dialogue_programme_proposed", dialogue, by=by, points=len(made))
    return len(made)


def _lock(dialogue: Dialogue) -> Dialogue:
    return Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
