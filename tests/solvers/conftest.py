"""Small problems for the solvers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario, Setting


@pytest.fixture(scope="session")
def coarse_problem(toy: Scenario, toy_network: SeaNetwork) -> FerryProblem:
    """The toy on a one-hour grid, with three boats of each kind."""
    fleets = {name: replace(f, count=3) for name, f in toy.fleets.items()}
    coarse = replace(toy, fleets=fleets, settings={**toy.settings, "grid_min": Setting("grid_min", 60)})
    return FerryProblem.from_scenario(coarse, "summer-weekend", toy_network)
