"""Saving what was typed where the only thing in the way can be that it is not allowed."""

from typing import Any

from meetings.actions import NotAllowed


def saved(form: Any) -> Any:
    """Save a form that is filled in right, and return what came of it (True, where nothing is to be told of it); a
    refusal stands in the form as an error, and then it is False.
    """
    if not form.is_valid():
        return False
    try:
        return form.save() or True
    except NotAllowed as refused:
        refuse(form, refused)
        return False


def refuse(form: Any, refused: NotAllowed) -> None:
    """Let a refusal stand in the form: at the field it names, or, where the form does not have it, above them all."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
