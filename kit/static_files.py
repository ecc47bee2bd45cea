"""Which static files are worth collecting: DKFDS comes with sources and with two other authorities' dress."""

from django.contrib.staticfiles.apps import StaticFilesConfig


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
