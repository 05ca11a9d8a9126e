"""Work in a process of its own, for engines that neither keep their time nor stop when asked."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

Word = TypeVar("Word")

GRACE = 1.0  # seconds that an engine may take over its time before its process is ended
LOOK = 0.05  # seconds between two looks at the watch


def end_with_parent() -> None:
    """Ends this process soon after its parent has gone, so that a killed command leaves nothing running."""
    parent = os.getppid()

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=look, daemon=True).start()


def last_word(work: Callable[[Callable[[Word], None]], None], left: Callable[[], float], stopped: Callable[[], bool]) -> Word | None:
    """Runs ``work``, which says what it has found as often as it likes; the last thing said before it ended or had to, None if nothing.

    It has to end once ``stopped()``, or GRACE seconds after ``left()`` is 0. An exception of ``work`` is raised here.
    """
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(work, theirs))
    process.start()
    theirs.close()
    word, overdue = None, None
    try:
        while True:
            if mine.poll(LOOK):
                try:
                    kind, said = mine.recv()
                except (EOFError, OSError):
                    break
                if kind == "error":
                    raise said
                word = said
                continue
            now = time.monotonic()
            overdue = None if left() > 0 else now if overdue is None else overdue
            if stopped() or (overdue is not None and now - overdue > GRACE):
                break
    finally:
        process.kill()
        process.join()
        mine.close()
    return word


def _child(work: Callable[[Callable[[Any], None]], None], pipe: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    try:
        work(lambda word: pipe.send(("word", word)))
    except BrokenPipeError:
        return
    except Exception as error:  # noqa: BLE001  (said to the parent, which raises it)
        pipe.send(("error", error))
    pipe.close()
