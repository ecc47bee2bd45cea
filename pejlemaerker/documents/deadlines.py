"""Frister: when a step's text must be ready to reach a meeting, counted back from the committee's own calendar."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import prefetch_related_objects

from kit.clock import today
from kit.dates import find_imprecise_dates, format_date, format_span
from kit.working_days import working_day_by
from meetings.models import Committee, DispatchRule, Meeting, Right, has_right
from pejlemaerker.documents.course import Course, Step, courses
from pejlemaerker.models import AsOf, FollowUpStep, GoalSet

# These are held by themselves, or agreed with a day of their own; nothing of them waits for a meeting of the committee.
_WAITS_FOR_NO_MEETING = (
    FollowUpStep.Kind.LEADER_MEETINGS,
    FollowUpStep.Kind.ANNUAL_EVENT,
    FollowUpStep.Kind.LOCAL_DISCUSSIONS,
    FollowUpStep.Kind.AGREEMENT,
)
_OUT_OF_REACH = "Trinnet kan ikke længere nå noget møde i perioden."


@dataclass(frozen=True, slots=True)
class Aim:
    """Et møde, et trin kan nå: when the leaders answer, the text is with the secretariat, and the agenda is sent."""

    meeting: Meeting
    committee: str  # named only in a joint set
    sent_on: date
    secretariat_by: date
    answers_by: date

    @property
    def url(self) -> str:
        """The meeting's page."""
        return self.meeting.get_absolute_url()

    @property
    def meeting_text(self) -> str:
        """Mødet 4. oktober 2023, and whose in a joint set."""
        return f"mødet {format_date(self.meeting.date)}{f' i {self.committee}' if self.committee else ''}"

    @property
    def text_by(self) -> str:
        """For at nå mødet … skal teksten være hos sekretariatet senest …, as it is said before the leaders' own day."""
        text_by = format_date(self.secretariat_by)
        return f"For at nå {self.meeting_text} skal teksten være hos sekretariatet senest {text_by}"

    @property
    def reason(self) -> str:
        """Why the leaders must answer by then."""
        return f"{self.text_by}, så lederne svarer senest {format_date(self.answers_by)}."


@dataclass(frozen=True, slots=True)
class Deadline:
    """Et trins frister, for one viewer: the meeting it can still reach, or why it can reach none."""

    step: FollowUpStep
    aim: Aim | None
    warning: str = ""
    note: str = ""
    is_internal: bool = True  # told to those who do the work; the public sees only the meeting
    is_past_answering: bool = False

    @property
    def title(self) -> str:
        """The step's name."""
        return str(self.step)

    @property
    def url(self) -> str:
        """The meeting's page."""
        return self.aim.url if self.aim else ""

    @property
    def text(self) -> str:
        """For at nå mødet 4. oktober 2023 skal teksten være hos sekretariatet senest …"""
        if self.aim is None:
            return ""
        meeting = self.aim.meeting_text
        if not self.is_internal:
            return f"Trinnet kan komme med på {meeting}."
        if self.is_past_answering:
            answers = format_date(self.aim.answers_by)
            return f"{self.aim.text_by}. Ledernes svar skulle være kommet senest {answers}."
        return self.aim.reason

    @property
    def sent_text(self) -> str:
        """Dagsordenen udsendes …"""
        return f"Dagsordenen udsendes {format_date(self.aim.sent_on)}." if self.aim and self.is_internal else ""


def deadlines_for(set_pks: Iterable[int], *, viewer: Any, at: AsOf) -> dict[int, tuple[Deadline, ...]]:
    """Count the deadlines of each set's steps, in the same number of queries however many sets there are."""
    return deadlines_in(courses(list(set_pks), viewer=viewer, at=at), viewer=viewer, at=at)


def deadlines_in(course_of: Mapping[int, Course], *, viewer: Any, at: AsOf) -> dict[int, tuple[Deadline, ...]]:
    """Count the deadlines of courses that are told already. The calendar and the house's rules keep no history, so this
    is for what lies ahead today, and a page of a past day leaves it out.
    """
    sets = GoalSet.objects.filter(pk__in=course_of).select_related("period__committee__municipality")
    return _deadlines(list(sets), course_of, viewer, at)


def _deadlines(
    sets: list[GoalSet], course_of: Mapping[int, Course], viewer: Any, at: AsOf
) -> dict[int, tuple[Deadline, ...]]:
    prefetch_related_objects(sets, "partners__former_names", "period__committee__former_names")
    owners = {goal_set.pk: _deciders(goal_set) for goal_set in sets}
    involved = {committee.pk for committees in owners.values() for committee in committees}
    rules = _Rules.of(committee for committees in owners.values() for committee in committees)
    calendar = _calendar(involved, viewer)
    found = {}
    for goal_set in sets:
        committees = owners[goal_set.pk]
        meetings = sorted(
            (meeting for one in committees for meeting in calendar[one.pk]), key=lambda one: (one.date, one.pk)
        )
        reach = _Reach(goal_set, committees, meetings, rules, at.on)
        told = [reach.of(step, before) for before, step in _ahead(course_of[goal_set.pk])]
        is_insider = any(has_right(viewer, Right.READ_GOALS, committee) for committee in committees)
        found[goal_set.pk] = tuple(one for one in told if one) if is_insider else tuple(_in_public(told))
    return found


def _deciders(goal_set: GoalSet) -> list[Committee]:
    """The committees to whose meetings a set's steps lead."""
    return [goal_set.period.committee, *goal_set.partners.all()]


def _calendar(committees: Iterable[int], viewer: Any) -> dict[int, list[Meeting]]:
    """The meetings that are to be held, as far as the viewer may see them."""
    meetings: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in Meeting.objects.visible_to(viewer).filter(committee__in=list(committees), cancelled=""):
        meetings[meeting.committee_id].append(meeting)
    return meetings


def _ahead(course: Course) -> list[tuple[FollowUpStep | None, FollowUpStep]]:
    """The steps that are not done and lead to the committee, each with the planned step before it."""
    in_order: list[Step | None] = [None, *course.steps]
    return [
        (before.step if before else None, step.step)
        for before, step in pairwise(in_order)
        if step and step.state not in ("done", "missed") and step.step.kind not in _WAITS_FOR_NO_MEETING
    ]


def _in_public(told: Iterable[Deadline | None]) -> Iterable[Deadline]:
    """Only the meeting, and only one that is public; whether the work is in time is the house's own affair."""
    for one in told:
        if one and one.aim:
            yield Deadline(one.step, one.aim, is_internal=False)


@dataclass(frozen=True, slots=True)
class _Rules:
    """The house's rules, by committee; the municipality's where a committee has none of its own."""

    by_owner: dict[tuple[int, int | None], DispatchRule]

    @classmethod
    def of(cls, committees: Iterable[Committee]) -> "_Rules":
        found = DispatchRule.objects.filter(municipality__in={one.municipality_id for one in committees})
        return cls({(rule.municipality_id, rule.committee_id): rule for rule in found})

    def for_committee(self, committee: Committee) -> DispatchRule:
        own = self.by_owner.get((committee.municipality_id, committee.pk))
        house = self.by_owner.get((committee.municipality_id, None))
        return own or house or DispatchRule(municipality_id=committee.municipality_id)


class _Reach:
    """Hvilke møder et sæts trin kan nå."""

    def __init__(
        self, goal_set: GoalSet, committees: list[Committee], meetings: list[Meeting], rules: _Rules, on: date
    ) -> None:
        self.on, self.ends_on = on, goal_set.period.ends_on
        self.committees = {committee.pk: committee for committee in committees}
        self.rules = {committee.pk: rules.for_committee(committee) for committee in committees}
        self.meetings = [meeting for meeting in meetings if goal_set.period.starts_on <= meeting.date <= self.ends_on]

    def of(self, step: FollowUpStep, before: FollowUpStep | None) -> Deadline | None:
        """Find the meeting a step leads to; a step without a time that can be read has no deadline."""
        first, last, words = self._span(step, before)
        if first is None or last is None:
            return None
        in_span = [meeting for meeting in self.meetings if first <= meeting.date <= last]
        aim = next((meeting for meeting in in_span if self._is_in_time(meeting)), None)
        if aim:
            return self._deadline(step, aim)
        if not in_span and self._could_still_be_planned(last):
            return Deadline(step, None, warning=_nothing_planned(step, words))
        later = (meeting for meeting in self.meetings if meeting.date > last and self._is_in_time(meeting))
        aim = next(later, None)
        if aim:
            note = f"Det er for sent at nå {_a_meeting(step, words)}. Trinnet kan nå det næste."
            return self._deadline(step, aim, note=note)
        more = self._could_still_be_planned(self.ends_on) and not any(one.date >= self.on for one in self.meetings)
        if more and not self.meetings:
            return Deadline(step, None, warning="Der er ikke planlagt møder i perioden endnu.")
        return Deadline(step, None, warning=_OUT_OF_REACH, note="Der er ikke planlagt flere møder." if more else "")

    def _span(self, step: FollowUpStep, before: FollowUpStep | None) -> tuple[date | None, date | None, str]:
        """The days a step can lie on, at most until the period ends, and how to say it. What is held "i forlængelse
        heraf" follows the step before, on a day nobody has set.
        """
        if step.earliest and step.latest:
            return step.earliest, min(step.latest, self.ends_on), _in_words(step)
        if before and before.earliest and "forlængelse" in step.when_text.lower():
            return before.earliest, self.ends_on, f"forlængelse af {_in_words(before)}"
        return None, None, ""

    def _is_in_time(self, meeting: Meeting) -> bool:
        return self._aim(meeting).secretariat_by >= self.on

    def _could_still_be_planned(self, last: date) -> bool:
        """Whether a meeting on the last of these days could be reached, if it were called."""
        return any(
            working_day_by(last - timedelta(days=rule.secretariat_days)) >= self.on for rule in self.rules.values()
        )

    def _deadline(self, step: FollowUpStep, meeting: Meeting, *, note: str = "") -> Deadline:
        aim = self._aim(meeting)
        return Deadline(step, aim, note=note, is_past_answering=aim.answers_by < self.on)

    def _aim(self, meeting: Meeting) -> Aim:
        committee = self.committees[meeting.committee_id]
        name = committee.name_on(meeting.date) if len(self.committees) > 1 else ""
        return _aim_at(meeting, self.rules[meeting.committee_id], name)


def _aim_at(meeting: Meeting, rule: DispatchRule, committee: str) -> Aim:
    """Count back from a meeting by the rule of its committee."""
    secretariat_by = working_day_by(meeting.date - timedelta(days=rule.secretariat_days))
    return Aim(
        meeting=meeting,
        committee=committee,
        sent_on=working_day_by(meeting.date - timedelta(days=rule.sent_days)),
        secretariat_by=secretariat_by,
        answers_by=working_day_by(secretariat_by - timedelta(days=rule.answer_days)),
    )


def aims_of(meetings: Iterable[Meeting], committees: Iterable[Committee]) -> list[Aim]:
    """Count back from meetings that are at hand, of one committee or of several that share what is asked."""
    by_pk = {committee.pk: committee for committee in committees}
    rules = _Rules.of(by_pk.values())
    told = [(meeting, by_pk[meeting.committee_id]) for meeting in meetings]
    return [
        _aim_at(meeting, rules.for_committee(owner), owner.name_on(meeting.date) if len(by_pk) > 1 else "")
        for meeting, owner in told
    ]


def _a_meeting(step: FollowUpStep, words: str) -> str:
    return f"et møde {'den' if step.when.is_firm else 'i'} {words}"


def _nothing_planned(step: FollowUpStep, words: str) -> str:
    """What the calendar lacks; never that the step is late."""
    if step.when.is_firm:
        return f"Der er ikke planlagt et møde den {words}."
    return f"Der er ikke planlagt møder i {words} endnu."


def _in_words(step: FollowUpStep) -> str:
    """The plan's own words, where they are a time and nothing else; otherwise the days they were taken to mean."""
    text = step.when_text.strip()
    span = next(find_imprecise_dates(text, is_date_field=True), None)
    if span and (span.start, span.end) == (0, len(text)) and not step.when.is_firm:
        return text.removeprefix("i ").removeprefix("I ")
    return format_span(step.earliest, step.latest) if step.earliest and step.latest else text


def deadline_ahead(goal_set: GoalSet, course: Course, *, viewer: Any, at: AsOf) -> Deadline | None:
    """The deadline of the step that comes next; none on a page of another day."""
    if course.ahead is None or at.on != today():
        return None
    found = _deadlines([goal_set], {goal_set.pk: course}, viewer, at)[goal_set.pk]
    return next((one for one in found if one.step.pk == course.ahead.step.pk), None)
