"""Udvalgets godkendelser: the decisions that a form may point at, the likeliest first."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.forms.models import ModelChoiceIterator

from kit.dates import format_date
from meetings.models import Category, Decision
from pejlemaerker.models import GoalSet, Submission

OFFERED = 40
SHOWN = 8  # of those that nothing points at; the rest are folded away below them
EXCERPT = 160
# An approval of the agenda, or of the minutes, decides nothing about a pejlemærke. It has no kind of its own: only its
# heading tells, in the words the houses use.
PROCEDURE = r"^\s*godkendelse af (dagsorden|referat|beslutningsprotokol|protokol|mødeplan)"


class _Offered(ModelChoiceIterator):  # type: ignore[type-arg]
    """Those that are shown; any approval of the committees stays valid."""

    field: "DecisionField"

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        for decision in self.field.offered:
            yield self.choice(decision)


class DecisionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the approvals, named by its day, its item and its words; by its committee too where there are several."""

    iterator = _Offered

    def __init__(
        self, *, committees: Iterable[int], user: Any, submissions: Any, named: str | None = "", **kwargs: Any
    ) -> None:
        """Offer those of some committees: what was put before them (`submissions`) and the decision the user came from
        or has chosen (`named`) stand first.
        """
        own = list(committees)
        visible = Decision.including_closed.visible_to(user).approving()
        self.approvals = visible.filter(item__meeting__committee__in=own)
        super().__init__(self.approvals, widget=forms.RadioSelect, **kwargs)
        self.names_committee = len(own) > 1
        self.named = int(named) if named and named.isdecimal() and len(named) < 19 else 0
        self.submissions = submissions

    @cached_property
    def offered(self) -> list[Any]:
        """The newest and the likeliest, each with its rank: the one named, those the wording was put before, the
        newest, and last those on procedure.
        """
        own = self.approvals.annotate(is_about=Exists(self.submissions.filter(item=OuterRef("item"))))
        newest = own.order_by("-decided_on", "-pk").values_list("pk", flat=True)[:OFFERED]
        rank = Case(
            When(pk=self.named, then=Value(0)),
            When(is_about=True, then=Value(1)),
            When(item__title__iregex=PROCEDURE, then=Value(3)),
            default=Value(2),
        )
        decisions = own.filter(Q(pk__in=[self.named, *newest]) | Q(is_about=True)).annotate(rank=rank)
        near = decisions.select_related("item__meeting__committee")
        told = near.prefetch_related("item__meeting__committee__former_names")
        return list(told.order_by("rank", "-decided_on", "item__position"))

    @property
    def common(self) -> int:
        """How many choices stand openly; 0 when all do."""
        likely = sum(1 for one in self.offered if one.rank < 2)
        newest = sum(1 for one in self.offered if one.rank == 2)
        shown = likely + min(newest, SHOWN)
        if not shown or shown == len(self.offered):
            return 0
        return shown + (self.empty_label is not None)

    @property
    def more(self) -> str:
        """What the rest is folded behind."""
        return f"Vis alle {len(self.offered)} beslutninger"

    def label_from_instance(self, obj: Decision) -> str:
        excerpt = obj.text if len(obj.text) <= EXCERPT else f"{obj.text[:EXCERPT].rstrip()} …"
        category = Category(obj.effective_category).label  # type: ignore[attr-defined]
        committee = f"{obj.item.meeting.committee.name_on(obj.decided_on)} " if self.names_committee else ""
        return (
            f"{committee}{format_date(obj.decided_on)}, punkt {obj.item.number}: {obj.item.title}. "
            f"{category}: »{excerpt}«"
        )


def submissions_of(**version: Any) -> Any:
    """Where these wordings were put before a committee."""
    return Submission.objects.filter(**{f"version__{path}": value for path, value in version.items()})


def deciding(goal_set: GoalSet) -> list[int]:
    """The committees that decide about a set: its own, and those that share it."""
    return [goal_set.period.committee_id, *goal_set.partners.values_list("pk", flat=True)]
