"""Sætninger: what a leader wrote, cut into the pieces that one quotes, each word for word."""

import re

_END = re.compile(r"(?<=[.!?…])[\"”»)]*\s+(?=[\"”»(–-]?\s?[A-ZÆØÅ0-9])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:bl\.a|f\.eks|feks|d\.v\.s|dvs|m\.m|m\.fl|m\.v|o\.l|osv|etc|ca|jf|kl|nr|pct|pkt|inkl|ekskl|evt|fx|hhv|mv|mfl"
    r"|pga|pr|vedr|stk|tlf|kr|d)|\b\d{1,2})\.$",
    re.IGNORECASE,
)


def sentences_of(text: str) -> tuple[str, ...]:
    """Cut a text into sentences, not after "f.eks." or "3. maj"; a line without a full stop is one of its own."""
    return tuple(sentence for line in text.splitlines() for sentence in _in_line(line))


def _in_line(line: str) -> list[str]:
    """The line's sentences as they stand there: what was not an end is kept with all between."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(line):
        piece = line[start : match.end()].strip()
        if not _ABBREVIATION.search(piece[-12:]):
            found.append(piece)
            start = match.end()
    return [piece for piece in (*found, line[start:].strip()) if piece]
