"""How much work a page is: against the same content written by hand (`plain.py`), and against the same page in an
archive of a tenth of the years. A visitor and a member; the queries are counted.
"""

import resource
import sys
from collections.abc import Callable
from statistics import median
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from meetings.models import User
from pejlemaerker.models import Goal, GoalSet
from tests.bench.archive import MEMBER, newest_meeting
from tests.bench.work import work_of

ROUNDS = 7


class Page(NamedTuple):
    """What a page cost: milliseconds of work, by hand and for each viewer, and the queries of each."""

    plain: float
    visitor: float
    member: float
    queries: tuple[int, int]


def measured() -> dict[str, Page]:
    """Ask for each of the main pages many times."""
    visitor, member = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    member.force_login(User.objects.get(username=MEMBER), backend="django.contrib.auth.backends.ModelBackend")
    plain_files = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=settings.STORAGES | plain_files):
        return {name: _page(address, visitor, member) for name, address in _addresses().items()}


def _addresses() -> dict[str, str]:
    goal_set = GoalSet.objects.filter(period__committee__slug="udvalg-0").latest("period__starts_on", "pk")
    goal = Goal.objects.filter(goal_set=goal_set, number=1).get()
    return {
        "/": "/", "/pejlemaerker/": "/pejlemaerker/", "/saet/<id>/": f"/saet/{goal_set.pk}/",
        "/pejlemaerker/<id>/": f"/pejlemaerker/{goal.pk}/", "/udvalg/<navn>/": "/udvalg/udvalg-0/",
        "/moeder/": "/moeder/", "/moeder/<id>/": f"/moeder/{newest_meeting().pk}/",
        "/soeg/?q=klimapolitik": "/soeg/?q=klimapolitik", "/soeg/?q=budget": "/soeg/?q=budget",
    }  # fmt: skip


def _page(address: str, visitor: Client, member: Client) -> Page:
    def plain() -> Any:
        with override_settings(ROOT_URLCONF="tests.bench.plain"):
            return visitor.get(address)

    ways: tuple[Callable[[], Any], ...] = (plain, lambda: visitor.get(address), lambda: member.get(address))
    queries = tuple(_queries(way) for way in ways[1:])
    turns = [[work_of(way).total for way in ways] for _ in range(ROUNDS + 2)][2:]
    by_hand, open_to_all, inside = (median(part) for part in zip(*turns, strict=True))
    return Page(by_hand, open_to_all, inside, (queries[0], queries[1]))


def _queries(ask: Callable[[], Any]) -> int:
    ask()
    with CaptureQueriesContext(connection) as asked:
        answer = ask()
    if answer.status_code != 200:
        raise AssertionError(f"{answer.request['PATH_INFO']}: {answer.status_code}")
    return len(asked)


def report(small: dict[str, Page], large: dict[str, Page]) -> None:
    """Print one line a page."""
    heads = ("ms i hånden", "× i hånden", "medlem ×", "× en tiendedel", "medlem ×", "spørgsmål", "medlem")
    sys.stdout.write(f"\n{'Sider':24}" + "".join(f"{head:>16}" for head in heads) + "\n")
    for name, page in large.items():
        before = small[name]
        figures = (
            page.plain, page.visitor / page.plain, page.member / page.plain, page.visitor / before.visitor,
            page.member / before.member,
        )  # fmt: skip
        grown = "" if page.queries == before.queries else f" (en tiendedel: {before.queries})"
        told = "".join(f"{figure:16.2f}" for figure in figures)
        sys.stdout.write(f"{name:24}{told}{page.queries[0]:16}{page.queries[1]:16}{grown}\n")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"\nHukommelse efter alle sider, en proces: {memory:.0f} MB\n")
