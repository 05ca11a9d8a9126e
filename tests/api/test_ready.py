"""The plan that lies ready: in place soon after the end was asked for, whoever else is slow, and never over a newer one."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest

from api.ready import PATIENCE_S, Overtaken, Ready
from islandflow.ferry.plan import FerryPlan

PLAN = FerryPlan("summer-weekend", ())


def at_work(folder: Path) -> tuple[Ready, list[str]]:
    """A plan folder in the making, and what is said of it."""
    said: list[str] = []

    def write(_: FerryPlan, objective: int, target: Path) -> None:
        target.mkdir(exist_ok=True)
        (target / "plan.json").write_text(json.dumps({"objective": objective}), encoding="utf-8")

    out = folder / "plan"
    return Ready(out, write, lambda _: said.append("fresh"), lambda: said.append("kept"), lambda: said.append("report")), said


def test_the_newest_plan_takes_its_place_while_the_search_still_works(tmp_path: Path) -> None:
    ready, said = at_work(tmp_path)
    for objective in (9, 7):
        ready.keep(PLAN, objective)
    begun = time.monotonic()
    ready.stop()
    ready.keep(PLAN, 5)  # too late: it might not be whole when it is taken
    assert ready.done.wait(PATIENCE_S + 5)
    assert time.monotonic() - begun >= PATIENCE_S
    assert json.loads((tmp_path / "plan" / "plan.json").read_text()) == {"objective": 7}
    assert said == ["fresh", "kept", "report"]
    with pytest.raises(Overtaken):
        ready.claim()
    ready.finish()
    assert [f.name for f in tmp_path.iterdir()] == ["plan"]


def test_who_is_quick_enough_is_not_overtaken(tmp_path: Path) -> None:
    ready, said = at_work(tmp_path)
    ready.keep(PLAN, 9)
    ready.stop()
    ready.claim()
    ready.overtake()
    assert (said, (tmp_path / "plan").exists()) == ([], False)
    ready.finish()
    assert list(tmp_path.iterdir()) == []


def test_without_a_plan_nothing_is_put_in_place_and_whoever_searches_goes_on(tmp_path: Path) -> None:
    ready, said = at_work(tmp_path)
    ready.asked = True
    ready.overtake()
    assert said == []
    ready.claim()


def test_of_two_hands_one_places_the_plan(tmp_path: Path) -> None:
    for round_ in range(50):
        ready, said = at_work(tmp_path)
        ready.keep(PLAN, round_)
        barrier, won = threading.Barrier(2), []

        def claim(ready: Ready = ready, barrier: threading.Barrier = barrier, won: list[str] = won) -> None:
            barrier.wait()
            try:
                ready.claim()
                won.append("search")
            except Overtaken:
                pass

        def overtake(ready: Ready = ready, barrier: threading.Barrier = barrier) -> None:
            barrier.wait()
            ready.overtake()

        hands = [threading.Thread(target=claim), threading.Thread(target=overtake)]
        for h in hands:
            h.start()
        for h in hands:
            h.join()
        assert len(won) + said.count("kept") == 1
        ready.finish()
