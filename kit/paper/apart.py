"""Files of strangers, read in a process of their own: it has little time and memory, no settings and no database, and
when a file breaks it, nothing else is broken.
"""

import json
import resource
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from kit.paper.comparing import Change, Compared, compare
from kit.paper.faults import PaperBusy
from kit.paper.kinds import read
from kit.paper.reading import Unreadable

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 10  # of computing
_WAIT = 20  # seconds in all
_MEMORY = 1_200_000_000  # bytes
_AT_ONCE = threading.BoundedSemaphore(2)  # of this server process; the pages need the other cores
_QUEUE = 10  # seconds to wait for one's turn


class Told(NamedTuple):
    """What a file says: its form, and its metadata and all its words, one after the other."""

    form: str
    text: str


def about(content: bytes) -> Told:
    """Read a file. Raises Unreadable and PaperBusy."""
    return Told(**_ask(content))


def compared(issued: bytes, other: bytes) -> Compared:
    """Hold a file up against the one that was issued. Raises Unreadable and PaperBusy."""
    told = _ask(issued, other)
    changes = tuple(Change(*one) for one in told.pop("changes"))
    return Compared(**{**told, "changes": changes, "pages": tuple(told["pages"])})


def _ask(*files: bytes) -> dict[str, Any]:
    if not _AT_ONCE.acquire(timeout=_QUEUE):
        raise PaperBusy
    try:
        # Without an environment: whoever takes the process over finds no key in it.
        done = subprocess.run(
            [sys.executable, "-s", "-m", "kit.paper.apart", *(str(len(file)) for file in files)],
            input=b"".join(files), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_WAIT, cwd=_ROOT, env={},
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise Unreadable("Filen kunne ikke læses i tide.") from late
    finally:
        _AT_ONCE.release()
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError as broken:  # it was stopped at one of its limits
        raise Unreadable("Filen kunne ikke læses.") from broken
    if "unreadable" in told:
        raise Unreadable(told["unreadable"])
    return told


# --- In the other process ---------------------------------------------------------------------------------------------


def _answer(sizes: list[int], content: bytes) -> dict[str, Any]:
    try:
        first = read(content[: sizes[0]], looks=len(sizes) > 1)
        if len(sizes) == 1:
            return {"form": first.form, "text": f"{first.about}\n{' '.join(first.words)}"}
        other = read(content[sizes[0] :], looks=True)
        if first.form != other.form:
            raise Unreadable("Filen er af en anden slags end den udstedte.")
        return asdict(compare(first, other))
    except Unreadable as problem:
        return {"unreadable": str(problem)}


def _limit() -> None:
    for what, most in [
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ]:
        with suppress(ValueError, OSError):  # a system that does not know this limit
            resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    _limit()
    json.dump(_answer([int(size) for size in sys.argv[1:]], sys.stdin.buffer.read()), sys.stdout)
