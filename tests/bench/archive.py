"""An archive to measure in: so many years of a large kommune, 3,000 agenda items and 30 pejlemærker a year.

The words follow Zipf's law, as words do: the commonest stands in every third text, most in hardly any.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, LiteralString
from uuid import uuid4

from django.db import connection, transaction

from kit.clock import today
from meetings.models import Committee, Decision, Meeting, Membership, Municipality, Person, Publication, User
from pejlemaerker.models import (
    Adoption,
    EvaluationRound,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    PolicyArea,
    StatusEntry,
)

ITEMS_A_YEAR = 3_000
ITEMS_A_MEETING = 20
COMMITTEES = 10
AREAS = 2  # of each committee, each with a set in every period
GOALS = 6  # in each set
TERM = 4  # years
MEMBER = "medlem"

_COMMON = [
    "orientering",
    "budget",
    "godkendelse",
    "kommune",
    "dagtilbud",
    "skole",
    "plan",
    "børn",
    "økonomi",
    "indsats",
]
_STARTS = [
    "bolig", "vej", "natur", "klima", "kultur", "idræts", "ældre", "sundheds", "unge", "erhvervs", "havne", "miljø",
    "affalds", "trafik", "bygge", "køkken", "lærer", "familie", "hånd", "ånds", "råd", "værdi", "køb", "mål", "borger",
    "digital", "frivillig", "grøn", "skov", "strand",
]  # fmt: skip
_ENDS = [
    "politik", "strategi", "struktur", "center", "analyse", "ramme", "aftale", "område", "puljen", "forum", "råd",
    "drift", "byggeri", "ordning", "rapport", "evaluering", "handleplan", "vejledning", "tilsyn", "takst",
]  # fmt: skip


def fill(years: int) -> None:
    """Lay so many years in the database; nine of ten meetings are public, each twelfth item is closed."""
    luck = random.Random(7)  # the same archive each time
    committees, user = _house()
    rows = years * ITEMS_A_YEAR
    meetings = rows // ITEMS_A_MEETING
    first, length = today() - timedelta(days=years * 365), years * 365
    days = [first + timedelta(days=length * n // meetings) for n in range(meetings)]
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the facts of a made-up past need no triggers
        indexes = _without_indexes(cursor)
        _lay_meetings(cursor, [(n + 1, committees[n % COMMITTEES].pk, day) for n, day in enumerate(days)])
        _copy(cursor, _ITEMS, (
            (n + 1, _uuid(n), n // ITEMS_A_MEETING + 1, str(n % ITEMS_A_MEETING + 1), n % ITEMS_A_MEETING + 1, title,
             f"{n % 30}/{n}", "", "{}", n % 12 == 0, "", "", "", 0, _uuid(n), "", 0, days[n // ITEMS_A_MEETING],
             days[n // ITEMS_A_MEETING])
            for n, title in enumerate(_texts(rows, 7, luck))
        ))  # fmt: skip
        _copy(cursor, _DECISIONS, (
            (n + 1, _uuid(n), n + 1, "approved", text, "", *(days[n // ITEMS_A_MEETING],) * 2, user.pk)
            for n, text in enumerate(_texts(rows, 18, luck))
        ))  # fmt: skip
        _copy(cursor, _SECTIONS, (
            (n + 1, 1, "case", "Sagsfremstilling", text, "[]", days[n // ITEMS_A_MEETING])
            for n, text in enumerate(_texts(rows, 30, luck))
        ))  # fmt: skip
        for index in indexes:
            cursor.execute(index)
        cursor.execute("SET session_replication_role = DEFAULT")
    for committee in committees:
        _lay_goals(committee, years, luck)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _lay_meetings(cursor: Any, meetings: list[tuple[int, int, date]]) -> None:
    _copy(cursor, _MEETINGS, (
        (pk, _uuid(pk), committee, day, "", "ordinary", "", False, 0, day) for pk, committee, day in meetings
    ))  # fmt: skip
    _copy(cursor, _PUBLICATIONS, (
        (subject, pk, "published", day, "[]")
        for pk, _, day in meetings if pk % 10 for subject in ("meeting.agenda", "meeting.minutes")
    ))  # fmt: skip


@transaction.atomic
def _lay_goals(committee: Committee, years: int, luck: random.Random) -> None:
    """The sets of a committee, period by period: decided, followed up, evaluated once, and public."""
    areas = [PolicyArea.objects.create(committee=committee, name=f"Område {n}", position=n) for n in range(AREAS)]
    decisions = list(Decision.including_closed.filter(item__meeting__committee=committee, item__number="2"))
    this = today().year
    for year in range(this - TERM * (years // TERM), this + 1, TERM):
        starts = date(year, 1, 1)
        period = GoalPeriod.objects.create(committee=committee, starts_on=starts, ends_on=date(year + TERM - 1, 12, 31))
        decision = next((one for one in decisions if one.decided_on >= starts), decisions[-1])
        for area in areas:
            _lay_set(GoalSet.objects.create(period=period, area=area, kept_since=starts), decision, luck)


def _lay_set(goal_set: GoalSet, decision: Decision, luck: random.Random) -> None:
    starts = goal_set.period.starts_on
    written = datetime(starts.year, 1, 2, tzinfo=UTC)
    goals = Goal.objects.bulk_create(
        Goal(goal_set=goal_set, number=number, kept_since=starts) for number in range(1, GOALS + 1)
    )
    versions = GoalVersion.objects.bulk_create(
        GoalVersion(goal=goal, number=1, text=f"Vi {text.lower()}.", worded_on=starts, recorded_at=written)
        for goal, text in zip(goals, _texts(GOALS, 14, luck), strict=True)
    )
    Adoption.objects.bulk_create(
        Adoption(version=one, decision=decision, in_force_from=decision.decided_on, recorded_at=written)
        for one in versions
    )
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1, agreed_on=starts, recorded_at=written)
    FollowUpStep.objects.bulk_create(
        FollowUpStep(
            plan=plan, position=n, kind=kind, when_text=f"foråret {starts.year + n}", precision="season",
            earliest=date(starts.year + n, 3, 1), latest=date(starts.year + n, 5, 31),
        )
        for n, kind in enumerate(("committee_decision", "midterm_evaluation", "midterm_dialogue", "final_dialogue"))
    )  # fmt: skip
    evaluation = EvaluationRound.objects.create(goal_set=goal_set, kind="midterm", held_on=starts, recorded_at=written)
    StatusEntry.objects.bulk_create(
        StatusEntry(
            nonce=uuid4(),
            round=evaluation,
            goal=one.goal,
            version=one,
            text=text,
            assessment="under_way",
            handed_in_at=written,
        )
        for one, text in zip(versions, _texts(GOALS, 25, luck), strict=True)
    )
    Publication.objects.bulk_create(
        Publication(subject=subject, subject_pk=pk, act="published", at=written)
        for subject, pk in (("goal_set", goal_set.pk), ("evaluation_round", evaluation.pk))
    )


def _house() -> tuple[list[Committee], User]:
    house = Municipality.objects.create(name="Prøve Kommune", slug="proeve")
    committees = Committee.objects.bulk_create(
        Committee(municipality=house, name=f"Udvalg {n}", slug=f"udvalg-{n}") for n in range(COMMITTEES)
    )
    user = User.objects.create_user(MEMBER, password=None, display_name="Mette Medlem")
    person = Person.objects.create(name="Mette Medlem", municipality=house, user=user)
    for committee in committees[:3]:
        Membership.objects.create(committee=committee, person=person, party="A", valid_from=date(2022, 1, 1))
    return committees, user


def newest_meeting() -> Meeting:
    """The latest meeting of the first committee that everyone may read."""
    return Meeting.objects.filter(committee__slug="udvalg-0", pk__in=_public_meetings()).latest("date")


def _public_meetings() -> Any:
    return Publication.objects.filter(subject="meeting.minutes").values("subject_pk")


_MEETINGS: LiteralString = (
    "meetings_meeting (id, nonce, committee_id, date, place, kind, cancelled, is_demo, revision, edited_at)"
)
_PUBLICATIONS: LiteralString = "meetings_publication (subject, subject_pk, act, at, warnings_accepted)"
_ITEMS: LiteralString = (
    "meetings_agendaitem (id, nonce, meeting_id, number, position, title, case_no, case_type, case_officers, is_closed,"
    " closed_reason, public_heading, open_decision, unplaced_marks, trail, continuation, revision, edited_at, day)"
)
_DECISIONS: LiteralString = (
    "meetings_decision (id, nonce, item_id, category, text, conditions, decided_on, recorded_at, recorded_by_id)"
)
_SECTIONS: LiteralString = "meetings_itemsection (item_id, position, kind, heading, text, blocks, day)"


def _copy(cursor: Any, table: LiteralString, rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _without_indexes(cursor: Any) -> list[str]:
    """Drop the indexes that searching has, and say how they are made again: filling goes many times quicker without."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes"
        " WHERE tablename LIKE 'meetings_%%' AND indexdef LIKE '%%USING gin%%'"
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _texts(count: int, length: int, luck: random.Random) -> Iterator[str]:
    """Sentences of made-up words, the first of which are common; every 3,000th holds one that is rare."""
    endings = ("", "en", "et", "er", "erne", "s")
    stems = [start + end for start in _STARTS for end in _ENDS]
    luck.shuffle(stems)
    words = [*_COMMON, *(stem + endings[n % len(endings)] for n, stem in enumerate(stems))]
    total = list(accumulated(words))
    for n in range(count):
        text = luck.choices(words, cum_weights=total, k=length)
        if n % 3_000 == 7:
            text[luck.randrange(length)] = "spildevandsstruktur"
        yield " ".join(text).capitalize()


def accumulated(words: Sequence[str]) -> Iterator[float]:
    """How often the words stand, added up."""
    total = 0.0
    for place in range(len(words)):
        total += 1 / (place + 3)
        yield total


def _uuid(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"
