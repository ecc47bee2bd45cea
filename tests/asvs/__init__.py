"""OWASP ASVS 5.0, levels 1 and 2: what is asked, what shows that it is met, and the page that tells it."""

import csv
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs/asvs.md"
_STATES = {"met": "Met", "not_applicable": "Does not apply", "not_met": "**Not met**"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement of the standard."""

    number: str
    level: str
    section: str
    text: str


def requirements() -> list[Requirement]:
    """Those of levels 1 and 2, in the standard's order."""
    with (HERE / "asvs-5.0.0.csv").open(encoding="utf-8-sig", newline="") as rows:
        return [
            Requirement(row["req_id"], row["L"], f"{row['section_id']} {row['section_name']}", row["req_description"])
            for row in csv.DictReader(rows)
            if row["L"] in ("1", "2")
        ]


def arguments() -> dict[str, tuple[str, str]]:
    """State and argument of what no test shows."""
    told = tomllib.loads((HERE / "arguments.toml").read_text(encoding="utf-8"))
    return {number: (state, why) for state, lines in told.items() for number, why in lines.items()}


def page(evidence: Mapping[str, Iterable[str]]) -> str:
    """The page, from the tests that are marked for each requirement."""
    argued, sections = arguments(), defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for one in requirements():
        tests = sorted(set(evidence.get(one.number, ())))
        state, why = argued.get(one.number, ("met", ""))
        counts["tested" if tests else state] += 1
        shown = "<br>".join(f"`{test}`" for test in tests) or why
        sections[one.section].append(
            f"| {one.number} | {one.level} | {_short(one.text)} | {_STATES[state]} | {_cell(shown)} |"
        )
    lines = [
        "# OWASP ASVS 5.0, levels 1 and 2",
        "",
        "Written by `make asvs` from the tests that are marked with a requirement and from",
        "`tests/asvs/arguments.toml`; never typed.",
        "",
        f"Of {sum(counts.values())} requirements {counts['tested']} are shown by tests, {counts['met']} are met for",
        f"the reason that is given, {counts['not_applicable']} do not apply, and {counts['not_met']} are not met.",
    ]
    for section, rows in sections.items():
        lines += ["", f"## {section}", "", "| no. | level | asked | state | shown by |", "|---|---|---|---|---|", *rows]
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    words = text.removeprefix("Verify that ").split(". ")[0].rstrip(".")
    return _cell(words if len(words) <= 200 else words[:200].rsplit(" ", 1)[0] + " …")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
