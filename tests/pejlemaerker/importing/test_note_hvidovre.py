"""Seed 004: Hvidovre's NOTAT of 8 September 2022 with seven pejlemærker and the follow-up plan."""

from datetime import date
from pathlib import Path

import pytest

from meetings.importing.found import Found
from pejlemaerker.importing.note import NoteReading, read_note

DOCUMENT = Path(__file__).parents[3] / "pejlemaerker/demo/documents/hvidovre_notat_2022-09-08.txt"
BUU = "Børne- og Uddannelsesudvalget"
DAGTILBUD, FAMILIE = "Dagtilbudsområdet", "Børne- og Familieområdet"
BOTH = (DAGTILBUD, FAMILIE)


@pytest.fixture(scope="module")
def text() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def note(text: str) -> NoteReading:
    reading = read_note(text)
    assert reading is not None
    return reading


def test_head_is_read_although_the_letterhead_stands_in_mid_text(note: NoteReading) -> None:
    head = note.head
    assert head.title is not None
    assert head.title.line == 3
    assert head.title.value.startswith("Tilføjelse til de politiske pejlemærker på børne- og familieområdet")
    assert head.municipality == Found("HVIDOVRE KOMMUNE", 34)
    assert head.units == (Found("Center for Børn og Familier", 36), Found("Udvikling og Administration (BOF)", 37))
    assert (head.author_title, head.author) == (Found("Chefkonsulent", 38), Found("Ann-Louise Stie Broberg", 39))
    assert (head.case_no, head.doc_no) == (Found("22/9628", 41), Found("175905/22", 42))
    assert (head.date, head.initials) == (Found(date(2022, 9, 8), 44), Found("fto", 44))
    assert head.letterhead == frozenset(range(34, 45))


def test_committee_and_the_meeting_that_asked_are_read(note: NoteReading) -> None:
    assert note.committee == Found(BUU, 7)
    assert note.requested_at is not None
    assert note.requested_at.date == Found(date(2022, 9, 5), 7)


def test_two_sets_are_numbered_from_one_each(note: NoteReading) -> None:
    assert [goal_set.area for goal_set in note.goal_sets] == [Found(DAGTILBUD, 13), Found(FAMILIE, 19)]
    numbers = [[(goal.number, goal.text.line) for goal in goal_set.goals] for goal_set in note.goal_sets]
    assert numbers == [[(1, 15), (2, 16), (3, 17)], [(1, 21), (2, 22), (3, 23), (4, 24)]]


def test_wordings_are_verbatim(note: NoteReading, text: str) -> None:
    lines = text.split("\n")
    for goal in (goal for goal_set in note.goal_sets for goal in goal_set.goals):
        assert lines[goal.text.line - 1].strip() == f"{goal.number}. {goal.text.value}"


def test_the_strategys_own_pejlemaerker_are_referred_to_not_taken(note: NoteReading) -> None:
    references = [goal.refers_to for goal_set in note.goal_sets for goal in goal_set.goals]
    assert references == [("For Fremtiden II (2022-2025)",), (), (), (), (), (), ()]


def test_additions_name_the_goal_and_the_plan_and_know_no_old_wording(note: NoteReading) -> None:
    assert [(change.about, change.goal_number, change.areas, change.old_text) for change in note.amendments] == [
        ("wording", 2, (FAMILIE,), None),
        ("plan", None, BOTH, None),
    ]
    assert {change.text.line for change in note.amendments} == {7}


def test_two_dialogue_meetings_were_held_on_30_may(note: NoteReading) -> None:
    assert [(d.date.value, d.committee, d.leader_group, d.areas) for d in note.dialogues] == [
        (date(2022, 5, 30), BUU, "dagtilbudslederne", (DAGTILBUD,)),
        (date(2022, 5, 30), BUU, "lederne på børne- og familieområdet", (FAMILIE,)),
    ]


def test_plan_has_every_step_with_its_time_and_areas(note: NoteReading) -> None:
    assert [(step.kind, step.title, step.when.label, step.areas, step.line) for step in note.steps] == [
        ("formulating_dialogue", "Dialogmøder", "30. maj 2022", BOTH, 11),
        ("committee_decision", "Udvalgsbehandling", "5. september 2022", BOTH, 7),
        ("amendment_note", "Notat om tilføjelse", "8. september 2022", BOTH, 44),
        ("ongoing_leader_meetings", "Fælles ledermøder", "løbende", BOTH, 28),
        ("annual_event", "Konference", "årlige", (DAGTILBUD,), 32),
        ("annual_event", "Temadag", "årlige", (DAGTILBUD,), 32),
        ("annual_event", "Seminar", "årlige", (FAMILIE,), 32),
        ("local_discussions", "Lokale drøftelser", "", BOTH, 32),
        ("midterm_evaluation", "Midtvejsevaluering", "efteråret 2023", BOTH, 30),
        ("midterm_dialogue", "Dialogmøde med udvalget", "I forlængelse af denne proces", BOTH, 30),
        ("final_dialogue", "Afsluttende dialogmøder", "slutningen af foråret 2025", BOTH, 48),
        ("learning", "Læring", "slutningen af foråret 2025", BOTH, 48),
    ]


def test_seasons_become_spans_of_days(note: NoteReading) -> None:
    spans = {
        step.kind: (step.when.earliest, step.when.latest) for step in note.steps if step.when.precision == "season"
    }
    may = (date(2025, 5, 1), date(2025, 5, 31))
    autumn = (date(2023, 9, 1), date(2023, 11, 30))
    assert spans == {"midterm_evaluation": autumn, "final_dialogue": may, "learning": may}


def test_steps_carry_their_sentence_verbatim_with_its_misprint(note: NoteReading, text: str) -> None:
    lines = text.split("\n")
    plan = [step for step in note.steps if step.kind != "amendment_note"]  # its date stands in the letterhead
    assert all(step.source in lines[step.line - 1] for step in plan)
    assert [step.kind for step in note.steps if "dagstilbudslederne" in step.source] == ["final_dialogue"]


def test_knowledge_sources_are_named_with_their_scope(note: NoteReading) -> None:
    assert [(source.name, source.scope, source.areas) for source in note.knowledge] == [
        (Found("brugertilfredshedsundersøgelser", 46), "dagtilbud", (DAGTILBUD,)),
        (Found("nøgletal", 46), "det specialiserede børneområde", ()),
    ]
