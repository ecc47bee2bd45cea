"""What a note tells of changes: since when, what, and by which decision."""

from datetime import date
from typing import Any
from uuid import uuid4

import time_machine

from kit.clock import today
from meetings.models import (
    Committee,
    Decision,
    User,
)
from pejlemaerker.actions import annul_wording, move_goal, put_in_force
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    Adoption,
    Derivation,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalClosing,
    GoalSet,
    GoalVersion,
    Note,
    Placement,
    PolicyArea,
)
from tests.conftest import publish
from tests.pejlemaerker.telling import goal_of, reworded, rows, told

_HERE = "Børne- og Uddannelsesudvalget"


def test_changes_tell_each_wording_with_its_decision(goal_set: GoalSet, replaced: GoalVersion) -> None:
    assert rows(goal_set) == [
        "8. september 2022 | Pejlemærke 2 | Ordlyden blev skrevet og venter på beslutning. | Ikke besluttet",
        f"3. oktober 2022 | Pejlemærke 1 | Ordlyd 1 trådte i kraft. | {_HERE}, 3. oktober 2022, punkt 1",
        f"1. oktober 2023 | Pejlemærke 1 | Ordlyd 2 afløste ordlyd 1. | {_HERE}, 4. september 2023, punkt 7",
    ]


def test_changes_since_a_day_leave_out_what_came_before(goal_set: GoalSet, replaced: GoalVersion) -> None:
    since = date(2023, 10, 1)
    assert [row[:16] for row in rows(goal_set, changes_since=since)] == ["1. oktober 2023 "]
    lines = told(goal_set, "changes", changes_since=since)
    assert lines[0] == "Fra 1. oktober 2023 til og med 1. juni 2024."
    assert lines[-3:-1] == ["Pejlemærke 1, ord for ord", "Fra ordlyd 1 til ordlyd 2"]
    assert "[slettet: systematisk]" in lines[-1]
    assert told(goal_set, "changes", changes_since=date(2023, 10, 2))[1:] == ["Der er ikke ændret noget."]


def test_decided_but_not_yet_in_force_is_a_change(goal_set: GoalSet, replaced: GoalVersion) -> None:
    assert rows(goal_set, on=date(2023, 9, 10))[-1] == (
        "4. september 2023 | Pejlemærke 1 | Ordlyd 2 er besluttet og gælder fra 1. oktober 2023. | "
        f"{_HERE}, 4. september 2023, punkt 7"
    )


def test_repealed_wording_says_what_holds_again(goal_set: GoalSet, replaced: GoalVersion, secretary: User) -> None:
    annul_wording(
        version=replaced, decision=None, delegation_note="Formanden", annulled_from=date(2024, 1, 1),
        reason="En fejl.", nonce=uuid4(), by=secretary,
    )  # fmt: skip
    assert rows(goal_set)[-1] == (
        "1. januar 2024 | Pejlemærke 1 | Ordlyd 2 blev ophævet, og ordlyd 1 gælder igen. Begrundelse: En fejl. | "
        "Efter bemyndigelse: Formanden"
    )
    assert not any("venter på beslutning" in row for row in rows(goal_set) if "Pejlemærke 1 " in row)
    assert told(goal_set, "wordings")[1] == f"Gældende siden 3. oktober 2022, besluttet af {_HERE}, punkt 1."


def test_merged_dropped_and_moved_are_changes(
    goal_set: GoalSet, adoption: Adoption, later: Decision, secretary: User, committee: Committee
) -> None:
    first, second = goal_of(goal_set, 1), goal_of(goal_set, 2)
    third = Goal.objects.create(goal_set=goal_set, number=3)
    GoalVersion.objects.create(goal=third, number=1, text="Vi lytter.", worded_on=date(2022, 9, 8))
    merged = reworded(first, "Vi lytter til familien.", change_kind="merged")
    Derivation.objects.create(version=merged, source=third, kind="merged", ends_source=True)
    put_in_force(versions=[merged], decision=later, in_force_from=date(2023, 9, 4), by=secretary)
    GoalClosing.objects.create(
        goal=second, kind="dropped", ended_on=date(2023, 9, 4), reason="Det er gjort.", decision=later
    )
    where = f"{_HERE}, 4. september 2023, punkt 7"
    assert [row.removeprefix("4. september 2023 | ") for row in rows(goal_set, changes_since=date(2023, 9, 4))] == [
        f"Pejlemærke 1 | Ordlyd 2 afløste ordlyd 1. | {where}",
        f"Pejlemærke 2 | Pejlemærket udgik. Begrundelse: Det er gjort. | {where}",
        f"Tidligere pejlemærke 3 | Lagt ind i pejlemærke 1. | {where}",
        f"Pejlemærke 1 | Pejlemærke 3 blev lagt ind i dette. | {where}",
        "Tidligere pejlemærke 3 | Pejlemærket mistede sit nummer (3). | Begrundelse: Lagt sammen i pejlemærke 1",
    ]
    area = PolicyArea.objects.create(committee=committee, name="Skoleområdet", position=2)
    schools = GoalSet.objects.create(period=goal_set.period, area=area)
    move_goal(
        goal=first, to_set=schools, placed_from=date(2024, 2, 1), reason="Ny opgave.", seen=goal_set.pk, by=secretary,
    )  # fmt: skip
    assert rows(schools, changes_since=date(2024, 1, 1)) == [
        "1. februar 2024 | Pejlemærke 1 | Pejlemærket blev flyttet fra Børne- og Familieområdet 2022–2025 til "
        "Skoleområdet 2022–2025 og fik nummer 1. | Begrundelse: Ny opgave."
    ]
    publish(schools)
    assert "flyttet fra et andet sæt til Skoleområdet" in rows(schools, audience="public")[-1]


def test_new_number_in_a_set_that_is_not_public_is_not_told_to_the_public(
    goal_set: GoalSet, committee: Committee, secretary: User
) -> None:
    first = goal_of(goal_set, 1)
    Placement.objects.create(goal=first, goal_set=goal_set, number=9, placed_from=date(2023, 6, 1))
    area = PolicyArea.objects.create(committee=committee, name="Skoleområdet", position=2)
    schools = GoalSet.objects.create(period=goal_set.period, area=area)
    Placement.objects.create(goal=first, goal_set=schools, number=1, placed_from=date(2024, 2, 1))
    publish(schools)
    told = {
        audience: "fik nummer 9" in "".join(rows(schools, audience=audience)) for audience in ("internal", "public")
    }
    assert told == {"internal": True, "public": False}


def test_amended_plan_is_a_change_and_says_how(goal_set: GoalSet) -> None:
    trail = uuid4()
    for number, day in ((1, date(2022, 9, 8)), (2, date(2023, 3, 1))):
        plan = FollowUpPlan.objects.create(goal_set=goal_set, number=number, agreed_on=day, reason="Bedre tid.")
        FollowUpStep.objects.create(
            plan=plan, position=1, kind="midterm_evaluation", trail=trail, when_text=f"{number}"
        )
    lines = told(goal_set, "changes", changes_since=date(2023, 1, 1))
    assert rows(goal_set, changes_since=date(2023, 1, 1)) == [
        "1. marts 2023 | Opfølgningsplanen | Planen blev ændret. | Begrundelse: Bedre tid."
    ]
    assert lines[-2:] == ["Opfølgningsplanen", "Midtvejsevaluering i lederkredsen: hvornår var »1« og er nu »2«."]


def test_changes_are_told_since_the_last_note_of_the_same_edition(
    goal_set: GoalSet, replaced: GoalVersion, consultant: User
) -> None:
    about: dict[str, Any] = {
        **Subject.of_set(goal_set).fields, "municipality": goal_set.period.committee.municipality, "number_year": 2023,
        "title": "x", "paper": {}, "text_sha256": "0" * 64, "issued_by": consultant,
    }  # fmt: skip
    publish(goal_set)
    with time_machine.travel("2023-08-01T12:00:00+00:00"):
        for number, audience, day in [(1, "public", date(2023, 7, 1)), (2, "internal", date(2023, 8, 1))]:
            Note.objects.create(**about, number=number, audience=audience, as_of=day, known=day)
    assert told(goal_set, "changes")[0] == (
        "Siden notat 2023-2, der viste status pr. 1. august 2023, og til og med 1. juni 2024."
    )
    assert [row[:15] for row in rows(goal_set)] == ["1. oktober 2023"]
    assert told(goal_set, "changes", audience="public")[0].startswith("Siden den seneste offentlige udgave, der viste")
    assert told(goal_set, "changes", audience="committee")[0].startswith("Fra periodens begyndelse, 1. januar 2022")
    assert told(goal_set, "changes", on=date(2023, 7, 31))[0].startswith("Fra periodens begyndelse")


def test_what_was_written_down_late_is_a_change_too(goal_set: GoalSet, adoption: Adoption, secretary: User) -> None:
    GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=date(2022, 1, 1))
    Goal.objects.filter(goal_set=goal_set).update(kept_since=date(2022, 1, 1))
    goal_set.refresh_from_db()
    assert [row[:15] for row in rows(goal_set, on=today(), changes_since=date(2025, 1, 1))] == [
        "8. september 20", "3. oktober 2022",
    ]  # fmt: skip
