"""What most tests share: the toy scenario and a copy of it to damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from islandflow.ferry.problem import FerryProblem
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def toy() -> Scenario:
    return read_scenario(ROOT / "data" / "toy")


@pytest.fixture(scope="session")
def toy_network(toy: Scenario) -> SeaNetwork:
    return build_network(toy)


@pytest.fixture(scope="session")
def toy_problem(toy: Scenario, toy_network: SeaNetwork) -> FerryProblem:
    return FerryProblem.from_scenario(toy, "summer-weekend", toy_network)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of data/toy that a test may damage."""
    return Path(shutil.copytree(ROOT / "data" / "toy", tmp_path / "toy"))
