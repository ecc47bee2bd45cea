"""Evaluation rounds: preparing one, opening it, and giving it more time."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, Event, LeaderGroup, Municipality, OrgUnit
from pejlemaerker.actions.open_set import open_sets
from pejlemaerker.documents.survey_check import blocking
from pejlemaerker.documents.survey_questions import QUESTION_FIELDS, house_questions
from pejlemaerker.models import (
    AbstractQuestion,
    EvaluationRound,
    GoalSet,
    Invitee,
    PersonalLink,
    QuestionTemplate,
    Survey,
    SurveyQuestion,
    TemplateQuestion,
)
from pejlemaerker.models.answer import OPEN_AFTER_DUE
from pejlemaerker.tasks import send_invitation

TEMPLATE_NAME = "Evaluering"
OPENED = "aabnet"  # the occasion of the first letter to each who is asked


class SurveyIsOpen(NotAllowed):
    """The round is open: what was asked, and of whom, stands."""

    def __init__(self) -> None:
        super().__init__("Runden er åbnet. Det, der er spurgt om, og indbydelsen kan ikke længere ændres.")


class CannotOpen(NotAllowed):
    """Something stands in the way of opening the round; the check list tells what."""


class Addressee(NamedTuple):
    """Somebody who is to be asked: of a lederkreds and a unit, or written in by hand."""

    name: str
    email: str
    unit_name: str = ""
    unit: OrgUnit | None = None
    leader_group: LeaderGroup | None = None

    @property
    def label(self) -> str:
        """Who it is, in a sentence."""
        return f"{self.name}, {self.unit_name}" if self.unit_name else self.name


class Question(NamedTuple):
    """A question as it was typed; its place is its place in the list."""

    text: str
    help_text: str = ""
    kind: str = AbstractQuestion.Kind.TEXT
    choices: str = ""
    unit: str = ""
    is_per_goal: bool = True
    is_required: bool = False


@transaction.atomic
def begin_survey(*, committee: Committee, goal_sets: Sequence[GoalSet], nonce: UUID, by: Any, **fields: Any) -> Survey:
    """Begin to prepare a round, with the questions of the house. The same nonce gives the same round; raises
    SetIsClosed.
    """
    open_sets(*(one.pk for one in goal_sets))
    existing, nonce = made_by(Survey.objects.all(), nonce, committee=committee, **fields)
    if existing:
        return existing
    survey = Survey.objects.create(committee=committee, nonce=nonce, edited_by=by, **fields)
    survey.goal_sets.set(goal_sets)
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(survey=survey, position=position, **values)
        for position, values in enumerate(house_questions(committee.municipality), start=1)
    )
    Event.objects.record("survey_begun", survey, by=by)
    return survey


@transaction.atomic
def edit_survey(*, survey: Survey, expected: int, goal_sets: Sequence[GoalSet], by: Any, **fields: Any) -> Survey:
    """Change what a round is about; raises EditConflict when somebody else changed it first, SurveyIsOpen and
    SetIsClosed.
    """
    open_sets(*(one.pk for one in goal_sets))
    _lock_draft(survey)
    changed = survey.save_if_unchanged(expected=expected, by=by, **fields)
    changed.goal_sets.set(goal_sets)
    Event.objects.record("survey_changed", changed, by=by, fields=sorted(fields))
    return changed


@transaction.atomic
def save_questions(*, survey: Survey, questions: Iterable[Question], shown: str, by: Any) -> None:
    """Ask these questions, in this order. `shown` is the fingerprint of those that the writer changed; raises
    EditConflict when others stand there by now, and SurveyIsOpen.
    """
    current = _lock_draft(survey)
    asked = list(questions)
    if fingerprint(_stored(current)) == fingerprint(asked):
        return  # a double click, or both wrote the same
    if fingerprint(_stored(current)) != shown:
        raise EditConflict(current)
    current.questions.all().delete()
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(survey=current, position=position, **question._asdict())
        for position, question in enumerate(asked, start=1)
    )
    _touch(current, by)
    Event.objects.record("survey_questions_changed", current, by=by, questions=[one.text for one in asked])


@transaction.atomic
def save_template(*, municipality: Municipality, questions: Iterable[Question], expected: int, by: Any) -> None:
    """Write the house's own questions, copied into each new round; raises EditConflict."""
    Municipality.objects.select_for_update().get(pk=municipality.pk)
    template = QuestionTemplate.objects.filter(municipality=municipality).order_by("pk").first()
    if template is None:
        template = QuestionTemplate.objects.create(municipality=municipality, name=TEMPLATE_NAME, edited_by=by)
    asked = list(questions)
    stored = [Question(**{name: getattr(one, name) for name in QUESTION_FIELDS}) for one in template.questions.all()]
    if stored == asked:
        return
    template = template.save_if_unchanged(expected=expected, by=by)
    template.questions.all().delete()
    TemplateQuestion.objects.bulk_create(
        TemplateQuestion(template=template, position=position, **question._asdict())
        for position, question in enumerate(asked, start=1)
    )
    Event.objects.record("question_template_changed", template, by=by, questions=[one.text for one in asked])


@transaction.atomic
def ask(*, survey: Survey, leaders: Iterable[Addressee], by: Any) -> tuple[list[Invitee], list[Addressee]]:
    """Ask these leaders too. Who is asked for the same unit already is not asked twice: they are returned beside those
    who were added. Raises SurveyIsOpen.
    """
    current = _lock_draft(survey)
    known = {_key(one) for one in current.invitees.all()}
    added, twice = [], []
    for leader in leaders:
        if _key(leader) in known:
            twice.append(leader)
            continue
        known.add(_key(leader))
        added.append(Invitee.objects.create(survey=current, **leader._asdict()))
    if added:
        _touch(current, by)
        Event.objects.record("survey_asked", current, by=by, invitees=[str(one) for one in added])
    return added, twice


@transaction.atomic
def do_not_ask(*, survey: Survey, invitees: Iterable[int], by: Any) -> int:
    """Take some of the asked (by their numbers) out of a round that is not open yet, and tell how many there were."""
    current = _lock_draft(survey)
    gone = list(current.invitees.filter(pk__in=list(invitees)))
    if gone:
        current.invitees.filter(pk__in=[one.pk for one in gone]).delete()
        _touch(current, by)
        Event.objects.record("survey_not_asked", current, by=by, invitees=[str(one) for one in gone])
    return len(gone)


@transaction.atomic
def open_survey(*, survey: Survey, seen: str, by: Any) -> Survey:
    """Open the round: each set gets its evaluation, the questions stand as they are asked, and everybody with an e-mail
    is written to. Once, however often it is pressed; raises EditConflict when the round is another than the one that
    was `seen`, and CannotOpen.
    """
    goal_sets = open_sets(*survey.goal_sets.values_list("pk", flat=True))
    current = _lock(survey)
    if current.opened_at:
        return current
    if appearance(current) != seen:
        raise EditConflict(current)
    if reasons := blocking(current):
        raise CannotOpen(" ".join(reasons))
    for goal_set in goal_sets:
        evaluation = EvaluationRound.objects.create(
            goal_set=goal_set, kind=current.kind, held_on=current.held_on, survey=current, is_demo=current.is_demo
        )
        Event.objects.record("evaluation_opened", evaluation, by=by)
    current.opened_at = timezone.now()
    current.save(update_fields=["opened_at"])
    Event.objects.record("survey_opened", current, by=by)
    for invitee in current.invitees.exclude(email="").order_by("pk"):
        send_invitation.enqueue(invitee.pk, occasion=OPENED)
    return current


@transaction.atomic
def extend_survey(*, survey: Survey, due_on: date, expected: int, by: Any) -> Survey:
    """Give the leaders until a later day; their links open as much longer. Raises EditConflict and NotAllowed."""
    current = _lock(survey)
    if current.closed_at:
        raise NotAllowed("Runden er lukket. Åbn den igen, før fristen kan forlænges.", field="due_on")
    if current.due_on == due_on:
        return current
    if due_on < current.due_on:
        raise NotAllowed("Fristen kan forlænges, men ikke gøres kortere: lederne har fået den at vide.", field="due_on")
    before = current.due_on
    changed = current.save_if_unchanged(expected=expected, by=by, due_on=due_on)
    last_day = timezone.make_aware(datetime.combine(due_on + OPEN_AFTER_DUE, time.max))
    PersonalLink.objects.filter(invitee__survey=changed, revoked_at__isnull=True).update(expires_at=last_day)
    Event.objects.record("survey_extended", changed, by=by, due_on=[before.isoformat(), due_on.isoformat()])
    return changed


def fingerprint(rows: Iterable[Any]) -> str:
    """Tell in short what somebody was shown, so that a change in between is noticed."""
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()[:32]


def questions_shown(survey: Survey) -> str:
    """The fingerprint of a round's questions as they stand."""
    return fingerprint(_stored(survey))


def appearance(survey: Survey) -> str:
    """The fingerprint of all of a round: what it is about, its questions, and who is asked."""
    people = survey.invitees.order_by("pk").values_list("pk", "name", "email", "unit_name")
    sets = survey.goal_sets.order_by("pk").values_list("pk")
    return fingerprint([(survey.revision,), *sets, *_stored(survey), *people])


def _stored(survey: Survey) -> list[Question]:
    return [Question(**{name: getattr(one, name) for name in QUESTION_FIELDS}) for one in survey.questions.all()]


def _key(one: Addressee | Invitee) -> tuple[str, str]:
    """What makes two of the asked the same: the address, or the name of one who has none, and the unit."""
    return (one.email or one.name).casefold(), one.unit_name.casefold()


def _lock(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("committee__municipality").get(pk=survey.pk)


def _lock_draft(survey: Survey) -> Survey:
    locked = _lock(survey)
    if locked.opened_at:
        raise SurveyIsOpen
    return locked


def _touch(survey: Survey, by: Any) -> None:
    """Tell who was last at it; its own text is the same, so its revision is."""
    Survey.objects.filter(pk=survey.pk).update(edited_at=timezone.now(), edited_by=by)
