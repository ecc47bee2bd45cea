"""The chart of a nøgletal with its gist in words. It is made from what the viewer may see, and knows no more."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from kit.danish import join_words
from kit.dates import format_date
from pejlemaerker.documents.chart import Chart, Mark, Point, Series, draw, is_near
from pejlemaerker.documents.numbers import with_unit
from pejlemaerker.models import IndicatorDefinition

_GAP_DAYS = {
    IndicatorDefinition.Frequency.MONTHLY: 47,
    IndicatorDefinition.Frequency.QUARTERLY: 140,
    IndicatorDefinition.Frequency.HALF_YEARLY: 275,
    IndicatorDefinition.Frequency.YEARLY: 550,
    IndicatorDefinition.Frequency.BIENNIAL: 1100,
}  # one and a half times its interval: then at least one measurement is missing


def figure_chart(
    definition: IndicatorDefinition, values: Sequence[tuple[date, Decimal | None]], marks: Sequence[Mark]
) -> Chart | None:
    """Draw a nøgletal, or nothing where no value may be shown."""
    points = tuple(Point(day, number) for day, number in values)
    series = Series(
        points=points,
        unit=definition.unit,
        target=definition.target_value,
        target_by=definition.target_by,
        marks=tuple(mark for mark in marks if points and is_near(mark.day, points)),
        from_zero=definition.counts_people,
        gap_days=_GAP_DAYS.get(IndicatorDefinition.Frequency(definition.frequency), 0),
    )
    wide, narrow = draw(series, name="wide"), draw(series, name="narrow")
    if wide is None or narrow is None:
        return None
    return Chart(
        key=f"noegletal-{definition.indicator_id}",
        title=f"Kurve over {definition.name}: {_gist(series)}.",
        description=" ".join(_told(series)),
        notes=tuple(_notes(series, has_bridges=bool(wide.bridges))),
        wide=wide,
        narrow=narrow,
    )


def _gist(series: Series) -> str:
    """Fra 62 % 31. december 2021 til 71 % 31. december 2024."""
    first, last = series.shown[0], series.shown[-1]
    if first == last:
        return f"én måling på {with_unit(last[1], series.unit)} den {format_date(last[0])}"
    return (
        f"fra {with_unit(first[1], series.unit)} den {format_date(first[0])} "
        f"til {with_unit(last[1], series.unit)} den {format_date(last[0])}"
    )


def _told(series: Series) -> list[str]:
    values = [value for _, value in series.shown]
    told = [f"{len(series.points)} {'måling' if len(series.points) == 1 else 'målinger'}."]
    if len(values) > 2:
        low, high = with_unit(min(values), series.unit), with_unit(max(values), series.unit)
        told.append(f"Alle er {low}." if low == high else f"Den laveste er {low}, den højeste {high}.")
    if hidden := len(series.points) - len(values):
        told.append(f"{hidden} {'er' if hidden == 1 else 'af dem er'} færre end 5 og vises ikke nærmere.")
    if series.target is not None:
        by = f" senest {format_date(series.target_by)}" if series.target_by else ""
        told.append(f"Målet er {with_unit(series.target, series.unit)}{by}.")
    told += [f"{mark.label} gælder fra {format_date(mark.day)}." for mark in series.marks]
    return [*told, "Tallene står i tabellen."]


def _notes(series: Series, *, has_bridges: bool) -> list[str]:
    """What one must know to read the drawing, in words below it."""
    wordings = join_words([f"{mark.label} gælder fra {format_date(mark.day)}" for mark in series.marks])
    notes = [f"Lodret stiplet linje: {wordings}."] if wordings else []
    if has_bridges:
        notes.append("Stiplet kurve: der mangler målinger imellem.")
    if len(series.shown) < len(series.points):
        notes.append("Rude på bundlinjen: færre end 5, som ikke vises nærmere. Kurven er afbrudt der.")
    return notes if series.axis.has_zero else [*notes, "Aksen begynder ikke ved 0."]
