"""Agenda and minutes on paper: what they say, to whom, and that the file is valid and the same each time."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import outloud
import page
import pypdfium2
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from meetings.actions import dispatch_agenda
from meetings.actions import publish as publish_one
from meetings.documents.dispatch import DispatchDocument
from meetings.documents.paper import MeetingPaper
from meetings.documents.paper_items import PaperItem
from meetings.models import (
    AGENDA,
    AgendaItem,
    Attachment,
    Attendance,
    Closing,
    Correction,
    Decision,
    ItemAbsence,
    ItemSection,
    Meeting,
    Membership,
    MinutesAddition,
    Person,
    Promise,
    ProtocolNote,
    Recommendation,
    Recusal,
    Routing,
    Seal,
    Signature,
    Stay,
    StoredFile,
    User,
    Vote,
    VoteLine,
)
from meetings.papers import meeting_pdf
from tests.conftest import BEGINNING, CANARY, Login, decide, make_user, publish
from tests.kit.test_pdf import failures, pages_of, text_of

EVENING = datetime(2022, 10, 3, 18, 0, tzinfo=UTC)
LATER = EVENING + timedelta(days=7)
FINGERPRINT = "0123456789abcdef" * 4


def seated(meeting: Meeting, name: str, party: str, seat: str = "member", *, user: User | None = None) -> Person:
    """A person with a seat in the committee."""
    person = Person.objects.create(name=name, municipality=meeting.committee.municipality, user=user)
    Membership.objects.create(
        committee=meeting.committee, person=person, party=party, seat=seat, valid_from=BEGINNING
    )  # fmt: skip
    return person


def point_decision(item: AgendaItem, number: int, category: str, text: str, *, by: User) -> Decision:
    """Decide one at-point."""
    decision: Decision = Decision.including_closed.create(
        item=item, recommendation=item.recommendations.get(number=number), category=category, text=text,
        decided_on=item.meeting.date, recorded_by=by,
    )  # fmt: skip
    return decision


def add_open_item(meeting: Meeting, number: int, title: str, *points: str) -> AgendaItem:
    """An open item with its indstilling."""
    item: AgendaItem = AgendaItem.including_closed.create(
        meeting=meeting, number=str(number), position=number, title=title, is_closed=False, case_type="decision"
    )
    for at, text in enumerate(points, start=1):
        Recommendation.including_closed.create(item=item, number=at, by="Direktøren", text=text)
    return item


@pytest.fixture
def held(meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, member: User) -> Meeting:
    """The standard meeting as it was held: everything that can happen on an item has happened, it is closed, signed,
    sealed, corrected and public.
    """
    chair = seated(meeting, "Frede Formand", "A", "chair", user=make_user("frede", "Frede Formand"))
    rival, biased = seated(meeting, "Rigmor Rival", "V"), seated(meeting, "Inger Inhabil", "F")
    ill, stand_in = seated(meeting, "Svend Syg", "C"), Person.objects.create(
        name="Stine Stedfortræder", municipality=meeting.committee.municipality
    )  # fmt: skip
    hidden = Person.objects.create(
        name=f"{CANARY} Skjult", municipality=meeting.committee.municipality, user=make_user("skjult", "Skjult")
    )
    for person in (chair, rival, biased, member.person):
        Attendance.objects.create(meeting=meeting, person=person, state="present")
    Attendance.objects.create(meeting=meeting, person=ill, state="excused")
    Attendance.objects.create(meeting=meeting, person=stand_in, state="present", substitute_for=ill)
    _treat_open_item(meeting, open_item, chair, rival, biased, member, secretary)
    AgendaItem.including_closed.filter(pk=closed_item.pk).update(
        public_heading="Sag om enkeltperson", open_decision="Udvalget har truffet en afgørelse."
    )
    Recusal.including_closed.create(
        item=closed_item, person=biased, ground=f"{CANARY} er nabo", is_disqualified=True, substitute=hidden,
        recorded_by=secretary,
    )  # fmt: skip
    kept_inside = decide(closed_item, "approved", f"{CANARY} godkendt.", by=secretary)
    later = add_open_item(meeting, 3, "Drift af legepladser", "at planen godkendes.", "at der afsættes midler.")
    point_decision(later, 1, "approved", "Godkendt.", by=secretary)
    stopped = point_decision(later, 2, "approved_amended", "Godkendt med halvdelen.", by=secretary)
    Stay.including_closed.create(decision=stopped, declared_by=rival, reason="Beløbet.", recorded_by=secretary)
    Closing.objects.create(meeting=meeting, closed_at=EVENING, closed_by=secretary)
    for person in (chair, member.person, hidden):
        assert person.user
        Signature.objects.create(
            meeting=meeting, person=person, signed_by=person.user, signed_at=EVENING, fingerprint=FINGERPRINT
        )
    Seal.objects.create(
        meeting=meeting, sealed_at=EVENING, sealed_by=secretary, fingerprint=FINGERPRINT, reason="Øvrige er på ferie."
    )
    MinutesAddition.objects.create(meeting=meeting, text="Mødet sluttede kl. 19.", recorded_by=secretary)
    for decision, text in ((stopped, "Beløbet er 100.000 kr."), (kept_inside, f"{CANARY} rettet.")):
        Correction.including_closed.create(decision=decision, text=text, recorded_by=secretary, recorded_at=LATER)
    publish(meeting)
    return meeting


def _treat_open_item(
    meeting: Meeting, item: AgendaItem, chair: Person, rival: Person, biased: Person, member: User, secretary: User
) -> None:
    AgendaItem.including_closed.filter(pk=item.pk).update(
        case_no="22/9628", case_type="decision", case_officers=["Sanne Sagsbehandler"]
    )
    for position, (abbreviation, is_marked) in enumerate([("BUU", True), ("ØU", False), ("KB", True)], start=1):
        Routing.including_closed.create(
            item=item, position=position, abbreviation=abbreviation, is_marked=is_marked
        )  # fmt: skip
    for position, (kind, heading, text) in enumerate(
        [("summary", "Beslutningstema", "Udvalget skal godkende."), ("economy", "Økonomi", "Sagen koster intet.")],
        start=1,
    ):
        ItemSection.including_closed.create(item=item, position=position, kind=kind, heading=heading, text=text)
    file = StoredFile.objects.create(sha256="3" * 64, content=b"tal", size=3)
    for position, (title, is_public) in enumerate([("Notat om tal", True), ("Intern udregning", False)], start=1):
        Attachment.including_closed.create(
            item=item, position=position, title=title, file=file, file_name="tal.txt", is_public=is_public
        )
    Recusal.including_closed.create(
        item=item, person=biased, ground="Er gift med lederen", is_disqualified=True, recorded_by=secretary
    )
    away = Attendance.objects.get(meeting=meeting, substitute_for__isnull=False).person
    ItemAbsence.including_closed.create(item=item, person=away, note="gik kl. 17.30")
    decide(item, "approved", "Tiltrådt som indstillet.", by=secretary)
    vote = Vote.including_closed.create(item=item, recorded_by=secretary)
    for person, party, stance in ((chair, "A", "for"), (member.person, "A", "for"), (rival, "V", "against")):
        VoteLine.including_closed.create(vote=vote, person=person, party=party, stance=stance)
    ProtocolNote.including_closed.create(
        item=item, kind="dissent", by="Rigmor Rival (V)", text="Sagen burde være udsat.", recorded_by=secretary
    )
    Promise.including_closed.create(item=item, text="Tal for vikarer", due_on=date(2022, 12, 5), recorded_by=secretary)


def flat(paper: bytes) -> str:
    """The paper's text as one run of words, so that line breaks do not matter."""
    return " ".join(text_of(paper).split())


def minutes(meeting: Meeting, viewer: Any) -> str:
    return flat(meeting_pdf(MeetingPaper.minutes(meeting, viewer=viewer)))


def agenda(meeting: Meeting, viewer: Any) -> str:
    return flat(meeting_pdf(MeetingPaper.agenda(meeting, viewer=viewer)))


def in_order(text: str, words: list[str]) -> list[str]:
    """The words that stand in the text, each after the one before."""
    place, found = 0, []
    for word in words:
        at = text.find(word, place)
        if at >= 0:
            found.append(word)
            place = at + len(word)
    return found


# --- What it says -------------------------------------------------------------------------------------------------


def test_minutes_tell_the_whole_meeting_in_the_order_of_a_protocol(held: Meeting) -> None:
    words = [
        "REFERAT", "Børne- og Uddannelsesudvalget, 3. oktober 2022", "HVIDOVRE KOMMUNE",
        "Dato Mandag den 3. oktober 2022", "Tid Kl. 17.00", "Sted Rådhuset, lokale 1",
        "Til stede", "Frede Formand (A)", "Afbud Svend Syg (C)", "Stine Stedfortræder deltog i stedet for Svend Syg",
        "Indhold", "1.", "Politiske pejlemærker 2022–2025", "ÅBNE PUNKTER", "Politiske pejlemærker 2022–2025",
        "Åbent punkt", "Sagsnr.: 22/9628", "Sagstype: Beslutning", "Sagsgang: BUU → KB", "Beslutningstema",
        "Indstilling", "Direktøren for Børn indstiller,", "at udvalget godkender pejlemærkerne.",
        "Beslutning", "Tiltrådt som indstillet.", "Inger Inhabil (F) var inhabil",
        "Stine Stedfortræder (C) deltog ikke i behandlingen af punktet (gik kl. 17.30).",
        "Afstemning", "For stemte 2 (Frede Formand (A) og Mette Medlem (A)). Imod stemte 1 (Rigmor Rival (V)).",
        "Protokolbemærkninger", "Afvigende mening, Rigmor Rival (V): Sagen burde være udsat.",
        "Forvaltningen vender tilbage", "Tal for vikarer", "senest 5. december 2022",
        "Økonomi", "Bilag", "Notat om tal",
        "LUKKEDE PUNKTER", "Lukket punkt: Sag om enkeltperson", "Åben beslutning", "Udvalget har truffet en afgørelse.",
        "ÅBNE PUNKTER", "Drift af legepladser", "1.", "at planen godkendes.", "2.", "at der afsættes midler.",
        "Ad 1", "Godkendt.", "Ad 2", "Beslutningen er standset", "Rigmor Rival har begæret sagen indbragt",
        "Godkendt med halvdelen.", "Afviger fra indstillingen", "Rettelse 10. oktober 2022, Forvaltningen",
        "Beløbet er 100.000 kr.", "Tilføjelser til referatet", "Mødet sluttede kl. 19.",
        "Underskrifter", "Frede Formand (A)", "3. oktober 2022 kl. 20.00", "Forsegling", "Øvrige er på ferie.",
        FINGERPRINT[:20],
    ]  # fmt: skip
    assert in_order(minutes(held, AnonymousUser()), words) == words


def test_agenda_tells_what_is_to_come_and_nothing_of_what_was_decided(held: Meeting, secretary: User) -> None:
    told = agenda(held, secretary)
    words = ["DAGSORDEN", "Medlemmer Frede Formand (A), formand", "Indstilling", "at udvalget godkender", "Bilag"]
    assert in_order(told, words) == words
    spoken_at_the_meeting = [
        "Tiltrådt", "inhabil", "For stemte", "burde være udsat", "Tal for vikarer", "standset", "100.000", "Til stede",
        "Underskrifter", "truffet en afgørelse", f"{CANARY} godkendt",
    ]  # fmt: skip
    assert [word for word in spoken_at_the_meeting if word in told] == []


def test_contents_lead_to_the_pages_the_items_are_on(held: Meeting) -> None:
    paper = MeetingPaper.minutes(held, viewer=AnonymousUser())
    pages = pages_of(meeting_pdf(paper))
    listed = dict(re.findall(r"(Politiske pejlemærker 2022–2025|Drift af legepladser)\s+(\d)", pages[0]))
    found = {title: str(max(n for n, text in enumerate(pages, start=1) if title in text)) for title in listed}
    assert listed == found
    assert set(listed) == {"Politiske pejlemærker 2022–2025", "Drift af legepladser"}


def test_agenda_says_to_the_committees_own_people_what_came_after_the_dispatch(
    meeting: Meeting, open_item: AgendaItem, secretary: User
) -> None:
    def send() -> None:
        seen = DispatchDocument.for_meeting(meeting).seen
        dispatch_agenda(meeting=meeting, seen=seen, nonce=uuid4(), by=secretary)

    send()
    add_open_item(meeting, 3, "Hastesag", "at den godkendes.")
    send()
    AgendaItem.including_closed.filter(pk=open_item.pk).update(title="Pejlemærker med ny titel")
    add_open_item(meeting, 4, "Endnu en sag")
    publish(meeting)
    told = {
        viewer: [
            line.came_later for line in MeetingPaper.agenda(meeting, viewer=viewer).lines if isinstance(line, PaperItem)
        ]
        for viewer in (secretary, AnonymousUser())
    }
    changed, unchanged, supplementary, added = told[secretary]
    assert ("titel" in changed, unchanged, added[:26]) == (True, "", "Tilføjet efter udsendelsen")
    assert "tillægsdagsordenen" in supplementary
    assert list(told.values())[1] == ["", "", ""]
    sent = [fact.label for fact in MeetingPaper.agenda(meeting, viewer=secretary).letterhead]
    assert sent == ["Dagsorden udsendt", "Tillægsdagsorden udsendt", "Fortroligt eksemplar for"]


def test_unpublished_agenda_is_marked_as_a_draft(meeting: Meeting, secretary: User) -> None:
    assert "UDKAST" in agenda(meeting, secretary)
    publish(meeting)
    assert "UDKAST" not in agenda(meeting, secretary)


def test_paper_bears_the_name_the_committee_had_then(held: Meeting, anonymous: Client) -> None:
    held.committee.former_names.create(name="Undervisningsudvalget", until=date(2022, 12, 31))
    assert "Undervisningsudvalget, 3. oktober 2022" in minutes(held, AnonymousUser())
    name = anonymous.get(f"/moeder/{held.pk}/referat.pdf").headers["Content-Disposition"]
    assert name == 'inline; filename="referat-undervisningsudvalget-2022-10-03.pdf"'


def test_invented_meeting_says_so(held: Meeting) -> None:
    assert "DEMO" not in minutes(held, AnonymousUser())
    Meeting.objects.filter(pk=held.pk).update(is_demo=True)
    held.refresh_from_db()
    assert "Demo: mødet er opdigtet." in minutes(held, AnonymousUser())


def test_agenda_without_items_is_a_paper_too(meeting: Meeting, secretary: User) -> None:
    empty = Meeting.objects.create(committee=meeting.committee, date=date(2022, 11, 7), starts_at=time(17))
    assert "Der er ingen punkter på dagsordenen endnu." in agenda(empty, secretary)


# --- Four editions ------------------------------------------------------------------------------------------------


@pytest.fixture
def editions(held: Meeting, secretary: User, member: User, other_member: User) -> dict[str, str]:
    """The minutes as four people get them."""
    viewers = {
        "secretary": secretary, "member": member, "other_member": other_member, "anonymous": AnonymousUser(),
    }  # fmt: skip
    return {name: minutes(held, viewer) for name, viewer in viewers.items()}


def test_four_editions_differ_by_what_each_may_read(editions: dict[str, str]) -> None:
    told = {
        words: [who for who, text in editions.items() if words in text]
        for words in (
            "Tiltrådt som indstillet.", "Rigmor Rival (V): Sagen burde være udsat.", "Beslutningen er standset",
            "Beløbet er 100.000 kr.", "Inger Inhabil (F) var inhabil", f"{CANARY} i titlen", f"{CANARY} godkendt.",
            f"{CANARY} rettet.", f"{CANARY} er begrundelsen", f"{CANARY} er nabo", "Er gift med lederen",
            "Intern udregning – ikke offentligt", "Sanne Sagsbehandler", "INTERN", "Lukket punkt: Sag om enkeltperson",
            "Udvalget har truffet en afgørelse.",
        )
    }  # fmt: skip
    everyone, inside, outside = list(editions), ["secretary", "member"], ["other_member", "anonymous"]
    assert told == {
        "Tiltrådt som indstillet.": everyone,
        "Rigmor Rival (V): Sagen burde være udsat.": everyone,
        "Beslutningen er standset": everyone,
        "Beløbet er 100.000 kr.": everyone,
        "Inger Inhabil (F) var inhabil": everyone,
        f"{CANARY} i titlen": inside,
        f"{CANARY} godkendt.": inside,
        f"{CANARY} rettet.": inside,
        f"{CANARY} er begrundelsen": inside,
        f"{CANARY} er nabo": inside,
        "Er gift med lederen": inside,
        "Intern udregning – ikke offentligt": inside,
        "Sanne Sagsbehandler": ["secretary"],
        "INTERN": inside,
        "Lukket punkt: Sag om enkeltperson": outside,
        "Udvalget har truffet en afgørelse.": outside,
    }


def test_member_of_another_committee_gets_the_public_edition(held: Meeting, other_member: User) -> None:
    papers = [
        meeting_pdf(make(held, viewer=viewer))
        for make in (MeetingPaper.minutes, MeetingPaper.agenda)
        for viewer in (other_member, AnonymousUser())
    ]
    assert (papers[0] == papers[1], papers[2] == papers[3]) == (True, True)


def test_copy_for_the_committees_own_people_says_whose_it_is(
    held: Meeting, member: User, consultant: User, other_member: User
) -> None:
    papers = [
        MeetingPaper.minutes(held, viewer=viewer) for viewer in (member, consultant, other_member, AnonymousUser())
    ]
    assert [(paper.letterhead[-1].label, paper.letterhead[-1].value, paper.marks) for paper in papers] == [
        ("Fortroligt eksemplar for", "Mette Medlem", "INTERN"),
        ("Internt eksemplar for", "Karen Konsulent", "INTERN"),
        ("Protokollen forseglet", "3. oktober 2022 kl. 20.00", ""),
        ("Protokollen forseglet", "3. oktober 2022 kl. 20.00", ""),
    ]


def test_substitute_on_a_closed_item_is_not_named_among_the_signatures(held: Meeting, member: User) -> None:
    told = [
        [line.name for line in MeetingPaper.minutes(held, viewer=viewer).signatures]
        for viewer in (member, AnonymousUser())
    ]
    assert told == [
        ["Frede Formand (A)", "Mette Medlem (A)", f"{CANARY} Skjult (F)"],
        ["Frede Formand (A)", "Mette Medlem (A)"],
    ]


@pytest.mark.parametrize("who", ["anonymous", "consultant", "other_member", "leader"])
def test_paper_tells_nothing_of_closed_items_to_outsiders(
    who: str, held: Meeting, request: pytest.FixtureRequest
) -> None:
    viewer = AnonymousUser() if who == "anonymous" else request.getfixturevalue(who)
    for make in (MeetingPaper.minutes, MeetingPaper.agenda):
        assert CANARY not in text_of(meeting_pdf(make(held, viewer=viewer)))


# --- The file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [MeetingPaper.minutes, MeetingPaper.agenda], ids=["minutes", "agenda"])
@pytest.mark.parametrize("who", ["secretary", "anonymous"])
def test_paper_is_accessible_and_archivable(
    make: Any, who: str, held: Meeting, secretary: User, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    paper = meeting_pdf(make(held, viewer=secretary if who == "secretary" else AnonymousUser()))
    assert failures(paper, page.ValidationProfile.PDF_UA_1) == []
    assert failures(paper, page.ValidationProfile.PDF_A_3A) == []
    (tmp_path / "paper.pdf").write_bytes(paper)
    heard = outloud.check(str(tmp_path / "paper.pdf"))
    assert [(finding.rule, finding.message) for finding in heard.sorted_findings()] == []
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_same_minutes_are_the_same_file(held: Meeting, member: User) -> None:
    first, second = (meeting_pdf(MeetingPaper.minutes(held, viewer=member)) for _ in range(2))
    assert first == second


def test_bookmarks_follow_the_headings(held: Meeting) -> None:
    paper = meeting_pdf(MeetingPaper.minutes(held, viewer=AnonymousUser()))
    with pypdfium2.PdfDocument(io.BytesIO(paper)) as opened:
        marks = [(mark.level, " ".join(mark.get_title().split())) for mark in opened.get_toc()]
    assert [title for level, title in marks if level == 0] == ["Børne- og Uddannelsesudvalget, 3. oktober 2022"]
    assert [title for level, title in marks if level == 1] == [
        "Indhold", "1.Politiske pejlemærker 2022–2025", "2.Lukket punkt: Sag om enkeltperson",
        "3.Drift af legepladser", "Tilføjelser til referatet", "Underskrifter",
    ]  # fmt: skip
    assert [title for level, title in marks if level == 2] == [
        "Beslutningstema", "Indstilling", "Beslutning", "Afstemning", "Protokolbemærkninger",
        "Forvaltningen vender tilbage", "Økonomi", "Bilag", "Åben beslutning", "Indstilling", "Beslutning",
        "Forsegling",
    ]  # fmt: skip


def test_fingerprint_stands_below_every_page_of_sealed_minutes(held: Meeting) -> None:
    pages = pages_of(meeting_pdf(MeetingPaper.minutes(held, viewer=AnonymousUser())))
    assert ["fingeraftryk 0123 4567 89ab cdef" in " ".join(text.split()) for text in pages] == [True] * len(pages)
    assert len(pages) > 1
    assert "fingeraftryk" not in agenda(held, AnonymousUser())


@pytest.mark.parametrize("make", [MeetingPaper.minutes, MeetingPaper.agenda], ids=["minutes", "agenda"])
def test_paper_asks_as_much_for_thirty_items_as_for_one(make: Any, meeting: Meeting, secretary: User) -> None:
    def queries() -> int:
        viewer = User.objects.get(pk=secretary.pk)
        with CaptureQueriesContext(connection) as asked:
            make(Meeting.objects.select_related("committee__municipality").get(pk=meeting.pk), viewer=viewer)
        return len(asked)

    decide(add_open_item(meeting, 31, "Sag 31", "at det godkendes."), "approved", "Godkendt.", by=secretary)
    one = queries()
    for number in range(3, 31):
        decide(
            add_open_item(meeting, number, f"Sag {number}", "at det godkendes."), "approved", "Godkendt.", by=secretary
        )
    assert queries() == one


# --- Who may have it ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dagsorden", "referat"])
def test_unpublished_paper_is_for_the_committees_own_people(
    name: str, meeting: Meeting, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    address = f"/moeder/{meeting.pk}/{name}.pdf"
    statuses = [client.get(address).status_code for client in (anonymous, as_user(other_member), as_user(member))]
    assert (statuses, as_user(member).post(address).status_code) == ([404, 404, 200], 405)


def test_published_papers_are_for_everyone(held: Meeting, anonymous: Client) -> None:
    for name in ("dagsorden", "referat"):
        response = anonymous.get(f"/moeder/{held.pk}/{name}.pdf")
        assert (response.status_code, response.headers["Content-Type"], response.headers["Cache-Control"]) == (
            200, "application/pdf", "private, no-cache",
        )  # fmt: skip
        assert f"{name}-boerne-og-uddannelsesudvalget-2022-10-03.pdf" in response.headers["Content-Disposition"]


def test_published_agenda_alone_gives_no_minutes(meeting: Meeting, approval: Decision, anonymous: Client) -> None:
    publish_one(subject=AGENDA, record=meeting, by=None, warnings_accepted=[])
    found = [anonymous.get(f"/moeder/{meeting.pk}/{name}.pdf").status_code for name in ("dagsorden", "referat")]
    assert found == [200, 404]
