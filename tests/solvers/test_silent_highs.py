"""HiGHS says nothing on standard output, whichever method asks for the first model of a process."""

from __future__ import annotations

import subprocess
import sys

import pytest

ROOMS = {
    "plain": "import highspy; highspy.Highs()",
    "shared": "from solvers.silent_highs import silent_highs; m = silent_highs(); m.addVar(0, 1); m.run(); silent_highs().run()",
    "siting": "from solvers.siting.highs import quiet; quiet(1.0).run()",
    "ferry": "from solvers.ferry.monolith import Model; m = Model(); m.row(0, 1, [(m.column(1.0, 1.0, True), 1.0)]); m.highs().run()",
}


@pytest.mark.parametrize("room", ROOMS)
def test_no_word_before_the_first_model(room: str) -> None:
    said = subprocess.run([sys.executable, "-c", ROOMS[room]], capture_output=True, text=True, check=True, timeout=60).stdout
    assert ("HiGHS" in said) == (room == "plain"), said  # the plain one does greet: else there is nothing to forbid


def test_a_model_of_one_core_runs_after_one_that_was_asked_for_nothing() -> None:
    """HiGHS has one scheduler a process: a model that takes all cores would keep those that ask for one from running."""
    code = (
        "from solvers.silent_highs import silent_highs\n"
        "first = silent_highs(); first.addVar(0, 1); first.run()\n"
        "second = silent_highs(); second.setOptionValue('threads', 1); second.addVar(0, 1); second.run()\n"
        "assert second.getModelStatus().name == 'kOptimal', second.getModelStatus()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
