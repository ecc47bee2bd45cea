"""Files that are what they say, and names that are safe to give back."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.files import as_download, ending, is_what_it_says, read_text, safe_name, size_text


def package(*names: str) -> bytes:
    """A zip with these files in it."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


DOCX = package("[Content_Types].xml", "word/document.xml")


def file_name(value: object) -> str:
    """A case goes by its file's name: the bytes of a package hold the time it was made."""
    return value if isinstance(value, str) else "indhold"


@pytest.mark.asvs("V5.2.2")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Budget.PDF", b"%PDF-1.7\n..."),
        ("notat.docx", DOCX),
        ("noter.txt", "Æbler på bordet".encode()),
        ("gammel.txt", "Æbler på bordet".encode("cp1252")),
        ("tal.csv", b"a;b\r\n1;2\r\n"),
        ("foto.jpg", b"\xff\xd8\xff\xe0JFIF"),
        ("skitse.png", b"\x89PNG\r\n\x1a\n...."),
        ("brev.odt", b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.text"),
    ],
    ids=file_name,
)
def test_file_is_what_it_says(name: str, content: bytes) -> None:
    assert is_what_it_says(name, io.BytesIO(content))


@pytest.mark.asvs("V5.2.2")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("side.pdf", b"<!DOCTYPE html><script>alert(1)</script>%PDF-1.7"),
        ("side.txt", b"\xef\xbb\xbf \n<HTML><body>"),
        ("tegning.txt", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("tegning.png", b"<svg/>"),
        ("program.txt", b"MZ\0\0"),
        ("makro.docx", package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("regneark.docx", package("[Content_Types].xml", "xl/workbook.xml")),
        ("zip.docx", package("ond.html")),
        ("halv.docx", DOCX[:40]),
        ("brev.odt", DOCX),
        ("foto.jpg", b"GIF89a"),
        ("tom.pdf", b""),
    ],
    ids=file_name,
)
def test_file_that_is_something_else_is_known(name: str, content: bytes) -> None:
    assert not is_what_it_says(name, io.BytesIO(content))


@pytest.mark.asvs("V5.4.1")
@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\x\\Budget.pdf", "Budget.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ('a"b\r\nX: y.pdf', "a_bX_ y.pdf"),
        ("  .htaccess ", "htaccess"),
        ("x" * 400 + ".pdf", "x" * 197 + ".pdf"),
        ("Lærernes løn.docx", "Lærernes løn.docx"),
    ],
)
def test_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.asvs("V1.3.3", "V5.3.2", "V5.4.2")
@given(st.text())
def test_no_name_can_break_out_of_a_header_or_a_folder(name: str) -> None:
    safe = safe_name(name)
    assert not set(safe) & set('/\\"<>:|?*\r\n\0')
    assert len(safe) <= 255
    header = as_download(safe)
    assert header.isascii()
    assert header.count('"') == 2
    assert "\n" not in header


@pytest.mark.asvs("V5.4.1", "V5.4.2")
def test_download_has_a_name_for_old_and_new_browsers() -> None:
    assert as_download("Børn – løn.pdf") == (
        "attachment; filename=\"Boern - loen.pdf\"; filename*=UTF-8''B%C3%B8rn%20%E2%80%93%20l%C3%B8n%2Epdf"
    )


def test_ending_and_size_are_told() -> None:
    assert [ending(name) for name in ("a.PDF", "a.pdf.exe", ".pdf", "a", "a.")] == ["pdf", "exe", "", "", ""]
    assert [size_text(n) for n in (12, 340_400, 999_499, 1_200_000, 25_000_000)] == [
        "12 bytes", "340 kB", "999 kB", "1,2 MB", "25 MB",
    ]  # fmt: skip


@given(st.binary())
def test_any_bytes_are_text_or_not(content: bytes) -> None:
    assert isinstance(read_text(content), str | None)
