"""A key as the second factor, in a browser with a key plugged in (Chromium's own, of software)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from pejlemaerker.demo.logins import PASSWORD
from tests.browser.conftest import OpenVisit
from tests.browser.looking import Visit, html_errors


@pytest.fixture(autouse=True)
def _set_up(settings: Settings) -> Iterator[None]:
    settings.REQUIRE_SECOND_FACTOR = True
    yield
    cache.clear()


@pytest.fixture
def demo_server(demo_server: str) -> str:
    """Keys belong to a name; a browser gives none to a number."""
    return demo_server.replace("127.0.0.1", "localhost")


def plug_in(person: Visit) -> tuple[Any, str]:
    """Give the browser a key that is touched as soon as it is asked."""
    devtools = person.page.context.new_cdp_session(person.page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    added = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return devtools, added["authenticatorId"]


def type_password(person: Visit) -> None:
    person.goto("/log-ind/")
    person.page.fill("[name=username]", "sekretaer")
    person.page.fill("[name=password]", PASSWORD)
    person.page.press("[name=password]", "Enter")


def tab_to(person: Visit, words: str) -> None:
    """Go on by keyboard alone until the button of these words has the focus."""
    button = person.page.get_by_role("button", name=words)
    expect(button).to_be_visible()
    for _ in range(40):
        if button.evaluate("one => one === document.activeElement"):
            return
        person.page.keyboard.press("Tab")
    raise AssertionError(f"{words} is not reached by Tab")


def test_writer_logs_in_with_a_key_by_keyboard_names_it_and_removes_it(visit: OpenVisit) -> None:
    person = visit(width=375)
    devtools, authenticator = plug_in(person)
    type_password(person)
    person.page.wait_for_url("**/log-ind/opsaet/")
    person.page.click("text=Brug en nøgle i stedet")
    person.page.wait_for_url("**/opsaet/noegle/")
    person.look()
    person.page.fill("[name=name]", "Min telefon")
    person.page.press("[name=name]", "Enter")
    person.page.wait_for_url("**/konto/totrin/**")
    person.look()
    recovery = [one.text_content() or "" for one in person.page.locator("#koder ~ ul strong").all()]
    assert len(recovery) == 10

    person.page.click("text=Log ud")
    type_password(person)
    person.page.wait_for_url("**/log-ind/kode/")
    person.look()
    tab_to(person, "Brug nøglen")
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(lambda url: "/log-ind/" not in url)

    response = person.page.goto("/konto/totrin/")
    assert response is not None
    assert html_errors(response.text()) == []
    assert "Min telefon" in person.text
    assert person.page.get_by_role("link", name="Fjern Min telefon").count() == 0  # the only one, and one is asked for
    person.page.click("text=Giv nyt navn")
    person.look()
    person.page.fill("[name=name]", "YubiKey i skuffen")
    person.page.press("[name=name]", "Enter")
    person.page.wait_for_url("**/konto/totrin/")
    assert "YubiKey i skuffen" in person.text

    person.goto("/konto/totrin/noegle/")
    person.look()
    person.page.fill("[name=name]", "Den samme")
    person.page.fill("[name=password]", PASSWORD)
    person.page.click("text=Tilføj nøglen")  # the key that is plugged in is known already
    expect(person.page.locator("[data-key-told]")).to_contain_text("tilføjet i forvejen")
    devtools.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": authenticator})
    devtools, _ = plug_in(person)
    person.page.click("text=Tilføj nøglen")
    person.page.wait_for_url("**/konto/totrin/")
    person.page.get_by_role("link", name="Fjern Den samme").click()
    person.page.wait_for_url("**/konto/totrin/fjern/**")
    person.look()
    tab_to(person, "Brug en nøgle")
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/konto/totrin/")
    assert "Nøglen Den samme er fjernet" in person.text


def test_key_that_does_not_answer_is_told_of_and_a_recovery_code_lets_in(visit: OpenVisit) -> None:
    person = visit()
    devtools, authenticator = plug_in(person)
    type_password(person)
    person.page.click("text=Brug en nøgle i stedet")
    person.page.fill("[name=name]", "Min telefon")
    person.page.click("text=Tilføj nøglen")
    person.page.wait_for_url("**/konto/totrin/**")
    recovery = person.page.locator("#koder ~ ul strong").first.text_content() or ""
    person.page.click("text=Log ud")
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": authenticator})
    type_password(person)
    person.page.click("text=Brug nøglen")
    expect(person.page.locator("[data-key-told]")).to_contain_text("Nøglen blev ikke brugt")
    person.look()
    person.page.fill("[name=code]", recovery.strip())
    person.page.press("[name=code]", "Enter")
    person.page.wait_for_url(lambda url: "/log-ind/" not in url)


def test_without_javascript_the_page_points_to_the_app(visit: OpenVisit) -> None:
    person = visit(javascript=False)
    type_password(person)
    person.page.click("text=Brug en nøgle i stedet")
    assert "Nøgler kræver JavaScript" in person.text
    expect(person.page.get_by_role("button", name="Tilføj nøglen")).to_have_count(0)
    person.page.click("text=Sæt en app op i stedet >> nth=-1")
    person.page.wait_for_url("**/log-ind/opsaet/")
    expect(person.page.locator("[name=code]")).to_be_visible()
