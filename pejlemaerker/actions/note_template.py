"""Husets skabelon: a change is a new version, so that papers of earlier days keep the letterhead they had."""

import uuid
from typing import Any

from django.db import transaction

from kit.drafts import EditConflict
from kit.once import made_by
from meetings.models import Event, Municipality
from pejlemaerker.logos import Logo
from pejlemaerker.models import NoteTemplate

TEXTS = ("sender", "address", "case_label", "doc_label", "date_label", "note_word", "signature", "accent", "logo_alt")


@transaction.atomic
def save_note_template(
    *,
    municipality: Municipality,
    shown: int,
    logo: Logo | None,
    drops_logo: bool,
    nonce: uuid.UUID,
    by: Any,
    **texts: str,
) -> NoteTemplate:
    """Write a new version over the one that was shown (0 for none), with a new logo, the same one or none; raises
    EditConflict when another has come since. What changes nothing makes no version.
    """
    Municipality.objects.select_for_update(of=("self",)).get(pk=municipality.pk)
    before = NoteTemplate.objects.filter(municipality=municipality).first()
    kept = Logo(bytes(before.logo), before.logo_type) if before and before.logo else None
    new_logo = logo or (None if drops_logo else kept)
    texts["logo_alt"] = texts["logo_alt"] if new_logo else ""
    made, nonce = made_by(NoteTemplate.objects.all(), nonce, **texts, municipality_id=municipality.pk)
    if made:
        return made
    stood = {name: getattr(before, name, "") for name in texts}
    changed = {name: [stood[name], text] for name, text in texts.items() if stood[name] != text}
    if before and not changed and new_logo == kept:
        return before
    if (before.version if before else 0) != shown:
        raise EditConflict(before or NoteTemplate(municipality=municipality))
    if new_logo != kept:
        changed["logo"] = [kept.kind if kept else "", new_logo.kind if new_logo else ""]
    template = NoteTemplate.objects.create(
        municipality=municipality, version=shown + 1, nonce=nonce, made_by=by,
        logo=new_logo.content if new_logo else None, logo_type=new_logo.kind if new_logo else "", **texts,
    )  # fmt: skip
    Event.objects.record("note_template_changed", template, by=by, **changed)
    return template
