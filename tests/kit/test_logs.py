"""What the log tells, and what it must not."""

import io
import json
import logging
from typing import Any

import pytest
from django.test import Client

from kit.logs import HideTokens, JsonLine


@pytest.fixture
def written() -> Any:
    """Everything that is logged, as the handler of the settings writes it with LOG_FORMAT=json."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    handler.addFilter(HideTokens())
    loggers = [logging.getLogger(), logging.getLogger("pejlemaerker.requests")]
    before = [one.level for one in loggers]
    loggers[0].addHandler(handler)
    for one in loggers:
        one.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    loggers[0].removeHandler(handler)
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)


@pytest.mark.asvs("V16.2.1")
def test_request_is_one_event_that_names_its_route(anonymous: Client, written: Any) -> None:
    answer = anonymous.get("/pejlemaerker/?q=hemmelig", headers={"X-Request-ID": "abcdef-123456"})
    [event] = [one for one in written() if one["logger"] == "pejlemaerker.requests"]
    assert (event["method"], event["route"], event["status"], event["request"]) == (
        "GET",
        "goals",
        200,
        "abcdef-123456",
    )
    assert isinstance(event["ms"], int)
    assert answer.headers["X-Request-ID"] == "abcdef-123456"


@pytest.mark.asvs("V16.2.5")
@pytest.mark.parametrize(
    "address",
    [
        "/evaluering/NOEGLE/",
        "/log-ind/ny-adgangskode/1-NOEGLE/",
        "/soeg/?q=NOEGLE",
        "/moeder/NOEGLE/punkter/7/?x=1",
        "/log-ind/?next=/NOEGLE/",
    ],
)
def test_log_holds_nothing_of_an_address(address: str, anonymous: Client, written: Any) -> None:
    anonymous.get(address)
    assert written()
    assert "NOEGLE" not in json.dumps(written())


@pytest.mark.parametrize("given", ["", "kort", "æøå-12345678", "x" * 65, 'a"b,"level":"'])
def test_number_that_is_none_is_not_taken_over(given: str, anonymous: Client) -> None:
    answer = anonymous.get("/udvalg/", headers={"X-Request-ID": given})
    assert len(answer.headers["X-Request-ID"]) == 32


@pytest.mark.asvs("V16.2.5", "V16.3.4")
def test_fault_tells_its_kind_and_place_but_not_what_stood_in_the_row(written: Any) -> None:
    try:
        raise ValueError("Key (username)=(sekretaer) already exists")
    except ValueError:
        logging.getLogger("pejlemaerker").exception("task failed")
    [event] = written()
    assert (event["fault"], event["message"]) == ("ValueError", "task failed")
    assert "test_logs.py" in event["at"][0]
    assert "sekretaer" not in json.dumps(event)
