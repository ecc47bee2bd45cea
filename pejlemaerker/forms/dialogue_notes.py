"""Noterne, taken while a dialogue meeting is held: point by point, with the themes and agreements that come up."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms

from kit.clock import moment
from kit.drafts import EditConflict
from kit.once import NonceField
from meetings.actions import NotAllowed
from meetings.views.saving import refuse
from pejlemaerker.actions.dialogue_notes import NOTES, add_theme, save_notes
from pejlemaerker.documents.programme import Point, ProgrammeDocument
from pejlemaerker.documents.standing import Standing
from pejlemaerker.forms.agreements import AboutField, AgreementForm
from pejlemaerker.forms.fields import PlainText
from pejlemaerker.models import Dialogue, Goal, ProgrammePoint, Theme
from pejlemaerker.permissions import is_closed

WHOLE = "0"  # the notes of a dialogue meeting without a programme
COMMON = "faelles"  # what is about no point of the programme
THEME_DONE, AGREEMENT_DONE = "Temaet er skrevet ned.", "Aftalen er skrevet ned."


class NotesForm(forms.Form):
    """Noter til ét punkt."""

    notes = PlainText("Noter", rows=8)
    revision = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)  # the text the page was shown with, in short
    # Ticked when two have written at once, and the writer has seen both texts: the revision that this text replaces.
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)


class ThemeForm(forms.Form):
    """Et tema, in a few words."""

    text = forms.CharField(
        label="Nyt tema", max_length=200, error_messages={"required": "Skriv temaet."},
        help_text="For eksempel: Overgange mellem dagtilbud og skole",
    )  # fmt: skip
    nonce = NonceField()

    def __init__(
        self, data: Any = None, *, dialogue: Dialogue, user: Any, goal: Goal | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.dialogue, self.user, self.goal = dialogue, user, goal
        if goal is None:
            self.fields["goal"] = AboutField(dialogue)

    @property
    def is_filled(self) -> bool:
        """Whether something is typed in it."""
        return self.is_bound and bool(self["text"].value())

    def save(self) -> Theme:
        """Write it down."""
        data = self.cleaned_data
        goal = data.get("goal") or self.goal
        return add_theme(dialogue=self.dialogue, goal=goal, text=data["text"], nonce=data["nonce"], by=self.user)


@dataclass
class Acts:
    """What can be written down beside the notes: a theme, an agreement."""

    key: str
    goal: Goal | None
    theme: ThemeForm
    agreement: AgreementForm
    done: str = ""
    tried: ThemeForm | AgreementForm | None = None  # whose button was pressed, also where nothing is typed

    @property
    def can_word(self) -> bool:
        """Whether another wording can be written of its pejlemærke."""
        return self.goal is not None and not is_closed(self.goal.goal_set)

    @property
    def is_theme_done(self) -> bool:
        """Whether a theme was just added: one often writes the next."""
        return self.done == THEME_DONE

    @property
    def done_focus(self) -> str:
        """Where one goes on writing: at the next theme, or in the notes."""
        if self.is_theme_done or self.key == COMMON:
            return str(self.theme["text"].id_for_label)
        return f"id_punkt-{self.key}-notes"

    @property
    def opens_theme(self) -> bool:
        """Whether one goes on writing a theme."""
        return self.theme.is_filled or self.is_theme_done or self.tried is self.theme

    @property
    def opens_agreement(self) -> bool:
        """Whether one goes on writing an agreement."""
        return self.agreement.is_filled or self.tried is self.agreement

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way."""
        return any(form.errors for form in (self.theme, self.agreement) if form.is_filled or form is self.tried)

    @property
    def error_focus(self) -> str:
        """Where one puts it right."""
        form = self.tried
        return next((str(form[name].id_for_label) for name in form.errors if name in form.fields), "") if form else ""


@dataclass
class WrittenPoint:
    """Et punkt on the page: its notes, and how it stands with the saving."""

    key: str
    title: str
    time: str
    standing: Standing | None
    point: ProgrammePoint | None
    form: NotesForm
    acts: Acts | None
    conflict: ProgrammePoint | None = field(default=None)
    is_gone: bool = False

    @property
    def is_mine(self) -> bool:
        """Whether this writer has written in it since the page was shown."""
        return bool(self.form.cleaned_data["seen"] != in_short(self.form.cleaned_data["notes"]))

    @property
    def is_kept(self) -> bool:
        """Whether what stands on the page is what is kept."""
        if not self.form.is_bound:
            return True
        return (self.point.notes if self.point else "") == self.form.cleaned_data.get("notes")

    @property
    def revision(self) -> int:
        """The revision that the text on the page was written over."""
        if self.is_kept:
            return self.point.revision if self.point else 0
        return int(self.form.cleaned_data.get("revision") or 0)

    @property
    def seen(self) -> str:
        """What the writer has seen kept: where the text could not be kept, still the old one."""
        if self.is_kept:
            return in_short(self.point.notes if self.point else "")
        return str(self.form.cleaned_data.get("seen", ""))

    @property
    def other(self) -> ProgrammePoint | None:
        """What another has written here meanwhile, where this writer has written nothing."""
        is_theirs = not self.is_kept and not self.conflict and not self.is_gone and not self.form.errors
        return self.point if is_theirs else None

    @property
    def saved_text(self) -> str:
        """Gemt kl. 14.32, or nothing."""
        return f"Gemt {moment(self.point.edited_at)}" if self.point and self.point.revision else ""

    @property
    def theirs_name(self) -> str:
        """Who wrote the other text."""
        other = self.conflict or self.other
        return str((other and other.edited_by) or "en anden")

    @property
    def theirs_at(self) -> str:
        """When the other text was saved."""
        other = self.conflict or self.other
        return moment(other.edited_at) if other else ""


class NotesPage:
    """Alle noter fra et dialogmøde, on one page; each point kept by itself, and never over another's unseen."""

    def __init__(self, *, dialogue: Dialogue, user: Any, data: Any = None) -> None:
        self.dialogue, self.user, self.data = dialogue, user, data
        self.points = list(self._points())
        self.common = self._acts(COMMON, None)

    def _points(self) -> Iterator[WrittenPoint]:
        programme = ProgrammeDocument.for_dialogue(self.dialogue, viewer=self.user)
        rows = {row.pk: row for row in self.dialogue.programme.select_related("edited_by", "goal__goal_set__closing")}
        keys = set()
        for told in programme.points:
            point = rows.get(told.pk)
            if point:
                key = WHOLE if point.title == NOTES and point.goal_id is None else str(point.pk)
                keys.add(key)
                yield self._written(key, point, told)
        if not keys or (self._sent(WHOLE) and WHOLE not in keys):
            yield self._written(WHOLE, None, None)
        for key in self._gone(keys | {WHOLE}):
            written = self._written(key, None, None)
            written.is_gone, written.title = True, "Taget ud af programmet imens"
            yield written

    def _sent(self, key: str) -> str:
        return str((self.data or {}).get(f"punkt-{key}-notes", "")).strip()

    def _gone(self, keys: set[str]) -> list[str]:
        """The points that were taken out of the programme while somebody wrote in them."""
        names = [name.split("-") for name in self.data or {} if name.startswith("punkt-") and name.endswith("-notes")]
        sent = [name[1] for name in names if len(name) == 3 and name[1].isdecimal() and len(name[1]) < 19]
        return [key for key in sent if key not in keys and self._sent(key)]

    def _written(self, key: str, point: ProgrammePoint | None, told: Point | None) -> WrittenPoint:
        notes = point.notes if point else ""
        sends = self.data is not None and f"punkt-{key}-notes" in self.data
        form = NotesForm(self.data if sends else None, prefix=f"punkt-{key}", initial={"notes": notes})
        title = told.title if told and key != WHOLE else NOTES
        form.fields["notes"].label = f"Noter til {title.lower()}" if key != WHOLE else NOTES
        goal = point.goal if point and told and told.goal else None
        return WrittenPoint(
            key, title, told.time if told else "", told.goal if told else None, point, form,
            self._acts(key, goal) if goal else None,
        )  # fmt: skip

    def _acts(self, key: str, goal: Goal | None, done: str = "") -> Acts:
        given: dict[str, Any] = {"dialogue": self.dialogue, "user": self.user, "goal": goal}
        data = None if done else self.data
        themes = ThemeForm(data if _has(data, f"tema-{key}-text") else None, prefix=f"tema-{key}", **given)
        agreed = AgreementForm(data if _has(data, f"aftale-{key}-text") else None, prefix=f"aftale-{key}", **given)
        return Acts(key, goal, themes, agreed, done)

    # --- What the page tells ----------------------------------------

    @property
    def all_acts(self) -> list[Acts]:
        """The acts of each point, and those of the whole."""
        return [*(point.acts for point in self.points if point.acts), self.common]

    @property
    def forms(self) -> list[forms.Form]:
        """Every form that holds something sent."""
        filled = [
            form
            for acts in self.all_acts
            for form in (acts.theme, acts.agreement)
            if form.is_filled or form is acts.tried
        ]
        return [*(point.form for point in self.points if point.form.is_bound), *filled]

    @property
    def has_errors(self) -> bool:
        """Whether something stands in the way."""
        return any(form.is_bound and form.errors for form in self.forms)

    @property
    def saved_text(self) -> str:
        """How it stands with the saving as a whole."""
        if any(point.conflict or point.is_gone for point in self.points):
            return "Ikke alt er gemt. Se de punkter, der er mærket."
        if any(point.form.is_bound and point.form.errors for point in self.points):
            return "Ikke gemt: en af noterne er for lang."
        saved = [point.point.edited_at for point in self.points if point.point and point.point.revision]
        return f"Gemt {moment(max(saved))}" if saved else ""

    # --- Saving ----------------------------------------

    def are_notes_readable(self) -> bool:
        """Whether the notes can be kept at all."""
        return all(point.form.is_valid() for point in self.points if point.form.is_bound)

    def save_notes(self) -> bool:
        """Keep the notes of every point this writer has written in; tells whether all could be kept."""
        for point in self.points:
            if not point.form.is_bound or not point.is_mine or point.is_gone:
                continue
            data = point.form.cleaned_data
            expected = data["replaces"] if data["replaces"] is not None else data["revision"] or 0
            try:
                point.point = save_notes(
                    dialogue=self.dialogue, point=point.point, notes=data["notes"], expected=expected, by=self.user
                )
            except EditConflict as conflict:
                point.conflict = cast("ProgrammePoint", conflict.current)
        return not any(point.conflict or point.is_gone for point in self.points)

    def add(self, act: str) -> Acts | None:
        """Add one theme ("tema-12") or agreement ("aftale-12"), and return where it stands; its form holds what is
        wrong with it.
        """
        kind, _, key = act.partition("-")
        acts = next((one for one in self.all_acts if one.key == key), None)
        if acts is None:
            return None
        form: ThemeForm | AgreementForm = acts.agreement if kind == "aftale" else acts.theme
        if not _saved(form):
            acts.tried = form
            return acts
        return self._acts(key, acts.goal, AGREEMENT_DONE if kind == "aftale" else THEME_DONE)

    def add_all(self) -> bool:
        """Add every theme and agreement that something is typed in; tells whether all could be added."""
        filled = [form for acts in self.all_acts for form in (acts.theme, acts.agreement) if form.is_filled]
        return sum(_saved(form) for form in filled) == len(filled)  # each is tried


def _saved(form: Any) -> bool:
    if not form.is_valid():
        return False
    try:
        form.save()
    except NotAllowed as refused:
        refuse(form, refused)
        return False
    return True


def _has(data: Any, name: str) -> bool:
    return data is not None and name in data


def in_short(text: str) -> str:
    """A text in a few letters, to know it again."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
