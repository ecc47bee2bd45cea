"""What `make demo` runs when everything is installed: database, tables, demo data, and the app until Ctrl-C."""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gunicorn.app.wsgiapp import WSGIApplication

from kit import embedded_postgres
from pejlemaerker.demo.logins import ANSWER_TOKEN, LOGINS, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / ".data"
HOST = "127.0.0.1"
SECONDS_FOR_PORT = 3
SECONDS_FOR_WORKER = 10
PR_SET_PDEATHSIG = 1

WELCOME = """
  Pejlemærker kører på {url}     (Ctrl-C stopper app og database)

  Uden login ser du det, en borger ser:   {url}
  Log ind og skriv eller læs videre:      {url}log-ind/
  Svar som leder, uden login:             {url}evaluering/{token}/

    brugernavn      er                                              prøv
{logins}

  Adgangskode for alle: {password}
  {data}
"""


def main() -> None:
    """Start the demo and keep it until Ctrl-C."""
    os.chdir(ROOT)
    try:
        if sys.argv[1:] == ["--remove-data"]:
            return remove_data()
        stop_with_parent()
        DATA.mkdir(mode=0o700, exist_ok=True)
        with database() as data:
            listener = listen(chosen_port())
            prepare()
            url = f"http://{HOST}:{listener.getsockname()[1]}/"
            os.environ["SITE_URL"] = url.rstrip("/")
            print(welcome(url, data), flush=True)
            with worker():
                serve(listener)
    except embedded_postgres.InUseError:
        sys.exit("Demoen kører allerede fra denne mappe. Stop den med Ctrl-C i dens eget vindue, og prøv igen.")
    except embedded_postgres.PostgresError as error:
        sys.exit(f"Databasen kunne ikke startes: {error}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"Demoen stoppede, fordi denne kommando fejlede: {' '.join(error.cmd)}")
    except KeyboardInterrupt:
        sys.exit(130)


def welcome(url: str, data: str) -> str:
    """Say where to click and whom to log in as."""
    logins = "\n".join(f"    {one.username:<15} {one.means:<47} {url}{one.try_first}" for one in LOGINS)
    return WELCOME.format(url=url, token=ANSWER_TOKEN, logins=logins, password=PASSWORD, data=data)


def stop_with_parent() -> None:
    """Ask the system to stop us when make is gone (killed, or its window closed); only Linux can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def chosen_port() -> int:
    """Read PORT, or take 8000."""
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        sys.exit(f"PORT={port} er ikke et portnummer. Prøv fx: make demo PORT=8001")
    return int(port)


def listen(port: int) -> socket.socket:
    """Take the port before the long preparations; a demo that was just killed may need a moment to let go of it."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    for _ in range(SECONDS_FOR_PORT * 10):
        try:
            listener.bind((HOST, port))
            listener.listen(128)
        except PermissionError:
            sys.exit(f"Port {port} kræver særlige rettigheder. Vælg en over 1023: make demo PORT=8001")
        except OSError:
            time.sleep(0.1)
        else:
            return listener
    sys.exit(f"Port {port} er optaget af et andet program. Vælg en anden: make demo PORT={port + 1}")


@contextmanager
def database() -> Iterator[str]:
    """Give the demo its database, and say where its data lie: DATABASE_URL if that is set, else a server of our own."""
    if "DATABASE_URL" in os.environ:
        yield "Data ligger i databasen fra DATABASE_URL."
        return
    print("Starter databasen …", flush=True)
    server = embedded_postgres.start(DATA)
    os.environ["DATABASE_URL"] = server.url
    owner = os.getpid()
    try:
        yield f"Data gemmes i {embedded_postgres.data_folder(DATA)} (make clean-demo sletter dem)."
    finally:
        if os.getpid() == owner:  # gunicorn's workers leave through this door too
            server.stop()
            print("\nApp og database er stoppet.", flush=True)


def prepare() -> None:
    """Bring static files, tables and demo data up to date; each step does nothing when there is nothing to do."""
    os.environ |= {
        "DEMO": "1",
        "DEBUG": "0",
        "SECRET_KEY_FILE": str(secret_key_file()),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "CSRF_TRUSTED_ORIGINS": "",
        "EMAIL_URL": "console:",
        "DEFAULT_FROM_EMAIL": "",
        "SITE_URL": "",
    }
    print("Gør filer, tabeller og demodata klar …", flush=True)
    if static_files_are_old():
        manage("collectstatic", "--noinput", "--clear", "--verbosity=0")
    manage("migrate", "--noinput", "--verbosity=0")
    manage("demo_data")


def static_files_are_old() -> bool:
    """Say whether anything that static files are made from is newer than the collected ones."""
    collected = ROOT / "build" / "static" / "staticfiles.json"
    sources = [ROOT / "package-lock.json", ROOT / "pejlemaerker" / "settings.py", *(ROOT / "static").rglob("*")]
    return not collected.exists() or collected.stat().st_mtime < max(source.stat().st_mtime for source in sources)


def remove_data() -> None:
    """Forget everything that was written in the demo, unless it is running."""
    print(f"Sletter {embedded_postgres.data_folder(DATA)} og {DATA}")
    embedded_postgres.remove(DATA)
    shutil.rmtree(DATA, ignore_errors=True)


def secret_key_file() -> Path:
    """Give the demo a secret of its own, kept so that logins survive a restart."""
    path = DATA / "secret_key"
    if not path.exists():
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path


def manage(*arguments: str) -> None:
    """Run one of manage.py's commands; in a session of its own, so that Ctrl-C comes to us and not to it as well."""
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, start_new_session=True)


@contextmanager
def worker() -> Iterator[None]:
    """Let a worker send the letters meanwhile: here they are written in this window."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "work"],
        start_new_session=True,  # Ctrl-C is for us; the worker goes down before the database
        preexec_fn=stop_with_parent,  # and also when we are killed
    )
    owner = os.getpid()
    try:
        yield
    finally:
        if os.getpid() == owner:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_FOR_WORKER)
            process.kill()


def serve(listener: socket.socket) -> None:
    """Serve with the same gunicorn as in production, on the port we already hold."""
    sys.argv = ["gunicorn", f"--bind=fd://{listener.fileno()}", "--log-level=warning", "--graceful-timeout=1"]
    app = WSGIApplication()
    app.cfg.set("when_ready", stop_on_hangup)
    app.cfg.set("post_worker_init", leave_ctrl_c_to_gunicorn)
    app.run()


def stop_on_hangup(_arbiter: object) -> None:
    """Stop when the terminal's window is closed; gunicorn itself would take that for a wish to reload."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def leave_ctrl_c_to_gunicorn(_worker: object) -> None:
    """Let gunicorn alone hear the terminal's Ctrl-C: a worker told twice complains on its way out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main()
