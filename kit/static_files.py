"""Which static files are worth collecting (DKFDS comes with sources and others' dress), and where one of them is."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils._os import safe_join


class StaticFiles(StaticFilesConfig):
    """Django's own app, leaving out what no page asks for; collecting and compressing it would take half a minute."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "scss",
        "*borgerdk*",
        "*virk*",
        "dkfds.css",
        "dkfds.js",
        "*.otf",
        "*.md",
    ]


def static_file(name: str) -> Path:
    """Find a static file where it is developed, or where `collectstatic` put it; neither search leaves its folder."""
    found = finders.find(name)
    if not found:
        found = safe_join(settings.STATIC_ROOT, name)
    if not Path(found).is_file():
        raise FileNotFoundError(f"Den statiske fil findes ikke: {name[:200]!r}")
    return Path(found)
