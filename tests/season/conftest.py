"""A season of the toy made by hand: two patterns with the same day; nothing here comes from a solver."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.service import write_plan
from islandflow.ferry.folder import write_json
from islandflow.ferry.plan import FerryPlan
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.writer import write_scenario
from islandflow.season.core import core_departures, core_wishes, with_wishes
from islandflow.season.folder import HEAD, PLANS, SeasonFolder, read_season
from tests.views.conftest import day_by_hand

SERVICES = ("winter-weekday", "summer-weekend")
INFO = {"status": "feasible", "objective": None, "bound": None, "gap": None, "gap_net": None, "clusters": [], "stopped_by": "finished",
        "stage1": {"violations": 0, "bound": 0, "proven": False}, "seed": 0, "solver": "hand", "settings": {}, "versions": {}}  # fmt: skip


@pytest.fixture(scope="session")
def season(toy: Scenario, toy_network: SeaNetwork, tmp_path_factory: pytest.TempPathFactory) -> SeasonFolder:
    """In winter the whole day by hand; in summer without the noon boats, so that one core departure is missing."""
    out: Path = tmp_path_factory.mktemp("season") / "season"
    sailings = day_by_hand()
    core = core_departures(toy, FerryPlan(SERVICES[0], sailings))
    write_scenario(with_wishes(toy, core_wishes(core, 500.0)), out / "scenario")
    scenario = read_scenario(out / "scenario")
    for service in SERVICES:
        mine = sailings if service == SERVICES[0] else tuple(s for s in sailings if s.id not in ("S05", "S02"))
        plan = FerryPlan(service, mine, seat_passengers(scenario, service, mine))
        write_plan(scenario, toy_network, plan, out / PLANS / service, "en", {**INFO, "service": service}, None, report=False)
    key = {"settings": {}, "cluster": ""}
    head = {"state": "complete", "year": 2026, "services": list(SERVICES), "core_from": SERVICES[0], "key": key, "what_if": [], "versions": {}}
    write_json(out / HEAD, head)
    return read_season(out)


