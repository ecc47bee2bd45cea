"""What was read out of a note about pejlemærker becomes rows. A note is no decision: nothing is put in force here."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from kit.dates import format_date
from meetings.models import Committee, CouncilTerm, LeaderGroup, Municipality, SourceDocument
from meetings.storing import (
    CannotStore,
    OriginalFile,
    already_stored,
    committee_named,
    refusing_clearly,
    store_document,
    store_meeting,
)
from pejlemaerker.importing.amendments import Amendment, DialogueReading, KnowledgeReading
from pejlemaerker.importing.document import DocumentReading, read_document
from pejlemaerker.importing.follow_up import StepReading
from pejlemaerker.importing.goal_sets import GoalReading, GoalSetReading
from pejlemaerker.importing.note import NoteReading
from pejlemaerker.models import (
    AdditionRequest,
    Dialogue,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    KnowledgeSource,
    PolicyArea,
)

FIRST_TERM = 2022  # a council term begins on 1 January after the election, every fourth year
TERM_YEARS = 4


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of taking in one document."""

    reading: DocumentReading
    document: SourceDocument
    is_new: bool


def import_document(
    original: OriginalFile, *, municipality: Municipality | None, by: Any, unstated_items_are_open: bool = False
) -> ImportResult:
    """Read a document and store what it says. The same file again changes nothing.

    Raises CannotStore, and stores nothing, where the document is of no known kind, its municipality cannot be told,
    what it tells of is there already, or it holds what cannot be kept.
    """
    reading = read_document(original.text)
    if reading.doc_type == "ukendt":
        raise CannotStore(f"{original.name}: ligner hverken dagsorden, referat eller notat. Intet er gemt.")
    municipality = municipality or _municipality_of(reading, original)
    with refusing_clearly(original.name), transaction.atomic():
        Municipality.objects.select_for_update().get(pk=municipality.pk)
        if stored := already_stored(original, municipality):
            return ImportResult(reading, stored, is_new=False)
        document = _store(reading, original, municipality, by, unstated_items_are_open=unstated_items_are_open)
    return ImportResult(reading, document, is_new=True)


def _store(
    reading: DocumentReading, original: OriginalFile, municipality: Municipality, by: Any, *,
    unstated_items_are_open: bool,
) -> SourceDocument:  # fmt: skip
    document = store_document(
        original,
        reading.findings(),
        municipality=municipality,
        committee=committee_named(reading.committee.value, municipality) if reading.committee else None,
        by=by,
        kind=reading.doc_type,
        **_head(reading),
    )
    if reading.agenda:
        store_meeting(reading.agenda, document, unstated_items_are_open=unstated_items_are_open, by=by)
    elif reading.note:
        store_note(reading.note, document)
    return document


def _municipality_of(reading: DocumentReading, original: OriginalFile) -> Municipality:
    """The one named in the letterhead, or the only one there is."""
    named = reading.note.head.municipality if reading.note else None
    known = list(Municipality.objects.filter(name__iexact=named.value) if named else Municipality.objects.all()[:2])
    if len(known) != 1:
        raise CannotStore(f"{original.name}: kommunen kan ikke læses af dokumentet. Angiv den med --municipality.")
    return known[0]


def _head(reading: DocumentReading) -> dict[str, Any]:
    head: dict[str, Any] = {"date": reading.date.value if reading.date else None}
    if reading.note:
        note = reading.note.head
        head |= {
            name: found.value
            for name in ("title", "case_no", "doc_no", "author", "author_title", "initials")
            if (found := getattr(note, name))
        }
        head["sender_unit"] = ", ".join(unit.value for unit in note.units)
    elif reading.agenda and reading.committee and reading.date:
        head["title"] = f"{reading.committee.value}, {format_date(reading.date.value)}"
    return head


def store_note(note: NoteReading, document: SourceDocument) -> list[GoalSet]:
    """Write down the sets of pejlemærker, the additions asked for, the follow-up plan and the dialogue meetings of a
    note.
    """
    committee = document.committee
    if committee is None or document.date is None:
        raise CannotStore(f"{document.file_name}: udvalg eller dato kunne ikke læses. Intet er gemt.")
    period = _period(committee, document.date)
    return [_NoteWriter(note, document, document.date, period).write(one) for one in note.goal_sets if one.area]


def _period(committee: Committee, day: date) -> GoalPeriod:
    """The committee's period on a day: as long as the council term, unless somebody has made another."""
    if period := GoalPeriod.objects.filter(committee=committee, starts_on__lte=day, ends_on__gte=day).first():
        return period
    first_year = FIRST_TERM + (day.year - FIRST_TERM) // TERM_YEARS * TERM_YEARS
    starts_on, ends_on = date(first_year, 1, 1), date(first_year + TERM_YEARS - 1, 12, 31)
    term, _ = CouncilTerm.objects.get_or_create(
        municipality=committee.municipality, starts_on=starts_on, defaults={"ends_on": ends_on}
    )
    return GoalPeriod.objects.create(committee=committee, council_term=term, starts_on=starts_on, ends_on=ends_on)


class _NoteWriter:
    """Writes the sets of one note, one after the other."""

    def __init__(self, note: NoteReading, document: SourceDocument, written_on: date, period: GoalPeriod) -> None:
        self.note, self.document, self.written_on, self.period = note, document, written_on, period
        self.committee = period.committee

    def write(self, reading: GoalSetReading) -> GoalSet:
        """Write one set with all that hangs on it; raises CannotStore when the area has a set in the period."""
        area = reading.area.value if reading.area else ""
        goal_set = self._goal_set(area)
        goals = [self._goal(goal_set, goal, area) for goal in reading.goals]
        plan = self._plan(goal_set, area)
        for dialogue in self.note.dialogues:
            if area in dialogue.areas:
                self._dialogue(dialogue, goals, plan)
        KnowledgeSource.objects.bulk_create(
            KnowledgeSource(goal_set=goal_set, name=_name(source), source_document=self.document)
            for source in self.note.knowledge
            if area in source.areas or not source.areas  # one that names no area of the note may be about any
        )
        return goal_set

    def _goal_set(self, area_name: str) -> GoalSet:
        area, _ = PolicyArea.objects.get_or_create(
            committee=self.committee, name=area_name, defaults={"position": self.committee.areas.count() + 1}
        )
        if GoalSet.objects.filter(period=self.period, area=area).exists():
            raise CannotStore(
                f"{self.document.file_name}: {area_name} har allerede pejlemærker i {self.period}. Intet er ændret."
            )
        return GoalSet.objects.create(period=self.period, area=area, leader_group=self._leader_group(area_name))

    def _leader_group(self, area: str) -> LeaderGroup | None:
        names = [dialogue.leader_group for dialogue in self.note.dialogues if area in dialogue.areas]
        if not names:
            return None
        name = names[0][:1].upper() + names[0][1:]
        return LeaderGroup.objects.get_or_create(municipality=self.committee.municipality, name=name)[0]

    def _goal(self, goal_set: GoalSet, reading: GoalReading, area: str) -> Goal:
        goal = Goal.objects.create(goal_set=goal_set, number=reading.number, refers_to="; ".join(reading.refers_to))
        formulated = next((d.date.value for d in self.note.dialogues if area in d.areas), self.written_on)
        change = self._change(area, reading.number)
        if change is None:
            self._version(goal, 1, reading.text.value, worded_on=formulated)
            return goal
        request = self._request(goal_set, change, goal)
        self._version(goal, 1, change.old_text or "", worded_on=formulated)
        self._version(
            goal, 2, reading.text.value, worded_on=self.written_on, answers=request,
            change_kind=GoalVersion.ChangeKind.ADDITION, reason="Udvalget bad om en tilføjelse",
        )  # fmt: skip
        return goal

    def _version(self, goal: Goal, number: int, text: str, **fields: Any) -> None:
        GoalVersion.objects.create(goal=goal, number=number, text=text, source_document=self.document, **fields)

    def _change(self, area: str, number: int | None) -> Amendment | None:
        """The addition asked for to a goal, or (number is None) to the plan."""
        about = "plan" if number is None else "wording"
        changes = (c for c in self.note.amendments if c.about == about and c.goal_number == number and area in c.areas)
        return next(changes, None)

    def _request(self, goal_set: GoalSet, change: Amendment, goal: Goal | None) -> AdditionRequest:
        requested = self.note.requested_at
        return AdditionRequest.objects.create(
            goal_set=goal_set,
            goal=goal,
            about=change.about,
            requested_on=requested.date.value if requested else self.written_on,
            text=change.text.value,
            source_document=self.document,
        )

    def _plan(self, goal_set: GoalSet, area: str) -> FollowUpPlan:
        change = self._change(area, None)
        plan = FollowUpPlan.objects.create(
            goal_set=goal_set,
            number=2 if change else 1,  # the plan before the addition is not known
            agreed_on=self.written_on,
            answers=self._request(goal_set, change, None) if change else None,
            source_document=self.document,
        )
        steps = [step for step in self.note.steps if area in step.areas]
        FollowUpStep.objects.bulk_create(self._step(plan, n, step) for n, step in enumerate(steps, start=1))
        return plan

    def _step(self, plan: FollowUpPlan, position: int, reading: StepReading) -> FollowUpStep:
        when = reading.when
        has_been = when.is_firm and when.earliest is not None and when.earliest <= self.written_on
        return FollowUpStep(
            plan=plan,
            position=position,
            kind=reading.kind,
            title=reading.title,
            when_text=when.label,
            earliest=when.earliest,
            latest=when.latest,
            precision=when.precision,
            is_recurring=reading.is_recurring,
            occurred_on=when.earliest if has_been else None,
            sentence=reading.source,
        )

    def _dialogue(self, reading: DialogueReading, goals: list[Goal], plan: FollowUpPlan) -> None:
        dialogue = Dialogue.objects.create(
            committee=self.committee,
            kind=Dialogue.Kind.FORMULATING,
            held_on=reading.date.value,
            step=plan.steps.filter(kind=FollowUpStep.Kind.FORMULATING_DIALOGUE).first(),
            source_document=self.document,
        )
        group = plan.goal_set.leader_group
        dialogue.leader_groups.set([group] if group else [])
        dialogue.goals.set(goals)


def _name(source: KnowledgeReading) -> str:
    return f"{source.name.value} ({source.scope})" if source.scope and not source.areas else source.name.value
