"""What one does to one's own login."""

from django.db import transaction

from meetings.models import Event, User


@transaction.atomic
def change_password(*, user: User, new: str) -> None:
    """Give oneself a new password; sessions that were begun with the old one end by themselves."""
    user.set_password(new)
    user.save(update_fields=["password"])
    Event.objects.record("password_changed", user, by=user)
