"""Mål og nøgletal: the chart with its table twin, its unit, target and source, and whether it is out of date."""

import re
from collections.abc import Iterable, Iterator

from django.template.loader import render_to_string

from kit.dates import format_date
from kit.paper.blocks import Block, Figure, Paragraph, Subsection, Table
from pejlemaerker.documents import figures as known
from pejlemaerker.documents.chart import Chart
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.standing import Standing
from pejlemaerker.documents.targets import TargetLine
from pejlemaerker.models import AsOf

_SPACE = re.compile(r"[ \n]+")  # a hard space stays
_BETWEEN_TAGS = re.compile("> <")


def figures(material: Material) -> Blocks:
    """Tell the mål and nøgletal of the pejlemærker, in order; of two periods those of the older, then the newer."""
    told: list[Block] = []
    for name, standings, at in _whose(material):
        headings = {one.goal.pk: f"{name}, {_low(one.name)}" if name else material.heading(one) for one in standings}
        found = _found(material, standings, at)
        told += [
            Subsection(f"{headings[one.figures.goal.pk]}: {title}", blocks)
            for one in found
            for title, blocks in _of_goal(one.figures)
        ]
    return tuple(told)


def _whose(material: Material) -> Iterable[tuple[str, Iterable[Standing], AsOf]]:
    """The pejlemærker, whose they are where that must be said, and the day: of a period that is over its last."""
    if material.subject.other_set is None:
        return [("", material.goals, material.at)]
    return [(side.name, [one.standing for one in own], side.at) for side, own in material.two.sides]


def _found(material: Material, standings: Iterable[Standing], at: AsOf) -> Iterable[known.FiguresOfOne]:
    """Those of a set are told with it; others are asked for."""
    standings = list(standings)
    if material.subject.other_set is None and all(one.is_listed for one in standings):
        wanted = {one.goal.pk for one in standings}
        return [one for one in material.status.figures if one.figures.goal.pk in wanted]
    return known.figures_in(standings, viewer=material.reader, at=at)


def _of_goal(figures: known.Figures) -> Iterator[tuple[str, Blocks]]:
    """Each mål and each nøgletal under a heading of its own."""
    if figures.targets:
        yield "mål", tuple(block for line in figures.targets for block in _target(line))
    for figure in figures.followed:
        yield figure.name, tuple(_figure(figure))


def _target(line: TargetLine) -> Iterator[Block]:
    yield Paragraph(line.text)
    yield Paragraph(" ".join(part for part in (line.approval, line.waiting) if part), "detail")


def _figure(figure: known.Figure) -> Iterator[Block]:
    yield Paragraph(f"{figure.latest_text[:1].upper()}{figure.latest_text[1:]}.", "lead")
    if figure.is_stale:
        yield Paragraph(f"Forældet. {figure.stale_text}")
    table = _values(figure)
    if figure.chart:
        yield Figure(drawn(figure.chart), figure.chart.title, figure.chart.description, figure.chart.notes, table)
    elif table:
        yield table
    yield Paragraph(" ".join(part for part in (figure.left_out, figure.told) if part), "detail")


def _values(figure: known.Figure) -> Table | None:
    """The numbers behind the drawing, the newest first."""
    if not figure.values:
        return None
    head = ["Målt", "Værdi", *(["Kilde"] if figure.has_sources else []), *(["Bemærkning"] if figure.has_notes else [])]
    rows = [
        (
            format_date(value.day), value.text, *([value.source] if figure.has_sources else []),
            *([value.note] if figure.has_notes else []),
        )
        for value in figure.on_paper
    ]  # fmt: skip
    return Table(f"Målinger: {figure.name}", tuple(head), tuple(rows))


def drawn(chart: Chart) -> str:
    """Draw a chart once, as the SVG that every form of the paper shows."""
    svg = render_to_string("components/chart.html#drawing", {"chart": chart, "drawing": chart.wide})
    return _BETWEEN_TAGS.sub("><", _SPACE.sub(" ", svg)).strip()


def _low(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"
