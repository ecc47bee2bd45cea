"""Historien: what happened to a pejlemærke, newest first, each event a sentence."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.utils import timezone

from kit.danish import join_words
from kit.dates import format_date
from meetings.models import APPROVING, Correction, StayOutcome
from pejlemaerker.documents.citation import Ground
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.known_dialogues import KnownDialogue
from pejlemaerker.documents.lineage import Line, State
from pejlemaerker.documents.places import placed_anew
from pejlemaerker.documents.requests import RequestLine
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import (
    Adoption,
    Annulment,
    AsOf,
    Assessment,
    ChangeKind,
    Dialogue,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Placement,
    StatusEntry,
    end_of,
    was_known,
)

_DIALOGUE = {
    Dialogue.Kind.FORMULATING: "Pejlemærket blev formuleret på et dialogmøde med {leaders}.",
    Dialogue.Kind.MIDTERM: "Udvalget drøftede status midtvejs på et dialogmøde med {leaders}.",
    Dialogue.Kind.FINAL: "Udvalget drøftede status og læring på et afsluttende dialogmøde med {leaders}.",
    Dialogue.Kind.LEADERS: "Pejlemærket blev drøftet på et institutionsledermøde med {leaders}.",
    Dialogue.Kind.OTHER: "Pejlemærket blev drøftet på et dialogmøde med {leaders}.",
}
_WORDED = {
    ChangeKind.NEW: "Ordlyden blev skrevet.",
    ChangeKind.ADDITION: "Tilføjelsen blev skrevet ind i ordlyden.",
    ChangeKind.CHANGE: "En ændret ordlyd blev skrevet.",
    ChangeKind.LINGUISTIC: "Ordlyden blev rettet sprogligt.",
    ChangeKind.MERGED: "En ordlyd blev skrevet, der lægger pejlemærker sammen.",
    ChangeKind.SPLIT: "En ordlyd blev skrevet, da pejlemærket blev delt.",
    ChangeKind.MOVED: "Ordlyden blev skrevet om til et andet område.",
    ChangeKind.CONTINUED: "Ordlyden blev videreført fra den forrige periode.",
}

_ENDED = {
    GoalClosing.Kind.COMPLETED: "Pejlemærket blev afsluttet.",
    GoalClosing.Kind.CONTINUED: "Pejlemærket blev videreført til den næste periode.",
    GoalClosing.Kind.MERGED: "Pejlemærket blev lagt sammen med et andet.",
    GoalClosing.Kind.SPLIT: "Pejlemærket blev delt i flere.",
    GoalClosing.Kind.DROPPED: "Pejlemærket udgik.",
    GoalClosing.Kind.RESUMED: "Pejlemærket blev taget op igen.",
}

_VERDICTS = {
    StayOutcome.Verdict.CONFIRMED: "Kommunalbestyrelsen stadfæstede beslutningen. Ordlyden gælder.",
    StayOutcome.Verdict.CHANGED: "Kommunalbestyrelsen ændrede beslutningen. Den hidtidige ordlyd gælder fortsat.",
    StayOutcome.Verdict.ANNULLED: "Udvalget ophævede selv beslutningen. Den hidtidige ordlyd gælder fortsat.",
}


def story_of(
    goal: Goal,
    standing: Standing,
    *,
    viewer: Any,
    at: AsOf,
    requests: Iterable[RequestLine],
    lineage: Iterable[Line],
    dialogues: Sequence[KnownDialogue],
) -> tuple[Entry, ...]:
    """Tell the story up to a day, as it was known, in the same number of queries however long it is; of the same day,
    what was told last stands first.
    """
    told = [
        *_requests(requests),
        *_dialogues_and_wordings(standing, dialogues),
        *_adoptions(standing, at),
        *_annulments(goal, at),
        *_places(goal, viewer, at),
        *_endings(goal, standing, at),
        *_lineage(lineage),
        *_statuses(goal, standing, viewer, at),
    ]
    known = sorted((entry for entry in told if entry.on <= at.on), key=lambda entry: entry.on)
    return tuple(known[::-1])


def _requests(requests: Iterable[RequestLine]) -> Iterator[Entry]:
    """What was asked for, and how it ended where no wording answered it; what was said on a closed item stays there."""
    for line in reversed(list(requests)):
        yield Entry(line.request.requested_on, f"{line.who} bad om en tilføjelse.", detail=line.text)
        if line.settlement:
            text = f"Ønsket om en tilføjelse blev {line.settlement.get_kind_display().lower()}."
            yield Entry(line.settlement.settled_on, text, detail=line.note)


def _annulments(goal: Goal, at: AsOf) -> Iterator[Entry]:
    for annulment in Annulment.objects.effective(at).filter(adoption__version__goal=goal).order_by("pk"):
        text = "Ordlyden blev ophævet. Den, der gjaldt før, gælder igen."
        yield Entry(annulment.annulled_from, text, detail=annulment.reason, kind="decision")


def _places(goal: Goal, viewer: Any, at: AsOf) -> Iterator[Entry]:
    """Renumbering and moving, each told with what was before; nothing of a set that the viewer may not see."""
    found = Placement.objects.filter(goal=goal).select_related("goal_set__area", "goal_set__period")
    known = [one for one in found if _was_placed(one, goal, at)]
    ordered = sorted(known, key=lambda one: (one.placed_from is not None, one.placed_from or date.min, one.pk))
    hidden = _hidden({one.goal_set_id for one in ordered}, viewer)
    seen = {one.goal_set_id: one.goal_set for one in ordered if one.goal_set_id not in hidden}
    for before, place in pairwise(ordered):
        if place.placed_from and {before.goal_set_id, place.goal_set_id} & set(seen):
            yield Entry(place.placed_from, placed_anew(before, place, seen), detail=place.reason)


def _was_placed(place: Placement, goal: Goal, at: AsOf) -> bool:
    day = place.placed_from
    return day is None or was_known(at.known, day, place.recorded_at, kept_since=goal.kept_since)


def _hidden(sets: set[int], viewer: Any) -> set[int]:
    """Those of several sets that the viewer may not see; the only one there is holds what the viewer sees."""
    if len(sets) < 2:
        return set()
    return sets - set(GoalSet.objects.visible_to(viewer).filter(pk__in=sets).values_list("pk", flat=True))


def _endings(goal: Goal, standing: Standing, at: AsOf) -> Iterator[Entry]:
    told = set()
    for closing in GoalClosing.objects.effective(at).filter(goal=goal).order_by("pk"):
        told.add(closing.ended_on)
        yield Entry(closing.ended_on, _ENDED[GoalClosing.Kind(closing.kind)], detail=closing.reason, kind="decision")
    ending = standing.ending
    if ending and ending.on not in told:
        yield Entry(ending.on, _ENDED[ending.kind], detail=ending.reason, kind="decision")


def _lineage(lineage: Iterable[Line]) -> Iterator[Entry]:
    """What was taken in, or given off, by a pejlemærke that itself stands; its own end is told as such."""
    for line in lineage:
        if line.state != State.DONE or line.on is None or line.ends_this:
            continue
        url = line.others[0].url if len(line.others) == 1 else ""
        yield Entry(line.on, line.undated, url=url, link_text="Se pejlemærket" if url else "", kind="decision")


def _dialogues_and_wordings(standing: Standing, dialogues: Sequence[KnownDialogue]) -> Iterator[Entry]:
    """Dialogues and the wordings that came of them; what was formulated at a dialogue is told in its sentence."""
    first = {one.worded_on: one for one in standing.versions if one.change_kind == ChangeKind.NEW}
    shown = standing.in_force or standing.awaiting
    told = set()
    for known in reversed(dialogues):
        dialogue = known.dialogue
        version = first.get(dialogue.held_on) if dialogue.kind == Dialogue.Kind.FORMULATING else None
        told.add(version.pk if version else None)
        yield _dialogue(known, _wording(version, shown) if version else "")
    seen = {known.dialogue.pk: known.dialogue for known in dialogues}
    for version in standing.versions:
        if version.worded_on and version.pk not in told:
            detail, came_of = _wording(version, shown), seen.get(version.dialogue_id or 0)
            url = came_of.get_absolute_url() if came_of else ""
            link_text = "Se dialogmødet" if came_of else ""
            yield Entry(version.worded_on, _formulated(version, came_of), detail=detail, url=url, link_text=link_text)


def _dialogue(known: KnownDialogue, detail: str) -> Entry:
    dialogue = known.dialogue
    leaders = join_words([name[:1].lower() + name[1:] for name in known.leaders])
    return Entry(
        on=dialogue.held_on,
        text=_DIALOGUE[Dialogue.Kind(dialogue.kind)].format(leaders=leaders or "lederne"),
        detail=detail,
        url=dialogue.get_absolute_url(),
        link_text="Se dialogmødet",
        is_demo=dialogue.is_demo,
    )


def _formulated(version: GoalVersion, came_of: Dialogue | None) -> str:
    """How it came about; which dialogue meeting it was formulated at is told to those who may see that."""
    if version.dialogue_id is None:
        return _worded(version)
    where = f"dialogmødet {format_date(came_of.held_on)}" if came_of else "et dialogmøde"
    return f"{_worded(version)} Den blev formuleret på {where}."


def _worded(version: GoalVersion) -> str:
    return _WORDED[ChangeKind(version.change_kind)]


def _wording(version: GoalVersion, shown: GoalVersion | None) -> str:
    """Quote the wording, unless it is the one at the top of the page."""
    if not version.is_known:
        return "Ordlyden fra da kendes ikke."
    return "" if shown and version.pk == shown.pk else f"»{version.text}«"


def _adoptions(standing: Standing, at: AsOf) -> Iterator[Entry]:
    """Decisions that put a wording in force, also those whose effect a correction has since taken away."""
    decided = sorted(standing.decided, key=lambda one: one[0].pk)
    corrections = _corrections((adoption for adoption, _ in decided), at)
    for adoption, ground in decided:
        was_stayed = bool(adoption.is_stayed or adoption.verdict)  # type: ignore[attr-defined]
        yield _adoption(ground, was_stayed=was_stayed)
        if was_stayed:
            yield from _stayed(adoption, ground)
        yield from _corrected(ground, (one for one in corrections if one.decision_id == adoption.decision_id))


def _adoption(ground: Ground, *, was_stayed: bool) -> Entry:
    later = (
        "" if was_stayed or ground.since == ground.decided_on else f", så den gælder fra {format_date(ground.since)}"
    )
    if ground.delegation_note:
        return Entry(
            ground.since, "Ordlyden blev sat i kraft efter bemyndigelse.", ground.delegation_note, kind="decision"
        )
    return Entry(
        on=ground.decided_on,
        text=f"{ground.by} godkendte ordlyden{later}.",
        detail=f"»{ground.decision.text}«" if ground.decision and ground.decision.text else "",
        url=ground.url,
        link_text="Se beslutningen" if ground.url else "",
        kind="decision",
        is_demo=ground.is_demo,
    )


def _stayed(adoption: Any, ground: Ground) -> Iterator[Entry]:
    """The stay of a decision and what became of it (styrelsesloven § 23): never who declared it or why, for the item
    may be closed.
    """
    declared = Entry(
        on=ground.decided_on,
        text="Beslutningen blev standset og indbragt for kommunalbestyrelsen. Indtil den har afgjort sagen, gælder den "
        "hidtidige ordlyd.",
        url=ground.url,
        link_text="Se beslutningen" if ground.url else "",
        kind="decision",
        is_demo=ground.is_demo,
    )
    yield declared
    if adoption.verdict:
        yield replace(declared, on=adoption.settled_on, text=_VERDICTS[StayOutcome.Verdict(adoption.verdict)])


def _corrections(adoptions: Iterable[Adoption], at: AsOf) -> list[Correction]:
    decisions = [adoption.decision_id for adoption in adoptions if adoption.decision_id]
    known = Correction.including_closed.filter(decision__in=decisions, recorded_at__lt=end_of(at.known))
    return list(known.exclude(category="").order_by("pk"))


def _corrected(ground: Ground, corrections: Iterable[Correction]) -> Iterator[Entry]:
    """Corrections that changed what the decision does; their words only for those who may see the decision."""
    approves = True
    for correction in corrections:
        if (correction.category in APPROVING) == approves:
            continue
        approves = not approves
        effect = "gælder igen" if approves else "gælder derfor ikke"
        yield Entry(
            on=timezone.localtime(correction.recorded_at).date(),
            text=f"Beslutningen blev rettet. Ordlyden {effect}.",
            detail=f"»{correction.text}«" if ground.decision else "",
            url=ground.url,
            link_text="Se rettelsen" if ground.url else "",
            kind="decision",
        )


def _statuses(goal: Goal, standing: Standing, viewer: Any, at: AsOf) -> Iterator[Entry]:
    """The last status of each evaluation; the latest of all stands in full on the page already."""
    entries = StatusEntry.objects.visible_to(viewer).handed_in(at).filter(goal=goal).select_related("round")
    latest = standing.status.entry.pk if standing.status else None
    for entry in entries.order_by("round_id", "-pk").distinct("round_id"):
        judged = f": {Assessment(entry.assessment).label.lower()}" if entry.assessment else ""
        yield Entry(
            on=entry.round.held_on,
            text=f"{entry.round.get_kind_display()}{judged}.",
            detail="" if entry.pk == latest else entry.text,
            url=entry.round.get_absolute_url(),
            link_text="Læs evalueringen",
            is_demo=entry.round.is_demo,
        )
