"""Søg: what was asked by the address, whatever stands there; nothing is saved, and nothing typed is an error."""

from typing import Any

from django import forms

from kit.search import LONGEST_QUERY, Asked
from meetings.forms.fields import DayField
from pejlemaerker.documents.search_found import KINDS, Narrowed, is_term


class SearchForm(forms.Form):
    """What is looked for, and what the hits are narrowed to. What makes no sense there counts as not chosen."""

    q = forms.CharField(
        label="Søg efter", required=False, strip=False,
        widget=forms.TextInput(
            attrs={"type": "search", "autocomplete": "off", "maxlength": LONGEST_QUERY, "aria-controls": "fund"}
        ),
    )  # fmt: skip
    udvalg = forms.SlugField(required=False)
    art = forms.ChoiceField(choices=list(KINDS.items()), required=False)
    valgperiode = forms.CharField(required=False)
    fra = DayField(label="Fra", required=False)
    til = DayField(label="Til", required=False)
    side = forms.IntegerField(required=False, min_value=1, max_value=100)

    def clean_valgperiode(self) -> str:
        """A valgperiode, or none."""
        term = str(self.cleaned_data["valgperiode"])
        return term if is_term(term) else ""

    def asked(self) -> dict[str, Any]:
        """What to look for, as the document wants it."""
        self.is_valid()
        known = self.cleaned_data
        chosen = {name: known.get(name) or "" for name in ("udvalg", "art", "valgperiode")}
        return {
            "asked": Asked.read(self.data.get("q", "")),
            "narrowed": Narrowed(**chosen, fra=known.get("fra"), til=known.get("til")),
            "page": known.get("side") or 1,
        }
