"""Indsigt (databeskyttelsesforordningens artikel 15): everything that is kept about one person, and nobody else's data.

Found by walking the foreign keys of every model, so that a model added tomorrow is found too. Secrets (a password, a
token's hash) are kept but not told, and of a closed item only its number.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from meetings.models import Committee, Event, LeaderGroup, Leadership, Letter, Meeting, OrgUnit, Person, User
from pejlemaerker.models import AnswerSheet, Dialogue, Invitee, Participant, Survey

SECRETS = frozenset({"password", "token_hash", "data", "made_by"})
# What a row may be told to be about by its name; anything else is told by its kind and number.
_NAMED = (Committee, LeaderGroup, Meeting, OrgUnit, Dialogue, Survey)
_APPS = frozenset({"meetings", "pejlemaerker", "mfa", "socialaccount"})
_ADDRESSED: tuple[tuple[type[models.Model], str], ...] = (
    (Leadership, "email"), (Invitee, "email"), (Participant, "email"), (Letter, "to"),
)  # fmt: skip
_NAMING: tuple[tuple[type[models.Model], str], ...] = (
    (Person, "name"), (Leadership, "name"), (Invitee, "name"), (Participant, "name"), (AnswerSheet, "answered_by"),
)  # fmt: skip


class UnknownPerson(Exception):
    """Nobody is kept under what was given."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of one kind that are about the person, and the person's own writing."""

    model: type[models.Model]
    rows: tuple[Any, ...]

    @property
    def name(self) -> str:
        """What such rows are called."""
        return str(self.model._meta.verbose_name_plural).capitalize()


class Done(NamedTuple):
    """Something the person did or that was done about the person, as the log has it."""

    at: str
    action: str
    target: str


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Hvad der er gemt om én: the rows about the person, and what the log says the person did."""

    users: tuple[User, ...]
    people: tuple[Person, ...]
    addresses: frozenset[str]
    kept: tuple[Kept, ...]

    @classmethod
    def of(cls, *, username: str = "", email: str = "", name: str = "") -> Self:
        """Find a person by login, else by e-mail address or by full name. Raises UnknownPerson."""
        users = User.objects.filter(username=username) if username else User.objects.none()
        if email:
            users = User.objects.filter(email__iexact=email)
        found: dict[type[models.Model], dict[Any, Any]] = defaultdict(dict)
        _add(found, users)
        addresses = {one.email.casefold() for one in users if one.email} | ({email.casefold()} if email else set())
        _add(found, Person.objects.filter(user__in=users))
        for model, field in _ADDRESSED:
            _add(found, _rows(model).filter(_any_of(field, addresses)))
        if name:
            for model, field in _NAMING:
                _add(found, _rows(model).filter(**{f"{field}__iexact": name}))
        if not any(found.values()):
            raise UnknownPerson
        _follow(found)
        kept = [Kept(model, tuple(rows.values())) for model, rows in found.items() if rows]
        return cls(
            tuple(found[User].values()), tuple(found[Person].values()), frozenset(addresses),
            tuple(sorted(kept, key=lambda one: one.name)),
        )  # fmt: skip

    def rows(self, model: type[models.Model]) -> tuple[Any, ...]:
        """The rows of a kind."""
        return next((one.rows for one in self.kept if one.model is model), ())

    def done(self) -> Iterator[Done]:
        """What the log says, the newest first."""
        for event in self.events().order_by("-at", "-pk"):
            mine = event.target_type in {"meetings.user", "meetings.person"}
            target = event.target if mine else f"{event.target_type} {event.target_pk}"
            yield Done(event.at.isoformat(), event.action, target)

    def events(self) -> models.QuerySet[Event]:
        """The events by the person, and those about the person's own rows."""
        by = Q(actor_pk__in=[user.pk for user in self.users])
        of_rows = (
            Q(target_type=one.model._meta.label_lower, target_pk__in=[row.pk for row in one.rows]) for one in self.kept
        )
        return Event.objects.filter(_either([by, *of_rows]))

    def as_json(self) -> dict[str, Any]:
        """All of it, as it is handed over."""
        own = {(type(row), row.pk) for one in self.kept for row in one.rows}
        return {
            "registreret": {
                "logins": [user.username for user in self.users],
                "personer": [person.name for person in self.people],
                "mailadresser": sorted(self.addresses),
            },
            "oplysninger": [
                {"slags": one.name, "antal": len(one.rows), "rækker": [dict(_told(row, own)) for row in one.rows]}
                for one in self.kept
            ],
            "handlinger": [one._asdict() for one in self.done()],
        }


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.all()


def _any_of(field: str, addresses: Iterable[str]) -> Q:
    return _either(Q(**{f"{field}__iexact": address}) for address in addresses)


def _either(rules: Iterable[Q]) -> Q:
    """One of the rules; where there is none, nothing."""
    whole = Q(pk__in=[])
    for rule in rules:
        whole |= rule
    return whole


def _add(found: Mapping[type[models.Model], dict[Any, Any]], rows: Iterable[Any]) -> list[Any]:
    new = [row for row in rows if row.pk not in found[type(row)]]
    for row in new:
        found[type(row)][row.pk] = row
    return new


def _follow(found: Mapping[type[models.Model], dict[Any, Any]]) -> None:
    """Find what hangs on the rows: a person's seats, a leader's answers."""
    waiting = list(chain.from_iterable(rows.values() for rows in list(found.values())))
    while waiting:
        row = waiting.pop()
        for model, field in about(type(row)):
            waiting += _add(found, _rows(model).filter(**{field: row.pk}))


def about(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """The models whose rows are about such a row, with the foreign key that says so."""
    for other in apps.get_models():
        if other._meta.app_label not in _APPS or other._meta.proxy:
            continue
        for field in other._meta.concrete_fields:
            # What a login did to another's thing ("recorded_by") is no row about the one who did it.
            is_deed = model is User and field.name.endswith("_by")
            if field.is_relation and field.related_model is model and not is_deed:
                yield other, field.name


def _told(row: Any, own: set[tuple[type[models.Model], Any]]) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        if field.name in SECRETS:
            yield str(field.verbose_name), "(gemmes, men vises ikke)"
        elif not field.is_relation:
            value = getattr(row, field.attname)
            yield str(field.verbose_name), value if isinstance(value, int | bool | None) else str(value)
        elif related := getattr(row, field.name):
            if isinstance(related, _NAMED) or (type(related), related.pk) in own:
                yield str(field.verbose_name), str(related)
            elif not isinstance(related, User | Person):  # somebody else is not told of
                yield str(field.verbose_name), f"{related._meta.verbose_name} {related.pk}"
