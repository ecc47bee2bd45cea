"""Files that people hand in: which kinds, whether the content is what the name says, and a name that is safe to give
back.

The kinds are those a browser cannot run: no HTML, no SVG, no macros.
"""

import unicodedata
import zipfile
from typing import BinaryIO, NamedTuple

_OFFICE = "application/vnd.openxmlformats-officedocument."
_MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<!--", "<iframe", "<body", "<head")
_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "–": "-", "—": "-"})


class Kind(NamedTuple):
    """One kind of file: what it is served as, and what its content begins with or holds."""

    label: str
    mime: str
    begins: tuple[bytes, ...] = ()
    part: str = ""  # a folder that must be in the package
    declares: bytes = b""  # what an OpenDocument file says of itself


KINDS: dict[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", (b"%PDF-",)),
    "docx": Kind("Word", f"{_OFFICE}wordprocessingml.document", (b"PK\x03\x04",), part="word/"),
    "xlsx": Kind("Excel", f"{_OFFICE}spreadsheetml.sheet", (b"PK\x03\x04",), part="xl/"),
    "pptx": Kind("PowerPoint", f"{_OFFICE}presentationml.presentation", (b"PK\x03\x04",), part="ppt/"),
    "odt": Kind("OpenDocument-tekst", "application/vnd.oasis.opendocument.text", (b"PK\x03\x04",),
                declares=b"application/vnd.oasis.opendocument.text"),
    "ods": Kind("OpenDocument-regneark", "application/vnd.oasis.opendocument.spreadsheet", (b"PK\x03\x04",),
                declares=b"application/vnd.oasis.opendocument.spreadsheet"),
    "txt": Kind("Tekst", "text/plain; charset=utf-8"),
    "csv": Kind("CSV", "text/csv; charset=utf-8"),
    "png": Kind("PNG", "image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": Kind("JPG", "image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": Kind("JPG", "image/jpeg", (b"\xff\xd8\xff",)),
}  # fmt: skip
TEXTS = frozenset({"txt", "csv"})


def ending(name: str) -> str:
    """What a file's name says it is: "pdf" of "Budget.PDF"."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if stem and dot else ""


def safe_name(name: str) -> str:
    """A name that can stand in a header, in a list and on any disk: no folders, no invisible or turning signs."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if sign.isspace() else sign for sign in last if unicodedata.category(sign)[0] != "C")
    plain = "".join("_" if sign in '<>:"|?*' else sign for sign in visible).strip(" .")
    stem, dot, last = plain.rpartition(".")
    return f"{stem.strip()[: 200 - len(last)]}{dot}{last}" if stem and len(last) <= 5 else plain[:200]


def is_what_it_says(name: str, content: BinaryIO) -> bool:
    """Whether the content is of the kind that the name promises."""
    kind = KINDS[ending(name)]
    content.seek(0)
    head = content.read(1024)
    if not kind.begins:
        content.seek(0)
        text = read_text(content.read())
        return text is not None and not text.lstrip("\ufeff \t\r\n").lower().startswith(_MARKUP)
    if not head.startswith(kind.begins):
        return False
    if kind.declares:  # OpenDocument 1.2, part 3, § 3.3: "mimetype" is the first entry and not compressed
        return head[30:].startswith(b"mimetype" + kind.declares)
    return not kind.part or _is_package(content, kind.part)


def _is_package(content: BinaryIO, part: str) -> bool:
    """Whether it is an Office package with the part in question and without macros."""
    content.seek(0)
    try:
        names = zipfile.ZipFile(content).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(part) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )


def read_text(content: bytes) -> str | None:
    """Read a text in UTF-8, or in the encoding Danish Windows writes; None where it is no text at all."""
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            return None


def size_text(size: int) -> str:
    """1,2 MB · 340 kB · 12 bytes."""
    if size < 1000:
        return f"{size} bytes"
    if size < 999_500:
        return f"{size / 1000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".0 ", " ").replace(".", ",")


def as_download(name: str) -> str:
    """The Content-Disposition that makes a browser save a file under this name: in ASCII for the old, in UTF-8 for the
    rest (RFC 6266).
    """
    plain = unicodedata.normalize("NFKD", name.translate(_ASCII)).encode("ascii", "ignore").decode()
    plain = "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in plain).strip() or "bilag"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{_percent(name)}"


def _percent(name: str) -> str:
    """RFC 5987: every byte but the plainest as %XX."""
    return "".join(chr(b) if chr(b).isalnum() and b < 128 else f"%{b:02X}" for b in name.encode("utf-8", "ignore"))
