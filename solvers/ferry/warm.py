"""Compiles the kernels of the ferry planner once, so that no plan waits for it: a short plan of the toy."""

from __future__ import annotations

from pathlib import Path

from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import build_network
from islandflow.scenario.reader import read_scenario
from solvers.contract import Settings, Watch
from solvers.ferry.anneal import Annealer
from solvers.ferry.coverage import coverage
from solvers.ferry.fleet_search import FleetSearch
from solvers.ferry.lagrangian import Lagrangian
from solvers.ferry.tables import tables

TOY = Path(__file__).parents[2] / "data" / "toy"


def warm() -> None:
    """One round of each phase; the compiled code is kept beside the sources."""
    scenario = read_scenario(TOY)
    problem = FerryProblem.from_scenario(scenario, next(iter(scenario.services)), build_network(scenario))
    t, watch = tables(problem), Watch(1e6)
    search = FleetSearch(problem, t, coverage(problem, day_trips=True), 1)
    search.fill(lambda: False)
    search.move(Settings().ruin_vessels)
    bound = Lagrangian(problem, t, coverage(problem))
    bound.climb(watch.phase(1.0, 1))
    found = Annealer(problem, t, coverage(problem, day_trips=True), 1)
    found.guide(bound.prices[0], bound.split)
    found.load(dict(search.days()))
    found.run(1.0, 2, watch.phase(1.0, 1), lambda share: None)


if __name__ == "__main__":
    warm()
