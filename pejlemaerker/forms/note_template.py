"""Husets skabelon: sender, names, colour, logo and signature, each with what it is for."""

import re
from math import floor
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from kit.drafts import EditConflict
from kit.files import size_text
from kit.once import NonceField
from meetings.forms.conflict import differences
from meetings.forms.fields import LinesField, VerbatimField, retyped
from meetings.models import Municipality
from pejlemaerker.actions.note_template import TEXTS, save_note_template
from pejlemaerker.logos import LARGEST, Logo, LogoRefused, checked_logo
from pejlemaerker.models import NoteTemplate

_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_SIGNATURE_LINES = 8
_LINE = 60


class ColourField(forms.CharField):
    """En farve that can be read on white paper."""

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value)).lower().removeprefix("#")
        if re.fullmatch("[0-9a-f]{3}", typed):
            typed = "".join(digit * 2 for digit in typed)
        if not re.fullmatch("[0-9a-f]{6}", typed):
            raise forms.ValidationError("Skriv farven som # og seks tegn, for eksempel #1f4e79.")
        found = contrast(f"#{typed}")
        if found < _CONTRAST:
            told = f"{floor(found * 10) / 10}".replace(".", ",")  # 4.48 is not 4,5
            raise forms.ValidationError(
                f"Farven er for lys til at læse på hvidt papir: kontrasten er {told}, og der skal være 4,5."
                f" Den samme farve, mørk nok, er {_dark_enough(typed)}."
            )
        return f"#{typed}"


def contrast(colour: str) -> float:
    """How a colour stands out on white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _dark_enough(typed: str) -> str:
    parts = [int(typed[at : at + 2], 16) for at in (0, 2, 4)]
    shades = ("#" + "".join(f"{part * share // 100:02x}" for part in parts) for share in range(99, -1, -1))
    return next(shade for shade in shades if contrast(shade) >= _CONTRAST)


def _label(name: str, usual: str) -> forms.CharField:
    return forms.CharField(
        label=f"Hvad I kalder {name}", help_text=f"For eksempel: {usual}", initial=usual, max_length=40,
        error_messages={"required": f"Skriv et ord, for eksempel {usual}."},
    )  # fmt: skip


class NoteTemplateForm(forms.Form):
    """The template as a whole: saving it makes a new version."""

    note_word = _label("papiret", "NOTAT")
    sender = forms.CharField(
        label="Afsender", required=False, max_length=160,
        help_text="Den enhed, der skriver. For eksempel: Center for Børn og Familier. "
        "Står feltet tomt, bruges det center, der står i kilden.",
    )  # fmt: skip
    address = LinesField(
        label="Adresse", required=False, rows=4, longest_line=_LINE, most_lines=8,
        help_text="En linje for hver. For eksempel: Hvidovrevej 278, 2650 Hvidovre, et telefonnummer og en mail.",
    )  # fmt: skip
    case_label = _label("sagsnummeret", "Sagsnr.")
    doc_label = _label("dokumentnummeret", "Doknr.")
    date_label = _label("datoen", "Dato")
    signature = VerbatimField(
        label="Underskrift", required=False, rows=3, max_length=600,
        help_text="Navn og titel på den, der skriver under; en tom linje skiller to. Der bliver plads til at skrive "
        "over navnet. Står feltet tomt, er der ingen underskrift.",
    )  # fmt: skip
    accent = ColourField(
        label="Farve", initial="#1f4e79", max_length=20,
        help_text="Som den står i jeres designmanual. For eksempel: #1f4e79. Den skal kunne læses på hvidt papir.",
        error_messages={"required": "Skriv en farve, for eksempel #1f4e79."},
    )  # fmt: skip
    logo = forms.FileField(
        label="Logo", required=False, widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.svg"}),
        help_text=f"PNG, JPG eller SVG, højst {size_text(LARGEST)}. Det står øverst til højre, højst 44 mm bredt.",
        error_messages={"empty": "Filen er tom (0 bytes). Vælg en anden."},
    )  # fmt: skip
    drops_logo = forms.BooleanField(label="Tag logoet af", required=False)
    logo_alt = forms.CharField(label="Logoets tekst", required=False, max_length=120)
    shown = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    nonce = NonceField()

    def __init__(self, data: Any = None, files: Any = None, *, user: Any, municipality: Municipality) -> None:
        self.user, self.municipality = user, municipality
        self.newest = NoteTemplate.objects.filter(municipality=municipality).first()
        super().__init__(data, files, initial=_as_initial(self.newest))
        self.usual_alt = f"{municipality.name}s logo"
        self.fields[
            "logo_alt"
        ].help_text = f"Læses højt for dem, der ikke kan se logoet. Står feltet tomt, siges »{self.usual_alt}«."
        if not (self.newest and self.newest.logo):
            del self.fields["drops_logo"]

    def clean_address(self) -> str:
        """One text, as it is kept."""
        return "\n".join(self.cleaned_data["address"])

    def clean_signature(self) -> str:
        """As many lines as there is room for."""
        lines = [line.strip() for line in self.cleaned_data["signature"].strip().split("\n")]
        if len(lines) > _SIGNATURE_LINES:
            raise forms.ValidationError(f"Der er {len(lines)} linjer; der er plads til {_SIGNATURE_LINES}.")
        if any(len(line) > _LINE for line in lines):
            raise forms.ValidationError(f"En linje må højst være {_LINE} tegn.")
        return "\n".join(lines)

    def clean_logo(self) -> Logo | None:
        """Look into the file: only what is to be seen comes along."""
        file = self.cleaned_data["logo"]
        if not isinstance(file, UploadedFile):
            return None
        try:
            return checked_logo(file.read(LARGEST + 1), size=file.size or 0)
        except LogoRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        """What was typed is kept when something is refused, but a file is not; so that is said."""
        cleaned = super().clean() or {}
        if self.errors and cleaned.get("logo"):
            self.add_error("logo", "Vælg logoet igen; en browser husker det ikke, når siden kommer tilbage.")
        return cleaned

    @property
    def shown_now(self) -> dict[str, str]:
        """What stands in the fields; of a colour that nobody can read, the one that holds."""
        shown = {name: str(self[name].value() or "") for name in TEXTS}
        fallen_back = self.newest.accent if self.newest else str(self.fields["accent"].initial)
        right = self.cleaned_data.get("accent", fallen_back) if self.is_bound and self.errors is not None else ""
        return shown | ({"accent": right} if right else {})

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by the names of the model."""
        typed = {name: self.cleaned_data[name] for name in TEXTS}
        return typed | {"logo_alt": typed["logo_alt"] or self.usual_alt}

    def save(self) -> NoteTemplate:
        """Make the new version; raises EditConflict."""
        values = self.cleaned_data
        return save_note_template(
            municipality=self.municipality, shown=values["shown"] or 0, logo=values["logo"],
            drops_logo=values.get("drops_logo", False), nonce=values["nonce"], by=self.user, **self.texts,
        )  # fmt: skip

    def conflict_with(self, conflict: EditConflict) -> dict[str, str]:
        """Lay both beside each other; when this form is sent again, its writer has seen the other's."""
        current = conflict.current
        assert isinstance(current, NoteTemplate)  # noqa: S101  (what the action raises it with)
        theirs = {name: getattr(current, name) for name in TEXTS} | {"logo": "som på billedet"}
        own = "vælg det igen" if self.cleaned_data["logo"] else "som på billedet"
        mine, told = differences(self, self.texts | {"logo": own}, theirs)
        self.newest = current
        self.data = retyped(self.data, shown=current.version)
        return {"mine": mine, "theirs": told}


def _as_initial(template: NoteTemplate | None) -> dict[str, Any]:
    if template is None:
        return {"shown": 0}
    return {name: getattr(template, name) for name in TEXTS} | {"shown": template.version}
