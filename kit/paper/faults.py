"""Why a paper could not be made. Light to import: the pages that answer for it must not wait for the engine."""


class PaperError(Exception):
    """The paper could not be made: it refers to something forbidden, or lacks its title or language."""


class PaperTooLarge(PaperError):
    """The paper would take more pages, or more time, than one request may; its message says so to the reader."""


class PaperBusy(Exception):
    """So many papers are being made that this one would have to wait longer than a reader does; ask again."""
