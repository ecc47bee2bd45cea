"""Hvad svarene skal bruges til: meetings and dialogue meetings to come, and when leaders must answer to reach them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from kit.dates import format_date
from kit.working_days import working_day_by
from meetings.models import Committee, DispatchRule, Meeting
from pejlemaerker.documents.deadlines import Aim, aims_of
from pejlemaerker.models import Dialogue, Survey

_MEETING, _DIALOGUE = "m", "d"


class Occasion(NamedTuple):
    """Et møde, or et dialogmøde, that a round is for."""

    value: str  # "m17", "d4": as it is chosen
    name: str  # "mødet 4. oktober 2027"
    day: date
    answers_by: date
    reason: str  # For at nå mødet … skal …
    cancelled: bool = False

    @property
    def label(self) -> str:
        """What is chosen: which, and the deadline it gives."""
        return f"{self.name[:1].upper()}{self.name[1:]} · svar senest {format_date(self.answers_by)}"


def occasions_ahead(committees: Iterable[Committee], *, viewer: Any, on: date) -> list[Occasion]:
    """Those to come from a day, of the committees that decide about what is asked, soonest first."""
    committees = list(committees)
    pks = [one.pk for one in committees]
    meetings = Meeting.objects.visible_to(viewer).filter(committee__in=pks, cancelled="", date__gte=on)
    dialogues = Dialogue.objects.visible_to(viewer).filter(committee__in=pks, cancelled="", held_on__gte=on)
    rules = {one.pk: DispatchRule.objects.of(one) for one in committees} if dialogues else {}
    found = [
        *(_of_meeting(aim) for aim in aims_of(meetings, committees)),
        *(_of_dialogue(one, rules[one.committee_id]) for one in dialogues),
    ]
    return sorted(found, key=lambda one: (one.day, one.value))


def occasion_of(survey: Survey) -> Occasion | None:
    """What this round is for, if it is said."""
    if survey.meeting:
        (aim,) = aims_of([survey.meeting], [survey.meeting.committee])
        return _of_meeting(aim)
    if survey.dialogue:
        return _of_dialogue(survey.dialogue, DispatchRule.objects.of(survey.committee))
    return None


def chosen(value: str, *, viewer: Any) -> dict[str, Meeting | Dialogue | None]:
    """The meeting or dialogue meeting behind a choice, among those the viewer may see, as a round keeps it."""
    kind, pk = value[:1], value[1:]
    number = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    return {
        "meeting": Meeting.objects.visible_to(viewer).filter(pk=number).first() if kind == _MEETING else None,
        "dialogue": Dialogue.objects.visible_to(viewer).filter(pk=number).first() if kind == _DIALOGUE else None,
    }


def _of_meeting(aim: Aim) -> Occasion:
    return Occasion(
        f"{_MEETING}{aim.meeting.pk}", aim.meeting_text, aim.meeting.date, aim.answers_by, aim.reason,
        cancelled=bool(aim.meeting.cancelled),
    )  # fmt: skip


def _of_dialogue(dialogue: Dialogue, rule: DispatchRule) -> Occasion:
    answers_by = working_day_by(dialogue.held_on - timedelta(days=rule.answer_days))
    day = format_date(dialogue.held_on)
    return Occasion(
        f"{_DIALOGUE}{dialogue.pk}", f"dialogmødet {day}", dialogue.held_on, answers_by,
        f"For at svarene kan samles før dialogmødet {day}, skal lederne svare senest {format_date(answers_by)}.",
        cancelled=bool(dialogue.cancelled),
    )  # fmt: skip
