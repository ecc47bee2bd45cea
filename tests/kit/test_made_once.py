"""What is costly is made once, kept while there is room, and asked for anew where it failed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from kit.made_once import MadeOnce


def test_what_is_kept_is_not_made_again() -> None:
    store, made = MadeOnce(100), []

    def make() -> bytes:
        made.append(1)
        return b"paper"

    assert [store.get(b"a", make, wait=1) for _ in range(3)] == [b"paper"] * 3
    assert len(made) == 1


def test_least_used_is_forgotten_first_and_what_is_too_large_is_not_kept() -> None:
    store, made = MadeOnce(10), []

    def ask(key: bytes, size: int) -> None:
        def make() -> bytes:
            made.append(key)
            return bytes(size)

        store.get(key, make, wait=1)

    for key, size in [(b"a", 5), (b"b", 5), (b"a", 5), (b"c", 5), (b"a", 5), (b"b", 5), (b"large", 11), (b"large", 11)]:
        ask(key, size)
    assert made == [b"a", b"b", b"c", b"b", b"large", b"large"]


def test_who_asks_meanwhile_gets_the_same_or_stops_waiting() -> None:
    store, begun, finish = MadeOnce(100), threading.Event(), threading.Event()

    def make() -> bytes:
        begun.set()
        finish.wait(10)
        return b"paper"

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(store.get, b"a", make, wait=10)
        begun.wait(10)
        with pytest.raises(TimeoutError):
            store.get(b"a", make, wait=0.01)
        second = threads.submit(store.get, b"a", lambda: b"another", wait=10)
        finish.set()
        assert (first.result(), second.result()) == (b"paper", b"paper")


def test_failure_is_told_and_not_kept() -> None:
    store = MadeOnce(100)
    with pytest.raises(ZeroDivisionError):
        store.get(b"a", lambda: bytes([1 // 0]), wait=1)
    assert store.get(b"a", lambda: b"paper", wait=1) == b"paper"
