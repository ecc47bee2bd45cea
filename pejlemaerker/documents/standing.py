"""Where pejlemærker stand: the wording in force, since when and why, a newer one that waits, and the latest status."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from django.db.models import Exists, OuterRef

from kit.dates import format_date
from pejlemaerker.documents.citation import Ground, Grounds, with_deciders
from pejlemaerker.documents.endings import Ending, endings
from pejlemaerker.documents.places import goals_in, places_of
from pejlemaerker.models import Adoption, Annulment, AsOf, Assessment, Goal, GoalVersion, Placement, StatusEntry

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
    place: Placement | None = None
    ending: Ending | None = None
    is_stayed: bool = False  # the decision on the newest wording waits for the council (styrelsesloven § 23)
    versions: tuple[GoalVersion, ...] = ()  # all that were written, oldest first
    decided: tuple[tuple[Adoption, Ground], ...] = ()  # of them, whether or not it holds

    @property
    def number(self) -> int | None:
        """Its number in the set; one that was dropped or merged has none."""
        return self.place.number if self.place else self.goal.number

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return "Pejlemærke uden nummer" if self.number is None else f"Pejlemærke {self.number}"

    @property
    def is_listed(self) -> bool:
        """Whether it stands among the pejlemærker of its set; one that has ended and lost its number stands below."""
        return self.number is not None or self.ending is None

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
        if self.ground and self.ending and self.ending.on > self.ground.since:
            return f"Gældende fra {format_date(self.ground.since)} til {format_date(self.ending.on)}"
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
        if self.ending:
            return self.ending.label
        if self.lacks_decision:
            return "Beslutningen er standset" if self.is_stayed else "Beslutning mangler"
        return self.status.label if self.status else ""

    @property
    def tag_kind(self) -> str:
        """How the tag is coloured; the words say the same."""
        if self.ending:
            return "plain"
        if self.lacks_decision:
            return "warning"
        return self.status.kind if self.status else "plain"

    @property
    def tag_from(self) -> str:
        """By which evaluation the assessment was set; computed it is never."""
        if self.ending or self.lacks_decision or self.status is None or not self.status.entry.assessment:
            return ""
        evaluation = self.status.entry.round
        kind = evaluation.get_kind_display()
        return f"vurderet ved {kind[:1].lower()}{kind[1:]} {format_date(evaluation.held_on)}"

    @property
    def has_invented_status(self) -> bool:
        """Whether the status was made up for the demo; then that is said beside it."""
        return self.status is not None and self.status.entry.round.is_demo


def standings(
    goals: Iterable[Goal], *, viewer: Any, at: AsOf, places: dict[int, Placement] | None = None
) -> dict[int, Standing]:
    """Tell where each pejlemærke stands, in seven queries however many there are, or six when the places are known
    already.
    """
    goals = list(goals)
    places = places_of(goals, at=at) if places is None else places
    adoptions, versions = _adoptions_by_goal(goals, at), _versions_by_goal(goals, at)
    grounds = Grounds.of((one for own in adoptions.values() for one in own), viewer=viewer)
    statuses, ended = latest_statuses(goals, viewer=viewer, at=at), endings(goals, at)
    return {
        goal.pk: _standing(
            goal,
            _Wordings(adoptions[goal.pk], versions[goal.pk], grounds, at),
            entry=statuses.get(goal.pk),
            place=places.get(goal.pk),
            ending=ended.get(goal.pk),
        )
        for goal in goals
    }


@dataclass(frozen=True, slots=True)
class _Wordings:
    """All that is known of one pejlemærke's wordings: what was decided (by day), and the texts."""

    known: list[Adoption]
    versions: list[GoalVersion]
    grounds: Grounds
    at: AsOf

    @property
    def adoptions(self) -> list[Adoption]:
        """Those that hold, and were decided by that day."""
        decided = (one for one in self.known if (one.decided_on or one.in_force_from) <= self.at.on)  # type: ignore[attr-defined]
        return [one for one in decided if one.holds]  # type: ignore[attr-defined]

    @property
    def in_force(self) -> Adoption | None:
        """The adoption that holds; where several after each other put the same wording in force (each committee of a
        joint set), the first of them: it has held since then.
        """
        begun = [one for one in reversed(self.adoptions) if one.in_force_from <= self.at.on]
        same = takewhile(lambda one: one.version_id == begun[0].version_id, begun)
        return next(reversed(list(same)), None)

    @property
    def coming(self) -> Adoption | None:
        held = self.in_force.version_id if self.in_force else None
        later = [one for one in self.adoptions if one.in_force_from > self.at.on and one.version_id != held]
        return min(later, key=lambda one: (one.in_force_from, -one.pk), default=None)

    @property
    def newest(self) -> GoalVersion | None:
        return self.versions[-1] if self.versions else None

    @property
    def awaiting(self) -> GoalVersion | None:
        """The newest wording, when it is known and nothing has been decided about it. One that was repealed waits for
        nothing where the one before it holds again.
        """
        newest, decided = self.newest, {one.version_id for one in self.adoptions}
        if self.in_force:
            decided |= {one.version_id for one in self.known if one.is_annulled}  # type: ignore[attr-defined]
        return newest if newest and newest.is_known and newest.pk not in decided else None

    @property
    def is_stayed(self) -> bool:
        """Whether a decision on the newest wording waits for the council, and no other has put it in force."""
        newest, in_force = self.newest, self.in_force
        if newest is None or (in_force and in_force.version_id == newest.pk):
            return False
        return any(one.is_stayed for one in self.known if one.version_id == newest.pk)  # type: ignore[attr-defined]


def _standing(
    goal: Goal,
    wordings: _Wordings,
    *,
    entry: StatusEntry | None,
    place: Placement | None,
    ending: Ending | None,
) -> Standing:
    in_force, is_stayed = wordings.in_force, wordings.is_stayed
    return Standing(
        goal=goal,
        in_force=in_force.version if in_force else None,
        ground=wordings.grounds.of_one(in_force) if in_force else None,
        coming=wordings.coming,
        awaiting=wordings.newest if is_stayed else wordings.awaiting,
        status=about(entry, in_force.version if in_force else None) if entry else None,
        place=place,
        ending=ending,
        is_stayed=is_stayed,
        versions=tuple(wordings.versions),
        decided=tuple((one, wordings.grounds.of_one(one)) for one in wordings.known),
    )


def about(entry: StatusEntry, in_force: GoalVersion | None) -> Status:
    """Tell a status with the wording it was about, if another one is in force now."""
    is_other = entry.version and (in_force is None or entry.version_id != in_force.pk)
    return Status(entry, entry.version.text if is_other and entry.version else "")


def _versions_by_goal(goals: list[Goal], at: AsOf) -> dict[int, list[GoalVersion]]:
    by_goal: dict[int, list[GoalVersion]] = defaultdict(list)
    for version in GoalVersion.objects.written(at).filter(goal__in=goals).order_by("number"):
        by_goal[version.goal_id].append(version)
    return by_goal


def _adoptions_by_goal(goals: list[Goal], at: AsOf) -> dict[int, list[Adoption]]:
    """All that were known, with who decided, and whether each `holds` or is annulled."""
    holding = Adoption.objects.effective(at).filter(pk=OuterRef("pk"))
    annulled = Annulment.objects.effective(at).filter(adoption=OuterRef("pk"), annulled_from__lte=at.on)
    known = Adoption.objects.known(at.known).filter(version__goal__in=goals)
    known = known.annotate(holds=Exists(holding), is_annulled=Exists(annulled))
    by_goal: dict[int, list[Adoption]] = defaultdict(list)
    for adoption in with_deciders(known, at).order_by("in_force_from", "pk"):
        by_goal[adoption.version.goal_id].append(adoption)
    return by_goal


def latest_statuses(goals: Iterable[Goal], *, viewer: Any, at: AsOf) -> dict[int, StatusEntry]:
    """Find each pejlemærke's latest status that the viewer may see."""
    entries = (
        StatusEntry.objects.visible_to(viewer)
        .handed_in(at)
        .filter(goal__in=goals)
        .select_related("round", "version")
        .order_by("goal_id", "-round__held_on", "-pk")
        .distinct("goal_id")
    )
    return {entry.goal_id: entry for entry in entries}


def standings_in(set_pks: Iterable[int], *, viewer: Any, at: AsOf) -> dict[int, list[Standing]]:
    """Tell where the pejlemærker of each set stand, in order of number."""
    placed = goals_in(set_pks, at=at)
    places = {place.goal_id: place for own in placed.values() for place in own}
    standing_of = standings((place.goal for place in places.values()), viewer=viewer, at=at, places=places)
    return {set_pk: [standing_of[place.goal_id] for place in own] for set_pk, own in placed.items()}


def in_order(goals: Iterable[Goal], standing_of: dict[int, Standing]) -> Iterator[Standing]:
    """The standings of these pejlemærker, in their own order."""
    return (standing_of[goal.pk] for goal in goals)
