"""Historien: what happened to a pejlemærke, newest first, each event a sentence."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from kit.danish import join_words
from kit.dates import format_date
from meetings.models import APPROVING, Correction, StayOutcome
from pejlemaerker.documents.citation import Ground, Grounds, with_deciders
from pejlemaerker.documents.committee import dialogues_of
from pejlemaerker.documents.entry import Entry
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import AdditionRequest, Adoption, Assessment, Dialogue, Goal, GoalVersion, StatusEntry

_DIALOGUE = {
    Dialogue.Kind.FORMULATING: "Pejlemærket blev formuleret på et dialogmøde med {leaders}.",
    Dialogue.Kind.MIDTERM: "Udvalget drøftede status midtvejs på et dialogmøde med {leaders}.",
    Dialogue.Kind.FINAL: "Udvalget drøftede status og læring på et afsluttende dialogmøde med {leaders}.",
    Dialogue.Kind.OTHER: "Pejlemærket blev drøftet på et dialogmøde med {leaders}.",
}
_WORDED = {
    GoalVersion.ChangeKind.NEW: "Ordlyden blev skrevet.",
    GoalVersion.ChangeKind.ADDITION: "Tilføjelsen blev skrevet ind i ordlyden.",
    GoalVersion.ChangeKind.CHANGE: "En ændret ordlyd blev skrevet.",
    GoalVersion.ChangeKind.LINGUISTIC: "Ordlyden blev rettet sprogligt.",
}

_VERDICTS = {
    StayOutcome.Verdict.CONFIRMED: "Kommunalbestyrelsen stadfæstede beslutningen. Ordlyden gælder.",
    StayOutcome.Verdict.CHANGED: "Kommunalbestyrelsen ændrede beslutningen. Den hidtidige ordlyd gælder fortsat.",
    StayOutcome.Verdict.ANNULLED: "Udvalget ophævede selv beslutningen. Den hidtidige ordlyd gælder fortsat.",
}


def story_of(
    goal: Goal, standing: Standing, versions: list[GoalVersion], *, viewer: Any, on: date
) -> tuple[Entry, ...]:
    """Tell the story up to a day, in six queries; of the same day, what was told last stands first."""
    told = [
        *_requests(goal),
        *_dialogues_and_wordings(goal, standing, versions, viewer),
        *_adoptions(goal, viewer),
        *_statuses(goal, standing, viewer),
    ]
    known = sorted((entry for entry in told if entry.on <= on), key=lambda entry: entry.on)
    return tuple(known[::-1])


def _requests(goal: Goal) -> Iterator[Entry]:
    requests = AdditionRequest.objects.filter(goal=goal, about=AdditionRequest.About.WORDING)
    for request in requests.order_by("pk"):
        yield Entry(request.requested_on, "Udvalget bad om en tilføjelse.", detail=request.text)


def _dialogues_and_wordings(
    goal: Goal, standing: Standing, versions: list[GoalVersion], viewer: Any
) -> Iterator[Entry]:
    """Dialogues and the wordings that came of them; what was formulated at a dialogue is told in its sentence."""
    first = {one.worded_on: one for one in versions if one.change_kind == GoalVersion.ChangeKind.NEW}
    shown = standing.in_force or standing.awaiting
    told = set()
    for dialogue in dialogues_of(viewer).filter(goals=goal).order_by("held_on", "pk"):
        version = first.get(dialogue.held_on) if dialogue.kind == Dialogue.Kind.FORMULATING else None
        told.add(version.pk if version else None)
        yield _dialogue(dialogue, _wording(version, shown) if version else "")
    for version in versions:
        if version.worded_on and version.pk not in told:
            yield Entry(version.worded_on, _worded(version), detail=_wording(version, shown))


def _dialogue(dialogue: Dialogue, detail: str) -> Entry:
    leaders = join_words([group.name[:1].lower() + group.name[1:] for group in dialogue.leader_groups.all()])
    return Entry(
        on=dialogue.held_on,
        text=_DIALOGUE[Dialogue.Kind(dialogue.kind)].format(leaders=leaders or "lederne"),
        detail=detail,
        url=dialogue.get_absolute_url(),
        link_text="Se dialogmødet",
        is_demo=dialogue.is_demo,
    )


def _worded(version: GoalVersion) -> str:
    return _WORDED[GoalVersion.ChangeKind(version.change_kind)]


def _wording(version: GoalVersion, shown: GoalVersion | None) -> str:
    """Quote the wording, unless it is the one at the top of the page."""
    if not version.is_known:
        return "Ordlyden fra da kendes ikke."
    return "" if shown and version.pk == shown.pk else f"»{version.text}«"


def _adoptions(goal: Goal, viewer: Any) -> Iterator[Entry]:
    """Decisions that put a wording in force, also those whose effect a correction has since taken away."""
    adoptions = list(with_deciders(Adoption.objects.filter(version__goal=goal)).order_by("pk"))
    grounds = Grounds.of(adoptions, viewer=viewer)
    corrections = _corrections(adoptions)
    for adoption in adoptions:
        ground = grounds.of_one(adoption)
        yield _adoption(ground, is_stayed=adoption.is_stayed)  # type: ignore[attr-defined]
        yield from _stayed(adoption, ground)
        yield from _corrected(ground, (one for one in corrections if one.decision_id == adoption.decision_id))


def _adoption(ground: Ground, *, is_stayed: bool) -> Entry:
    later = "" if is_stayed or ground.since == ground.decided_on else f", så den gælder fra {format_date(ground.since)}"
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
    if not adoption.is_stayed:
        return
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
        yield replace(declared, on=adoption.confirmed_on, text=_VERDICTS[StayOutcome.Verdict(adoption.verdict)])


def _corrections(adoptions: Iterable[Adoption]) -> list[Correction]:
    decisions = [adoption.decision_id for adoption in adoptions if adoption.decision_id]
    return list(Correction.including_closed.filter(decision__in=decisions).exclude(category="").order_by("pk"))


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


def _statuses(goal: Goal, standing: Standing, viewer: Any) -> Iterator[Entry]:
    """The last status of each evaluation; the latest of all stands in full on the page already."""
    entries = StatusEntry.objects.visible_to(viewer).filter(goal=goal).select_related("round")
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
