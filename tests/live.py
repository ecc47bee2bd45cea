"""The app as it runs in production: gunicorn's processes and a PostgreSQL that writes to its disk, to be killed."""

import http.client
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from socket import socket
from urllib.parse import urlencode

import psycopg

from kit import embedded_postgres
from pejlemaerker.demo.logins import PASSWORD

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str

    @property
    def is_raw_fault(self) -> bool:
        """Whether somebody saw a fault that nobody had prepared for."""
        prepared = self.status == 503 and "data-fault" in self.body and "Retry-After" in self.headers
        return self.status >= 500 and not prepared


@dataclass
class Visitor:
    """Somebody with a browser that knows forms and cookies; a connection that breaks is told as OSError."""

    port: int
    seconds: float = 40
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    connection: http.client.HTTPConnection | None = None

    def __del__(self) -> None:
        if self.connection:
            self.connection.close()

    def get(self, path: str) -> Answer:
        """Fetch a page, and keep the token of its forms."""
        answer = self._ask("GET", path)
        if found := re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.body):
            self.token = found[1]
        return answer

    def post(self, path: str, fields: Mapping[str, object]) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": self.token, **fields}))

    def log_in(self, username: str) -> None:
        """Log in, and fetch a page with a form."""
        self.get("/log-ind/")
        assert self.post("/log-ind/", {"username": username, "password": PASSWORD}).status == 302
        self.get("/")

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        self.connection = None  # one that fails is not used again
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())  # type: ignore[arg-type]
        except http.client.HTTPException as broken:
            connection.close()
            raise ConnectionError(str(broken)) from None
        except OSError:
            connection.close()
            raise
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        self.connection = connection
        return answer


def hidden(page: str) -> dict[str, str]:
    """The fields of a page's first form, as they would be sent again."""
    form = page[page.index("<main") :]
    form = form[form.index("<form") : form.index("</form>")]
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {unescape(name): unescape(value) for name, value in found}


@dataclass
class House:
    """The running app, its database, and the means to be unkind to both."""

    url: str
    data: Path
    place: Path
    port: int
    environment: dict[str, str]
    app: subprocess.Popen[bytes]

    def visitor(self, username: str = "", *, seconds: float = 40) -> Visitor:
        """Somebody at the door."""
        visitor = Visitor(self.port, seconds)
        if username:
            visitor.log_in(username)
        return visitor

    @property
    def postmaster(self) -> int:
        """The process that PostgreSQL's others come from; waits for one that is starting again."""
        file = self.data / "postmaster.pid"
        for _ in range(1000):
            with suppress(FileNotFoundError, IndexError, ValueError):
                return int(file.read_text().split()[0])
            time.sleep(0.02)
        raise AssertionError("PostgreSQL is not coming back")

    def kill_database(self) -> None:
        """kill -9, as when a machine loses its power."""
        with suppress(ProcessLookupError):
            os.kill(self.postmaster, signal.SIGKILL)

    def database_up_after(self) -> float:
        """Wait until PostgreSQL takes connections again, and return how many seconds that took."""
        began = time.monotonic()
        while time.monotonic() - began < 60:
            with suppress(psycopg.OperationalError), psycopg.connect(self.url):
                break
            time.sleep(0.02)
        return time.monotonic() - began

    @contextmanager
    def frozen_database(self) -> Iterator[None]:
        """Nothing of PostgreSQL moves; connections stay open and are not answered."""
        server = self.postmaster
        everybody = [server, *children(server)]
        for process in everybody:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in everybody:
                os.kill(process, signal.SIGCONT)

    def kill_worker(self, which: int) -> None:
        """kill -9 one of gunicorn's workers; gunicorn starts another."""
        if workers := children(self.app.pid):
            with suppress(ProcessLookupError):
                os.kill(workers[which % len(workers)], signal.SIGKILL)


def children(process: int) -> list[int]:
    """The processes a process has started, oldest first."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after_name = stat.read_text().rpartition(")")[2].split()
            if int(after_name[1]) == process and after_name[0] != "Z":
                found.append(int(stat.parent.name))
    return sorted(found)


@contextmanager
def running_house() -> Iterator[House]:
    """Set the app up with the demo's data, as in production, and run it."""
    with tempfile.TemporaryDirectory(prefix="pejlemaerker-drill-") as folder:
        place = Path(folder)
        try:
            with embedded_postgres.start(place) as server, free_port() as port:
                environment = production(server.url, port)
                set_up(environment)
                with serving(environment, place) as app:
                    data = embedded_postgres.data_folder(place) / "data"
                    yield House(server.url, data, place, port, environment, app)
        finally:
            embedded_postgres.remove(place)


def production(url: str, port: int) -> dict[str, str]:
    """The environment in which the app runs as in production."""
    return os.environ | {
        "DATABASE_URL": url, "SECRET_KEY": "only-for-this-drill" * 4, "DEBUG": "0", "DEMO": "1", "HTTPS": "0",
        "EMAIL_URL": "console:", "ALLOWED_HOSTS": "127.0.0.1", "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2",
        "THREADS": "4",
    }  # fmt: skip


def set_up(environment: Mapping[str, str]) -> None:
    """Collect the static files, and lay the demo's data in the database."""
    for command in (["collectstatic", "--noinput"], ["migrate", "--noinput"], ["demo_data"]):
        manage(environment, *command)


def manage(environment: Mapping[str, str], *command: str) -> str:
    """Run one of manage.py's commands to its end, and return what it says."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *command],
        cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


@contextmanager
def serving(environment: Mapping[str, str], place: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run gunicorn until the end, and wait for its first answer."""
    with (place / "app.log").open("ab") as log:
        app = subprocess.Popen([sys.executable, "-m", "gunicorn"], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        back_after(int(environment["BIND"].rpartition(":")[2]), within=60)
        yield app
    finally:
        app.terminate()
        app.wait(60)


def back_after(port: int, *, within: float) -> float:
    """Ask until a page comes, and return how many seconds that took."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        with suppress(OSError):
            if Visitor(port, within).get("/udvalg/").status == 200:
                return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"nothing came back within {within} seconds")


@contextmanager
def free_port() -> Iterator[int]:
    """A port that nobody has."""
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    yield port
