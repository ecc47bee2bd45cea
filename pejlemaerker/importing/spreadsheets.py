"""A spreadsheet's file as lines of text, as one would copy them out of it. No formula is worked out and no macro run.

Pure functions, and never an exception but Unreadable, whose words are for the one who chose the file.
"""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from pejlemaerker.importing.measurements import MOST_ROWS

LARGEST_FILE = 1_000_000  # bytes
_LARGEST_UNPACKED = 20_000_000
_MOST_PARTS = 200
_MOST_COLUMNS = 20
_DECIMALS = Decimal("0.0001")


class Unreadable(Exception):
    """The file cannot be read; the message says why, in Danish."""


def text_of_file(content: bytes) -> str:
    """Read a CSV file (UTF-8, UTF-16 or Windows-1252) or the first sheet of a workbook (.xlsx)."""
    if len(content) > LARGEST_FILE:
        raise Unreadable("Filen er for stor. Den kan højst fylde 1 MB.")
    if content.startswith(b"PK"):
        return _text_of_workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("Filen er et gammelt regneark (.xls) eller beskyttet. Gem den som .xlsx uden kode.")
    return decoded(content)


def decoded(content: bytes) -> str:
    """Decode a text file; what is neither marked otherwise nor UTF-8 comes from Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _text_of_workbook(content: bytes) -> str:
    try:
        _look_inside(content)
        return "\n".join(_lines(content))
    except Unreadable:
        raise
    except Exception as error:  # a damaged or crafted file can make openpyxl raise anything
        raise Unreadable("Filen kan ikke læses som et regneark (.xlsx).") from error


def _look_inside(content: bytes) -> None:
    """Refuse what would unpack to something huge: zipfile reads no part further than the size it is listed with."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise Unreadable("Regnearket er for stort. Kopiér kun de kolonner, der skal bruges, til et nyt.")
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise Unreadable("Filen er ikke et regneark (.xlsx).")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unreadable("Regnearket har makroer. Gem det som .xlsx uden makroer.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                # Entities can make a small text huge; a spreadsheet has none.
                text = archive.read(part).replace(b"\0", b"")
                if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                    raise Unreadable("Filen kan ikke læses som et regneark (.xlsx).")


def _lines(content: bytes) -> Iterable[str]:
    workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = workbook.worksheets
        if not sheets:
            raise Unreadable("Regnearket har ingen ark med tal.")
        # One line more than can be read, so that too many are told of, and none is left out unseen.
        for row in sheets[0].iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS):
            yield "\t".join(_cell(cell) for cell in row).rstrip("\t")
    finally:
        workbook.close()


def _cell(cell: Any) -> str:
    """Write a cell as it is shown: a day as a day, a share of 0.82 shown in percent as 82 %."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "sand" if value else "falsk"
    if isinstance(value, int | float):
        return _number(Decimal(str(value)), is_percent="%" in (cell.number_format or ""))
    return " ".join(str(value).replace('"', "”").split())


def _number(value: Decimal, *, is_percent: bool) -> str:
    """Write a number in Danish, without the tail that binary fractions have."""
    shown = (value * 100 if is_percent else value).quantize(_DECIMALS).normalize()
    return f"{shown:f}".replace(".", ",") + (" %" if is_percent else "")
