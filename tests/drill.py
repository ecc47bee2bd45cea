"""How long the way round is: short in every `make test`, long in `make drill`."""

import os

IS_DRILL = "DRILL" in os.environ


def examples(*, every_day: int, in_drill: int) -> int:
    """Return how many random examples a property is tried on; the test itself is marked `random`."""
    return in_drill if IS_DRILL else every_day
