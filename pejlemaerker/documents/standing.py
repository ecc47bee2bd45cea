"""Where pejlemærker stand: the wording in force, since when and why, a newer one that waits, and the latest status."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from kit.dates import format_date
from pejlemaerker.documents.citation import Ground, Grounds, with_deciders
from pejlemaerker.models import Adoption, Assessment, Goal, GoalVersion, StatusEntry

ASSESSMENT_KINDS = {
    Assessment.GOOD_PROGRESS: "success",
    Assessment.UNDER_WAY: "info",
    Assessment.NEEDS_ATTENTION: "error",
    Assessment.NOT_ASSESSED: "plain",
}


@dataclass(frozen=True, slots=True)
class Status:
    """Den seneste status: what was written, when, and about which wording."""

    entry: StatusEntry
    about_other_wording: str  # the wording it was about, when that is no longer the one in force

    @property
    def text(self) -> str:
        """The status in words."""
        return self.entry.text

    @property
    def heading(self) -> str:
        """Midtvejsevaluering, 14. november 2023."""
        return str(self.entry.round)

    @property
    def label(self) -> str:
        """The assessment in words."""
        return Assessment(self.entry.assessment).label

    @property
    def kind(self) -> str:
        """How the assessment is tagged."""
        return ASSESSMENT_KINDS[Assessment(self.entry.assessment)]


@dataclass(frozen=True, slots=True)
class Standing:
    """Et pejlemærke, som det står: one viewer, one day."""

    goal: Goal
    in_force: GoalVersion | None
    ground: Ground | None
    coming: Adoption | None  # decided, but for a later day
    awaiting: GoalVersion | None
    status: Status | None
    is_stayed: bool = False  # the decision on the newest wording waits for the council (styrelsesloven § 23)

    @property
    def number(self) -> int:
        """Its number in the set."""
        return self.goal.number

    @property
    def url(self) -> str:
        """Its page."""
        return self.goal.get_absolute_url()

    @property
    def wording(self) -> str:
        """The wording in force, else the one that is on its way there, else nothing: it is not known."""
        version = self.in_force or (self.coming.version if self.coming else self.awaiting)
        return version.text if version else ""

    @property
    def lacks_decision(self) -> bool:
        """Whether no wording has been decided at all."""
        return self.in_force is None and self.coming is None

    @property
    def since(self) -> str:
        """One line below the wording: since when."""
        if self.ground:
            return self.ground.since_text
        if self.coming:
            return f"Besluttet. Gælder fra {format_date(self.coming.in_force_from)}."
        if self.is_stayed:
            return "Ordlyden gælder ikke endnu."
        if self.awaiting is None:
            return ""
        written = f"Formuleret {format_date(self.awaiting.worded_on)}. " if self.awaiting.worded_on else ""
        return f"{written}Ordlyden gælder først, når udvalget har besluttet den."

    @property
    def decision(self) -> str:
        """By which decision, or after which delegation."""
        if self.ground is None:
            return ""
        return f"{self.ground.text} (opdigtet til demo)" if self.ground.is_demo else self.ground.text

    @property
    def decision_url(self) -> str:
        """The decision's page, for those who may see it."""
        return self.ground.url if self.ground else ""

    @property
    def stay_banner(self) -> str:
        """What a standsning means for the wording; nothing of who declared it and why."""
        if not self.is_stayed:
            return ""
        effect = "Den hidtidige ordlyd gælder." if self.in_force else "Ordlyden gælder ikke endnu."
        return (
            "Beslutningen om den nyeste ordlyd er standset og har ingen virkning, før kommunalbestyrelsen har afgjort "
            f"sagen. {effect}"
        )

    @property
    def note(self) -> str:
        """What a reader of the wording in force must also know."""
        if self.in_force and self.is_stayed:
            return self.stay_banner
        if self.in_force and self.coming:
            return f"En ny ordlyd gælder fra {format_date(self.coming.in_force_from)}."
        return "En ny ordlyd venter på beslutning." if self.in_force and self.awaiting else ""

    @property
    def newer(self) -> str:
        """The newer wording that the note speaks of."""
        if self.in_force is None:
            return ""
        version = self.coming.version if self.coming else self.awaiting
        return version.text if version else ""

    @property
    def status_text(self) -> str:
        """The latest status in words."""
        return self.status.text if self.status else ""

    @property
    def status_from(self) -> str:
        """Where the latest status comes from."""
        return self.status.heading if self.status else ""

    @property
    def tag(self) -> str:
        """Status in a word or two; nothing where there is nothing to say."""
        if self.lacks_decision:
            return "Beslutningen er standset" if self.is_stayed else "Beslutning mangler"
        return self.status.label if self.status else ""

    @property
    def tag_kind(self) -> str:
        """How the tag is coloured; the words say the same."""
        if self.lacks_decision:
            return "warning"
        return self.status.kind if self.status else "plain"

    @property
    def has_invented_status(self) -> bool:
        """Whether the status was made up for the demo; then that is said beside it."""
        return self.status is not None and self.status.entry.round.is_demo


def standings(goals: Iterable[Goal], *, viewer: Any, on: date) -> dict[int, Standing]:
    """Tell where each pejlemærke stands, in five queries however many there are."""
    goals = list(goals)
    adoptions = list(with_deciders(Adoption.objects.effective().filter(version__goal__in=goals)))
    in_force = _in_force(goals, on)
    grounds = Grounds.of(adoptions, viewer=viewer)
    versions = _versions_by_goal(goals, on)
    statuses = latest_statuses(goals, viewer=viewer, on=on)
    known: dict[int, list[tuple[Adoption, Ground]]] = defaultdict(list)
    for adoption in adoptions:
        ground = grounds.of_one(adoption)
        if ground.decided_on <= on:
            known[adoption.version.goal_id].append((adoption, ground))
    return {
        goal.pk: _standing(goal, in_force.get(goal.pk), known[goal.pk], versions[goal.pk], statuses.get(goal.pk), on)
        for goal in goals
    }


def _standing(
    goal: Goal,
    in_force: Adoption | None,
    known: list[tuple[Adoption, Ground]],
    versions: list[GoalVersion],
    entry: StatusEntry | None,
    on: date,
) -> Standing:
    later = [adoption for adoption, _ in known if adoption.in_force_from > on]
    newest = versions[-1] if versions else None
    is_stayed = newest is not None and bool(newest.is_stayed)  # type: ignore[attr-defined]
    if in_force and newest and in_force.version_id == newest.pk:
        is_stayed = False  # another decision put it in force
    return Standing(
        goal=goal,
        in_force=in_force.version if in_force else None,
        ground=next((ground for adoption, ground in known if in_force and adoption.pk == in_force.pk), None),
        coming=min(later, key=lambda adoption: (adoption.in_force_from, -adoption.pk), default=None),
        awaiting=newest if is_stayed else _awaiting(versions, {adoption.version_id for adoption, _ in known}),
        status=about(entry, in_force.version if in_force else None) if entry else None,
        is_stayed=is_stayed,
    )


def about(entry: StatusEntry, in_force: GoalVersion | None) -> Status:
    """Tell a status with the wording it was about, if another one is in force now."""
    is_other = entry.version and (in_force is None or entry.version_id != in_force.pk)
    return Status(entry, entry.version.text if is_other and entry.version else "")


def _in_force(goals: list[Goal], on: date) -> dict[int, Adoption]:
    adoptions = Adoption.objects.in_force(on).filter(version__goal__in=goals).select_related("version")
    return {adoption.version.goal_id: adoption for adoption in adoptions}


def _versions_by_goal(goals: list[Goal], on: date) -> dict[int, list[GoalVersion]]:
    by_goal: dict[int, list[GoalVersion]] = defaultdict(list)
    versions = GoalVersion.objects.filter(goal__in=goals).annotate(is_stayed=_stayed(on))
    for version in versions.order_by("number"):
        if version.worded_on is None or version.worded_on <= on:
            by_goal[version.goal_id].append(version)
    return by_goal


def _stayed(on: date) -> Exists:
    """Whether a decision that put the wording in force was stayed and still waited for the council that day. Only
    that comes along: the decision's item may be closed (DESIGN § 5).
    """
    settled_later = Q(decision__stay__outcome__isnull=True) | Q(decision__stay__outcome__decided_on__gt=on)
    stayed = Q(decision__stay__isnull=False, decision__decided_on__lte=on) & settled_later
    return Exists(Adoption.objects.filter(stayed, version=OuterRef("pk")))


def _awaiting(versions: list[GoalVersion], decided: set[int]) -> GoalVersion | None:
    """The newest wording, when it is known and nothing has been decided about it."""
    newest = versions[-1] if versions else None
    return newest if newest and newest.is_known and newest.pk not in decided else None


def latest_statuses(goals: Iterable[Goal], *, viewer: Any, on: date) -> dict[int, StatusEntry]:
    """Find each pejlemærke's latest status that the viewer may see."""
    entries = (
        StatusEntry.objects.visible_to(viewer)
        .filter(goal__in=goals, round__held_on__lte=on)
        .select_related("round", "version")
        .order_by("goal_id", "-round__held_on", "-pk")
        .distinct("goal_id")
    )
    return {entry.goal_id: entry for entry in entries}


def goals_by_set(goals: Iterable[Goal]) -> dict[int, list[Goal]]:
    """Sort pejlemærker into their sets, in order of number."""
    by_set: dict[int, list[Goal]] = defaultdict(list)
    for goal in goals:
        by_set[goal.goal_set_id].append(goal)
    return by_set


def in_order(goals: Iterable[Goal], standing_of: dict[int, Standing]) -> Iterator[Standing]:
    """The standings of these pejlemærker, in their own order."""
    return (standing_of[goal.pk] for goal in goals)
