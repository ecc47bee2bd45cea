"""Files of strangers: what they say, what was changed in them, and that they do no harm."""

import io
import random
import subprocess
import zipfile
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pytest

from kit.paper import apart
from kit.paper.comparing import compare
from kit.paper.faults import PaperBusy
from kit.paper.kinds import read
from kit.paper.reading import Reading, Unreadable
from kit.pdf import render_pdf

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def a_pdf(text: str = "Vi taler med barnet.") -> bytes:
    html = f"<html lang=da><head><title>Et notat</title><meta name=keywords content='Notat 2026-1'></head><p>{text}</p>"
    return render_pdf(html, created=NOON)


def a_word_file(body: str, **parts: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W} {MC}><w:body>{body}</w:body></w:document>")
        package.writestr("_rels/.rels", _naming({"officeDocument": ["word/document.xml"]}))
        near: dict[str, list[str]] = {}
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", content)
            near.setdefault(name.rstrip("0123456789"), []).append(f"{name}.xml")
        package.writestr("word/_rels/document.xml.rels", _naming(near))
    return target.getvalue()


def _naming(parts: dict[str, list[str]]) -> str:
    """What a part of a package names."""
    told = (f'<Relationship Type="x/{kind}" Target="{name}"/>' for kind, names in parts.items() for name in names)
    return f"<Relationships>{''.join(told)}</Relationships>"


def a_page(body: str) -> bytes:
    return f"<!doctype html><html lang=da><title>Et notat</title><body>{body}".encode()


def resaved(pdf: bytes, **how: Any) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(target, **how)
    return target.getvalue()


def test_pdf_is_read_with_what_it_says_of_itself() -> None:
    found = read(a_pdf())
    said = "Vi taler med barnet. · side 1 af 1"  # and what stands in the margin of its page
    assert (found.form, " ".join(found.words), "Notat 2026-1" in found.about) == ("pdf", said, True)


def test_word_file_is_read_as_a_reader_sees_it() -> None:
    body = (
        "<w:p><w:r><w:t>Vi taler </w:t></w:r><w:del><w:r><w:delText>ikke </w:delText></w:r></w:del>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>aldrig </w:t></w:r><w:r><w:t>med bar</w:t></w:r><w:r><w:t>net.</w:t></w:r>"
        "</w:p><mc:AlternateContent><mc:Choice><w:p><w:r><w:t>Figur</w:t></w:r></w:p></mc:Choice>"
        "<mc:Fallback><w:p><w:r><w:t>Figur</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>"
    )
    foot = f"<w:ftr {W}><w:p><w:r><w:t>Notat 2026-1 side 2</w:t></w:r></w:p></w:ftr>"
    found = read(a_word_file(body, footer1=foot, footer2=foot))
    assert found.words == ("Vi", "taler", "med", "barnet.", "Figur", "Notat", "2026-1", "side")


def test_web_page_is_read_without_its_style() -> None:
    found = read(a_page("<style>p{}</style><p>Vi <b>ta</b>ler</p><!-- gemt --><p>med barnet.</p>"))
    assert found.words == ("Et", "notat", "Vi", "taler", "med", "barnet.")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "ikke en PDF"),
        (b"Bare tekst", "ikke en PDF"),
        (b"\xff\xfe\x00", "ikke en PDF"),
        (b"%PDF-1.7\nintet", "i stykker"),
        (b"PK\x03\x04intet", "i stykker"),
        (b"\xd0\xcf\x11\xe0", "adgangskode"),
        (a_word_file("<w:p>")[:-30], "i stykker"),
        (a_word_file("<w:p>"), "i stykker"),
    ],
)
def test_file_that_cannot_be_read_is_told_why(content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(content)


@pytest.mark.parametrize(
    "hidden",
    [
        "<!--> Vi lukker. <!-- -->", "<![CDATA[ > Vi lukker. ]]>", "<xmp><style></xmp>Vi lukker.<xmp></style></xmp>",
        "<div><template shadowrootmode=open>Vi lukker.</template></div>", "<p ONCLICK=x>", "<img src=x onerror=x>",
        "<a href='data:text/html,x'>x</a>", "<form action=javascript:x>",
    ],
)  # fmt: skip
def test_web_page_that_browsers_show_otherwise_is_refused(hidden: str) -> None:
    with pytest.raises(Unreadable, match="kan vise andre ord"):
        read(a_page(f"<p>Vi taler med barnet.</p>{hidden}"))


@pytest.mark.parametrize("said", ["", "Vi lukker."])
def test_word_file_that_programs_show_differently_is_refused(said: str) -> None:
    """What is chosen where a program knows an extension, and what stands in its place elsewhere."""
    choice, other = (f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in ("Vi taler.", said))
    either = f"<mc:AlternateContent><mc:Choice>{choice}</mc:Choice><mc:Fallback>{other}</mc:Fallback>"
    with pytest.raises(Unreadable, match="i nogle programmer"):
        read(a_word_file(f"{either}</mc:AlternateContent>"))


def test_words_that_word_passes_over_are_not_read() -> None:
    foreign = '<w:p><w:r><w:t>Vi </w:t><x:t xmlns:x="andet">ikke </x:t><w:t>lukker.</w:t></w:r></w:p>'
    assert read(a_word_file(foreign)).words == ("Vi", "lukker.")


def test_locked_pdf_is_told() -> None:
    with pytest.raises(Unreadable, match="adgangskode"):
        read(resaved(a_pdf(), encryption=pikepdf.Encryption(owner="a", user="b")))


def test_entities_that_grow_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    with pytest.raises(Unreadable):
        read(a_word_file("<w:p/>", comments=bomb))


def test_word_file_that_unfolds_without_end_is_refused() -> None:
    with pytest.raises(Unreadable, match="for stor"):
        apart.about(a_word_file(" " * 61_000_000))


def test_file_saved_anew_says_the_same_and_looks_the_same() -> None:
    pdf = a_pdf()
    again = resaved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    assert again != pdf
    held = apart.compared(pdf, again)
    assert (held.is_same, held.pages, held.has_looks) == (True, (), True)


def test_what_is_laid_upon_a_page_is_seen() -> None:
    pdf, target = a_pdf(), io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.pages[0].contents_add(b"q 1 1 1 rg 0 0 600 900 re f Q")
        opened.save(target)
    held = apart.compared(pdf, target.getvalue())
    assert (held.is_same, held.pages) == (True, (1,))


def test_changed_words_are_told_with_what_stands_around_them() -> None:
    held = apart.compared(a_pdf("Vi taler med barnet og familien."), a_pdf("Vi taler ikke med barnet."))
    assert not held.is_same
    assert [(one.removed, one.added) for one in held.changes] == [("", "ikke"), ("barnet og familien.", "barnet.")]


def test_changes_far_apart_in_a_long_text_are_told_one_by_one() -> None:
    pick = random.Random(7)
    words = [f"ord{pick.randrange(3000)}" if number % 3 else "og" for number in range(60_000)]
    other = list(words)
    other[1000], other[59_000:59_002] = "nyt", ["helt", "nyt", "igen"]
    held = compare(Reading("pdf", tuple(words)), Reading("pdf", tuple(other)))
    assert [(one.removed, one.added) for one in held.changes] == [
        (words[1000], "nyt"),
        (" ".join(words[59_000:59_002]), "helt nyt igen"),
    ]


def test_words_divided_otherwise_are_the_same_words() -> None:
    assert compare(Reading("pdf", ("bar", "net")), Reading("pdf", ("barnet",))).is_same


def test_file_of_another_kind_is_not_held_up() -> None:
    with pytest.raises(Unreadable, match="anden slags"):
        apart.compared(a_pdf(), a_page("Vi taler med barnet."))


def test_file_that_takes_too_long_is_let_go_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_WAIT", 0.001)
    with pytest.raises(Unreadable, match="i tide"):
        apart.about(a_page("Vi"))


def test_too_many_at_once_are_asked_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_QUEUE", 0.001)
    with apart._AT_ONCE, apart._AT_ONCE, pytest.raises(PaperBusy):
        apart.about(a_page("Vi"))
    assert apart.about(a_page("Vi")).form == "html"


def test_the_other_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "en nøgle")
    started: list[Any] = []
    run = subprocess.run

    def spied(*args: Any, **kwargs: Any) -> Any:
        started.append(kwargs["env"])
        return run(*args, **kwargs)

    monkeypatch.setattr(subprocess, "run", spied)
    apart.about(a_page("Vi"))
    assert started == [{}]
