"""Afstemning: person for person, or group for group; it begins with everyone for, because most votes nearly are."""

from typing import Any, NamedTuple

from django import forms

from meetings.actions import Voice, record_vote
from meetings.documents.proceedings import Group, ProceedingsDocument
from meetings.documents.treatment import named
from meetings.forms.proceedings import ProceedingsForm
from meetings.models import VoteLine

_STANCES = [
    (VoteLine.Stance.FOR.value, "For"),
    (VoteLine.Stance.AGAINST.value, "Imod"),
    (VoteLine.Stance.ABSTAINED.value, "Undlod"),
]
_SPLIT = "split"


class VoteForm(ProceedingsForm):
    """What was voted on, and how."""

    about = forms.CharField(
        label="Hvad blev der stemt om?",
        help_text="For eksempel: Indstillingen, eller Ændringsforslag fra Gruppe C.",
        initial="Indstillingen",
        max_length=200,
        error_messages={"required": "Skriv, hvad der blev stemt om."},
    )

    @property
    def voices(self) -> list[Voice]:
        """The voices as they were typed."""
        raise NotImplementedError

    def save(self) -> Any:
        """Enter the vote."""
        values = self.cleaned_data
        return record_vote(
            item=self.item, about=values["about"], voices=self.voices, nonce=values["nonce"], by=self.user
        )


class VoteByPersonForm(VoteForm):
    """Every voter is for, against, or abstains."""

    what = "afstemning"

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        for voter in document.voters:
            self.fields[f"stemme_{voter.person.pk}"] = forms.ChoiceField(
                label=named(voter.person.name, voter.party),
                choices=_STANCES,
                initial=VoteLine.Stance.FOR,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Vælg For, Imod eller Undlod."},
            )

    @property
    def rows(self) -> list[forms.BoundField]:
        """A row per voter."""
        return [field for field in self.visible_fields() if field.name.startswith("stemme_")]

    def clean(self) -> dict[str, Any]:
        """A voice of somebody who cannot vote, or no longer can, is a voice too many."""
        cleaned = super().clean() or {}
        given = [name for name, stance in self.data.items() if name.startswith("stemme_") and stance]
        if any(name not in self.fields for name in given):
            able = len(self.document.voters)
            raise forms.ValidationError(f"Stemmerne giver {len(given)}, men {able} kan stemme på punktet.")
        return cleaned

    @property
    def voices(self) -> list[Voice]:
        given = [(voter, self.cleaned_data[f"stemme_{voter.person.pk}"]) for voter in self.document.voters]
        return [Voice(stance, voter.party, voter.person) for voter, stance in given if stance]


class GroupRow(NamedTuple):
    """One group's line: how it voted, and the numbers where it was split."""

    group: Group
    stance: forms.BoundField
    counts: tuple[forms.BoundField, ...]


class VoteByGroupForm(VoteForm):
    """Every group votes as one, or is split; who has no group stands alone."""

    what = "grupper"

    def __init__(self, data: Any = None, *, user: Any, document: ProceedingsDocument) -> None:
        super().__init__(data, user=user, document=document)
        for group in document.groups:
            self.fields[group.key] = forms.ChoiceField(
                label=group.label,
                choices=[*_STANCES, (_SPLIT, "Delt")] if group.size > 1 else _STANCES,
                initial=VoteLine.Stance.FOR,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"Vælg, hvad {group.label.split(',')[0]} stemte.",
                    "invalid_choice": "Vælg For, Imod, Undlod eller Delt.",
                },
            )
            for stance, label in _STANCES if group.size > 1 else ():
                self.fields[f"{group.key}_{stance}"] = forms.IntegerField(
                    label=label,
                    required=False,
                    min_value=0,
                    max_value=999,
                    error_messages={"invalid": "Skriv et helt tal."},
                )

    @property
    def rows(self) -> list[GroupRow]:
        """A row per group."""
        return [
            GroupRow(
                group,
                self[group.key],
                tuple(self[f"{group.key}_{stance}"] for stance, _ in _STANCES) if group.size > 1 else (),
            )
            for group in self.document.groups
        ]

    @property
    def voices(self) -> list[Voice]:
        return [voice for group in self.document.groups for voice in self._voices_of(group)]

    def _voices_of(self, group: Group) -> list[Voice]:
        stance = self.cleaned_data[group.key]
        if stance != _SPLIT:
            return [Voice(stance, group.letter, group.person, group.size)]
        counts = ((stance, self.cleaned_data[f"{group.key}_{stance}"] or 0) for stance, _ in _STANCES)
        return [Voice(stance, group.letter, None, count) for stance, count in counts]
