"""Beslutningerne: where, what was proposed and what was decided, verbatim, and the dissent that follows them."""

from collections.abc import Iterator

from django.utils import timezone

from kit.dates import format_date
from kit.paper.blocks import Block, Bullets, Item, Paragraph, Subsection, Table
from meetings.models import DEPARTING, Category, Recommendation, StayOutcome
from pejlemaerker.documents.notes.decided import Decided, DecidedItem, category_after
from pejlemaerker.documents.notes.effects import effects_by_item
from pejlemaerker.documents.notes.material import Blocks, Material

_NOT_CLOSED = "Referatet er ikke lukket endnu; afstemninger og bemærkninger er derfor ikke med."
_COUNCIL = {
    StayOutcome.Verdict.CONFIRMED: "Kommunalbestyrelsen stadfæstede beslutningen {day}.",
    StayOutcome.Verdict.CHANGED: "Kommunalbestyrelsen ændrede beslutningen {day}.",
    StayOutcome.Verdict.ANNULLED: "Udvalget ophævede selv beslutningen {day}.",
}


def decisions(material: Material) -> Blocks:
    """Tell the decisions on open items, oldest first; of a year those of the year."""
    effects = effects_by_item(material)
    found = DecidedItem.of_each(effects, viewer=material.reader, at=material.at, kept_since=material.subject.kept_since)
    told = [one for one in found if material.subject.year is None or one.on.year == material.subject.year]
    if told:
        return tuple(Subsection(one.where, tuple(_item(one, effects[one.item.pk]))) for one in told)
    return (Paragraph("Der er ingen beslutninger på åbne dagsordenspunkter at vise."),)


def _item(one: DecidedItem, effects: list[str]) -> Iterator[Block]:
    yield Paragraph(one.item.title, "lead")
    by_points = any(decided.point is not None for decided in one.decided)
    if by_points and len(one.proposal) > 1:
        yield _point_by_point(one)
    else:
        yield from _proposal(one.proposal)
        for decided in one.decided:
            yield Paragraph(f"Beslutning: {_text(decided.decision.category, decided.decision.text)}")
    for decided in one.decided:
        yield from _beside(decided, has_proposal=bool(one.proposal))
    yield from _spoken(one)
    if effects:
        yield Paragraph(" ".join(effects), "detail")


def _proposal(points: tuple[Recommendation, ...]) -> Iterator[Block]:
    """The indstilling, by whom; where several propose, each point says whose it is."""
    if not points:
        return
    whose = {one.by for one in points}
    shared = whose.pop() if len(whose) == 1 else ""
    by = f" fra {shared}" if shared else ""
    if len(points) == 1:
        yield Paragraph(f"Indstilling{by}: {points[0].text}")
        return
    yield Paragraph(f"Indstilling{by}:")
    yield Bullets(tuple(Item(_point(one, shared)) for one in points), is_numbered=True)


def _point(one: Recommendation, shared: str) -> str:
    return one.text if one.by == shared else f"{one.by}: {one.text}"


def _point_by_point(one: DecidedItem) -> Block:
    """At-point beside at-point."""
    decided = {each.point: each.decision for each in one.decided}
    whose = {point.by for point in one.proposal}
    shared = next(iter(whose)) if len(whose) == 1 else ""
    rows = []
    for point in one.proposal:
        own = decided.get(point.number)
        text = _text(own.category, own.text) if own else "Ikke besluttet endnu"
        rows.append((f"{point.number}.", _point(point, shared), text))
    by = f" fra {shared}" if shared else ""
    return Table(
        f"Indstilling{by} og beslutning, punkt for punkt", ("At-punkt", "Indstilling", "Beslutning"), tuple(rows)
    )


def _text(category: str, text: str) -> str:
    """Godkendt med ændring. »Udvalget godkendte …« The coded value is not said twice where the words begin with it."""
    label = Category(category).label
    if not text:
        return f"{label}."
    says_it = text.casefold().startswith(label.casefold()[:-1]) or category == Category.NONE
    return f"»{text}«" if says_it else f"{label}. »{text}«"


def _beside(one: Decided, *, has_proposal: bool) -> Iterator[Block]:
    """What stands beside a decision: conditions, that it departs, a stay and its outcome, and dated additions."""
    decision, ad = one.decision, f"Ad {one.point}: " if one.point is not None else ""
    after = category_after(one)
    departs = decision.departs if decision.departs is not None else has_proposal and after in DEPARTING
    if decision.conditions:
        yield Paragraph(f"{ad}Betingelser: »{decision.conditions}«")
    if departs:
        yield Paragraph(f"{ad}Beslutningen afviger fra indstillingen.")
    for addition in one.additions:
        day = format_date(timezone.localdate(addition.recorded_at))
        turned = f" Herefter: {Category(addition.category).label.lower()}." if addition.category else ""
        yield Paragraph(f"{ad}Tilføjet {day}: »{addition.text}«{turned}")
    if one.stay:
        yield Paragraph(f"{ad}{_stay(one.outcome)}")


def _stay(outcome: StayOutcome | None) -> str:
    """Never who declared it: the protocol tells that."""
    declared = "Beslutningen blev standset og indbragt for kommunalbestyrelsen (styrelsesloven § 23)."
    if outcome is None:
        return f"{declared} Den har ingen virkning, før kommunalbestyrelsen har afgjort sagen."
    return f"{declared} {_COUNCIL[StayOutcome.Verdict(outcome.verdict)].format(day=format_date(outcome.decided_on))}"


def _spoken(one: DecidedItem) -> Iterator[Block]:
    """How it was voted, and each dissent, reservation or remark, verbatim."""
    if not one.is_final:
        yield Paragraph(_NOT_CLOSED, "detail")
        return
    for about, result in one.ballots:
        if result:
            yield Paragraph(f"Afstemning om {about[:1].lower()}{about[1:]}: {result}")
    for voice in one.voices:
        yield Paragraph(f"{voice.get_kind_display()}, {voice.by}: »{voice.text}«")
