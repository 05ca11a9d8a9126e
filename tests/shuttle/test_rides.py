"""The buses of a plan's folder as journeys take them: every run as planned, and everyone planned aboard finds that way again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from islandflow.errors import BadInput
from islandflow.ferry.folder import read_plan
from islandflow.network.sea import build_network
from islandflow.passengers.buses import Buses, read_buses
from islandflow.passengers.journeys import Rules, earliest_arrival, pareto_journeys
from islandflow.passengers.land import land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.shuttle.folder import read_shuttle_folder
from tests.shuttle.test_folder import folder  # noqa: F401  (the fixture)

pytestmark = pytest.mark.slow  # shuttles are planned for it; tests/passengers/test_boat_runs.py reads tables written by hand


@pytest.fixture(scope="module")
def plan(village_ferry: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: F811
    """A ferry plan that holds shuttles."""
    both = tmp_path_factory.mktemp("both") / "plan"
    shutil.copytree(village_ferry, both)
    shutil.copytree(folder, both / "shuttles")
    return both


@pytest.fixture(scope="module")
def day(plan: Path) -> RunningDay:
    ferry = read_plan(plan)
    buses = read(plan)
    return running_day(ferry.scenario, build_network(ferry.scenario), land_ways(ferry.scenario, buses.islands), ferry.plan.sailings, buses=buses.trips)


def read(plan: Path) -> Buses:
    ferry = read_plan(plan)
    found = read_buses(plan, ferry.scenario, ferry.plan.service)
    assert found is not None
    return found


def test_every_run_is_a_trip_with_its_minutes(plan: Path) -> None:
    runs = read_shuttle_folder(plan / "shuttles").plan.days["near"].runs
    trips = {t.trip: t for t in read(plan).trips}
    assert len(trips) == len(runs) > 4
    for run in runs:
        trip = trips[f"near.{run.run_id}"]
        assert (trip.vehicle, trip.seats, trip.people) == (run.vehicle, 12, sum(x.people for x in run.loads))
        assert trip.people <= trip.seats
        if run.kind == "out":
            assert [(h.node, h.arrives, h.departs) for h in trip.halts] == [("near-t", None, run.begins), *((h.stop, h.minute, None) for h in run.halts)]
            assert trip.meets
            assert all(m.ready <= run.begins for m in trip.meets)
        else:
            assert [(h.node, h.arrives, h.departs) for h in trip.halts] == [*((h.stop, None, h.minute) for h in run.halts), ("near-t", run.ends, None)]
            assert not trip.meets


def test_everyone_planned_aboard_finds_the_way_again(plan: Path, day: RunningDay) -> None:
    """From the boat that a bus meets to the stop, and from the stop to the boat that it brings people to, no later than planned."""
    rules = Rules.of(day)
    found = read_shuttle_folder(plan / "shuttles")
    sailings = {s.id: s for s in found.ferry.sailings}
    checked = 0
    for run in found.plan.days["near"].runs:
        at = {h.stop: h.minute for h in run.halts}
        for load in run.loads:
            call, _, stop = load.party.rpartition("-")
            sailing = sailings[call.split("-near-t-")[0]]
            k = next(n for n, c in enumerate(sailing.calls) if c.port == "near-t")
            if run.kind == "out":
                before = sailing.calls[k - 1]
                assert before.departs is not None
                way = earliest_arrival(day, before.port, stop, before.departs - rules.check_in, rules)
                assert way is not None
                assert way.arrives <= at[stop]
            else:
                after = sailing.calls[k + 1].arrives
                assert after is not None
                ways = pareto_journeys(day, stop, sailing.calls[k + 1].port, at[stop], after, rules)
                assert any(w.departs >= at[stop] for w in ways)
            checked += load.people
    assert checked > 20


def test_a_settlement_that_is_no_place_is_named(day: RunningDay) -> None:
    assert day.land.nodes[day.land.index["beach"]] == "beach"
    assert day.land.nodes[day.land.index["village"]] == "village"
    found = pareto_journeys(day, "beach", "hub")
    assert any(leg.mode == "bus" and leg.from_node == "beach" for way in found for leg in way.legs)


def test_a_plan_without_buses_has_none(village_ferry: Path) -> None:
    ferry = read_plan(village_ferry)
    assert read_buses(village_ferry, ferry.scenario, ferry.plan.service) is None


def _of_winter(file: Path) -> None:
    (file / "plan.json").write_text((file / "plan.json").read_text(encoding="utf-8").replace("summer-weekend", "winter-weekday"), encoding="utf-8")


def _nowhere(file: Path) -> None:
    (file / "halts.csv").write_text((file / "halts.csv").read_text(encoding="utf-8").replace(",beach,", ",beech,"), encoding="utf-8")


def _no_boats(file: Path) -> None:
    (file / "boats.csv").unlink()


def _torn(file: Path) -> None:
    (file / "plan.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(("damage", "said"), [
    (_of_winter, "plan.json.*winter-weekday"), (_nowhere, "halts.csv.*beech.*beach"), (_no_boats, "boats.csv"), (_torn, "no folder of a shuttle plan"),
])  # fmt: skip
def test_buses_that_do_not_fit_are_refused(plan: Path, tmp_path: Path, damage: Callable[[Path], None], said: str) -> None:
    shutil.copytree(plan, tmp_path / "x")
    damage(tmp_path / "x" / "shuttles")
    with pytest.raises(BadInput, match=f"(?s){said}"):
        read(tmp_path / "x")
