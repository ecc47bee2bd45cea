"""Who somebody is here that the municipality's own login has vouched for."""

import re
from hashlib import sha256

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import IntegrityError, transaction

from kit.env import MappedGrant
from meetings.actions.login_grants import GroupGrant, grant_from_login
from meetings.models import Event, User
from pejlemaerker.login.oidc import Claims


class NoLongerActive(Exception):
    """The person has a user here, and it has been closed."""


def person_of(claims: Claims) -> tuple[User, list[GroupGrant]]:
    """Find or make the user and set the roles from the groups right; return the user and what could not be given."""
    try:
        return _person_of(claims)
    except IntegrityError:  # the same person came by two doors at once
        return _person_of(claims)


@transaction.atomic
def _person_of(claims: Claims) -> tuple[User, list[GroupGrant]]:
    issuer = settings.OIDC_ISSUER[:200]
    account = SocialAccount.objects.filter(provider=issuer, uid=claims.subject).select_related("user").first()
    if account is None:
        user = _known_by_email(claims, issuer) or _made(claims)
        SocialAccount.objects.create(user=user, provider=issuer, uid=claims.subject, extra_data={})
        Event.objects.record("login_connected", user, by=None, issuer=issuer)
    else:
        user = account.user
        account.save()  # when it was used last
    if not user.is_active:
        raise NoLongerActive
    grants = [_grant(one) for one in settings.OIDC_ROLES if one.group in claims.groups]
    unknown = grant_from_login(user=user, grants=grants)
    return User.objects.get(pk=user.pk), unknown


def _grant(mapped: MappedGrant) -> GroupGrant:
    return GroupGrant(mapped.role, mapped.municipality, mapped.committee)


def _known_by_email(claims: Claims, issuer: str) -> User | None:
    """The one user with this address; only where the issuer is trusted with addresses, only one, and only one who has
    not come from there as somebody else.
    """
    if not settings.OIDC_TRUST_EMAIL or not claims.email:
        return None
    found = list(User.objects.select_for_update(of=("self",)).filter(email__iexact=claims.email)[:2])
    if len(found) != 1 or SocialAccount.objects.filter(provider=issuer, user=found[0]).exists():
        return None
    return found[0]


def _made(claims: Claims) -> User:
    """A new user, with no password and no right."""
    wished = re.sub(r"[^\w.@+-]", "", claims.username)[:140]
    name = wished if wished and not User.objects.filter(username__iexact=wished).exists() else _free(claims)
    user = User(username=name, display_name=claims.name[:120], email=claims.email[:254])
    user.set_unusable_password()
    user.save()
    Event.objects.record("user_made_by_login", user, by=None)
    return user


def _free(claims: Claims) -> str:
    return "login-" + sha256(f"{settings.OIDC_ISSUER}\n{claims.subject}".encode()).hexdigest()[:24]
