"""Papiret: letterhead and sections put together, for one edition on one day."""

from types import EllipsisType
from typing import Any

from kit.danish import join_words
from kit.dates import format_date
from kit.paper.blocks import Section
from kit.paper.colour import in_colour
from kit.paper.document import Letterhead, Paper, Stamp
from pejlemaerker.documents.notes.case import case_and_unit
from pejlemaerker.documents.notes.choices import SECTION_LABELS, Choices, SectionKey
from pejlemaerker.documents.notes.item import as_item
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.sections import BUILDERS
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, Audience, NoteKind, NoteTemplate, end_of, newest_template

DRAFT = Stamp(mark="UDKAST")
LOGO = "logo"


def paper_of(
    subject: Subject,
    *,
    audience: str,
    at: AsOf,
    choices: Choices | None = None,
    author: Any = None,
    template: NoteTemplate | EllipsisType | None = ...,
) -> Paper:
    """Make the paper of a subject the reader may see, in one edition, as of a day: the same day gives the same text.

    Without choices it holds what is usual; it has the letterhead the house had that day, unless it is given another, or
    none. `author` is the person who stands as sender, in editions that are not public.
    """
    chosen = choices or Choices.usual(subject.kind)
    material = Material.of(subject, audience=audience, at=at, choices=chosen)
    house = template_of(subject, at) if isinstance(template, EllipsisType) else template
    sections = tuple(section for key in chosen.sections if (section := _section(key, material)))
    is_item = subject.kind == NoteKind.ITEM
    letterhead = _letterhead(material, house, author)
    return Paper(
        word="DAGSORDENSPUNKT" if is_item else house.note_word if house else "NOTAT",
        title=chosen.title or _title(material),
        as_of=_as_of(material),
        letterhead=letterhead,
        sections=in_colour(as_item(material, sections) if is_item else sections, letterhead.accent),
        running_head=_running_head(material),
    )


def template_of(subject: Subject, at: AsOf) -> NoteTemplate | None:
    """Return the house's template as it was that day."""
    return newest_template(subject.committee.municipality, made_by_day_end=end_of(at.known))


def _section(key: SectionKey, material: Material) -> Section | None:
    build = BUILDERS.get(key)
    blocks = build(material) if build else ()
    return Section(key, _heading(key, material), blocks) if blocks else None


def _heading(key: SectionKey, material: Material) -> str:
    if key == SectionKey.INTRODUCTION:
        return ""
    is_one = key == SectionKey.WORDINGS and material.subject.kind == NoteKind.GOAL
    return "Ordlyd" if is_one else SECTION_LABELS[key]


def _title(material: Material) -> str:
    subject = material.subject
    if subject.kind == NoteKind.GOAL:
        number = material.goals[0].number if material.goals else None
        name = f"pejlemærke {number}" if number else "et pejlemærke"
        return f"Status på {name}, {material.status.goal_set.area}"
    if subject.kind == NoteKind.YEAR:
        return f"Årsstatus {subject.year} for {material.committee_name}"
    if subject.kind == NoteKind.COMPARISON:
        before, after = (side.goal_set.area.name for side in (material.two.before, material.two.after))
        about = f" for {after}" if before == after else ""
        return f"Pejlemærkerne{about} i to perioder: {join_words(list(material.two.names))}"
    return f"Status på de politiske pejlemærker for {material.status.goal_set.area}"


def _as_of(material: Material) -> str:
    period = f" for perioden {material.status.goal_set.period}" if material.subject.goal_set else ""
    if material.subject.other_set:
        period = f" for perioderne {material.two.before.goal_set.period} og {material.two.after.goal_set.period}"
    return f"Status pr. {format_date(material.at.on)}{period}"


def _running_head(material: Material) -> str:
    about = material.status.goal_set.area.name if material.subject.goal_set else material.committee.name
    return f"{material.committee.municipality.name} · {about}"


def _letterhead(material: Material, house: NoteTemplate | None, author: Any) -> Letterhead:
    case_no, sender_unit = case_and_unit(material.status) if material.subject.goal_set else ("", "")
    unit = house.sender if house and house.sender else sender_unit
    people = [str(author)] if author and not material.is_public else []
    facts = [
        (house.case_label if house else "Sagsnr.", case_no),
        (house.doc_label if house else "Doknr.", material.choices.doc_no),
        (house.date_label if house else "Dato", format_date(material.at.on)),
    ]
    own = {"accent": house.accent, "logo_alt": house.logo_alt, "logo": LOGO if house.logo else ""} if house else {}
    return Letterhead(
        municipality=material.committee.municipality.name,
        sender=tuple(part for part in (unit, *people) if part),
        address=tuple(house.address.splitlines()) if house else (),
        facts=tuple((label, value) for label, value in facts if value),
        edition="" if material.audience == Audience.PUBLIC else str(material.audience.label),
        signature=tuple(house.signature.splitlines()) if house else (),
        **own,
    )
