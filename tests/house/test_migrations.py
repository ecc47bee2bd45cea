"""The models and the migrations say the same, and every migration has a name somebody chose."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def test_migrations_are_named_by_hand() -> None:
    names = [path.stem for app in ("meetings", "pejlemaerker") for path in (ROOT / app / "migrations").glob("0*.py")]
    assert names
    assert [name for name in names if "auto" in name or name.endswith("initial")] == []
