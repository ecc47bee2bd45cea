"""How a paper falls on its pages: what stands together, what repeats, and what is never left alone."""

import re
from html import unescape
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from kit.paper.blocks import (
    Block,
    Bullets,
    Comparison,
    Figure,
    Item,
    Paragraph,
    Quotation,
    Section,
    Subsection,
    Table,
    Wording,
    Wordings,
)
from kit.paper.colour import accent, in_colour
from kit.paper.document import Letterhead, Paper, Stamp
from kit.paper.signing import signing
from kit.pdf import PAPER_STYLESHEETS, render_pdf
from kit.templatetags.papers import shape, unbroken
from pejlemaerker.papers import make
from tests.kit.test_pdf import NOON, pages_of

SENTENCE = (
    "Lederne peger på, at samarbejdet med forældrene er blevet tættere, og at det tager tid at holde fast i det. "
)


def paper_of(*blocks: Block, signature: tuple[str, ...] = (), stamp: Stamp = Stamp()) -> Paper:  # noqa: B008
    head = Letterhead("Hvidovre Kommune", facts=(("Dato", "22. november 2026"),), signature=signature)
    sections = (Section("status", "Afsnit", blocks),)
    return Paper("NOTAT", "Status", "Status pr. 22. november 2026", head, sections, "Hvidovre", stamp)


def pages(paper: Paper) -> list[list[str]]:
    """The lines of each page, without the page's foot."""
    told = [page.splitlines() for page in pages_of(make(paper, "pdf").content)]
    return [[line.strip() for line in page if line.strip() and "· side " not in line] for page in told]


def test_no_heading_is_the_last_of_a_page() -> None:
    blocks = [
        Subsection(f"Overskrift {number}", (Paragraph("Vurdering: På vej", "lead"), Paragraph(text)))
        for number, text in enumerate([SENTENCE, SENTENCE * 2, SENTENCE * 3, SENTENCE * 4] * 10)
    ]
    found = pages(paper_of(*blocks))
    assert len(found) > 4
    assert [page[-1] for page in found if re.match("Overskrift|Vurdering", page[-1])] == []


def test_head_of_a_long_table_is_repeated_and_no_row_is_cut() -> None:
    rows = tuple(
        (f"Trin {number}", "efteråret 2023", f"Begyndt {number}. {SENTENCE} Slut {number}.") for number in range(200)
    )
    found = pages(paper_of(Table("Planen", ("Trin", "Hvornår", "Hvad er sket"), rows)))
    assert len(found) > 10
    assert [page for page in found if "Trin Hvornår Hvad er sket" not in " ".join(page)] == []
    begun = [re.findall(r"Begyndt (\d+)\.", " ".join(page)) for page in found]
    ended = [re.findall(r"Slut (\d+)\.", " ".join(page)) for page in found]
    assert begun == ended
    assert sum(map(len, begun)) == 200


def test_no_point_of_a_list_stands_alone_on_a_page() -> None:
    for before in range(20, 34):
        points = tuple(Item(f"Punkt {number}.") for number in range(6))
        found = pages(paper_of(*[Paragraph("Linje.")] * before, Bullets(points)))
        counts = [sum(line.startswith(("• Punkt", "Punkt")) for line in page) for page in found]
        assert 1 not in counts, before


def test_wording_keeps_what_it_rests_on() -> None:
    wordings = tuple(
        Wording(number, SENTENCE * (number % 5 + 1), (f"Vedtaget punkt {number}.",)) for number in range(1, 61)
    )
    found = pages(paper_of(Wordings(wordings)))
    assert [page[0] for page in found if page[0].startswith("Vedtaget")] == []
    assert [one for page in found for one in re.findall(r"Vedtaget punkt (\d+)", " ".join(page))] == [
        str(number) for number in range(1, 61)
    ]


def test_long_wording_runs_on_to_the_next_page() -> None:
    found = pages(paper_of(Wordings((Wording(1, SENTENCE * 46, ("Vedtaget.",)),))))
    assert len(found) == 3
    assert "Lederne" in " ".join(found[0])


def test_nobody_signs_an_empty_page() -> None:
    for before in range(18, 32):
        found = pages(paper_of(*[Paragraph("Linje.")] * before, signature=("Anne Chef", "Direktør")))
        assert "Linje." in found[-1], before


def test_draft_is_told_on_every_page() -> None:
    found = pages(paper_of(*[Paragraph(SENTENCE * 3)] * 30, stamp=Stamp(mark="UDKAST")))
    assert len(found) > 2
    assert [page for page in found if "UDKAST" not in " ".join(page)] == []


def test_wide_table_turns_the_sheet_with_its_heading() -> None:
    head = tuple(f"Kolonne {number}" for number in range(8))
    found = pages(paper_of(Table("Bred", head, (head,) * 3), signature=("Anne Chef",)))
    assert [" ".join(page).count("Afsnit") for page in found] == [0, 1]
    assert "Anne Chef" in found[1]


def test_word_that_fits_no_cell_is_broken_and_not_lost() -> None:
    word = "Speciallægepraksisplanlægningsstabiliseringsperiode" * 6
    found = pages(paper_of(Table("Hård", ("A", "B"), ((word, "x" * 300),))))
    assert word in "".join(found[0])


def test_comparison_is_read_as_it_is_told() -> None:
    block = Comparison(
        "Fra 1 til 2", (("same", "Vi "), ("removed", "alle"), ("added", "begge"), ("same", " arbejder."))
    )
    html = render_to_string("paper/blocks/comparison.html", {"block": block, "level": 4})
    told = " ".join(re.sub(r"<[^>]*>", "", html.replace("</h4>", " ")).split())
    assert told == " ".join(block.lines())


def test_comma_that_stayed_stands_close_to_the_word_before_it() -> None:
    block = Comparison("", (("same", "Vi ser"), ("added", " hele"), ("same", " barnet"), ("same", ", den unge.")))
    assert list(block.lines()) == ["Vi ser [tilføjet: hele] barnet, den unge."]


def test_each_page_of_a_collection_says_whose_note_it_is() -> None:
    papers = [(name, name, paper_of(*[Paragraph(SENTENCE * 6)] * 12)) for name in ("Dagtilbud", "Familier")]
    context = {"title": "Notater", "as_of": "I dag", "municipality": "X", "edition": "Intern", "papers": papers}
    sheets = (*PAPER_STYLESHEETS, "css/print-collection.css")
    found = pages_of(render_pdf(render_to_string("paper/collection.html", context), created=NOON, stylesheets=sheets))
    heads = [[name for name in ("Dagtilbud", "Familier") if name in page] for page in found]
    assert heads[1:] == sorted(heads[1:])
    assert {len(names) for names in heads[1:]} == {1}


def test_drawing_follows_the_colour_of_the_house() -> None:
    figure = Figure('<svg stroke="#1f4e79" fill="#dcdcdc"/>', "Trivsel", "Den steg.")
    (section,) = in_colour((Section("figures", "Tal", (figure, Subsection("Nr. 1", (figure,)))),), "#8a1538")
    drawn = [section.blocks[0], section.blocks[1].blocks[0]]  # type: ignore[union-attr]
    assert {one.svg for one in drawn} == {'<svg stroke="#8a1538" fill="#dcdcdc"/>'}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("Holdt 3. oktober 2022, punkt 2.", ["3. oktober 2022", "punkt 2"]),
        ("Perioden 2022–2025: 3 nye", ["2022–2025", "3 nye"]),
        ("Ordlyd 1 trådte i kraft.", ["Ordlyd 1"]),
        ("Pejlemærke 1, 3 og 4", ["Pejlemærke 1", "3 og 4"]),
        ("<b> & 2022-2025", []),
    ],
)
def test_dates_and_numbers_are_not_parted_where_a_line_ends(text: str, together: list[str]) -> None:
    set_text = unbroken(text)
    assert re.findall(r'<span class="unbroken">(.*?)</span>', set_text) == together
    assert unescape(re.sub(r"</?span[^>]*>", "", set_text)) == text


def test_quotation_says_whose_it_is_on_the_same_page() -> None:
    found = pages(paper_of(*[Quotation(SENTENCE * (number % 3 + 1), f"Område {number}") for number in range(30)]))
    assert [page[0] for page in found if page[0].startswith("Område")] == []


@pytest.mark.parametrize(
    ("lines", "greeting", "signers"),
    [
        ((), "", []),
        (("Anne Chef", "Direktør"), "", [["Anne Chef", "Direktør"]]),
        (("Anne Chef", "", "Bo Chef", "Chef"), "", [["Anne Chef"], ["Bo Chef", "Chef"]]),
        (("Med venlig hilsen", "", "Anne Chef"), "Med venlig hilsen", [["Anne Chef"]]),
        (("Med venlig hilsen,", "Anne Chef"), "Med venlig hilsen,", [["Anne Chef"]]),
        (("", " "), "", []),
    ],
)
def test_each_who_signs_gets_a_line(lines: tuple[str, ...], greeting: str, signers: list[list[str]]) -> None:
    assert signing(lines) == (greeting, signers)


@pytest.mark.parametrize(
    ("table", "asked"),
    [
        (Table("", ("A", "B"), (("1", "2"),)), "is-narrow is-slim"),
        (Table("", ("A", "B"), (("1", "x " * 20),)), "is-narrow"),
        (Table("", ("A",) * 4, (("1",) * 4,)), "is-narrow is-crowded"),
        (Table("", ("A",) * 6, (("1",) * 6,)), "is-wide"),
        (Table("", ("A",), (("1",),) * 9), "is-narrow is-slim is-long"),
        (Table("", ("A",), (("x" * 27,),)), "is-narrow is-hard"),
    ],
)
def test_table_gets_the_look_it_asks_for(table: Table, asked: str) -> None:
    assert shape(table) == asked


def test_colour_in_a_style_sheet_is_a_colour() -> None:
    assert [accent(one) for one in ("#8a1538", "red;} body{", "")] == ["#8a1538", "#1f4e79", "#1f4e79"]


def test_sections_follow_each_other_in_order() -> None:
    paper = paper_of(*[Subsection(f"Nr. {number}", (Paragraph(SENTENCE),)) for number in range(12)])
    found = [int(one) for one in re.findall(r"Nr\. (\d+)", " ".join(line for page in pages(paper) for line in page))]
    assert all(earlier < later for earlier, later in pairwise(found))
