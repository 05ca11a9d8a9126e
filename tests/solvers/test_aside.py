"""Work in a process of its own: its last word is kept, its errors are raised, and it ends when it must."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from solvers.contract import Settings, Watch, solve
from solvers.ferry.aside import GRACE, last_word

Say = Callable[[int], None]


def forever() -> float:
    return 1.0


def never() -> bool:
    return False


def three(say: Say) -> None:
    for n in (1, 2, 3):
        say(n)


def stuck(say: Say) -> None:
    say(7)
    while True:  # an engine that looks at no clock
        pass


def broken(say: Say) -> None:
    say(1)
    raise ArithmeticError("no")


def test_the_last_word_counts() -> None:
    assert last_word(three, forever, never) == 3  # noqa: PLR2004


def test_who_says_nothing_has_found_nothing() -> None:
    assert last_word(lambda say: None, forever, never) is None


def test_an_error_is_raised_here() -> None:
    with pytest.raises(ArithmeticError, match="no"):
        last_word(broken, forever, never)


def test_a_stuck_engine_is_ended_and_its_last_word_kept() -> None:
    watch = Watch(0.5)
    assert last_word(stuck, watch.left, watch.is_stopped) == 7  # noqa: PLR2004
    assert watch.seconds() >= 0.5 + GRACE


def test_being_asked_ends_it_at_once() -> None:
    above = Watch(1000)
    part = above.part(1000)
    begun = time.monotonic()

    def stop() -> bool:
        above.stopped = time.monotonic() - begun > 0.3  # noqa: PLR2004
        return part.is_stopped()

    assert last_word(stuck, part.left, stop) == 7  # noqa: PLR2004
    assert part.left() == 0


def test_a_killed_command_leaves_nothing_running(tmp_path: Path) -> None:
    code = f"""
import os
from pathlib import Path
from solvers.ferry.aside import last_word
def work(say):
    Path({str(tmp_path / "pid")!r}).write_text(str(os.getpid()))
    while True: pass
last_word(work, lambda: 1.0, lambda: False)
"""
    command = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.05)
    child = int((tmp_path / "pid").read_text())
    command.send_signal(signal.SIGKILL)
    command.wait()
    for _ in range(200):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            return  # ended; nobody of ours is left to collect it
        time.sleep(0.1)
    raise AssertionError("the engine outlived its command")


def test_the_exact_model_keeps_what_it_found_when_asked_to_stop(toy_problem: object) -> None:
    watch = Watch(1000)
    watch.stopped = True
    result = solve(toy_problem, Settings(solver="monolith-highs", workers=1), watch)  # type: ignore[arg-type]
    assert result.status == "no_solution"
