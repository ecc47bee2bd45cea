"""Hvad der venter på godkendelse: the common texts that lie with one centre's head."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from kit.clock import moment
from meetings.models import Committee, Right
from pejlemaerker.documents.evaluation import wordings_on
from pejlemaerker.documents.review import CommonText, ReadGoal
from pejlemaerker.models import AsOf, EvaluationRound, ReviewAct


def with_wordings(evaluation: EvaluationRound, text: CommonText) -> list[tuple[ReadGoal, str]]:
    """The common text, each part with the wording it is about: who approves must know what is told of."""
    wordings = wordings_on(evaluation.goal_set_id, AsOf.hindsight(evaluation.held_on))
    return [(one, wordings[one.goal.pk].text if one.goal.pk in wordings else "") for one in text.goals]


class WaitingText(NamedTuple):
    """En tekst, der venter."""

    title: str
    about: str
    sent: str
    url: str


@dataclass(frozen=True, slots=True)
class ReviewList:
    """The texts that wait, the one sent first at the top."""

    waiting: tuple[WaitingText, ...]

    @classmethod
    def for_user(cls, user: Any) -> Self:
        """Find those of committees where the user approves; two queries."""
        acts = ReviewAct.objects.filter(evaluation=OuterRef("evaluation")).order_by("-pk")
        newest = ReviewAct.objects.filter(
            pk=Subquery(acts.values("pk")[:1]), act=ReviewAct.Act.REQUESTED,
            evaluation__in=EvaluationRound.objects.visible_to(user),
            evaluation__goal_set__period__committee__in=Committee.objects.where(user, Right.REVIEW),
        )  # fmt: skip
        rows = newest.select_related(
            "acted_by", "evaluation__goal_set__area", "evaluation__goal_set__period__committee"
        )
        return cls(tuple(_waiting(act) for act in rows.order_by("pk")))


def _waiting(act: ReviewAct) -> WaitingText:
    evaluation = act.evaluation
    return WaitingText(
        title=str(evaluation),
        about=str(evaluation.goal_set),
        sent=f"Sendt {moment(act.acted_at)} af {act.acted_by or 'systemet'}",
        url=reverse("rollup_review", args=[evaluation.pk]),
    )
