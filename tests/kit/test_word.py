"""A paper in Word: the same words in the same order, in real styles, and the same bytes every time."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from PIL import Image

from kit.paper.blocks import Block, Bullets, Figure, Item, Paragraph, Section, Subsection, Table, Wording, Wordings
from kit.paper.document import Letterhead, Paper, Stamp
from kit.paper.glyphs import printable
from kit.paper.word import Logo, render_docx
from tests.kit.paper_samples import drawing, long_note, random_paper, short_note
from tests.kit.test_pdf import NOON

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SVG_LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" fill="#036"/></svg>'
)


def paper_with(*blocks: Block, stamp: Stamp = Stamp(), **letterhead: Any) -> Paper:  # noqa: B008  (frozen)
    head = Letterhead(municipality="Hvidovre Kommune", **letterhead)
    sections = (Section("status", "Status", blocks),)
    return Paper("NOTAT", "Pejlemærker", "Status pr. 1. maj 2026", head, sections, "Hvidovre Kommune", stamp)


class WordFile:
    """A Word file, read as XML by another library than the one that wrote it."""

    def __init__(self, paper: Paper, logo: Logo | None = None) -> None:
        self.zip = zipfile.ZipFile(BytesIO(render_docx(paper, created=NOON, logo=logo)))
        self.body = self.part("word/document.xml")[0]
        self.numbering = self.part("word/numbering.xml")

    def part(self, name: str) -> Any:
        return etree.fromstring(self.zip.read(name))

    def parts(self, pattern: str) -> list[Any]:
        return [self.part(name) for name in self.zip.namelist() if re.fullmatch(pattern, name)]

    def styled(self, element: Any = None) -> list[tuple[str, str]]:
        """Every paragraph with the name of its style, in the order of the file."""
        return [(style_of(one), text_of(one)) for one in (self.body if element is None else element).iter(f"{W}p")]

    def lines(self) -> Iterator[str]:
        """What the paper says, from its kind to its signature, with a pejlemærke's numeral and a drawing's name."""
        counts: dict[str, int] = {}
        for one in self.body.iter(f"{W}p"):
            style, number = style_of(one), one.find(f"{W}pPr/{W}numPr/{W}numId")
            if style in LETTERHEAD:
                continue
            numeral = ""
            if style == "PaperWording" and number.get(f"{W}val") != "0":
                key = number.get(f"{W}val")
                counts[key] = counts[key] + 1 if key in counts else self.start_of(key)
                numeral = f"{counts[key]}. "
            names = "".join(drawn.get("title", "") for drawn in one.iter("{*}docPr"))
            yield numeral + names + text_of(one)

    def start_of(self, number: str) -> int:
        path = f"{W}num[@{W}numId='{number}']/{W}lvlOverride/{W}startOverride"
        return int(self.numbering.find(path).get(f"{W}val"))


LETTERHEAD = {"PaperMunicipality", "PaperLetterhead", "PaperFacts", "PaperColophon"}


def style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else str(style.get(f"{W}val"))


def text_of(paragraph: Any) -> str:
    breaks = {f"{W}br": "\n", f"{W}tab": "\t"}
    return "".join(breaks.get(one.tag) or one.text for one in paragraph.iter(f"{W}t", *breaks))


def words(lines: Iterator[str]) -> list[str]:
    return " ".join(lines).split()


@pytest.mark.parametrize("paper", [short_note(), long_note()], ids=["short", "long"])
def test_word_file_says_what_the_paper_says(paper: Paper) -> None:
    assert words(WordFile(paper.stamped(Stamp())).lines()) == words(paper.lines())


@pytest.mark.parametrize("seed", range(15))
def test_word_file_of_a_paper_nobody_would_write_says_what_it_says(seed: int) -> None:
    paper = random_paper(seed).stamped(Stamp())
    told = "".join(printable(" ".join(line.splitlines())) for line in paper.lines())
    assert "".join(words(WordFile(paper).lines())) == "".join(told.split())


def test_same_paper_is_the_same_bytes_whenever_it_is_written() -> None:
    paper = paper_with(Figure(drawing(1), "Trivsel", "Den steg."), stamp=Stamp("UDKAST"))
    logo = Logo(SVG_LOGO, "svg")
    once = render_docx(paper, created=NOON, logo=logo)
    assert render_docx(paper, created=NOON, logo=logo) == once
    assert render_docx(paper, created=NOON + timedelta(days=1), logo=logo) != once
    assert {one.date_time for one in zipfile.ZipFile(BytesIO(once)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_parts_have_real_styles_and_headings_skip_no_level() -> None:
    inner = Subsection("Trivsel", (Paragraph("På vej", "lead"), Subsection("Dybere", (Paragraph("Tekst"),))))
    assert WordFile(paper_with(inner)).styled() == [
        ("PaperMunicipality", "Hvidovre Kommune"),
        ("PaperKind", "NOTAT"),
        ("Title", "Pejlemærker"),
        ("PaperAsOf", "Status pr. 1. maj 2026"),
        ("Heading1", "Status"),
        ("Heading2", "Trivsel"),
        ("PaperLead", "På vej"),
        ("Heading3", "Dybere"),
        ("", "Tekst"),
    ]


def test_every_style_in_use_is_there_under_the_name_word_knows() -> None:
    file = WordFile(long_note(), Logo(SVG_LOGO, "svg"))
    names = {
        one.get(f"{W}styleId"): one.find(f"{W}name").get(f"{W}val")
        for one in file.part("word/styles.xml").iter(f"{W}style")
    }
    used = {style for style, _ in file.styled()} | {one.get(f"{W}val") for one in file.body.iter(f"{W}rStyle")}
    assert used - {""} - set(names) == set()
    known = ["Title", "Heading1", "Heading2", "ListBullet", "ListNumber", "Quote", "Caption", "Header"]
    assert [names[one] for one in known] == [
        "Title", "heading 1", "heading 2", "List Bullet", "List Number", "Quote", "caption", "header",
    ]  # fmt: skip


def test_document_is_danish_and_says_what_it_is() -> None:
    file = WordFile(short_note().stamped(Stamp(number="Notat 2026-14")))
    language = file.part("word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    about = {etree.QName(one).localname: one.text for one in file.part("docProps/core.xml")}
    assert language.get(f"{W}val") == about["language"] == "da-DK"
    assert (about["title"], about["creator"]) == (short_note().title, "Hvidovre Kommune")
    assert (about["identifier"], about["keywords"]) == (
        "Notat 2026-14", f"Notat 2026-14, sha256:{short_note().fingerprint}",
    )  # fmt: skip
    assert about["created"] == about["modified"] == "2026-11-22T12:00:00Z"


def test_word_opens_it_as_its_own_and_not_in_compatibility_mode() -> None:
    setting = WordFile(short_note()).part("word/settings.xml").find(f"{W}compat/{W}compatSetting")
    assert (setting.get(f"{W}name"), setting.get(f"{W}val")) == ("compatibilityMode", "15")


def test_each_numbered_list_begins_with_one_and_wordings_keep_their_own_numbers() -> None:
    points = Bullets((Item("at tage til efterretning", items=(Item("under"),)), Item("at drøfte")), True)
    file = WordFile(paper_with(points, Paragraph("Og"), points, Wordings((Wording(4, "Vi"), Wording(7, "Vi også")))))
    lists = [
        (style_of(one), one.find(f".//{W}ilvl").get(f"{W}val"), one.find(f".//{W}numId").get(f"{W}val"))
        for one in file.body.iter(f"{W}p")
        if one.find(f".//{W}numId") is not None
    ]
    first, second = lists[0][2], lists[3][2]
    assert first != second
    assert lists[:3] == [("ListNumber", "0", first), ("ListNumber2", "1", first), ("ListNumber", "0", first)]
    assert [file.start_of(number) for _, _, number in lists[3:]] == [1, 1, 1, 4, 7]


def test_table_repeats_its_head_and_merges_no_cells() -> None:
    block = Table("Trin", ("Trin", "Hvornår"), tuple((f"Trin {n}", "Maj") for n in range(3)))
    file = WordFile(paper_with(block, block))
    tables = file.body.findall(f"{W}tbl")
    heads = [[row.find(f"{W}trPr/{W}tblHeader") is not None for row in one.iter(f"{W}tr")] for one in tables]
    assert heads == [[True, False, False, False]] * 2
    assert {len(row.findall(f"{W}tc")) for row in file.body.iter(f"{W}tr")} == {2}
    assert not [*file.body.iter(f"{W}gridSpan", f"{W}vMerge")]
    assert [one.tag for one in file.body if one.tag in (f"{W}tbl", f"{W}p")][-1] == f"{W}p"
    assert tables[0].getnext().tag == f"{W}p"  # two tables in a row would be read as one


def test_table_leaves_no_row_alone_at_the_end_of_a_page() -> None:
    def kept(block: Table) -> list[bool]:
        rows = WordFile(paper_with(block)).body.iter(f"{W}tr")
        return [row.find(f".//{W}keepNext") is not None for row in rows]

    assert kept(Table("", ("A", "B"), (("1", "2"),) * 3)) == [True, True, True, False]
    assert kept(Table("", ("A", "B"), (("1", "x " * 200),) * 4)) == [True, True, False, True, False]


def test_text_and_the_line_that_says_where_it_comes_from_are_not_parted() -> None:
    file = WordFile(paper_with(Paragraph("Det går."), Paragraph("Midtvejs 2023.", "detail"), Paragraph("Det næste.")))
    kept = {text_of(one): one.find(f"{W}pPr/{W}keepNext") is not None for one in file.body.iter(f"{W}p")}
    assert [kept[text] for text in ("Det går.", "Midtvejs 2023.", "Det næste.")] == [True, False, False]


def test_width_of_a_table_goes_where_the_rows_would_be_tallest() -> None:
    def widths(*rows: tuple[str, ...]) -> list[int]:
        file = WordFile(paper_with(Table("", tuple("ABCD"[: len(rows[0])]), rows)))
        return [int(one.get(f"{W}w")) for one in file.body.iter(f"{W}gridCol")]

    day, short, long = widths(("3. oktober 2022", "ord " * 10, "ord " * 30))
    assert day > len("3. oktober 2022") * 112  # it stays on one line
    assert round(long / short) == 3
    assert sum(widths(("Maj", "7"))) < 9070 / 2  # a page is 9070 wide


def test_figure_is_a_light_picture_with_its_text_and_its_table() -> None:
    table = Table("Trivsel i procent", ("År", "Andel"), (("2022", "60"),))
    file = WordFile(paper_with(Figure(drawing(1), "Trivsel", "Den steg.", ("Kilde: målingen.",), table)))
    drawn = file.body.find(".//{*}docPr")
    assert (drawn.get("title"), drawn.get("descr")) == ("Trivsel", "Trivsel. Den steg.")
    picture = file.zip.read("word/media/image1.png")
    assert Image.open(BytesIO(picture)).size == (1600, 600)
    assert len(picture) < 200_000
    assert [text for _, text in file.styled()[-7:] if text] == [
        "Kilde: målingen.", "Trivsel i procent", "År", "Andel", "2022", "60",
    ]  # fmt: skip


def test_draft_says_so_on_every_page_and_pages_are_counted() -> None:
    file = WordFile(paper_with(Paragraph("Tekst"), stamp=Stamp("UDKAST")))
    heads = [text for part in file.parts(r"word/header\d\.xml") for _, text in file.styled(part)]
    assert sorted(heads) == ["\tUDKAST", "Hvidovre Kommune\tUDKAST"]
    for foot in file.parts(r"word/footer\d\.xml"):
        assert [one.get(f"{W}instr").strip() for one in foot.iter(f"{W}fldSimple")] == ["PAGE", "NUMPAGES"]
        assert file.styled(foot) == [("Footer", "Status pr. 1. maj 2026\tSide 1 af 1")]


def test_letterhead_bears_the_logo_with_its_text() -> None:
    paper = paper_with(Paragraph("Tekst"), logo="logo", logo_alt="Hvidovres våben", address=("Hvidovrevej 278", ""))
    image = BytesIO()
    Image.new("RGBA", (400, 200), "#036").save(image, "PNG")
    for logo in (Logo(SVG_LOGO, "svg"), Logo(image.getvalue(), "png")):
        file = WordFile(paper, logo)
        assert [one.get("descr") for one in file.body.iter("{*}docPr")] == ["Hvidovres våben"]
        assert ("PaperLetterhead", "Hvidovrevej 278") in file.styled()


@pytest.mark.parametrize(
    "logo",
    [Logo(b"\x89PNG\r\n\x1a\nstump", "png"), Logo(b"<svg", "svg"), Logo(b"<p xmlns='x'/>", "svg"), Logo(b"", "jpg")],
)
def test_broken_logo_is_left_out_of_a_readable_paper(logo: Logo) -> None:
    file = WordFile(paper_with(Paragraph("Tekst")), logo)
    assert not [*file.body.iter("{*}docPr")]
    assert file.styled()[-1] == ("", "Tekst")


def test_what_xml_cannot_hold_is_left_out_and_what_turns_a_line_is_told() -> None:
    file = WordFile(paper_with(Paragraph("\x00Vi\x07 \ud800ser\ufffe <b>&amp;</b>\u202e\r\nog\x0bså 😀")))
    assert file.styled()[-1][1] == "Vi ser <b>&amp;</b>[tegn U+202E]\nog\nså 😀"


def test_colour_that_is_none_is_the_usual_one() -> None:
    paper = paper_with(Paragraph("Tekst"))
    wrong = replace(paper, letterhead=replace(paper.letterhead, accent='"/><evil'))
    assert WordFile(wrong).zip.read("word/styles.xml") == WordFile(paper).zip.read("word/styles.xml")


def test_each_who_signs_has_a_line_to_sign_on() -> None:
    signature = ("Med venlig hilsen", "", "Camilla", "Centerchef", "", "Dina")
    file = WordFile(paper_with(Paragraph("Tekst"), signature=signature))
    assert file.styled()[-4:] == [
        ("PaperSignature", "Med venlig hilsen"),
        ("PaperSigner", "Camilla"),
        ("PaperSignature", "Centerchef"),
        ("PaperSigner", "Dina"),
    ]
