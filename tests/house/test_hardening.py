"""What browsers and servers are told when the app stands behind TLS, and what passwords may be."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.test import Client

from kit.logs import JsonLine
from meetings.models import User

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PATH": os.environ["PATH"], "SECRET_KEY": "k3v9Qz-Ru" * 8, "DATABASE_URL": "postgresql:///nowhere?host=/nonexistent",
    "ALLOWED_HOSTS": "pejlemaerker.eksempel.dk", "SITE_URL": "https://pejlemaerker.eksempel.dk", "HTTPS": "1",
    "DJANGO_SETTINGS_MODULE": "pejlemaerker.settings",
    "EMAIL_URL": "smtp://127.0.0.1", "DEFAULT_FROM_EMAIL": "pejlemaerker@eksempel.dk",
}  # fmt: skip


def in_production(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the settings of a real place."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=PRODUCTION, capture_output=True, text=True, check=False
    )


@pytest.mark.asvs("V13.4.2")
def test_deploy_check_is_silent() -> None:
    checked = in_production("-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.asvs("V3.3.1", "V3.3.2", "V3.3.3")
def test_cookie_belongs_to_this_host_alone() -> None:
    source = """
import json
from django.conf import settings
print(json.dumps([getattr(settings, f"SESSION_COOKIE_{name}")
                  for name in ("NAME", "SECURE", "HTTPONLY", "SAMESITE", "PATH", "DOMAIN")]))
"""
    told = in_production("-c", source).stdout
    assert json.loads(told) == ["__Host-session", True, True, "Lax", "/", None]


@pytest.mark.asvs("V3.4.1", "V3.4.4", "V3.4.5", "V3.4.6", "V4.1.1")
def test_page_behind_tls_carries_every_header_of_hardening(settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31536000
    for path in ("/", "/findes-ikke/", "/nyt.atom"):
        headers = Client().get(path, secure=True).headers
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert headers["Content-Type"].endswith("charset=utf-8")


@pytest.mark.asvs("V13.4.4")
def test_trace_is_refused() -> None:
    assert Client().trace("/").status_code == 405


@pytest.mark.asvs("V6.2.5", "V6.2.8", "V6.2.9")
@pytest.mark.parametrize("password", ["kun små bogstaver", "🦔" * 70, " mellemrum før og efter ", "x1" * 150])
def test_password_of_any_signs_and_length_is_taken_as_it_is(password: str, citizen: User) -> None:
    validate_password(password, citizen)
    citizen.set_password(password)
    citizen.save()
    assert authenticate(username=citizen.username, password=password) == citizen
    assert authenticate(username=citizen.username, password=password[:-1]) is None


@pytest.mark.asvs("V6.2.6", "V6.2.7")
def test_password_fields_hide_and_let_managers_fill_them_in() -> None:
    page = Client().get("/log-ind/").text
    field = page[page.index('name="password"') - 200 : page.index('name="password"') + 200]
    assert 'type="password"' in field
    assert 'autocomplete="current-password"' in field
    assert "onpaste" not in page


@pytest.mark.asvs("V16.4.1")
def test_line_breaks_make_no_second_line_in_the_log() -> None:
    record = logging.LogRecord("proeve", logging.INFO, __file__, 1, "ét\n2026 INFO forfalsket", (), None)
    assert len(JsonLine().format(record).splitlines()) == 1
