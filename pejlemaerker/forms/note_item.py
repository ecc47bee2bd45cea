"""Det, forvaltningen selv skriver i et dagsordenspunkt: it is kept nowhere, but goes into the file or the clipboard."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms

from kit.paper.blocks import Section
from kit.paper.document import Paper
from meetings.models import SectionKind
from pejlemaerker.documents.notes.item import RECOMMENDATION, kind_of, with_own_words
from pejlemaerker.documents.notes.item_page import ItemDocument
from pejlemaerker.forms.fields import PlainText

# A mark that a list has when it is pasted from elsewhere: the list gives its own.
_MARK = re.compile(r"^(?:\d+[.)]|[-–•*])\s+")
_EXAMPLES = {
    SectionKind.ECONOMY: "For eksempel: »Sagen har ingen økonomiske konsekvenser.«",
    SectionKind.LEGAL_BASIS: "For eksempel: »Dagtilbudsloven, § 3.«",
    SectionKind.CONSULTATION: "For eksempel: »Forældrebestyrelserne er hørt i maj.«",
    SectionKind.HISTORY: "For eksempel: »Udvalget drøftede sagen 3. maj 2026.«",
}


class ItemForm(forms.Form):
    """Indstillingen and the empty fields of an agenda item."""

    opening = forms.CharField(
        label="Hvem indstiller?", max_length=300, required=False,
        help_text="For eksempel: »Direktøren for Børn og Velfærd indstiller,«",
        widget=forms.TextInput(attrs={"data-keep": ""}),
    )  # fmt: skip
    points = PlainText("At-punkter", rows=4, help_text="Et punkt på hver linje; de nummereres selv.")

    def __init__(self, *args: Any, document: ItemDocument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        opening, points = document.recommendation
        self.initial = {"opening": opening, "points": "\n".join(points)}
        self.fields["points"].widget.attrs["data-copy-as"] = "list"
        for field in document.empty:
            self.fields[field.key] = PlainText(f"Tekst til {field.title}", rows=3, help_text=_help(field))
        for written in self.fields.values():
            written.widget.attrs["maxlength"] = written.max_length  # type: ignore[attr-defined]

    @property
    def in_order(self) -> Iterator[tuple[Section, list[forms.BoundField]]]:
        """The item's fields from first to last, each with what one writes in it."""
        for field in self.document.paper.sections:
            names = ["opening", "points"] if field.key == RECOMMENDATION else [field.key]
            yield field, [self[name] for name in names if name in self.fields]

    def paper(self) -> Paper:
        """The item as it is written now."""
        data = self.cleaned_data
        lines = (_MARK.sub("", line.strip()) for line in data["points"].splitlines())
        texts = {field.key: data[field.key] for field in self.document.empty}
        return with_own_words(
            self.document.paper, opening=data["opening"], points=[line for line in lines if line], texts=texts
        )


def _help(field: Section) -> str:
    return _EXAMPLES.get(kind_of(field), "Det kan notatet ikke vide noget om; skriv det selv.")
