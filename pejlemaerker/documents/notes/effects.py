"""Hvad et punkt betød for pejlemærkerne: wordings put in force, repealed or put before the committee, endings, and what
was asked for.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Q

from kit.dates import format_date
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.naming import capital, named
from pejlemaerker.models import AdditionRequest, GoalClosing, Submission, known_by

ENDED = {
    GoalClosing.Kind.COMPLETED: "blev afsluttet",
    GoalClosing.Kind.CONTINUED: "blev videreført til den næste periode",
    GoalClosing.Kind.MERGED: "blev lagt sammen med et andet",
    GoalClosing.Kind.SPLIT: "blev delt i flere",
    GoalClosing.Kind.DROPPED: "udgik",
    GoalClosing.Kind.RESUMED: "blev taget op igen",
}


class _Effect(NamedTuple):
    """One thing that an item meant for one pejlemærke; `sentence` has a place for the names of all it is true of."""

    item: int
    goal: int
    sentence: str


def effects_by_item(material: Material) -> dict[int, list[str]]:
    """Tell by item (its key) what it meant, those of one act in one sentence; an item that had no effect has none. It
    is for those who ask to fetch the items through what their readers may see.
    """
    effects = [*_adoptions(material), *_repeals(material), *_endings(material)]
    with_effect = {(one.item, one.goal) for one in effects}
    effects += [one for one in _submissions(material) if (one.item, one.goal) not in with_effect]
    effects += _requests(material)
    goals: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in effects:
        goals[one.item, one.sentence].append(one.goal)
    told: dict[int, list[str]] = {one.item: [] for one in effects}
    for (item, sentence), own in goals.items():
        if sentence:
            told[item].append(capital(sentence.format(names=named(own, material))))
    return told


def _adoptions(material: Material) -> Iterator[_Effect]:
    """What came into force; what a stay or a correction held back had no effect."""
    for goal, life in material.lives.items():
        for adoptions in life.adoptions.values():
            for one in adoptions:
                ground = life.grounds[one.pk]
                if ground.decision is None:
                    continue
                verb = "trådte" if ground.since <= material.at.on else "træder"
                sentence = f"ordlyden af {{names}} {verb} i kraft {format_date(ground.since)}."
                yield _Effect(ground.decision.item_id, goal, sentence if one.pk in life.holding else "")


def _repeals(material: Material) -> Iterator[_Effect]:
    for goal, life in material.lives.items():
        for repeal in (one for own in life.repeals.values() for one in own):
            if repeal.ground.decision:
                sentence = f"ordlyden af {{names}} blev ophævet fra {format_date(repeal.on)}."
                yield _Effect(repeal.ground.decision.item_id, goal, sentence)


def _endings(material: Material) -> Iterator[_Effect]:
    rows = GoalClosing.objects.effective(material.at).filter(
        goal__in=list(material.lives), ended_on__lte=material.at.on, decision__isnull=False
    )
    for goal, item, kind, day in rows.order_by("pk").values_list("goal", "decision__item", "kind", "ended_on"):
        yield _Effect(item, goal, f"{{names}} {ENDED[GoalClosing.Kind(kind)]} {format_date(day)}.")


def _submissions(material: Material) -> Iterator[_Effect]:
    known = known_by(material.at.known, "item__meeting__date", kept_since="version__goal__kept_since")
    rows = Submission.objects.filter(known, version__goal__in=list(material.lives))
    for goal, item in rows.order_by("pk").values_list("version__goal", "item"):
        yield _Effect(item, goal, "ordlyden af {names} blev forelagt.")


def _requests(material: Material) -> Iterator[_Effect]:
    """What was asked for on an item; of a paper about one pejlemærke only what was asked of its wording."""
    known = known_by(material.at.known, "requested_on", kept_since="goal_set__kept_since")
    about = Q(goal_set__in=list(material.everyone)) if not material.subject.goal else Q(goal=material.subject.goal)
    rows = AdditionRequest.objects.filter(about, known, requested_on__lte=material.at.on, item__isnull=False)
    for one in rows.order_by("pk"):
        of = " af {names}" if one.goal_id in material.lives else ""
        what = "opfølgningen" if one.about == AdditionRequest.About.PLAN else f"ordlyden{of}"
        verbatim = one.text.replace("{", "{{").replace("}", "}}")
        text = f": »{verbatim}«" if verbatim else "."
        yield _Effect(one.item_id or 0, one.goal_id or 0, f"der blev bedt om en tilføjelse til {what}{text}")
