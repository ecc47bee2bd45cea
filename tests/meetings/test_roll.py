"""Mandtallet: the page and the database agree on who can vote, whatever happened on the item."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meetings.models import AgendaItem, Attendance, ItemAbsence, Meeting, Person, Recusal, Roll, seats_on_the_day
from tests.meetings.sitting import PARTIES, seat, sit_down

NAMES = list(PARTIES)

states = st.lists(st.sampled_from(["present", "excused", "absent"]), min_size=len(NAMES), max_size=len(NAMES))
substitutes = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["Sofie", "Sune"]), max_size=2)
away = st.sets(st.sampled_from([*NAMES, "Sofie", "Sune"]), max_size=4)
recusals = st.dictionaries(
    st.sampled_from(NAMES), st.tuples(st.booleans(), st.sampled_from(["", "Sofie", "Sune", "Asta"])), max_size=3
)


def able_by_database(item: AgendaItem) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM meetings_able_to_vote(%s)", [item.pk])
        return {row[0] for row in cursor.fetchall()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states, substitutes, away, recusals)
def test_page_and_database_agree_on_who_can_vote(
    meeting: Meeting,
    open_item: AgendaItem,
    states: list[str],
    substitutes: dict[str, str],
    away: set[str],
    recusals: dict[str, tuple[bool, str]],
) -> None:
    with transaction.atomic():
        people = sit_down(meeting, attend=False)
        taken: set[str] = set()
        for name, state in zip(NAMES, states, strict=True):
            Attendance.objects.create(meeting=meeting, person=people[name], state=state)
            instead = substitutes.get(name)
            if state != "present" and instead and instead not in taken:
                taken.add(instead)
                Attendance.objects.create(
                    meeting=meeting, person=people[instead], state="present", substitute_for=people[name]
                )
        for name in away:
            ItemAbsence.including_closed.create(item=open_item, person=people[name])
        for name, (disqualified, instead) in recusals.items():
            stands_in = people[instead] if disqualified and instead and instead != name else None
            Recusal.including_closed.create(
                item=open_item, person=people[name], ground="x", is_disqualified=disqualified, substitute=stands_in
            )
        voters = Roll.of(meeting).voters_on(open_item.pk)
        assert len(voters) == len({voter.person for voter in voters})
        assert {voter.person.pk for voter in voters} == able_by_database(open_item)
        transaction.set_rollback(True)


def test_substitute_votes_for_the_group_of_the_one_who_is_away(meeting: Meeting, open_item: AgendaItem) -> None:
    people = sit_down(meeting)
    stranger = Person.objects.create(name="Ny", municipality=meeting.committee.municipality)
    Recusal.including_closed.create(
        item=open_item, person=people["Finn"], ground="x", is_disqualified=True, substitute=people["Sune"]
    )
    Attendance.objects.filter(person__in=[people["Dan"], people["Eva"]]).update(state="excused")
    Attendance.objects.create(meeting=meeting, person=stranger, state="present", substitute_for=people["Eva"])
    voters = {str(voter.person): voter.party for voter in Roll.of(meeting).voters_on(open_item.pk)}
    assert voters == {"Asta": "A", "Bo": "A", "Carla": "A", "Gro": "C", "Sune": "C", "Ny": "B"}


def test_seats_are_those_of_the_day_with_the_chair_first(meeting: Meeting) -> None:
    seat(meeting, "Åse", "A")
    seat(meeting, "Bo", "A")
    seat(meeting, "Chris", "A", kind="chair")
    seat(meeting, "Gammel", "A", until=meeting.date.replace(month=1))
    assert [str(one.person) for one in seats_on_the_day(meeting)] == ["Chris", "Bo", "Åse"]


@pytest.mark.parametrize("seated", [False, True])
def test_roll_asks_four_questions_however_many_sit(
    seated: bool, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    if seated:
        sit_down(meeting)
    with django_assert_num_queries(4):
        Roll.of(meeting)


def test_nobody_sits_in_the_place_of_one_who_is_there(meeting: Meeting) -> None:
    people = sit_down(meeting)
    with pytest.raises(IntegrityError):
        Attendance.objects.create(
            meeting=meeting, person=people["Sofie"], state="present", substitute_for=people["Asta"]
        )
