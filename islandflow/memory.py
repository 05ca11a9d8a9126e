"""A short memory for functions of frozen things: asked again about the same ones, they answer at once."""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the last ``most`` answers of a function whose arguments nobody changes.

    Texts are the same if they say the same; all else only if it is the very same thing, so that nothing large is ever compared.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        # the things themselves are kept with the answer: no other can take their place in memory meanwhile
        kept: OrderedDict[tuple[object, ...], tuple[tuple[Any, ...], T]] = OrderedDict()
        lock = threading.Lock()

        @functools.wraps(function)
        def asked(*given: P.args, **named: P.kwargs) -> T:
            things = (*given, *(x for pair in sorted(named.items()) for x in pair))
            key = tuple(x if isinstance(x, str) else id(x) for x in things)
            with lock:
                if key in kept:
                    kept.move_to_end(key)
                    return kept[key][1]
            found = function(*given, **named)
            with lock:
                kept[key] = (things, found)
                while len(kept) > most:
                    kept.popitem(last=False)
            return found

        return asked

    return decorate
