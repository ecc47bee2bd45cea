"""What a reader hands back: a value, the line it stood on, and how sure the reader is."""

from dataclasses import dataclass, replace
from typing import Literal

Confidence = Literal["sure", "likely", "unknown"]


@dataclass(frozen=True, slots=True)
class Found[T]:
    """A value read from a document (fund), with its 1-based line in the original text; what is not found is None."""

    value: T
    line: int
    confidence: Confidence = "sure"

    def likely(self) -> "Found[T]":
        """The same value, when the text only suggests it."""
        return replace(self, confidence="likely")


@dataclass(frozen=True, slots=True)
class Finding:
    """A value flattened for a list or for JSON: which field, what, where, how sure."""

    field: str
    value: str
    line: int
    confidence: Confidence
