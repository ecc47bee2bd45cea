"""Et logo for the house's papers: a picture somebody hands in, checked and written anew, so that nothing comes along
but what is to be seen.
"""

import warnings
from io import BytesIO
from typing import NamedTuple

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from kit.files import size_text
from pejlemaerker.drawings import DrawingRefused, plain_drawing

LARGEST = 300_000  # bytes, as people count them
_MOST_PIXELS = 25_000_000  # a picture is unpacked in the server's memory, four bytes each
_FEWEST_PIXELS = 24  # of either side; less is a dot on paper
_SIDES = (1200, 800, 500, 300)  # pixels of the longer side: 1200 is 600 to the inch where the logo is widest
_FORMATS = {"PNG": "png", "JPEG": "jpg"}


class LogoRefused(Exception):
    """The file cannot be used as a logo; the message says why, in Danish."""


class Logo(NamedTuple):
    """A logo as it is kept: its bytes and its kind ("png", "jpg" or "svg")."""

    content: bytes
    kind: str


def checked_logo(content: bytes, *, size: int = 0) -> Logo:
    """Return the logo of a file, known by what it holds and never by its name; raises LogoRefused. `size` is that of
    the whole file, where only its beginning was read.
    """
    size = max(size, len(content))
    if size > LARGEST:
        raise LogoRefused(f"Filen fylder {size_text(size)}; et logo må fylde {size_text(LARGEST)}.")
    if content.startswith((b"\x89PNG", b"\xff\xd8\xff")):
        return _pixels(content)
    if b"<svg" in content[:20_000]:
        try:
            return Logo(plain_drawing(content), "svg")
        except DrawingRefused as refusal:
            raise LogoRefused(str(refusal)) from refusal
    raise LogoRefused("Filen er hverken PNG, JPG eller SVG. Bed om logoet i et af de tre formater.")


def _pixels(content: bytes) -> Logo:
    """Unpack a picture and write it anew: without place, camera, colour profile or hidden text."""
    broken = LogoRefused("Billedet er i stykker og kan ikke åbnes. Hent eller gem det igen.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(content), formats=tuple(_FORMATS))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise _too_large() from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise broken from problem
    if picture.width * picture.height > _MOST_PIXELS:
        raise _too_large()
    if min(picture.size) < _FEWEST_PIXELS:
        raise LogoRefused(f"Billedet er kun {picture.width} × {picture.height} punkter. Brug en større udgave.")
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for all when it is imported
    try:
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        return _written(upright, _FORMATS[picture.format or "PNG"])
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError) as problem:
        raise broken from problem


def _written(picture: Image.Image, kind: str) -> Logo:
    """Write it as small as it must be to be kept."""
    has_holes = kind == "png" and (picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info)
    plain = picture.convert("RGBA" if has_holes else "RGB")
    written = b""
    for side in _SIDES:
        plain.thumbnail((side, side), Image.Resampling.LANCZOS)
        bare = Image.new(plain.mode, plain.size)
        bare.paste(plain)
        target = BytesIO()
        if kind == "jpg":
            bare.save(target, "JPEG", quality=92, optimize=True)
        else:
            bare.save(target, "PNG", optimize=True)
        written = target.getvalue()
        if len(written) <= LARGEST:
            break
    return Logo(written, kind)


def _too_large() -> LogoRefused:
    return LogoRefused("Billedet har for mange punkter. Gem det mindre, for eksempel 1.200 punkter bredt.")
