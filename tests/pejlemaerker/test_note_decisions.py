"""The decisions in a note: where, what was proposed and what was decided, and nothing of closed items."""

from datetime import date
from uuid import uuid4

import pytest
import time_machine

from kit.clock import today
from meetings.actions import close_meeting
from meetings.models import (
    AgendaItem,
    Attendance,
    Committee,
    Correction,
    Decision,
    FormerName,
    Meeting,
    ProtocolNote,
    Recommendation,
    Stay,
    StayOutcome,
    User,
)
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    Audience,
    GoalSet,
    GoalVersion,
    NoteKind,
    Submission,
)
from tests.conftest import CANARY, publish
from tests.pejlemaerker.telling import LATER, MET, decided, goal_of, rows, told


def test_decision_stands_with_its_indstilling_verbatim(goal_set: GoalSet, adoption: Adoption) -> None:
    assert told(goal_set, "decisions") == [
        "Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 1",
        "Politiske pejlemærker 2022–2025",
        "Indstilling fra Direktøren for Børn: at udvalget godkender pejlemærkerne.",
        "Beslutning: »Godkendt.«",
        "Ordlyden af pejlemærke 1 trådte i kraft 3. oktober 2022.",
    ]


def test_decision_keeps_the_name_the_committee_had(goal_set: GoalSet, adoption: Adoption, committee: Committee) -> None:
    FormerName.objects.create(committee=committee, name="Skoleudvalget", until=date(2022, 12, 31))
    assert told(goal_set, "decisions")[0] == "Skoleudvalget, 3. oktober 2022, punkt 1"


def test_at_points_stand_beside_what_was_decided(
    goal_set: GoalSet, meeting: Meeting, open_item: AgendaItem, secretary: User
) -> None:
    Recommendation.including_closed.create(item=open_item, number=2, by="Direktøren for Børn", text="at det evalueres.")
    first, second = Recommendation.including_closed.filter(item=open_item)
    approved, _ = (
        Decision.including_closed.create(
            item=open_item, recommendation=point, category=category, text=text, decided_on=MET, recorded_by=secretary
        )
        for point, category, text in [(first, "approved_amended", "Pejlemærke 1 godkendt."), (second, "postponed", "")]
    )
    Adoption.objects.create(
        version=GoalVersion.objects.get(goal=goal_of(goal_set, 1)), decision=approved, in_force_from=MET
    )
    assert told(goal_set, "decisions")[2:] == [
        "Indstilling fra Direktøren for Børn og beslutning, punkt for punkt",
        "At-punkt", "Indstilling", "Beslutning",
        "1.", "at udvalget godkender pejlemærkerne.", "Godkendt med ændring. »Pejlemærke 1 godkendt.«",
        "2.", "at det evalueres.", "Udsat.",
        "Ad 1: Beslutningen afviger fra indstillingen.",
        "Ordlyden af pejlemærke 1 trådte i kraft 3. oktober 2022.",
    ]  # fmt: skip


def test_correction_stands_below_and_takes_the_effect(
    goal_set: GoalSet, adoption: Adoption, approval: Decision, secretary: User
) -> None:
    with time_machine.travel("2022-11-01T12:00:00+00:00"):
        Correction.objects.create(decision=approval, text="Udsat.", category="postponed", recorded_by=secretary)
    assert told(goal_set, "decisions")[3:] == [
        "Beslutning: »Godkendt.«", "Tilføjet 1. november 2022: »Udsat.« Herefter: udsat.",
    ]  # fmt: skip
    assert rows(goal_set)[0].startswith("8. september 2022 | Pejlemærke 1 og 2 | Ordlyden blev skrevet og venter")
    assert (
        "1. november 2022 | Pejlemærke 1 | Beslutningen om ordlyd 1 blev rettet, så ordlyden ikke gælder. | Børne"
        in (rows(goal_set)[1])
    )


def test_stay_is_told_without_who_declared_it(
    goal_set: GoalSet, adoption: Adoption, approval: Decision, member: User, secretary: User
) -> None:
    Attendance.objects.create(meeting=approval.item.meeting, person=member.person, state="present")
    stay = Stay.objects.create(decision=approval, declared_by=member.person, recorded_by=secretary)
    stayed = "Beslutningen blev standset og indbragt for kommunalbestyrelsen (styrelsesloven § 23)."
    waits = "Den har ingen virkning, før kommunalbestyrelsen har afgjort sagen."
    assert told(goal_set, "decisions")[4:] == [f"{stayed} {waits}"]
    assert told(goal_set, "wordings")[1] == "Beslutningen er standset. Ordlyden gælder ikke endnu."
    assert "blev standset og har ingen virkning endnu." in rows(goal_set)[-1]
    StayOutcome.objects.create(stay=stay, verdict="confirmed", decided_on=date(2023, 1, 9), note="Byrådet")
    assert told(goal_set, "decisions")[4:] == [
        f"{stayed} Kommunalbestyrelsen stadfæstede beslutningen 9. januar 2023.",
        "Ordlyden af pejlemærke 1 trådte i kraft 9. januar 2023.",
    ]
    assert rows(goal_set)[-1].startswith(
        "9. januar 2023 | Pejlemærke 1 | Ordlyd 1 trådte i kraft. Beslutningen havde været standset. | Børne"
    )


def test_dissent_follows_once_the_protocol_is_closed(
    goal_set: GoalSet, adoption: Adoption, approval: Decision, closed_approval: Decision, member: User, secretary: User
) -> None:
    GoalSet.objects.filter(pk=goal_set.pk).update(kept_since=date(2022, 1, 1))
    goal_set.refresh_from_db()
    ProtocolNote.objects.create(item=approval.item, kind="dissent", by="Gruppe A", text="Vi ville have mere.")
    waits = "Referatet er ikke lukket endnu; afstemninger og bemærkninger er derfor ikke med."
    assert waits in told(goal_set, "decisions", on=today())
    Attendance.objects.create(meeting=approval.item.meeting, person=member.person, state="present")
    close_meeting(meeting=approval.item.meeting, ends_at=None, nonce=uuid4(), by=secretary)
    assert "Afvigende mening, Gruppe A: »Vi ville have mere.«" in told(goal_set, "decisions", on=today())


@pytest.mark.parametrize("audience", Audience)
def test_closed_item_is_told_in_no_edition(
    audience: str, goal_set: GoalSet, adoption: Adoption, closed_approval: Decision, published_meeting: Meeting,
    secretary: User,
) -> None:  # fmt: skip
    version = GoalVersion.objects.get(goal=goal_of(goal_set, 2))
    put_in_force(versions=[version], decision=closed_approval, in_force_from=MET, by=secretary)
    Submission.objects.create(version=version, item=closed_approval.item)
    AdditionRequest.objects.create(
        goal_set=goal_set, about="wording", requested_on=MET, item=closed_approval.item, text=f"{CANARY} ønskes."
    )
    publish(goal_set)
    paper = paper_of(
        Subject.of_set(goal_set),
        audience=audience,
        at=AsOf.hindsight(LATER),
        choices=Choices(SECTIONS_OF[NoteKind.SET]),
    )
    assert CANARY not in paper.text
    assert "punkt 1" in paper.text
    assert "punkt 2" not in paper.text
    assert told(goal_set, "wordings", audience=audience)[3] == (
        "Gældende siden 3. oktober 2022, besluttet af Børne- og Uddannelsesudvalget."
    )


def test_decisions_of_unpublished_minutes_are_not_public(
    goal_set: GoalSet, adoption: Adoption, approval: Decision
) -> None:
    publish(goal_set)
    nothing = ["Der er ingen beslutninger på åbne dagsordenspunkter at vise."]
    assert told(goal_set, "decisions", audience="public") == nothing
    assert len(told(goal_set, "decisions", audience="committee")) == 5
    publish(approval.item.meeting)
    assert len(told(goal_set, "decisions", audience="public")) == 5


def test_what_was_put_before_the_committee_and_asked_for_is_told(
    goal_set: GoalSet, committee: Committee, secretary: User
) -> None:
    postponed = decided(committee, date(2022, 9, 19), secretary, category="postponed", text="")
    Submission.objects.create(version=GoalVersion.objects.get(goal=goal_of(goal_set, 2)), item=postponed.item)
    AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal_of(goal_set, 1), about="wording", requested_on=date(2022, 9, 19),
        item=postponed.item, text="Nævn {de unge}.",
    )  # fmt: skip
    assert told(goal_set, "decisions")[2:] == [
        "Beslutning: Udsat.",
        "Ordlyden af pejlemærke 2 blev forelagt. Der blev bedt om en tilføjelse til ordlyden af pejlemærke 1: "
        "»Nævn {de unge}.«",
    ]
