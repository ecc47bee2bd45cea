"""Settings from the environment: readers that refuse nonsense instead of guessing."""

import os
import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict


def env_bool(name: str, *, default: bool) -> bool:
    """Read a switch; anything but 1/true/yes and 0/false/no is an error, never a silent False."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes"}:
        return True
    if raw in {"0", "false", "no"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r}: brug 1 eller 0")


def env_text(name: str, *, default: str) -> str:
    """Read a short text."""
    return os.environ.get(name, "").strip() or default


def env_choice(name: str, *, default: str, among: list[str]) -> str:
    """Read one of a few words."""
    word = env_text(name, default=default)
    if word not in among:
        raise ImproperlyConfigured(f"{name}={word!r}: brug {' eller '.join(among)}")
    return word


def env_list(name: str, *, default: list[str]) -> list[str]:
    """Read a comma-separated list."""
    raw = os.environ.get(name, "")
    return [part.strip() for part in raw.split(",") if part.strip()] or default


def env_number(name: str, *, default: int, least: int = 1) -> int:
    """Read a whole number, 100,000 at most."""
    raw = os.environ.get(name, "").strip() or str(default)
    if not (raw.isascii() and raw.isdecimal() and least <= int(raw) <= 100_000):
        raise ImproperlyConfigured(f"{name}={raw!r}: skriv et helt tal, fx {default}")
    return int(raw)


class MappedGrant(NamedTuple):
    """A group in the municipality's own login, and the role that it gives here."""

    group: str
    role: str
    municipality: str
    committee: str  # empty: in the whole municipality


_MAPPED_GRANT = re.compile(r"(?P<group>[^\s=]+)=(?P<role>[a-z]+)@(?P<municipality>[-\w]+)(?:/(?P<committee>[-\w]+))?")


def env_grants(name: str, *, roles: set[str]) -> tuple[MappedGrant, ...]:
    """Read which group gives which role: `group=role@municipality` or `group=role@municipality/committee`, several with
    commas or spaces between them.
    """
    mapped = []
    for part in re.split(r"[,\s]+", os.environ.get(name, "").strip(", \n\t")):
        if not part:
            continue
        found = _MAPPED_GRANT.fullmatch(part)
        if found is None or found["role"] not in roles:
            raise ImproperlyConfigured(f"{name}: {part!r}: skriv fx gruppe-id=secretary@hvidovre/bu")
        mapped.append(MappedGrant(found["group"], found["role"], found["municipality"], found["committee"] or ""))
    return tuple(mapped)


def env_secret(name: str, *, default: str | None = None) -> str:
    """Read a secret from NAME or from the file that NAME_FILE points at; without either and without a default it is an
    error.
    """
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if value := os.environ.get(name):
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} eller {name}_FILE mangler")
    return default


# A hundred years of a municipality fit in memory. PostgreSQL believes in slow disks: that to fetch a page costs as much
# as comparing hundreds of words, and that it pays to compile a question before answering it.
_IN_MEMORY = "-c seq_page_cost=0.05 -c random_page_cost=0.05 -c jit=off"


def env_database(name: str, *, patience: int = 0) -> dict[str, Any]:
    """Read a PostgreSQL address (libpq's own URL form) into Django's database settings. With `patience`, no statement
    takes longer than so many seconds, nobody waits for a lock even that long, and no transaction is left open.
    """
    parts = conninfo_to_dict(env_secret(name))
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database: dict[str, Any] = {known[key]: str(parts.pop(key)) for key in list(parts) if key in known}
    if patience:
        limits = {
            "statement_timeout": patience,
            "lock_timeout": max(patience // 2, 1),
            "idle_in_transaction_session_timeout": patience * 4,
        }
        # What the address itself asks for comes last, and wins.
        ours = " ".join(f"-c {limit}={seconds}s" for limit, seconds in limits.items())
        parts["options"] = f"{ours} {parts.get('options', '')}".strip()
    parts["options"] = f"{_IN_MEMORY} {parts.get('options', '')}".strip()
    # A connection a thread, kept open: measurably faster than a pool, and twice as fast as a new one per request.
    return database | {
        "ENGINE": "kit.postgres",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "patience": patience, **parts},
    }


def env_url(name: str, *, default: str | None) -> str:
    """Read the address of a site, without a slash at the end; without a default it is demanded."""
    raw = os.environ.get(name, "").strip() or default
    if raw is None:
        raise ImproperlyConfigured(f"{name} mangler, fx https://pejlemaerker.kommune.dk")
    parts = _split(name, raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ImproperlyConfigured(f"{name}={raw!r}: skriv en adresse som https://pejlemaerker.kommune.dk")
    return raw.rstrip("/")


def env_address(name: str, *, default: str | None) -> str:
    """Read an e-mail address, with or without a name before it; without a default it is demanded."""
    raw = os.environ.get(name, "").strip() or default
    if raw is None:
        raise ImproperlyConfigured(f"{name} mangler, fx Hvidovre Kommune <pejlemaerker@hvidovre.dk>")
    shown, address = parseaddr(raw, strict=True)
    try:
        is_whole = bool(Address(shown, addr_spec=address).domain)
    except (ValueError, HeaderParseError):
        is_whole = False
    if not is_whole:
        raise ImproperlyConfigured(f"{name}={raw!r}: skriv fx Hvidovre Kommune <pejlemaerker@hvidovre.dk>")
    return raw


SECONDS_FOR_MAIL = 20  # to wait for a mail server before a letter is put off
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def env_mail(name: str, *, default: str) -> dict[str, Any]:
    """Read where letters are handed over (NAME or NAME_FILE) into one of Django's mailers: `smtp://` in the clear, for
    a server on the same machine or net; `smtp+tls://` with STARTTLS; `smtps://`; `console:`, and without it `default`.
    """
    raw = env_secret(name, default=default)
    if raw == "console:":
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if raw == "none:":
        return {"BACKEND": "kit.mail.NoMailServer"}
    parts = _split(name, raw)
    is_server = parts.scheme in _MAIL_PORTS and parts.hostname and parts.path in {"", "/"}
    if not is_server or parts.query or bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(f"{name}: skriv fx smtp+tls://bruger:kode@mail.kommune.dk:587 eller console:")
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or _MAIL_PORTS[parts.scheme],
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parts.scheme == "smtp+tls",
            "use_ssl": parts.scheme == "smtps",
            "timeout": SECONDS_FOR_MAIL,
        },
    }


def _split(name: str, raw: str) -> SplitResult:
    """Take an address apart; a port that is none is an error that does not tell the password."""
    try:
        parts = urlsplit(raw)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} er ikke en adresse") from None
    return parts
