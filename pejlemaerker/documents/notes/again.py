"""Et udstedt notat, lavet igen: the same paper by the same knowledge, and what differs if it is not the same text."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

from kit.paper.document import Paper
from pejlemaerker.documents.diff import Diff
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.issuing import naming, subject_of
from pejlemaerker.documents.notes.making import paper_of
from pejlemaerker.models import AsOf, Note

_MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class MadeAgain:
    """Notatet, lavet igen i dag. What has been written since, for another day, makes no difference."""

    is_same: bool
    differences: tuple[Diff, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, note: Note) -> Self:
        """Make the paper of a note again, for the day and by the knowledge it was made by."""
        paper = paper_of(
            subject_of(note), audience=note.audience, at=AsOf(note.as_of, note.known),
            choices=Choices.from_data(note.choices, note.kind), author=note.issued_by, template=note.template,
        )  # fmt: skip
        again = naming(paper, note.corrects, note.correction_reason)
        if again.fingerprint == note.text_sha256:
            return cls(True)
        found = _differences(Paper.from_data(note.paper).text.splitlines(), again.text.splitlines())
        return cls(False, tuple(Diff.of(*one) for one in found[:_MOST_TOLD]), max(0, len(found) - _MOST_TOLD))


def _differences(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    """The lines that differ, side by side where as many came as went."""
    found: list[tuple[str, str]] = []
    for tag, start, end, there, there_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = old[start:end], new[there:there_end]
        if len(gone) == len(come):
            found += zip(gone, come, strict=True)
        else:
            found.append(("\n".join(gone), "\n".join(come)))
    return found
