"""The demo's people: invented, with names that say so."""

from datetime import date

from kit.danish import address_of
from meetings.models import Committee, Membership, Municipality, Person, Role, RoleGrant, User
from pejlemaerker.demo.logins import LOGINS, PASSWORD, Login

TERM_BEGINS = date(2022, 1, 1)


_OTHER_MEMBERS = (  # with a login that nobody can use: so that they can have signed
    ("Formand Frandsen (demo)", "A", Membership.Seat.CHAIR),
    ("Næstformand Nielsen (demo)", "V", Membership.Seat.VICE_CHAIR),
    ("Ærlig Ærø (demo)", "F", Membership.Seat.MEMBER),
    ("Østen Ø (demo)", "Ø", Membership.Seat.MEMBER),
    ("Aase Åberg (demo)", "C", Membership.Seat.MEMBER),
)
_OF_THE_OTHER_COMMITTEE = (
    ("Karla Kultur (demo)", "A", Membership.Seat.CHAIR),
    ("Frode Fritid (demo)", "F", Membership.Seat.MEMBER),
)
_MAYOR = "Borgmester Bang (demo)"


def make_council(committee: Committee, other: Committee) -> tuple[Committee, Committee]:
    """Make Økonomiudvalget and Kommunalbestyrelsen: the mayor, the chairs, and in the council all who sit in either
    committee.
    """
    municipality = committee.municipality
    finance, council = (
        Committee.objects.create(
            municipality=municipality, name=name, slug=address_of(name), abbreviation=short, kind=kind
        )
        for name, short, kind in [
            ("Økonomiudvalget", "ØU", Committee.Kind.FINANCE),
            (municipality.council_name, "KB", Committee.Kind.COUNCIL),
        ]
    )
    mayor = Person.objects.create(name=_MAYOR, municipality=municipality)
    members = list(Membership.objects.filter(committee__in=[committee, other]).select_related("person"))
    leading = [one for one in members if one.seat in (Membership.Seat.CHAIR, Membership.Seat.VICE_CHAIR)]
    for body, seats in ((finance, leading), (council, members)):
        _sit(body, mayor, "A", Membership.Seat.CHAIR)
        for one in seats:
            _sit(body, one.person, one.party, Membership.Seat.MEMBER)
    return finance, council


def make_people(committee: Committee, other: Committee, municipalities: list[Municipality]) -> dict[str, User]:
    """Make the logins of DESIGN § 7, with seats and roles, and the other members of the committee."""
    users = {login.username: _user(login) for login in LOGINS}
    _seat(committee, users["medlem"].display_name, "B", user=users["medlem"])
    _seat(other, users["andetmedlem"].display_name, "V", user=users["andetmedlem"])
    for name, party, seat in _OTHER_MEMBERS:
        user = User.objects.create_user(address_of(name), display_name=name)
        _seat(committee, name, party, seat=seat, user=user)
    for name, party, seat in _OF_THE_OTHER_COMMITTEE:
        _seat(other, name, party, seat=seat)
    for municipality in municipalities:
        for username, role in [
            ("sekretaer", Role.SECRETARY),
            ("konsulent", Role.CONSULTANT),
            ("centerchef", Role.HEAD),
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
    _sit(committee, Person.objects.create(name=name, municipality=committee.municipality, user=user), party, seat)


def _sit(committee: Committee, person: Person, party: str, seat: str) -> None:
    Membership.objects.create(committee=committee, person=person, party=party, seat=seat, valid_from=TERM_BEGINS)


def _grant(user: User, role: Role, municipality: Municipality, committee: Committee | None = None) -> None:
    RoleGrant.objects.create(
        user=user, role=role, municipality=municipality, committee=committee, valid_from=TERM_BEGINS
    )
