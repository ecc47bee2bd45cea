"""Before any test is read: a throw-away database and the settings of a test run, unless the environment has them.

Worker processes of pytest-xdist inherit both, so that one server serves them all.
"""

import atexit
import os
import secrets

import django

from kit import embedded_postgres

if "DATABASE_URL" not in os.environ:
    server = embedded_postgres.start()
    atexit.register(server.stop)
    os.environ["DATABASE_URL"] = server.url

os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")  # asked for by the tests that are about it
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pejlemaerker.settings")
# Set up here and not by pytest-django, whose turn comes before a conftest can start the database.
django.setup()
