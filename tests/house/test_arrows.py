"""The arrow pejlemaerker → meetings → kit, the order of the floors inside an app, and the purity of the readers (DESIGN
§ 3).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = {"kit": ("meetings", "pejlemaerker"), "meetings": ("pejlemaerker",)}
LAYERS = ["models", "documents", "permissions", "actions", "forms", "views"]


def imports_of(path: Path) -> Iterator[str]:
    """Yield the full dotted name of everything a file imports, wherever in the file it stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("floor", FORBIDDEN)
def test_floor_imports_nothing_from_above(floor: str) -> None:
    upward = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files(floor)
        for name in imports_of(path)
        if name.split(".")[0] in FORBIDDEN[floor]
    ]
    assert upward == []


@pytest.mark.parametrize("app", ["meetings", "pejlemaerker"])
def test_layer_imports_nothing_from_above(app: str) -> None:
    upward = []
    for path in python_files(app):
        layer = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
        if layer in LAYERS:
            above = {f"{app}.{name}" for name in LAYERS[LAYERS.index(layer) + 1 :]}
            upward += [f"{path.name}: {name}" for name in imports_of(path) if ".".join(name.split(".")[:2]) in above]
    assert upward == []


@pytest.mark.parametrize("app", ["meetings", "pejlemaerker"])
def test_documents_read_models_only(app: str) -> None:
    allowed = {f"{floor}.{name}" for floor in ("meetings", "pejlemaerker") for name in ("models", "documents")}
    files = [path for path in python_files(app) if "documents" in path.relative_to(ROOT / app).as_posix()]
    strangers = [
        f"{path.name}: {name}"
        for path in files
        for name in imports_of(path)
        if name.split(".")[0] in {"meetings", "pejlemaerker"} and ".".join(name.split(".")[:2]) not in allowed
    ]
    assert files
    assert strangers == []


@pytest.mark.parametrize("app", ["meetings", "pejlemaerker"])
def test_readers_are_pure(app: str) -> None:
    allowed = ("meetings.importing", "pejlemaerker.importing", "kit.")
    files = python_files(f"{app}/importing")
    impure = [
        f"{path.name}: {name}"
        for path in files
        for name in imports_of(path)
        if name.split(".")[0] in {"django", "meetings", "pejlemaerker", "kit", "psycopg"}
        and not name.startswith(allowed)
    ]
    assert files
    assert impure == []


def test_only_kit_pdf_imports_weasyprint() -> None:
    importers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("kit", "meetings", "pejlemaerker")
        for path in python_files(folder)
        if any(name.split(".")[0] == "weasyprint" for name in imports_of(path))
    ]
    assert importers == ["kit/pdf.py"]
