"""Hvem mindes om hvad: which kinds of reminder go to which role, as a table one could read aloud."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from meetings.models import Committee, Municipality, ReminderStop, Role
from meetings.models.user import HeldRole


class ReminderKind(models.TextChoices):
    """En art af påmindelse, as the daily letter groups them."""

    OPENED = "opened", "Evalueringer, der begynder"
    DUE = "due", "Svarfrister i evalueringsrunder"
    ANSWERS = "answers", "Nye besvarelser"
    REVIEW = "review", "Fælles tekster til godkendelse"
    PROMISES = "promises", "Løfter til udvalget"


MEANS: dict[ReminderKind, str] = {
    ReminderKind.OPENED: "Når lederne bliver bedt om at evaluere pejlemærkerne.",
    ReminderKind.DUE: "Når en svarfrist nærmer sig eller er overskredet: hvor mange der mangler. Og når et brev ikke "
    "nåede frem.",
    ReminderKind.ANSWERS: "Hvor mange ledere der har svaret siden sidst.",
    ReminderKind.REVIEW: "Når en fælles tekst venter på din godkendelse, er sendt tilbage eller er godkendt.",
    ReminderKind.PROMISES: "Når forvaltningen snart skal vende tilbage, eller burde have gjort det.",
}

KINDS_OF_ROLE: dict[Role, tuple[ReminderKind, ...]] = {
    Role.MEMBER: (ReminderKind.OPENED, ReminderKind.PROMISES),
    Role.CHAIR: (ReminderKind.OPENED, ReminderKind.PROMISES),
    Role.LEADER: (ReminderKind.OPENED,),
    Role.CONSULTANT: (ReminderKind.DUE, ReminderKind.ANSWERS, ReminderKind.REVIEW, ReminderKind.PROMISES),
    Role.SECRETARY: (ReminderKind.OPENED, ReminderKind.DUE, ReminderKind.REVIEW, ReminderKind.PROMISES),
    Role.HEAD: (ReminderKind.OPENED, ReminderKind.DUE, ReminderKind.REVIEW, ReminderKind.PROMISES),
    Role.ADMINISTRATOR: (),
    Role.AUDITOR: (),
}


def roles_by_kind(user: Any) -> dict[ReminderKind, list[HeldRole]]:
    """Tell which of the user's roles today bring which kind of reminder, in the table's order."""
    held = user.held_roles if user.is_authenticated else ()
    found = {kind: [one for one in held if kind in KINDS_OF_ROLE[one.role]] for kind in ReminderKind}
    return {kind: roles for kind, roles in found.items() if roles}


def stopped_kinds(user: Any) -> set[str]:
    """Return the kinds that the user does not want."""
    return set(ReminderStop.objects.filter(user=user).values_list("kind", flat=True))


def committees_of(roles: list[HeldRole]) -> models.QuerySet[Committee]:
    """Return the committees in which one of these roles is held."""
    whole = [one.municipality for one in roles if one.committee is None]
    return Committee.objects.filter(Q(municipality__in=whole) | Q(pk__in=[one.committee for one in roles]))


@dataclass(frozen=True, slots=True)
class KindLine:
    """En art af påmindelse on one's own page: what it is, and why one gets it."""

    kind: ReminderKind
    means: str
    why: str  # "som fagkonsulent i Hvidovre Kommune"

    @property
    def name(self) -> str:
        """What it is called."""
        return str(self.kind.label)


def kind_lines(user: Any) -> list[KindLine]:
    """Tell what reminders a user gets by roles, whether they are stopped or not. Two queries beside the roles."""
    by_kind = roles_by_kind(user)
    held = {role for roles in by_kind.values() for role in roles}
    committees = Committee.objects.in_bulk([role.committee for role in held if role.committee])
    municipalities = Municipality.objects.in_bulk([role.municipality for role in held if not role.committee])
    return [
        KindLine(kind, MEANS[kind], _why({role: _place(role, committees, municipalities) for role in roles}))
        for kind, roles in by_kind.items()
    ]


def _place(role: HeldRole, committees: dict[int, Committee], municipalities: dict[int, Municipality]) -> str:
    return str(committees[role.committee] if role.committee else municipalities[role.municipality])


def _why(places: dict[HeldRole, str]) -> str:
    """Say "som udvalgssekretær i A og B, og som udvalgsmedlem i C"."""
    by_role: dict[Role, list[str]] = defaultdict(list)
    for role, place in places.items():
        if place not in by_role[role.role]:
            by_role[role.role].append(place)
    return ", og ".join(f"som {role.label.lower()} i {' og '.join(names)}" for role, names in by_role.items())
