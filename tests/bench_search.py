"""`python -m tests.bench_search [rows]`: how long a search takes in an archive of 300,000 agenda items with decisions,
in a database that is made for this and thrown away. Prints p50 and p99 in milliseconds, for a visitor and for a member.

The words follow Zipf's law, as words do: the commonest stands in every third text, most in hardly any.
"""

import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from statistics import quantiles
from typing import Any, LiteralString

import django

from kit import embedded_postgres

_server = None
if __name__ == "__main__":
    _server = embedded_postgres.start()
    os.environ["DATABASE_URL"] = _server.url
    django.setup()

from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from kit.search import Asked  # noqa: E402
from meetings.models import Committee, Membership, Municipality, Person, User  # noqa: E402
from pejlemaerker.documents.search import SearchDocument  # noqa: E402
from pejlemaerker.documents.search_found import Narrowed  # noqa: E402

ROUNDS = 100
ITEMS_A_MEETING = 20
COMMITTEES = 80
DAYS = 11_000
FIRST_DAY = date(1996, 1, 3)

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

QUESTIONS = {
    "almindeligt": ["budget", "skole", "dagtilbud", "orientering", "børn"],
    "mellem": ["havnestrategi", "klimapolitik", "køkkentakst", "åndsråd", "skovforum"],
    "sjældent": ["spildevandsstrukturen", "spildevandsstruktur"],
    "findes ikke": ["xylofonorkester", "qwertz", "blåhval"],
    "stavet forkert": ["buget", "daktilbud", "spildevansstruktur"],
    "begyndelsen": ["bud", "dagti", "havnestr", "spilde", "køkk"],
    "to ord": ["budget skole", "klimapolitik havnestrategi", "orientering budget", "spildevandsstruktur budget"],
    "inde i ordet": ["struktur", "strategi", "vandsstruk", "politik"],
    "sagsnummer": ["17/4517", "3/33", "5/299"],
    "dato": ["3.1.1996", "2. maj 2020"],
}


def main() -> None:
    """Make the archive, and ask it."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    call_command("migrate", verbosity=0, interactive=False)
    report(rows, fill(rows))


def fill(rows: int) -> User:
    """Lay an archive of thirty years in the database; nine of ten meetings are public, each twelfth item is closed."""
    luck = random.Random(7)  # the same archive each time
    committees, user = _house()
    meetings = rows // ITEMS_A_MEETING
    days = [FIRST_DAY + timedelta(days=DAYS * n // meetings) for n in range(meetings)]
    _say(f"{rows:,} punkter i {meetings:,} møder lægges ind …")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # the facts of a made-up past need no triggers
        indexes = _without_indexes(cursor)
        _copy(cursor, _MEETINGS, (
            (n + 1, _uuid(n), committees[n % COMMITTEES].pk, day, "", "ordinary", "", False, 0, day)
            for n, day in enumerate(days)
        ))  # fmt: skip
        _copy(cursor, _PUBLICATIONS, (
            (subject, n + 1, "published", day, "[]")
            for n, day in enumerate(days) if n % 10 for subject in ("meeting.agenda", "meeting.minutes")
        ))  # fmt: skip
        _copy(cursor, _ITEMS, (
            (n + 1, _uuid(n), n // ITEMS_A_MEETING + 1, str(n % ITEMS_A_MEETING + 1), n % ITEMS_A_MEETING + 1, title,
             f"{n % 30}/{n}", "", "{}", n % 12 == 0, "", "", "", 0, _uuid(n), "", 0, days[n // ITEMS_A_MEETING])
            for n, title in enumerate(_texts(rows, 7, luck))
        ))  # fmt: skip
        _copy(cursor, _DECISIONS, (
            (_uuid(n), n + 1, "approved", text, "", *(days[n // ITEMS_A_MEETING],) * 2, user.pk)
            for n, text in enumerate(_texts(rows, 18, luck))
        ))  # fmt: skip
        _copy(cursor, _SECTIONS, (
            (n + 1, 1, "case", "Sagsfremstilling", text, "[]") for n, text in enumerate(_texts(rows, 30, luck))
        ))  # fmt: skip
        for index in indexes:
            cursor.execute(index)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return user


def _house() -> tuple[list[Committee], User]:
    house = Municipality.objects.create(name="Prøve Kommune", slug="proeve")
    committees = Committee.objects.bulk_create(
        Committee(municipality=house, name=f"Udvalg {n}", slug=f"udvalg-{n}") for n in range(COMMITTEES)
    )
    user = User.objects.create_user("medlem", password=None, display_name="Mette Medlem")
    person = Person.objects.create(name="Mette Medlem", municipality=house, user=user)
    for committee in committees[:3]:
        Membership.objects.create(committee=committee, person=person, party="A", valid_from=date(2022, 1, 1))
    return committees, user


_MEETINGS: LiteralString = (
    "meetings_meeting (id, nonce, committee_id, date, place, kind, cancelled, is_demo, revision, edited_at)"
)
_PUBLICATIONS: LiteralString = "meetings_publication (subject, subject_pk, act, at, warnings_accepted)"
_ITEMS: LiteralString = (
    "meetings_agendaitem (id, nonce, meeting_id, number, position, title, case_no, case_type, case_officers, is_closed,"
    " closed_reason, public_heading, open_decision, unplaced_marks, trail, continuation, revision, edited_at)"
)
_DECISIONS: LiteralString = (
    "meetings_decision (nonce, item_id, category, text, conditions, decided_on, recorded_at, recorded_by_id)"
)
_SECTIONS: LiteralString = "meetings_itemsection (item_id, position, kind, heading, text, blocks)"


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


def report(rows: int, member: User) -> None:
    """Ask every question many times, as a visitor and as a member."""
    _say(f"{rows:,} punkter, {rows:,} beslutninger, {rows:,} afsnit")
    _say(f"{'':16}{'':12}{'p50':>8}{'p99':>8}   (ms)")
    everything: dict[str, list[float]] = {}
    for who in ("besøgende", "medlem"):
        for name, questions in QUESTIONS.items():
            took = [_asked(who, member, questions[n % len(questions)]) for n in range(ROUNDS + len(questions))]
            everything.setdefault(who, []).extend(warm := took[len(questions) :])  # the first time is cold
            _tell(name, who, warm)
        _tell("alt", who, everything[who])
    _tell("alt", "alle", list(chain.from_iterable(everything.values())))


def _asked(who: str, member: User, typed: str) -> float:
    viewer = AnonymousUser() if who == "besøgende" else User.objects.get(pk=member.pk)
    begun = time.perf_counter()
    SearchDocument.for_viewer(viewer, asked=Asked.read(typed), narrowed=Narrowed())
    return (time.perf_counter() - begun) * 1000


def _tell(name: str, who: str, took: list[float]) -> None:
    cut = quantiles(took, n=100)
    _say(f"{name:16}{who:12}{cut[49]:8.1f}{cut[98]:8.1f}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
