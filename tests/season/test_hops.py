"""Trips over islands by hand: what a day and two days allow, hours ashore to the minute, and what falls away without hop sailings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from islandflow.ferry.plan import Call, Sailing
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.land import land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Hop, Scenario
from islandflow.season.folder import SeasonFolder
from islandflow.season.hops import Trip, hop_line_rows, hop_rows, is_hop, one_day, two_days
from islandflow.units import clock, minutes

BOTH = Hop("both", "两岛", "both islands", "hub", ("near-t", "far-t"), "hub")


def boat(name: str, line: str, *calls: tuple[str, str]) -> Sailing:
    """Ports with the minute at which a boat calls; it arrives and leaves at once."""
    last = len(calls) - 1
    times = [(port, minutes(at)) for port, at in calls]
    return Sailing(name, line, "small-01", tuple(Call(p, m if n else None, m if n < last else None) for n, (p, m) in enumerate(times)))


OUT = boat("A", "L1", ("hub", "08:00"), ("near-t", "08:30"))
HOP = boat("B", "L3", ("near-t", "12:00"), ("far-t", "12:30"))
HOME = boat("C", "L2", ("far-t", "16:00"), ("hub", "16:50"))


@pytest.fixture
def day(toy: Scenario, toy_network: SeaNetwork) -> RunningDay:
    return running_day(toy, toy_network, land_ways(toy), (OUT, HOP, HOME))


@pytest.mark.slow
def test_a_day_over_two_islands_to_the_minute(day: RunningDay) -> None:
    found = one_day(day, BOTH)
    assert isinstance(found, Trip)
    assert (found.stops, found.ashore) == (("near-t", "far-t"), (210, 210))
    assert found.days[0].boats == 3
    assert one_day(day, replace(BOTH, to_port="near-t", stops=("far-t", "hub"))) is None


def test_the_longest_stay_is_taken(toy: Scenario, toy_network: SeaNetwork) -> None:
    early = boat("D", "L1", ("hub", "06:00"), ("near-t", "06:30"))
    found = one_day(running_day(toy, toy_network, land_ways(toy), (early, OUT, HOP, HOME)), Hop("h", "", "", "hub", ("near-t",), "far-t"))
    assert found is not None
    assert found.days[0].legs[0].sailing == "D"


def test_less_than_an_hour_is_no_stay(toy: Scenario, toy_network: SeaNetwork) -> None:
    # ashore from 8:30; an hour, then the check-in
    at = 510 + 60 + toy.whole("check_in_min")
    for leaves, possible in ((at, True), (at - 1, False)):
        hop = boat("B", "L3", ("near-t", clock(leaves)), ("far-t", "10:30"))
        found = one_day(running_day(toy, toy_network, land_ways(toy), (OUT, hop, HOME)), Hop("h", "", "", "hub", ("near-t",), "far-t"))
        assert (found is not None) == possible


def test_two_days_when_one_is_too_short(toy: Scenario, toy_network: SeaNetwork) -> None:
    home = boat("C", "L2", ("far-t", "09:00"), ("hub", "09:50"))
    day = running_day(toy, toy_network, land_ways(toy), (OUT, HOP, home))
    assert one_day(day, BOTH) is None
    found = two_days(day, BOTH)
    assert found is not None
    assert found.stops == ("near-t", "far-t")
    # far island: 12:30 to 19:00 and 7:00 to 9:00, less the check-in
    assert found.ashore[1] == 390 + 120 - toy.whole("check_in_min")


def test_hop_lines_are_told_with_people_and_money_and_trips_with_and_without_them(season: SeasonFolder, toy_network: SeaNetwork) -> None:
    scenario = season.scenario
    hop = replace(scenario.lines["L3"], kind="hop", periods=("summer-weekend",))
    opened = {k: replace(v, hop_lines=k == "summer-weekend") for k, v in scenario.services.items()}
    changed = replace(scenario, lines={**scenario.lines, "L3": hop}, services=opened, hops={"both": BOTH})
    plans = {s: replace(p, scenario=changed) for s, p in season.plans.items()}
    rows = {r["service"]: r for r in hop_line_rows(changed, plans, season.year.by_service())}
    folder = plans["summer-weekend"]
    riding = sum(b.people for b in folder.plan.boardings if b.segment != "vehicle" and any(r.sailing == "S06" for r in b.rides))
    money = next(r for r in folder.money if r["line"] == "L3")
    assert (rows["summer-weekend"]["sailings"], rows["summer-weekend"]["people"]) == (1, riding)
    assert rows["summer-weekend"]["cost_yuan"] == float(money["cost_yuan"])
    assert rows["summer-weekend"]["dates"] == 2
    assert riding
    assert [s.id for s in folder.plan.sailings if is_hop(changed, s)] == ["S06"]
    trips = [r for r in hop_rows(changed, plans, toy_network) if r["service"] == "summer-weekend"]
    assert [r["days"] for r in trips] == [1, 2]
    assert all(r["without_hops"] <= r["possible"] for r in trips)
