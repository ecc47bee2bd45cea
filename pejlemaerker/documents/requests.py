"""Ønsker om tilføjelse: what was asked, by whom, and each followed to its end."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from kit.dates import format_date
from meetings.models import AgendaItem
from pejlemaerker.documents.places import numbers_of
from pejlemaerker.models import (
    AdditionRequest,
    Adoption,
    AsOf,
    FollowUpPlan,
    Goal,
    GoalSet,
    GoalVersion,
    RequestSettlement,
    known_by,
    was_known,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """Hvad der skete: one sentence, and where to read on."""

    text: str
    url: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class RequestLine:
    """Et ønske, followed to its end."""

    request: AdditionRequest
    goal: Goal | None
    number: int | None  # that of the pejlemærke, on the day
    text: str  # verbatim; nothing for those who may not read of the item on which it was asked
    item: AgendaItem | None  # only when the viewer may see it
    is_told: bool  # whether the viewer may read of the item on which it was asked
    settlement: RequestSettlement | None
    answers: tuple[Answer, ...]
    tag: str
    tag_kind: str
    is_open: bool

    @property
    def anchor(self) -> str:
        """Its place on a page."""
        return f"oenske-{self.request.pk}"

    @property
    def sentence(self) -> str:
        """Udvalget ønskede 5. september 2022 en tilføjelse til ordlyden af pejlemærke 2."""
        return f"{self.who} ønskede {format_date(self.request.requested_on)} {self.subject}."

    @property
    def who(self) -> str:
        """Who asked; of a closed item nothing but that it was the committee."""
        return (self.is_told and self.request.requested_by) or "Udvalget"

    @property
    def note(self) -> str:
        """What explains how it was settled."""
        return self.settlement.note if self.settlement and self.is_told else ""

    @property
    def subject(self) -> str:
        """What was to be added to."""
        if self.request.about == AdditionRequest.About.PLAN:
            return "en ændring i opfølgningen"
        if self.goal is None:
            return "en tilføjelse til ordlyden"
        name = f"pejlemærke {self.number}" if self.number else "et pejlemærke uden nummer"
        return f"en tilføjelse til ordlyden af {name}"


def requests_of(
    *, viewer: Any, at: AsOf, goal_set: GoalSet | None = None, goal: Goal | None = None
) -> tuple[RequestLine, ...]:
    """Gather the requests about a set, or about one pejlemærke's wording, newest first, in the same number of queries
    however many there are.
    """
    about = Q(goal=goal, about=AdditionRequest.About.WORDING) if goal else Q(goal_set=goal_set)
    known = known_by(at.known, "requested_on", kept_since="goal_set__kept_since")
    requests = AdditionRequest.objects.filter(about, known, requested_on__lte=at.on).select_related("goal", "goal_set")
    return follow(requests.order_by("-requested_on", "-pk"), viewer=viewer, at=at)


def follow(requests: "QuerySet[AdditionRequest]", *, viewer: Any, at: AsOf) -> tuple[RequestLine, ...]:
    """Follow these requests to their end, as far as was known."""
    rows = list(requests)
    items = _visible_items(rows, viewer)
    ends = _Ends.of(rows, at)
    numbers = numbers_of((row.goal for row in rows if row.goal), at=at)
    return tuple(_line(row, items.get(row.item_id or 0), numbers.get(row.goal_id or 0), ends) for row in rows)


def _visible_items(rows: Iterable[AdditionRequest], viewer: Any) -> dict[int, AgendaItem]:
    items = AgendaItem.including_closed.visible_to(viewer).select_related("meeting")
    return items.in_bulk([row.item_id for row in rows if row.item_id])


@dataclass(frozen=True, slots=True)
class _Ends:
    """What became of many requests: wordings and plans that answer, which wordings came into force, and settlements."""

    versions: dict[int, list[GoalVersion]]
    plans: dict[int, list[FollowUpPlan]]
    adopted: dict[int, Adoption]
    newest: dict[int, int]
    settled: dict[int, RequestSettlement]

    @classmethod
    def of(cls, rows: list[AdditionRequest], at: AsOf) -> "_Ends":
        written = GoalVersion.objects.written(at)
        versions: dict[int, list[GoalVersion]] = defaultdict(list)
        for version in written.filter(answers__in=rows).order_by("goal_id", "number"):
            versions[version.answers_id or 0].append(version)
        plans: dict[int, list[FollowUpPlan]] = defaultdict(list)
        known = known_by(at.known, "agreed_on", kept_since="goal_set__kept_since")
        agreed = Q(agreed_on__isnull=True) | Q(agreed_on__lte=at.on)
        for plan in FollowUpPlan.objects.filter(known, agreed, answers__in=rows).order_by("number"):
            plans[plan.answers_id or 0].append(plan)
        found = [version for own in versions.values() for version in own]
        adoptions = Adoption.objects.effective(at).filter(version__in=found).order_by("-pk")
        of_goals = written.filter(goal__in={one.goal_id for one in found}).order_by("goal_id", "number")
        settlements = RequestSettlement.objects.filter(request__in=rows, settled_on__lte=at.on)
        kept_since = {row.pk: row.goal_set.kept_since for row in rows}
        return cls(
            versions,
            plans,
            {adoption.version_id: adoption for adoption in adoptions},
            dict(of_goals.values_list("goal_id", "number")),
            {
                one.request_id: one
                for one in settlements
                if was_known(at.known, one.settled_on, one.recorded_at, kept_since=kept_since[one.request_id])
            },
        )


def _line(row: AdditionRequest, item: AgendaItem | None, number: int | None, ends: _Ends) -> RequestLine:
    versions, plans, settled = ends.versions[row.pk], ends.plans[row.pk], ends.settled.get(row.pk)
    tag, kind = _tag(versions, plans, settled, ends)
    is_told = bool(item) or not row.item_id
    return RequestLine(
        request=row,
        goal=row.goal,
        number=number,
        text=row.text if is_told else "",
        item=item,
        is_told=is_told,
        settlement=settled,
        answers=(
            *(answer for version in versions for answer in _answered(version, ends)),
            *(_planned(plan) for plan in plans),
            *([_settled(settled, is_told=is_told)] if settled else []),
        ),
        tag=tag,
        tag_kind=kind,
        is_open=not (versions or plans or settled),
    )


def _tag(
    versions: list[GoalVersion], plans: list[FollowUpPlan], settled: RequestSettlement | None, ends: _Ends
) -> tuple[str, str]:
    if plans or any(version.pk in ends.adopted for version in versions):
        return "Imødekommet", "success"
    if settled:
        return settled.get_kind_display(), "plain"
    return ("Besvaret, ikke besluttet", "info") if versions else ("Åbent", "warning")


def _answered(version: GoalVersion, ends: _Ends) -> list[Answer]:
    day = f" {format_date(version.worded_on)}" if version.worded_on else ""
    url = reverse("wording", args=[version.goal_id, version.number])
    answers = [Answer(f"Besvaret{day} med ordlyd {version.number}.", url, f"Læs ordlyd {version.number}")]
    adoption = ends.adopted.get(version.pk)
    if adoption:
        answers.append(
            Answer(f"Ordlyd {version.number} er besluttet og gælder fra {format_date(adoption.in_force_from)}.")
        )
    elif ends.newest.get(version.goal_id, version.number) > version.number:
        answers.append(Answer(f"Ordlyd {version.number} er afløst af en senere uden at være besluttet."))
    else:
        answers.append(Answer(f"Ordlyd {version.number} venter på en beslutning."))
    return answers


def _planned(plan: FollowUpPlan) -> Answer:
    day = f" {format_date(plan.agreed_on)}" if plan.agreed_on else ""
    return Answer(f"Besvaret{day} med en ændret opfølgningsplan (udgave {plan.number}).")


def _settled(settlement: RequestSettlement, *, is_told: bool) -> Answer:
    day = format_date(settlement.settled_on)
    return Answer(f"{settlement.get_kind_display()} {day}" + (f": {settlement.note}" if is_told else "."))
