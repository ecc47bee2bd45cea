"""Attachments: laid on, changed, given to those who may see them and to nobody else."""

from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client, override_settings

from meetings.documents.attachments import attachment_lines, attachments_of_meeting
from meetings.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Closing,
    Dispatch,
    Meeting,
    Membership,
    Person,
    StoredFile,
    User,
)
from meetings.permissions import item_for
from tests.conftest import BEGINNING, CANARY, Login, decide

PDF = b"%PDF-1.7\nBudget"


def attach(item: AgendaItem, title: str = "Budget 2023", *, content: bytes = PDF, name: str = "budget.pdf",
           is_public: bool = False) -> Attachment:  # fmt: skip
    """An attachment as somebody has laid it on."""
    file, _ = StoredFile.objects.get_or_create(
        sha256=sha256(content).hexdigest(), defaults={"content": content, "size": len(content)}
    )
    attachment: Attachment = Attachment.including_closed.create(
        item=item, position=Attachment.including_closed.filter(item=item).count() + 1, title=title, file=file,
        file_name=name, is_public=is_public,
    )  # fmt: skip
    return attachment


def upload(name: str = "budget.pdf", content: bytes = PDF, **typed: Any) -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content), "title": "Budget 2023", "doc_no": "175905/22",
            "nonce": str(uuid4())} | typed  # fmt: skip


@pytest.fixture
def new(open_item: AgendaItem) -> str:
    return f"{open_item.get_absolute_url()}bilag/nyt/"


def close(meeting: Meeting, *, by: User) -> None:
    """Decide what is left, let somebody be present, and close."""
    for item in AgendaItem.including_closed.filter(meeting=meeting, decisions=None):
        decide(item, "noted", "Taget til efterretning.", by=by)
    person = Person.objects.create(municipality=meeting.committee.municipality, name="Tove Tilstede")
    Membership.objects.create(committee=meeting.committee, person=person, party="A", valid_from=BEGINNING)
    Attendance.objects.create(meeting=meeting, person=person, state="present")
    Closing.objects.create(meeting=meeting, closed_by=by)


# --- Access ---------------------------------------------------------------------------------------


def test_attachment_is_given_to_those_who_may_see_it(
    published_meeting: Meeting, open_item: AgendaItem, anonymous: Client, other_member: User, member: User,
    secretary: User, as_user: Login,
) -> None:  # fmt: skip
    clients = (anonymous, as_user(other_member), as_user(member), as_user(secretary))
    inside, outside = attach(open_item), attach(open_item, is_public=True)
    assert [client.get(inside.get_absolute_url()).status_code for client in clients] == [404, 404, 200, 200]
    assert [client.get(outside.get_absolute_url()).status_code for client in clients] == [200, 200, 200, 200]
    assert as_user(secretary).post(inside.get_absolute_url()).status_code == 405


def test_attachment_of_a_closed_item_is_never_for_outsiders(
    published_meeting: Meeting, closed_item: AgendaItem, open_item: AgendaItem, anonymous: Client, citizen: User,
    other_member: User, consultant: User, member: User, as_user: Login,
) -> None:  # fmt: skip
    address = attach(closed_item, f"{CANARY} bilag", is_public=True).get_absolute_url()
    outsiders = [anonymous, *(as_user(user) for user in (citizen, other_member, consultant))]
    borrowed = address.replace("/punkter/2/", "/punkter/1/")
    assert [client.get(path).status_code for client in outsiders for path in (address, borrowed)] == [404] * 8
    assert as_user(member).get(address).status_code == 200


def test_attachment_pages_are_for_those_who_write_the_agenda(
    published_meeting: Meeting, open_item: AgendaItem, new: str, anonymous: Client, member: User,
    other_secretary: User, secretary: User, as_user: Login,
) -> None:  # fmt: skip
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    edit = f"{attach(open_item, is_public=True).get_absolute_url()}ret/"
    assert [client.get(new).status_code for client in clients] == [302, 403, 403, 200]
    assert [client.get(edit).status_code for client in clients] == [302, 403, 403, 200]
    assert [client.post(path, upload()).status_code for client in clients[1:3] for path in (new, edit)] == [403] * 4
    assert [as_user(secretary).delete(path).status_code for path in (new, edit)] == [405, 405]


def test_attachment_that_is_not_public_is_not_even_there_for_another_secretary(
    published_meeting: Meeting, open_item: AgendaItem, other_secretary: User, as_user: Login
) -> None:
    assert as_user(other_secretary).get(f"{attach(open_item).get_absolute_url()}ret/").status_code == 404


# --- What is given --------------------------------------------------------------------------------


@pytest.mark.asvs("V3.2.1", "V5.3.1")
def test_file_is_saved_and_never_run(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    attachment = attach(open_item, name="Børnenes løn.pdf")
    response: Any = as_user(secretary).get(attachment.get_absolute_url())
    assert b"".join(response.streaming_content) == PDF
    told = {name: response.headers[name] for name in (
        "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control",
        "Content-Length",
    )}  # fmt: skip
    assert told == {
        "Content-Type": "application/pdf",
        "Content-Disposition": (
            "attachment; filename=\"Boernenes loen.pdf\"; filename*=UTF-8''B%C3%B8rnenes%20l%C3%B8n%2Epdf"
        ),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-cache",
        "Content-Length": str(len(PDF)),
    }


def test_file_one_has_already_is_not_sent_again_but_still_asked_for(
    published_meeting: Meeting, open_item: AgendaItem, anonymous: Client
) -> None:
    attachment = attach(open_item, is_public=True)
    etag = anonymous.get(attachment.get_absolute_url()).headers["ETag"]
    again = {"If-None-Match": etag}
    assert anonymous.get(attachment.get_absolute_url(), headers=again).status_code == 304
    Attachment.including_closed.filter(pk=attachment.pk).update(is_public=False)
    assert anonymous.get(attachment.get_absolute_url(), headers=again).status_code == 404


def test_large_file_comes_whole_and_in_pieces(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    content = PDF + bytes(range(256)) * 10_000
    response: Any = as_user(secretary).get(attach(open_item, content=content).get_absolute_url())
    pieces = list(response.streaming_content)
    assert (b"".join(pieces), len(pieces)) == (content, 3)


@pytest.mark.asvs("V15.3.1")
def test_lists_never_fetch_a_file(
    open_item: AgendaItem, secretary: User, django_assert_num_queries: Any, meeting: Meeting
) -> None:
    item = item_for(secretary, meeting_id=meeting.pk, number="1")
    for count in (1, 3):
        for _ in range(count - Attachment.objects.count()):
            attach(open_item)
        with django_assert_num_queries(1) as asked:
            assert len(attachment_lines(item, viewer=secretary)) == count
        assert not any('"content"' in query["sql"] for query in asked.captured_queries)
    assert list(attachments_of_meeting(meeting, viewer=secretary)) == [open_item.pk]


def test_lines_tell_what_one_needs_to_know(
    published_meeting: Meeting, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, citizen: User
) -> None:
    attach(open_item, "Intern")
    shown = attach(open_item, "Budget", is_public=True)
    attach(closed_item, CANARY, is_public=True)
    lines = attachments_of_meeting(published_meeting, viewer=citizen)
    assert [(line.title, line.size_text, line.edit_url) for item in lines.values() for line in item] == [
        ("Budget", "PDF, 15 bytes", "")
    ]
    own = attachment_lines(open_item, viewer=secretary)
    assert [(line.title, line.is_public) for line in own] == [("Intern", False), ("Budget", True)]
    assert own[1].edit_url == f"{shown.get_absolute_url()}ret/"


# --- Laying on ------------------------------------------------------------------------------------


def test_file_is_laid_on_once_however_often_it_is_sent(
    open_item: AgendaItem, new: str, secretary: User, as_user: Login
) -> None:
    client, nonce = as_user(secretary), str(uuid4())
    answers = [client.post(new, upload(nonce=nonce)).status_code for _ in range(2)]
    attachment = Attachment.objects.get()
    assert answers == [303, 303]
    assert (attachment.title, attachment.doc_no, attachment.is_public, attachment.file_name, attachment.position) == (
        "Budget 2023", "175905/22", False, "budget.pdf", 1,
    )  # fmt: skip
    assert bytes(attachment.file.content) == PDF


def test_same_file_is_kept_once(new: str, secretary: User, as_user: Login) -> None:
    for title in ("Budget", "Samme budget"):
        as_user(secretary).post(new, upload(title=title))
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (2, 1)


def test_title_is_the_files_name_when_none_is_given(new: str, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(new, upload("../../Bilag om løn.PDF", title=""))
    attachment = Attachment.objects.get()
    assert (attachment.title, attachment.file_name) == ("Bilag om løn", "Bilag om løn.PDF")


@pytest.mark.asvs("V2.2.2")
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("side.html", b"<html>", "En fil af denne art kan ikke lægges på."),
        ("tegning.svg", b"<svg/>", "En fil af denne art kan ikke lægges på."),
        ("budget.pdf.exe", PDF, "En fil af denne art kan ikke lægges på."),
        ("budget", PDF, "En fil af denne art kan ikke lægges på."),
        ("side.pdf", b"<html>%PDF-1.7", "Indholdet er ikke det, navnet siger (pdf)."),
        ("side.txt", b"<script>alert(1)</script>", "Indholdet er ikke det, navnet siger (txt)."),
        ("tom.pdf", b"", "Filen er tom (0 bytes)."),
    ],
)
def test_file_that_is_refused_is_explained_and_the_rest_is_kept(
    name: str, content: bytes, sentence: str, new: str, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(new, upload(name, content))
    form = response.context["form"]
    assert (response.status_code, form["title"].value(), Attachment.objects.count()) == (422, "Budget 2023", 0)
    assert form.errors["file"][0].startswith(sentence)
    assert "vælg den igen" in response.content.decode()


@pytest.mark.asvs("V5.2.1")
@override_settings(UPLOAD_MAX_SIZE=100_000)
def test_file_that_is_too_large_is_refused_with_its_size(new: str, secretary: User, as_user: Login) -> None:
    typed = upload()
    typed["file"] = SimpleUploadedFile("stor.pdf", PDF + b"x" * 3_000_000)
    response = as_user(secretary).post(new, typed)
    assert response.status_code == 422
    assert response.context["form"].errors["file"][0].startswith("Filen fylder 3 MB; der er plads til 100 kB.")
    assert isinstance(response.context["form"].files["file"].file, BytesIO)  # nothing of it went to the disk


@pytest.mark.asvs("V2.3.2")
def test_several_files_at_once_are_refused(new: str, secretary: User, as_user: Login) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(2)]
    assert as_user(secretary).post(new, upload() | {"file": files}).status_code == 400


def test_missing_file_is_asked_for(new: str, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(new, {"title": "Budget"})
    assert response.context["form"].errors == {"file": ["Vælg en fil."]}


def test_file_is_asked_for_again_when_something_else_is_wrong(new: str, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(new, upload(title="x" * 201))
    assert set(response.context["form"].errors) == {"title", "file"}


# --- Changing and taking off ----------------------------------------------------------------------


def typed(attachment: Attachment, **changes: Any) -> dict[str, Any]:
    return {"title": attachment.title, "doc_no": attachment.doc_no, "place": "1", "was_title": attachment.title,
            "was_doc_no": attachment.doc_no, "was_public": str(attachment.is_public)} | changes  # fmt: skip


def test_attachment_is_renamed_and_moved(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    rows = [attach(open_item, title) for title in ("A", "B", "C")]
    response = as_user(secretary).post(f"{rows[2].get_absolute_url()}ret/", typed(rows[2], title="Ny"))
    assert response.status_code == 303
    assert [row.title for row in Attachment.objects.filter(item=open_item)] == ["Ny", "A", "B"]


def test_two_secretaries_on_one_attachment_see_both(
    open_item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item)
    address = f"{attachment.get_absolute_url()}ret/"
    as_user(second_secretary).post(address, typed(attachment, title="Den andens"))
    client = as_user(secretary)
    response = client.post(address, typed(attachment, title="Min"))
    assert (response.status_code, response.context["conflict"]["mine"], response.context["conflict"]["theirs"]) == (
        409, "Titel: Min", "Titel: Den andens",
    )  # fmt: skip
    assert Attachment.objects.get().title == "Den andens"
    again = typed(attachment, title="Min", was_title=response.context["form"]["was_title"].value())
    assert client.post(address, again).status_code == 303
    assert Attachment.objects.get().title == "Min"


def test_attachment_is_taken_off_once(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    attachment = attach(open_item)
    response = as_user(secretary).post(f"{attachment.get_absolute_url()}ret/", {"slet": "ja"})
    assert (response.status_code, Attachment.objects.count()) == (303, 0)


def test_attachment_that_was_sent_out_is_not_taken_off(
    open_item: AgendaItem, meeting: Meeting, secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item)
    Dispatch.objects.create(meeting=meeting, sent_by=secretary)
    response = as_user(secretary).post(f"{attachment.get_absolute_url()}ret/", {"slet": "ja"})
    assert (response.status_code, Attachment.objects.count()) == (422, 1)
    assert "Dagsordenen er udsendt med bilaget" in response.content.decode()


# --- After the meeting is closed ------------------------------------------------------------------


def test_after_closing_only_the_flag_may_change(
    meeting: Meeting, open_item: AgendaItem, new: str, secretary: User, as_user: Login
) -> None:
    attachment = attach(open_item)
    close(meeting, by=secretary)
    client, address = as_user(secretary), f"{attachment.get_absolute_url()}ret/"
    assert list(client.get(address).context["form"].fields) == ["is_public"]
    assert client.post(address, {"is_public": "on", "title": "Omdøbt"}).status_code == 303
    attachment.refresh_from_db()
    assert (attachment.title, attachment.is_public) == ("Budget 2023", True)
    assert client.post(address, {"slet": "ja"}).status_code == 422
    assert client.post(new, upload()).status_code == 422


@pytest.mark.parametrize("change", [{"title": "Omdøbt"}, {"position": 7}, {"file_name": "x.pdf"}])
def test_database_refuses_to_change_an_attachment_of_a_closed_meeting(
    change: dict[str, Any], meeting: Meeting, open_item: AgendaItem, secretary: User
) -> None:
    attachment = attach(open_item)
    close(meeting, by=secretary)
    with pytest.raises(IntegrityError, match="the meeting is closed"):
        Attachment.including_closed.filter(pk=attachment.pk).update(**change)


def test_database_refuses_a_new_attachment_in_a_closed_meeting(
    meeting: Meeting, open_item: AgendaItem, secretary: User
) -> None:
    close(meeting, by=secretary)
    with pytest.raises(IntegrityError, match="the meeting is closed"):
        attach(open_item)


def test_file_goes_with_the_last_attachment_that_names_it(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    first, second = attach(open_item), attach(open_item, "Samme budget")
    for attachment, left in ((first, 1), (second, 0)):
        as_user(secretary).post(f"{attachment.get_absolute_url()}ret/", {"slet": "ja"})
        assert StoredFile.objects.count() == left


def test_bytes_of_a_file_never_change(open_item: AgendaItem) -> None:
    attach(open_item)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        StoredFile.objects.update(content=b"andet")
