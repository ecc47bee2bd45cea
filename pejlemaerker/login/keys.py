"""Keys (nøgler): passkeys and security keys (WebAuthn) as the second factor, beside the app.

allauth and fido2 ask and check; what a browser hands in is read once, and only what has to be kept is kept: the key's
public half.
"""

import json
from datetime import datetime
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.db import transaction
from django.db.models import QuerySet
from fido2.utils import websafe_encode
from fido2.webauthn import RegistrationResponse

from meetings.models import Event, User

MOST = 10  # keys a person may have: one can always remove the oldest
MOST_SIGNS = 20_000  # of what a browser hands in; a real answer has a thousand or two


class NotAccepted(Exception):
    """What was handed in does not come from a key that was asked here and now."""


class Key(NamedTuple):
    """One of a person's keys, as the person knows it."""

    pk: int
    name: str
    added_at: datetime
    used_at: datetime | None


def keys_of(user: User) -> list[Key]:
    """Return a person's keys, the oldest first."""
    return [Key(one.pk, one.wrap().name, one.created_at, one.last_used_at) for one in _kept(user).order_by("pk")]


def has_key(user: User) -> bool:
    """Whether the person has added a key."""
    return _kept(user).exists()


def ask_for_new(user: User) -> str:
    """Return what the browser is to ask a new key, as JSON; the answer counts in this session, once."""
    return json.dumps(auth.begin_registration(user, passwordless=False))


def ask_for_proof(user: User) -> str:
    """Return what the browser is to ask one of the person's keys, as JSON."""
    return json.dumps(auth.begin_authentication(user))


def read_new(user: User, answer: str) -> dict[str, Any]:
    """Check a new key's answer, and return what is kept of it."""
    try:
        told = json.loads(answer)
        seen = auth.complete_registration(told).credential_data
        key = RegistrationResponse.from_dict(told)
    except Exception as wrong:  # bytes from outside, through readers that promise no one kind of fault
        raise NotAccepted from wrong
    if seen is None or auth.get_authenticator_by_credential_id(user, seen.credential_id):
        raise NotAccepted
    raw_id = websafe_encode(seen.credential_id)
    response = {
        "attestationObject": websafe_encode(key.response.attestation_object),
        "clientDataJSON": websafe_encode(key.response.client_data),
    }
    return {"id": raw_id, "rawId": raw_id, "type": "public-key", "response": response}


def is_proof(user: User, answer: str) -> bool:
    """Whether one of the person's keys signed what was asked; noted as its use."""
    try:
        key = auth.complete_authentication(user, json.loads(answer))
    except Exception:  # as above: whatever is wrong with it, it proves nothing
        return False
    key.record_usage()
    return True


def name_is_free(user: User, name: str, *, but: int = 0) -> bool:
    """Whether the person has no other key of that name."""
    return name.casefold() not in {key.name.casefold() for key in keys_of(user) if key.pk != but}


@transaction.atomic
def rename(user: User, key: int, name: str) -> None:
    """Give a key another name."""
    found = _kept(user).select_for_update(of=("self",)).get(pk=key)
    found.wrap().name = name
    found.save(update_fields=["data"])
    Event.objects.record("security_key_renamed", user, by=user)


def _kept(user: User) -> QuerySet[Any]:
    kept: QuerySet[Any] = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return kept
