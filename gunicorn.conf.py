"""How gunicorn runs the app: in production, in the container and, with another address, in the demo."""

import os
from pathlib import Path

wsgi_app = "pejlemaerker.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
# Threads with keep-alive: a browser, and a proxy in front, keep their connection.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("THREADS", "4"))
keepalive = 75
timeout = 60
# Told to stop, it finishes what it has begun; whoever stops it waits a little longer (compose.yaml, deploy/systemd).
graceful_timeout = 30
# The heartbeat file belongs in memory: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# No remote control, which would otherwise lay a socket in the home folder.
control_socket_disable = True
# Addresses and visited pages are personal data; the proxy may keep such a log if it has a purpose for it.
accesslog = None
# gunicorn's own lines go the way of the app's: the same form, and no token of a personal link in them.
_json = os.environ.get("LOG_FORMAT", "").strip() == "json"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "kit.logs.HideTokens"}},
    "formatters": {
        "line": {"()": "kit.logs.JsonLine"}
        if _json
        else {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
            "filters": ["tokens"],
        }
    },
    "root": {"level": "WARNING", "handlers": []},
    "loggers": {
        "gunicorn.error": {"handlers": ["stdout"], "propagate": False},
        "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": False},
    },
}
