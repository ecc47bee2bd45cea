"""Ordlydene af et pejlemærke: each with its facts, what changed from one to the next, and what was asked."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.urls import reverse

from kit.danish import count_word, join_words
from kit.dates import format_date
from meetings.documents.parts import Fact
from meetings.models import (
    AgendaItem,
    Category,
    Correction,
    Decision,
    Right,
    has_right,
    readable_sources,
)
from pejlemaerker.documents.as_of import AsOfNote, day_query
from pejlemaerker.documents.citation import Ground
from pejlemaerker.documents.diff import Diff
from pejlemaerker.documents.lineage import Names
from pejlemaerker.documents.places import places_of, set_of
from pejlemaerker.documents.requests import RequestLine, requests_of
from pejlemaerker.documents.set_history import set_as_known
from pejlemaerker.documents.wording_state import Life, State
from pejlemaerker.models import (
    AsOf,
    Derivation,
    Dialogue,
    Goal,
    GoalSet,
    GoalVersion,
    Submission,
    WordingDraft,
    end_of,
    known_by,
)

_INVISIBLE = frozenset(
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_FIRST_PRINTABLE = " "

SENT, WISHED = "Sendt til behandling", "Tilføjelse ønsket"


@dataclass(frozen=True, slots=True)
class Change:
    """Fra én ordlyd til en anden; where one of the texts is not known there is nothing to compare."""

    before: GoalVersion
    after: GoalVersion
    diff: Diff | None

    @classmethod
    def between(cls, before: GoalVersion, after: GoalVersion) -> Self:
        """Compare two wordings."""
        diff = Diff.of(before.text, after.text) if before.is_known and after.is_known else None
        return cls(before, after, diff)

    @property
    def title(self) -> str:
        """Fra ordlyd 1 til ordlyd 2."""
        return f"Fra ordlyd {self.before.number} til ordlyd {self.after.number}"

    @property
    def missing(self) -> str:
        """Why there is nothing to compare."""
        lost = [str(one.number) for one in (self.before, self.after) if not one.is_known]
        return f"Ordlyd {join_words(lost)} kendes ikke, så det kan ikke vises, hvad der er ændret." if lost else ""


@dataclass(frozen=True, slots=True)
class Wording:
    """En ordlyd, with all that is known of it by one viewer on one day."""

    version: GoalVersion
    state: State
    facts: tuple[Fact, ...]
    change: Change | None  # from the one before; the first has none

    @property
    def number(self) -> int:
        """Its number."""
        return self.version.number

    @property
    def name(self) -> str:
        """Ordlyd 2."""
        return f"Ordlyd {self.number}"

    @property
    def text(self) -> str:
        """The text to the letter; nothing where it is not known."""
        return self.version.text

    @property
    def url(self) -> str:
        """Its own page, which stays."""
        return reverse("wording", args=[self.version.goal_id, self.number])

    @property
    def holds(self) -> bool:
        """Whether it holds, or is decided to hold."""
        return self.state.kind == "success" or self.state.label.startswith("Besluttet")

    @property
    def waits(self) -> bool:
        """Whether it waits for a decision."""
        return self.state.label in (SENT, WISHED)

    @property
    def has_invisible_signs(self) -> bool:
        """Whether the text holds signs that are not seen but may turn what is read: they are kept, and told of."""
        return any(sign in _INVISIBLE or (sign < _FIRST_PRINTABLE and sign not in "\n\t") for sign in self.text)


@dataclass(frozen=True, slots=True)
class WordingsDocument:
    """Ordlydene af ét pejlemærke, newest first, for one viewer on one day."""

    goal: Goal
    goal_set: GoalSet  # where it stood that day
    at: AsOf
    number: int | None
    wordings: tuple[Wording, ...]
    requests: tuple[RequestLine, ...]
    draft: WordingDraft | None  # only for those who may write on it

    @classmethod
    def for_goal(cls, goal: Goal, *, viewer: Any, at: AsOf, with_draft: bool = False) -> Self:
        """Gather what the viewer may see of the wordings of a pejlemærke that the viewer may see."""
        place = places_of([goal], at=at).get(goal.pk)
        requests = requests_of(viewer=viewer, at=at, goal=goal)
        return cls(
            goal=goal,
            goal_set=set_as_known(set_of(goal, place, viewer=viewer), at),
            at=at,
            number=place.number if place else goal.number,
            wordings=_Reader(goal, viewer, at, requests).wordings(),
            requests=requests,
            draft=WordingDraft.objects.filter(goal=goal).select_related("edited_by").first() if with_draft else None,
        )

    @property
    def name(self) -> str:
        """Pejlemærke 2."""
        return "Pejlemærke uden nummer" if self.number is None else f"Pejlemærke {self.number}"

    @property
    def title(self) -> str:
        """What a paper is called."""
        return f"Ordlyden af {self.name[:1].lower()}{self.name[1:]}"

    @property
    def eyebrow(self) -> str:
        """Pejlemærke 2 · Børne- og Familieområdet 2022–2025."""
        return f"{self.name} · {self.goal_set}"

    @property
    def url(self) -> str:
        """The page with all of them."""
        return reverse("wordings", args=[self.goal.pk])

    @property
    def query(self) -> str:
        """What an address needs to show the same day."""
        return day_query(self.at)

    @property
    def is_today(self) -> bool:
        """Whether this is how it stands now."""
        return not self.query

    @property
    def as_of(self) -> AsOfNote:
        """What the page says when it shows another day than today."""
        return AsOfNote(self.at, self.goal.kept_since)

    @property
    def lead(self) -> str:
        """How many there are, and which one holds."""
        if not self.wordings:
            return "Der er ingen ordlyd endnu." if self.is_today else "Der var ingen ordlyd den dag."
        is_are, holds, no_one = (
            ("er", "gælder", "Ingen af dem gælder.") if self.is_today else ("var", "gjaldt", "Ingen af dem gjaldt.")
        )
        count = "én ordlyd" if len(self.wordings) == 1 else f"{count_word(len(self.wordings))} ordlyde"
        current = next((one for one in self.wordings if one.state.label == "Gældende"), None)
        if len(self.wordings) == 1:
            return f"Der {is_are} {count}. Den {holds}." if current else f"Der {is_are} {count}. Den {holds} ikke."
        return f"Der {is_are} {count}. {f'Ordlyd {current.number} {holds}.' if current else no_one}"

    @property
    def can_be_compared(self) -> bool:
        """Whether there are two texts to hold against each other."""
        return sum(one.version.is_known for one in self.wordings) > 1

    def wording(self, number: int) -> Wording | None:
        """Find one of them."""
        return next((one for one in self.wordings if one.number == number), None)

    def compared(self, before: int, after: int) -> Change | None:
        """Compare any two of them; nothing where one is not there."""
        first, second = self.wording(before), self.wording(after)
        return Change.between(first.version, second.version) if first and second else None

    # --- As a paper ----------------------------------------

    @property
    def municipality_name(self) -> str:
        """Whose paper it is."""
        return self.goal_set.period.committee.municipality.name

    @property
    def committee_name(self) -> str:
        """The committee, by its name that day."""
        period = self.goal_set.period
        return period.committee.name_on(min(self.at.on, period.ends_on))

    @property
    def day(self) -> str:
        """The day it shows."""
        return format_date(self.at.on)


class _Reader:
    """Reads all facts about the wordings of one pejlemærke once."""

    def __init__(self, goal: Goal, viewer: Any, at: AsOf, requests: tuple[RequestLine, ...]) -> None:
        self.goal, self.viewer, self.at = goal, viewer, at
        self.requests = {one.request.pk: one for one in requests}
        self.is_insider = has_right(viewer, Right.READ_GOALS, goal.goal_set.period.committee)
        self.life = Life.of(goal, viewer=viewer, at=at)
        self.versions = list(
            GoalVersion.objects.written(at)
            .filter(goal=goal)
            .select_related("source_document", "recorded_by")
            .defer("source_document__text")  # may be megabytes
            .order_by("number")
        )
        self.sources = _readable(self.versions, viewer)
        came_of = [one.dialogue_id for one in self.versions if one.dialogue_id]
        self.dialogues = Dialogue.objects.visible_to(viewer).in_bulk(came_of) if came_of else {}
        self.taken_over = self._derivations()
        sources = [one.source_id for own in self.taken_over.values() for one in own]
        self.names = Names([goal.pk, *sources], viewer=viewer, at=at) if sources else None
        self.submissions = self._submissions()
        self.outcomes = self._outcomes()

    def wordings(self) -> tuple[Wording, ...]:
        """All of them, newest first."""
        before: GoalVersion | None = None
        told = []
        for version in self.versions:
            change = Change.between(before, version) if before else None
            told.append(Wording(version, self._state(version), tuple(self._facts(version)), change))
            before = version
        return tuple(told[::-1])

    # --- Read ----------------------------------------

    def _derivations(self) -> dict[int, list[Derivation]]:
        found: dict[int, list[Derivation]] = defaultdict(list)
        rows = Derivation.objects.filter(version__in=self.versions, source__in=Goal.objects.visible_to(self.viewer))
        for one in rows.order_by("pk"):
            found[one.version_id].append(one)
        return found

    def _submissions(self) -> dict[int, list[AgendaItem]]:
        """The items on which each wording was put before the committee, as far as the viewer may see them."""
        known = known_by(self.at.known, "item__meeting__date", kept_since="version__goal__kept_since")
        rows = list(Submission.objects.filter(known, version__in=self.versions).order_by("item__meeting__date", "pk"))
        items = AgendaItem.including_closed.visible_to(self.viewer).select_related("meeting__committee")
        visible = items.in_bulk([row.item_id for row in rows])
        found: dict[int, list[AgendaItem]] = defaultdict(list)
        for row in rows:
            if row.item_id in visible:
                found[row.version_id].append(visible[row.item_id])
        return found

    def _outcomes(self) -> dict[int, list[Category]]:
        """What was decided on these items, after the corrections that were known."""
        items = [item.pk for own in self.submissions.values() for item in own]
        known = known_by(self.at.known, "decided_on", kept_since=self.goal.kept_since)
        decisions = Decision.including_closed.visible_to(self.viewer).filter(
            known, item__in=items, decided_on__lte=self.at.on
        )
        rows = list(decisions.order_by("pk"))
        corrections = Correction.including_closed.filter(decision__in=rows, recorded_at__lt=end_of(self.at.known))
        corrected = dict(corrections.exclude(category="").order_by("pk").values_list("decision_id", "category"))
        found: dict[int, list[Category]] = defaultdict(list)
        for row in rows:
            found[row.item_id].append(Category(corrected.get(row.pk, row.category)))
        return found

    # --- Tell ----------------------------------------

    def _state(self, version: GoalVersion) -> State:
        decided = self.life.state_of(version)
        if decided:
            return decided
        if not version.is_known:
            return State("Ordlyden kendes ikke")
        if any(Category.REJECTED in self.outcomes.get(item.pk, []) for item in self.submissions.get(version.pk, [])):
            return State("Ikke godkendt")
        if version != self.versions[-1]:
            return State("Afløst", "plain", "Den blev afløst af en senere ordlyd uden at være besluttet.")
        if any(one.is_open and self._is_after(version, one.request.requested_on) for one in self.requests.values()):
            return State(WISHED, "warning", "Ønsket er ikke besvaret endnu.")
        return State(SENT, "info", "Ordlyden gælder først, når udvalget har besluttet den.")

    @staticmethod
    def _is_after(version: GoalVersion, day: date) -> bool:
        return version.worded_on is None or day >= version.worded_on

    def _facts(self, version: GoalVersion) -> list[Fact]:
        return [
            *self._held(version),
            *(
                Fact("Beslutning", _told(ground), ground.url)
                for ground in self.life.grounds_of(version)
                if not ground.delegation_note
            ),
            *(
                Fact("Bemyndigelse", ground.delegation_note)
                for ground in self.life.grounds_of(version)
                if ground.delegation_note
            ),
            *self._repealed(version),
            *(
                Fact("Forelagt", self._put(item), item.get_absolute_url())
                for item in self.submissions.get(version.pk, [])
            ),
            Fact("Hvad er ændret", version.get_change_kind_display()),
            *([Fact("Begrundelse", version.reason)] if version.reason else []),
            *self._answer(version),
            *self._taken_over(version),
            *self._formulated(version),
            *([Fact("Skrevet ind af", str(version.recorded_by))] if self.is_insider and version.recorded_by else []),
            *self._source(version),
        ]

    def _formulated(self, version: GoalVersion) -> list[Fact]:
        """The day it was worded, and the dialogue meeting it came of; which one, to those who may see that."""
        day = format_date(version.worded_on) if version.worded_on else ""
        if version.dialogue_id is None:
            return [Fact("Formuleret", day)] if day else []
        dialogue = self.dialogues.get(version.dialogue_id)
        if dialogue is None:
            return [Fact("Formuleret", f"{day}, på et dialogmøde".lstrip(", "))]
        held_on = format_date(dialogue.held_on)
        where = f"på dialogmødet {held_on}" if held_on != day else "på dialogmødet"
        return [Fact("Formuleret", f"{day}, {where}".lstrip(", "), dialogue.get_absolute_url())]

    def _held(self, version: GoalVersion) -> list[Fact]:
        spans = self.life.spans.get(version.pk, [])
        label = "Gældende" if any(span.until is None or span.until > self.at.on for span in spans) else "Gjaldt"
        return (
            [Fact(label, join_words([spans[0].text, *(span.text[:1].lower() + span.text[1:] for span in spans[1:])]))]
            if spans
            else []
        )

    def _repealed(self, version: GoalVersion) -> list[Fact]:
        facts = []
        for repeal in self.life.repeals.get(version.pk, []):
            by = (
                f"efter bemyndigelse: {repeal.ground.delegation_note}"
                if repeal.ground.delegation_note
                else _told(repeal.ground)
            )
            facts.append(Fact("Ophævet", f"Fra {format_date(repeal.on)}. {repeal.reason} ({by})", repeal.ground.url))
        return facts

    def _put(self, item: AgendaItem) -> str:
        outcomes = list(dict.fromkeys(one.label for one in self.outcomes.get(item.pk, [])))
        told = f": {join_words([str(one) for one in outcomes]).lower()}" if outcomes else ""
        return f"{format_date(item.meeting.date)}, punkt {item.number}{told}"

    def _answer(self, version: GoalVersion) -> list[Fact]:
        request = self.requests.get(version.answers_id or 0)
        if request is None:
            return []
        whose = "Udvalgets ønske" if request.who == "Udvalget" else f"Ønsket fra {request.who}"
        day = format_date(request.request.requested_on)
        page = reverse("wordings", args=[self.goal.pk])
        return [Fact("Svarer på", f"{whose} {day}", f"{page}#{request.anchor}")]

    def _taken_over(self, version: GoalVersion) -> list[Fact]:
        others = [
            (one, self.names.of(one.source_id, self.goal.pk))
            for one in self.taken_over.get(version.pk, []) if self.names
        ]  # fmt: skip
        return [
            Fact(f"{one.get_kind_display()} fra", f"{other.name[:1].upper()}{other.name[1:]}", other.url)
            for one, other in others
        ]

    def _source(self, version: GoalVersion) -> list[Fact]:
        document = version.source_document
        if document is None:
            return []
        day = f" af {format_date(document.date)}" if document.date else ""
        numbers = "".join(
            f", {label} {number}"
            for label, number in (("sagsnr.", document.case_no), ("doknr.", document.doc_no))
            if number
        )
        url = document.get_absolute_url() if document.pk in self.sources else ""
        return [Fact("Kilde", f"{document.get_kind_display()}{day}{numbers}", url)]


def _readable(versions: list[GoalVersion], viewer: Any) -> set[int]:
    documents = [one.source_document_id for one in versions if one.source_document_id]
    return set(readable_sources(viewer).filter(pk__in=documents).values_list("pk", flat=True))


def _told(ground: Ground) -> str:
    """Børne- og Uddannelsesudvalget, 3. oktober 2022, punkt 1."""
    number = f", punkt {ground.decision.item.number}" if ground.decision else ""
    demo = " (opdigtet til demo)" if ground.is_demo else ""
    return f"{ground.by}, {format_date(ground.decided_on)}{number}{demo}"
