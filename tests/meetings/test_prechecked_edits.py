"""What is saved in a meeting that is public is public at once: it is looked through first, and a person confirms."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import (
    AgendaItem,
    Correction,
    Decision,
    Event,
    ItemSection,
    Meeting,
    MinutesAddition,
    Promise,
    ProtocolNote,
    Publication,
    User,
    Vote,
)
from tests.conftest import CANARY, Login, publish
from tests.meetings.test_attachments import attach, close
from tests.meetings.test_attachments import typed as typed_attachment
from tests.meetings.test_planning import typed_item

CPR = "010190-1234"
SHOWN = "CPR-nummer 010190-••••"


def confirm(client: Client, address: str, typed: dict[str, Any], refused: Any) -> Any:
    """Look at the warnings, set the cross, and send again what was typed."""
    return client.post(address, typed | {"seen": refused.context["form"].precheck["seen"].value(), "confirmed": "on"})


def accepted() -> list[list[str]]:
    """The warnings somebody has accepted, as the log keeps them."""
    return [event.changes["warnings"] for event in Event.objects.filter(action="warnings_accepted").order_by("pk")]


@pytest.fixture
def public_agenda(meeting: Meeting) -> Meeting:
    publish(meeting)
    Publication.objects.create(subject="meeting.minutes", subject_pk=meeting.pk, act="withdrawn")
    return meeting


@pytest.fixture
def edit(open_item: AgendaItem) -> str:
    return f"{open_item.get_absolute_url()}ret/"


# --- Items ----------------------------------------------------------------------------------------


def test_nobody_is_asked_while_nothing_is_public(edit: str, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).post(edit, typed_item(number="1", title=f"Klage fra {CPR}")).status_code == 303


def test_text_of_a_public_item_is_looked_through_before_it_is_saved(
    public_agenda: Meeting, open_item: AgendaItem, edit: str, anonymous: Client, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    typed = typed_item(number="1", title=f"Klage fra {CPR}", points="at brevet sendes til Egevej 12.")
    refused = client.post(edit, typed)
    form = refused.context["form"]
    assert (refused.status_code, form["title"].value(), form.precheck.warnings) == (
        422, f"Klage fra {CPR}", (f"Titel: {SHOWN}", "Indstilling: Adresse Egevej ••"),
    )  # fmt: skip
    assert "confirmed" in refused.content.decode()
    assert CPR not in anonymous.get(open_item.get_absolute_url()).content.decode()
    assert confirm(client, edit, typed, refused).status_code == 303
    assert CPR in anonymous.get(open_item.get_absolute_url()).content.decode()
    assert accepted() == [[f"Titel: {SHOWN}", "Indstilling: Adresse Egevej ••"]]


def test_cross_without_warnings_seen_does_not_hold(
    public_agenda: Meeting, open_item: AgendaItem, edit: str, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    first = client.post(edit, typed_item(number="1", title=f"Klage fra {CPR}"))
    other = typed_item(number="1", title=f"Klage fra {CPR} og 311265-1234")
    for typed in (other | {"confirmed": "on"}, other | {"confirmed": "on", "seen": "x"}):
        assert client.post(edit, typed).status_code == 422
    assert confirm(client, edit, other, first).status_code == 422  # the cross was for other warnings
    open_item.refresh_from_db()
    assert CPR not in open_item.title


def test_what_was_public_already_is_not_asked_about_again(
    meeting: Meeting, open_item: AgendaItem, edit: str, secretary: User, as_user: Login
) -> None:
    AgendaItem.including_closed.filter(pk=open_item.pk).update(title="Ring 36393639")
    publish(meeting)
    assert as_user(secretary).post(edit, typed_item(number="1", title="Ring 36393639")).status_code == 303


def test_new_item_on_a_public_agenda_is_looked_through(public_agenda: Meeting, secretary: User, as_user: Login) -> None:
    client, address = as_user(secretary), f"/moeder/{public_agenda.pk}/punkter/nyt/"
    typed = typed_item(title=f"Klage fra {CPR}")
    refused = client.post(address, typed)
    assert (refused.status_code, AgendaItem.objects.count()) == (422, 1)
    assert [confirm(client, address, typed, refused).status_code for _ in range(2)] == [303, 303]
    assert (AgendaItem.objects.count(), len(accepted())) == (2, 1)


def test_closed_item_is_looked_through_when_it_is_opened_with_its_attachments(
    public_agenda: Meeting, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    attach(closed_item, f"Brev til {CPR}", is_public=True)
    client, address = as_user(secretary), f"{closed_item.get_absolute_url()}ret/"
    closed = typed_item(number="2", title=f"Klage fra {CPR}", openness="lukket", closed_reason="Personsag")
    assert client.post(address, closed).status_code == 303
    opened = closed | {"openness": "aaben", "revision": "1"}
    refused = client.post(address, opened)
    assert refused.context["form"].precheck.warnings == (
        f"Titel: {SHOWN}",
        f"Punkt 2, bilag 1: {SHOWN}",
        "Punkt 2, bilag 1 (PDF) er ikke gennemset af maskinen. Åbn det, og se selv efter.",
    )
    assert confirm(client, address, opened, refused).status_code == 303


def test_public_heading_is_looked_through_and_the_open_decision_where_the_minutes_are_public(
    published_meeting: Meeting, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client, address = as_user(secretary), f"{closed_item.get_absolute_url()}ret/"
    typed = {"public_heading": "Ring 36393639", "open_decision": f"Svar til {CPR}", "revision": "0"}
    refused = client.post(address, typed)
    assert refused.context["form"].precheck.warnings == (
        "Offentlig overskrift for lukket punkt: Telefonnummer •• •• •• 39",
        f"Åben beslutning på lukket punkt: {SHOWN}",
    )
    assert confirm(client, address, typed, refused).status_code == 303
    Publication.objects.create(subject="meeting.minutes", subject_pk=published_meeting.pk, act="withdrawn")
    later = typed | {"open_decision": f"Brev til {CPR}", "revision": "1"}
    assert client.post(address, later).status_code == 303


def test_place_and_cancellation_of_a_public_meeting_are_looked_through(
    public_agenda: Meeting, secretary: User, as_user: Login
) -> None:
    client, address = as_user(secretary), f"/moeder/{public_agenda.pk}/ret/"
    typed = {"date": "2022-10-03", "starts_at": "17:00", "place": "Hos formanden, Egevej 12", "kind": "ordinary",
             "cancelled": "Ring 36393639", "revision": "0"}  # fmt: skip
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert [warning.split(": ")[1] for warning in refused.context["form"].precheck.warnings] == [
        "Adresse Egevej ••", "Telefonnummer •• •• •• 39",
    ]  # fmt: skip
    assert confirm(client, address, typed, refused).status_code == 303


# --- Corrections and additions --------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
def test_correction_in_public_minutes_is_looked_through(
    headers: dict[str, str], published_meeting: Meeting, secretary: User, as_user: Login
) -> None:
    client, address = as_user(secretary), f"/moeder/{published_meeting.pk}/punkter/1/rettelse/"
    typed = {"text": f"Ansøgeren er {CPR}.", "category": "", "nonce": str(uuid4())}
    refused = client.post(address, typed, headers=headers)
    assert (refused.status_code, Correction.objects.count()) == (422, 0)
    assert SHOWN in refused.content.decode()
    assert "confirmed" in refused.content.decode()


def test_correction_is_kept_when_it_is_confirmed(published_meeting: Meeting, secretary: User, as_user: Login) -> None:
    client, address = as_user(secretary), f"/moeder/{published_meeting.pk}/punkter/1/rettelse/"
    typed = {"text": f"Ansøgeren er {CPR}.", "category": "", "nonce": str(uuid4())}
    refused = client.post(address, typed)
    assert confirm(client, address, typed, refused).status_code == 303
    assert (Correction.objects.count(), accepted()) == (1, [[f"Tilføjelsen: {SHOWN}"]])


@pytest.mark.usefixtures("closed_approval")
def test_correction_on_a_closed_item_is_not_public(published_meeting: Meeting, secretary: User, as_user: Login) -> None:
    typed = {"text": f"{CANARY} {CPR}", "category": "", "nonce": str(uuid4())}
    address = f"/moeder/{published_meeting.pk}/punkter/2/rettelse/"
    assert as_user(secretary).post(address, typed).status_code == 303


# --- Attachments ----------------------------------------------------------------------------------


def test_attachment_is_given_free_only_when_somebody_has_looked(
    public_agenda: Meeting, open_item: AgendaItem, anonymous: Client, secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item, f"Brev til {CPR}")
    client, address = as_user(secretary), f"{attachment.get_absolute_url()}ret/"
    typed = typed_attachment(attachment, is_public="on")
    refused = client.post(address, typed)
    assert (refused.status_code, refused.context["form"].precheck.warnings) == (
        422,
        (
            f"Punkt 1, bilag 1: {SHOWN}",
            "Punkt 1, bilag 1 (PDF) er ikke gennemset af maskinen. Åbn det, og se selv efter.",
        ),
    )
    assert anonymous.get(attachment.get_absolute_url()).status_code == 404
    assert confirm(client, address, typed, refused).status_code == 303
    assert anonymous.get(attachment.get_absolute_url()).status_code == 200


def test_text_file_is_read_before_it_is_given_free(
    public_agenda: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item, "Liste", content=f"Navn;Telefon\nX;{CPR}".encode(), name="liste.csv")
    typed = typed_attachment(attachment, is_public="on")
    refused = as_user(secretary).post(f"{attachment.get_absolute_url()}ret/", typed)
    assert refused.context["form"].precheck.warnings == (f"Punkt 1, bilag 1, indhold: {SHOWN}",)


def test_flag_after_closing_is_looked_through_too(
    public_agenda: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item)
    close(public_agenda, by=secretary)
    client, address = as_user(secretary), f"{attachment.get_absolute_url()}ret/"
    refused = client.post(address, {"is_public": "on"})
    assert refused.status_code == 422
    assert confirm(client, address, {"is_public": "on"}, refused).status_code == 303


def test_attachment_that_is_not_for_the_public_is_nobody_elses_business(
    public_agenda: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    for attachment, flag in ((attach(open_item), {}), (attach(closed_item), {"is_public": "on"})):
        typed = typed_attachment(attachment, title=f"Brev til {CPR}", **flag)
        assert client.post(f"{attachment.get_absolute_url()}ret/", typed).status_code == 303


def test_new_attachment_on_a_public_agenda_is_flagged_afterwards(
    public_agenda: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    form = as_user(secretary).get(f"{open_item.get_absolute_url()}bilag/nyt/").context["form"]
    assert "is_public" not in form.fields


# --- Publishing looks through everything that becomes public with it -------------------------------


def test_publishing_looks_through_all_that_becomes_public(
    meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    for item in (open_item, closed_item):
        ItemSection.including_closed.create(item=item, position=9, kind="summary", heading="Sagsresume", text=CPR)
        Vote.including_closed.create(item=item, about=f"Om {CPR}", recorded_by=secretary)
        ProtocolNote.including_closed.create(item=item, by="A", text=f"Om {CPR}", recorded_by=secretary)
        Promise.including_closed.create(item=item, text=f"Svar til {CPR}", due_on=meeting.date, recorded_by=secretary)
        attach(item, f"Brev til {CPR}", content=CPR.encode(), name="brev.txt", is_public=True)
        attach(item, f"Kun for udvalget {CPR}")
        attach(item, "Kort", is_public=True)
    Meeting.objects.filter(pk=meeting.pk).update(cancelled=f"Syg: {CPR}", place="Egevej 12")
    document = as_user(secretary).get(f"/moeder/{meeting.pk}/offentliggoer/").context["document"]
    agenda, minutes = (document.part(key).warnings for key in ("dagsorden", "referat"))
    unread = "Punkt 1, bilag 3 (PDF) er ikke gennemset af maskinen. Åbn det, og se selv efter."
    assert agenda == (
        "Mødested: Adresse Egevej ••",
        f"Aflysning: {SHOWN}",
        f"Punkt 1, sagsresume: {SHOWN}",
        f"Punkt 1, bilag 1: {SHOWN}",
        f"Punkt 1, bilag 1, indhold: {SHOWN}",
        unread,
    )
    assert minutes == (
        *agenda[:-1],
        f"Punkt 1, afstemning: {SHOWN}",
        f"Punkt 1, protokolbemærkning: {SHOWN}",
        f"Punkt 1, løfte: {SHOWN}",
        unread,
    )


def test_minutes_bring_conditions_corrections_and_additions(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    decision: Decision = Decision.including_closed.create(
        item=open_item, category="approved", text="Godkendt.", conditions=f"Hvis {CPR}", decided_on=meeting.date,
        recorded_by=secretary,
    )  # fmt: skip
    Correction.objects.create(decision=decision, text=f"Rettes til {CPR}", recorded_by=secretary)
    close(meeting, by=secretary)
    MinutesAddition.objects.create(meeting=meeting, text=f"Og {CPR}", recorded_by=secretary)
    document = as_user(secretary).get(f"/moeder/{meeting.pk}/offentliggoer/").context["document"]
    assert document.part("referat").warnings == (
        f"Punkt 1, betingelser: {SHOWN}",
        f"Punkt 1, rettelse: {SHOWN}",
        f"Tilføjelse til referatet: {SHOWN}",
    )


def test_list_of_many_is_told_in_a_few_lines(
    meeting: Meeting, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    attach(open_item, "Liste", content=f"{CPR}\n".encode() * 500, name="liste.txt", is_public=True)
    document = as_user(secretary).get(f"/moeder/{meeting.pk}/offentliggoer/").context["document"]
    assert document.part("dagsorden").warnings[-2:] == (
        f"Punkt 1, bilag 1, indhold: {SHOWN}",
        "Punkt 1, bilag 1, indhold: CPR-nummer 495 steder mere",
    )
