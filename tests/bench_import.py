"""How well documents are read, against what a careful reader found: `make bench-import FOLDER=…`.

A folder holds texts and an `index.json` with what is expected of each (DOMAIN § 3). A value is *right*, *wrong*
(another value than expected, or one where nothing is to be found) or *unknown* (nothing was claimed): a wrong value is
worse than none.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pejlemaerker.importing.document import read_document

DOCUMENTS = Path(__file__).parent / "documents"
Verdict = Literal["right", "wrong", "unknown"]
# Categories of the index that are two of ours at once, or ours by another name: each of these is a right answer.
_ALSO = {
    "approved_with_change": {"approved_amended"},
    "approved_with_remark": {"approved", "approved_amended"},
    "approved_by_vote": {"approved"},
    "rejected_and_brought_to_council": {"rejected", "brought_to_council"},
    "partly_postponed": {"postponed", "approved", "approved_amended"},
    "noted_and_discussed": {"noted", "discussed"},
}


@dataclass(frozen=True, slots=True)
class Judged:
    """One value of one file: what was expected, what was read, and what that is worth."""

    file: str
    field: str
    verdict: Verdict
    expected: Any
    read: Any


def judge_folder(folder: Path) -> list[Judged]:
    """Read every file named in the folder's index."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return [judged for entry in index for judged in judge_file(folder / entry["file"], entry["expect"])]


def judge_file(file: Path, expected: dict[str, Any]) -> Iterator[Judged]:
    """Hold one reading against what a careful reader found."""
    text = file.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    read = read_document(rest if first.startswith("# KILDE:") else text).as_json(file=file.name)

    def judge(field: str, wanted: Any, got: Any, *, same: bool | None = None) -> Judged:
        is_same = wanted == got if same is None else same
        silent = got in (None, [], "ukendt")
        return Judged(file.name, field, "right" if is_same else "unknown" if silent else "wrong", wanted, got)

    yield judge("doc_type", expected["doc_type"], read["doc_type"])
    yield judge("committee", expected["organ"], read["committee"])
    yield judge("date", expected["date"], read["date"])
    if "items" in expected:
        yield judge("items", expected["items"], len(read["items"]))
    numbers = [item["case_no"] for item in read["items"]] if read["items"] else [read["case_no"]]
    yield judge("case_no", expected["case_numbers"], [number for number in numbers if number])
    decisions = expected["decisions"]
    for place, wanted in enumerate(decisions):
        if wanted == "unknown":
            continue
        item = read["items"][place] if len(read["items"]) == len(decisions) else {}
        got = (item.get("decision") or {}).get("category")
        yield judge(f"decision {place + 1}", wanted, got, same=got == wanted or got in _ALSO.get(wanted or "", ()))
    for key in ("titles", "numbers", "closed", "goals", "recommendations"):
        if key in expected:
            yield judge(key, expected[key], _more(key, read))


def _more(key: str, read: dict[str, Any]) -> Any:
    if key == "goals":
        return [goal["text"] for goal_set in read["goal_sets"] for goal in goal_set["goals"]]
    if key == "recommendations":
        return [len(item["recommendations"]) for item in read["items"]]
    return [item[{"titles": "title", "numbers": "number", "closed": "closed"}[key]] for item in read["items"]]


def tell(judged: Sequence[Judged]) -> str:
    """A table of the fields, and below it what went wrong in which file."""
    counts: dict[str, Counter[str]] = {}
    for one in judged:
        counts.setdefault(one.field.split()[0], Counter())[one.verdict] += 1
    total = sum(counts.values(), Counter())
    lines = [f"{'field':<16}{'right':>7}{'wrong':>7}{'unknown':>9}"]
    lines += [f"{f:<16}{c['right']:>7}{c['wrong']:>7}{c['unknown']:>9}" for f, c in [*counts.items(), ("all", total)]]
    share = 100 / max(1, total.total())
    lines += ["", f"right {total['right'] * share:.1f} %, wrong {total['wrong'] * share:.1f} %", ""]
    for one in judged:
        if one.verdict != "right":
            lines.append(
                f"{one.file}: {one.field} {one.verdict}\n    expected {one.expected!r}\n    read     {one.read!r}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    for name in sys.argv[1:] or [str(DOCUMENTS)]:
        sys.stdout.write(f"{name}\n\n{tell(judge_folder(Path(name)))}\n\n")
