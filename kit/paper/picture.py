"""Tegninger som billeder: our own drawings (SVG) as PNG, for the forms that cannot hold a drawing.

They are set by the same engine and in the same fonts as the PDF, all drawings of a paper in one run.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from xml.parsers import expat

import pypdfium2
from PIL import Image

from kit.pdf import PaperError, render_pdf

_FONTS = ("css/print.css",)
_EMU_A_PX = 9525  # English Metric Units in a CSS pixel, as Word measures
_SCALE = 2.5  # 240 dots an inch
_HEAVIEST = 200_000  # bytes
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_LARGEST = 900  # CSS pixels, half as much again as a page is wide; a drawing that says it is larger is drawn smaller

# PDFium is not made for two threads at once.
_pdfium = threading.Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """Et billede: PNG, and how large it wants to be (EMU)."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Logo:
    """Et logo: its bytes, and whether they are "png", "jpg" or "svg"."""

    content: bytes
    type: str


def pictures_of(drawings: Sequence[str]) -> tuple[Picture, ...]:
    """Draw SVG markup of our own as PNG, crisp on paper and at most 200 kB each."""
    return _drawn([(drawing, _size(drawing)) for drawing in drawings], images={})


def logo_picture(logo: Logo) -> Picture | None:
    """Make the house's logo a picture; None where its file cannot be read."""
    try:
        if logo.type == "svg":
            expat.ParserCreate().Parse(logo.content, True)  # else the engine leaves a hole where it should stand
            size = _size(logo.content.decode())
            return _drawn([('<img src="logo" alt="Logo">', size)], images={"logo": logo.content})[0]
        with Image.open(BytesIO(logo.content), formats=("PNG", "JPEG")) as image:
            image.load()
            size = (image.width, image.height)
            return _picture(image.convert("RGBA" if image.has_transparency_data else "RGB"), size)
    except (PaperError, expat.ExpatError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _drawn(drawings: Sequence[tuple[str, tuple[float, float]]], *, images: Mapping[str, bytes]) -> tuple[Picture, ...]:
    """Set each drawing on a page of its own size, and take a picture of every page."""
    if not drawings:
        return ()
    pages = "".join(
        f"@page d{number} {{ size: {width}px {height}px; margin: 0; @top-left {{ content: none }}"
        f" @top-right {{ content: none }} @bottom-left {{ content: none }} }}"
        f" .d{number} {{ page: d{number}; break-after: page }}"
        f" .d{number} > * {{ display: block; width: {width}px; height: {height}px }}"
        for number, (_, (width, height)) in enumerate(drawings)
    )
    content = "".join(f'<div class="d{number}">{drawing}</div>' for number, (drawing, _) in enumerate(drawings))
    html = (
        f'<!doctype html><html lang="da"><head><title>Tegninger</title><style>body {{ margin: 0 }} {pages}</style>'
        f"</head><body>{content}</body></html>"
    )
    pdf = render_pdf(html, created=_NO_DAY, stylesheets=_FONTS, images=images)
    with _pdfium, pypdfium2.PdfDocument(pdf) as document:
        shots = [
            document[number].render(scale=_SCALE / 0.75).to_pil().convert("RGB") for number in range(len(drawings))
        ]
    return tuple(_picture(shot, size) for shot, (_, size) in zip(shots, drawings, strict=True))


def _size(drawing: str) -> tuple[float, float]:
    """How large a drawing is, in CSS pixels."""
    start = drawing.index("<svg")
    tag = drawing[start : drawing.find(">", start) + 1]
    box = re.search(r'viewBox="\s*[-\d.eE]+[\s,]+[-\d.eE]+[\s,]+([\d.]+)[\s,]+([\d.]+)\s*"', tag)
    named = [re.search(rf'\s{side}="([\d.]+)(?:px)?"', tag) for side in ("width", "height")]
    found = box.groups() if box else tuple(one[1] for one in named if one)
    width, height = (float(one) for one in found) if len(found) == 2 else (300.0, 150.0)
    if not (width > 0 and height > 0):
        raise ValueError("a drawing without size")
    scale = min(1.0, _LARGEST / max(width, height))
    return width * scale, height * scale


def _picture(image: Image.Image, size: tuple[float, float]) -> Picture:
    width, height = size
    return Picture(_png(image), round(width * _EMU_A_PX), round(height * _EMU_A_PX))


def _png(image: Image.Image) -> bytes:
    """Write it as PNG, with fewer colours and then fewer dots until it is light enough."""
    written = _written(image if image.mode == "RGBA" else image.quantize(128))
    while len(written) > _HEAVIEST and min(image.size) > 40:
        image = image.resize((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
        written = _written(image if image.mode == "RGBA" else image.quantize(128))
    return written


def _written(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()
