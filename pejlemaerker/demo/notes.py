"""The house's template, a recipe, an issued note that is public, and a note under way."""

from datetime import date
from uuid import uuid4

from meetings.actions import publish
from meetings.models import Municipality, User
from pejlemaerker.actions.note_drafts import begin_note, save_recipe
from pejlemaerker.actions.note_template import save_note_template
from pejlemaerker.actions.notes import issue_note
from pejlemaerker.demo.stage import as_of, evening
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.issuing import draft_paper
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import Audience, GoalSet, NoteDraft, NoteKind

RECIPE = "Midtvejsnotat til udvalget"
INTRODUCTION = (
    "Notatet gør status midtvejs i perioden. Det bygger på ledernes egne svar og på dialogmødet med udvalget. "
    "(Opdigtet til demo.)"
)


def play(house: Municipality, childcare: GoalSet, family: GoalSet, consultant: User) -> None:
    """Give the house a letterhead from the beginning of the term, issue one note, and begin another."""
    with as_of(evening(date(2022, 1, 3))):
        save_note_template(
            municipality=house, shown=0, logo=None, drops_logo=False, nonce=uuid4(), by=consultant,
            sender="Center for Børn og Familier", address="Rådhusvej 1 (opdigtet til demo)\n2650 Hvidovre",
            case_label="Sagsnr.", doc_label="Doknr.", date_label="Dato", note_word="NOTAT",
            signature="Camilla Centerchef (demo)\nCenterchef", accent="#1f4e79", logo_alt="",
        )  # fmt: skip
    usual = Choices.usual(NoteKind.SET)
    written = Choices(usual.sections, introduction=INTRODUCTION)
    public = _begin(family, Audience.PUBLIC, date(2023, 12, 31), written, consultant)
    save_recipe(draft=public, name=RECIPE, replaces=False, nonce=uuid4(), by=consultant)
    public.refresh_from_db()
    paper = draft_paper(public, by=consultant)
    note = issue_note(draft=public, expected=public.revision, seen=paper.fingerprint, nonce=uuid4(), by=consultant)
    publish(subject="note", record=note, by=consultant, warnings_accepted=[])
    _begin(childcare, Audience.COMMITTEE, date(2024, 1, 31), written, consultant)


def _begin(goal_set: GoalSet, audience: Audience, day: date, choices: Choices, by: User) -> NoteDraft:
    subject = Subject.of_set(goal_set)
    return begin_note(subject=subject, audience=audience, as_of=day, choices=choices, nonce=uuid4(), by=by)
