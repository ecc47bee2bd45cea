"""Any document: its type, its JSON, and that no text whatever breaks the readers."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pejlemaerker.importing.document import read_document

DOCUMENTS = Path(__file__).parents[3] / "pejlemaerker/demo/documents"
HERNING = (DOCUMENTS / "herning_referat_2021-02-10.txt").read_text(encoding="utf-8")
HVIDOVRE = (DOCUMENTS / "hvidovre_notat_2022-09-08.txt").read_text(encoding="utf-8")


def test_readers_need_neither_django_nor_a_database() -> None:
    code = "import sys, pejlemaerker.importing.document; sys.exit(bool({'django', 'psycopg'} & sys.modules.keys()))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=DOCUMENTS.parents[2])


def test_minutes_as_json() -> None:
    told = read_document(HERNING).as_json(file="herning.txt")
    findings = told.pop("findings")
    assert told == {
        "file": "herning.txt",
        "doc_type": "referat",
        "committee": "Børne- og Familieudvalget",
        "date": "2021-02-10",
        "place": "Teams",
        "case_no": None,
        "doc_no": None,
        "items": [
            {
                "number": "20",
                "title": "Drøftelse af input og inspiration fra Børn og Ungetopmødet",
                "case_no": "00.01.10-G01-1-21",
                "closed": None,
                "recommendations": [
                    "at Børne- og Familieudvalget drøfter input og inspiration fra Børn og Ungetopmødet i forhold til, "
                    "hvad der med fordel kan inddrages i det lokale arbejde på området."
                ],
                "decision": {"category": "approved", "text": "Tiltrådt som indstillet."},
            }
        ],
        "goal_sets": [],
        "steps": [],
    }
    assert {"field": "items[0].case_no", "value": "00.01.10-G01-1-21", "line": 9, "confidence": "sure"} in findings
    routing = "DIR FOU BFU SOS BSK KFU BYP TMU ØKE BYR: 1 kryds, kolonnen ukendt"
    assert {"field": "items[0].routing", "value": routing, "line": 13, "confidence": "unknown"} in findings


def test_note_as_json_holds_no_decision() -> None:
    told = json.loads(json.dumps(read_document(HVIDOVRE).as_json(file="hvidovre.txt")))
    assert (told["doc_type"], told["committee"], told["date"]) == (
        "notat",
        "Børne- og Uddannelsesudvalget",
        "2022-09-08",
    )
    assert (told["case_no"], told["doc_no"], told["place"], told["items"]) == ("22/9628", "175905/22", None, [])
    assert [(goal_set["area"], [goal["number"] for goal in goal_set["goals"]]) for goal_set in told["goal_sets"]] == [
        ("Dagtilbudsområdet", [1, 2, 3]),
        ("Børne- og Familieområdet", [1, 2, 3, 4]),
    ]
    assert {"kind": "midterm_evaluation", "when": "efteråret 2023"} in told["steps"]
    assert [finding for finding in told["findings"] if "decision" in finding["field"]] == [
        {"field": "steps.committee_decision", "value": "5. september 2022", "line": 7, "confidence": "sure"}
    ]


def test_goal_document_names_its_own_area_and_decision_day() -> None:
    text = (
        "Politiske målsætninger for børne- og ungeområdet\n\nBesluttet i Byrådet 5.9.2016\n\n"
        "  1. Alle børn udvikler sig fagligt.\n  2. Alle børn indgår i fællesskaber.\n"
    )
    told = read_document(text).as_json(file="maal.txt")
    assert (told["doc_type"], told["committee"], told["date"]) == ("maaldokument", "Byrådet", "2016-09-05")
    assert [goal_set["area"] for goal_set in told["goal_sets"]] == ["børne- og ungeområdet"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hej\n\nHusk mælk den 3. maj 2022.",
        "import os\nprint('Beslutning')\n",
        "%PDF-1.7 \x00\x01\x02",
        "Lorem ipsum. " * 99,
    ],
)
def test_alien_text_is_unknown_and_yields_nothing(text: str) -> None:
    told = read_document(text).as_json(file="x")
    assert told == {
        "file": "x", "doc_type": "ukendt", "committee": None, "date": None, "place": None,
        "case_no": None, "doc_no": None, "items": [], "goal_sets": [], "steps": [], "findings": [],
    }  # fmt: skip


def test_collectors_note_above_the_document_is_no_part_of_it() -> None:
    moved = read_document("# KILDE: et sted | Økonomiudvalget den 1. maj 2019 | referat\n" + HERNING)
    assert moved.committee is not None
    assert (moved.committee.value, moved.committee.line) == ("Børne- og Familieudvalget", 2)


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    json.dumps(read_document(text).as_json(file="x"))


PIECES = [
    *HERNING.split("\n"),
    *HVIDOVRE.split("\n"),
    "Beslutning",
    "Ad 1.",
    "•",
    "1.",
    "\xa0",
    "X",
    "Punkt 3 Titel",
    "LUKKEDE SAGER",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_jumble_of_real_lines_is_read_without_an_error(lines: list[str]) -> None:
    reading = read_document("\n".join(lines))
    assert all(1 <= finding.line <= max(1, len(lines)) for finding in reading.findings())


@pytest.mark.parametrize(
    "piece",
    [
        "a\n",
        "Sagsnr.: ",
        HERNING + "\n",
        *(
            pytest.param(piece, marks=pytest.mark.drill)
            for piece in (
                "1. Aa\n",
                "DIR\n",
                "Aa. ",
                "\xa0\n",
                HVIDOVRE + "\n",
                "Beslutning i Økonomiudvalget og ",
            )
        ),
    ],
)
def test_200_kb_are_read_in_bounded_time(piece: str) -> None:
    text = "NOTAT\n" + piece * (200_000 // len(piece))
    begun = time.process_time()
    read_document(text)
    assert time.process_time() - begun < 3  # under 1 s on an idle machine; a slow pattern would take minutes
