"""Searches of a running day kept for the next question: at most so many bytes, the longest unused forgotten first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

MOST_BYTES = 256_000_000
Arrays = tuple[Any, ...]


class Memory:
    """Arrays by key. Two threads that ask for the same at once may both compute it; what they keep is equal."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.size = most_bytes, 0
        self.items: OrderedDict[Hashable, Arrays] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Arrays]) -> Arrays:
        """The arrays of a key, made if they are not there. What is larger than the whole memory is made and not kept."""
        with self.lock:
            found = self.items.get(key)
            if found is not None:
                self.items.move_to_end(key)
                return found
        made = make()
        with self.lock:
            if key not in self.items:
                self.items[key] = made
                self.size += _bytes(made)
                while self.size > self.most_bytes:
                    self.size -= _bytes(self.items.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """Forgets everything."""
        with self.lock:
            self.items.clear()
            self.size = 0


def _bytes(arrays: Arrays) -> int:
    return sum(int(a.nbytes) for a in arrays)


searches = Memory()
