"""A real OpenID Connect provider on this machine, and somebody who logs in with it."""

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import oidc_provider_mock
import requests
import werkzeug.serving
from django.http import HttpResponse
from django.test import Client

type App = Callable[..., Iterable[bytes]]

CLIENT_ID = "pejlemaerker"


class Provider:
    """oidc-provider-mock in a thread. It tells what it was asked, and answers what a test wants altered."""

    def __init__(self) -> None:
        """Start it; it signs with its own key, on a port of its own."""
        self._app: App = oidc_provider_mock.app(require_nonce=True).wsgi_app
        self.alter: dict[str, Callable[[Any], Any]] = {}
        self._quiet = type("Quiet", (werkzeug.serving.WSGIRequestHandler,), {"log": lambda *_: None})
        self.server = werkzeug.serving.make_server("127.0.0.1", 0, self, threaded=True, request_handler=self._quiet)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop it, and wait until it is gone."""
        self.server.shutdown()
        self._thread.join(5)
        self.server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, with what the test wants otherwise."""
        told: dict[str, Any] = {}

        def keep(status: str, headers: list[tuple[str, str]], *rest: Any) -> None:
            told.update(status=status, headers=headers)

        body = b"".join(self._app(environ, keep))
        name = environ["PATH_INFO"].rpartition("/")[2]
        if name in self.alter and body[:1] == b"{":
            body = json.dumps(self.alter[name](json.loads(body))).encode()
        kept = [(key, value) for key, value in told["headers"] if key.lower() != "content-length"]
        start_response(told["status"], [*kept, ("Content-Length", str(len(body)))])
        return [body]

    def knows(self, sub: str, **claims: Any) -> None:
        """Tell it about a person."""
        requests.put(f"{self.issuer}/users/{sub}", json=claims, timeout=5).raise_for_status()


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider while a test runs."""
    running = Provider()
    try:
        yield running
    finally:
        running.stop()


def go_away(client: Client, next_page: str = "/moeder/") -> str:
    """Press "Log ind med …", and return where one is sent."""
    response = client.get(f"/log-ind/kommune/?{urlencode({'next': next_page})}")
    assert response.status_code == 302
    return str(response.headers["Location"])


def come_back(client: Client, address: str, sub: str) -> HttpResponse:
    """Log in at the provider as somebody, and follow its way back."""
    sent = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=5)
    assert sent.status_code in (302, 303), sent.text
    back = urlsplit(sent.headers["Location"])
    return client.get(f"{back.path}?{back.query}")  # type: ignore[return-value]


def log_in(client: Client, sub: str, next_page: str = "/moeder/") -> HttpResponse:
    """All of it."""
    return come_back(client, go_away(client, next_page), sub)


def asked(address: str) -> dict[str, str]:
    """What the address asks the provider for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def challenge_of(verifier: str) -> str:
    """What PKCE makes of a verifier (RFC 7636)."""
    return base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
