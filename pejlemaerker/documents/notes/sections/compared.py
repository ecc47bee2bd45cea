"""De to perioder side om side: how each pejlemærke read before and after, and how the two hang together."""

from collections.abc import Iterator

from kit.danish import count_word
from kit.paper.blocks import Block, Comparison, Paragraph, Subsection, Table, Wording, Wordings
from pejlemaerker.documents.compare import Compared, Pair, summary_of
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.two import Two

_NONE = "–"


def compared(material: Material) -> Blocks:
    """Tell first how they hang together, then each of them in full."""
    two = material.two
    if not two.pairs:
        return (Paragraph("Der er ingen pejlemærker i de to perioder."),)
    return (
        Paragraph(_lead(two)),
        _overview(two),
        *(Subsection(f"{pair.title}: {pair.how.lower()}", tuple(_pair(pair, two))) for pair in two.pairs),
    )


def _lead(two: Two) -> str:
    """Fire pejlemærker i 2022–2025 og tre i 2026–2029: 2 videreført, 1 lagt sammen."""
    before, after = two.names
    old, new = sum(len(one.old) for one in two.pairs), sum(len(one.new) for one in two.pairs)
    first = f"{count_word(old)} {'pejlemærke' if old == 1 else 'pejlemærker'} i {before}"
    told = f"{first} og {count_word(new)} i {after}: {summary_of(two.pairs)}."
    return f"{told[:1].upper()}{told[1:]}"


def _overview(two: Two) -> Table:
    before, after = two.names
    rows = tuple((pair.how, _names(pair.old), _names(pair.new)) for pair in two.pairs)
    return Table("Sådan hænger pejlemærkerne sammen", ("Hvordan", before, after), rows)


def _names(side: tuple[Compared, ...]) -> str:
    return ", ".join(one.name for one in side) or _NONE


def _pair(pair: Pair, two: Two) -> Iterator[Block]:
    if pair.reason:
        yield Paragraph(pair.reason)
    diff = pair.diff
    if diff is None or diff.is_same:
        yield from _in_full(pair, two)
    else:
        yield _side_by_side(pair, two)
        yield Paragraph(diff.summary, "detail")
        yield Comparison("Ord for ord", tuple((str(part.kind), part.text) for part in diff.parts))


def _side_by_side(pair: Pair, two: Two) -> Table:
    (old,), (new,) = pair.old, pair.new
    rows = [("Ordlyd", old.wording, new.wording), ("Hvornår", _since(old), _since(new))]
    if _status(old) or _status(new):
        rows.append(("Seneste vurdering", _status(old) or _NONE, _status(new) or _NONE))
    return Table("De to ordlyde side om side", ("Hvad", *two.names), tuple(rows))


def _in_full(pair: Pair, two: Two) -> Iterator[Block]:
    """The wordings of each side, where they are not one against one other; a wording that is the same only once."""
    for name, side in zip(two.names, (pair.old, pair.new), strict=True):
        if side:
            yield Paragraph(name, "lead")
            yield Wordings(tuple(_wording(one) for one in side))


def _wording(one: Compared) -> Wording:
    status = _status(one)
    details = [_since(one), f"Seneste vurdering: {status}." if status else ""]
    return Wording(one.standing.number, one.wording, tuple(part for part in details if part))


def _since(one: Compared) -> str:
    since = one.standing.since
    return since if since.endswith(".") or not since else f"{since}."


def _status(one: Compared) -> str:
    status = one.standing.status
    return f"{status.label} ({status.heading})" if status and status.entry.assessment else ""
