"""Settings do what their page says, and every one of them stands on it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from islandflow.ferry.problem import FerryProblem
from islandflow.result import Result
from solvers.contract import PRESETS, Settings, Watch, preset, solve

PAGE = (Path(__file__).parents[2] / "docs/settings.md").read_text(encoding="utf-8")
BASE = Settings(solver="greedy", iterations=40, workers=1, time_limit=60)


@pytest.mark.parametrize("name", [f.name for f in fields(Settings)])
def test_every_setting_is_on_the_page_with_its_default(name: str) -> None:
    default = getattr(Settings(), name)
    shown = f"{default:g}" if isinstance(default, float) else str(default)
    assert f"| `{name}` | {shown} |" in PAGE


def test_the_presets_are_on_the_page() -> None:
    times = [f"{preset(p.stem).time_limit:,.0f}" for p in sorted(PRESETS.glob("*.toml"), key=lambda p: preset(p.stem).time_limit)]
    assert "(" + ", ".join(times) + " s)" in PAGE


def run(problem: FerryProblem, **changes: object) -> Result:
    return solve(problem, BASE.changed(changes), Watch(60))


def test_more_rounds_raise_the_bound_and_never_the_cost(toy_problem: FerryProblem) -> None:
    short, long = run(toy_problem, iterations=2), run(toy_problem, iterations=80)
    assert (short.bound or 0) < (long.bound or 0)
    assert (long.objective or 0) <= (short.objective or 0)
    assert short.stopped_by == long.stopped_by == "iterations"


def test_a_short_time_limit_stops_and_says_so(toy_problem: FerryProblem) -> None:
    result = solve(toy_problem, Settings(solver="greedy", time_limit=3, workers=1), Watch(3))
    assert result.stopped_by == "time limit"
    assert result.seconds < 6  # noqa: PLR2004


def test_a_gap_at_which_to_stop_gives_up_the_proof(toy_problem: FerryProblem) -> None:
    loose = run(toy_problem, solver="monolith-highs", iterations=0, mip_gap=0.3)
    assert loose.gap is not None
    assert 0 < loose.gap <= 0.3  # noqa: PLR2004
    assert loose.status == "feasible"


@pytest.mark.parametrize("change", [{"seed": 7}, {"ruin_vessels": 1}, {"heat": 3.0}])
def test_search_settings_change_the_search(coarse_problem: FerryProblem, change: dict[str, object]) -> None:
    """Over several lengths of the search some plan differs: the setting reaches it."""
    lengths = (3, 10, 30, 120)
    plain = [run(coarse_problem, iterations=n).plan for n in lengths]
    changed = [run(coarse_problem, iterations=n, **change).plan for n in lengths]
    assert plain != changed
