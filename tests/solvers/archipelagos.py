"""Random tiny archipelagos and their best plan by trying every timetable; shares the candidates with the solvers, nothing else.

Options, seats, crews, obligations are computed here anew; the audit judges the rules and counts the money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement, product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Boarding, FerryPlan, Ride, Sailing
from islandflow.ferry.problem import FerryProblem
from islandflow.ferry.problem.needs import Need
from islandflow.passengers.access import joined, line_stretches
from islandflow.passengers.groups import Group, passenger_groups
from islandflow.scenario.entities import Demand, Fleet, LandLink, LinePattern, Obligation, Place, Scenario
from islandflow.units import clock, fen, time_fen
from solvers.ferry.timetable import sailing
from tests.ferry.builders import SERVICE, Miles, fleet, line, port, tiny

Day = tuple[int, ...]
Way = tuple[int, int, tuple[tuple[int, int, int], ...]]  # group, fen, (candidate, board, alight) of each ride


def archipelago(seed: int, ports: tuple[int, int] = (2, 4), boats: int = 2, grids: tuple[int, ...] = (90, 120, 150, 180)) -> FerryProblem:
    """An archipelago drawn from a seed: few boats that are too small, coarse grid, now and then every rule there is."""
    random = np.random.default_rng(seed)

    def one_of(*values: object) -> object:
        return values[int(random.integers(len(values)))]

    def often(share: float) -> bool:
        return bool(random.random() < share)

    names = "HABCD"[: int(random.integers(ports[0], ports[1] + 1))]
    miles = {(a, b): float(random.integers(3, 10)) for a in names for b in names if a < b}
    opens, closes = int(random.integers(330, 400)), int(random.integers(900, 1200))
    lines = _lines(random, names)
    fleets = _fleets(random, boats)
    if len(fleets) > 1 and len(lines) > 1 and often(0.5):
        # two companies that share nothing but berths
        fleets = [fleets[0], replace(fleets[1], cluster="other")]
        lines = [replace(found, cluster="other") if i % 2 else found for i, found in enumerate(lines)]
    middle = int(random.integers(opens + 120, closes - 120))
    shifts = f"{clock(opens)}-{clock(middle + 60)};{clock(middle - 60)}-{clock(closes)}" if often(0.7) else "05:00-21:00"
    obligations = [_duty(random, a) for a in names[1:] if often(0.35)]
    links = []
    if len(names) > 2 and often(0.3):
        a, b = random.choice(list(names), 2, replace=False)
        links.append(LandLink(str(a), str(b), int(random.integers(5, 40))))
    places = {p.lower(): Place(p.lower(), p, p, f"isle-{p}", 30.0, 122.0, "harbour") for p in names}
    if often(0.3):
        places["hill"] = Place("hill", "hill", "hill", "isle-H", 30.0, 122.0, "settlement")
        links += [LandLink("hill", p, int(random.integers(5, 30))) for p in random.choice(list(names), 2, replace=False).tolist()]
    scenario = tiny(
        ports=[
            port(p, opens=opens + int(random.integers(0, 40)), closes=closes, berths=int(random.integers(1, 3)),
                 overnight_moorings=int(random.integers(1, 3)))
            for p in names
        ],
        places=places, lines=lines, fleets=fleets, obligations=obligations, land_links=tuple(links),
        demand=_demand(random, sorted(places), ("resident", "visitor", "vehicle") if fleets[0].vehicle_deck else ("resident", "visitor")),
        settings={
            "grid_min": one_of(*grids), "chains_per_fleet": one_of(0, 0, 1, 2), "departures_per_slot": one_of(1, 2),
            "crew_shifts": shifts, "shift_window_min": one_of(60, 120, 240), "longest_transfer_wait_min": one_of(60, 150, 240),
            "minimum_transfer_min": one_of(0, 15), "waiting_share": one_of(0.5, 1.0), "transfer_penalty_min": one_of(0, 15),
            "berth_min": one_of(0, 5, 20), "second_crew_day_cny_per_head": one_of(20, 200), "largest_gap_window": "08:00-16:00",
            "left_behind_visitor_cny": one_of(100, 300), "detour_limit": one_of(1.5, 3.0),
            "longest_leg_nm": one_of(0.0, 32.0),
        },
    )  # fmt: skip
    return FerryProblem.from_scenario(scenario, SERVICE, Miles(miles))  # type: ignore[arg-type]


def _lines(random: np.random.Generator, names: str) -> list[LinePattern]:
    tree = [(names[int(random.integers(i))], names[i]) for i in range(1, len(names))]
    calls = ["".join(pair) for pair in tree]
    if len(names) > 2 and random.random() < 0.5:
        calls.append("".join(random.choice(list(names), 3, replace=False).tolist()))
    if len(calls) > 2 and random.random() < 0.5:
        calls.pop(int(random.integers(len(calls))))
    return [line(f"L{c}", c, int(random.integers(20, 45)) * (len(c) - 1)) for c in dict.fromkeys(calls)]


def _fleets(random: np.random.Generator, boats: int) -> list[Fleet]:
    def one(name: str, count: int) -> Fleet:
        return fleet(
            name, count=count, seats=int(random.integers(2, 9)), vehicle_deck=int(random.integers(0, 3)),
            fuel_l_per_h=float(random.integers(5, 60)), day_cost_yuan=float(random.integers(50, 500)), call_cost_yuan=10.0,
            turnaround_min=int(random.integers(0, 25)), speed_kn=float(random.integers(10, 18)), length_m=30.0,
        )  # fmt: skip

    count = int(random.integers(1, boats + 1))
    if count == 1 or random.random() < 0.5:
        return [one("boat", count)]
    return [one("boat", count - 1), one("launch", 1)]


def _duty(random: np.random.Generator, name: str) -> Obligation:
    kind = int(random.integers(6))
    return Obligation(
        f"duty-{name}", name, "H",
        sailings_each_way=1 if kind in (0, 5) else 0,
        first_arrival_by=int(random.integers(540, 720)) if kind == 1 else None,
        last_boat_not_before=int(random.integers(700, 900)) if kind == 2 else None,
        hours_ashore=int(random.integers(60, 240)) if kind == 3 else None,
        largest_gap_min=int(random.integers(240, 420)) if kind == 4 else None,
        medical_trip=kind == 5,
    )  # fmt: skip


def _demand(random: np.random.Generator, places: list[str], segments: tuple[str, ...]) -> tuple[Demand, ...]:
    """Some pairs only one way, some both."""
    found = {}
    for _ in range(int(random.integers(3, 8))):
        a, b = random.choice(places, 2, replace=False).tolist()
        segment = str(random.choice(segments))
        for ends in ((a, b), (b, a))[: 1 + int(random.random() < 0.4)]:
            hour = int(random.integers(6, 18))
            found[*ends, segment, hour] = Demand(*ends, segment, SERVICE, int(random.integers(3, 24)), f"at{hour:02d}")
    return tuple(found.values())


@dataclass(frozen=True)
class Best:
    """The best of all timetables: obligations missing, fen, plan, and how many timetables there are."""

    missing: int
    objective: int
    plan: FerryPlan
    timetables: int


def vessel_days(problem: FerryProblem, k: int, most: int) -> list[Day]:
    """Every day of a vessel of circuit ``k`` that ends where it began; more than ``most`` are not listed to the end."""
    turn = problem.circuits[k].fleet.turnaround_min
    rows = [(c, problem.minute(c), problem.patterns[problem.pattern_of(c)]) for c in range(problem.candidates)]
    mine = [(c, minute, p) for c, minute, p in rows if p.circuit == k]

    def extend(day: Day, begun: str, at: str, ready: int) -> Iterator[Day]:
        if at == begun:
            yield day
        for c, minute, pattern in mine:
            if minute >= ready and pattern.calls[0] == at:
                yield from extend((*day, c), begun, pattern.calls[-1], minute + pattern.minutes + turn)

    found: list[Day] = [()]
    for base in sorted({p.calls[0] for _, _, p in mine}):
        for day in extend((), base, base, 0):
            if day:
                found.append(day)
            if len(found) > most:
                return found
    return found


def fleet_days(problem: FerryProblem, most: int) -> list[tuple[tuple[str, Day], ...]] | None:
    """Every timetable: a day for every vessel, like vessels in one order only; None if there are more than ``most``."""
    by_circuit, total = [], 1
    for k, circuit in enumerate(problem.circuits):
        listed = vessel_days(problem, k, most)
        choices = []
        for chosen in combinations_with_replacement(listed, circuit.count):
            times = defaultdict(int)
            for c in (c for day in chosen for c in day):
                times[c] += 1
            if max(times.values(), default=0) <= problem.copies:
                choices.append(tuple(zip(circuit.vessel_ids(), chosen, strict=True)))
            if len(choices) > most:
                return None
        by_circuit.append(choices)
        total *= len(choices)
    if total > most:
        return None
    return [tuple(d for part in chosen for d in part) for chosen in product(*by_circuit)]


def all_ways(problem: FerryProblem, groups: tuple[Group, ...]) -> list[Way]:
    """Every way of every group on all candidates, as the audit allows it."""
    scenario, access = problem.scenario, problem.access
    share, wait_share = round(100 * scenario.number("shift_penalty_share")), round(100 * scenario.number("waiting_share"))
    rides = []
    for c in range(problem.candidates):
        pattern, minute = problem.patterns[problem.pattern_of(c)], problem.minute(c)
        for i in range(len(pattern.calls) - 1):
            for j in range(i + 1, len(pattern.calls)):
                if pattern.calls[i] != pattern.calls[j]:
                    rides.append(
                        (pattern.calls[i], pattern.calls[j], minute + pattern.departs[i], minute + pattern.arrives[j - 1], (c, i, j))
                    )
    lines = line_stretches(scenario, problem.service)
    found: list[Way] = []
    for g, group in enumerate(groups):
        near, far = access.ports[group.from_place], access.ports[group.to_place]
        value, left = (
            fen(scenario.number(f"{what}_{group.segment}_{unit}")) for what, unit in (("value_of_time", "cny_h"), ("left_behind", "cny"))
        )
        change = not joined(access, lines, group.from_place, group.to_place)
        for a, b, out, back, stretch in rides:
            shift = abs(out - group.wanted)
            if a not in near or shift > scenario.whole("shift_window_min"):
                continue
            begun = 100 * (near[a] + back - out) + share * shift
            if b in far:
                found.append((g, time_fen(value, begun + 100 * far[b]) - left, (stretch,)))
            if not change:
                continue
            for p, q, out2, back2, stretch2 in rides:
                if p not in access.change[b] or q not in far:
                    continue
                wait = out2 - back - access.change[b][p]
                if scenario.whole("minimum_transfer_min") <= wait <= scenario.whole("longest_transfer_wait_min"):
                    more = 100 * (access.change[b][p] + back2 - out2 + far[q] + scenario.whole("transfer_penalty_min")) + wait_share * wait
                    found.append((g, time_fen(value, begun + more) - left, (stretch, stretch2)))
    return [w for w in found if w[1] < 0]


def missing(problem: FerryProblem, sailings: list[int]) -> int:
    """Obligation rows short on a timetable (candidates, each as often as it sails)."""
    return sum(_short(problem, need, sailings) for need in problem.needs)


def _short(problem: FerryProblem, need: Need, sailings: list[int]) -> int:
    def trips(origins: tuple[str, ...], targets: tuple[str, ...]) -> list[list[tuple[int, int]]]:
        found = []
        for c in sailings:
            pattern, minute = problem.patterns[problem.pattern_of(c)], problem.minute(c)
            found.append([
                (minute + pattern.departs[i], minute + pattern.arrives[j - 1])
                for i in range(len(pattern.calls) - 1) for j in range(i + 1, len(pattern.calls))
                if pattern.calls[i] in origins and pattern.calls[j] in targets
            ])  # fmt: skip
        return found

    out = [
        [t for t in trip if need.leaves[0] <= t[0] <= need.leaves[1] and need.reaches[0] <= t[1] <= need.reaches[1]]
        for trip in trips(need.origins, need.targets)
    ]
    if need.ashore is None:
        return max(0, need.least - sum(1 for trip in out if trip))
    home = [d for trip in trips(need.targets, need.origins) for d, _ in trip]
    return int(not any(d >= a + need.ashore for trip in out for _, a in trip for d in home))


def best_plan(problem: FerryProblem, most: int = 4000) -> Best | None:
    """The least missing, then the least cost, of all timetables; None if there are more than ``most``."""
    timetables = fleet_days(problem, most)
    if timetables is None:
        return None
    groups = passenger_groups(problem.scenario, problem.service)
    ways = all_ways(problem, groups)
    number, price = np.array([w[0] for w in ways], dtype=int), np.array([w[1] for w in ways], dtype=float)
    ends = np.array([[w[2][0][0], w[2][-1][0]] for w in ways], dtype=int).reshape(len(ways), 2)
    size = np.array([g.size for g in groups], dtype=float)
    left = sum(g.size * fen(problem.scenario.number(f"left_behind_{g.segment}_cny")) for g in groups)
    paid: dict[tuple[str, Day], int] = {}
    ranked = []
    for i, days in enumerate(timetables):
        cost = 0
        for vessel, day in days:
            if day and (vessel, day) not in paid:
                money = audit_plan(
                    problem.scenario, FerryPlan(problem.service, _sailings(problem, ((vessel, day),))), problem.network
                ).money
                paid[vessel, day] = money.sailings + money.vessel_days + money.second_crews
            cost += paid[vessel, day] if day else 0
        sails = np.zeros(problem.candidates, dtype=bool)
        sailed = [c for _, day in days for c in day]
        sails[sailed] = True
        saved = np.zeros(len(groups))
        open_ways = sails[ends].all(axis=1)
        np.minimum.at(saved, number[open_ways], price[open_ways])
        ranked.append((missing(problem, sailed), cost + left + float(saved @ size), i))
    best: Best | None = None
    for short, least, i in sorted(ranked):
        if best is not None and (short, least) >= (best.missing, best.objective):
            break
        sailings = _sailings(problem, timetables[i])
        if audit_plan(problem.scenario, FerryPlan(problem.service, sailings), problem.network).violations:
            continue
        plan = _seated(problem, timetables[i], sailings, groups, ways)
        report = audit_plan(problem.scenario, plan, problem.network)
        assert report.violations == ()
        if best is None or (short, report.money.objective) < (best.missing, best.objective):
            best = Best(short, report.money.objective, plan, len(timetables))
    return best


def _sailings(problem: FerryProblem, days: tuple[tuple[str, Day], ...]) -> tuple[Sailing, ...]:
    whole = [(vessel, c) for vessel, day in days for c in day]
    return tuple(sailing(problem, c, vessel, n) for n, (vessel, c) in enumerate(whole))


def _seated(
    problem: FerryProblem, days: tuple[tuple[str, Day], ...], sailings: tuple[Sailing, ...], groups: tuple[Group, ...], ways: list[Way]
) -> FerryPlan:
    """The best seating, whole people, by a model over the sailings one by one."""
    of: dict[int, list[Sailing]] = defaultdict(list)
    for s, c in zip(sailings, (c for _, day in days for c in day), strict=True):
        of[c].append(s)
    columns = [
        (g, price, tuple((s, i, j) for s, (_, i, j) in zip(chosen, rides, strict=True)))
        for g, price, rides in ways
        for chosen in product(*(of[c] for c, _, _ in rides))
    ]
    rows: dict[object, int] = {}
    room: list[int] = []
    entries = []

    def row(key: object, high: int) -> int:
        if key not in rows:
            rows[key] = len(room)
            room.append(high)
        return rows[key]

    for n, (g, _, rides) in enumerate(columns):
        entries.append((row(("group", g), groups[g].size), n))
        for s, i, j in rides:
            boat = problem.scenario.vessel_fleet(s.vessel)
            deck = groups[g].segment == "vehicle"
            entries += [(row((s.id, leg, deck), boat.vehicle_deck if deck else boat.seats), n) for leg in range(i, j)]
    boardings = []
    if columns:
        matrix = np.zeros((len(room), len(columns)))
        matrix[tuple(np.array(entries).T)] = 1
        prices = np.array([c[1] for c in columns], dtype=float)
        found = milp(prices, constraints=LinearConstraint(matrix, -np.inf, room), integrality=np.ones(len(columns)), bounds=Bounds(0, np.inf),
                     options={"mip_rel_gap": 0.0})  # fmt: skip
        assert found.status == 0
        for (g, _, rides), people in zip(columns, np.round(found.x).astype(int).tolist(), strict=True):
            if people:
                group = groups[g]
                taken = tuple(Ride(s.id, i + 1, j + 1) for s, i, j in rides)
                boardings.append(Boarding(group.from_place, group.to_place, group.segment, group.wanted, people, taken))
    return FerryPlan(problem.service, sailings, tuple(boardings))


def one_of_many(number: int, most: int = 4000) -> tuple[FerryProblem, Best]:
    """The archipelago of that number: the first of its seeds with sailings and few enough timetables."""
    for seed in range(1000 * number, 1000 * number + 1000):
        problem = archipelago(seed)
        if problem.candidates and problem.markets and (best := best_plan(problem, most)) is not None and best.timetables > 1:
            return problem, best
    raise AssertionError(f"no small archipelago among the seeds of {number}")


__all__ = ["Best", "Scenario", "all_ways", "archipelago", "best_plan", "missing", "one_of_many"]
