"""From a scenario and a ferry plan to the facts of an island day: who comes and goes with which boat, and where to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from islandflow.errors import BadInput, Fault
from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.shuttle_tables import BOATS
from islandflow.shuttle.day import LANDS, LEAVES, BoatCall, Buses, ChargingSite, IslandDay, Party, Rules
from islandflow.shuttle.ways import Ways, island_ways
from islandflow.units import exact, fen, half_up

Shares = dict[str, Decimal]


@dataclass(frozen=True)
class Island:
    """An island's day with what stands behind it: ways, and (aboard, walkers) people of each call who begin or end on the island."""

    island_id: str
    day: IslandDay
    ways: Ways
    people: dict[str, tuple[int, int]]


def islands_with_buses(scenario: Scenario) -> tuple[str, ...]:
    """Islands that have vehicles which meet boats, in the order of the table."""
    return tuple(dict.fromkeys(f.island_id for f in scenario.shuttle_fleets.values() if f.use == BOATS))


def chosen_islands(scenario: Scenario, island: str) -> tuple[str, ...]:
    """The island asked for, or all that have vehicles; BadInput if it has none, no settlement or no road.

    Islands whose vehicles run lines alone are checked too, and left out.
    """
    known = tuple(dict.fromkeys(f.island_id for f in scenario.shuttle_fleets.values()))
    if not known:
        words = ("the scenario has no vehicles that meet boats", "方案没有短驳车辆", "add shuttle_fleets.csv", "请补充 shuttle_fleets.csv")
        raise BadInput([Fault("shuttle_fleets.csv", 0, "", "", *words)])
    if island and island not in known:
        remedy = near(island, list(known))
        raise BadInput([Fault("--island", 0, "", island, "has no vehicles in shuttle_fleets.csv", "在 shuttle_fleets.csv 中没有车辆", *remedy)])
    found = (island,) if island else known
    faults = []
    for name in found:
        homes = any(s.island_id == name for s in scenario.settlements.values())
        if not homes or not any(r.island_id == name for r in scenario.roads.values()):
            table, en, zh = ("roads", "roads", "道路") if homes else ("settlements", "settlements", "居民点")
            words = (f"has no {en}", f"没有{zh}", f"add its {en}", f"请补充该岛{zh}")
            faults.append(Fault(f"{table}.csv", 0, "island_id", name, *words))
    if faults:
        raise BadInput(faults)
    return tuple(name for name in found if name in islands_with_buses(scenario))


def rules_of(scenario: Scenario) -> Rules:
    """Limits and prices of a day, from the settings."""
    s, n = scenario.whole, scenario.number
    return Rules(
        alight_min=s("shuttle_alight_min"), board_min=s("shuttle_board_min"), longest_wait_min=s("shuttle_wait_min"), step_min=s("shuttle_step_min"),
        ride_percent=half_up(exact(n("shuttle_ride_share")) * 100), ride_extra_min=s("shuttle_ride_extra_min"), dwell_min=s("shuttle_dwell_min"),
        stops_per_run=s("shuttle_stops"), block_min=s("charge_block_min"), reserve_percent=s("battery_reserve_percent"), break_min=s("driver_break_min"),
        break_from=s("driver_break_from"), break_to=s("driver_break_to"), opens=s("shuttle_opens"), closes=s("shuttle_closes"),
        value_fen_h=fen(n("shuttle_value_cny_h")), wait_centi=half_up(exact(n("shuttle_wait_weight")) * 100), unserved_fen=fen(n("shuttle_unserved_cny")),
    )  # fmt: skip


def island_day(scenario: Scenario, plan: FerryPlan, island: str) -> Island:
    """The facts of one island on the day of a ferry plan.

    People whose journey begins or ends at a settlement of the island go there; those of a quay are shared to its settlements, visitors
    by beds and others by residents, so that the sums over the day are exact. Who lives near the quay walks; of the others
    ``shuttle_share`` ride. Vehicles on deck bring nobody.
    """
    nodes = _nodes(scenario, island)
    ways = island_ways(scenario, island, nodes)
    rules = rules_of(scenario)
    boats = boat_people(scenario, plan, island)
    split = Split(scenario, island, ways)
    calls, parties, people = [], list[Party](), {}
    for (minute, kind, port, sailing), aboard in sorted(boats.items()):
        name = f"{sailing}-{port}-{'in' if kind == LANDS else 'out'}"
        riders, walkers = split.people(port, kind, aboard)
        people[name] = (sum(aboard.values()), walkers)
        if riders:
            late = scenario.whole("shuttle_late_min") if kind == LANDS else 0
            calls.append(BoatCall(name, port, LANDS if kind == LANDS else LEAVES, minute, late, sailing))
            parties += [Party(f"{name}-{stop}", name, stop, count) for stop, count in riders.items()]
    buses, sites = buses_of(scenario, island, BOATS), sites_of(scenario, set(nodes), BOATS)
    day = IslandDay(tuple(nodes), ways.minutes, ways.metres, tuple(calls), tuple(parties), buses, sites, rules)
    return Island(island, day, ways, people)


def buses_of(scenario: Scenario, island: str, use: str) -> tuple[Buses, ...]:
    """Vehicles of an island for one use."""
    return tuple(
        Buses(f.fleet_id, f.base, f.count, f.seats, round(1000 * f.battery_kwh), round(1000 * f.kwh_per_km), fen(f.day_cost_yuan), fen(f.km_cost_yuan))
        for f in scenario.shuttle_fleets.values() if f.island_id == island and f.use == use
    )  # fmt: skip


def sites_of(scenario: Scenario, nodes: set[str], use: str) -> tuple[ChargingSite, ...]:
    """Chargers at these nodes for one use."""
    return tuple(
        ChargingSite(c.charger_id, c.node, c.count, round(1000 * c.power_kw))
        for c in scenario.bus_chargers.values() if c.node in nodes and c.use == use
    )  # fmt: skip


def _nodes(scenario: Scenario, island: str) -> list[str]:
    on_roads = {n for r in scenario.roads.values() if r.island_id == island for n in (r.from_node, r.to_node)}
    here = [p.port_id for p in scenario.ports.values() if p.island_id == island] + [
        s.settlement_id for s in scenario.settlements.values() if s.island_id == island
    ]
    return [n for n in here if n in on_roads or any(n == f.base for f in scenario.shuttle_fleets.values() if f.use == BOATS)]


def boat_people(scenario: Scenario, plan: FerryPlan, island: str) -> dict[tuple[int, str, str, str], dict[tuple[str, bool], int]]:
    """(minute, kind, port, sailing) -> people by (place on the island, whether visitors)."""
    sailings = plan.by_id()
    found: dict[tuple[int, str, str, str], dict[tuple[str, bool], int]] = defaultdict(lambda: defaultdict(int))
    for b in plan.boardings:
        if b.segment == "vehicle" or not b.rides:
            continue
        first, last = b.rides[0], b.rides[-1]
        ends = (
            (LEAVES, b.from_place, sailings[first.sailing].calls[first.board - 1], first.sailing),
            (LANDS, b.to_place, sailings[last.sailing].calls[last.alight - 1], last.sailing),
        )
        for kind, place, call, sailing in ends:
            minute = call.departs if kind == LEAVES else call.arrives
            if minute is not None and scenario.ports[call.port].island_id == island and scenario.places[place].island_id == island:
                found[minute, kind, call.port, sailing][place, b.segment == "visitor"] += b.people
    return found


class Split:
    """Shares people out to stops in whole numbers; what rounding leaves of a stop is carried to the next boat of its quay."""

    def __init__(self, scenario: Scenario, island: str, ways: Ways) -> None:
        self.scenario, self.ways = scenario, ways
        self.homes = [s for s in scenario.settlements.values() if s.island_id == island and s.settlement_id in ways.nodes]
        self.share, self.near = exact(scenario.number("shuttle_share")), scenario.number("shuttle_walk_min")
        self.kept: dict[tuple[str, str], Shares] = defaultdict(dict)

    def people(self, port: str, kind: str, aboard: dict[tuple[str, bool], int]) -> tuple[dict[str, int], int]:
        """Riders by stop, and how many walk."""
        wished, walkers = dict(self.kept[port, kind]), Decimal(0)
        for (place, visitors), count in sorted(aboard.items()):
            for stop, share in self.shares(port, place, visitors).items():
                if self.walks(port, stop):
                    walkers += share * count
                else:
                    wished[stop] = wished.get(stop, Decimal(0)) + share * count * self.share
        most = min(half_up(sum(wished.values(), Decimal(0))), sum(aboard.values()) - half_up(walkers))
        riders = {stop: max(0, int(x)) for stop, x in wished.items()}
        order = sorted(wished, key=lambda s: (riders[s] - wished[s], s))
        for stop in order[: max(0, most - sum(riders.values()))]:
            riders[stop] += 1
        for stop in sorted(riders, key=lambda s: (wished[s] - riders[s], s)):
            riders[stop] -= min(riders[stop], max(0, sum(riders.values()) - most))
        self.kept[port, kind] = {stop: x - riders[stop] for stop, x in wished.items()}
        return {stop: n for stop, n in riders.items() if n}, half_up(walkers)

    def shares(self, port: str, place: str, visitors: bool) -> Shares:
        """Where the people of a place go: to its settlement, or to all of the island's."""
        own = [s for s in self.homes if place in (s.settlement_id, s.place_id)]
        homes = own or [s for s in self.homes if port in self.ways.nodes and self.reached(port, s.settlement_id)]
        weight = {s.settlement_id: (s.beds if visitors else s.residents) for s in homes}
        if not any(weight.values()):
            weight = {s.settlement_id: max(1, s.residents) for s in homes}
        total = sum(weight.values())
        return {h: Decimal(w) / total for h, w in weight.items() if w}

    def reached(self, port: str, stop: str) -> bool:
        """Whether a bus or a walker gets there."""
        return bool(self.ways.walk[self.ways.nodes.index(port), self.ways.nodes.index(stop)] >= 0)

    def walks(self, port: str, stop: str) -> bool:
        """Whether the stop is so near to the quay that its people walk."""
        if port not in self.ways.nodes:
            return False
        minutes = int(self.ways.walk[self.ways.nodes.index(port), self.ways.nodes.index(stop)])
        return 0 <= minutes <= self.near


def with_parties(day: IslandDay, parties: tuple[Party, ...]) -> IslandDay:
    """The same day for these people alone."""
    calls = {p.call for p in parties}
    return replace(day, parties=parties, calls=tuple(c for c in day.calls if c.call_id in calls))
