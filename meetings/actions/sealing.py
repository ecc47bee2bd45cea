"""Sealing the log. Nobody who writes an event waits for the chain: it is sealed afterwards, every few seconds, by
whoever holds the chain's lock.
"""

from django.db import connection, transaction
from django.utils import timezone

from kit.chain import BEGINNING, Link, digest_of, head_of
from meetings.documents.log_check import as_written, rows_of
from meetings.models import LogSeal

_LOCK = "pejlemaerker.log_chain"
MOST_IN_A_SEAL = 5000


def seal_log() -> int:
    """Seal the events that have been committed and wait; return how many. Where another seals already, there is nothing
    to do.
    """
    sealed = 0
    while some := _seal_some():
        sealed += some
    return sealed


@transaction.atomic
def _seal_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        # Rows of an open transaction are not there yet; they wait for the next seal, whatever their number.
        cursor.execute(
            "DELETE FROM meetings_unsealedevent WHERE event_pk IN"
            " (SELECT event_pk FROM meetings_unsealedevent ORDER BY event_pk LIMIT %s) RETURNING event_pk",
            [MOST_IN_A_SEAL],
        )
        waiting = {pk for (pk,) in cursor.fetchall()}
    if not waiting:
        return 0
    digests = {row["pk"]: digest_of(row) for row in rows_of(list(waiting))}
    for pk in waiting - digests.keys():
        digests[pk] = digest_of({"pk": pk, "gone": True})  # removed before it was sealed: the seal tells that it was
    last = LogSeal.objects.defer("events", "digests").last()
    at = timezone.now()
    link = Link(
        number=last.number + 1 if last else 1, sealed_at=as_written(at), rows=sorted(digests),
        digests=[digests[pk] for pk in sorted(digests)], total=(last.count if last else 0) + len(digests),
        previous=last.head if last else BEGINNING, head="",
    )  # fmt: skip
    LogSeal.objects.create(
        number=link.number, sealed_at=at, events=list(link.rows), digests=list(link.digests), count=link.total,
        previous=link.previous, head=head_of(link),
    )  # fmt: skip
    return len(digests)
