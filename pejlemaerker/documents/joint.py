"""Fælles sæt: which of the committees that share a set have approved its wordings; and how large a set should be."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import F

from kit.danish import join_words, sort_key
from kit.dates import format_date
from meetings.models import Committee
from pejlemaerker.documents.citation import with_deciders
from pejlemaerker.documents.set_history import partners_known
from pejlemaerker.documents.standing import Standing
from pejlemaerker.models import Adoption, AsOf, GoalSet

MANY = 12


class Approval(NamedTuple):
    """What one of the committees has approved: of which pejlemærker, and when last; and which it has not."""

    committee: str
    on: date | None
    approved: tuple[str, ...]
    lacking: tuple[str, ...]

    @property
    def text(self) -> str:
        """Who and when, and nothing else: the decision's item may be closed."""
        if not self.approved:
            return f"{self.committee} har ikke godkendt ordlydene endnu."
        day = f" {format_date(self.on)}" if self.on else ""
        if not self.lacking:
            return f"Godkendt af {self.committee}{day}."
        approved, lacking = join_words(list(self.approved)), join_words(list(self.lacking))
        return f"{self.committee} har godkendt pejlemærke {approved}{day}, men endnu ikke {lacking}."


def approvals_of(goal_set: GoalSet, goals: Iterable[Standing], *, at: AsOf) -> tuple[Approval, ...]:
    """Tell for each committee of a joint set what it had approved by a day, as was known; nothing of a set that one
    committee has alone, or that has no wordings.
    """
    partners = sorted(partners_known(goal_set, at), key=lambda one: sort_key(one.name))
    wordings = {version: str(goal.number) for goal in goals if (version := _wording(goal)) and goal.number}
    if not partners or not wordings:
        return ()
    approved = _approved(wordings, at)
    return tuple(_approval(one, wordings, approved[one.pk], at) for one in (goal_set.period.committee, *partners))


def _wording(goal: Standing) -> int | None:
    """The wording that the committees are to approve: the newest that holds, comes or waits."""
    version = goal.in_force or (goal.coming.version if goal.coming else goal.awaiting)
    return version.pk if version else None


def _approved(wordings: Iterable[int], at: AsOf) -> dict[int, dict[int, date]]:
    """By committee: the wordings that it has approved, with the day."""
    adoptions = Adoption.objects.effective(at).filter(
        version__in=list(wordings), decision__isnull=False, decision__decided_on__lte=at.on
    )
    by_committee: dict[int, dict[int, date]] = defaultdict(dict)
    rows = with_deciders(adoptions, at).annotate(committee=F("decision__item__meeting__committee"))
    for committee, version, day in rows.values_list("committee", "version", "decided_on"):
        by_committee[committee][version] = day
    return by_committee


def _approval(committee: Committee, wordings: dict[int, str], approved: dict[int, date], at: AsOf) -> Approval:
    days = sorted(approved.values())
    return Approval(
        committee=committee.name_on(days[-1] if days else at.on),
        on=days[-1] if days else None,
        approved=tuple(number for version, number in wordings.items() if version in approved),
        lacking=tuple(number for version, number in wordings.items() if version not in approved),
    )


def too_many(count: int) -> str:
    """A friendly word when a set grows out of hand; "" while it can be remembered."""
    if count <= MANY:
        return ""
    return (
        f"Sættet har {count} pejlemærker. Et sæt, som udvalg og ledere kan huske, har sjældent mere end tolv: "
        "de små planer bliver fulgt. Overvej, om nogle kan lægges sammen."
    )
