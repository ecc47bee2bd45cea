"""Logging in, in Danish."""

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from meetings.models import User
from pejlemaerker.demo.logins import LOGINS


@pytest.mark.asvs("V1.1.1")
def test_login_leads_to_where_one_was_going(secretary: User, anonymous: Client) -> None:
    typed = {"username": "sekretaer", "password": "pejlemaerke-demo", "next": "/moeder/"}
    response = anonymous.post("/log-ind/", typed)
    assert (response.status_code, response.headers["Location"]) == (302, "/moeder/")


def test_wrong_password_is_told_in_danish_and_without_saying_who_exists(secretary: User, anonymous: Client) -> None:
    answers = [
        anonymous.post("/log-ind/", {"username": name, "password": "forkert"}).context["form"].non_field_errors()
        for name in ("sekretaer", "ukendt")
    ]
    assert answers[0] == answers[1]
    assert "adgangskode" in answers[0][0]


def _logins_shown(visitor: Client) -> list[str]:
    return [one.username for one in visitor.get("/log-ind/").context["demo_logins"]]


@pytest.mark.asvs("V6.3.2")
def test_demo_logins_are_shown_in_the_demo_only(anonymous: Client, settings: Settings) -> None:
    shown = [_logins_shown(anonymous)]
    settings.DEMO = True
    shown.append(_logins_shown(anonymous))
    assert shown == [[], [one.username for one in LOGINS]]


def test_htmx_without_a_login_gets_the_login_page_as_a_whole(anonymous: Client) -> None:
    response = anonymous.post("/moeder/1/punkter/1/kladde/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"].startswith("/log-ind/?next=")


def test_login_page_carries_the_name_of_the_house_and_not_of_the_machine(anonymous: Client) -> None:
    assert anonymous.get("/log-ind/").context["site_name"] == configured.SITE_NAME
