"""manage.py begin: how an installation gets its first municipality and its first administrator."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from meetings.models import Municipality, Right, User


def begin(slug: str = "hvidovre", administrator: str = "adam") -> str:
    out = StringIO()
    call_command("begin", slug, "Hvidovre Kommune", administrator=administrator, display_name="Adam A.", stdout=out)
    return out.getvalue()


def test_first_administrator_logs_in_with_the_password_that_is_told() -> None:
    password = begin().rpartition(": ")[2].strip()
    client = Client()
    assert client.login(username="adam", password=password)
    assert client.get("/organisation/hvidovre/roller/").status_code == 200
    assert [held.committee for held in User.objects.get().holds(Right.EDIT_ORGANISATION)] == [None]


def test_municipality_with_an_administrator_is_not_begun_again(administrator: User) -> None:
    with pytest.raises(CommandError, match="har en administrator allerede"):
        begin()
    assert not User.objects.filter(username="adam").exists()


def test_user_who_is_there_keeps_the_password(citizen: User) -> None:
    assert "Adgangskode" not in begin(administrator="borger")
    assert User.objects.get().check_password("pejlemaerke-demo")


def test_short_name_that_is_no_address_is_refused() -> None:
    with pytest.raises(CommandError, match="a–z"):
        begin(slug="Hvidovre Kommune")
    assert not Municipality.objects.exists()
