"""Who changed something last, and when, as the log tells it."""

from django.db.models import Model

from kit.clock import moment
from meetings.models import Event


def last_change(target: Model) -> dict[str, str]:
    """Return who (`by`) and when (`at`); empty where the log knows nothing of it."""
    event = Event.objects.filter(target_type=target._meta.label_lower, target_pk=target.pk).first()
    return {"by": event.actor, "at": moment(event.at)} if event else {"by": "En anden", "at": ""}
