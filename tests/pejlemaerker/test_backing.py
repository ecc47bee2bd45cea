"""Who stands behind a wording: votes, dissents and reservations, as far as the viewer may read the minutes."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import (
    AgendaItem,
    Attendance,
    Committee,
    Decision,
    Meeting,
    Membership,
    Person,
    ProtocolNote,
    User,
    Vote,
    VoteLine,
)
from pejlemaerker.actions import put_in_force
from pejlemaerker.documents.backing import Backing
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.models import Adoption, AsOf, Goal, GoalSet
from tests.conftest import BEGINNING, CANARY, Login, decide, publish

NOW = AsOf.hindsight(date(2024, 6, 1))


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    """Pejlemærke 1, in force by the open item's approval."""
    return goal_set.goals.get(number=1)


def vote(item: AgendaItem, yes: int, no: int, about: str = "Indstillingen") -> None:
    """Let members of the committee vote: those of A for, those of C against."""
    committee = item.meeting.committee
    cast: Vote = Vote.including_closed.create(item=item, about=about)
    for number, (party, stance) in enumerate([("A", "for")] * yes + [("C", "against")] * no):
        person, _ = Person.objects.get_or_create(municipality=committee.municipality, name=f"Politiker {number}")
        if not committee.memberships.filter(person=person).exists():
            Membership.objects.create(committee=committee, person=person, party=party, valid_from=BEGINNING)
            Attendance.objects.create(meeting=item.meeting, person=person, state="present")
        VoteLine.including_closed.create(vote=cast, person=person, stance=stance, party=party)


def backings(goal: Goal, viewer: object, at: AsOf = NOW) -> tuple[Backing, ...]:
    return GoalDocument.for_goal(goal, viewer=viewer, at=at).backings


def test_wording_without_a_vote_claims_none(goal: Goal, secretary: User) -> None:
    (backing,) = backings(goal, secretary)
    assert backing.heading == "Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 1"
    assert backing.sentences == ("Vedtaget. Der er ikke noteret nogen afstemning.",)


def test_majority_is_told_in_the_words_of_the_minutes(goal: Goal, open_item: AgendaItem, secretary: User) -> None:
    vote(open_item, yes=2, no=1)
    (backing,) = backings(goal, secretary)
    assert backing.sentences == (
        "Vedtaget af et flertal: for stemte 2 (Politiker 0 (A) og Politiker 1 (A)), imod stemte 1 (Politiker 2 (C)), "
        "ingen undlod at stemme.",
    )


def test_unanimity_is_told(goal: Goal, open_item: AgendaItem, secretary: User) -> None:
    vote(open_item, yes=2, no=0)
    assert backings(goal, secretary)[0].sentences[0].startswith("Vedtaget enstemmigt: for stemte 2 (")


def test_several_votes_say_what_each_was_about(goal: Goal, open_item: AgendaItem, secretary: User) -> None:
    vote(open_item, yes=1, no=2, about="Et ændringsforslag")
    vote(open_item, yes=2, no=1)
    assert [one.split(":")[0] for one in backings(goal, secretary)[0].sentences] == [
        "Afstemning om et ændringsforslag", "Afstemning om indstillingen",
    ]  # fmt: skip


def test_dissent_follows_the_wording_verbatim(
    goal: Goal, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    ProtocolNote.including_closed.create(
        item=open_item, kind="dissent", by="Liste C", text="Liste C ønsker\nen kortere ordlyd."
    )
    (voice,) = backings(goal, secretary)[0].voices
    assert (voice.kind, voice.by, voice.text) == ("Afvigende mening", "Liste C", "Liste C ønsker\nen kortere ordlyd.")
    assert "Liste C ønsker" in as_user(secretary).get(goal.get_absolute_url()).content.decode()


def test_backing_is_public_with_the_minutes(
    goal: Goal, open_item: AgendaItem, meeting: Meeting, published_goal_set: GoalSet, anonymous: Client
) -> None:
    vote(open_item, yes=2, no=1)
    before = "Hvem står bag" in anonymous.get(goal.get_absolute_url()).content.decode()
    publish(meeting)
    after = "Vedtaget af et flertal" in anonymous.get(goal.get_absolute_url()).content.decode()
    assert (before, after) == (False, True)


def test_backing_on_a_closed_item_is_not_there_for_outsiders(
    goal_set: GoalSet,
    closed_item: AgendaItem,
    closed_approval: Decision,
    published_meeting: Meeting,
    secretary: User,
    member: User,
    consultant: User,
) -> None:
    second = goal_set.goals.get(number=2)
    vote(closed_item, yes=2, no=1)
    ProtocolNote.including_closed.create(item=closed_item, kind="dissent", by="C", text=f"{CANARY} noteret")
    put_in_force(
        versions=second.versions.all(), decision=closed_approval, in_force_from=date(2022, 10, 3), by=secretary
    )
    publish(goal_set)
    assert [len(backings(second, viewer)) for viewer in (AnonymousUser(), consultant, member)] == [0, 0, 1]


def test_backing_of_a_joint_set_tells_both_committees(
    goal: Goal, adoption: Adoption, other_committee: Committee, administrator: User
) -> None:
    other = Meeting.objects.create(committee=other_committee, date=date(2022, 10, 10))
    item = AgendaItem.including_closed.create(meeting=other, number="4", position=1, title="Fælles", is_closed=False)
    decision = decide(item, "approved", "Godkendt.", by=administrator)
    Adoption.objects.create(version=adoption.version, decision=decision, in_force_from=date(2022, 10, 10))
    assert [backing.heading for backing in backings(goal, administrator)] == [
        "Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 1",
        "Kultur- og Fritidsudvalget, 10. oktober 2022, punkt 4",
    ]  # fmt: skip
    earlier = AsOf.hindsight(date(2022, 10, 9))
    assert len(backings(goal, administrator, earlier)) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_backing_asks_the_same_number_of_questions(
    count: int, goal: Goal, open_item: AgendaItem, secretary: User, django_assert_num_queries: object
) -> None:
    for number in range(count):
        vote(open_item, yes=2, no=1, about=f"Punkt {number}")
        ProtocolNote.including_closed.create(item=open_item, kind="note", by="A", text="Tak.")
    standing = GoalDocument.for_goal(goal, viewer=secretary, at=NOW).standing
    with django_assert_num_queries(3):  # type: ignore[operator]
        Backing.of(standing, viewer=secretary, at=NOW)
