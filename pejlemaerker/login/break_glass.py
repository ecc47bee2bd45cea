"""The way in when the municipality's own login is down (nødadgang): a code for one administrator, once, for some hours.

The code is signed and carries when the person last logged in; so it is worth nothing after it was used, and needs no
table.
"""

import logging
from datetime import timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone

from meetings.models import Event, Right, User

_SALT = "break glass"
_LOG = logging.getLogger("pejlemaerker.login")


class NoAdministrator(Exception):
    """Nobody of that name who may be let in like this."""


def is_administrator(user: User) -> bool:
    """Whether the person edits the organisation; for nobody else the glass is broken."""
    return user.is_active and bool(user.holds(Right.EDIT_ORGANISATION))


@transaction.atomic
def issue(username: str, *, hours: int) -> str:
    """Make a code, and write down that it was made."""
    user = User.objects.filter(username=username).first()
    if user is None or not is_administrator(user):
        raise NoAdministrator
    until = timezone.now() + timedelta(hours=hours)
    Event.objects.record("break_glass_issued", user, by=None, until=until.isoformat(timespec="minutes"))
    _LOG.warning("Nødadgang udstedt til bruger %s, gælder i %s timer", user.pk, hours)
    return signing.dumps({"user": user.pk, "until": until.timestamp(), "after": _last(user)}, salt=_SALT)


@transaction.atomic
def use(code: str) -> User | None:
    """Return whom the code lets in, once."""
    try:
        kept = signing.loads(code.strip(), salt=_SALT)
    except signing.BadSignature:
        return None
    user = User.objects.select_for_update(of=("self",)).filter(pk=kept["user"]).first()
    if user is None or kept["until"] < timezone.now().timestamp() or kept["after"] != _last(user):
        return None
    if not is_administrator(user):
        return None
    user.last_login = timezone.now()  # under the lock, so that two with the same code are one
    user.save(update_fields=["last_login"])
    Event.objects.record("break_glass_used", user, by=user)
    _LOG.warning("Nødadgang brugt af bruger %s", user.pk)
    return user


def _last(user: User) -> str:
    return user.last_login.isoformat() if user.last_login else ""
