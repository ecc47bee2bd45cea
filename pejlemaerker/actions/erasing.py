"""Sletning (databeskyttelsesforordningens artikel 17): a person's data are replaced by words that say so.

What the law demands kept stays, each with its reason: the protocol (styrelsesloven § 13), what must be handed to the
archives (arkivloven), and that something was done, by whom it no longer says. Facts are never changed otherwise; this
is the one exception, and the log tells of it, so that its chain holds (`meetings/documents/log_check.py`).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pgtrigger
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.utils import timezone

from kit.chain import digest_of
from kit.clock import today
from meetings.documents.log_check import ERASED, rows_of
from meetings.models import Event, Leadership, Letter, Person, ReminderStop, RoleGrant, User
from pejlemaerker.documents.personal import PersonalData
from pejlemaerker.models import AnswerSheet, Invitee, Participant, PersonalLink

ERASED_NAME = "Slettet (GDPR artikel 17)"
NO_ADDRESS = "slettet.invalid"  # a name that can never be written to (RFC 2606)

# Rows about a person that are a part of the protocol, or of what the archives are to have.
_KEPT_BECAUSE: Mapping[str, str] = {
    "meetings.membership": "hvem der sad i udvalget, hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.attendance": "fremmøde hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.itemabsence": "fravær hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.recusal": "inhabilitet hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.voteline": "stemmer hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.signature": "underskrifter hører til beslutningsprotokollen (styrelsesloven § 13)",
    "meetings.stay": "en standsning hører til beslutningsprotokollen (styrelsesloven § 23)",
    "pejlemaerker.answersheet": "besvarelsen er kommunens dokument (arkivloven); navnet på den er slettet",
    "pejlemaerker.answer": "besvarelsen er kommunens dokument (arkivloven); navnet på den er slettet",
    "pejlemaerker.quotation": "et citat i en fremlagt evaluering er kommunens dokument (arkivloven)",
}


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure replaces and what it leaves, in sentences."""

    erased: tuple[str, ...]
    kept: tuple[str, ...]


def planned(data: PersonalData) -> Erasure:
    """Tell what erasing would do, and do nothing."""
    names = {one.model: f"{one.name}: {len(one.rows)}" for one in data.kept}
    kept = [
        f"{names[one.model]}: {why}" for one in data.kept if (why := _KEPT_BECAUSE.get(one.model._meta.label_lower))
    ]
    erased = [name for model, name in names.items() if model._meta.label_lower not in _KEPT_BECAUSE]
    if any(_stands_in_protocol(person) for person in data.people):
        kept.append("Navnet på den folkevalgte: det står i protokollen (styrelsesloven § 13)")
    return Erasure((*erased, f"Navn og adresse i hændelserne: {data.events().count()}"), tuple(kept))


@transaction.atomic
def erase_person(data: PersonalData, *, by: User | None) -> Erasure:
    """Replace what can be replaced, end what is open, and write in the log what was done."""
    erasure = planned(data)
    words = _words_of(data)
    for user in data.users:
        _erase_login(user)
    for person in data.people:
        person.user = None
        person.name = person.name if _stands_in_protocol(person) else ERASED_NAME
        person.save(update_fields=["user", "name"])
    _erase_leaders(data)
    rows = _erase_in_log(data, words)
    target: Any = (data.users or data.people or data.kept[0].rows)[0]
    target.refresh_from_db()
    Event.objects.record(ERASED, target, by=by, rows=rows, erased=list(erasure.erased), kept=list(erasure.kept))
    return erasure


def _stands_in_protocol(person: Person) -> bool:
    return person.memberships.exists() or person.attendances.exists() or person.signatures.exists()


def _erase_login(user: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    ReminderStop.objects.filter(user=user).delete()
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
    day_before = today() - timedelta(days=1)
    for grant in RoleGrant.objects.filter(user=user).exclude(valid_to__lt=today()):
        grant.valid_to = max(grant.valid_from, day_before)
        grant.save(update_fields=["valid_to"])
    user.username, user.display_name, user.email = f"slettet-{user.pk}", ERASED_NAME, ""
    user.first_name = user.last_name = ""
    user.is_active, user.last_login = False, None
    user.set_unusable_password()
    user.save()


def _erase_leaders(data: PersonalData) -> None:
    for post in data.rows(Leadership):
        post.name, post.email = ERASED_NAME, f"lederpost-{post.pk}@{NO_ADDRESS}"
        post.valid_to = post.valid_to or max(post.valid_from, today())
        post.save(update_fields=["name", "email", "valid_to"])
    now = timezone.now()
    invitees = [row.pk for row in data.rows(Invitee)]
    PersonalLink.objects.filter(invitee__in=invitees, revoked_at__isnull=True).update(revoked_at=now)
    Invitee.objects.filter(pk__in=invitees).update(name=ERASED_NAME, email="", no_reminders_at=now)
    for participant in data.rows(Participant):
        participant.name, participant.email = f"{ERASED_NAME} {participant.pk}", ""
        participant.save(update_fields=["name", "email"])
    for letter in data.rows(Letter):
        letter.to = f"brev-{letter.pk}@{NO_ADDRESS}"
        letter.save(update_fields=["to"])
    with pgtrigger.ignore("pejlemaerker.AnswerSheet:append_only"):
        _past_the_guard(AnswerSheet).filter(pk__in=[row.pk for row in data.rows(AnswerSheet)]).update(
            answered_by=ERASED_NAME
        )


def _erase_in_log(data: PersonalData, words: frozenset[str]) -> dict[str, str]:
    """Take names and addresses out of the events, and return the fingerprints these have since."""
    events = {event.pk: event for event in data.events()}
    for event in events.values():
        event.actor = _without(event.actor, words)
        event.target = _without(event.target, words)
        event.changes = _without(event.changes, words)
    with pgtrigger.ignore("meetings.Event:append_only"):
        _past_the_guard(Event).bulk_update(events.values(), ["actor", "target", "changes"], batch_size=500)
    return {str(row["pk"]): digest_of(row) for row in rows_of(sorted(events))}


def _past_the_guard(model: type[models.Model]) -> models.QuerySet[Any]:
    return models.QuerySet(model)


def _words_of(data: PersonalData) -> frozenset[str]:
    """What the person is called in the log: names, login and addresses, none of them too short to be theirs."""
    said: Iterator[str] = (
        str(getattr(row, field))
        for one in data.kept
        for row in one.rows
        for field in ("username", "display_name", "email", "name", "answered_by", "to")
        if getattr(row, field, None)
    )
    in_protocol = {person.name for person in data.people if _stands_in_protocol(person)}
    return frozenset(word for word in said if len(word) > 3) - in_protocol


def _without(told: Any, words: Iterable[str]) -> Any:
    """A text, or all texts of some JSON, with the words replaced, the longest first."""
    if isinstance(told, str):
        for word in sorted(words, key=len, reverse=True):
            told = told.replace(word, ERASED_NAME)
        return told
    if isinstance(told, list):
        return [_without(one, words) for one in told]
    if isinstance(told, dict):
        return {name: _without(one, words) for name, one in told.items()}
    return told
