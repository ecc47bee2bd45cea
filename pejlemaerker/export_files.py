"""Udtrækket som filer: one JSON document, or a ZIP of CSV tables that Danish Excel opens as they are."""

import csv
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings

from pejlemaerker.documents.export import ExportDocument
from pejlemaerker.documents.export_tables import TABLES

_FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # so that the same rows are the same bytes
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def licence_note(export: ExportDocument) -> str:
    """What one may do with the data; what only insiders see is theirs to keep."""
    if export.is_internal:
        return (
            "Dette udtræk er lavet af en, der var logget ind, og kan rumme mere end det, der er offentliggjort. "
            f"Licensen ({settings.DATA_LICENCE}) gælder kun det offentliggjorte; hent det uden at være logget ind."
        )
    return f"Data må bruges efter {settings.DATA_LICENCE}, {settings.DATA_LICENCE_URL}. Angiv kommunen som kilde."


def as_json(export: ExportDocument) -> bytes:
    """One document: the day, the licence, and each table as a list of objects."""
    document: dict[str, Any] = {
        "as_of": export.at.on,
        "known": export.at.known,
        "audience": "internal" if export.is_internal else "public",
        "licence": {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL, "note": licence_note(export)},
    }
    return json.dumps(document | export.tables, ensure_ascii=False, indent=1, default=_json_value).encode()


def _json_value(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"{type(value)} has no place in an export")


def as_zip(export: ExportDocument) -> bytes:
    """A CSV file for each table (UTF-8 with a byte order mark, semicolons, decimal comma), and the licence."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            keys = [field.key for field in table.fields]
            _add(archive, f"{table.key}.csv", csv_of(keys, export.tables[table.key]))
        _add(archive, "LICENS.txt", f"{licence_note(export)}\r\nSom det var {export.at.on.isoformat()}.\r\n")
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _FIRST_DAY_OF_ZIP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode("utf-8-sig"))


def csv_of(keys: list[str], rows: list[dict[str, Any]]) -> str:
    """A table that Danish Excel opens as it is."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(keys)
    writer.writerows([_cell(row[key]) for key in keys] for row in rows)
    return written.getvalue()


def _cell(value: Any) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}".replace(".", ",")
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
