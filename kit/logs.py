"""What may not stand in a log: the token of a personal link is a key, and a log is read by others."""

import logging
import re


class HideTokens(logging.Filter):
    """Cut the token out of every address that opens something by itself ("/evaluering/…/", "/paamindelser/…/")."""

    _IN_ADDRESS = re.compile(r"(/(?:evaluering|paamindelser)/)[^/\s?\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without its tokens."""
        message = record.getMessage()
        if self._IN_ADDRESS.search(message):
            record.msg, record.args = self._IN_ADDRESS.sub(r"\1…", message), ()
        return True
