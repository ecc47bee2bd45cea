"""A year of meetings, all of it invented: everything that can happen to an item has happened to one of these.

A case goes from the committee through Økonomiudvalget to Kommunalbestyrelsen, a decision is stayed and confirmed, a
member is disqualified, promises are kept and forgotten, and the coming agenda has been sent out and changed since.
"""

from datetime import date, time, timedelta
from io import BytesIO
from typing import NamedTuple
from uuid import uuid4

from kit.clock import today
from meetings.actions import (
    RoutedBody,
    SectionText,
    Voice,
    add_attachment,
    continue_item,
    declare_stay,
    edit_item,
    put_promise_on_agenda,
    record_absences,
    record_note,
    record_points,
    record_recusal,
    record_stay_outcome,
    record_vote,
)
from meetings.models import AgendaItem, Committee, FormerName, Meeting, Person, Promise, Roll
from pejlemaerker.demo.first_period import AGENDA_APPROVED
from pejlemaerker.demo.stage import Item, Stage, as_of, evening

JUNE, FINANCE, COUNCIL = date(2026, 6, 8), date(2026, 6, 15), date(2026, 6, 23)
TIMETABLE = (
    "Naturgruppe i Børnehuset Engen (demo)\n\nAugust 2026: projektering\nOktober 2026: udbud\n"
    "Marts 2027: byggeriet begynder\nAugust 2027: naturgruppen åbner\n"
)
COSTS = "Post;2026;2027\nAnlæg;400000;800000\nDrift;0;350000\n"


class Bodies(NamedTuple):
    """Who meets."""

    committee: Committee
    other: Committee
    finance: Committee
    council: Committee


def play(stage: Stage, bodies: Bodies) -> None:
    """Play the year, and call the next meeting."""
    _under_a_former_name(stage, bodies.other)
    coming = stage.call(bodies.committee, _monday_after(today() + timedelta(weeks=3)))
    with as_of(evening(JUNE)):
        held = _June(stage, bodies, coming).play()
    _through_the_bodies(stage, bodies, held)
    _coming(stage, coming)


def _under_a_former_name(stage: Stage, other: Committee) -> None:
    """A committee that was renamed: what it decided before, it decided under its old name."""
    FormerName.objects.create(
        committee=other, name="Kultur- og Idrætsudvalget (demo)", abbreviation="KIU", until=date(2023, 12, 31)
    )
    for day, title in (
        (date(2023, 5, 8), "Brug af haller i ferierne"),
        (date(2024, 5, 6), "Åbent bibliotek om søndagen"),
    ):
        item = Item(title, "noted", "Taget til efterretning.", ("at udvalget tager orienteringen til efterretning.",))
        stage.meeting(other, day, [AGENDA_APPROVED, item], is_public=True)


class _June:
    """The meeting in June 2026."""

    def __init__(self, stage: Stage, bodies: Bodies, coming: Meeting) -> None:
        self.stage = stage
        self.bodies = bodies
        self.coming = coming
        self.meeting = stage.call(bodies.committee, JUNE)

    def play(self) -> dict[str, AgendaItem]:
        """Send the agenda out, hold the meeting, close it; and return the items that go on to other bodies."""
        stage, meeting = self.stage, self.meeting
        opening = stage.add(meeting, 1, "Godkendelse af dagsorden")
        garden, substitutes, club, holidays = self._garden(), self._substitutes(), self._club(), self._holidays()
        promised = Promise.objects.get(due_on=JUNE)
        answer = put_promise_on_agenda(promise=promised, meeting=meeting, nonce=uuid4(), by=stage.by)
        closed = stage.add(
            meeting, 7, "Klage over en afgørelse (demo)", "at klagen ikke tages til følge.", is_closed=True,
            open_decision="Udvalget har truffet afgørelse i sagen.",
        )  # fmt: skip
        last = stage.add(meeting, 8, "Eventuelt")
        stage.send_out(meeting)
        stage.attend(meeting, {"Næstformand Nielsen (demo)": "Viggo Vikar (demo)"})
        stage.decide(opening, "approved", "Godkendt.")
        self._recommend(garden)
        self._decide_point_by_point(substitutes)
        self._decide_with_a_recusal(club)
        self._decide_and_stay(holidays)
        stage.decide(answer, "noted", "Taget til efterretning.")
        stage.decide(closed, "approved", "Tiltrådt som indstillet.")
        stage.decide(last, "none", "Intet.")
        stage.close(meeting, ends_at=time(19, 5))
        return {"garden": garden, "holidays": holidays}

    def _garden(self) -> AgendaItem:
        bodies = self.bodies
        item = self.stage.add(
            self.meeting, 2, "Naturgruppe i Børnehuset Engen (demo)",
            "at der indrettes en naturgruppe med plads til 22 børn.",
            "at udgiften på 1,2 mio. kr. finansieres af puljen til dagtilbud.",
            case_no="28.06.00-P20-4-26", case_type=AgendaItem.CaseType.DECISION,
            case_officers=["Sanne Sagsbehandler (demo)"],
            sections=[
                SectionText("summary", "Sagsresume", "Udvalget tager stilling til en naturgruppe i Børnehuset Engen."),
                SectionText(
                    "presentation", "Sagsfremstilling",
                    "Børnehuset Engen ligger ved fælleden og har ønsket en gruppe, der er ude hele dagen.\n\n"
                    "Forældrebestyrelsen bakker op om forslaget. Den beder om, at naturgruppen får sit eget køkken.",
                ),
                SectionText("economy", "Økonomi", "Anlæg koster 1,2 mio. kr. Driften holdes inden for rammen."),
            ],
            routing=[
                RoutedBody(body.abbreviation, body) for body in (bodies.committee, bodies.finance, bodies.council)
            ],
        )  # fmt: skip
        for title, name, text, is_public in (
            ("Tidsplan", "tidsplan.txt", TIMETABLE, True),
            ("Udregning af udgifter", "udgifter.csv", COSTS, False),
        ):
            add_attachment(
                item=item, title=title, doc_no="", content=BytesIO(text.encode()), file_name=name,
                is_public=is_public, nonce=uuid4(), by=self.stage.by,
            )  # fmt: skip
        return item

    def _recommend(self, item: AgendaItem) -> None:
        """A vote by group, and a dissent."""
        voices = [Voice("for", party) for party in "ABFVØ"] + [Voice("against", "C")]
        self._vote(item, voices)
        self._note(item, "dissent", "Aase Åberg (demo) (C)", "Pengene burde gå til flere voksne i de huse, vi har.")
        self.stage.promise(item, "Status på byggeriet", due_meeting=self.coming)
        self.stage.decide(item, "recommended", "Anbefales.")

    def _substitutes(self) -> AgendaItem:
        return self.stage.add(
            self.meeting, 3, "Fælles vikarordning i dagtilbud",
            "at ordningen prøves i et år.", "at fire huse tager del i den.", "at ordningen gøres fast fra 2028.",
            case_no="28.06.08-A00-1-26", case_type=AgendaItem.CaseType.DECISION,
        )  # fmt: skip

    def _decide_point_by_point(self, item: AgendaItem) -> None:
        """Three at-points, three outcomes; one of them departs from the indstilling."""
        for point, category, text, conditions in (
            (1, "approved", "Tiltrådt som indstillet.", ""),
            (2, "approved_amended", "Godkendt med den ændring, at seks huse tager del i ordningen.",
             "Husene melder sig selv inden 1. september 2026."),
            (3, "postponed", "Udsat, til ordningen er prøvet.", ""),
        ):  # fmt: skip
            record_points(
                item=item, points=[point], category=category, text=text, conditions=conditions,
                departs=category == "approved_amended", expected=0, nonce=uuid4(), by=self.stage.by,
            )  # fmt: skip
        self.stage.promise(item, "Tal for brug af vikarer, fordelt på husene", due_on=date(2026, 9, 7))

    def _club(self) -> AgendaItem:
        return self.stage.add(
            self.meeting, 4, "Tilskud til klubben Ørneungerne (demo)", "at klubben får 40.000 kr. til en sommerlejr.",
            case_type=AgendaItem.CaseType.DECISION,
        )  # fmt: skip

    def _decide_with_a_recusal(self, item: AgendaItem) -> None:
        """A member leaves the room and another comes in; a vote by person."""
        record_recusal(
            item=item, person=_person("Ærlig Ærø (demo)"), ground="Sidder i klubbens bestyrelse", raised_by="",
            is_disqualified=True, ruling="Udvalget fandt enstemmigt, at der forelå inhabilitet.",
            substitute="Sofie Suppleant (demo)", nonce=uuid4(), by=self.stage.by,
        )  # fmt: skip
        stances = {"Aase Åberg (demo)": "abstained", "Østen Ø (demo)": "against"}
        voters = Roll.of(self.meeting).voters_on(item.pk)
        self._vote(item, [Voice(stances.get(one.person.name, "for"), one.party, one.person) for one in voters])
        self.stage.decide(item, "approved", "Godkendt.")

    def _holidays(self) -> AgendaItem:
        return self.stage.add(
            self.meeting, 5, "Fælles pasning i uge 29 og 30", "at børnehusene holder fælles åbent i to huse.",
            case_no="28.00.00-P05-2-26", case_type=AgendaItem.CaseType.DECISION,
        )  # fmt: skip

    def _decide_and_stay(self, item: AgendaItem) -> None:
        """Somebody is out of the room, and somebody brings the decision before the council."""
        member = _person("Mette Medlem")
        record_absences(item=item, people=[member], note="ude kl. 18.20–18.40", by=self.stage.by)
        decision = self.stage.decide(item, "approved", "Tiltrådt som indstillet.")
        self._note(item, "reservation", "Østen Ø (demo) (Ø)", "Tager forbehold for forældrenes mening.")
        declare_stay(
            item=item, decision=decision, declared_by=_person("Østen Ø (demo)"),
            reason="Forældrene er ikke spurgt.", nonce=uuid4(), by=self.stage.by,
        )  # fmt: skip

    def _vote(self, item: AgendaItem, voices: list[Voice]) -> None:
        record_vote(item=item, about="Indstillingen", voices=voices, nonce=uuid4(), by=self.stage.by)

    def _note(self, item: AgendaItem, kind: str, speaker: str, text: str) -> None:
        record_note(item=item, kind=kind, speaker=speaker, text=text, nonce=uuid4(), by=self.stage.by)


def _through_the_bodies(stage: Stage, bodies: Bodies, held: dict[str, AgendaItem]) -> None:
    """Økonomiudvalget recommends, Kommunalbestyrelsen decides; and confirms what was stayed."""
    with as_of(evening(FINANCE)):
        finance = _open(stage, bodies.finance, FINANCE)
        recommended = _send_on(stage, held["garden"], finance)
        stage.decide(recommended, "recommended", "Anbefales godkendt.")
        stage.close(finance)
    with as_of(evening(COUNCIL)):
        council = _open(stage, bodies.council, COUNCIL)
        stage.decide(_send_on(stage, recommended, council), "approved", "Godkendt.")
        brought = _send_on(stage, held["holidays"], council)
        decision = stage.decide(brought, "approved", "Kommunalbestyrelsen stadfæster udvalgets beslutning.")
        stage.close(council)
        stay = held["holidays"].decisions.get().stay
        record_stay_outcome(
            stay=stay, verdict="confirmed", decided_on=decision.decided_on, council_item=brought, note="",
            nonce=uuid4(), by=stage.by,
        )  # fmt: skip


def _open(stage: Stage, body: Committee, day: date) -> Meeting:
    meeting = stage.call(body, day)
    stage.attend(meeting)
    stage.decide(stage.add(meeting, 1, "Godkendelse af dagsorden"), "approved", "Godkendt.")
    return meeting


def _send_on(stage: Stage, item: AgendaItem, meeting: Meeting) -> AgendaItem:
    return continue_item(
        item=item, how=AgendaItem.Continuation.FORWARDED, target=meeting, nonce=uuid4(), by=stage.by
    )  # fmt: skip


def _coming(stage: Stage, meeting: Meeting) -> None:
    """The next agenda: sent out, an extra item sent after it, and one item changed since."""
    stage.add(meeting, 1, "Godkendelse af dagsorden")
    plan = stage.add(meeting, 2, "Udvalgets møder i det nye år", "at mødeplanen godkendes.")
    stage.add(
        meeting, 3, "Samarbejdet med forældrene", "at udvalget drøfter forslagene.",
        case_type=AgendaItem.CaseType.DISCUSSION,
    )  # fmt: skip
    stage.add(meeting, 4, "Ansættelse af en leder (demo)", "at udvalget godkender ansættelsen.", is_closed=True)
    stage.add(meeting, 5, "Eventuelt")
    stage.send_out(meeting)
    stage.add(meeting, 6, "Midlertidig lukning af en legeplads (demo)", "at legepladsen lukkes, til den er sikker.")
    stage.send_out(meeting)
    edit_item(
        item=plan, expected=plan.revision, by=stage.by, title="Udvalgets møder og temaer i det nye år",
        points=["at mødeplanen godkendes.", "at udvalget vælger to temaer."], recommended_by="Centerchefen",
    )  # fmt: skip


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _person(name: str) -> Person:
    return Person.objects.get(name=name)
