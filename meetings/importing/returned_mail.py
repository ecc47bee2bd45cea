"""Breve, der kom retur: what a mail server's own report (RFC 3464) says of a letter that did not arrive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

_ADDRESS = re.compile(r"[^\s<>;,]{1,200}@[^\s<>;,]{1,200}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,190}>")
_MOST_PARTS = 50


@dataclass(frozen=True, slots=True)
class ReturnedMail:
    """What a report says: which letter, to whom, and why not. Each may be unknown."""

    message_id: str
    recipient: str
    why: str


def read_returned_mail(raw: bytes) -> ReturnedMail | None:
    """Read a report that a letter could not be delivered; None for anything else: a delay, an answer, spam, noise."""
    try:
        return _read(raw)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None  # the email library stumbles over mail that is made to be stumbled over


def _read(raw: bytes) -> ReturnedMail | None:
    # The old policy reads every header as plain text; the newer parses them, and stumbles more often.
    parts = list(_parts(message_from_bytes(raw, policy=policy.compat32)))
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is None:
        return None
    blocks = status.get_payload()
    failed = next((block for block in _messages(blocks) if _header(block, "Action").lower() == "failed"), None)
    if failed is None:
        return None
    recipient = _header(failed, "Original-Recipient") or _header(failed, "Final-Recipient")
    address = _ADDRESS.search(recipient.partition(";")[2] or recipient)
    said = _header(failed, "Diagnostic-Code").partition(";")[2].strip() or _header(failed, "Status")
    return ReturnedMail(_own_id(parts), address[0] if address else "", said[:200])


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number == _MOST_PARTS:
            return
        yield part


def _messages(payload: Any) -> list[Message]:
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _own_id(parts: list[Message]) -> str:
    """Find the number of our letter: in the copy of it, or of its headers, that comes after the report."""
    after = False
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            after = True
        elif after and (found := _MESSAGE_ID.search(_header(part, "Message-ID") or _headers_text(part))):
            return found[0]
    return ""


def _headers_text(part: Message) -> str:
    """Return the line with the number, where only the headers came back, as text."""
    if part.get_content_type() != "text/rfc822-headers":
        return ""
    payload = part.get_payload(decode=True)
    text = payload.decode(errors="replace") if isinstance(payload, bytes) else ""
    line = re.search(r"^message-id:\s*(<[^<>\s]+>)", text, re.IGNORECASE | re.MULTILINE)
    return line[1] if line else ""
