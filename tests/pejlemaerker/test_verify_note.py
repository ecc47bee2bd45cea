"""Whether a file is one we issued, and what was changed in it; told to those who may know, and to nobody else."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from kit.paper import apart
from kit.paper.document import Paper
from meetings.models import Event, StoredFile, User
from pejlemaerker.documents.notes import verify
from pejlemaerker.documents.notes.issuing import stamp_of
from pejlemaerker.documents.notes.verify import Verdict, Verification
from pejlemaerker.models import GoalSet, Note, NoteFile, PaperForm
from pejlemaerker.papers import make
from tests.conftest import Login
from tests.pejlemaerker.notes import an_issued_note

WORDS = "Vi har talt med lederne."
FALSE = "Vi har aldrig talt med lederne."


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


@pytest.fixture
def note(published_goal_set: GoalSet, consultant: User) -> Note:
    return an_issued_note(published_goal_set, by=consultant, introduction=WORDS)


def file_of(note: Note, form: str) -> bytes:
    return bytes(NoteFile.objects.get(note=note, form=form).content)


def saved_anew(content: bytes, form: str) -> bytes:
    """The same file, as another program saves it."""
    if form == "html":
        return content.replace(b"</body>", b"<!-- gemt -->\n</body>")
    target = io.BytesIO()
    if form == "pdf":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pdf.save(target)
    else:
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
            for name in reversed(old.namelist()):
                new.writestr(name, old.read(name))
    return target.getvalue()


def forged(note: Note, form: str) -> bytes:
    """The same paper with other words, and the stamp of the true one."""
    true = Paper.from_data(note.paper)
    stamp = stamp_of(true, name=note.name, issued_on=note.issued_at.date(), by=note.issued_by, audience=note.audience)
    false = Paper.from_data(json.loads(json.dumps(note.paper).replace(WORDS, FALSE))).stamped(stamp)
    return make(false, form).content


# --- What is found


@pytest.mark.parametrize("form", PaperForm.values)
def test_file_is_known_again_and_every_change_is_seen(note: Note, form: str, consultant: User) -> None:
    true = file_of(note, form)
    found = [
        Verification.of(content, viewer=consultant) for content in (true, saved_anew(true, form), forged(note, form))
    ]
    assert [one.verdict for one in found] == [Verdict.ISSUED, Verdict.SAME_WORDS, Verdict.CHANGED]
    assert {one.name for one in found} == {f"Notat {note.name}"}
    first = found[2].changes[0]
    assert (first.removed, first.added, first.before.endswith("Vi har")) == ("", "aldrig", True)


def test_pages_that_look_otherwise_are_told(note: Note, consultant: User) -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(file_of(note, "pdf"))) as pdf:
        pdf.pages[0].contents_add(b"q 1 1 1 rg 0 0 600 900 re f Q")
        pdf.save(target)
    found = Verification.of(target.getvalue(), viewer=consultant)
    assert (found.verdict, "Side 1 ser anderledes ud" in found.looks) == (Verdict.SAME_WORDS, True)


def test_file_that_has_lost_its_metadata_is_found_by_its_colophon(note: Note, consultant: User) -> None:
    html = file_of(note, "html").replace(b'name="keywords"', b'name="intet"').replace(note.text_sha256.encode(), b"")
    assert Verification.of(html, viewer=consultant).verdict == Verdict.SAME_WORDS


def test_draft_is_not_issued_here(note: Note, consultant: User, as_user: Login) -> None:
    draft = as_user(consultant).get(f"/saet/{note.goal_set_id}/notat.pdf").content
    assert Verification.of(draft, viewer=consultant).verdict == Verdict.UNKNOWN


def test_correction_is_told_with_the_old(note: Note, consultant: User) -> None:
    later = an_issued_note(note.goal_set, by=consultant)  # type: ignore[arg-type]
    Note.objects.create(
        kind=note.kind, committee=note.committee, goal_set=note.goal_set, audience=note.audience, title=note.title,
        municipality=note.municipality, number_year=note.number_year, number=later.number + 1, as_of=note.as_of,
        known=note.known, paper=note.paper, corrects=note, correction_reason="Forkert tal.",
    )  # fmt: skip
    found = Verification.of(file_of(note, "pdf"), viewer=consultant)
    assert found.corrected_by
    assert found.corrected_by.name == f"{note.number_year}-{later.number + 1}"


# --- Who is told


def test_outsider_learns_number_and_day_of_the_very_file_and_nothing_of_any_other(
    note: Note, anonymous: Client, member: User, as_user: Login
) -> None:
    for client in (anonymous, as_user(member)):
        page = answer(client, file_of(note, "html")).content.decode()
        assert (f"Notat {note.name}" in page, note.title in page, "uændret" in page) == (True, False, True)
        for content in (saved_anew(file_of(note, "html"), "html"), forged(note, "html")):
            page = answer(client, content).content.decode()
            assert ("ikke udstedt her" in page, note.name in page) == (True, False)


def answer(client: Client, content: bytes, name: str = "notat.pdf") -> Any:
    return client.post("/notater/kontrol/", {"file": SimpleUploadedFile(name, content)})


# --- The page


def test_page_is_open_to_all_and_keeps_nothing(note: Note, anonymous: Client) -> None:
    before = (NoteFile.objects.count(), StoredFile.objects.count(), Event.objects.count())
    assert anonymous.get("/notater/kontrol/").status_code == 200
    assert answer(anonymous, b"%PDF-1.7 intet").status_code == 200
    assert anonymous.put("/notater/kontrol/").status_code == 405
    assert (NoteFile.objects.count(), StoredFile.objects.count(), Event.objects.count()) == before


def test_page_shows_the_words_that_were_changed(note: Note, consultant: User, as_user: Login) -> None:
    page = answer(as_user(consultant), forged(note, "html")).content.decode()
    assert ("Filen er ændret" in page, "<bdi>aldrig</bdi>" in page, note.title in page) == (True, True, True)


def test_page_asks_for_a_file_that_is_not_too_large(anonymous: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert anonymous.post("/notater/kontrol/").status_code == 422
    assert answer(anonymous, b"").status_code == 422
    monkeypatch.setattr("pejlemaerker.forms.issuing.MOST_BYTES", 10)
    refused = answer(anonymous, b"12345678901")
    assert (refused.status_code, "Filen fylder 11 bytes" in refused.content.decode()) == (422, True)


def test_who_tries_many_files_has_to_wait_but_not_for_an_issued_one(
    early_in_the_hour: None, note: Note, anonymous: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "about", lambda content: apart.Told("html", ""))
    statuses = [answer(anonymous, f"fil {number}".encode()).status_code for number in range(21)]
    assert statuses == [200] * 20 + [429]
    late = answer(anonymous, b"fil")
    assert (late.status_code, int(late.headers["Retry-After"]) > 0) == (429, True)
    assert answer(anonymous, file_of(note, "html")).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"\x00" * 100_000, b"%PDF-1.7\n" + b"1 0 obj<</Type/Page/Parent 1 0 R>>endobj " * 5000, b"PK\x03\x04" * 1000,
        b"<html>" + b"<div>" * 200_000, b"<!doctype html><html>" + b"notat 2026-1 " * 500_000,
        b"<html>" + b"0" * 64 + b" Notat 9999-999999 Notat 0000-0",
    ],
    ids=["zeros", "circle", "zip", "deep", "long", "numbers"],
)  # fmt: skip
def test_hostile_file_is_answered(content: bytes, note: Note, anonymous: Client) -> None:
    assert answer(anonymous, content).status_code == 200


# --- The command


def test_command_answers_in_words_and_by_its_exit_code(
    note: Note, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    true = file_of(note, "html")
    for content, code, words in [
        (true, 0, f"Filen er udstedt her og er uændret. Notat {note.name}, udstedt "),
        (saved_anew(true, "html"), 3, "ordene er de samme"),
        (forged(note, "html"), 4, "[+aldrig+]"),
        (b"<html>Noget andet", 5, "ikke udstedt her"),
        (b"%PDF-1.7", 6, "i stykker"),
    ]:
        file = tmp_path / "fil"
        file.write_bytes(content)
        assert (exit_code(str(file)), words in capsys.readouterr().out) == (code, True), words


def exit_code(*args: str) -> int:
    try:
        call_command("verify_note", *args)
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def test_command_answers_as_data(note: Note, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notat.pdf"
    file.write_bytes(file_of(note, "pdf"))
    assert exit_code(str(file), "--json") == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["number"], told["text_sha256"]) == ("issued", note.name, note.text_sha256)


def test_command_says_when_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="kan ikke åbnes"):
        call_command("verify_note", str(tmp_path / "intet.pdf"))


def test_page_does_not_speak_of_saving(anonymous: Client) -> None:
    asked = anonymous.post("/notater/kontrol/").content.decode()
    assert "før filen kan kontrolleres" in asked
    assert "før det kan gemmes" not in asked
