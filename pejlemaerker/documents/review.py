"""Godkendelsen af den fælles tekst: how far it has come, exactly what is read, and where it was presented."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from kit.clock import moment
from kit.dates import format_date
from kit.precheck import find_personal_data
from meetings.models import Meeting
from pejlemaerker.documents.standing import ASSESSMENT_KINDS
from pejlemaerker.models import (
    AsOf,
    Assessment,
    Dialogue,
    EvaluationRound,
    Goal,
    Quotation,
    ReviewAct,
    StatusDraft,
    StatusEntry,
    known_by,
)

_ACT = ReviewAct.Act
FROZEN = frozenset({_ACT.REQUESTED, _ACT.APPROVED, _ACT.PRESENTED})

_WHY_FROZEN = {
    _ACT.REQUESTED: "Teksten ligger til godkendelse og kan ikke rettes imens. Tag den tilbage for at skrive videre.",
    _ACT.APPROVED: "Teksten er godkendt og kan ikke rettes. Tag den tilbage for at skrive videre.",
    _ACT.PRESENTED: "Teksten er fremlagt og står, som den blev læst. Skal noget siges om, så begynd en ekstra "
    "evaluering.",
}
_STATE = {
    _ACT.REQUESTED: ("Ligger til godkendelse", "info"),
    _ACT.WITHDRAWN: ("Taget tilbage", "plain"),
    _ACT.SENT_BACK: ("Sendt tilbage med en bemærkning", "warning"),
    _ACT.APPROVED: ("Godkendt", "success"),
    _ACT.PRESENTED: ("Fremlagt", "success"),
}


def why_frozen(act: str) -> str:
    """Why nobody writes in the text now, and what one can do; nothing where one may."""
    return _WHY_FROZEN[_ACT(act)] if act in FROZEN else ""


@dataclass(frozen=True, slots=True)
class ActLine:
    """Et skridt, as it is told."""

    text: str  # "Sendt til godkendelse 3. maj 2025 kl. 14.32 af Karen Konsulent"
    remark: str


@dataclass(frozen=True, slots=True)
class Presented:
    """Hvor og hvornår: the meeting or dialogue meeting where the text was presented. Of a meeting no more than that."""

    on: date
    where: str
    url: str  # for those who may see the meeting

    @property
    def text(self) -> str:
        """Fremlagt 4. december 2023 på mødet i Børne- og Uddannelsesudvalget."""
        return f"Fremlagt {format_date(self.on)} {self.where}"


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Hvor teksten står."""

    newest: ReviewAct | None
    lines: tuple[ActLine, ...]
    presented: Presented | None

    @classmethod
    def of(cls, evaluation: EvaluationRound, *, viewer: Any) -> Self:
        """Read the acts, the meeting only as far as the viewer may see it."""
        acts = list(
            ReviewAct.objects.filter(evaluation=evaluation).select_related(
                "acted_by", "meeting__committee", "dialogue__committee"
            )
        )
        shown = next((act for act in reversed(acts) if act.act == _ACT.PRESENTED), None)
        lines = tuple(ActLine(_told(act), act.remark) for act in reversed(acts))
        return cls(acts[-1] if acts else None, lines, _presented(shown, viewer) if shown else None)

    @property
    def act(self) -> str:
        """The newest act, or nothing."""
        return self.newest.act if self.newest else ""

    @property
    def is_frozen(self) -> bool:
        """Whether nobody writes in the text now."""
        return self.act in FROZEN

    @property
    def is_requested(self) -> bool:
        """Whether it waits for the centre's head."""
        return self.act == _ACT.REQUESTED

    @property
    def can_take_back(self) -> bool:
        """Whether whoever wrote it may take it back and write on."""
        return self.act in (_ACT.REQUESTED, _ACT.APPROVED)

    @property
    def stands(self) -> bool:
        """Whether the text is done, and its quotations may be read by all who read the evaluation."""
        return self.act in (_ACT.APPROVED, _ACT.PRESENTED)

    @property
    def why_frozen(self) -> str:
        """Why nobody writes in it now."""
        return why_frozen(self.act)

    @property
    def label(self) -> str:
        """In a word or two."""
        return _STATE[_ACT(self.act)][0] if self.act else "Under skrivning"

    @property
    def kind(self) -> str:
        """How it is tagged."""
        return _STATE[_ACT(self.act)][1] if self.act else "plain"

    @property
    def remark(self) -> str:
        """What the head wrote, when the text was sent back and is not sent again."""
        return self.newest.remark if self.newest and self.act == _ACT.SENT_BACK else ""


def _told(act: ReviewAct) -> str:
    return f"{act.get_act_display()} {moment(act.acted_at)} af {act.acted_by or 'systemet'}"


def _presented(act: ReviewAct, viewer: Any) -> Presented:
    on = act.presented_on or date.max  # a constraint says that there is one
    if act.meeting_id:
        meeting = Meeting.objects.visible_to(viewer).filter(pk=act.meeting_id).select_related("committee").first()
        if meeting:
            where = f"på mødet i {meeting.held_by}{_unless_same(meeting.date, on)}"
            return Presented(on, where, meeting.get_absolute_url())
        return Presented(on, "på et møde i udvalget", "")
    dialogue = Dialogue.objects.visible_to(viewer).filter(pk=act.dialogue_id or 0).first()
    if dialogue:
        kind = dialogue.get_kind_display()
        where = f"på {kind[:1].lower()}{kind[1:]}{_unless_same(dialogue.held_on, on)}"
        return Presented(on, where, dialogue.get_absolute_url())
    return Presented(on, "på et dialogmøde", "")


def _unless_same(day: date, told: date) -> str:
    return "" if day == told else f" {format_date(day)}"


def presented_quotations(
    goals: Iterable[Goal], *, viewer: Any, at: AsOf
) -> dict[int, dict[int, tuple[Quotation, ...]]]:
    """The quotations of presented evaluations, by pejlemærke and evaluation: from the presentation on nothing of them
    changes, so a paper of any day tells them as they stood.
    """
    known = known_by(at.known, "presented_on", recorded="acted_at", kept_since="evaluation__goal_set__kept_since")
    done = ReviewAct.objects.filter(known, act=_ACT.PRESENTED, presented_on__lte=at.on)
    found: dict[int, dict[int, list[Quotation]]] = defaultdict(lambda: defaultdict(list))
    for one in Quotation.objects.filter(
        goal__in=goals,
        evaluation__in=EvaluationRound.objects.visible_to(viewer),
        evaluation__review_acts__in=done,
    ).distinct():
        found[one.goal_id][one.evaluation_id].append(one)
    return {goal: {key: tuple(own) for key, own in by_round.items()} for goal, by_round in found.items()}


@dataclass(frozen=True, slots=True)
class ReadGoal:
    """Et pejlemærke in the text that is read: the words, the assessment and the quotations as they stand now."""

    goal: Goal
    text: str
    assessment: str
    quotations: tuple[Quotation, ...]
    entry: StatusEntry | None = None
    draft: StatusDraft | None = None

    @property
    def label(self) -> str:
        """The assessment in words."""
        return Assessment(self.assessment).label

    @property
    def kind(self) -> str:
        """How it is tagged."""
        return ASSESSMENT_KINDS[Assessment(self.assessment)]

    @property
    def is_handed_in(self) -> bool:
        """Whether exactly this was handed in."""
        return self.entry is not None and (self.entry.text, self.entry.assessment) == (self.text, self.assessment)

    @property
    def state(self) -> str:
        """How far the text is."""
        if self.is_handed_in:
            return "Afgivet"
        if self.text:
            return "Rettet efter afgivelsen" if self.entry else "Kladde"
        return "Ikke begyndt"


@dataclass(frozen=True, slots=True)
class CommonText:
    """Den fælles tekst, as it stands now: the drafts, and where there is none what was handed in."""

    evaluation: EvaluationRound
    goals: tuple[ReadGoal, ...]

    @classmethod
    def of(cls, evaluation: EvaluationRound) -> Self:
        """Gather it, in four queries."""
        drafts = {one.goal_id: one for one in StatusDraft.objects.filter(round=evaluation).select_related("edited_by")}
        entries = {one.goal_id: one for one in StatusEntry.objects.filter(round=evaluation).order_by("pk")}
        quotations: dict[int, list[Quotation]] = defaultdict(list)
        for one in Quotation.objects.filter(evaluation=evaluation):
            quotations[one.goal_id].append(one)
        goals = Goal.objects.filter(goal_set=evaluation.goal_set_id).order_by("number")
        return cls(
            evaluation,
            tuple(_read(goal, drafts.get(goal.pk), entries.get(goal.pk), tuple(quotations[goal.pk])) for goal in goals),
        )

    @property
    def fingerprint(self) -> str:
        """A short name for exactly this text: what the head approves is what the head has read."""
        told = [
            (one.goal.pk, one.text, one.assessment, [(quote.text, quote.source) for quote in one.quotations])
            for one in self.goals
        ]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()

    @property
    def written(self) -> int:
        """For how many pejlemærker there is a text."""
        return sum(1 for one in self.goals if one.text.strip())

    @property
    def is_handed_in(self) -> bool:
        """Whether all that is written has been handed in as it stands."""
        return bool(self.written) and all(one.is_handed_in for one in self.goals if one.text.strip())

    @property
    def writers(self) -> set[int]:
        """Who last wrote in it."""
        return {one.draft.edited_by_id for one in self.goals if one.draft and one.draft.edited_by_id}

    @property
    def cpr_numbers(self) -> tuple[str, ...]:
        """CPR numbers in the text or its quotations, masked, each with its place (DOMAIN § 2.3)."""
        return tuple(
            f"pejlemærke {one.goal.number} ({suspect.masked})"
            for one in self.goals
            for text in (one.text, *(quote.text for quote in one.quotations))
            for suspect in find_personal_data(text)
            if suspect.kind == "CPR-nummer"
        )


def _read(
    goal: Goal, draft: StatusDraft | None, entry: StatusEntry | None, quotations: tuple[Quotation, ...]
) -> ReadGoal:
    row = draft if draft and (draft.revision or not entry) else entry
    return ReadGoal(goal, row.text if row else "", row.assessment if row else "", quotations, entry, draft)
