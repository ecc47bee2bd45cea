"""Asks the public lists of known holes about every package that is pinned: `make audit`.

Silence is no answer. A list that cannot be reached, a package it skips, and a list that does not know a hole everybody
knows (a mirror with an empty list says that all is well) are failures: "kunne ikke køre".
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FOUND, COULD_NOT = 1, 2

# Holes that any list worth asking knows.
KNOWN_PYTHON = "jinja2==2.4.1\n"
KNOWN_NPM = "lodash", "4.17.15"


class CouldNot(Exception):
    """The question was not answered."""


def main() -> int:
    """Ask about both kinds of packages, and say what came of it."""
    worst = 0
    for what, ask in (("Python", python), ("npm", npm)):
        try:
            count, holes = ask()
        except CouldNot as fault:
            print(f"{what}: kunne ikke køre: {fault}")
            worst = COULD_NOT
            continue
        print(f"{what}: {count} pakker spurgt, {len(holes)} med kendte huller")
        print("".join(f"  {hole}\n" for hole in holes), end="")
        worst = max(worst, FOUND if holes else 0)
    return worst


def python() -> tuple[int, list[str]]:
    """Ask about requirements/dev.txt, which holds all that is installed anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        known = Path(folder) / "known.txt"
        known.write_text(KNOWN_PYTHON, encoding="utf-8")
        if not _holes(_pip_audit(known, "--no-deps")):
            raise CouldNot(f"listen kender ingen huller i {KNOWN_PYTHON.strip()}, som har dem")
    told = _pip_audit(ROOT / "requirements" / "dev.txt")
    skipped = [one["name"] for one in told if "skip_reason" in one]
    if skipped:
        raise CouldNot(f"listen sprang over: {', '.join(skipped)}")
    if not told:
        raise CouldNot("ingen pakker at spørge om")
    return len(told), _holes(told)


def _pip_audit(requirements: Path, *more: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "pip_audit", "-r", str(requirements), "--disable-pip", "--format=json", *more]
    told = _answer([*command, "--progress-spinner=off"])
    dependencies: list[dict[str, Any]] = told.get("dependencies") or []
    return dependencies


def _holes(told: list[dict[str, Any]]) -> list[str]:
    return [f"{one['name']} {one['version']}: {hole['id']}" for one in told for hole in one.get("vulns", [])]


def npm() -> tuple[int, list[str]]:
    """Ask about package-lock.json."""
    name, version = KNOWN_NPM
    with tempfile.TemporaryDirectory() as folder:
        root = {"name": "known", "version": "1.0.0", "dependencies": {name: version}}
        lock = root | {"lockfileVersion": 3, "packages": {"": root, f"node_modules/{name}": {"version": version}}}
        (Path(folder) / "package.json").write_text(json.dumps(root), encoding="utf-8")
        (Path(folder) / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        if not _npm_audit(Path(folder))["vulnerabilities"]:
            raise CouldNot(f"listen kender ingen huller i {name} {version}, som har dem")
    told = _npm_audit(ROOT)
    asked = int(told["metadata"]["dependencies"]["total"])
    if not asked:
        raise CouldNot("ingen pakker at spørge om")
    return asked, [f"{one['name']}: {one['severity']}" for one in told["vulnerabilities"].values()]


def _npm_audit(folder: Path) -> dict[str, Any]:
    told = _answer([sys.executable, str(ROOT / "make" / "npm.py"), "audit", "--package-lock-only", "--json"], folder)
    if "vulnerabilities" not in told or "metadata" not in told:
        raise CouldNot(str(told.get("message") or told.get("error") or "npm svarede ikke på spørgsmålet")[:200])
    return told


def _answer(command: list[str], folder: Path = ROOT) -> dict[str, Any]:
    """Run a tool that tells in JSON, whatever its status: both exit with 1 when they find something, and when they
    fail.
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        raise CouldNot("intet svar i fem minutter") from None
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.strip().splitlines() or ["intet svar"]
        raise CouldNot(said[-1][:200]) from None
    return told


if __name__ == "__main__":
    sys.exit(main())
