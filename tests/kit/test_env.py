"""Settings refuse nonsense instead of guessing."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kit.env import (
    env_address,
    env_bool,
    env_choice,
    env_database,
    env_grants,
    env_list,
    env_mail,
    env_number,
    env_secret,
    env_text,
    env_url,
)


@pytest.mark.parametrize(("raw", "value"), [("1", True), ("TRUE", True), ("0", False), ("no", False), ("", True)])
def test_switch_is_read(raw: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", raw)
    assert env_bool("SWITCH", default=True) is value


def test_switch_refuses_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWITCH", "måske")
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        env_bool("SWITCH", default=True)


def test_secret_is_demanded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET"):
        env_secret("SECRET")


@pytest.mark.asvs("V13.3.1")
def test_secret_is_read_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nøgle").write_text("hemmelig\n", encoding="utf-8")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "nøgle"))
    assert env_secret("SECRET") == "hemmelig"


def test_list_and_text_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOSTS", "a.dk, b.dk,")
    monkeypatch.delenv("NAME", raising=False)
    assert (env_list("HOSTS", default=[]), env_text("NAME", default="intet")) == (["a.dk", "b.dk"], "intet")


def test_database_address_becomes_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB", "postgresql://app:hemmelig@db:5433/pejlemaerker?sslmode=require")
    database = env_database("DB")
    assert (database["NAME"], database["USER"], database["PASSWORD"], database["HOST"], database["PORT"]) == (
        "pejlemaerker", "app", "hemmelig", "db", "5433",
    )  # fmt: skip
    assert database["OPTIONS"]["sslmode"] == "require"


def test_mail_server_becomes_a_mailer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL", "smtp+tls://app:h%40mmelig@mail.kommune.dk")
    options = env_mail("MAIL", default="none:")["OPTIONS"]
    assert (options["host"], options["port"], options["username"], options["password"], options["use_tls"]) == (
        "mail.kommune.dk", 587, "app", "h@mmelig", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    ["http://mail", "smtp://", "smtp://mail:99999", "smtp://kun-bruger@mail", "smtp://mail/?tls=1", "mail.kommune.dk"],
)
def test_mail_server_refuses_nonsense_without_telling_the_password(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL", raw.replace("//", "//app:hemmelig@", 1) if "@" not in raw else raw)
    with pytest.raises(ImproperlyConfigured, match="MAIL") as refused:
        env_mail("MAIL", default="none:")
    assert "hemmelig" not in str(refused.value)


@pytest.mark.parametrize("raw", ["ftp://x.dk", "x.dk", "https://", "https://x.dk/?a=1", "https://[x"])
def test_site_address_refuses_nonsense(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE", raw)
    with pytest.raises(ImproperlyConfigured, match="SITE"):
        env_url("SITE", default=None)


@pytest.mark.parametrize("raw", ["", "a", "a@", "<>", "a@b.dk\nBcc: c@d.dk"])
def test_sender_refuses_nonsense(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FROM", raw)
    with pytest.raises(ImproperlyConfigured, match="FROM"):
        env_address("FROM", default=None)


def test_site_and_sender_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE", "https://pejlemaerker.kommune.dk/")
    monkeypatch.setenv("FROM", "Hvidovre Kommune <pejlemaerker@hvidovre.dk>")
    assert env_url("SITE", default=None) == "https://pejlemaerker.kommune.dk"
    assert env_address("FROM", default=None) == "Hvidovre Kommune <pejlemaerker@hvidovre.dk>"


def test_database_of_pages_has_limits_that_the_address_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB", "postgresql://db/pejlemaerker?options=-c%20lock_timeout%3D1s")
    options = env_database("DB", patience=15)["OPTIONS"]["options"]
    assert options == (
        "-c seq_page_cost=0.05 -c random_page_cost=0.05 -c jit=off "
        "-c statement_timeout=15s -c lock_timeout=7s -c idle_in_transaction_session_timeout=60s -c lock_timeout=1s"
    )
    assert "lock" not in env_database("DB")["OPTIONS"]["options"].replace("lock_timeout=1s", "")


def test_database_address_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "url").write_text("postgresql://app:hemmelig@db/pejlemaerker\n")
    monkeypatch.setenv("DB_FILE", str(tmp_path / "url"))
    assert env_database("DB")["PASSWORD"] == "hemmelig"


def test_choice_refuses_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORM", "xml")
    with pytest.raises(ImproperlyConfigured, match="text eller json"):
        env_choice("FORM", default="text", among=["text", "json"])


def test_group_gives_a_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANTS", "a-1=secretary@hvidovre/bu, b=auditor@hvidovre\nb=head@herning")
    assert env_grants("GRANTS", roles={"secretary", "auditor", "head"}) == (
        ("a-1", "secretary", "hvidovre", "bu"), ("b", "auditor", "hvidovre", ""), ("b", "head", "herning", ""),
    )  # fmt: skip


@pytest.mark.parametrize("raw", ["a=konge@hvidovre", "a=secretary", "a@hvidovre", "a=secretary@hvidovre/bu/igen"])
def test_group_that_gives_nonsense_is_refused(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRANTS", raw)
    with pytest.raises(ImproperlyConfigured, match="GRANTS"):
        env_grants("GRANTS", roles={"secretary"})


@pytest.mark.parametrize("raw", ["0", "-1", "1,5", "mange", "²", "1000000"])
def test_number_refuses_nonsense(raw: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOURS", raw)
    with pytest.raises(ImproperlyConfigured, match="HOURS"):
        env_number("HOURS", default=12)
    monkeypatch.delenv("HOURS")
    assert env_number("HOURS", default=12) == 12
    monkeypatch.setenv("HOURS", "0")
    assert env_number("HOURS", default=12, least=0) == 0
