"""`python -m tests.bench_search [rows]`: how long a search takes in an archive of 300,000 agenda items with decisions, in a
database that is made for this and thrown away. Prints p50 and p99 in milliseconds, for a visitor and for a member.

The words follow Zipf's law, as words do: the commonest stands in every third text, most in hardly any.
"""

import os
import random
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import quantiles
from typing import Any

import django

from kit import embedded_postgres

BATCH = 50_000
ROUNDS = 60
ITEMS_A_MEETING = 20
COMMITTEES = 80
FIRST_DAY = date(1996, 1, 3)


def main() -> None:
    """Make the archive, and ask it."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with embedded_postgres.start() as server:
        os.environ["DATABASE_URL"] = server.url
        django.setup()
        _migrate()
        member = _fill(rows)
        _report(rows, member)


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _texts(count: int, length: int, luck: random.Random) -> Iterator[str]:
    """Sentences of made-up words, the first of which are common; every 3,000th holds a word that is rare."""
    ends = ("", "en", "et", "er", "erne", "s")
    stems = [a + b for a in _STARTS for b in _ENDS]
    luck.shuffle(stems)
    words = [*_COMMON, *(stem + ends[n % len(ends)] for n, stem in enumerate(stems))]
    weights = [1 / (n + 3) for n in range(len(words))]
    chosen = luck.choices(words, weights, k=count * length)
    for n in range(count):
        text = chosen[n * length : (n + 1) * length]
        if n % 3_000 == 7:
            text[luck.randrange(length)] = "spildevandsstruktur"
        yield " ".join(text).capitalize()


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
_STARTS = ["bolig", "vej", "natur", "klima", "kultur", "idræts", "ældre", "sundheds", "unge", "erhvervs", "havne", "miljø",
           "affalds", "trafik", "bygge", "køkken", "lærer", "familie", "hånd", "ånds", "råd", "værdi", "køb", "mål",
           "borger", "digital", "frivillig", "grøn", "skov", "strand"]  # fmt: skip
_ENDS = ["politik", "strategi", "struktur", "center", "analyse", "ramme", "aftale", "område", "puljen", "forum", "råd",
         "drift", "byggeri", "ordning", "rapport", "evaluering", "handleplan", "vejledning", "tilsyn", "takst"]  # fmt: skip


def _fill(rows: int) -> Any:
    from django.db import connection

    from meetings.models import Committee, Membership, Municipality, Person, User

    luck = random.Random(7)  # noqa: S311
    house = Municipality.objects.create(name="Prøve Kommune", slug="proeve")
    committees = Committee.objects.bulk_create(
        Committee(municipality=house, name=f"Udvalg {n}", slug=f"udvalg-{n}") for n in range(COMMITTEES)
    )
    user = User.objects.create_user("medlem", password=None, display_name="Mette Medlem")
    for committee in committees[:3]:
        person = Person.objects.filter(user=user).first() or Person.objects.create(
            name="Mette Medlem", municipality=house, user=user
        )
        Membership.objects.create(committee=committee, person=person, party="A", valid_from=date(2022, 1, 1))
    meetings = rows // ITEMS_A_MEETING
    _say(f"{rows:,} punkter i {meetings:,} møder lægges ind …")
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # facts of a made-up past need no triggers
        days = [FIRST_DAY + timedelta(days=11_000 * n // meetings) for n in range(meetings)]
        with cursor.copy(
            "COPY meetings_meeting (id, nonce, committee_id, date, place, kind, cancelled, is_demo, revision, edited_at)"
            " FROM STDIN"
        ) as copy:
            for n, day in enumerate(days):
                copy.write_row(
                    (n + 1, _number(n), committees[n % COMMITTEES].pk, day, "", "ordinary", "", False, 0, day)
                )
        with cursor.copy(
            "COPY meetings_publication (subject, subject_pk, act, at, warnings_accepted) FROM STDIN"
        ) as copy:
            for n, day in enumerate(days):
                if n % 10:  # every tenth meeting is not public
                    for subject in ("meeting.agenda", "meeting.minutes"):
                        copy.write_row((subject, n + 1, "published", day, "[]"))
        with cursor.copy(
            "COPY meetings_agendaitem (id, nonce, meeting_id, number, position, title, case_no, case_type, case_officers,"
            " is_closed, closed_reason, public_heading, open_decision, unplaced_marks, trail, continuation, revision,"
            " edited_at) FROM STDIN"
        ) as copy:
            for n, title in enumerate(_texts(rows, 7, luck)):
                place = n % ITEMS_A_MEETING + 1
                copy.write_row((
                    n + 1, _number(n), n // ITEMS_A_MEETING + 1, str(place), place, title, f"{n % 30}/{n}", "", "{}",
                    n % 12 == 0, "", "", "", 0, _number(n), "", 0, days[n // ITEMS_A_MEETING],
                ))  # fmt: skip
        with cursor.copy(
            "COPY meetings_decision (nonce, item_id, category, text, conditions, decided_on, recorded_at, recorded_by_id)"
            " FROM STDIN"
        ) as copy:
            for n, text in enumerate(_texts(rows, 18, luck)):
                day = days[n // ITEMS_A_MEETING]
                copy.write_row((_number(n), n + 1, "approved", text, "", day, day, user.pk))
        with cursor.copy(
            "COPY meetings_itemsection (item_id, position, kind, heading, text, blocks) FROM STDIN"
        ) as copy:
            for n, text in enumerate(_texts(rows, 60, luck)):
                copy.write_row((n + 1, 1, "case", "Sagsfremstilling", text, "[]"))
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return user


def _number(n: int) -> str:
    return f"00000000-0000-4000-8000-{n:012}"


QUESTIONS = {
    "almindeligt": ["budget", "skole", "dagtilbud", "orientering", "børn"],
    "sjældent": ["spildevandsstrukturen", "spildevandsstruktur"],
    "mellem": ["havnestrategi", "klimapolitik", "køkkentakst", "åndsråd", "skovforum"],
    "findes ikke": ["xylofonorkester", "qwertz", "blåhval"],
    "stavet forkert": ["buget", "daktilbud", "spildevansstruktur"],
    "begyndelsen": ["bud", "dagti", "havnestr", "spilde", "køkk"],
    "to ord": ["budget skole", "klimapolitik havnestrategi", "orientering budget", "spildevandsstruktur budget"],
    "indeni": ["struktur", "strategi", "vandsstruk", "politik"],
    "sagsnummer": ["17/4517", "3/33", "5/299"],
    "dato": ["3.1.1996", "2. maj 2020"],
}


def _report(rows: int, member: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    from kit.search import Asked
    from meetings.models import User
    from pejlemaerker.documents.search import SearchDocument
    from pejlemaerker.documents.search_found import Narrowed

    _say(f"{rows:,} punkter, {rows:,} beslutninger, {rows:,} afsnit")
    _say(f"{'':16}{'':12}{'p50':>8}{'p99':>8}   (ms)")
    for who in ("besøgende", "medlem"):
        for name, questions in QUESTIONS.items():
            took = []
            for n in range(ROUNDS):
                viewer = AnonymousUser() if who == "besøgende" else User.objects.get(pk=member.pk)
                begun = time.perf_counter()
                SearchDocument.for_viewer(viewer, asked=Asked.read(questions[n % len(questions)]), narrowed=Narrowed())
                took.append((time.perf_counter() - begun) * 1000)
            took = took[len(questions) :]  # what was cold is left out
            cut = quantiles(took, n=100)
            _say(f"{name:16}{who:12}{cut[49]:8.1f}{cut[98]:8.1f}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
