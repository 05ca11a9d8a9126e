"""The notice board: a golden text in each language, of a day made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.views.board import FREQUENT, board_text, padded, width

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_of_the_toy_is_as_printed(hand: PlanFolder, lang: str) -> None:
    assert board_text(hand.scenario, hand.plan, lang) == (GOLDEN / f"toy-{lang}.txt").read_text(encoding="utf-8")


def test_every_sailing_stands_on_the_board_once(hand: PlanFolder) -> None:
    board = board_text(hand.scenario, hand.plan, "en")
    rows = [x for x in board.splitlines() if x.startswith("  ") and x[2:4].isdigit()]
    assert sorted(r.split()[0] for r in rows) == sorted(f"{s.departs // 60:02d}:{s.departs % 60:02d}" for s in hand.plan.sailings)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_fits_a_terminal(hand: PlanFolder, lang: str) -> None:
    assert max(width(x) for x in board_text(hand.scenario, hand.plan, lang).splitlines()) <= 80


def shuttle(number: int) -> FerryPlan:
    """So many sailings hub to near, two of them at the same minute."""
    times = [360 + 20 * max(0, n - 1) for n in range(number)]
    calls = [(Call("hub", None, t), Call("near-t", t + 33, None)) for t in times]
    return FerryPlan("summer-weekend", tuple(Sailing(f"S{n:02d}", "L1", "big-01", c) for n, c in enumerate(calls)))


def test_a_frequent_line_is_told_by_the_hour(toy: Scenario) -> None:
    assert "06:00  06:33" in board_text(toy, shuttle(FREQUENT), "en")
    board = board_text(toy, shuttle(FREQUENT + 1), "en")
    assert "  06 | 00×2 20 40" in board
    assert "06:33" not in board


def test_past_midnight_the_next_day_is_named(toy: Scenario) -> None:
    late = Sailing("S1", "L1", "big-01", (Call("hub", None, 1430), Call("near-t", 1463, None)))
    plan = FerryPlan("summer-weekend", (late,))
    assert "次日 00:23" in board_text(toy, plan, "zh")
    assert "00:23 next day" in board_text(toy, plan, "en")


def test_a_line_or_a_port_alone(hand: PlanFolder) -> None:
    assert "L2" not in board_text(hand.scenario, hand.plan, "en", line="L1")
    assert "L1" not in board_text(hand.scenario, hand.plan, "en", port="far-t")


def test_alternate_days_are_said_in_words(hand: PlanFolder) -> None:
    lines = dict(hand.scenario.lines)
    lines["L2"] = replace(lines["L2"], days="135")
    other = replace(hand.scenario, lines=lines)
    assert "周一、三、五" in board_text(other, hand.plan, "zh")
    assert "Mon, Wed, Fri" in board_text(other, hand.plan, "en")


def test_widths_count_cells() -> None:
    assert width("近岛 A") == 6
    assert padded("近岛", 6) == "近岛  "
