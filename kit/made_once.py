"""What is costly to make, made once: kept by what it was made of, and shared by those who ask at the same time."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future


class MadeOnce:
    """A store of bytes by key, the least used forgotten first. A key stands for all that the bytes depend on."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        self._being_made: dict[bytes, Future[bytes]] = {}

    def get(self, key: bytes, make: Callable[[], bytes], *, wait: float) -> bytes:
        """Return what is kept, or make it. Who asks while another makes it waits `wait` seconds, then TimeoutError."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            others = self._being_made.get(key)
            if others is None:
                mine: Future[bytes] = Future()
                self._being_made[key] = mine
        if others is not None:
            return others.result(timeout=wait)
        try:
            made = make()
        except BaseException as fault:
            self._done(key)
            mine.set_exception(fault)
            raise
        self._keep(key, made)
        mine.set_result(made)
        return made

    def forget(self) -> None:
        """Forget everything kept."""
        with self._lock:
            self._kept.clear()
            self._size = 0

    def _keep(self, key: bytes, made: bytes) -> None:
        with self._lock:
            del self._being_made[key]
            if len(made) > self._most_bytes:
                return
            self._kept[key] = made
            self._size += len(made)
            while self._size > self._most_bytes:
                _, oldest = self._kept.popitem(last=False)
                self._size -= len(oldest)

    def _done(self, key: bytes) -> None:
        with self._lock:
            del self._being_made[key]
