"""What the papers' fonts can draw. The rest is told in words, "[emoji]" or "[tegn U+05D0]": a sign no font can draw
would make the paper invalid, and leaving it out in silence would change what it says.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from kit.static_files import static_file

# The weights that css/print.css uses; a sign must be in all of them.
FONTS = tuple(
    f"dkfds/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-{weight}.woff2" for weight in ("Light", "Regular", "SemiBold")
)

# What neither HTML, XMP nor a font can carry; a text pasted from elsewhere may hold it.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Signs that turn the order of a line around, so that it reads otherwise than it is written.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Signs that are not seen and only say how others are joined or broken. A soft hyphen would be heard where a line ends.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]")
_PICTURE = "[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
_JOINED = "[\u200d\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
_EMOJI = re.compile(f"{_PICTURE}(?:{_JOINED}|{_PICTURE})*")
_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
_LETTERS_WITH_MARKS = re.compile("[^\\W\\d_][\u0300-\u036f]+")
# Signs for which the fonts have another of the same meaning.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2043", "-"),
        "\u2012": "–",
        "\u2015": "—",
        **dict.fromkeys("\u2007\u202f", "\u00a0"),
        **dict.fromkeys("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u205f\u3000\u2028\u2029", " "),
        **dict.fromkeys("\u2023\u25aa\u25ab\u25cf\u25e6\u25a0\u25a1\u25cb\u2219\uf0b7", "•"),
        "\u2714": "✓",
        "\u201b": "‘",
        "\u201f": "“",
    }
)


def printable(text: str) -> str:
    """Take out what no form can carry, and tell what turns a line around: enough where the reader has own fonts."""
    return _TURNING.sub(_tell_each, _UNPRINTABLE.sub("", text))


def drawable(text: str) -> str:
    """Tell in words what the papers' fonts cannot draw; `text` may be HTML, whose marks are left as they are."""
    # Letter by letter: a mark after a tag must not melt together with its bracket.
    text = _LETTERS_WITH_MARKS.sub(lambda found: unicodedata.normalize("NFC", found[0]), printable(text))
    if not _beyond_fonts().search(text):
        return text
    text = _KEYCAP.sub(r"\1", text).translate(_ALIKE)
    text = _EMOJI.sub(_tell_picture, text)
    return _beyond_fonts().sub(_tell, _INVISIBLE.sub("", text))


@cache
def signs() -> frozenset[int]:
    """The signs that every one of the fonts can draw. Private signs are none: nobody could say what they mean."""
    charted = [_charted(static_file(name)) for name in FONTS]
    return frozenset(sign for sign in frozenset.intersection(*charted) if unicodedata.category(chr(sign)) not in _NOT)


def _charted(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


_NOT = ("Cc", "Cf", "Co", "Cn")


@cache
def _beyond_fonts() -> re.Pattern[str]:
    drawn = "".join(re.escape(chr(sign)) for sign in sorted(signs()))
    return re.compile(f"[^\t\n\r{drawn}]+")


def _tell_picture(found: re.Match[str]) -> str:
    """Leave what the fonts can draw (a tick, an arrow); tell the rest once, however many stand in a row."""
    known = signs()
    return found[0] if all(ord(sign) in known for sign in found[0]) else "[emoji]"


def _tell(found: re.Match[str]) -> str:
    return "[tegn {}]".format(" ".join(f"U+{ord(sign):04X}" for sign in found[0]))


def _tell_each(found: re.Match[str]) -> str:
    return f"[tegn U+{ord(found[0]):04X}]"
