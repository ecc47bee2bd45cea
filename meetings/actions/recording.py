"""Beslutningsprotokollen: the draft while the committee talks, the decision, and its dated corrections."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.protocol import open_protocol
from meetings.actions.publishing import note_accepted
from meetings.actions.refusals import AlreadyDecided, NotAllowed
from meetings.models import (
    DEPARTING,
    AgendaItem,
    Correction,
    Decision,
    DecisionDraft,
    Event,
    Meeting,
    Recommendation,
)

_BLANK: dict[str, Any] = {"category": "", "text": "", "conditions": "", "departs": False, "points": []}


@transaction.atomic
def save_decision_draft(
    *,
    item: AgendaItem,
    category: str,
    text: str,
    expected: int,
    by: Any,
    conditions: str = "",
    departs: bool = False,
    points: Collection[int] = (),
    nonce: UUID | None = None,
) -> DecisionDraft:
    """Keep what the secretary has typed so far; raises EditConflict when another text was saved in between.

    AlreadyDecided tells of what has reached the protocol: the item, the at-points meant, or (by the nonce) this very
    text.
    """
    open_protocol(item.meeting_id)
    _refuse_decided(item, points, nonce)
    draft, _ = DecisionDraft.including_closed.get_or_create(item=item, defaults={"edited_by": by})
    typed = {
        "category": category, "text": text, "conditions": conditions, "departs": departs, "points": sorted(set(points)),
    }  # fmt: skip
    if _content(draft) == typed:  # a retry after a lost answer, or nothing new
        return draft
    if _carries_on(draft, typed, by):
        expected = draft.revision
    return draft.save_if_unchanged(expected=expected, by=by, **typed)


def _refuse_decided(item: AgendaItem, points: Collection[int], nonce: UUID | None) -> None:
    decisions = list(Decision.including_closed.filter(item=item).select_related("recommendation", "recorded_by"))
    mine = {nonce, *(_nonce_of(nonce, one.recommendation) for one in decisions)} if nonce else set()
    decided = {one.recommendation.number for one in decisions if one.recommendation}
    undecided = Recommendation.including_closed.filter(item=item).exclude(number__in=decided)
    for one in decisions:
        is_meant = one.recommendation is None or one.recommendation.number in points or one.nonce in mine
        if is_meant or not undecided.exists():
            raise AlreadyDecided(one)


def _content(draft: DecisionDraft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in _BLANK}


def _carries_on(draft: DecisionDraft, typed: dict[str, Any], by: Any) -> bool:
    """Whether what is typed says the same as the draft, or only adds to what the same person saved last; then nothing
    is overwritten.

    So it is when the answer to an autosave was lost, and the secretary types on without knowing that it was kept; and
    when there is nothing in the draft.
    """
    kept = _content(draft)
    if kept in (typed, _BLANK):
        return True
    return (
        draft.edited_by_id == by.pk
        and typed["text"].startswith(draft.text)
        and typed["conditions"].startswith(draft.conditions)
        and draft.category in ("", typed["category"])
        and (typed["departs"] or not draft.departs)
        and set(draft.points) <= set(typed["points"])
    )


@transaction.atomic
def record_decision(
    *,
    item: AgendaItem,
    category: str,
    text: str,
    expected: int,
    nonce: UUID,
    by: Any,
    conditions: str = "",
    departs: bool = False,
) -> Decision:
    """Enter the decision on the whole item in the protocol. From here on it is a fact.

    The same nonce and text give the same decision; an item that is already decided raises AlreadyDecided, and a draft
    that somebody else has changed in between raises EditConflict. Of an item that is being decided at-point by
    at-point, the whole is not decided too (NotAllowed).
    """
    typed = {"category": category, "text": text, "conditions": conditions, "departs": departs, "points": []}
    [decision] = _enter(item, typed, expected, nonce, by)
    return decision


@transaction.atomic
def record_points(
    *,
    item: AgendaItem,
    points: Collection[int],
    category: str,
    text: str,
    expected: int,
    nonce: UUID,
    by: Any,
    conditions: str = "",
    departs: bool = False,
) -> list[Decision]:
    """Enter one decision for each of the at-points ("Ad 1–3"), in the same words; as `record_decision` does for the
    whole.
    """
    typed = {
        "category": category,
        "text": text,
        "conditions": conditions,
        "departs": departs,
        "points": sorted(set(points)),
    }
    return _enter(item, typed, expected, nonce, by)


def _enter(item: AgendaItem, typed: dict[str, Any], expected: int, nonce: UUID, by: Any) -> list[Decision]:
    meeting = open_protocol(item.meeting_id)
    recommendations = list(Recommendation.including_closed.filter(item=item))
    meant = _meant(recommendations, typed["points"])
    fields = {name: typed[name] for name in ("category", "text", "conditions")}
    if recommendations:
        fields["departs"] = typed["departs"] or typed["category"] in DEPARTING
    else:
        fields["departs"] = None
    entered: list[Decision] = []
    new: list[tuple[Recommendation | None, UUID]] = []
    for point in meant:
        same = {"item_id": item.pk, "recommendation_id": point.pk if point else None, **fields}
        made, own = made_by(Decision.including_closed.all(), _nonce_of(nonce, point), **same)
        entered += [made] if made else []
        new += [] if made else [(point, own)]
    if not new:
        return entered
    _refuse_what_is_decided(item, [point for point, _ in new])
    _settle_draft(item, typed, expected, by)
    for point, own in new:
        decision = Decision.including_closed.create(
            item=item, recommendation=point, decided_on=meeting.date, nonce=own, recorded_by=by, **fields
        )
        told = {"category": typed["category"]} | ({"point": point.number} if point else {})
        Event.objects.record("decision_recorded", decision, by=by, **told)
        entered.append(decision)
    return entered


def _meant(recommendations: list[Recommendation], points: list[int]) -> list[Recommendation | None]:
    """The at-points meant, or None for the whole item."""
    if not points:
        return [None]
    found = {one.number: one for one in recommendations if one.number in points}
    if len(found) < len(points):
        raise NotAllowed("Indstillingen er ændret imens. Vælg at-punkterne igen.", field="points")
    return [found[number] for number in sorted(found)]


def _nonce_of(nonce: UUID, point: Recommendation | None) -> UUID:
    """One submit may enter several at-points: each row carries a number of its own."""
    return uuid5(nonce, str(point.pk)) if point else nonce


def _refuse_what_is_decided(item: AgendaItem, meant: list[Recommendation | None]) -> None:
    decisions = list(Decision.including_closed.filter(item=item).select_related("recommendation", "recorded_by"))
    for one in decisions:
        if one.recommendation is None or one.recommendation in meant:
            raise AlreadyDecided(one)
    if decisions and meant == [None]:
        if not Recommendation.including_closed.filter(item=item, decisions__isnull=True).exists():
            raise AlreadyDecided(decisions[0])
        raise NotAllowed(
            "En del af indstillingen er allerede besluttet for sig. Sæt kryds ved de at-punkter, beslutningen gælder.",
            field="points",
        )


def _settle_draft(item: AgendaItem, typed: dict[str, Any], expected: int, by: Any) -> None:
    """Refuse to overtake another's draft on the same; and where at-points remain, leave them an empty one."""
    draft = DecisionDraft.including_closed.filter(item=item).first()
    points = set(typed["points"])
    if draft is None or (points and draft.points and points.isdisjoint(draft.points)):
        return  # what somebody writes about other at-points stands
    if draft.revision != expected and not _carries_on(draft, typed, by):
        raise EditConflict(draft)
    if points:
        draft.save_if_unchanged(expected=draft.revision, by=by, **_BLANK)


@transaction.atomic
def correct_decision(
    *, decision: Decision, text: str, category: str, nonce: UUID, by: Any, warnings_accepted: Sequence[str] = ()
) -> Correction:
    """Add a dated correction below a recorded decision, also after the meeting has closed; the original is not touched.
    The same nonce gives the same correction.
    """
    Meeting.objects.select_for_update(of=("self",)).get(items__decisions=decision.pk)
    same = {"decision_id": decision.pk, "text": text, "category": category}
    existing, nonce = made_by(Correction.including_closed.all(), nonce, **same)
    if existing:
        return existing
    correction = Correction.including_closed.create(
        decision=decision, text=text, category=category, nonce=nonce, recorded_by=by
    )
    Event.objects.record("decision_corrected", decision, by=by, category=category)
    note_accepted(decision, warnings_accepted, by=by)
    return correction
