"""The WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pejlemaerker.settings")
# Seconds; less than the 20 that htmx waits for an answer (templates/base.html), so that people are told.
os.environ.setdefault("STATEMENT_TIMEOUT", "15")
application = get_wsgi_application()
