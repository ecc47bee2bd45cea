"""The kinds of parts an organisation is made of, and what each is called: one table for all their pages."""

from dataclasses import dataclass

from meetings.forms.organisation import (
    HeadingForm,
    LeaderGroupForm,
    OrgUnitForm,
    PartForm,
    PersonForm,
    PhraseForm,
    TermForm,
)
from meetings.forms.organisation_committee import CommitteeForm, SeatForm


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of part: its name in route names, its place in addresses, its form, and its Danish words."""

    key: str
    address: str
    form: type[PartForm]
    new: str  # "Ny valgperiode"
    the: str  # "Valgperioden"
    lead: str = ""
    instead: str = ""  # what to do instead of deleting what is in use

    @property
    def part_id(self) -> str:
        """What its number is called in addresses."""
        return f"{self.key}_id"


TERM = Kind(
    "term", "valgperioder", TermForm, "Ny valgperiode", "Valgperioden",
    "Fire år fra den 1. januar efter valget.",
)  # fmt: skip
COMMITTEE = Kind(
    "committee", "udvalg", CommitteeForm, "Nyt udvalg", "Udvalget",
    "Kommunalbestyrelsen, økonomiudvalget, de stående og de særlige udvalg og rådene.",
    "Sæt i stedet en slutdato.",
)  # fmt: skip
SEAT = Kind(
    "seat", "medlemskaber", SeatForm, "Nyt medlem", "Hvervet",
    "Skifter medlemmet parti eller hverv i perioden, så lad dette slutte, og skriv et nyt ind fra dagen efter.",
    "Sæt i stedet en slutdato.",
)  # fmt: skip
PERSON = Kind(
    "person", "personer", PersonForm, "Ny person", "Personen",
    "Politikere og andre ved navn. Skriv aldrig CPR-nummer.",
    "Det, personen har været med til, bliver stående.",
)  # fmt: skip
LEADER_GROUP = Kind(
    "leader_group", "lederkredse", LeaderGroupForm, "Ny lederkreds", "Lederkredsen",
    "De ledere, der arbejder med et områdes pejlemærker.",
    "Giv den i stedet et andet navn.",
)  # fmt: skip
ORG_UNIT = Kind(
    "org_unit", "enheder", OrgUnitForm, "Ny enhed", "Enheden",
    "Direktion, centre, afdelinger og institutioner.",
    "Flyt eller slet først det, der hører under den.",
)  # fmt: skip
HEADING = Kind(
    "heading", "rubrikker", HeadingForm, "Ny rubrik", "Rubrikken",
    "Rubrikkerne står i dagsordenens punkter i den rækkefølge, I giver dem. Skrevne dagsordener ændres ikke.",
)  # fmt: skip
PHRASE = Kind(
    "phrase", "formuleringer", PhraseForm, "Ny formulering", "Formuleringen",
    "Det, udvalgene oftest beslutter. De første ni kan sættes ind med Alt + 1–9.",
)  # fmt: skip

OF_MUNICIPALITY = (TERM, COMMITTEE, PERSON, LEADER_GROUP, ORG_UNIT, HEADING, PHRASE)
ALL = (*OF_MUNICIPALITY, SEAT)
