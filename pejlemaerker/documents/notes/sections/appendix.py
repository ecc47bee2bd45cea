"""Bilaget: earlier wordings of each pejlemærke, when they held, and word by word what was changed."""

from collections.abc import Iterator
from itertools import pairwise

from kit.danish import join_words
from kit.paper.blocks import Block, Comparison, Paragraph, Subsection
from pejlemaerker.documents.diff import Diff
from pejlemaerker.documents.notes.material import Blocks, Material
from pejlemaerker.documents.notes.sections.words import paragraphs
from pejlemaerker.documents.standing import Standing
from pejlemaerker.documents.wording_state import Life
from pejlemaerker.models import ChangeKind, GoalVersion

UNKNOWN = "Ordlyden kendes ikke."


def appendix(material: Material) -> Blocks:
    """Tell the earlier wordings, oldest first; those that have had only one have nothing to tell."""
    told = [one for one in material.concerned if len(one.versions) > 1]
    if not told:
        only = "Pejlemærket har" if material.subject.goal else "Pejlemærkerne har"
        return (Paragraph(f"{only} ikke haft andre ordlyde."),) if material.concerned else ()
    if material.subject.goal:
        return tuple(
            Subsection(f"Ordlyd {version.number}", blocks)
            for version, blocks in _of(told[0], material.lives[told[0].goal.pk], is_named=False)
        )
    return tuple(
        Subsection(
            material.heading(one),
            tuple(block for _, blocks in _of(one, material.lives[one.goal.pk], is_named=True) for block in blocks),
        )
        for one in told
    )


def compared(before: str, after: str, title: str) -> Block:
    """Two wordings word by word; or that one cannot be shown, because a text is not known."""
    if not before or not after:
        return Paragraph(f"{title}: den ene ordlyd kendes ikke, så det kan ikke vises, hvad der er ændret.", "missing")
    return Comparison(title, tuple((str(part.kind), part.text) for part in Diff.of(before, after).parts))


def _of(one: Standing, life: Life, *, is_named: bool) -> Iterator[tuple[GoalVersion, Blocks]]:
    """Each wording with its days; from the second on what was changed, so that the newest need not be repeated."""
    first, newest = one.versions[0], one.versions[-1]
    yield first, (_line(first, life, is_named=is_named), *_text(first))
    for before, after in pairwise(one.versions):
        text = _text(after) if after is not newest or not (before.is_known and after.is_known) else ()
        change = compared(before.text, after.text, f"Fra ordlyd {before.number} til ordlyd {after.number}")
        yield after, (_line(after, life, is_named=is_named), *text, change)


def _text(version: GoalVersion) -> Blocks:
    return paragraphs(version.text) or (Paragraph(UNKNOWN, "missing"),)


def _line(version: GoalVersion, life: Life, *, is_named: bool) -> Block:
    """Ordlyd 2. Gjaldt fra 3. oktober 2022 til 11. december 2022. Tilføjelse: why."""
    kind = ChangeKind(version.change_kind)
    reason = f": {version.reason.removesuffix('.')}" if version.reason else ""
    what = f" {kind.label}{reason}." if kind != ChangeKind.NEW or reason else ""
    name = f"Ordlyd {version.number}. " if is_named else ""
    return Paragraph(f"{name}{_held(version, life)}{what}", "lead")


def _held(version: GoalVersion, life: Life) -> str:
    spans = life.spans.get(version.pk, [])
    if spans:
        days = join_words([spans[0].text, *(span.text[:1].lower() + span.text[1:] for span in spans[1:])])
        goes_on = any(span.until is None or span.until > life.at.on for span in spans)
        return f"{'Gælder' if goes_on else 'Gjaldt'} {days[:1].lower()}{days[1:]}."
    state = life.state_of(version)
    if state is None:
        return "Ikke besluttet."
    return f"{state.label}. {state.note}".strip() if state.note else f"{state.label}."
