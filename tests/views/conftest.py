"""A plan of the toy made by hand: nothing here comes from a solver."""

from __future__ import annotations

import pytest

from api.service import write_plan
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.ferry.plan import Call, FerryPlan, Sailing
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import Scenario

BIG, SMALL = "big-01", "small-01"
# id, line, vessel, (port, arrives, departs) ...; clean under the audit, some obligations unmet
DAY = (
    ("S01", "L1", SMALL, (("near-t", "", "07:00"), ("hub", "07:30", ""))),
    ("S02", "L1", BIG, (("hub", "", "08:00"), ("near-t", "08:33", ""))),
    ("S03", "L2", SMALL, (("hub", "", "08:00"), ("far-t", "08:50", ""))),
    ("S04", "L2", SMALL, (("far-t", "", "09:00"), ("hub", "09:50", ""))),
    ("S05", "L1", BIG, (("near-t", "", "10:00"), ("hub", "10:33", ""))),
    ("S06", "L3", SMALL, (("hub", "", "15:00"), ("near-t", "15:32", "15:37"), ("far-t", "16:07", ""))),
    ("S07", "L1", BIG, (("hub", "", "17:00"), ("near-t", "17:33", ""))),
    ("S08", "+", SMALL, (("far-t", "", "16:30"), ("near-t", "17:00", ""))),
    ("S09", "L1", BIG, (("near-t", "", "18:00"), ("hub", "18:33", ""))),
)


def minute(text: str) -> int | None:
    """HH:MM, or None for nothing."""
    return int(text[:2]) * 60 + int(text[3:]) if text else None


def day_by_hand() -> tuple[Sailing, ...]:
    """Nine sailings of two vessels."""
    return tuple(
        Sailing(name, line, vessel, tuple(Call(port, minute(a), minute(d)) for port, a, d in calls)) for name, line, vessel, calls in DAY
    )


@pytest.fixture(scope="session")
def hand(toy: Scenario, toy_network: SeaNetwork, tmp_path_factory: pytest.TempPathFactory) -> PlanFolder:
    """The plan folder of the day by hand; read it, do not change it."""
    folder = tmp_path_factory.mktemp("hand") / "plan"
    sailings = day_by_hand()
    plan = FerryPlan("summer-weekend", sailings, seat_passengers(toy, "summer-weekend", sailings))
    info = {"status": "feasible", "service": plan.service, "objective": None, "bound": None, "gap": None, "gap_net": None, "clusters": [],
            "stage1": {"violations": 0, "bound": 0, "proven": False}, "seed": 0, "solver": "hand", "settings": {}, "versions": {}}  # fmt: skip
    write_plan(toy, toy_network, plan, folder, "zh", info, None)
    return read_plan(folder)
