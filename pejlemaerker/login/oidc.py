"""OpenID Connect: sending somebody to the municipality's own login, and reading what comes back.

allauth exchanges the code; what is signed is checked here, because allauth trusts the line it came by and knows no
nonce.
"""

import base64
import secrets
from hashlib import sha256
from typing import Any, NamedTuple, cast

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from django.conf import settings
from django.http import HttpRequest

_SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LEEWAY = 60  # seconds that two clocks may differ


class ProviderDown(Exception):
    """The provider does not answer, or answers with an error."""


class NotProven(Exception):
    """What came back does not prove who it is: altered, expired, from somebody else or for somebody else."""


class TooManyGroups(Exception):
    """The provider left the groups out, because there were too many (Entra ID: above 200)."""


class Sent(NamedTuple):
    """What has to be remembered while somebody is away at the provider."""

    address: str
    state: str
    nonce: str
    verifier: str


class Claims(NamedTuple):
    """What the provider says of a person."""

    subject: str
    name: str
    username: str
    email: str
    groups: frozenset[str]


def is_set_up() -> bool:
    """Whether there is a provider."""
    return bool(settings.OIDC_ISSUER)


def send(request: HttpRequest, callback: str) -> Sent:
    """Prepare to send somebody to the provider: with a state, a nonce and PKCE."""
    known = _discover()
    state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
    challenge = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    client = _client(request, known, callback)
    client.state = state
    extra = {"nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256"}
    address = client.get_redirect_url(known["authorization_endpoint"], settings.OIDC_SCOPES, extra)
    return Sent(address, state, nonce, verifier)


def fetch(request: HttpRequest, *, code: str, callback: str, nonce: str, verifier: str) -> Claims:
    """Exchange the code, and return what the provider signed for."""
    known = _discover()
    try:
        answer = _client(request, known, callback).get_access_token(code, pkce_code_verifier=verifier)
    except OAuth2Error as refused:
        raise NotProven("the code was refused") from refused
    except (requests.RequestException, ValueError) as down:
        raise ProviderDown from down
    return read(str(answer.get("id_token") or ""), known=known, nonce=nonce)


def read(token: str, *, known: dict[str, Any], nonce: str) -> Claims:
    """Check signature, issuer, audience, time and nonce, and read the claims."""
    try:
        told = jwt.decode(
            token,
            _key_of(token, _get(known["jwks_uri"])),
            algorithms=_SIGNATURES,
            audience=settings.OIDC_CLIENT_ID,
            issuer=known["issuer"],
            leeway=_LEEWAY,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as wrong:
        raise NotProven(type(wrong).__name__) from wrong
    if not secrets.compare_digest(str(told.get("nonce", "")).encode(), nonce.encode()):
        raise NotProven("another nonce")
    if isinstance(told["aud"], list) and len(told["aud"]) > 1 and told.get("azp") != settings.OIDC_CLIENT_ID:
        raise NotProven("issued to another")
    return _claims(told)


def _claims(told: dict[str, Any]) -> Claims:
    subject = told.get(settings.OIDC_SUBJECT_CLAIM)
    if not isinstance(subject, str) or not 0 < len(subject) <= 191:
        raise NotProven("no subject")
    name = settings.OIDC_GROUPS_CLAIM
    if name in (told.get("_claim_names") or {}) or told.get("hasgroups"):
        raise TooManyGroups
    groups = told.get(name) or []
    email = _text(told, "email")
    return Claims(
        subject=subject,
        name=_text(told, "name"),
        username=_text(told, "preferred_username"),
        email=email if told.get("email_verified", True) is True else "",
        groups=frozenset(str(one) for one in (groups if isinstance(groups, list) else [groups])),
    )


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    return value.replace("\x00", "").strip() if isinstance(value, str) else ""


def _key_of(token: str, keys: dict[str, Any]) -> Any:
    """Find the key that the token says it is signed with; a provider with one key need not name it."""
    named = jwt.get_unverified_header(token).get("kid")
    usable = jwt.PyJWKSet.from_dict(keys).keys
    for key in usable:
        if key.key_id == named or (named is None and len(usable) == 1):
            return key
    raise jwt.InvalidKeyError("no such key")


def _client(request: HttpRequest, known: dict[str, Any], callback: str) -> Any:
    methods = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return OAuth2Client(
        request, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET, "POST", known["token_endpoint"], callback,
        basic_auth="client_secret_post" not in methods,
    )  # fmt: skip


def _discover() -> dict[str, Any]:
    """Ask the provider for its addresses; they count only if they speak for the issuer that was set."""
    known = _get(f"{settings.OIDC_ISSUER}/.well-known/openid-configuration")
    if str(known.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER:
        raise NotProven("another issuer")
    if not {"authorization_endpoint", "token_endpoint", "jwks_uri"} <= known.keys():
        raise ProviderDown
    return known


def _get(address: str) -> dict[str, Any]:
    try:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, timeout=settings.SOCIALACCOUNT_REQUESTS_TIMEOUT)
            answer.raise_for_status()
            return cast("dict[str, Any]", answer.json())
    except (requests.RequestException, ValueError) as down:
        raise ProviderDown from down
