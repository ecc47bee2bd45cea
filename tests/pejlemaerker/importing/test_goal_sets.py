"""Pejlemærker are taken only where the committee's own wordings are announced."""

import pytest

from meetings.importing.lines import read_lines
from pejlemaerker.importing.goal_sets import read_goal_sets

WORDINGS = "1. Vi inddrager barnet og familien\n2. Vi sætter ind så tidligt som muligt"


@pytest.mark.parametrize(
    "lead",
    [
        "Der er formuleret følgende pejlemærker:",
        "De fire pejlemærker er:",
        "Politiske pejlemærker for kulturområdet",
    ],
)
def test_announced_wordings_are_a_set(lead: str) -> None:
    (goal_set,) = read_goal_sets(read_lines(f"{lead}\n\n{WORDINGS}"), None)
    assert [goal.number for goal in goal_set.goals] == [1, 2]


@pytest.mark.parametrize(
    "lead",
    [
        "Strategiens seks pejlemærker er:",
        "Kvalitetsstrategiens pejlemærker er følgende:",
        "Der er opstillet følgende nationale mål for pejlemærker:",
        "Udvalget drøftede pejlemærkerne. Derefter blev der stillet følgende forslag:",
        "Bilag:",
    ],
)
def test_lists_of_somebody_else_or_of_something_else_are_not(lead: str) -> None:
    assert read_goal_sets(read_lines(f"{lead}\n\n{WORDINGS}"), None) == ()


def test_list_of_attachments_is_no_set() -> None:
    text = "Følgende pejlemærker er vedlagt:\n\n1. Notat om pejlemærker (pdf)\n2. Proces for alle områder (pdf)"
    assert read_goal_sets(read_lines(text), None) == ()


def test_announcement_ends_where_the_plan_begins() -> None:
    text = f"Følgende pejlemærker:\n\n{WORDINGS}\n\nPlanen for arbejdet er lagt sammen med lederne.\n\n{WORDINGS}"
    assert len(read_goal_sets(read_lines(text), None)) == 1


def test_sets_are_told_apart_without_blank_lines() -> None:
    text = f"Følgende pejlemærker:\nSkoleområdet:\n{WORDINGS}\nFritidsområdet:\n{WORDINGS}\nOpfølgning"
    sets = read_goal_sets(read_lines(text.replace("muligt", "muligt.")), None)
    assert [(part.area.value, len(part.goals)) for part in sets if part.area] == [
        ("Skoleområdet", 2),
        ("Fritidsområdet", 2),
    ]


def test_wording_broken_over_two_lines_is_one() -> None:
    text = "Følgende pejlemærker:\n\n1. Vi inddrager barnet\nog familien\n2. Vi sætter ind tidligt nok"
    (goal_set,) = read_goal_sets(read_lines(text), None)
    assert [goal.text.value for goal in goal_set.goals] == [
        "Vi inddrager barnet og familien",
        "Vi sætter ind tidligt nok",
    ]
