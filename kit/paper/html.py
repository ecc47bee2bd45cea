"""A paper as one HTML file that needs nothing beside itself: it can be mailed, filed and opened in twenty years."""

import re
from base64 import b64encode
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from kit.paper.document import Paper
from kit.paper.glyphs import printable
from kit.static_files import static_file

STYLESHEET = "css/paper-alone.css"

_MIMES = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
# What a file may do wherever it is opened: show its own style and its own pictures.
_FRAME = "default-src 'none'; style-src {styles}; img-src data:; base-uri 'none'; form-action 'none'"


def set_as_html(paper: Paper, *, logo: bytes | None = None, logo_type: str = "") -> bytes:
    """Set a paper as one HTML file; the same paper gives the same bytes."""
    own = replace(paper.letterhead, logo=_as_address(logo, logo_type))
    style = mark_safe(_style(static_file(STYLESHEET)))  # noqa: S308 -- our own file
    context = {"paper": replace(paper, letterhead=own), "style": style}
    # The policy stands in the file too, so that a copy on somebody's desk is as closed as the one we serve.
    html = printable(render_to_string("paper/alone.html", context))
    return html.replace("{{policy}}", policy_of(html.encode()), 1).encode()


def policy_of(file: bytes) -> str:
    """Return the content security policy for such a file, read from the file itself: an old one keeps its own."""
    styles = [b64encode(sha256(style.encode()).digest()).decode() for style in _STYLE.findall(file.decode())]
    return _FRAME.format(styles=" ".join(f"'sha256-{style}'" for style in styles) or "'none'")


def _as_address(logo: bytes | None, logo_type: str) -> str:
    if not logo or logo_type not in _MIMES:
        return ""
    return f"data:{_MIMES[logo_type]};base64,{b64encode(logo).decode()}"


def _style(path: Path) -> str:
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> str:
    """Read the style sheet once per change, without its comments."""
    return re.sub(r"/\*.*?\*/\n?", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
