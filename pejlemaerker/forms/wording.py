"""Skriv en ny ordlyd: a draft, kept as one types, until it is sent to the committee."""

from typing import Any

from django import forms

from kit.clock import moment, today
from kit.dates import format_date
from meetings.forms.fields import retyped
from pejlemaerker.actions import WordingText, put_before_committee, save_wording_draft, send_wording
from pejlemaerker.documents.diff import Diff
from pejlemaerker.documents.requests import RequestLine, requests_of
from pejlemaerker.forms.fields import PlainText, date_field
from pejlemaerker.forms.goal import dialogues_of
from pejlemaerker.forms.items import ItemField, named_pk
from pejlemaerker.models import (
    AdditionRequest,
    AsOf,
    ChangeKind,
    Dialogue,
    Goal,
    GoalVersion,
    Submission,
    WordingDraft,
)

LONGEST = 5_000
_FIRST_KINDS = (ChangeKind.NEW, ChangeKind.CONTINUED)
_NEXT_KINDS = (ChangeKind.ADDITION, ChangeKind.CHANGE, ChangeKind.LINGUISTIC, ChangeKind.MOVED)


class _RequestField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Hvilket ønske: the unanswered ones about this pejlemærke's wording, told as far as the user may read them."""

    def __init__(self, lines: dict[int, RequestLine]) -> None:
        self.lines = lines
        super().__init__(
            AdditionRequest.objects.filter(pk__in=lines),
            label="Hvilket ønske svarer ordlyden på?",
            required=False,
            empty_label="Intet ønske",
        )

    def label_from_instance(self, obj: AdditionRequest) -> str:
        """Udvalget ønskede 5. september 2022 …: »…«."""
        line = self.lines[obj.pk]
        text = line.text if len(line.text) <= 100 else f"{line.text[:100].rstrip()} …"
        return f"{line.sentence} »{text}«" if text else line.sentence


class WordingForm(forms.Form):
    """The next wording of a pejlemærke. As a draft it may lack anything; what is sent must be whole."""

    text = PlainText("Ordlyd", rows=5, help_text="En sætning, der begynder med »Vi«. Den gemmes ordret.")
    change_kind = forms.ChoiceField(label="Hvad er ændret?", required=False, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Begrundelse", max_length=400, required=False, help_text="For eksempel: Udvalget ønskede familien nævnt."
    )
    worded_on = date_field(
        "Formuleret", help_text="Dagen, da ordlyden blev skrevet, eller udvalgets mødedag.", required=False
    )
    expected = forms.IntegerField(widget=forms.HiddenInput, min_value=0)  # the newest wording the writer has seen
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    # Ticked when two have written at once, and the writer has seen both texts: the revision that this text replaces.
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, goal: Goal, user: Any, asked: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goal, self.user = goal, user
        self.newest = goal.versions.last()
        self.draft = WordingDraft.objects.filter(goal=goal).select_related("edited_by").first()
        self.conflict: WordingDraft | None = None
        kinds = _NEXT_KINDS if self.newest else _FIRST_KINDS
        self.fields["change_kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["text"].max_length = LONGEST  # type: ignore[attr-defined]
        self.fields["text"].validators = [_is_no_longer_than_a_pejlemaerke, *self.fields["text"].validators[1:]]
        named = (asked or {}).get("punkt", "")
        self.fields["answers"] = _RequestField(self._open_requests())
        self.fields["item"] = ItemField(
            goal.goal_set,
            user=user,
            label="Hvor skal den forelægges?",
            help_text="Dagsordenspunktet, hvis det er oprettet. Det kan også vælges senere.",
            named=self.data.get("item", "") if self.is_bound else named,
        )
        dialogues = dialogues_of(goal.goal_set, user)
        self.fields["dialogue"] = forms.ModelChoiceField(dialogues, required=False, widget=forms.HiddenInput)
        self.formulated_at = self._formulated_at(dialogues, (asked or {}).get("dialog", ""))
        self.initial = self._begin(named, (asked or {}).get("oenske", ""))

    def _open_requests(self) -> dict[int, RequestLine]:
        lines = requests_of(viewer=self.user, at=AsOf.now(), goal=self.goal)
        chosen = self.draft.answers_id if self.draft else None
        return {one.request.pk: one for one in lines if one.is_open or one.request.pk == chosen}

    def _formulated_at(self, dialogues: Any, raw: str) -> Dialogue | None:
        """The dialogue meeting it comes from: the one named, or the draft's."""
        named = named_pk(str(self.data.get("dialogue", "")) if self.is_bound else raw)
        found: Dialogue | None = dialogues.filter(pk__in=named).first()
        return found or (self.draft.dialogue if self.draft and not self.is_bound else None)

    def _begin(self, item: str, request: str) -> dict[str, Any]:
        """What the form begins with: the draft where there is one, else the newest wording."""
        begun = {
            "text": self.newest.text if self.newest else "",
            "change_kind": ChangeKind.ADDITION if self.newest else ChangeKind.NEW,
            "worded_on": today(),
            "expected": self.newest.number if self.newest else 0,
            "revision": 0,
            "item": next(iter(named_pk(item)), None),
            "answers": next(iter(named_pk(request)), None),
        }
        if self.formulated_at:
            day = self.formulated_at.held_on
            begun |= {
                "dialogue": self.formulated_at.pk, "worded_on": day,
                "reason": f"Formuleret på dialogmødet {format_date(day)}",
            }  # fmt: skip
        if self.draft is None:
            return begun
        drafted = {"text": self.draft.text, "revision": self.draft.revision}
        chosen = {
            "reason": self.draft.reason,
            "change_kind": self.draft.change_kind,
            "answers": self.draft.answers_id,
            "worded_on": self.draft.worded_on if not begun.get("dialogue") or self.draft.dialogue_id else None,
        }
        return begun | drafted | {name: value for name, value in chosen.items() if value}

    # --- What the page tells ----------------------------------------

    def show_what_is_needed(self) -> None:
        """Mark what must be there before it can be sent; a draft may lack it, so nothing demands it."""
        for name in ("text", "change_kind", *(["reason"] if self.newest else [])):
            self.fields[name].required = True

    @property
    def revision_now(self) -> int:
        """The revision that the text on the page was written over; after a conflict still the old one."""
        if self.conflict:
            return int(self.cleaned_data["revision"] or 0)
        return self.draft.revision if self.draft else 0

    @property
    def saved_text(self) -> str:
        """Gemt kl. 14.32."""
        return f"Kladden er gemt {moment(self.draft.edited_at)}." if self.draft else ""

    @property
    def diff(self) -> Diff | None:
        """What the text on the page changes in the newest wording, where that is known."""
        text = self.data.get("text", "") if self.is_bound else self.initial["text"]
        written = str(text).strip().replace("\r\n", "\n")
        if self.newest is None or not self.newest.is_known or not written or len(written) > LONGEST:
            return None
        diff = Diff.of(self.newest.text, written)
        return None if diff.is_same else diff

    @property
    def mine_kind(self) -> str:
        """This text's kind of change, in words."""
        return _kind_in_words(self.cleaned_data.get("change_kind", ""))

    @property
    def theirs_kind(self) -> str:
        """The other text's kind of change, in words."""
        return _kind_in_words(self.conflict.change_kind) if self.conflict else ""

    @property
    def theirs_at(self) -> str:
        """When the other text was saved."""
        return moment(self.conflict.edited_at) if self.conflict else ""

    # --- Saving ----------------------------------------

    def clean(self) -> dict[str, Any]:
        """Take what was written as a whole: it is kept also when something is missing before it can be sent."""
        cleaned = super().clean() or {}
        if not self.errors:
            self.written = WordingText(**{name: cleaned[name] for name in WordingText._fields})
        return cleaned

    @property
    def _revision(self) -> int:
        replaced = self.cleaned_data["replaces"]
        return int(replaced if replaced is not None else self.cleaned_data["revision"] or 0)

    def can_be_sent(self) -> bool:
        """Whether nothing is missing: a text that is new, what kind of change it is, and why."""
        text, kind = self.cleaned_data["text"], self.cleaned_data["change_kind"]
        if not text:
            self.add_error("text", "Skriv ordlyden.")
        elif self.newest and text == self.newest.text and self.cleaned_data["expected"] == self.newest.number:
            self.add_error("text", "Ordlyden er den samme som den nyeste. Ret den, før du sender den.")
        if not kind:
            self.add_error("change_kind", "Vælg, hvad der er ændret.")
        if self.cleaned_data["expected"] and not self.cleaned_data["reason"]:
            self.add_error("reason", "Skriv, hvorfor ordlyden ændres.")
        return not self.errors

    def save_draft(self) -> None:
        """Keep what is written so far; raises EditConflict when somebody else saved in between."""
        self.draft = save_wording_draft(goal=self.goal, written=self.written, expected=self._revision, by=self.user)

    def save(self) -> GoalVersion:
        """Send the wording til behandling; raises EditConflict when somebody else has written in between."""
        return send_wording(
            goal=self.goal, written=self.written, expected=self.cleaned_data["expected"], revision=self._revision,
            item=self.cleaned_data["item"], by=self.user,
        )  # fmt: skip

    def write_over(self, newest: GoalVersion) -> None:
        """Keep what was typed, and let the next save be a wording after the one that has come in between."""
        self.newest = newest
        self.data = retyped(self.data, expected=newest.number, revision=self.draft.revision if self.draft else 0)


def _is_no_longer_than_a_pejlemaerke(text: str) -> None:
    if len(text) > LONGEST:
        raise forms.ValidationError(
            f"Ordlyden er på {len(text)} tegn. Der er plads til {LONGEST}; et pejlemærke er én sætning eller to."
        )


def _kind_in_words(kind: str) -> str:
    return str(ChangeKind(kind).label) if kind else ""


class PutBeforeForm(forms.Form):
    """Forelæg en ordlyd, that waits for a decision, on an agenda item."""

    def __init__(self, *args: Any, version: GoalVersion, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.version, self.user = version, user
        self.fields["item"] = ItemField(
            version.goal.goal_set,
            user=user,
            label="Forelæg ordlyden på et punkt",
            help_text="Punktet skal være oprettet på mødets dagsorden. Ordlyden vises så på punktets side.",
            named=self.data.get("item", "") if self.is_bound else "",
        )
        self.fields["item"].required = True
        self.fields["item"].error_messages["required"] = "Vælg punktet."

    def save(self) -> Submission:
        """Put the wording before the committee."""
        return put_before_committee(version=self.version, item=self.cleaned_data["item"], by=self.user)
