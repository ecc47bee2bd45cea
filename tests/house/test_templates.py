"""Templates: each is used, none carries style or script of its own, and an undefined variable fails."""

import re
from functools import cache
from pathlib import Path

import pytest
from django.template import engines

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [path.relative_to(ROOT / "templates").as_posix() for path in TEMPLATES]
INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\bsrc=)|\son[a-z]+=|javascript:", re.IGNORECASE)
# Not pages: papers made into a file of their own, with the house’s colour in it (kit.paper.colour.accent).
ALONE = {"paper/alone.html", "paper/collection.html", "paper/paper.html"}
SEVERAL_LINES = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)


@pytest.mark.asvs("V1.1.2")
@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name: str) -> None:
    engines["django"].get_template(name)


@pytest.mark.asvs("V1.2.1", "V1.2.3", "V3.2.2")
@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_template_has_no_inline_style_or_script(path: Path) -> None:
    found = INLINE.findall(SEVERAL_LINES.sub("", path.read_text(encoding="utf-8")))
    is_alone = path.relative_to(ROOT / "templates").as_posix() in ALONE
    assert [one for one in found if not (is_alone and one == "<style")] == []


@pytest.mark.parametrize("name", NAMES)
def test_template_is_used(name: str) -> None:
    if name in {"400.html", "403.html", "404.html", "500.html"}:  # Django asks for these by name
        return
    assert any(name in source for path, source in _sources().items() if not path.endswith(f"templates/{name}"))


@cache
def _sources() -> dict[str, str]:
    """Read everything that may name a template, once."""
    files = [*TEMPLATES, *ROOT.glob("kit/**/*.py"), *ROOT.glob("meetings/**/*.py"), *ROOT.glob("pejlemaerker/**/*.py")]
    return {path.as_posix(): path.read_text(encoding="utf-8") for path in files}


@pytest.mark.asvs("V1.1.2")
def test_undefined_variable_fails() -> None:
    with pytest.raises(AssertionError, match="findes_ikke"):
        engines["django"].from_string("{{ findes_ikke }}").render({})
