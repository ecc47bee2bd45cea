"""Files made to look like an issued note in this house's eyes, and otherwise in those of whoever opens them."""

import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.cache import cache

from kit.paper import apart
from kit.paper.kinds import read
from kit.paper.reading import Unreadable
from meetings.models import User
from pejlemaerker.documents.notes.verify import Verdict, Verification
from pejlemaerker.models import GoalSet, Note, NoteFile
from tests.conftest import Login
from tests.pejlemaerker.notes import an_issued_note

RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OTHER = f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:t>Vi lukker.</w:t></w:r></w:p></w:body></w:document>'


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def note(published_goal_set: GoalSet, consultant: User) -> Note:
    return an_issued_note(published_goal_set, by=consultant, introduction="Vi har talt med lederne.")


def file_of(note: Note, form: str) -> bytes:
    return bytes(NoteFile.objects.get(note=note, form=form).content)


def rewritten(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A Word file with other parts."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return target.getvalue()


def _other_body(parts: dict[str, bytes]) -> None:
    """Word opens the part that the package names, whatever lies where it usually is."""
    parts["word/andet.xml"] = OTHER.encode()
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", b"word/andet.xml")


def _other_head(parts: dict[str, bytes]) -> None:
    """A head that lies where no head usually lies."""
    parts["word/andet.xml"] = OTHER.replace("w:document", "w:hdr").replace("w:body>", "w:p>").encode()
    own = "word/_rels/document.xml.rels"
    added = f'<Relationship Id="rId999" Type="{RELATIONSHIPS}/header" Target="andet.xml"/></Relationships>'
    parts[own] = parts[own].replace(b"</Relationships>", added.encode())


def _fetched(parts: dict[str, bytes]) -> None:
    """A web page that Word sets into the text (w:altChunk)."""
    parts["word/andet.html"] = b"<html><body>Vi lukker.</body></html>"
    own = "word/_rels/document.xml.rels"
    added = f'<Relationship Id="rId999" Type="{RELATIONSHIPS}/aFChunk" Target="andet.html"/></Relationships>'
    parts[own] = parts[own].replace(b"</Relationships>", added.encode())


@pytest.mark.parametrize(
    ("change", "verdict"),
    [(_other_body, Verdict.CHANGED), (_other_head, Verdict.CHANGED), (_fetched, Verdict.UNREADABLE)],
)
def test_word_file_is_read_as_word_reads_it(
    change: Callable[[dict[str, bytes]], None], verdict: Verdict, note: Note, consultant: User
) -> None:
    content = rewritten(file_of(note, "docx"), change)
    found = Verification.of(content, viewer=consultant)
    assert found.verdict in {verdict, Verdict.UNKNOWN}
    same = rewritten(file_of(note, "docx"), lambda _parts: None)
    assert Verification.of(same, viewer=consultant).verdict == Verdict.SAME_WORDS


def test_part_that_lies_twice_in_a_word_file_is_refused(note: Note) -> None:
    target = io.BytesIO(file_of(note, "docx"))
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("WORD/document.xml", OTHER)
    with pytest.raises(Unreadable):
        read(target.getvalue())


@pytest.mark.parametrize("kind", ["page-with-pdf", "package-with-pdf", "pdf-with-package", "pdf-with-page"])
def test_file_of_two_kinds_is_neither(kind: str, note: Note, consultant: User) -> None:
    pdf, word = file_of(note, "pdf"), file_of(note, "docx")
    first = io.BytesIO()
    with zipfile.ZipFile(first, "w") as files:
        files.writestr("a", pdf)  # %PDF- stands within the first thousand bytes
        files.writestr("word/document.xml", OTHER)
    content = {
        "page-with-pdf": b"<!doctype html><html><body>Vi lukker.</body></html><!--" + pdf,
        "package-with-pdf": first.getvalue(),
        "pdf-with-package": pdf + word,
        "pdf-with-page": pdf + b"\n<html><body>Vi lukker.</body></html>",
    }[kind]
    assert Verification.of(content, viewer=consultant).verdict in {Verdict.UNREADABLE, Verdict.UNKNOWN}


@pytest.mark.parametrize(
    "added",
    [
        "<script>document.body.textContent = 'Vi lukker.'</script>", '<svg onload="alert(1)"></svg>',
        '<iframe src="https://eksempel.dk/"></iframe>', '<meta http-equiv="refresh" content="0;url=//eksempel.dk">',
        '<a href=" java&#115;cript:alert(1)">læs</a>', '<object data="x"></object>', '<link rel="stylesheet" href="x">',
    ],
    ids=["script", "handler", "frame", "refresh", "address", "object", "sheet"],
)  # fmt: skip
def test_page_that_can_say_something_else_is_not_taken_for_the_note(added: str, note: Note, consultant: User) -> None:
    content = file_of(note, "html").replace(b"</body>", added.encode() + b"</body>")
    assert Verification.of(content, viewer=consultant).verdict == Verdict.UNREADABLE


def test_small_file_that_unpacks_to_much_text_does_not_reach_the_server(note: Note, as_user: Login) -> None:
    """What the other process tells is held in the memory of the one that serves pages."""
    heavy = OTHER.replace("Vi lukker.", "a" * 50_000_000).encode()

    def one_word(parts: dict[str, bytes]) -> None:
        for name in ("document", "footnotes", "endnotes", "comments"):
            parts[f"word/{name}.xml"] = heavy

    content = rewritten(file_of(note, "docx"), one_word)
    assert len(content) < 1_000_000
    with pytest.raises(Unreadable):
        apart.about(content)


@pytest.mark.parametrize("head", ["<meta name=x content='{}'>", "<title>{}</title>"])
def test_what_a_file_says_of_itself_is_bounded(head: str) -> None:
    page = f"<html><head>{head.format('b' * 15_000_000)}</head><body>ord</body></html>".encode()
    try:
        told = apart.about(page)
    except Unreadable:
        return
    assert len(told.text) < 100_000
