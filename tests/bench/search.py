"""How long a search takes, for a visitor and for a member: by the clock, and the database's own work."""

import sys
from itertools import chain
from statistics import quantiles

from django.contrib.auth.models import AnonymousUser

from kit.search import Asked
from meetings.models import User
from pejlemaerker.documents.search import SearchDocument
from pejlemaerker.documents.search_found import Narrowed
from tests.bench.archive import MEMBER
from tests.bench.work import Work, work_of

ROUNDS = 40

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


def report() -> None:
    """Ask every question many times."""
    heads = ("ms", "p50", "p99", "database", "p99")
    sys.stdout.write(f"\nSøgning{heads[0]:>23}{heads[1]:>10}{heads[2]:>10}{heads[3]:>10}{heads[4]:>10}\n")
    everything: list[Work] = []
    for who in ("besøgende", MEMBER):
        for name, questions in QUESTIONS.items():
            took = [_asked(who, questions[n % len(questions)]) for n in range(ROUNDS + len(questions))]
            everything.extend(warm := took[len(questions) :])  # the first time is cold
            _tell(name, who, warm)
    _tell("alt", "alle", everything)


def _asked(who: str, typed: str) -> Work:
    viewer = AnonymousUser() if who == "besøgende" else User.objects.get(username=MEMBER)
    return work_of(lambda: SearchDocument.for_viewer(viewer, asked=Asked.read(typed), narrowed=Narrowed()))


def _tell(name: str, who: str, took: list[Work]) -> None:
    cuts = ([one.wall for one in took], [one.database for one in took])
    figures = chain.from_iterable((cut[49], cut[98]) for cut in (quantiles(part, n=100) for part in cuts))
    sys.stdout.write(f"{name:16}{who:14}" + "".join(f"{figure:10.1f}" for figure in figures) + "\n")
    sys.stdout.flush()
