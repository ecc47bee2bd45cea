"""Saving what was typed where the only thing in the way can be that it is not allowed."""

from typing import Any

from meetings.actions import NotAllowed


def saved(form: Any) -> bool:
    """Save a form that is filled in right, and say whether it was saved; a refusal stands in the form as an error."""
    if not form.is_valid():
        return False
    try:
        form.save()
    except NotAllowed as refused:
        form.add_error(refused.field, str(refused))
        return False
    return True
