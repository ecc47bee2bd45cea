"""The two real documents as data: what is stored, what is refused, and that nothing is stored twice."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from meetings.models import AgendaItem, Decision, Event, Finding, Meeting, Municipality, Routing, SourceDocument
from pejlemaerker.management.commands.demo_data import DOCUMENTS
from pejlemaerker.models import AdditionRequest, Adoption, Dialogue, FollowUpPlan, Goal, GoalSet, GoalVersion

HERNING = DOCUMENTS / "herning_referat_2021-02-10.txt"
HVIDOVRE = DOCUMENTS / "hvidovre_notat_2022-09-08.txt"


@pytest.fixture
def herning() -> Municipality:
    return Municipality.objects.create(name="Herning Kommune", slug="herning")


def run(*arguments: object) -> str:
    out = StringIO()
    call_command("import_document", *map(str, arguments), stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.fixture
def minutes(herning: Municipality) -> Meeting:
    run(HERNING, "--municipality", "herning", "--open-items")
    return Meeting.objects.get()


@pytest.fixture
def note(municipality: Municipality) -> SourceDocument:
    run(HVIDOVRE)
    return SourceDocument.objects.get()


def test_minutes_become_a_meeting(minutes: Meeting) -> None:
    assert (minutes.committee.name, minutes.date, minutes.place) == (
        "Børne- og Familieudvalget", date(2021, 2, 10), "Teams",
    )  # fmt: skip


def test_minutes_become_one_item(minutes: Meeting) -> None:
    item = AgendaItem.objects.get(meeting=minutes)
    assert (item.number, item.title, item.case_no, item.case_type) == (
        "20", "Drøftelse af input og inspiration fra Børn og Ungetopmødet", "00.01.10-G01-1-21", "discussion",
    )  # fmt: skip
    assert item.case_officers == ["Louise Maria Raunkjær", "Peter Jonsen"]


def test_routing_has_ten_bodies_and_a_mark_whose_column_is_unknown(minutes: Meeting) -> None:
    assert list(Routing.objects.values_list("abbreviation", "is_marked")) == [
        (body, None) for body in ("DIR", "FOU", "BFU", "SOS", "BSK", "KFU", "BYP", "TMU", "ØKE", "BYR")
    ]
    assert AgendaItem.objects.get().unplaced_marks == 1


def test_indstilling_and_beslutning_are_two_facts(minutes: Meeting) -> None:
    item = AgendaItem.objects.get()
    assert [point.by for point in item.recommendations.all()] == ["Direktøren for Børn og Unge"]
    assert list(Decision.objects.values_list("category", "text", "decided_on")) == [
        ("approved", "Tiltrådt som indstillet.", date(2021, 2, 10))
    ]


def test_minutes_hold_no_pejlemaerker(minutes: Meeting) -> None:
    assert Goal.objects.count() == 0


def test_item_of_unstated_openness_stays_closed(herning: Municipality) -> None:
    run(HERNING, "--municipality", "herning")
    assert [item.is_closed for item in AgendaItem.including_closed.all()] == [True]


def test_note_keeps_its_head(note: SourceDocument) -> None:
    assert (note.case_no, note.doc_no, note.date, note.initials, note.author, note.sender_unit) == (
        "22/9628", "175905/22", date(2022, 9, 8), "fto", "Ann-Louise Stie Broberg",
        "Center for Børn og Familier, Udvikling og Administration (BOF)",
    )  # fmt: skip


def test_note_keeps_the_original_unchanged(note: SourceDocument) -> None:
    assert note.text == HVIDOVRE.read_bytes().decode()
    assert "dagstilbudslederne" in note.text


def test_findings_point_at_their_lines(note: SourceDocument) -> None:
    lines = note.text.splitlines()
    found = Finding.objects.get(document=note, field="doc_no")
    assert (found.value, found.confidence) == ("175905/22", "sure")
    assert "175905/22" in lines[(found.line or 0) - 1]


def test_note_becomes_two_sets_numbered_from_one(note: SourceDocument) -> None:
    numbers = {str(one.area): list(one.goals.values_list("number", flat=True)) for one in GoalSet.objects.all()}
    assert numbers == {"Dagtilbudsområdet": [1, 2, 3], "Børne- og Familieområdet": [1, 2, 3, 4]}


def test_added_wording_stands_over_an_unknown_one(note: SourceDocument) -> None:
    versions = GoalVersion.objects.filter(goal__goal_set__area__name="Børne- og Familieområdet", goal__number=2)
    assert [(v.number, v.is_known, v.change_kind) for v in versions] == [(1, False, "new"), (2, True, "addition")]
    answered = versions[1].answers
    assert answered is not None
    assert answered.requested_on == date(2022, 9, 5)


def test_every_other_wording_is_the_first(note: SourceDocument) -> None:
    assert GoalVersion.objects.filter(number=1).exclude(text="").count() == 6
    assert GoalVersion.objects.count() == 8


def test_note_is_no_decision(note: SourceDocument) -> None:
    assert (Adoption.objects.count(), Decision.including_closed.count()) == (0, 0)
    assert GoalVersion.objects.awaiting_decision().count() == 7


def test_plan_was_amended_for_both_areas(note: SourceDocument) -> None:
    requests = AdditionRequest.objects.filter(about="plan")
    assert {str(request.goal_set.area) for request in requests} == {"Dagtilbudsområdet", "Børne- og Familieområdet"}
    assert [plan.number for plan in FollowUpPlan.objects.all()] == [2, 2]


def test_plan_keeps_the_words_of_imprecise_dates(note: SourceDocument) -> None:
    plan = FollowUpPlan.objects.get(goal_set__area__name="Dagtilbudsområdet")
    dated = {step.kind: (step.when_text, step.earliest, step.latest) for step in plan.steps.all() if step.latest}
    assert dated["midterm_evaluation"] == ("efteråret 2023", date(2023, 9, 1), date(2023, 11, 30))
    assert dated["final_dialogue"] == ("slutningen af foråret 2025", date(2025, 5, 1), date(2025, 5, 31))


def test_recurring_steps_belong_to_their_area(note: SourceDocument) -> None:
    recurring = {
        str(plan.goal_set.area): [str(step) for step in plan.steps.filter(is_recurring=True)]
        for plan in FollowUpPlan.objects.all()
    }
    assert recurring == {
        "Dagtilbudsområdet": ["Fælles ledermøder", "Konference", "Temadag", "Lokale drøftelser"],
        "Børne- og Familieområdet": ["Fælles ledermøder", "Seminar", "Lokale drøftelser"],
    }


def test_dialogues_of_the_thirtieth_of_may_are_kept(note: SourceDocument) -> None:
    assert {(d.held_on, str(d.leader_groups.get())) for d in Dialogue.objects.all()} == {
        (date(2022, 5, 30), "Dagtilbudslederne"),
        (date(2022, 5, 30), "Lederne på børne- og familieområdet"),
    }


def test_same_document_twice_changes_nothing(note: SourceDocument) -> None:
    before = (Goal.objects.count(), GoalVersion.objects.count(), Event.objects.count())
    assert "uændret" in run(HVIDOVRE)
    assert (Goal.objects.count(), GoalVersion.objects.count(), Event.objects.count()) == before


def test_other_text_about_the_same_sets_is_refused(note: SourceDocument, tmp_path: Path) -> None:
    newer = tmp_path / "nyere.txt"
    newer.write_text(HVIDOVRE.read_text(encoding="utf-8") + "\nEn linje mere.\n", encoding="utf-8")
    with pytest.raises(CommandError):
        run(newer)
    assert SourceDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "tom"),
        (b"  \n\t\n", "tom"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "ikke en tekstfil"),
        (b"x" * (5 * 1024 * 1024 + 1), "større end 5 MB"),
        ("Opskrift på æbleskiver\n\n3 æg\n250 g hvedemel\n".encode(), "ligner hverken"),
    ],
    ids=["empty", "blank", "binary", "huge", "alien"],
)
def test_file_that_is_no_document_is_refused(
    content: bytes, words: str, tmp_path: Path, municipality: Municipality
) -> None:
    file = tmp_path / "fil.txt"
    file.write_bytes(content)
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("import_document", str(file), stderr=errors)
    assert words in errors.getvalue()
    assert (SourceDocument.objects.count(), Finding.objects.count()) == (0, 0)


def test_file_that_is_not_there_is_named(municipality: Municipality) -> None:
    with pytest.raises(CommandError, match="1 af 1"):
        run("findes-ikke.txt")


def test_minutes_of_an_unknown_municipality_are_not_guessed(herning: Municipality, municipality: Municipality) -> None:
    with pytest.raises(CommandError):
        run(HERNING)
    assert Meeting.objects.count() == 0


def test_dry_run_prints_json_and_stores_nothing() -> None:
    told = json.loads(run(HERNING, HVIDOVRE, "--dry-run", "--json"))
    assert [one["doc_type"] for one in told] == ["referat", "notat"]
    assert [len(one["goal_sets"]) for one in told] == [0, 2]
    assert SourceDocument.objects.count() == 0


def test_windows_text_is_read_rightly(herning: Municipality, tmp_path: Path) -> None:
    file = tmp_path / "windows.txt"
    file.write_bytes(HERNING.read_text(encoding="utf-8").encode("cp1252"))
    run(file, "--municipality", "herning")
    assert Meeting.objects.get().committee.name == "Børne- og Familieudvalget"
