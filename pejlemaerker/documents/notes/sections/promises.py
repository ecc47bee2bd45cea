"""Løfterne: what the administration has said it will come back with, where it was said, and how it stands."""

from django.db.models import Q

from kit.paper.blocks import Paragraph, Table
from meetings.models import Decision
from pejlemaerker.documents.known_promises import KnownPromise, known_promises
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.models import Adoption, Agreement, GoalClosing, Submission, known_by


def promises(material: Material) -> Blocks:
    """Tell the promises made where the pejlemærker were treated, or at dialogue meetings about them; of a year all that
    the committee was given in it, and the earlier ones that were still open when it began. Who sees to it is told in
    the administration only.
    """
    subject = material.subject
    about = Q(item__meeting__committee=subject.committee) | Q(committee=subject.committee)
    told = known_promises(
        about if subject.year else about & _about_goals(material), viewer=material.reader, at=material.at,
        kept_since=subject.kept_since,
    )  # fmt: skip
    if subject.year:
        told = tuple(one for one in told if _is_of_year(one, subject.year))
    if not told:
        return (Paragraph("Der er ikke noteret løfter.", "missing"),)
    responsible = material.is_internal and any(one.promise.responsible for one in told)
    head = ("Løfte", "Hvor det blev givet", "Senest", *(("Hvem følger op",) if responsible else ()), "Hvordan det står")
    rows = tuple(
        (
            one.promise.text, one.where, one.due, *((one.promise.responsible,) if responsible else ()),
            one.state,
        )
        for one in sorted(told, key=lambda one: not one.is_open)
    )  # fmt: skip
    return (Table("Løfter til udvalget", head, rows),)


def _about_goals(material: Material) -> Q:
    """Made on an item where a wording of theirs was put before the committee or something was decided about them, or
    agreed at a dialogue meeting about them.
    """
    goals, known = material.goal_pks, material.at.known
    put_before = Submission.objects.filter(
        known_by(known, "item__meeting__date", kept_since="version__goal__kept_since"), version__goal__in=goals
    )
    adopted = Adoption.objects.known(known).filter(version__goal__in=goals)
    ended = GoalClosing.objects.known(known).filter(goal__in=goals)
    decided = Decision.including_closed.filter(
        Q(pk__in=adopted.values("decision")) | Q(pk__in=ended.values("decision"))
    )
    held = [one.dialogue.pk for one in material.happened.dialogues]
    agreed = Agreement.objects.filter(dialogue__in=held, promise__isnull=False)
    if material.subject.goal:
        agreed = agreed.filter(Q(goal=None) | Q(goal__in=goals))
    return (
        Q(item__in=put_before.values("item")) | Q(item__in=decided.values("item")) | Q(pk__in=agreed.values("promise"))
    )


def _is_of_year(one: KnownPromise, year: int) -> bool:
    return one.promise.given_on.year == year or one.kept_on is None or one.kept_on.year >= year
