"""`make audit` says that all is well only when it was told so: silence, a skipped package and an empty list are no."""

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

AUDIT = Path(__file__).resolve().parents[2] / "make" / "audit.py"
HOLE = {"name": "jinja2", "version": "2.4.1", "vulns": [{"id": "PYSEC-1"}]}
SOUND = {"name": "django", "version": "6.1", "vulns": []}
SKIPPED = {"name": "django", "skip_reason": "not found"}
NPM_HOLE = {
    "vulnerabilities": {"lodash": {"name": "lodash", "severity": "high"}},
    "metadata": {"dependencies": {"total": 1}},
}
NPM_SOUND: dict[str, Any] = {"vulnerabilities": {}, "metadata": {"dependencies": {"total": 2}}}

type Told = dict[str, Any]


def answering(
    monkeypatch: pytest.MonkeyPatch, *, python: Any, npm: Any, known: Any = HOLE, known_npm: Any = NPM_HOLE
) -> None:
    """Let the tools answer so about what is pinned, and so about what everybody knows."""

    def run(command: list[str], *, cwd: Path, **_: Any) -> CompletedProcess[str]:
        is_npm, is_known = "audit" in command, "known.txt" in " ".join(command) or cwd != AUDIT.parents[1]
        told = (known_npm if is_known else npm) if is_npm else {"dependencies": [known if is_known else python]}
        return CompletedProcess(command, 0, told if isinstance(told, str) else json.dumps(told), "")

    monkeypatch.setattr("subprocess.run", run)


def audit() -> int:
    main: Callable[[], int] = runpy.run_path(str(AUDIT))["main"]
    return main()


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        ({"python": SOUND, "npm": NPM_SOUND}, 0, "2 pakker spurgt, 0 med kendte huller"),
        ({"python": HOLE, "npm": NPM_SOUND}, 1, "jinja2 2.4.1: PYSEC-1"),
        ({"python": SOUND, "npm": NPM_HOLE}, 1, "lodash: high"),
        ({"python": SKIPPED, "npm": NPM_SOUND}, 2, "sprang over: django"),
        ({"python": SOUND, "npm": NPM_SOUND, "known": SOUND}, 2, "kunne ikke køre"),
        ({"python": SOUND, "npm": NPM_SOUND, "known_npm": NPM_SOUND}, 2, "kunne ikke køre"),
        ({"python": SOUND, "npm": {"message": "405 Method Not Allowed"}}, 2, "405"),
        ({"python": HOLE, "npm": ""}, 2, "intet svar"),
    ],
)
def test_audit_tells_what_it_was_told(
    told: Told, status: int, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(monkeypatch, **told)
    assert audit() == status
    assert words in capsys.readouterr().out
