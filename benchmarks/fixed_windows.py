"""The peer of an island day: PyVRP with fixed windows, charging fixed afterwards.

Each boat's people are put on runs by PyVRP (seats, stops, ride limits as windows); every run leaves, or is at the quay, in the fixed window
of its boat: from the minute at which nobody waits to the one after which they would wait longer than allowed (``slack`` minutes wide; 0 =
nobody may wait). PyVRP then chains the runs within their windows to the vehicles of the same fleet. Only then batteries are looked at:
vehicles charge where a gap allows, rest where they must, and a run that cannot be made any more is given up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pyvrp
from pyvrp.stop import MaxRuntime

from islandflow.shuttle import day as facts
from islandflow.shuttle.audit import Book, count_money
from islandflow.shuttle.day import LANDS, NO_WAY, BoatCall, Buses, IslandDay
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Rest, Run, Unserved

FAR = 10**7
RUNS_SHARE = 0.4  # of the time for the runs of the boats


@dataclass(frozen=True)
class Fixed:
    """A run before it has a vehicle: busy from ``begins`` to ``until``, which holds the boat's late margin."""

    run: Run
    start: int
    end: int
    until: int
    metres: int
    people: int


def plan_fixed(day: IslandDay, seconds: float, seed: int = 1, slack: int = 0) -> tuple[DayPlan, int]:
    """A plan and its cost in fen, counted as the audit counts; ``slack``: minutes that a run may be off its boat's own."""
    runs = [f for n, call in enumerate(day.calls) for f in _runs_of(day, call, RUNS_SHARE * seconds / len(day.calls), seed, n)]
    days = _chained(day, runs, (1 - RUNS_SHARE) * seconds, seed, slack)
    made: list[Run] = []
    charges: list[Charge] = []
    rests: list[Rest] = []
    taken: dict[tuple[int, int], int] = defaultdict(int)
    free = {b.fleet_id: list(facts.vehicle_ids(b)) for b in day.buses}
    for fleet, mine in days:
        kept, charged, rest = _with_energy(day, day.buses[fleet], mine, taken)
        if kept:
            vehicle = free[day.buses[fleet].fleet_id].pop(0)
            made += [replace(f.run, vehicle=vehicle) for f in kept]
            charges += [replace(c, vehicle=vehicle) for c in charged]
            rests += [replace(r, vehicle=vehicle) for r in rest]
    left = {p.party_id: p.people for p in day.parties}
    for r in made:
        for x in r.loads:
            left[x.party] -= x.people
    plan = DayPlan(tuple(made), tuple(charges), tuple(rests), tuple(Unserved(p, n) for p, n in left.items() if n))
    return plan, count_money(Book(day, plan)).objective


def _runs_of(day: IslandDay, call: BoatCall, seconds: float, seed: int, number: int) -> list[Fixed]:
    """The runs of one boat: routes of PyVRP from the quay over stops, the way back free."""
    quay, rules, seats = day.number(call.quay), day.rules, max(b.seats for b in day.buses)
    parts = [(p, min(seats, p.people - k)) for p in day.parties if p.call == call.call_id for k in range(0, p.people, seats)]
    parts = [(p, n) for p, n in parts if day.minutes[quay, day.number(p.stop)] != NO_WAY]
    if not parts:
        return []
    nodes = [quay, *(day.number(p.stop) for p, _ in parts)]
    minutes, metres = (np.where(m == NO_WAY, FAR, m)[np.ix_(nodes, nodes)].astype(np.int64) for m in (day.minutes, day.metres))
    for m in (minutes, metres):
        m[:, 0] = 0
    whole: Any = minutes
    # the price of a minute on board of a typical bus beside that of its metres
    price: Any = metres * day.buses[0].km_fen // 1000 + minutes * rules.value_fen_h * 8 // 60
    own = [facts.longest_ride(int(minutes[0, k]), rules) for k in range(1, len(nodes))]
    stay = [rules.dwell_min] * len(parts)
    clients = [pyvrp.Client(k + 1, [n, 1], [0, 0], stay[k], 0, own[k]) for k, (_, n) in enumerate(parts)]
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0) for _ in nodes], clients, [pyvrp.Depot(0, 0, FAR)], [pyvrp.VehicleType(len(parts), [seats, rules.stops_per_run], 0, 0, 200, 0, FAR, start_late=0)], [price], [whole],
    )  # fmt: skip
    best = pyvrp.solve(data, MaxRuntime(max(0.02, seconds)), seed=seed + number, collect_stats=False).best
    if not best.is_feasible():
        return []
    return [f for r in best.routes() if (f := _fixed(day, call, [parts[s.idx] for s in r if s.is_client()])) is not None]


def _fixed(day: IslandDay, call: BoatCall, parts: list[Any]) -> Fixed | None:
    rules, out = day.rules, call.kind == LANDS
    people: dict[str, list[Load]] = defaultdict(list)
    for p, n in parts:
        people[p.stop].append(Load(p.party_id, n))
    nodes = [day.number(call.quay), *(day.number(s) for s in people)]
    rides: list[int] = []
    clock = metres = 0
    for a, b in pairwise(nodes):
        clock += int(day.minutes[a, b]) + (rules.dwell_min if rides else 0)
        metres += int(day.metres[a, b])
        rides.append(clock)
    took, ready = clock + rules.dwell_min, facts.ready(call, rules)
    begins, ends = (ready, ready + took) if out else (ready - took, ready)
    halts = [Halt(s, begins + r if out else ends - r) for s, r in zip(people, rides, strict=True)]
    loads = tuple(x for xs in people.values() for x in xs)
    run = Run(f"{call.call_id}-{day.nodes[nodes[-1]]}-{loads[0].party}", "", "out" if out else "in", call.quay, begins, ends, tuple(halts if out else halts[::-1]), loads)
    until = facts.ready_late(call, rules) + took if out else ends + rules.dwell_min
    return Fixed(run, nodes[0] if out else nodes[-1], nodes[-1] if out else nodes[0], until, metres, sum(x.people for x in loads))


def _chained(day: IslandDay, runs: list[Fixed], seconds: float, seed: int, slack: int) -> list[tuple[int, list[Fixed]]]:
    """Runs within their windows on vehicles, by PyVRP: (fleet, runs in order)."""
    rules, bases = day.rules, [day.number(b.base) for b in day.buses]
    runs = [f for f in runs if f.run.begins - (slack if f.run.kind == "in" else 0) >= rules.opens]
    spans = [(f.run.begins - slack, f.run.begins) if f.run.kind == "in" else (f.run.begins, f.run.begins + slack) for f in runs]
    size = len(bases) + len(runs)
    start, end = [*bases, *(f.start for f in runs)], [*bases, *(f.end for f in runs)]
    minutes, metres = (np.where(m == NO_WAY, FAR, m)[np.ix_(end, start)].astype(np.int64) for m in (day.minutes, day.metres))
    np.fill_diagonal(minutes, 0)
    np.fill_diagonal(metres, 0)
    clients = [
        pyvrp.Client(len(bases) + k, [f.people], [0], f.until - f.run.begins, *spans[k], 0, f.people * rules.unserved_fen, False)
        for k, f in enumerate(runs)
    ]
    # seats bind a run, not a day: a vehicle that is too small is kept off by the way to it
    profiles: Any = []
    ways: Any = []
    for b in day.buses:
        cost = metres * b.km_fen // 1000
        cost[:, [len(bases) + k for k, f in enumerate(runs) if f.people > b.seats]] = FAR
        np.fill_diagonal(cost, 0)
        profiles.append(cost)
        ways.append(minutes)
    kinds = [pyvrp.VehicleType(b.count, [FAR], k, k, b.day_fen, rules.opens, rules.closes, profile=k) for k, b in enumerate(day.buses)]
    depots = [pyvrp.Depot(k, rules.opens, rules.closes) for k in range(len(bases))]
    data = pyvrp.ProblemData([pyvrp.Location(0, 0) for _ in range(size)], clients, depots, kinds, profiles, ways)
    best = pyvrp.solve(data, MaxRuntime(seconds), seed=seed, collect_stats=False).best
    found = []
    for route in best.routes() if best.is_feasible() else ():
        mine = [_at(runs[s.idx], s.start_time) for s in route.schedule() if s.is_client()]
        found.append((int(route.vehicle_type()), [f for f in mine if f.people <= day.buses[int(route.vehicle_type())].seats]))
    return found


def _at(fixed: Fixed, minute: int) -> Fixed:
    """The run when it begins at a minute."""
    by, run = minute - fixed.run.begins, fixed.run
    halts = tuple(replace(h, minute=h.minute + by) for h in run.halts)
    return replace(fixed, run=replace(run, begins=run.begins + by, ends=run.ends + by, halts=halts), until=fixed.until + by)


def _with_energy(day: IslandDay, buses: Buses, runs: list[Fixed], taken: dict[tuple[int, int], int]) -> tuple[list[Fixed], list[Charge], list[Rest]]:
    """Rest and charging put into the gaps; the smallest run is given up until the day can be driven."""
    mine = list(runs)
    while mine:
        booked: list[tuple[int, int]] = []
        found = _driven(day, buses, mine, taken, booked)
        if found is not None:
            for slot in booked:
                taken[slot] += 1
            return mine, *found
        mine.remove(min(mine, key=lambda f: f.people))
    return [], [], []


def _driven(day: IslandDay, buses: Buses, runs: list[Fixed], taken: dict[tuple[int, int], int], booked: list[tuple[int, int]]) -> tuple[list[Charge], list[Rest]] | None:
    rules, home = day.rules, day.number(buses.base)
    full = energy = facts.battery_units(buses, rules)
    charges: list[Charge] = []
    rests: list[Rest] = []
    at, now, rested = home, rules.opens, rules.break_min == 0
    last = runs[-1]
    if last.until + int(day.minutes[last.end, home]) <= rules.break_to:
        rested = True

    def units(a: int, b: int) -> int:
        return facts.move_units(int(day.metres[a, b]), buses, rules)

    for k, f in enumerate([*runs, None]):
        begins, start = (f.run.begins, f.start) if f is not None else (rules.closes, home)
        leave = begins - int(day.minutes[at, start])
        if leave < now or day.minutes[at, start] == NO_WAY:
            return None
        first = max(now, rules.break_from)
        if not rested and first + rules.break_min <= min(leave, rules.break_to):
            rests.append(Rest("", day.nodes[at], first, first + rules.break_min))
            rested, now = True, first + rules.break_min
        for s, site in enumerate(day.chargers if f is not None and k and energy < full else ()):
            node = day.number(site.node)
            block, last_block = -(-(now + int(day.minutes[at, node])) // rules.block_min), (begins - int(day.minutes[node, start])) // rules.block_min
            while block < last_block and taken[s, block] + booked.count((s, block)) >= site.count:
                block += 1
            stop, gain = block, 0
            there = energy - units(at, node)
            while stop < last_block and there + gain < full and taken[s, stop] + booked.count((s, stop)) < site.count:
                stop, gain = stop + 1, min(full - there, gain + facts.block_units(site, rules))
            if stop > block and there >= 0 and gain > units(at, node) + units(node, start):
                booked += [(s, b) for b in range(block, stop)]
                charges.append(Charge("", site.charger_id, block * rules.block_min, stop * rules.block_min, gain))
                energy, at = there + gain, node
                break
        energy -= units(at, start)
        if f is not None:
            energy -= facts.move_units(f.metres, buses, rules)
            at, now = f.end, f.until
        if energy < 0:
            return None
    return (charges, rests) if rested else None
