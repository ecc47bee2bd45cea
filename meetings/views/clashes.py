"""What a secretary is told when another text, or the closing of the meeting, came first: both texts, and a choice."""

from typing import NamedTuple
from uuid import uuid5

from kit.clock import moment
from kit.drafts import EditConflict
from meetings.actions import AlreadyDecided, MeetingClosed, NotAllowed
from meetings.documents.at_points import AtPoints
from meetings.documents.parts import ad
from meetings.forms.decision import CorrectionForm, DecisionDraftForm, DecisionForm
from meetings.models import Category, Decision, DecisionDraft

REFUSALS = (AlreadyDecided, EditConflict, MeetingClosed, NotAllowed)

_MAY_ADD = (
    "Din tekst er ikke gemt, og beslutningen er ikke rørt. Lad den stå, eller sæt din tekst under den som dateret"
    " tilføjelse."
)
_MAY_GO_ON = (
    "Din tekst er ikke gemt, og det, der er ført til protokollen, er ikke rørt. Din tekst gælder nu kun de at-punkter,"
    " der stadig mangler."
)


class Clash(NamedTuple):
    """Two texts at once: mine and the one that stands there."""

    mine: str
    mine_category: str
    theirs: str
    theirs_category: str
    by: str
    at: str
    is_autosave: bool  # then the focus stays where one writes
    is_decided: bool = False
    heading: str = ""
    text: str = ""


class Refused(NamedTuple):
    """The answer to a text that could not be kept; without a form, nothing is in the way after all."""

    form: DecisionDraftForm | CorrectionForm | None
    clash: Clash | None = None
    status: int = 409
    is_late: bool = False


def refused(form: DecisionDraftForm, refusal: Exception) -> Refused:
    """Tell what came first, and keep what was typed."""
    if isinstance(refusal, NotAllowed):
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return Refused(form, status=422)
    if isinstance(refusal, EditConflict):
        return _other_draft(form, refusal)
    if isinstance(refusal, AlreadyDecided):
        return _too_late(form, refusal.decision)
    return _meeting_closed(form)


def _other_draft(form: DecisionDraftForm, conflict: EditConflict) -> Refused:
    """Somebody saved another draft. What was typed stands in the form and may now be saved over it."""
    draft = DecisionDraft.including_closed.select_related("edited_by").get(pk=conflict.current.pk)
    by = "Du" if draft.edited_by == form.user else str(draft.edited_by)
    clash = _both(form, _told(draft.text, draft.conditions, draft.points), draft.category, by, moment(draft.edited_at))
    form.write_over(draft.revision)
    return Refused(form, clash)


def _too_late(form: DecisionDraftForm, decision: Decision) -> Refused:
    """It is in the protocol: fine if it says the same or this very form put it there; else both texts."""
    if not isinstance(form, DecisionForm) and _made(form, decision):
        return Refused(None, is_late=True)
    waiting = AtPoints.of_item(form.item)
    still_meant = [number for number in form.drafted["points"] if number in waiting.undecided]
    if not still_meant:
        return _below(form, decision, heading="Punktet er ført til protokollen imens")
    point = decision.recommendation
    clash = _beside(form, decision)._replace(
        heading=f"{ad([point.number]) if point else 'Punktet'} er ført til protokollen imens", text=_MAY_GO_ON
    )
    again = type(form)(form.data, user=form.user, item=form.item, at_points=waiting)
    return Refused(again, clash)


def _meeting_closed(form: DecisionDraftForm) -> Refused:
    """The meeting closed in the meantime, and so every item is decided."""
    decisions = Decision.including_closed.filter(item=form.item).select_related("recommendation", "recorded_by")
    found = list(decisions.order_by("recommendation__number"))
    points = form.drafted["points"]
    meant = [one for one in found if one.recommendation and one.recommendation.number in points]
    decision = (meant or found)[0]
    return _below(form, decision, heading="Mødet er lukket")


def _below(form: DecisionDraftForm, decision: Decision, *, heading: str) -> Refused:
    """What was typed may become an addition below the decision, unless the decision says it already."""
    mine = form.drafted
    if mine["text"] in ("", decision.text) and mine["category"] in ("", decision.category):
        return Refused(None)
    clash = _beside(form, decision)._replace(is_decided=True, heading=heading, text=_MAY_ADD)
    return Refused(CorrectionForm(user=form.user, decision=decision, text=mine["text"]), clash)


def _made(form: DecisionDraftForm, decision: Decision) -> bool:
    nonce = form.cleaned_data["nonce"]
    return decision.nonce in (nonce, uuid5(nonce, str(decision.recommendation_id)))


def _beside(form: DecisionDraftForm, decision: Decision) -> Clash:
    by = "Du" if decision.recorded_by == form.user else str(decision.recorded_by or "Indlæsningen")
    points = [decision.recommendation.number] if decision.recommendation else []
    theirs = _told(decision.text, decision.conditions, points)
    return _both(form, theirs, decision.category, by, moment(decision.recorded_at))


def _both(form: DecisionDraftForm, theirs: str, category: str, by: str, at: str) -> Clash:
    mine = form.drafted
    told = _told(mine["text"], mine["conditions"], mine["points"])
    is_autosave = not isinstance(form, DecisionForm)
    return Clash(told, _label(mine["category"]), theirs, _label(category), by, at, is_autosave)


def _told(text: str, conditions: str, points: list[int]) -> str:
    """Ad 1–2: Godkendt."""
    told = f"{ad(points)}: {text}" if points else text
    return f"{told}\nBetingelser: {conditions}" if conditions else told


def _label(category: str) -> str:
    return Category(category).label if category else ""
