"""The demo's people: invented, with names that say so."""

from datetime import date

from meetings.models import Committee, Membership, Municipality, Person, Role, RoleGrant, User
from pejlemaerker.demo.logins import LOGINS, PASSWORD, Login

TERM_BEGINS = date(2022, 1, 1)


_OTHER_MEMBERS = (
    ("Formand Frandsen (demo)", "A", Membership.Seat.CHAIR),
    ("Næstformand Nielsen (demo)", "V", Membership.Seat.VICE_CHAIR),
    ("Ærlig Ærø (demo)", "F", Membership.Seat.MEMBER),
    ("Østen Ø (demo)", "Ø", Membership.Seat.MEMBER),
    ("Aase Åberg (demo)", "C", Membership.Seat.MEMBER),
)


def make_people(committee: Committee, other: Committee, municipalities: list[Municipality]) -> dict[str, User]:
    """Make the seven logins of DESIGN § 7, with seats and roles, and the other members of the committee."""
    users = {login.username: _user(login) for login in LOGINS}
    _seat(committee, users["medlem"].display_name, "B", user=users["medlem"])
    _seat(other, users["andetmedlem"].display_name, "V", user=users["andetmedlem"])
    for name, party, seat in _OTHER_MEMBERS:
        _seat(committee, name, party, seat=seat)
    for municipality in municipalities:
        for username, role in [
            ("sekretaer", Role.SECRETARY),
            ("konsulent", Role.CONSULTANT),
            ("administrator", Role.ADMINISTRATOR),
        ]:
            _grant(users[username], role, municipality)
    _grant(users["leder"], Role.LEADER, committee.municipality, committee)
    return users


def _user(login: Login) -> User:
    return User.objects.create_user(login.username, password=PASSWORD, display_name=login.name)


def _seat(
    committee: Committee, name: str, party: str, *, seat: str = Membership.Seat.MEMBER, user: User | None = None
) -> None:
    person = Person.objects.create(name=name, municipality=committee.municipality, user=user)
    Membership.objects.create(committee=committee, person=person, party=party, seat=seat, valid_from=TERM_BEGINS)


def _grant(user: User, role: Role, municipality: Municipality, committee: Committee | None = None) -> None:
    RoleGrant.objects.create(
        user=user, role=role, municipality=municipality, committee=committee, valid_from=TERM_BEGINS
    )
