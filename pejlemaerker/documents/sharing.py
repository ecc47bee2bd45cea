"""Fælles sæt: with whom a committee shares a set of pejlemærker."""

from django.db.models import prefetch_related_objects

from kit.danish import join_words, sort_key
from pejlemaerker.documents.set_history import partners_known
from pejlemaerker.models import AsOf, GoalSet


def shared_with(goal_set: GoalSet, at: AsOf) -> str:
    """Tell with whom, by the names of the day: "Kultur- og Fritidsudvalget og Ældreudvalget"."""
    partners = partners_known(goal_set, at)
    prefetch_related_objects(partners, "former_names")
    day = min(at.on, goal_set.period.ends_on)
    return join_words(sorted((one.name_on(day) for one in partners), key=sort_key))
