"""Acts towards one of the asked: writing again, reopening, noting that mail came back, asking no longer, adding one."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date
from meetings.actions.letters import mark_returned
from meetings.actions.refusals import NotAllowed
from meetings.models import Event, LeaderGroup, Letter, OrgUnit
from pejlemaerker.actions.answers import AnswerText, hand_in_answers
from pejlemaerker.actions.following import check_links_still_open, locked_survey
from pejlemaerker.documents.respondents import Respondent, about, respondents_in
from pejlemaerker.models import AnswerSheet, Invitee, PersonalLink, Reopening, Survey
from pejlemaerker.models.answer import OPEN_AFTER_DUE
from pejlemaerker.tasks import send_invitation

ANSWERED = "Der er allerede svaret. Genåbn svaret, hvis det skal ændres."


def _locked(invitee: Invitee) -> Respondent:
    """Lock one who is asked in a round that is open, and see how it stands; raises NotAllowed."""
    survey = locked_survey(invitee.survey)
    Invitee.objects.select_for_update(of=("self",)).get(pk=invitee.pk)
    return respondents_in(survey, invitee.pk)[0]


def _refuse_withdrawn(asked: Respondent) -> None:
    if asked.is_withdrawn:
        raise NotAllowed(f"{asked.invitee.name} spørges ikke længere i denne runde. Spørg igen først.")


@transaction.atomic
def add_invitee(
    *, survey: Survey, name: str, email: str, unit: OrgUnit | None, leader_group: LeaderGroup | None, by: Any
) -> Invitee:
    """Ask one more, who was forgotten when the round was opened; the invitation goes out at once. One who is asked
    already stays as it is.
    """
    locked = locked_survey(survey)
    check_links_still_open(locked)
    unit_name = unit.name if unit else ""
    invitee, is_new = Invitee.objects.get_or_create(
        survey=locked, email=email, unit_name=unit_name, name=name,
        defaults={"unit": unit, "leader_group": leader_group},
    )  # fmt: skip
    if is_new:
        Event.objects.record("invitee_added", invitee, by=by)
        if email:
            send_invitation.enqueue(invitee.pk, occasion="aabnet")
    return invitee


@transaction.atomic
def correct_invitee(*, invitee: Invitee, seen: tuple[str, str], name: str, email: str, by: Any) -> Invitee:
    """Correct the name or e-mail of one who is asked (`seen`: what they were before). With another e-mail all links
    that went to the old one are revoked, and a new one is sent. Raises NotAllowed.
    """
    asked = _locked(invitee)
    row = asked.invitee
    if (row.name, row.email) == (name, email):
        return row
    if (row.name, row.email) != seen:
        raise NotAllowed(f"En anden har rettet det imens: {row.name}, {row.email or 'ingen e-mail'}.")
    same = Invitee.objects.filter(survey=row.survey_id, email=email, unit_name=row.unit_name, name=name)
    if same.exists():
        raise NotAllowed("Den leder spørges allerede i runden.", field="email")
    changes = {"name": [row.name, name], "email": [row.email, email]}
    is_moved = row.email != email
    if is_moved:
        check_links_still_open(row.survey)
        _revoke(row, by)
    row.name, row.email = name, email
    row.save(update_fields=["name", "email"])
    event = Event.objects.record("invitee_corrected", row, by=by, **changes)
    if is_moved and email and not row.withdrawn_at:
        send_invitation.enqueue(row.pk, occasion=f"rettet-{event.pk}")
    return row


@transaction.atomic
def reopen_for_leader(*, invitee: Invitee, until: date, reason: str, by: Any) -> Reopening:
    """Open an answer that was handed in, so that its leader can change it until a day; also after the deadline. What
    was handed in counts until it is handed in anew. Raises NotAllowed.
    """
    asked = _locked(invitee)
    _refuse_withdrawn(asked)
    if not asked.has_answered:
        raise NotAllowed("Der er intet svar at genåbne. Lederen kan svare, til runden lukkes.")
    last_day = asked.survey.due_on + OPEN_AFTER_DUE
    if until < today():
        raise NotAllowed("Dagen er gået. Vælg i dag eller en senere dag.", field="until")
    if until > last_day:
        raise NotAllowed(f"Lederens link virker højst til og med {format_date(last_day)}.", field="until")
    newest = asked.reopening
    if newest and asked.is_reopened and (newest.until, newest.reason) == (until, reason):
        return newest  # the same submit again
    reopening = Reopening.objects.create(invitee=asked.invitee, until=until, reason=reason, reopened_by=by)
    Event.objects.record("invitee_reopened", asked.invitee, by=by, until=until.isoformat(), reason=reason)
    return reopening


@transaction.atomic
def send_new_link(*, invitee: Invitee, nonce: UUID, by: Any) -> None:
    """Write again to one who is asked, with a new link; the old ones still open. Raises NotAllowed."""
    asked = _locked(invitee)
    _refuse_withdrawn(asked)
    check_links_still_open(asked.survey)
    if not asked.invitee.email:
        raise NotAllowed(f"{asked.invitee.name} har ingen e-mail. Ret den først.")
    if _is_done("invitee_written_to", asked.invitee, nonce):
        return
    Event.objects.record("invitee_written_to", asked.invitee, by=by, nonce=str(nonce))
    send_invitation.enqueue(asked.invitee.pk, occasion=f"nyt-link-{nonce}")


@transaction.atomic
def revoke_links(*, invitee: Invitee, by: Any) -> int:
    """Revoke all links of one who is asked, and tell how many still opened something. Also in a round that is closed: a
    link that went astray still shows what was answered.
    """
    row = Invitee.objects.select_for_update(of=("self",)).get(pk=invitee.pk)
    revoked = _revoke(row, by)
    if revoked:
        Event.objects.record("invitee_links_revoked", row, by=by, links=revoked)
    return revoked


def _revoke(invitee: Invitee, by: Any) -> int:
    now = timezone.now()
    working = PersonalLink.objects.filter(invitee=invitee, revoked_at__isnull=True, expires_at__gt=now)
    return working.update(revoked_at=now, revoked_by=by)


@transaction.atomic
def note_returned(*, invitee: Invitee, why: str, by: Any) -> Letter:
    """Note that the newest letter to one who is asked came back. One that is noted already stays as it is."""
    asked = _locked(invitee)
    letter = asked.letter or Letter.objects.filter(about=about(asked.invitee)).order_by("pk").last()
    if letter is None:
        raise NotAllowed(f"Der er ikke sendt noget til {asked.invitee.name}.")
    if mark_returned(letter=letter, why=why):
        Event.objects.record("invitee_mail_returned", asked.invitee, by=by, letter=letter.pk, why=why)
        letter.refresh_from_db()
    return letter


@transaction.atomic
def withdraw_invitee(*, invitee: Invitee, by: Any) -> None:
    """Ask somebody no longer: the links open nothing, and no answer is waited for. Raises NotAllowed where there is
    one: what was handed in stays.
    """
    asked = _locked(invitee)
    if asked.has_answered:
        raise NotAllowed(f"{asked.invitee.name} har svaret, og svaret bliver stående.")
    if not asked.is_withdrawn:
        Invitee.objects.filter(pk=asked.invitee.pk).update(withdrawn_at=timezone.now())
        Event.objects.record("invitee_withdrawn", asked.invitee, by=by)


@transaction.atomic
def ask_again(*, invitee: Invitee, by: Any) -> None:
    """Ask somebody again who was asked no longer; the links open again."""
    asked = _locked(invitee)
    if asked.is_withdrawn:
        Invitee.objects.filter(pk=asked.invitee.pk).update(withdrawn_at=None)
        Event.objects.record("invitee_asked_again", asked.invitee, by=by)


def _is_done(action: str, invitee: Invitee, nonce: UUID) -> bool:
    """Whether this very submit has been done; the row of the invitee is locked."""
    done = Event.objects.filter(
        target_type=Invitee._meta.label_lower, target_pk=invitee.pk, action=action, changes__nonce=str(nonce)
    )
    return done.exists()


@transaction.atomic
def record_oral_answer(
    *, invitee: Invitee, answers: Iterable[AnswerText], answered_by: str, told_on: date, nonce: UUID, by: Any
) -> AnswerSheet:
    """Write down what a leader told orally, and hand it in on the leader's behalf, marked as such. What the leader has
    under way is left alone. Raises NotAllowed.
    """
    asked = _locked(invitee)
    _refuse_withdrawn(asked)
    if told_on > today():
        raise NotAllowed("Dagen er ikke kommet endnu.", field="told_on")
    if asked.has_answered and not asked.is_open_again:
        if again := AnswerSheet.objects.filter(invitee=asked.invitee, nonce=nonce).first():
            return again
        raise NotAllowed(ANSWERED)
    return hand_in_answers(
        invitee=asked.invitee, answers=answers, answered_by=answered_by, nonce=nonce,
        recorded_by=by, reported_orally_on=told_on,
    )  # fmt: skip
