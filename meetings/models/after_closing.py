"""What the closing of a meeting freezes, kept by the database: afterwards there is only dated addition.

Indenrigsministeriets udtalelse 04.1.4: an electronic protocol is corrected by addition (DOMAIN § 2.1).
"""

import pgtrigger

OF_ITEM = "(SELECT i.meeting_id FROM meetings_agendaitem i WHERE i.id = {row}.item_id)"
OF_MEETING = "{row}.meeting_id"


def frozen_after_closing(meeting: str = OF_ITEM, *, but: tuple[str, ...] = ()) -> list[pgtrigger.Trigger]:
    """Return the triggers that refuse to insert, change or delete a row of a closed meeting.

    `meeting` is SQL for the meeting's number, with `{row}` for the row; columns in `but` may still change. A row can
    move neither into a closed meeting nor out of one: the new row is asked about, and the old.
    """
    return [
        _refusal("closed_new", pgtrigger.Insert | pgtrigger.Update, "NEW", meeting, but),
        _refusal("closed_old", pgtrigger.Update | pgtrigger.Delete, "OLD", meeting, but),
    ]


def no_more_after_closing(meeting: str = OF_ITEM) -> pgtrigger.Trigger:
    """Return the trigger that refuses a new fact in a closed meeting (that it is not changed, AppendOnlyModel sees)."""
    return _refusal("closed_new", pgtrigger.Insert, "NEW", meeting, ())


def _refusal(
    name: str, operation: pgtrigger.Operation, row: str, meeting: str, but: tuple[str, ...]
) -> pgtrigger.Trigger:
    columns = ", ".join(f"'{column}'" for column in but)
    may_pass = f"TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY[{columns}] = to_jsonb(OLD) - ARRAY[{columns}]"
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
            IF {f"NOT ({may_pass}) AND" if but else ""} EXISTS (
                SELECT 1 FROM meetings_closing c WHERE c.meeting_id = {meeting.format(row=row)}
            ) THEN
                RAISE EXCEPTION 'the meeting is closed: % is corrected by dated addition only', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,  # noqa: S608  (constants of our own only)
    )
