"""A paper in its forms: one content, heard by all in the same order."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import html5lib
import outloud
import page
import pikepdf
import pytest
from django.template.loader import render_to_string
from weasyprint import HTML

from kit.paper.document import Paper, Stamp
from kit.paper.glyphs import FONTS, drawable, printable, signs
from kit.paper.html import policy_of, set_as_html
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from kit.static_files import static_file
from tests import verapdf
from tests.kit.blind import heard
from tests.kit.paper_samples import long_note, random_paper, short_note
from tests.kit.test_pdf import NOON, failures, pages_of, picture


def pdf_of(paper: Paper) -> bytes:
    return render_pdf(render_to_string("paper/paper.html", {"paper": paper}), created=NOON)


def told(paper: Paper) -> str:
    """What the paper says; a numeral is told by its list. Without spaces: a line may end with one, or with none."""
    return "".join(_squeezed(re.sub(r"^\d+\. ", "", line)) for line in drawable(paper.text).splitlines())


def heard_as_told(pdf: bytes, paper: Paper) -> str:
    """What a blind reader hears, without the letterhead, the marks of lists and a drawing's description."""
    lines = [(tag, text) for tag, text in heard(pdf) if tag != "/Lbl"]
    body = [_squeezed(text) for _, text in lines].index(_squeezed(drawable(paper.as_of)))
    texts = [_named(text, paper) if tag == "/Figure" else text for tag, text in [*lines[:2], *lines[body:]]]
    return "".join(_squeezed(re.sub(r"^\d+\. ", "", text)) for text in texts)


def _named(alternative: str, paper: Paper) -> str:
    """The name a drawing's alternative text begins with."""
    lines = [_squeezed(line) for line in paper.lines()]
    return max((line for line in lines if line and _squeezed(alternative).startswith(line.rstrip("."))), key=len)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("paper", [short_note(), long_note()], ids=["short", "long"])
def test_blind_reader_hears_the_paper_from_first_to_last_line(paper: Paper) -> None:
    paper = paper.stamped(Stamp())
    assert heard_as_told(pdf_of(paper), paper) == told(paper)


def test_long_note_is_long_and_pleasant_to_listen_to(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(pdf_of(long_note()))
    assert 18 <= len(pages_of((tmp_path / "paper.pdf").read_bytes())) <= 24
    listened = outloud.check(str(tmp_path / "paper.pdf"))
    assert [(finding.rule, finding.message) for finding in listened.sorted_findings()] == []


# --- Random papers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(15))
def test_paper_that_nobody_would_write_is_valid_and_says_what_it_says(seed: int) -> None:
    paper = random_paper(seed)
    pdf = pdf_of(paper)
    broken = [failures(pdf, profile) for profile in PROFILES]
    assert broken == [[], []]
    alone = set_as_html(paper).decode()
    html5lib.HTMLParser(strict=True).parse(alone)


PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def judged_by_both(pdfs: dict[str, bytes], folder: Path) -> dict[str, tuple[bool, bool]]:
    """Whether each paper is valid, as page-validation and as veraPDF say."""
    for name, pdf in pdfs.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    theirs = verapdf.failures([folder / f"{name}.pdf" for name in pdfs])
    ours = {name: not any(failures(pdf, profile) for profile in PROFILES) for name, pdf in pdfs.items()}
    return {name: (ours[name], not theirs[folder / f"{name}.pdf"]) for name in pdfs}


@pytest.mark.drill
@pytest.mark.parametrize("hundred", range(5))
def test_five_hundred_papers_are_valid_by_both_validators(hundred: int, tmp_path: Path) -> None:
    papers = {str(seed): random_paper(seed) for seed in range(hundred * 100, hundred * 100 + 100)}
    if hundred == 0:
        papers |= {"short": short_note(), "long": long_note()}
    judged = judged_by_both({name: pdf_of(paper) for name, paper in papers.items()}, tmp_path)
    assert {name: verdict for name, verdict in judged.items() if verdict != (True, True)} == {}


@pytest.mark.drill
def test_both_validators_see_a_faulty_paper(tmp_path: Path) -> None:
    html = render_to_string("paper/paper.html", {"paper": short_note()})
    good = pdf_of(short_note())
    with pikepdf.open(BytesIO(good)) as opened:
        del opened.Root.StructTreeRoot.K[0].K[0]  # what was tagged is left on the page
        opened.save(tmp_path / "untagged.pdf")
    faulty = {
        "plain": HTML(string=html).write_pdf(),
        "archive": HTML(string=html).write_pdf(pdf_variant="pdf/a-3a"),
        "accessible": HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"),
        "untagged": (tmp_path / "untagged.pdf").read_bytes(),
    }
    judged = judged_by_both({**faulty, "good": good}, tmp_path)
    assert judged == {**dict.fromkeys(faulty, (False, False)), "good": (True, True)}


# --- What the fonts cannot draw ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Æbler på åen – »øl« … 50 % ½ ≥ → ✓ ﬁ ı ğ ő Ω Ж ạ́", "Æbler på åen – »øl« … 50 % ½ ≥ → ✓ ﬁ ı ğ ő Ω Ж ạ́"),
        ("Godt 👍🏽, familien 👩‍👩‍👧 🇩🇰!", "Godt [emoji], familien [emoji] [emoji]!"),
        ("Tast 1️⃣ og ☎️", "Tast 1 og [emoji]"),
        ("שלום", "[tegn U+05E9 U+05DC U+05D5 U+05DD]"),
        ("漢", "[tegn U+6F22]"),
        ("a\u030a e\u0301 A\u030a", "å é Å"),
        ("<p>\u0338x", "<p>[tegn U+0338]x"),
        ("pejle\u00admærke\u200b\u200d\ufeff", "pejlemærke"),
        ("vend\u202eom\u202c", "vend[tegn U+202E]om[tegn U+202C]"),
        ("2\u202f000 \u2011 \u2009 ●", "2\u00a0000 -   •"),
        ("\ue000\uf8ff", "[tegn U+E000 U+F8FF]"),
        ("nul\x00 \x1b\ufffe\ud800", "nul "),
        ("linje\r\ntab\t", "linje\r\ntab\t"),
    ],
)
def test_sign_that_no_font_draws_is_told_in_words(text: str, read: str) -> None:
    assert drawable(text) == read
    assert {ord(sign) for sign in read} <= signs() | {9, 10, 13}


def test_every_latin_letter_is_left_as_it_is() -> None:
    latin = "".join(chr(code) for code in range(0xC0, 0x180))
    assert drawable(latin) == latin


def test_fonts_asked_are_those_the_papers_use() -> None:
    css = "".join(static_file(name).read_text() for name in PAPER_STYLESHEETS)
    used = set(re.findall(r"/(IBMPlexSans-\w+)\.woff2", css))
    assert used == {re.findall(r"/(IBMPlexSans-\w+)\.woff2", name)[0] for name in FONTS}


# --- One HTML file ----------------------------------------------------------------------------------------------------


def test_html_file_needs_nothing_beside_itself() -> None:
    file = set_as_html(long_note(), logo=picture(), logo_type="png").decode()
    assert re.findall(r'(?:src|href)="([^"]*)"', file) == [re.findall(r'src="(data:image/png;base64,[^"]*)"', file)[0]]
    assert not re.search(r"url\(|@import|<script|<link| style=|\bon\w+=", file)
    html5lib.HTMLParser(strict=True).parse(file)


def test_html_file_allows_its_own_style_and_nothing_else() -> None:
    file = set_as_html(short_note())
    policy = policy_of(file)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert f'content="{policy}"'.encode() in file
    assert policy_of(file.replace(b"<style>", b"<style>x", 1)) != policy


def test_html_file_says_what_it_is() -> None:
    file = set_as_html(long_note()).decode()
    for part in ('<html lang="da">', "<title>Årsstatus 2026", 'content="Notat 2026-14, sha256:', "<h1>", "<main"):
        assert part in file
    assert set_as_html(long_note()).decode() == file


def test_html_file_keeps_what_fonts_elsewhere_can_draw() -> None:
    paper = replace(short_note(), title="שלום 👍 \u202evend\x00")
    assert "<h1>שלום 👍 [tegn U+202E]vend</h1>" in set_as_html(paper).decode()
    assert printable("x\ud800") == "x"


def test_logo_of_an_unknown_kind_is_left_out_of_the_html_file() -> None:
    assert b"<img" not in set_as_html(short_note(), logo=b"x", logo_type="exe")
