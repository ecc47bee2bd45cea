"""What one does to one's own login."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from meetings.models import Event, User
from pejlemaerker.tasks import send_account_notice, send_password_link


@transaction.atomic
def change_password(*, user: User, new: str) -> None:
    """Give oneself a new password; sessions that were begun with the old one end by themselves."""
    _give(user, new)
    event = Event.objects.record("password_changed", user, by=user)
    send_account_notice.enqueue(event.pk, user.email)


@transaction.atomic
def ask_for_password_link(typed: str) -> None:
    """Ask for a link to a new password (glemt adgangskode), by user name or e-mail. The same is done for a name nobody
    has, so that nobody learns from the answer, or from how long it took, who has a login here.
    """
    known = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed), is_active=True).exclude(email="")
    able = [user.pk for user in known[:5] if user.has_usable_password()]
    send_password_link.enqueue(able, timezone.now().isoformat())


@transaction.atomic
def reset_password(*, user: User, token: str, new: str) -> bool:
    """Give a new password by a link; False where the link has been used meanwhile. Every session of the user ends."""
    held = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not default_token_generator.check_token(held, token):
        return False
    _give(held, new)
    event = Event.objects.record("password_reset", held, by=held)
    send_account_notice.enqueue(event.pk, held.email)
    return True


@transaction.atomic
def change_email(*, user: User, new: str) -> None:
    """Change where letters go; the address before is told, or a thief could do it unseen."""
    before = user.email
    if before == new:
        return
    user.email = new
    user.save(update_fields=["email"])
    event = Event.objects.record("email_changed", user, by=user)  # not the addresses: they are personal
    for address in filter(None, (before, new)):
        send_account_notice.enqueue(event.pk, address)


def _give(user: User, new: str) -> None:
    user.set_password(new)
    user.save(update_fields=["password"])
