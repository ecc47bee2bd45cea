"""Husets skabelon: who writes it, what it refuses, and that papers wear the letterhead of their own day."""

from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import page
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from PIL import Image

from meetings.models import Event, Municipality, User
from pejlemaerker.documents.notes.making import paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import AsOf, GoalSet, NoteTemplate
from pejlemaerker.papers import make
from tests.conftest import Login
from tests.kit.test_pdf import failures, text_of

ADDRESS = "/organisation/hvidovre/notatskabelon/"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "note_word": "NOTAT", "sender": "Center for Børn", "address": "Hvidovrevej 278\r\n\r\n2650 Hvidovre",
        "case_label": "Sagsnr.", "doc_label": "Doknr.", "date_label": "Dato", "signature": "Anne Chef\r\nDirektør",
        "accent": "8A1538", "logo_alt": "", "shown": "0", "nonce": str(uuid4()),
    } | changes  # fmt: skip


def png() -> SimpleUploadedFile:
    target = BytesIO()
    Image.new("RGB", (200, 80), 120).save(target, "PNG")
    return SimpleUploadedFile("logo.png", target.getvalue())


@pytest.fixture
def client(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


def test_template_is_for_those_who_keep_the_organisation(
    anonymous: Client, secretary: User, administrator: User, as_user: Login
) -> None:
    assert anonymous.get(ADDRESS).status_code == 302
    assert as_user(secretary).get(ADDRESS).status_code == 403
    assert as_user(secretary).post(ADDRESS, typed()).status_code == 403
    assert as_user(administrator).get(ADDRESS).status_code == 200
    assert as_user(administrator).put(ADDRESS).status_code == 405
    assert as_user(administrator).get("/organisation/findes-ikke/notatskabelon/").status_code == 404


def test_template_is_saved_as_a_version(client: Client, administrator: User) -> None:
    assert client.post(ADDRESS, typed(logo=png())).status_code == 303
    saved = NoteTemplate.objects.get()
    assert (saved.version, saved.accent, saved.address, saved.signature, saved.logo_type, saved.logo_alt) == (
        1, "#8a1538", "Hvidovrevej 278\n2650 Hvidovre", "Anne Chef\nDirektør", "png", "Hvidovre Kommunes logo",
    )  # fmt: skip
    assert saved.made_by == administrator
    assert Event.objects.filter(action="note_template_changed", target_pk=saved.pk).count() == 1


def test_next_version_keeps_the_logo_until_it_is_taken_off(client: Client) -> None:
    client.post(ADDRESS, typed(logo=png()))
    client.post(ADDRESS, typed(shown="1", sender="Center for Skole"))
    client.post(ADDRESS, typed(shown="2", drops_logo="on"))
    told = [(one.version, one.sender, one.logo_type, one.logo_alt) for one in NoteTemplate.objects.order_by("version")]
    assert told == [
        (1, "Center for Børn", "png", "Hvidovre Kommunes logo"),
        (2, "Center for Skole", "png", "Hvidovre Kommunes logo"),
        (3, "Center for Børn", "", ""),
    ]
    assert "Ændret: afsenderen og logoet" in client.get(ADDRESS).content.decode()


def test_same_template_again_makes_no_version(client: Client) -> None:
    once = typed(logo=SimpleUploadedFile("logo.svg", SVG))
    client.post(ADDRESS, once)
    client.post(ADDRESS, once | {"logo": SimpleUploadedFile("logo.svg", SVG)})  # pressed twice
    told = client.post(ADDRESS, typed(shown="1"), follow=True)
    assert "Skabelonen er, som den var." in told.content.decode()
    assert NoteTemplate.objects.count() == 1


def test_two_at_once_see_both_templates(client: Client) -> None:
    client.post(ADDRESS, typed(sender="Min afsender"))
    answer = client.post(ADDRESS, typed(sender="Din afsender"))
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Afsender: Din afsender" in text
    assert "Afsender: Min afsender" in text
    assert 'name="shown" value="1"' in text
    assert NoteTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"accent": "#ffcc00"}, "kontrasten er 1,5, og der skal være 4,5. Den samme farve, mørk nok, er #8e7200."),
        ({"accent": "#777777"}, "Farven er for lys til at læse på hvidt papir: kontrasten er 4,4"),
        ({"accent": "rød"}, "Skriv farven som # og seks tegn"),
        ({"accent": "red;} body{"}, "Skriv farven som # og seks tegn"),
        ({"accent": ""}, "Skriv en farve, for eksempel #1f4e79."),
        ({"note_word": ""}, "Skriv et ord, for eksempel NOTAT."),
        ({"address": "\n".join("abcdefghijkl")}, "Der er 12 linjer; der er plads til 8."),
        ({"signature": "x" * 61}, "En linje må højst være 60 tegn."),
        ({"logo": SimpleUploadedFile("logo.png", b"ikke et billede")}, "hverken PNG, JPG eller SVG"),
        ({"logo": SimpleUploadedFile("a.svg", SVG.replace(b"<path", b"<script/><path"))}, "indeholder et script"),
        ({"logo": SimpleUploadedFile("a.png", b"\x89PNG" + b"\0" * 400_000)}, "Filen fylder 400 kB"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_and_kept_in_the_form(
    changes: dict[str, Any], told: str, client: Client
) -> None:
    answer = client.post(ADDRESS, typed(**changes))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Center for Børn" in answer.content.decode()
    assert NoteTemplate.objects.count() == 0


@pytest.mark.parametrize("colour", ["#767676", "1F4E79", "#a00"])
def test_colour_that_can_be_read_is_taken(colour: str, client: Client) -> None:
    assert client.post(ADDRESS, typed(accent=colour)).status_code == 303


def test_unreadable_colour_is_kept_out_past_the_form(municipality: Municipality) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        NoteTemplate.objects.create(municipality=municipality, version=1, accent="url(//x)")


def test_picture_of_the_letterhead_shows_what_holds(client: Client, published_goal_set: GoalSet) -> None:
    client.post(ADDRESS, typed(logo=SimpleUploadedFile("logo.svg", SVG)))
    text = client.get(ADDRESS).content.decode()
    assert 'data-letterhead="#8a1538"' in text
    assert "<p>2650 Hvidovre</p>" in text
    assert 'src="data:image/svg+xml;base64,' in text
    assert f'href="/saet/{published_goal_set.pk}/notat.pdf"' in text
    refused = client.post(ADDRESS, typed(shown="1", accent="#ffcc00", sender="Ny")).content.decode()
    assert 'data-letterhead="#8a1538"' in refused
    assert "<p>Ny</p>" in refused


def test_page_asks_as_much_with_one_version_as_with_three(client: Client, django_assert_num_queries: Any) -> None:
    for shown in range(3):
        client.post(ADDRESS, typed(shown=str(shown), sender=f"Center {shown}"))
        client.get(ADDRESS)  # takes the message away that it was saved
        if shown in (0, 2):
            with django_assert_num_queries(8):
                client.get(ADDRESS)


def test_paper_wears_the_letterhead_of_its_day(published_goal_set: GoalSet, municipality: Municipality) -> None:
    days = [date(2023, 3, 1), date(2024, 3, 1)]
    for version, day in enumerate(days, start=1):
        with time_machine.travel(day):
            NoteTemplate.objects.create(
                municipality=municipality, version=version, note_word=f"NOTAT {version}", address=f"Vej {version}",
                accent="#8a1538", logo=SVG, logo_type="svg", signature="Anne Chef\n\nBo Chef",
            )  # fmt: skip
    subject = Subject.of_set(published_goal_set)
    papers = [paper_of(subject, audience="public", at=AsOf.day(day)) for day in (date(2022, 12, 1), *days)]
    assert [(one.word, one.letterhead.address) for one in papers] == [
        ("NOTAT", ()), ("NOTAT 1", ("Vej 1",)), ("NOTAT 2", ("Vej 2",)),
    ]  # fmt: skip


@pytest.mark.parametrize("logo", ["svg", "png", ""])
def test_paper_with_logo_and_signature_is_valid(
    logo: str, published_goal_set: GoalSet, municipality: Municipality
) -> None:
    content = {"svg": SVG, "png": png().read(), "": None}[logo]
    NoteTemplate.objects.create(
        municipality=municipality, version=1, logo=content, logo_type=logo, logo_alt="", accent="#8a1538",
        signature="Med venlig hilsen\n\nAnne Chef\nDirektør\n\nBo Chef", made_at="2022-01-01T12:00Z",
    )  # fmt: skip
    subject, at = Subject.of_set(published_goal_set), AsOf.now()
    pdf = make(paper_of(subject, audience="public", at=at), "pdf", house=template_of(subject, at)).content
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A):
        assert failures(pdf, profile) == []
    assert "Anne Chef" in text_of(pdf)


def test_template_with_nothing_in_it_gives_a_good_paper(
    published_goal_set: GoalSet, municipality: Municipality
) -> None:
    NoteTemplate.objects.create(
        municipality=municipality, version=1, note_word="", case_label="", doc_label="", date_label="",
        logo=b"ikke et billede", logo_type="png", made_at="2022-01-01T12:00Z",
    )  # fmt: skip
    subject, at = Subject.of_set(published_goal_set), AsOf.now()
    pdf = make(paper_of(subject, audience="public", at=at), "pdf", house=template_of(subject, at)).content
    text = text_of(pdf)
    assert failures(pdf, page.ValidationProfile.PDF_UA_1) == []
    assert text.startswith("Status på de politiske")
    assert "\n: " not in text


def test_template_is_never_changed(client: Client) -> None:
    client.post(ADDRESS, typed())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE pejlemaerker_notetemplate SET sender = 'En anden'")
