"""What is done beside the pages: letters. Each task may run twice and still does its work once (`send_once`)."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Max
from django.tasks import task
from django.utils import timezone

from kit.clock import today
from kit.working_days import is_working_day
from meetings.actions.forgetting import forget_logins
from meetings.actions.letters import NotNow, send_once
from meetings.models import Event, Letter, User
from pejlemaerker import letters
from pejlemaerker.documents.notes.batch import DAYS_KEPT
from pejlemaerker.documents.reminders import Digest
from pejlemaerker.documents.reminding import remindings
from pejlemaerker.models import AnswerSheet, Invitee, NoteBatch, Participant


@task()
def send_invitation(invitee: int, occasion: str) -> None:
    """Write to a leader who is asked in an evaluation round, with a personal link of its own."""
    found = _asked(invitee)
    if found and found.survey.is_open:
        _send(
            (send_invitation, invitee, occasion), key=f"indbydelse:{invitee}:{occasion}", kind="indbydelse",
            about=f"adspurgt:{invitee}", to=found.email, subject=found.survey.subject,
            compose=lambda: letters.invitation(found),
        )  # fmt: skip


@task()
def send_reminder(invitee: int, occasion: str) -> None:
    """Remind a leader who has not handed in, if the round is open and the leader has not asked to be left alone."""
    found = _asked(invitee)
    if found and found.survey.is_open and not found.handed_in_at and not found.no_reminders_at:
        _send(
            (send_reminder, invitee, occasion), key=f"paamindelse:{invitee}:{occasion}", kind="paamindelse",
            about=f"adspurgt:{invitee}", to=found.email, subject=f"Påmindelse: {found.survey.subject}",
            compose=lambda: letters.reminder(found, has_begun=bool(found.written_at)),
        )  # fmt: skip


@task()
def send_receipt(sheet: int) -> None:
    """Send a leader the receipt for what was handed in, with the text as PDF."""
    found = AnswerSheet.objects.filter(pk=sheet).first()
    if found and (invitee := _asked(found.invitee_id)):
        found.invitee = invitee
        _send(
            (send_receipt, sheet), key=f"kvittering:{sheet}", kind="kvittering", about=f"adspurgt:{invitee.pk}",
            to=invitee.email, subject=f"Kvittering: {invitee.survey.subject}", compose=lambda: letters.receipt(found),
        )  # fmt: skip


def _asked(invitee: int) -> Any:
    """Find one who is still asked and has an e-mail address, with how far they have come."""
    asked = Invitee.objects.with_state().filter(pk=invitee, withdrawn_at__isnull=True).exclude(email="")
    return asked.select_related("survey__committee__municipality", "survey__edited_by").first()


@task()
def send_dialogue_invitation(participant: int, occasion: str) -> None:
    """Invite to a dialogue meeting, with the appointment as a calendar file."""
    participants = Participant.objects.select_related("dialogue__committee__municipality")
    found = participants.filter(pk=participant).exclude(email="").first()
    if found and (found.dialogue.held_on >= today()):
        key, about = f"dialogindbydelse:{participant}:{occasion}", f"deltager:{participant}"
        knows_another = Letter.objects.filter(about=about, claimed_at__isnull=False).exclude(key=key).exists()
        what = "Aflyst" if found.dialogue.cancelled else "Ændret" if knows_another else "Indbydelse"
        _send(
            (send_dialogue_invitation, participant, occasion), key=key, kind="dialogindbydelse", about=about,
            to=found.email, subject=f"{what}: {found.dialogue}",
            compose=lambda: letters.dialogue_invitation(found, has_changed=knows_another),
        )  # fmt: skip


@task()
def send_digest(user: int, day: str) -> None:
    """Send somebody with a login the day's overview, if there is anything new in it. One of an earlier day is let go:
    today's has it all.
    """
    found = User.objects.filter(pk=user, is_active=True).exclude(email="").first()
    if not found or date.fromisoformat(day) != today():
        return
    key, kind, about = f"overblik:{user}:{day}", "overblik", f"bruger:{user}"
    earlier = Letter.objects.filter(kind=kind, about=about, claimed_at__isnull=False).exclude(key=key)
    document = Digest.for_user(found, on=today(), since=earlier.aggregate(at=Max("asked_at"))["at"])
    if document.has_news:
        _send(
            (send_digest, user, day), key=key, kind=kind, about=about, to=found.email,
            subject="Pejlemærker: dagens overblik", compose=lambda: letters.digest(found, document),
        )  # fmt: skip


@task()
def send_account_notice(event: int, to: str) -> None:
    """Tell somebody that their own login was changed; who has no address is told nothing."""
    found = Event.objects.filter(pk=event).first()
    user = User.objects.filter(pk=found.target_pk).first() if found and to else None
    if found and user:
        _send(
            (send_account_notice, event, to), key=f"login:{event}:{to}"[:200], kind="login", about=f"bruger:{user.pk}",
            to=to, subject="Dit login til Pejlemærker er ændret", compose=lambda: letters.account_notice(user, found),
        )  # fmt: skip


@task()
def send_password_link(users: list[int], occasion: str) -> None:
    """Send those who forgot their password a link to a new one; the hour it lasts begins when the letter is written."""
    for user in User.objects.filter(pk__in=users, is_active=True).exclude(email=""):
        _send_password_link(user, occasion)


def _send_password_link(user: User, occasion: str) -> None:
    _send(
        (send_password_link, [user.pk], occasion), key=f"ny-adgangskode:{user.pk}:{occasion}", kind="ny adgangskode",
        about=f"bruger:{user.pk}", to=user.email, subject="Ny adgangskode til Pejlemærker",
        compose=lambda: letters.password_link(user),
    )  # fmt: skip


@task()
def daily(day: str) -> None:
    """Ask for the letters of a working day: reminders to leaders who are missing, and everybody's overview. Batches of
    notes that have been kept long enough go: made again, they say the same; and so does what is known of old logins.
    """
    forget_logins()
    NoteBatch.objects.filter(ordered_at__lt=timezone.now() - timedelta(days=DAYS_KEPT)).delete()
    if date.fromisoformat(day) != today() or not is_working_day(today()):
        return
    for invitee, occasion in remindings(today()):
        send_reminder.enqueue(invitee, occasion)
    for user in User.objects.filter(is_active=True).exclude(email="").values_list("pk", flat=True):
        send_digest.enqueue(user, day)


def _send(asked: tuple[Any, ...], **letter: Any) -> None:
    """Send a letter; where the mail server is not to be had, ask the same of the queue again later."""
    again, *arguments = asked
    try:
        send_once(**letter)
    except NotNow as fault:
        if fault.again_at:
            again.using(run_after=fault.again_at).enqueue(*arguments)


@task()
def make_batch(batch: int) -> None:
    """Make a batch of notes, or what is left of it."""
    from pejlemaerker.batches import make_all  # noqa: PLC0415  (slow import: only where a paper is made)

    make_all(batch)
