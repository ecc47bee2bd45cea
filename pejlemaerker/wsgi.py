"""The WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pejlemaerker.settings")
# Seconds; less than the 20 that htmx waits for an answer (templates/base.html), so that people are told.
os.environ.setdefault("STATEMENT_TIMEOUT", "15")
application = get_wsgi_application()
# Django would read the addresses, and every view behind them, at the first request: seconds that nobody needs to wait,
# because a worker that is not ready yet leaves its requests to the others.
_ = get_resolver().url_patterns
