"""HiGHS as every method here uses it: silent, one thread, a limit in seconds, and stopped when somebody asks for it."""

from __future__ import annotations

import highspy

from solvers.silent_highs import silent_highs
from solvers.siting.contract import Clock

LEAST_SECONDS, LOOK = 0.5, 0.05  # the shortest limit; seconds between two looks at the clock


def quiet(seconds: float, threads: int = 1) -> highspy.Highs:
    """A model without rows."""
    model = silent_highs()
    for name, option in (("threads", threads), ("time_limit", max(LEAST_SECONDS, seconds))):
        model.setOptionValue(name, option)
    return model


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
