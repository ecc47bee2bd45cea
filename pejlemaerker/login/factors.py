"""The second factor (andet trin): who must have one, who has, and whether what is typed is right.

allauth's authenticators behind our own pages: its pages want its own login, its stages and its look.
"""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet

from meetings.models import WRITING, Event, User
from pejlemaerker.login import keys
from pejlemaerker.tasks import send_account_notice

_SECONDS_A_CODE_LIVES = 120  # its own half minute and those beside it, and a little more


def must_have_second_factor(user: User) -> bool:
    """Whether this person writes here, and the house asks writers for two factors."""
    return settings.REQUIRE_SECOND_FACTOR and any(user.holds(right) for right in WRITING)


def has_second_factor(user: User) -> bool:
    """Whether the person has set up an app or added a key."""
    return has_app(user) or keys.has_key(user)


def has_app(user: User) -> bool:
    """Whether the person has set up an app."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def new_secret() -> str:
    """Return what an app is set up with."""
    return str(generate_totp_secret())


def in_fours(secret: str) -> str:
    """Return a secret as one reads it aloud: "JBSW Y3DP …"."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def picture_of(secret: str, user: User) -> str:
    """Return the QR code of a secret, as the address of a picture."""
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + b64encode(svg.encode()).decode()


def is_code_of(secret: str, code: str) -> bool:
    """Whether the app shows this code for the secret now."""
    return bool(validate_totp_code(secret, code))


def accepts(user: User, code: str) -> str:
    """Return which factor a typed code belongs to, and use it up; empty, if it is wrong or was used."""
    for authenticator in Authenticator.objects.filter(user=user, type__in=("totp", "recovery_codes")).order_by("-type"):
        if authenticator.wrap().validate_code(code) and _is_first_use(authenticator, code):
            authenticator.record_usage()
            if authenticator.type == "recovery_codes":
                Event.objects.record("recovery_code_used", user, by=user)
            return str(authenticator.type)
    return ""


def _is_first_use(authenticator: Any, code: str) -> bool:
    """allauth forgets an app's code after half a minute; with the codes beside it, it lives longer than that."""
    if authenticator.type != "totp":
        return True
    digits = "".join(sign for sign in code if sign.isdigit())
    return bool(cache.add(f"totp-used:{authenticator.pk}:{digits}", 1, timeout=_SECONDS_A_CODE_LIVES))


@transaction.atomic
def set_up(user: User, secret: str) -> None:
    """Let an app be a second factor, instead of the app before, with new recovery codes."""
    _hold(user)
    Authenticator.objects.filter(user=user, type__in=("totp", "recovery_codes")).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    _record("second_factor_set_up", user, by=user)


@transaction.atomic
def add_key(user: User, *, name: str, credential: dict[str, Any]) -> bool:
    """Let a key be a second factor; say whether it is the first, for which recovery codes were made."""
    _hold(user)
    WebAuthn.add(user, name, credential)
    is_first = not Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).exists()
    if is_first:
        RecoveryCodes.activate(user)
    _record("security_key_added", user, by=user)
    return is_first


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """Make new recovery codes; the old ones are worth nothing any more."""
    _hold(user)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    _record("recovery_codes_renewed", user, by=user)


class LastFactor(Exception):
    """It is the only one, and the person's role asks for one."""


@transaction.atomic
def remove_app(user: User) -> None:
    """Take the app away; recovery codes go with the last factor."""
    _take(user, Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP))
    _record("app_removed", user, by=user)


@transaction.atomic
def remove_key(user: User, key: int) -> None:
    """Take a key away; recovery codes go with the last factor."""
    _take(user, Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN, pk=key))
    _record("security_key_removed", user, by=user)


@transaction.atomic
def remove(user: User, *, by: User | None) -> None:
    """Take every second factor away, with the recovery codes: for one who has lost them all."""
    Authenticator.objects.filter(user=user).delete()
    _record("second_factor_removed", user, by=by)


def is_last(user: User) -> bool:
    """Whether the person has one factor, and no more."""
    return int(Authenticator.objects.filter(user=user, type__in=("totp", "webauthn")).count()) == 1


def _take(user: User, factor: QuerySet[Any]) -> None:
    _hold(user)  # or two at once could each be the one before the last
    if is_last(user) and must_have_second_factor(user):
        raise LastFactor
    factor.delete()
    if not has_second_factor(user):
        Authenticator.objects.filter(user=user).delete()


def _hold(user: User) -> None:
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)


def _record(action: str, user: User, *, by: User | None) -> None:
    """Write it in the log, and tell the person by mail: whoever did not do it themselves has to know."""
    event = Event.objects.record(action, user, by=by)
    send_account_notice.enqueue(event.pk, user.email)


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that have not been used."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(kept.wrap().get_unused_codes()) if kept else []
