"""Settings refuse nonsense instead of guessing."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kit.env import env_bool, env_database, env_list, env_secret, env_text


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
