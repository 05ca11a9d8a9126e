"""The real archipelago, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario


@pytest.fixture(scope="session")
def zhoushan() -> Scenario:
    return read_scenario(Path(__file__).resolve().parents[2] / "data" / "zhoushan")
