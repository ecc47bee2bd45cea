"""Et dagsordenspunkt: what a note tells, in the house's own field names, ready for the agenda system."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from kit.paper.blocks import Block, Bullets, Item, Paragraph, Section, Subsection
from kit.paper.document import Paper
from meetings.models import SectionKind, section_headings
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.naming import named
from pejlemaerker.documents.notes.sections.words import paragraphs

RECOMMENDATION = "recommendation"
_FIELD_OF = {
    SectionKey.INTRODUCTION: SectionKind.SUMMARY,
    SectionKey.CHANGES: SectionKind.HISTORY,
    SectionKey.DECISIONS: SectionKind.HISTORY,
    SectionKey.DIALOGUES: SectionKind.CONSULTATION,
}


def as_item(material: Material, sections: Iterable[Section]) -> tuple[Section, ...]:
    """Put the sections into the house's fields, with the recommendation (indstilling) after the first. A field of
    which a note knows nothing, as economy, stands empty: it is the administration's to write.
    """
    headings = section_headings(material.committee.municipality)
    kinds = [kind for kind, _ in headings]
    rest = SectionKind.PRESENTATION if SectionKind.PRESENTATION in kinds else kinds[-1]
    filled: dict[SectionKind, list[Block]] = {kind: [] for kind in kinds}
    for section in sections:
        own = _FIELD_OF.get(SectionKey(section.key), rest) if section.key in SectionKey else rest
        filled[own if own in filled else rest] += _in_field(section)
    fields = []
    for number, (kind, heading) in enumerate(headings, start=1):
        blocks = filled.pop(kind, [])  # a house may have two fields of a kind: the first is filled
        fields.append(Section(f"{kind}-{number}", heading, tuple(blocks)))
    return (*fields[:1], _recommendation(material), *fields[1:])


def kind_of(field: Section) -> SectionKind:
    """What a field of the house is about."""
    return SectionKind(field.key.rpartition("-")[0])


def _in_field(section: Section) -> list[Block]:
    """A section below a field's heading: its own heading is one below that."""
    return [Subsection(section.title, section.blocks)] if section.title else list(section.blocks)


def _recommendation(material: Material) -> Section:
    opening = f"Forvaltningen indstiller til {material.committee_name},"
    return Section(RECOMMENDATION, "Indstilling", _recommended(opening, proposed_points(material)))


def _recommended(opening: str, points: Sequence[str]) -> tuple[Block, ...]:
    said: list[Block] = [Paragraph(opening)] if opening else []
    return (*said, Bullets(tuple(Item(point) for point in points), is_numbered=True))


def proposed_points(material: Material) -> list[str]:
    """Propose the at-points, for a person to put right: wordings that wait for a decision, and the status."""
    waiting = [one.goal.pk for one in material.goals if one.lacks_decision]
    points = [f"at ordlyden af {named(waiting, material)} godkendes."] if waiting else []
    if any(one.status for one in material.goals):
        points.append("at status på pejlemærkerne tages til efterretning.")
    return points or ["at pejlemærkerne drøftes."]


def with_own_words(paper: Paper, *, opening: str, points: Sequence[str], texts: Mapping[str, str]) -> Paper:
    """The agenda item with the recommendation and the fields that the administration has written itself; a field that
    is still empty says so, for the paper is laid before others.
    """
    return replace(paper, sections=tuple(_written(field, opening, points, texts) for field in paper.sections))


def _written(field: Section, opening: str, points: Sequence[str], texts: Mapping[str, str]) -> Section:
    blocks = field.blocks
    if field.key == RECOMMENDATION:
        blocks = _recommended(opening, points) if points else ()
    elif not blocks:
        blocks = paragraphs(texts.get(field.key, ""))
    return replace(field, blocks=blocks or (Paragraph("Ikke udfyldt endnu.", "missing"),))
