"""The people of a dialogue meeting: who takes part, whom we write to, and who came."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db import transaction

from meetings.actions.refusals import NotAllowed
from meetings.models import Event, LeaderGroup, OrgUnit, Person
from pejlemaerker.documents.dialogue_when import takes_letters, was_held
from pejlemaerker.documents.invitations import CHANGED, INVITED, Invitations
from pejlemaerker.models import Dialogue, Participant
from pejlemaerker.tasks import send_dialogue_invitation


class Guest(NamedTuple):
    """One who is to take part."""

    side: str
    name: str
    email: str = ""
    person: Person | None = None
    leader_group: LeaderGroup | None = None
    unit: OrgUnit | None = None
    came: bool | None = None


@transaction.atomic
def add_participants(*, dialogue: Dialogue, guests: Iterable[Guest], by: Any) -> list[Participant]:
    """Put people on the list of participants; one who stands there already, by name and e-mail, is not added twice. One
    who turned up uninvited came.
    """
    _lock(dialogue)
    added = []
    for guest in guests:
        values = guest._asdict()
        key = {name: values.pop(name) for name in ("name", "email")}
        participant, is_new = Participant.objects.get_or_create(dialogue=dialogue, **key, defaults=values)
        if is_new:
            added.append(participant)
        elif guest.came is not None:
            Participant.objects.filter(pk=participant.pk).update(came=guest.came)
    if added:
        Event.objects.record("dialogue_participants_added", dialogue, by=by, participants=[one.pk for one in added])
    return added


@transaction.atomic
def change_participants(*, dialogue: Dialogue, emails: Mapping[int, str], removed: Iterable[int], by: Any) -> None:
    """Put e-mail addresses right, and take people off the list; one who is noted to have come stays on it."""
    _lock(dialogue)
    removed = set(removed)
    own = {one.pk: one for one in dialogue.participants.all()}
    for pk in removed & own.keys():
        if own[pk].came:
            raise NotAllowed(f"{own[pk].name} er noteret som fremmødt. Ret først fremmødet.", field=f"fjern-{pk}")
    dialogue.participants.filter(pk__in=removed).delete()
    changed = {pk: email for pk, email in emails.items() if pk in own.keys() - removed and own[pk].email != email}
    for pk, email in changed.items():
        if dialogue.participants.filter(name=own[pk].name, email=email).exists():
            raise NotAllowed(f"{own[pk].name} står der allerede med den adresse.", field=f"email-{pk}")
        dialogue.participants.filter(pk=pk).update(email=email)
    if removed or changed:
        Event.objects.record(CHANGED, dialogue, by=by, removed=sorted(removed & own.keys()), emails=sorted(changed))


@transaction.atomic
def invite_participants(*, dialogue: Dialogue, by: Any) -> int:
    """Write to those who are not invited yet, or know another day, hour or place; when it is called off, to those who
    were invited. Tell how many; nobody is told the same thing twice.
    """
    locked = _lock(dialogue)
    if not takes_letters(locked):
        raise NotAllowed("Dagen er gået. Der sendes ikke længere breve om dialogmødet.")
    invitations = Invitations.of(locked)
    receivers = invitations.to_write_to(locked.participants.order_by("pk"))
    if receivers:
        Event.objects.record(
            INVITED, locked, by=by, participants=[one.pk for one in receivers], told=invitations.now,
            occasion=invitations.occasion,
        )  # fmt: skip
    for one in receivers:
        send_dialogue_invitation.enqueue(one.pk, invitations.occasion)
    return len(receivers)


@transaction.atomic
def note_attendance(*, dialogue: Dialogue, came: Mapping[int, bool | None], by: Any) -> None:
    """Write down who came, and who did not."""
    locked = _lock(dialogue)
    if not was_held(locked):
        raise NotAllowed("Dialogmødet er ikke holdt endnu.")
    before = dict(locked.participants.filter(pk__in=came).values_list("pk", "came"))
    changed = {pk: value for pk, value in came.items() if pk in before and before[pk] != value}
    for pk, value in changed.items():
        locked.participants.filter(pk=pk).update(came=value)
    if changed:
        told = {str(pk): value for pk, value in changed.items()}
        Event.objects.record("dialogue_attendance_noted", locked, by=by, came=told)


def _lock(dialogue: Dialogue) -> Dialogue:
    """Lock a dialogue meeting, so that two who write its lists wait for each other."""
    return Dialogue.objects.select_for_update(of=("self",)).get(pk=dialogue.pk)
