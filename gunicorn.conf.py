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
# The heartbeat file belongs in memory: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# No remote control, which would otherwise lay a socket in the home folder.
control_socket_disable = True
# Addresses and visited pages are personal data; the proxy may keep such a log if it has a purpose for it.
accesslog = None
