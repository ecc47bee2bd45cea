"""What a careful reader finds is found, and nothing else is claimed: the layouts of `make bench-import`."""

from collections import Counter
from pathlib import Path

import pytest

from tests.bench_import import DOCUMENTS, judge_folder

LAYOUTS = Path(__file__).parents[2] / "layouts"


@pytest.mark.parametrize("folder", [DOCUMENTS, LAYOUTS], ids=["documents", "layouts"])
def test_layouts_are_read_right_and_nothing_wrong(folder: Path) -> None:
    judged = judge_folder(folder)
    counts = Counter(one.verdict for one in judged)
    assert [one for one in judged if one.verdict == "wrong"] == []
    assert counts["right"] >= 0.95 * len(judged)
