"""Every requirement of ASVS 5.0, levels 1 and 2, has a test that shows it or an argument, and the page says which."""

import ast
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.asvs import PAGE, arguments, page, requirements

TESTS = Path(__file__).parents[1]


def marked() -> dict[str, list[str]]:
    """The tests that are marked for each requirement, read from the source: no test need run for the page."""
    found = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for name, numbers in _marks_in(file.read_text(encoding="utf-8")):
            for number in numbers:
                found[number].append(f"{file.relative_to(TESTS)}::{name}")
    return found


def _marks_in(source: str) -> Iterator[tuple[str, list[str]]]:
    if "mark.asvs" not in source:
        return
    for node in ast.parse(source).body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.asvs":
                yield node.name, [ast.literal_eval(one) for one in mark.args]  # type: ignore[attr-defined]


def test_every_requirement_has_a_test_or_an_argument_and_not_both() -> None:
    tested, argued = set(marked()), set(arguments())
    assert sorted(one.number for one in requirements()) == sorted([*tested, *argued])


def test_page_says_what_the_tests_and_arguments_say() -> None:
    if os.environ.get("ASVS") == "write":
        PAGE.write_text(page(marked()), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(marked())
