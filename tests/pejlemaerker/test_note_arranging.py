"""The order of a note's sections, as a writer moves them."""

import pytest

from pejlemaerker.documents.notes.arranging import arranged, moved
from pejlemaerker.documents.notes.choices import SECTIONS_OF, Choices
from pejlemaerker.documents.notes.choices import SectionKey as Key
from pejlemaerker.models import NoteKind

CHOSEN = (Key.STATUS, Key.WORDINGS, Key.SOURCES)


def test_sections_not_chosen_stand_where_they_usually_do() -> None:
    order = arranged(CHOSEN, "set")
    assert [key for key in order if key in CHOSEN] == list(CHOSEN)
    assert order[order.index(Key.STATUS) + 1] == Key.QUOTATIONS
    assert order[order.index(Key.FIGURES) + 1] == Key.CHANGES
    assert order[0] == Key.INTRODUCTION


@pytest.mark.parametrize("kind", NoteKind)
def test_usual_order_is_the_list_of_all(kind: NoteKind) -> None:
    assert arranged(Choices.usual(kind).sections, kind) == SECTIONS_OF[kind]


@pytest.mark.parametrize(
    ("key", "to", "after"),
    [
        ("wordings", "op", (Key.WORDINGS, Key.STATUS, Key.SOURCES)),
        ("wordings", "ned", (Key.STATUS, Key.SOURCES, Key.WORDINGS)),
        ("status", "op", CHOSEN),
        ("sources", "ned", CHOSEN),
        ("sources", "1", (Key.SOURCES, Key.STATUS, Key.WORDINGS)),
        ("status", "99", (Key.WORDINGS, Key.SOURCES, Key.STATUS)),
        ("plan", "1", (Key.PLAN, *CHOSEN)),  # what is drawn to a place is taken along
        ("meetings", "1", CHOSEN),  # of a year, and not of a set
        ("status", "", CHOSEN),
        ("status", "sidelæns", CHOSEN),
        ("status", "9999999999", CHOSEN),
        ("", "op", CHOSEN),
    ],
)
def test_section_is_moved(key: str, to: str, after: tuple[Key, ...]) -> None:
    assert moved(CHOSEN, "set", key=key, to=to, seen=arranged(CHOSEN, "set")) == after


def test_section_is_moved_in_the_list_the_writer_saw() -> None:
    """A tick taken away a moment ago has not moved its line on the page."""
    seen = ["status", "plan", "wordings", "sources"]
    assert moved(CHOSEN, "set", key="sources", to="3", seen=seen) == (Key.STATUS, Key.SOURCES, Key.WORDINGS)
