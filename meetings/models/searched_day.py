"""The day of the meeting, copied to the rows that are searched: the newest hits are found by an index on it, and not by
walking from meeting to item to section. The database copies, so no writer can forget.
"""

import pgtrigger


def day_taken_from(parent: str, column: str, day: str) -> pgtrigger.Trigger:
    """Return the trigger by which a row takes the day from the row it belongs to."""
    return pgtrigger.Trigger(
        name="day_taken",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),  # type: ignore[no-untyped-call]
        func=f"NEW.day := (SELECT p.{day} FROM {parent} p WHERE p.id = NEW.{column}); RETURN NEW;",  # noqa: S608 (our own constants)
    )


def day_given_to(children: str, column: str, day: str) -> pgtrigger.Trigger:
    """Return the trigger by which a row's new day reaches those that belong to it."""
    return pgtrigger.Trigger(
        name="day_given",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(f"OLD.{day} IS DISTINCT FROM NEW.{day}"),
        func=f"UPDATE {children} SET day = NEW.{day} WHERE {column} = NEW.id; RETURN NULL;",  # noqa: S608 (our own constants)
    )
