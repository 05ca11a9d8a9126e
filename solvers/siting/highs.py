"""HiGHS as every method here uses it: silent, one thread, a limit in seconds, and stopped when somebody asks for it."""

from __future__ import annotations

import os
import sys

import highspy

from solvers.siting.contract import Clock

LEAST_SECONDS, LOOK = 0.5, 0.05  # the shortest limit; seconds between two looks at the clock
_greeted = False


def quiet(seconds: float, threads: int = 1) -> highspy.Highs:
    """A model without rows."""
    model = _silently_made()
    for name, option in (("output_flag", False), ("threads", threads), ("time_limit", max(LEAST_SECONDS, seconds))):
        model.setOptionValue(name, option)
    return model


def _silently_made() -> highspy.Highs:
    """The first model of a process greets on standard output before any option can forbid it."""
    global _greeted
    if _greeted:
        return highspy.Highs()  # type: ignore[no-untyped-call]
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        made = highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
    _greeted = True
    return made


def run(model: highspy.Highs, clock: Clock) -> None:
    """Solves until the end, the limit, or a stop. Only a clock that can be stopped pays for the looks at it."""
    if clock.halt is None:
        model.run()
        return
    model.HandleUserInterrupt = True
    model.startSolve()
    while not model.wait(LOOK)[0]:
        if clock.halt.stopped:
            model.cancelSolve()  # type: ignore[no-untyped-call]
