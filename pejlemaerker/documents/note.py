"""The status note (NOTAT) of a set: one object behind the paper and, later, its other forms. Every string is Danish and
finished.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import F, Q

from kit.danish import count_word
from kit.dates import format_date
from meetings.models import Committee, OrgUnit, Right, SourceDocument
from pejlemaerker.documents.citation import Ground
from pejlemaerker.documents.course import Step
from pejlemaerker.documents.figures import FiguresOfOne
from pejlemaerker.documents.learning import Learned, learned_of_set
from pejlemaerker.documents.review import presented_quotations
from pejlemaerker.documents.set_status import SetStatus
from pejlemaerker.documents.standing import Standing, Status
from pejlemaerker.documents.summaries import summaries
from pejlemaerker.models import AsOf, Dialogue, EvaluationRound, FollowUpStep, GoalSet, GoalVersion, Quotation

type Quoted = dict[int, tuple[Quotation, ...]]  # by evaluation

NOT_NUMBERED = "tildeles ved journalisering"
NOT_FIXED = "Ikke fastsat"
STATE_LABELS = {
    "done": "Gennemført",
    "current": "I gang",
    "next": "Næste",
    "future": "Planlagt",
    "missed": "Ikke noteret",
}


@dataclass(frozen=True, slots=True)
class NoteStatus:
    """The latest status of one pejlemærke."""

    text: str
    assessment_label: str
    source_line: str
    quotations: tuple[Quotation, ...]

    @classmethod
    def of(cls, status: Status, quotations: Quoted) -> Self:
        """Tell a status with where it comes from, and the wording it was about if that is no longer in force; and what
        the leaders were quoted for, once the evaluation was presented.
        """
        other = (
            f" Den handlede om en tidligere ordlyd: »{status.about_other_wording}«"
            if status.about_other_wording
            else ""
        )
        return cls(
            status.text,
            status.label if status.entry.assessment else "",
            f"{status.heading}.{other}",
            quotations.get(status.entry.round_id, ()),
        )


@dataclass(frozen=True, slots=True)
class NoteGoal:
    """One pejlemærke: its number, its wording (None when it is not known), why it holds, and its status."""

    name: str
    number: int | None
    text: str | None
    adoption_line: str
    awaiting_decision: bool
    version_note: str
    status: NoteStatus | None

    @classmethod
    def of(cls, standing: Standing, quotations: Quoted) -> Self:
        """Tell where a pejlemærke stands."""
        ground = standing.ground
        return cls(
            name=standing.name,
            number=standing.number,
            text=standing.wording or None,
            adoption_line=f"{ground.since_text}, {ground.text}." if ground else standing.since,
            awaiting_decision=standing.lacks_decision,
            version_note=f"{standing.note} Den lyder: »{standing.newer}«" if standing.newer else standing.note,
            status=NoteStatus.of(standing.status, quotations) if standing.status else None,
        )


@dataclass(frozen=True, slots=True)
class NoteStep:
    """One step of the follow-up plan: what was planned, and what has happened."""

    title: str
    when: str
    state_label: str
    what_happened: str

    @classmethod
    def of(cls, step: Step) -> Self:
        """Tell a step with its planned time in the plan's own words."""
        planned = step.step.when.label
        happened = format_date(step.happened_on) if step.happened_on else ""
        return cls(
            title=step.title,
            when=planned or happened or NOT_FIXED,
            state_label=STATE_LABELS[step.state],
            what_happened=f"Holdt {happened}." if happened and happened != planned else "",
        )

    @classmethod
    def of_recurring(cls, step: FollowUpStep) -> Self:
        """Tell a step that returns and is never done."""
        return cls(str(step), step.when.label.capitalize() or "Løbende", "Løbende", "")


@dataclass(frozen=True, slots=True)
class NoteDialogue:
    """A dialogue meeting in its public summary; the internal notes never come here."""

    title: str
    date: str
    summary: str


@dataclass(frozen=True, slots=True)
class NoteNextStep:
    """Something that comes next, and when."""

    when: str
    what: str


@dataclass(frozen=True, slots=True)
class NoteDocument:
    """Et statusnotat: what holds, what was decided, what has happened and what comes next, for one viewer as of one
    day.
    """

    title: str
    municipality_name: str
    sender_unit: str
    author: str
    author_title: str
    case_no: str
    doc_no: str
    date: str  # the day it tells of: made anew later, it is the same paper
    as_of: str
    area_name: str
    period_name: str
    intro: str
    audience: str
    is_draft: bool
    has_invented: bool  # decisions, evaluations or dialogues of the demo
    goals: tuple[NoteGoal, ...]
    steps: tuple[NoteStep, ...]
    figures: tuple[FiguresOfOne, ...]
    dialogues: tuple[NoteDialogue, ...]
    learnings: tuple[Learned, ...]
    next_steps: tuple[NoteNextStep, ...]
    sources: tuple[str, ...]

    @classmethod
    def for_set(
        cls, goal_set: GoalSet, *, viewer: Any, at: AsOf, doc_no: str = "", status: SetStatus | None = None
    ) -> Self:
        """Gather the note of a set the viewer may see; the public edition is simply the anonymous viewer's note."""
        status = status or SetStatus.of(goal_set, viewer=viewer, at=at)
        goal_set = status.goal_set  # as it was known that day
        committee = goal_set.period.committee
        case_no, unit = case_and_unit(status)
        is_internal = Committee.objects.where(viewer, Right.READ_GOALS).filter(pk=committee.pk).exists()
        author, author_title = _author(viewer, committee)
        quoted = presented_quotations((one.goal for one in status.goals), viewer=viewer, at=at)
        return cls(
            title=f"Status på de politiske pejlemærker for {goal_set.area}",
            municipality_name=committee.municipality.name,
            sender_unit=unit,
            author=author,
            author_title=author_title,
            case_no=case_no,
            doc_no=doc_no or NOT_NUMBERED,
            date=format_date(at.on),
            as_of=format_date(at.on),
            area_name=goal_set.area.name,
            period_name=str(goal_set.period),
            intro=_intro(goal_set, len(status.goals), at),
            audience="Intern udgave" if is_internal else "",
            is_draft=False,
            has_invented=_has_invented(status),
            goals=tuple(NoteGoal.of(standing, quoted.get(standing.goal.pk, {})) for standing in status.goals),
            steps=(
                *(NoteStep.of(step) for step in status.course.steps),
                *(NoteStep.of_recurring(step) for step in status.course.recurring),
            ),
            figures=status.figures,
            dialogues=tuple(_dialogues(status)),
            learnings=learned_of_set(goal_set, at=at, with_goals=True),
            next_steps=tuple(_next(step) for step in status.course.steps if step.state not in ("done", "missed")),
            sources=_sources(status),
        )


def _has_invented(status: SetStatus) -> bool:
    grounds = [standing.ground for standing in status.goals if standing.ground]
    rows: list[GoalSet | EvaluationRound | Dialogue | Ground] = [status.goal_set, *status.evaluations]
    rows += [*status.dialogues, *grounds]
    return any(row.is_demo for row in rows)


def _intro(goal_set: GoalSet, count: int, at: AsOf) -> str:
    committee = goal_set.period.committee.name_on(at.on)
    return (
        f"{committee} har {count_word(count)} {'pejlemærke' if count == 1 else 'pejlemærker'} for {goal_set.area} "
        f"i perioden {goal_set.period}. Notatet viser ordlyden og de beslutninger, den hviler på, hvad der er sket, "
        "og hvad der er "
        "det næste."
    )


def case_and_unit(status: SetStatus) -> tuple[str, str]:
    """The case the set was journalised on and the unit that wrote it, from the newest source of the day; else the only
    centre.
    """
    at, goals = status.at, [standing.goal for standing in (*status.goals, *status.former)]
    wordings = GoalVersion.objects.written(at).filter(goal__in=goals)
    documents = SourceDocument.objects.filter(pk__in=wordings.values("source_document")).exclude(case_no="")
    dated = documents.filter(Q(date__isnull=True) | Q(date__lte=at.on)).defer("text")  # may be megabytes
    if newest := dated.order_by(F("date").desc(nulls_last=True), "-pk").first():
        return newest.case_no, newest.sender_unit
    centres = OrgUnit.objects.filter(
        municipality=status.goal_set.period.committee.municipality, kind=OrgUnit.Kind.CENTRE
    ).values_list("name", flat=True)[:2]
    return "", centres[0] if len(centres) == 1 else ""


def _author(viewer: Any, committee: Committee) -> tuple[str, str]:
    """Whoever prints the note as part of their work stands as its author; other readers get no name on it."""
    if not viewer.is_authenticated:
        return "", ""
    for held in viewer.holds(Right.FOLLOW_UP):
        if held.committee in (None, committee.pk) and held.municipality == committee.municipality_id:
            return str(viewer), held.role.label
    return "", ""


def _dialogues(status: SetStatus) -> Iterator[NoteDialogue]:
    """The dialogue meetings that have a summary, each as it was told then."""
    told = summaries(status.dialogues, at=status.at, kept_since=status.goal_set.kept_since)
    for dialogue in status.dialogues:
        if summary := told.get(dialogue.pk):
            yield NoteDialogue(dialogue.get_kind_display(), format_date(dialogue.held_on), summary)


def _next(step: Step) -> NoteNextStep:
    when = step.when
    return NoteNextStep(f"{when[:1].upper()}{when[1:]}" if when else NOT_FIXED, f"{step.title}.")


def _sources(status: SetStatus) -> tuple[str, ...]:
    documents = [f"{fact.label}, {fact.value}" for fact in status.sources]
    evaluations = [str(one) for one in status.evaluations]
    known = status.knowledge_sources
    return (*documents, *evaluations, *([f"Administrationens viden: {known}"] if known else []))
