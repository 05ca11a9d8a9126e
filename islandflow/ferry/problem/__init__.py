"""The ferry problem: everything a solver may choose from, in arrays; built from the facts, never from a plan.

A *candidate sailing* is a pattern of a circuit at a slot of the grid; candidates are numbered pattern by pattern, slot by slot,
and are never stored one by one. Money is whole fen, time whole minutes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from islandflow.errors import BadInput, Fault
from islandflow.ferry.problem.duties import NO_CREW_FEN, Window, crew_windows, in_range, layover, sailing_fen, second_crew_fen
from islandflow.ferry.problem.hours import open_slots
from islandflow.ferry.problem.markets import IntArray, Market, Stretches, left_behind_fen, markets, price_fen_h, stretches
from islandflow.ferry.problem.needs import Need, needs
from islandflow.ferry.problem.patterns import Circuit, Pattern, circuits, patterns
from islandflow.network.sea import SeaNetwork
from islandflow.passengers.access import Access, land_access
from islandflow.passengers.groups import passenger_groups
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import fen


@dataclass(frozen=True, eq=False)
class FerryProblem:
    """Candidates, passengers and obligations of one service pattern.

    Slots are numbered from 0; slot ``t`` is minute ``start + t * step``. Pattern ``r`` may leave at slots
    ``low[r] <= t < high[r]`` (a pattern whose day tides or quiet hours interrupt stands once for each stretch of it); its sailing at slot ``t`` is candidate ``first[r] + t - low[r]``. ``block`` is the time to the next
    departure in slots. Groups of market ``o`` are ``group_ptr[o]:group_ptr[o + 1]``.
    """

    scenario: Scenario
    network: SeaNetwork
    service: str
    access: Access
    circuits: tuple[Circuit, ...]
    patterns: tuple[Pattern, ...]
    markets: tuple[Market, ...]
    rides: Stretches
    needs: tuple[Need, ...]
    windows: tuple[Window, ...]
    start: int
    step: int
    slots: int
    copies: int
    low: IntArray
    high: IntArray
    first: IntArray
    block: IntArray
    cost: IntArray
    circuit_of: IntArray
    group_ptr: IntArray
    size: IntArray
    wanted: IntArray
    fen_h: IntArray
    left_fen: IntArray
    on_deck: IntArray
    day_fen: IntArray
    second_fen: IntArray

    @classmethod
    def from_scenario(cls, scenario: Scenario, service: str, network: SeaNetwork) -> FerryProblem:
        """The problem of one service pattern; KeyError if the scenario has no such pattern."""
        scenario.services[service]
        access = land_access(scenario)
        groups = passenger_groups(scenario, service)
        found_markets = markets(scenario, service, groups, access)
        quay = {p.place_id: p.port_id for p in scenario.ports.values()}
        demand: dict[tuple[str, str], int] = defaultdict(int)
        for group in groups:
            for a in _doors(quay, access, group.from_place):
                for b in _doors(quay, access, group.to_place):
                    demand[a, b] += group.size
        found_circuits = circuits(scenario, service)
        found = [p for k, c in enumerate(found_circuits) for p in patterns(scenario, network, service, c, k, demand)]
        found = [p for p in found if in_range(scenario, found_circuits[p.circuit].fleet, p.calls, p.minutes)]
        step = scenario.whole("grid_min")
        start = min(p.opens for p in scenario.ports.values()) // step * step
        slots = (max(p.closes for p in scenario.ports.values()) - start) // step + 1
        fleets = [c.fleet for c in found_circuits]
        # tides and quiet hours tear the day of a pattern into stretches, each a pattern of its own
        runs = [(p, a, b) for p in found for a, b in open_slots(scenario, fleets[p.circuit], p, start, step, slots)]
        _refuse_long_days(scenario, fleets, runs, step)
        found, low, high = [p for p, _, _ in runs], _ints([a for _, a, _ in runs]), _ints([b for _, _, b in runs])
        block = [-(-(p.minutes + layover(scenario, fleets[p.circuit], p)) // step) for p in found]
        whole = [g for m in found_markets for g in m.groups]
        return cls(
            scenario, network, service, access, found_circuits, tuple(found), found_markets,
            stretches(found, found_markets, access), needs(scenario, service), crew_windows(scenario),
            start, step, slots, scenario.whole("departures_per_slot"),
            low, high, _ints([0, *np.cumsum(high - low)[:-1]]) if len(found) else _ints([]),
            _ints(block), _ints([sailing_fen(scenario, fleets[p.circuit], p.minutes, len(p.calls) - 1) for p in found]),
            _ints([p.circuit for p in found]),
            _ints([0, *np.cumsum([len(m.groups) for m in found_markets])]),
            _ints([g.size for g in whole]), _ints([g.wanted for g in whole]),
            _ints([price_fen_h(scenario, m.segment) for m in found_markets]),
            _ints([left_behind_fen(scenario, m.segment) for m in found_markets]),
            _ints([m.segment == "vehicle" for m in found_markets]),
            _ints([fen(f.day_cost_yuan) for f in fleets]),
            _ints([second_crew_fen(scenario, f) for f in fleets]),
        )  # fmt: skip

    @property
    def candidates(self) -> int:
        """Number of candidate sailings."""
        return int((self.high - self.low).sum())

    @property
    def people(self) -> int:
        """People and vehicles who want to travel."""
        return int(self.size.sum())

    def pattern_of(self, candidate: int) -> int:
        """The pattern of a candidate sailing."""
        return int(np.searchsorted(self.first, candidate, side="right")) - 1

    def minute(self, candidate: int) -> int:
        """Minute at which a candidate sailing leaves its first port."""
        r = self.pattern_of(candidate)
        return self.start + (candidate - int(self.first[r]) + int(self.low[r])) * self.step


def _doors(quay: dict[str, str], access: Access, place: str) -> list[str]:
    """The port at a place, or else the port it reaches soonest: where its demand counts for generated patterns."""
    if place in quay:
        return [quay[place]]
    near = access.ports[place]
    return [min(near, key=lambda p: (near[p], p))] if near else []


def _refuse_long_days(scenario: Scenario, fleets: Sequence[Fleet], runs: Sequence[tuple[Pattern, int, int]], step: int) -> None:
    """BadInput where a vessel's day could be longer than two crews may work: no solver keeps that rule."""
    most = 2 * 60 * scenario.number("crew_day_max_h")
    for k, fleet in enumerate(fleets):
        mine = [(a * step, (b - 1) * step + p.minutes) for p, a, b in runs if p.circuit == k]
        day = max((last for _, last in mine), default=0) - min((first for first, _ in mine), default=0) if fleet.second_crew else 0
        if day > most:
            name, hours = fleet.fleet_id, day / 60
            what = (
                f"h: two crews work {most / 60:g} h, but ports let {name} sail for {hours:.1f} h",
                f"小时:两班船员至多 {most / 60:g} 小时,而港口开放时间允许 {name} 航行 {hours:.1f} 小时",
            )
            remedy = (
                f"write {hours / 2:.1f} at least, shorten port hours, or write no under second_crew of the fleet",
                f"请写不小于 {hours / 2:.1f} 的值,或缩短港口开放时间,或将该船组 second_crew 改为 no",
            )
            value = f"{scenario.number('crew_day_max_h'):g}"
            raise BadInput([Fault("settings.csv", 0, "crew_day_max_h", value, *what, *remedy)])


def _ints(values: Sequence[object] | list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)


__all__ = ["NO_CREW_FEN", "Circuit", "FerryProblem", "Market", "Need", "Pattern", "Stretches", "Window"]
