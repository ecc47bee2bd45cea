"""Udvalgets behandling før og efter et dialogmøde: the agenda items, for one viewer."""

from dataclasses import dataclass
from typing import Any, Self

from kit.dates import format_date
from meetings.models import AgendaItem
from pejlemaerker.models import Dialogue, DialogueTreatment


@dataclass(frozen=True, slots=True)
class TreatedOn:
    """Et punkt, the viewer may see: when it was on the agenda, and what it was."""

    item: AgendaItem

    @property
    def when(self) -> str:
        """The meeting's day."""
        return format_date(self.item.meeting.date)

    @property
    def text(self) -> str:
        """Punkt 4: the title."""
        return f"Punkt {self.item.number}: {self.item.title}"

    @property
    def url(self) -> str:
        """The item's page."""
        return self.item.get_absolute_url()


@dataclass(frozen=True, slots=True)
class Treatments:
    """The items before the dialogue meeting and after it. Those the viewer may not see do not exist here."""

    before: tuple[TreatedOn, ...]
    after: tuple[TreatedOn, ...]

    @classmethod
    def of(cls, dialogue: Dialogue, *, viewer: Any) -> Self:
        """Fetch the items through what the viewer may see, in two queries."""
        when = dict(DialogueTreatment.objects.filter(dialogue=dialogue).values_list("item_id", "when"))
        items = AgendaItem.including_closed.visible_to(viewer).filter(pk__in=when).select_related("meeting")
        seen = list(items.order_by("meeting__date", "position", "pk"))
        before, after = (
            tuple(TreatedOn(item) for item in seen if when[item.pk] == one)
            for one in (DialogueTreatment.When.BEFORE, DialogueTreatment.When.AFTER)
        )
        return cls(before, after)

    @property
    def are_any(self) -> bool:
        """Whether the viewer sees one."""
        return bool(self.before or self.after)
