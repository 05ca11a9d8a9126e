"""Sea, tide, night and battery on a whole plan: each fact at its limit, and one step past it. Called by `breaks`, with its `Whole`."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from islandflow.ferry.plan import Sailing
from islandflow.scenario.entities import Fleet
from islandflow.units import clock

if TYPE_CHECKING:
    from tests.ferry.breaks import Whole

Found = tuple["Whole", "Whole", int, str, int]  # limit, past, amount, unit, times


def _legs(w: Whole, fleet: str) -> list[Sailing]:
    return [s for s in w.plan.sailings if w.scenario.vessel_fleet(s.vessel).fleet_id == fleet]


def _fleet(w: Whole) -> str:
    return w.scenario.vessel_fleet(w.plan.sailings[0].vessel).fleet_id


def _still(w: Whole, **sea: Any) -> Whole:
    """All ports as exposed as each other."""
    for name in w.scenario.ports:
        w = w.row("ports", name, exposure="open")
    return w.row("services", w.plan.service, **sea)


def wind(w: Whole) -> Found:
    fleet, calm = _fleet(w), _still(w, wind_open_bft=4)
    times = sum(len(s.calls) - 1 for s in _legs(w, fleet))
    return calm.row("fleets", fleet, wind_limit_bft=4), calm.row("fleets", fleet, wind_limit_bft=3), 1, "bft", times


def waves(w: Whole) -> Found:
    fleet, calm = _fleet(w), _still(w, wave_open_m=0.5)
    times = sum(len(s.calls) - 1 for s in _legs(w, fleet))
    return calm.row("fleets", fleet, wave_limit_m=0.5), calm.row("fleets", fleet, wave_limit_m=0.49), 1, "cm", times


def visibility(w: Whole) -> Found:
    fleet, hazy = _fleet(w), w.row("services", w.plan.service, visibility_m=5000)
    times = len(_legs(w, fleet))
    return hazy.row("fleets", fleet, visibility_limit_m=5000), hazy.row("fleets", fleet, visibility_limit_m=5001), 1, "m", times


def _moves(w: Whole, port: str) -> Iterator[int]:
    for s in w.plan.sailings:
        for c in s.calls:
            if c.port == port:
                yield from (m for m in {c.arrives, c.departs} if m is not None)


def tide(w: Whole) -> Found:
    port = w.plan.sailings[0].ports[0]
    at = sorted(_moves(w, port))
    windows = [f"{clock(begin)}-{clock(at[-1] + 1)}" for begin in (at[0], at[0] + 1)]
    return w.row("ports", port, tide_windows=windows[0]), w.row("ports", port, tide_windows=windows[1]), 1, "min", at.count(at[0])


def quiet(w: Whole) -> Found:
    port = w.plan.sailings[0].ports[0]
    at = sorted(_moves(w, port))
    nights = [f"00:00-{clock(end)}" for end in (at[0], at[0] + 1)]
    return w.row("ports", port, quiet_hours=nights[0]), w.row("ports", port, quiet_hours=nights[1]), 1, "min", at.count(at[0])


def _electric(w: Whole, fleet: str, power: float, battery: float, kw: float = 1e6) -> Whole:
    """The fleet on batteries, every port with a charger so strong that nobody waits for it."""
    for name in w.scenario.ports:
        w = w.row("ports", name, charging_kw=kw)
    return w.row("fleets", fleet, power_kw=power, battery_kwh=battery)


def range_(w: Whole) -> Found:
    fleet = _fleet(w)
    minutes = [s.arrives - s.departs for s in _legs(w, fleet)]
    longest = max(minutes)  # at 60 kW a minute takes a kilowatt-hour
    limit, past = (_electric(w, fleet, 60.0, float(longest - less)) for less in (0, 1))
    return limit, past, 1, "kwh", minutes.count(longest)


def charging(w: Whole) -> Found:
    """A charger of 60 kW gives a boat of 60 kW back in a minute what it took in one; the tightest turn decides."""
    day = max(w.plan.rotations, key=lambda r: (len(r.sailings), r.vessel))
    fleet: Fleet = w.scenario.vessel_fleet(day.vessel)
    turns = [
        (a.arrives - a.departs, b.departs - a.arrives)
        for r in w.plan.rotations
        for a, b in pairwise(r.sailings)
        if w.scenario.vessel_fleet(r.vessel) == fleet
    ]
    under_way, ashore = max(turns, key=lambda t: t[0] / t[1])
    power = 60.0
    at_limit = power * under_way / ashore
    strong = _electric(w, fleet.fleet_id, power, 1e6, at_limit + 1e-9)
    weak = _electric(w, fleet.fleet_id, power, 1e6, power * under_way / (ashore + 1) + 1e-9)
    short = [math.ceil(u * (ashore + 1) / under_way - 1e-6) - t for u, t in turns]
    assert max(short) == 1
    return strong, weak, 1, "min", short.count(1)
