"""Logging in as somebody who writes: the app is set up, its code asked for, and every page of it can be used by all."""

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from pytest_django import Settings

from meetings.models import User
from pejlemaerker.demo.logins import PASSWORD
from tests.browser.conftest import OpenVisit
from tests.browser.looking import Visit, html_errors


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.OIDC_ISSUER, settings.OIDC_NAME = "http://127.0.0.1:9", "Hvidovre Kommune"
    yield
    cache.clear()


def type_password(person: Visit) -> None:
    person.page.fill("[name=username]", "sekretaer")
    person.page.fill("[name=password]", PASSWORD)
    person.page.press("[name=password]", "Enter")


def test_writer_sets_an_app_up_and_comes_back_with_it(visit: OpenVisit) -> None:
    person = visit(width=375)
    person.goto("/log-ind/kommune/?next=/moeder/")  # nobody answers there
    person.look()
    type_password(person)
    person.page.wait_for_url("**/log-ind/opsaet/")
    person.look()
    key = (person.page.locator("strong").first.text_content() or "").replace(" ", "").strip()
    now = int(time.time()) // 30
    person.page.fill("[name=code]", format_hotp_value(hotp_value(key, now)))
    person.page.press("[name=code]", "Enter")
    person.page.wait_for_url("**/konto/totrin/**")
    person.look()
    recovery = person.page.locator("#koder ~ ul strong").first.text_content() or ""
    person.page.click("text=Gå videre")
    person.page.wait_for_url("**/moeder/")
    for address in ("/konto/totrin/app/", "/konto/totrin/koder/", "/konto/adgangskode/", "/konto/totrin/"):
        response = person.page.goto(address)
        assert response is not None
        person.look()
        assert html_errors(response.text()) == [], address
    again = visit()
    again.goto("/log-ind/")
    type_password(again)
    again.page.wait_for_url("**/log-ind/kode/")
    again.look()
    again.page.fill("[name=code]", recovery.strip())
    again.page.press("[name=code]", "Enter")
    again.page.wait_for_url(lambda url: "/log-ind/" not in url)


def test_break_glass_page_is_accessible(visit: OpenVisit) -> None:
    person = visit()
    person.goto("/log-ind/noedadgang/")
    person.page.fill("[name=code]", "forkert")
    person.page.click("main button[type=submit]")
    person.page.wait_for_selector(".error-summary")
    person.look()


def test_forgotten_password_is_asked_for_and_made_new(settings: Settings, visit: OpenVisit) -> None:
    settings.SENDS_MAIL = True
    person = visit(width=375)
    person.goto("/log-ind/")
    person.page.click("text=Glemt adgangskode?")
    person.look()
    person.page.fill("[name=who]", "medlem")
    person.page.press("[name=who]", "Enter")
    person.page.wait_for_url("**/glemt/?sendt=1")
    person.look()
    user = User.objects.get(username="medlem")
    person.goto(f"/log-ind/ny-adgangskode/{user.pk}-{default_token_generator.make_token(user)}/")
    person.look()
    person.page.fill("[name=new]", "tre gule cykler i regn")
    person.page.fill("[name=again]", "tre gule cykler i regn")
    person.page.press("[name=again]", "Enter")
    person.page.wait_for_url("**/log-ind/")
    assert "Adgangskoden er skiftet" in person.text
