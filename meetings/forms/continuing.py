"""Et punkt deles, flyttes, gentages eller sendes videre."""

from collections import defaultdict
from typing import Any

from django import forms

from kit.danish import sort_key
from kit.dates import format_date, format_time
from kit.once import NonceField
from meetings.actions import continue_item, split_item
from meetings.forms.fields import DraftForm
from meetings.models import AgendaItem, Closing, Committee, Decision, Meeting, Recommendation, Right, Routing

_MOST_MEETINGS = 80
_HOW = [
    (AgendaItem.Continuation.MOVED, "Flyt punktet: det behandles ikke her, men på et senere møde i udvalget"),
    (AgendaItem.Continuation.REPEATED, "Gentag punktet: det behandles her og igen på et senere møde i udvalget"),
    (AgendaItem.Continuation.FORWARDED, "Send sagen videre: et andet udvalg behandler den bagefter"),
]


class SplitForm(DraftForm):
    """Give some of the at-points to a new item right after this one."""

    item_pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    points = forms.TypedMultipleChoiceField(
        label="At-punkter, som det nye punkt skal have",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Vælg de at-punkter, det nye punkt skal have."},
    )
    title = forms.CharField(
        label="Det nye punkts titel", max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Skriv det nye punkts titel."},
    )  # fmt: skip
    with_sections = forms.BooleanField(
        label="Tag sagsfremstillingen og de andre afsnit med til det nye punkt", required=False, initial=True
    )

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem) -> None:
        self.user, self.item = user, item
        super().__init__(data, initial={"revision": item.revision, "item_pk": item.pk, "title": item.title})
        points = Recommendation.including_closed.filter(item=item)
        self.fields["points"].choices = [(row.number, f"{row.number}. {row.text}") for row in points]  # type: ignore[attr-defined]

    @property
    def can_be_split(self) -> bool:
        """Whether there is something for each of the two items."""
        return len(self.fields["points"].choices) > 1  # type: ignore[attr-defined]

    @property
    def made(self) -> AgendaItem | None:
        """The item that an earlier press of this very page has made: its points are no longer here to choose from."""
        nonce = self.fields["nonce"].clean(self.data.get("nonce"))
        items = AgendaItem.including_closed.visible_to(self.user)
        return items.filter(nonce=nonce, continues=self.item).first() if self.is_bound else None

    def save(self) -> AgendaItem:
        """Split the item and return the new one; raises NotAllowed, AlreadyDecided, MeetingClosed and EditConflict."""
        typed = self.cleaned_data
        return split_item(
            item=self.item, points=typed["points"], title=typed["title"], with_sections=typed["with_sections"],
            expected=typed["revision"], nonce=typed["nonce"], by=self.user,
        )  # fmt: skip


class ContinueForm(forms.Form):
    """Choose how the case goes on, and at which meeting."""

    item_pk = forms.IntegerField(widget=forms.HiddenInput, required=False)
    how = forms.ChoiceField(
        label="Hvad skal der ske?", choices=_HOW, widget=forms.RadioSelect,
        error_messages={"required": "Vælg, hvad der skal ske med punktet."},
    )  # fmt: skip
    target = forms.ChoiceField(label="Mødet", error_messages={"required": "Vælg mødet."})
    nonce = NonceField()

    def __init__(self, data: Any = None, *, user: Any, item: AgendaItem, source: Meeting) -> None:
        """`source` is the meeting the page was opened at; the item may have left it by an earlier press."""
        self.user, self.item = user, item
        following = _next_body(item, source)
        self.meetings = {str(meeting.pk): meeting for meeting in _meetings_to_come(user, source)}
        is_decided = Decision.including_closed.filter(item=item).exists()
        how = AgendaItem.Continuation.FORWARDED if is_decided else None
        super().__init__(data, initial={"item_pk": item.pk, "how": how})
        choices = _grouped(list(self.meetings.values()), source, following)
        self.fields["target"].choices = [("", "Vælg mødet"), *choices]  # type: ignore[attr-defined]

    def save(self) -> AgendaItem:
        """Let the case go on and return the item at the other meeting; raises NotAllowed, AlreadyDecided and
        MeetingClosed.
        """
        typed = self.cleaned_data
        return continue_item(
            item=self.item, how=typed["how"], target=self.meetings[typed["target"]], nonce=typed["nonce"], by=self.user
        )


def _meetings_to_come(user: Any, source: Meeting) -> list[Meeting]:
    """The meetings on whose agenda the user may put something: not before this one, neither closed nor called off."""
    bodies = Committee.objects.where(user, Right.PLAN_MEETINGS).filter(municipality=source.committee.municipality_id)
    found = (
        Meeting.objects.filter(committee__in=bodies, date__gte=source.date, cancelled="")
        .exclude(pk=source.pk)
        .exclude(pk__in=Closing.objects.values("meeting"))
        .select_related("committee")
        .prefetch_related("committee__former_names")
        .order_by("date", "starts_at", "pk")
    )
    return list(found[:_MOST_MEETINGS])


def _next_body(item: AgendaItem, source: Meeting) -> int | None:
    """The committee that comes after this one in the item's sagsgang."""
    way = [one for one in Routing.including_closed.filter(item=item) if one.is_marked]
    own = next((n for n, one in enumerate(way) if one.committee_id == source.committee_id), -1)
    return next((one.committee_id for one in way[own + 1 :] if one.committee_id), None)


def _grouped(meetings: list[Meeting], source: Meeting, following: int | None) -> list[Any]:
    """Under each body its meetings: the next in the sagsgang first, then this body's own, then the others."""
    by_body: dict[int, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        by_body[meeting.committee_id].append(meeting)
    names = {body: str(found[0].committee) for body, found in by_body.items()}
    order = sorted(by_body, key=lambda body: (body != following, body != source.committee_id, sort_key(names[body])))
    return [
        (
            f"Næste i sagsgangen: {names[body]}" if body == following else names[body],
            [(str(meeting.pk), _label(meeting)) for meeting in by_body[body]],
        )
        for body in order
    ]


def _label(meeting: Meeting) -> str:
    hour = f" {format_time(meeting.starts_at)}" if meeting.starts_at else ""
    return f"{format_date(meeting.date)}{hour} · {meeting.held_by}"
