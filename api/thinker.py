"""A process of its own for what takes long to compute: who reads a board never waits for whoever hops three days from island to island.

Python runs one thread at a time, so a trip in a thread of the server would hold up each board by its share. The process knows the same
database and plan folders; it is asked with plain values and answers with plain values. Without one (tests, tools) a thread does the work.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Hashable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

from starlette.concurrency import run_in_threadpool

from api.lifeline import die_with_parent
from api.problems import Problem
from api.settings import ServerSettings
from api.state import State
from api.store import Store, open_database

MOST_WAITING = 64  # who comes after so many is told to come again
NICE = 3  # whoever answers comes before whoever thinks, and both before whoever plans
mine: list[State] = []  # the state of the process that thinks
Work = Callable[..., Any]


class Thinker:
    """Call ``open`` and ``close`` from the thread of the event loop: the process dies with the thread that started it."""

    def __init__(self, settings: ServerSettings, state: State) -> None:
        self.settings, self.state = settings, state
        self.pool: ProcessPoolExecutor | None = None
        self.asked: dict[Hashable, asyncio.Future[Any]] = {}

    def open(self) -> None:
        """Starts the process."""
        self.pool = ProcessPoolExecutor(1, get_context("spawn"), _begin, (self.settings,))

    def close(self) -> None:
        """Ends it; what it was computing is lost."""
        if self.pool is not None:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = None

    async def think(self, key: Hashable, work: Work, *values: Any) -> Any:
        """``work(state, *values)``, once for a key however many ask at a time. Problem 503 if too many others wait."""
        found = self.asked.get(key)
        if found is None:
            if len(self.asked) >= MOST_WAITING:
                raise Problem(503, "busy", "too many questions of this kind wait; ask again", "同类请求过多,请稍后再试", {"Retry-After": "2"})
            found = self.asked[key] = asyncio.ensure_future(self._done(work, values))
            found.add_done_callback(lambda done: self.asked.pop(key, None) and not done.cancelled() and done.exception())
        # whoever goes away does not end what others wait for
        return await asyncio.shield(found)

    async def _done(self, work: Work, values: tuple[Any, ...]) -> Any:
        if self.pool is None:
            return await run_in_threadpool(work, self.state, *values)
        for left in (1, 0):
            try:
                return await asyncio.get_running_loop().run_in_executor(self.pool, _do, work, values)
            except BrokenProcessPool:  # it was killed: a new one, and the question once more
                if not left:
                    raise
                self.close()
                self.open()
        raise AssertionError("a defect")


def _begin(settings: ServerSettings) -> None:
    die_with_parent()
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to hear
    mine.append(State(settings, Store(open_database(settings.url))))


def _do(work: Work, values: tuple[Any, ...]) -> Any:
    return work(mine[0], *values)
