"""Tides, quiet hours, weather and batteries in every solver: random tiny archipelagos against all timetables there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.problem import FerryProblem
from islandflow.scenario.entities import Scenario
from islandflow.units import clock
from solvers.contract import Settings, Watch, solve
from solvers.ferry import workers
from solvers.ferry.coverage import coverage
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables
from tests.ferry.builders import SERVICE
from tests.solvers.archipelagos import Best, archipelago, best_plan


def natural(scenario: Scenario, random: np.random.Generator) -> Scenario:
    """The scenario with tides at one port, a quiet night at another, rough water, and now and then a fleet on batteries or of one crew."""
    names = list(scenario.ports)
    ports = dict(scenario.ports)
    low = int(random.integers(330, 700))
    tidal, still, rough = (str(random.choice(names)) for _ in range(3))
    tides = f"{clock(low)}-{clock(low + 150)};{clock(low + 330)}-{clock(low + 600)}"
    ports[tidal] = replace(ports[tidal], tide_windows=tides)
    ports[still] = replace(ports[still], quiet_hours=f"{clock(int(random.integers(840, 1080)))}-07:{int(random.integers(0, 60)):02d}")
    ports[rough] = replace(ports[rough], exposure="outer")
    chargers = float(random.choice([100.0, 300.0]))
    ports = {name: replace(p, charging_kw=chargers if random.random() < 0.8 else 0.0) for name, p in ports.items()}  # noqa: PLR2004
    fleets = {}
    for name, fleet in scenario.fleets.items():
        battery = float(random.choice([0.0, 0.0, 40.0, 80.0]))
        fleets[name] = replace(
            fleet, wind_limit_bft=int(random.integers(5, 9)), quiet=bool(random.random() < 0.3), second_crew=bool(random.random() < 0.6),  # noqa: PLR2004
            battery_kwh=battery,
        )  # fmt: skip
    service = replace(scenario.services[SERVICE], wind_outer_bft=6)
    return replace(scenario, ports=ports, fleets=fleets, services={**scenario.services, SERVICE: service})


def drawn(number: int) -> tuple[FerryProblem, Best]:
    """The archipelago of that number: the first of its seeds with sailings and few enough timetables."""
    for seed in range(1000 * number, 1000 * number + 1000):
        plain = archipelago(seed)
        problem = FerryProblem.from_scenario(natural(plain.scenario, np.random.default_rng(seed)), SERVICE, plain.network)
        if problem.candidates and problem.markets and (best := best_plan(problem, 2000)) is not None and best.timetables > 1:
            return problem, best
    raise AssertionError(f"no small archipelago among the seeds of {number}")


@pytest.mark.parametrize("n", [pytest.param(n, marks=[] if n < 5 else [pytest.mark.slow]) for n in range(40)])
def test_every_solver_keeps_the_rules_and_no_bound_passes_the_best_plan(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem, best = drawn(n)
    impossible = sum(need.least for need in coverage(problem).impossible)
    done = iter(range(61))
    bound = Lagrangian(problem, tables(problem), coverage(problem), best.missing - impossible).climb(lambda: next(done) / 60)
    assert bound <= best.objective
    for name in ("monolith-highs", "monolith-cpsat"):
        result = solve(problem, Settings(solver=name, workers=1, time_limit=60), Watch(60))
        assert (result.status, result.missing, result.objective) == ("optimal", best.missing, best.objective)
    monkeypatch.setattr(workers, "TINY", 0)
    for name in ("columns", "greedy"):
        result = solve(problem, Settings(solver=name, workers=1, iterations=12, time_limit=60), Watch(60))
        assert result.plan is not None
        assert audit_plan(problem.scenario, result.plan, problem.network).clean
        assert result.objective is not None
        assert (result.bound or 0) <= best.objective
        if result.missing == best.missing:
            assert result.objective >= best.objective
