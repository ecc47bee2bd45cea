"""Det næste og det forrige: where to read on."""

from typing import NamedTuple


class Neighbour(NamedTuple):
    """A meeting or an item beside this one, as far as the viewer may see it."""

    name: str
    url: str
