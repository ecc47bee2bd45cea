"""Data about logins go when they have been kept for LOGIN_DATA_DAYS."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from meetings.models import Letter, User


@transaction.atomic
def forget_logins() -> dict[str, int]:
    """Forget when somebody last logged in, sessions that have ended, and letters that were sent, when they are old.
    Returns how many of each. The log stays: it is what shows whether anybody misused a login.
    """
    before = timezone.now() - timedelta(days=settings.LOGIN_DATA_DAYS)
    sessions, _ = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    letters, _ = Letter.objects.filter(asked_at__lt=before).delete()
    logins = User.objects.filter(last_login__lt=before).update(last_login=None)
    return {"sessions": sessions, "letters": letters, "logins": logins}
