"""Whom one can log in as in the demo (DESIGN § 7); without Django, so that `make demo` can print it at once."""

from typing import NamedTuple

PASSWORD = "pejlemaerke-demo"  # noqa: S105  (known to all: DEMO=1 only)
ANSWER_TOKEN = "demo-leder-svarer-her"  # noqa: S105  (a personal link of the demo alone)


class Login(NamedTuple):
    """A demo login: who it is, and where to look first."""

    username: str
    name: str
    means: str
    try_first: str


LOGINS = (
    Login("sekretaer", "Signe Sekretær", "udvalgssekretær", "moeder/"),
    Login("medlem", "Mette Medlem", "medlem af Børne- og Uddannelsesudvalget", ""),
    Login("andetmedlem", "Anders Andetmedlem", "medlem af et andet udvalg", "udvalg/"),
    Login("leder", "Lone Leder", "dagtilbudsleder", "pejlemaerker/"),
    Login("konsulent", "Karen Konsulent", "fagkonsulent", "pejlemaerker/"),
    Login("centerchef", "Camilla Centerchef", "centerchef", "mit/"),
    Login("administrator", "Adam Administrator", "administrator", "udvalg/"),
    Login("borger", "Bente Borger", "borger med login", ""),
)
