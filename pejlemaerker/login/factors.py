"""The second factor (andet trin): who must have one, who has, and whether what is typed is right.

allauth's authenticators behind our own pages: its pages want its own login, its stages and its look.
"""

from base64 import b64encode
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from meetings.models import WRITING, Event, User

_SECONDS_A_CODE_LIVES = 120  # its own half minute and those beside it, and a little more


def must_have_second_factor(user: User) -> bool:
    """Whether this person writes here, and the house asks writers for two factors."""
    return settings.REQUIRE_SECOND_FACTOR and any(user.holds(right) for right in WRITING)


def has_second_factor(user: User) -> bool:
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
    """Let an app be the second factor, instead of the one before, with new recovery codes."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    Authenticator.objects.filter(user=user).delete()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    Event.objects.record("second_factor_set_up", user, by=user)


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    """Make new recovery codes; the old ones are worth nothing any more."""
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    Event.objects.record("recovery_codes_renewed", user, by=user)


@transaction.atomic
def remove(user: User, *, by: User | None) -> None:
    """Take the second factor away, with its recovery codes."""
    Authenticator.objects.filter(user=user).delete()
    Event.objects.record("second_factor_removed", user, by=by)


def recovery_codes(user: User) -> list[str]:
    """Return the recovery codes that have not been used."""
    kept = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return list(kept.wrap().get_unused_codes()) if kept else []
