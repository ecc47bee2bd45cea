"""Ordlyde, der venter på en beslutning."""

from django.db.models import Exists, OuterRef, Q

from meetings.models import Committee
from pejlemaerker.models import Adoption, AsOf, GoalSet, GoalVersion
from pejlemaerker.models.wording import GoalVersionQuerySet


def sets_awaiting_decision(committee: Committee) -> list[GoalSet]:
    """Find the sets in which a wording waits for a decision of the committee, its own and those it shares, newest
    period first.
    """
    own = Q(goal__goal_set__period__committee=committee, goal__goal_set__partners=None)
    awaiting = GoalVersion.objects.awaiting_decision().filter(own)
    shared = GoalSet.objects.exclude(partners=None).filter(Q(period__committee=committee) | Q(partners=committee))
    lacking = lacking_approval(committee.pk).filter(goal__goal_set__in=shared)
    sets = GoalSet.objects.filter(
        Q(pk__in=awaiting.values("goal__goal_set")) | Q(pk__in=lacking.values("goal__goal_set"))
    )
    return list(sets.select_related("period", "area").order_by("-period__starts_on", "area__position"))


def lacking_approval(committee: int) -> GoalVersionQuerySet:
    """Return the newest known wordings that this committee has not approved, whatever others have."""
    later = GoalVersion.objects.filter(goal=OuterRef("goal"), number__gt=OuterRef("number"))
    adopted = Adoption.objects.effective(AsOf.now()).filter(
        version=OuterRef("pk"), decision__item__meeting__committee=committee
    )
    return GoalVersion.objects.exclude(text="").filter(~Exists(adopted), ~Exists(later), goal__number__isnull=False)
