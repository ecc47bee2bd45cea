"""Text pasted from elsewhere (indsat tekst): what Word and mail programs put between the words is made plain; no word,
no sign and no emoji is lost.
"""

import re

# A line break by any other name: from Windows, from Word (soft, page), and the rare ones of Unicode.
_LINE_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u202f", " ")  # spaces that hold two words together
    | dict.fromkeys("\u2011\x1e", "-")  # hyphens that do, Unicode's and Word's
    | dict.fromkeys("\u00ad\x1f\u200b\u2060\ufeff", "")  # where a word may be parted, and where it may not
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Word's bullets: the signs themselves, Symbol's and Wingdings' own, and the letters that are bullets before a tab only.
_BULLET = re.compile("^([ \t]*)(?:[·•▪▫◦‣●○■□\uf0a7\uf0b7][ \t]*|[o§Øüv]\t[ \t]*)", re.MULTILINE)


def plain_text(text: str) -> str:
    """Return a text with line breaks as one character, plain spaces and hyphens, "- " before what Word lists, and
    without control characters. A character that was cut in half is put together, or shown as unreadable.
    """
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    plain = _CONTROL.sub("", _LINE_BREAK.sub("\n", whole).translate(_PLAIN))
    return _BULLET.sub(r"\1- ", plain)
