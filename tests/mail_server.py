"""A mail server of our own, for tests: it takes letters, refuses them, or stops in the middle of one."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Answers as it is told to. `answers` holds other answers than the usual to a command ("RCPT", "DATA", ".");
    `stops_at` is the command ("greeting", "MAIL", "DATA") at which it says nothing more, and sets `has_stopped`.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers: dict[str, str] = {}
        self.stops_at = ""
        self.has_stopped = threading.Event()
        self.may_go_on = threading.Event()
        self.taken: list[bytes] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One that hung up, or was killed, is what the tests are about."""


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._answer("greeting", "220 prøve")
        while line := self.rfile.readline():
            command = line.split()[0].decode().upper()
            self._answer(command, "354 skriv" if command == "DATA" else "250 ok")
            if command == "QUIT":
                return
            if command == "DATA" and "DATA" not in self.server.answers:
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self._answer(".", "250 modtaget")
                if "." not in self.server.answers:
                    self.server.taken.append(text)

    def _answer(self, command: str, usual: str) -> None:
        if self.server.stops_at == command:
            self.server.has_stopped.set()
            self.server.may_go_on.wait(60)
        answer = self.server.answers.get(command, usual)
        if answer == "hang up":
            raise ConnectionAbortedError
        self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A mail server that runs meanwhile."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.may_go_on.set()
        server.shutdown()
        thread.join()
