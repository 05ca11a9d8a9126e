"""A HiGHS model that says nothing and uses one core: shared by every method that builds one."""

from __future__ import annotations

import os
import sys

import highspy

_greeted = False


def silent_highs() -> highspy.Highs:
    """A model without rows, its output off. The first one of a process would greet on standard output before an option can forbid it."""
    global _greeted
    if _greeted:
        return _mute(highspy.Highs())  # type: ignore[no-untyped-call]
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
    return _mute(made)


def _mute(model: highspy.Highs) -> highspy.Highs:
    model.setOptionValue("output_flag", False)
    # a process has one scheduler: after a model that asked for all cores, those that ask for one would not run at all
    model.setOptionValue("threads", 1)
    return model
