"""Husets skabelon: the letterhead as a picture of it, and its versions, newest first."""

from base64 import b64encode
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

from django.db.models import CharField, Func
from django.urls import reverse

from kit.clock import moment, today
from kit.danish import join_words
from kit.dates import format_date
from kit.paper.document import DEFAULT_ACCENT, Letterhead
from meetings.models import Municipality
from pejlemaerker.models import GoalSet, NoteTemplate

MIMES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
_MOST = 50  # versions told
_TOLD = {
    "note_word": "betegnelsen", "sender": "afsenderen", "address": "adressen", "case_label": "navnet på sagsnummeret",
    "doc_label": "navnet på dokumentnummeret", "date_label": "navnet på datoen", "signature": "underskriften",
    "accent": "farven", "logo_mark": "logoet", "logo_alt": "logoets tekst",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class VersionLine:
    """En udgave: its number, when and by whom, and what was changed with it."""

    version: int
    told: str
    changes: str


@dataclass(frozen=True, slots=True)
class HouseTemplateDocument:
    """The page of the house's template."""

    municipality: Municipality
    word: str
    letterhead: Letterhead
    versions: tuple[VersionLine, ...]
    example_url: str

    @classmethod
    def of(cls, municipality: Municipality, newest: NoteTemplate | None, typed: dict[str, str], *, viewer: Any) -> Self:
        """Tell how the letterhead looks with what is typed just now, over what is kept."""
        logo = newest.logo if newest else None
        names = [typed[name] for name in ("case_label", "doc_label", "date_label")]
        examples = ("22/14871", "175905/26", format_date(today()))
        return cls(
            municipality,
            typed["note_word"],
            Letterhead(
                municipality=municipality.name,
                sender=(typed["sender"],),
                address=tuple(typed["address"].splitlines()),
                facts=tuple(zip(names, examples, strict=True)),
                signature=tuple(typed["signature"].splitlines()),
                accent=typed["accent"] or DEFAULT_ACCENT,
                logo=_as_address(bytes(logo), newest.logo_type) if newest and logo else "",
                logo_alt=newest.logo_alt if newest else "",
            ),
            _versions(municipality),
            _example(municipality, viewer) if newest else "",
        )


def _as_address(logo: bytes, kind: str) -> str:
    return f"data:{MIMES[kind]};base64,{b64encode(logo).decode()}" if kind in MIMES else ""


def _example(municipality: Municipality, viewer: Any) -> str:
    """The address of a note the viewer may have: the newest set's."""
    sets = GoalSet.objects.visible_to(viewer).filter(period__committee__municipality=municipality)
    newest = sets.order_by("-period__starts_on", "pk").values_list("pk", flat=True).first()
    return reverse("note_pdf", args=[newest]) if newest else ""


def _versions(municipality: Municipality) -> tuple[VersionLine, ...]:
    mark = Func("logo", function="md5", output_field=CharField())
    rows = NoteTemplate.objects.filter(municipality=municipality).defer("logo").annotate(logo_mark=mark)
    found = list(rows.select_related("made_by")[: _MOST + 1])
    changes = [_changes(newer, older) for newer, older in pairwise(found)]
    lines = zip(found, [*changes, "Den første"] if len(found) <= _MOST else changes, strict=False)
    return tuple(VersionLine(row.version, _told(row), changed) for row, changed in lines)


def _told(row: NoteTemplate) -> str:
    return ", ".join(part for part in (moment(row.made_at), str(row.made_by or "")) if part)


def _changes(newer: NoteTemplate, older: NoteTemplate) -> str:
    changed = [told for name, told in _TOLD.items() if getattr(newer, name) != getattr(older, name)]
    if "logoet" in changed:  # its text follows it
        changed = [told for told in changed if told != _TOLD["logo_alt"]]
    return f"Ændret: {join_words(changed)}" if changed else ""
