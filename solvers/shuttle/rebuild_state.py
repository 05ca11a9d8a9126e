"""State of the search that takes runs out and puts people back: what each vehicle drives and whom it carries, in few arrays.

Rows of an array are things, columns facts about them (named below). Whole fen, people, minutes and units of energy throughout.
`rebuild_vehicle` checks and times a vehicle, `rebuild_people` seats people, `rebuild_moves` takes out and puts back.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from islandflow.shuttle import day as facts
from solvers.shuttle.fleet import Candidates, Fleet

Array = NDArray[Any]
MOST_RUNS, MOST_ROWS, MOST_CHARGES = 48, 16, 32  # of a vehicle; parties on a run; blocks of charging of a vehicle
NONE = -1

# columns: party p
STOP, QUAY, OUT, READY, LATE, DIRECT = range(6)
# moment m
M_OUT, M_MINUTE, M_LATEST, M_QUAY = range(4)
# route r
R_QUAY, R_LAST, R_MINUTES, R_METRES, R_STOPS = range(5)
# fleet k
SEATS, DAY_FEN, FULL, BASE, KM_FEN, WH_KM = range(6)
# rules
OPENS, CLOSES, BLOCK, REST, REST_FROM, REST_TO, DWELL, LEFT_FEN, UNIT_WH, LONGEST = range(10)
# run of a vehicle
MOMENT, ROUTE, FIRST, START, BACK, END, UNITS, FEN, ROWS, ABOARD, RIDE_FEN = range(11)
# vehicle v
COUNT, COST, CHARGES, DETOUR, REST_NODE, REST_ENDS, REST_GAP, DIRTY = range(8)
# block that a vehicle charges: before its run number GAP
GAP, SITE, SLOT = range(3)
# counters
TOTAL, ROUNDS, TAKEN, BETTER, TIME, NODE = range(6)
# change found: fen it costs less what its people would cost if left; LOADED: a run that there is, which changes
GAIN, LOADED, VEHICLE, AT, TO_MOMENT, TO_ROUTE, PUT = range(7)


class Facts(NamedTuple):
    """What does not change."""

    party: Array
    people: Array
    moment: Array
    moment_ptr: Array  # moments of party p: moments[moment_ptr[p] : moment_ptr[p + 1]]
    moments: Array
    route: Array
    stops: Array  # (routes, stops of a run) NONE = no more
    rides: Array
    longer_ptr: Array  # routes over the stops of r and s: longer[longer_ptr[r, s] : longer_ptr[r, s] + longer_count[r, s]]; row routes + q: none yet
    longer_count: Array
    longer: Array
    shorter_ptr: Array  # the same without s
    shorter_count: Array
    shorter: Array
    cost: Array  # (wait, ride) fen a person
    way_min: Array
    way_fen: Array  # (fleets, nodes, nodes)
    way_units: Array
    fleet: Array
    of: Array  # fleet of vehicle v
    site: Array  # (sites, 2) node, chargers
    gain: Array
    rule: Array


class State(NamedTuple):
    """Who drives what. A second one of these holds what a change that is not kept goes back to, a third the best plan."""

    run: Array  # (vehicles, runs, columns)
    load: Array  # (vehicles, runs, rows, 2) party, people
    vehicle: Array
    charge: Array  # (vehicles, charges, columns)
    used: Array  # (sites, blocks) chargers taken
    left: Array  # (parties,) people who are not taken
    counter: Array


class Desk(NamedTuple):
    """Room for a change in the making."""

    seq: Array  # (runs + 1, columns) a vehicle's runs as they would be; the last row a run that is weighed
    gaps: Array  # (runs + 2, 8) what charging may use of each gap
    charge: Array
    found: Array  # best change so far, columns above
    order: Array
    key: Array
    dice: Array  # state of the random numbers
    rest: Array  # node, minute at which it ends, gap


def facts_of(found: Candidates, fleets: list[Fleet]) -> Facts:
    """The arrays of a day."""
    problem, rules = found.problem, found.problem.day.rules
    day = problem.day
    calls, n = {c.call_id: c for c in day.calls}, len(day.nodes)
    party = np.array(
        [
            [found.stop_of[k], day.number(calls[p.call].quay), calls[p.call].kind == facts.LANDS, facts.ready(calls[p.call], rules), facts.ready_late(calls[p.call], rules),
             day.minutes[day.number(calls[p.call].quay), found.stop_of[k]]] for k, p in enumerate(day.parties)
        ], dtype=np.int64,
    ).reshape(-1, 6)  # fmt: skip
    of_party: list[list[int]] = [[] for _ in day.parties]
    for m, moment in enumerate(problem.moments):
        for p, _ in moment.parties:
            of_party[p].append(m)
    stops = np.full((len(problem.routes), max(1, rules.stops_per_run)), NONE, np.int64)
    rides = np.zeros_like(stops)
    by_set: dict[tuple[int, frozenset[int]], list[int]] = {}
    for r, route in enumerate(problem.routes):
        stops[r, : len(route.stops)], rides[r, : len(route.stops)] = route.stops, route.rides
        by_set.setdefault((route.quay, frozenset(route.stops)), []).append(r)
    bare = [(r.quay, frozenset(r.stops)) for r in problem.routes] + [(q, frozenset[int]()) for q in range(n)]
    longer = _table([[by_set.get((q, own | {s}), []) if s not in own else [] for s in range(n)] for q, own in bare])
    shorter = _table([[by_set.get((q, own - {s}), []) if s in own else [] for s in range(n)] for q, own in bare])
    ways = np.array([[r.quay, r.stops[-1], r.minutes, r.metres, len(r.stops)] for r in problem.routes], dtype=np.int64).reshape(-1, 5)
    of = [k for k, b in enumerate(day.buses) for _ in range(b.count)]
    longest = rules.longest_wait_min
    return Facts(
        party, found.people.astype(np.int64), np.array([[m.out, m.minute, m.latest, m.quay] for m in problem.moments], dtype=np.int64).reshape(-1, 4),
        np.cumsum([0, *(len(x) for x in of_party)]).astype(np.int64), np.array([m for x in of_party for m in x], dtype=np.int64), ways, stops, rides,
        *longer, *shorter, found.cost.astype(np.int64), day.minutes.astype(np.int64), _stack([f.way_fen for f in fleets], n), _stack([f.way_units for f in fleets], n),
        np.array([[f.buses.seats, f.buses.day_fen, f.full, f.home, f.buses.km_fen, f.buses.wh_per_km] for f in fleets], dtype=np.int64).reshape(-1, 6),
        np.array(of, dtype=np.int64), np.array([[day.number(c.node), c.count] for c in day.chargers], dtype=np.int64).reshape(-1, 2),
        np.array([facts.block_units(c, rules) for c in day.chargers], dtype=np.int64),
        np.array([rules.opens, rules.closes, rules.block_min, rules.break_min, rules.break_from, rules.break_to, rules.dwell_min, rules.unserved_fen, rules.unit_wh, longest], dtype=np.int64),
    )  # fmt: skip


def _stack(tables: list[Array], n: int) -> Array:
    return np.array(tables, dtype=np.int64).reshape(-1, n, n)


def _table(rows: list[list[list[int]]]) -> tuple[Array, Array, Array]:
    count = np.array([[len(x) for x in row] for row in rows], dtype=np.int64)
    first = (np.cumsum(count.reshape(-1)) - count.reshape(-1)).reshape(count.shape)
    return first, count, np.array([r for row in rows for x in row for r in x], dtype=np.int64)


def state_of(f: Facts, blocks: int) -> State:
    """Nobody is taken, every vehicle at home."""
    vehicles = len(f.of)
    state = State(
        np.zeros((vehicles, MOST_RUNS, 11), np.int64), np.zeros((vehicles, MOST_RUNS, MOST_ROWS, 2), np.int64), np.zeros((vehicles, 8), np.int64),
        np.zeros((vehicles, MOST_CHARGES, 3), np.int64), np.zeros((len(f.site), blocks), np.int64), f.people.copy(), np.zeros(6, np.int64),
    )  # fmt: skip
    state.counter[TOTAL] = int(f.people.sum()) * int(f.rule[LEFT_FEN])
    return state


def desk_of(f: Facts, seed: int) -> Desk:
    """An empty desk."""
    parties = len(f.people)
    return Desk(
        np.zeros((MOST_RUNS + 1, 11), np.int64), np.zeros((MOST_RUNS + 2, 8), np.int64), np.zeros((MOST_CHARGES + 1, 3), np.int64), np.zeros(8, np.int64),
        np.zeros(max(parties, len(f.of)) + 1, np.int64), np.zeros(max(parties, len(f.of)) + 1), np.array([seed * 2 + 1], np.uint64), np.zeros(3, np.int64),
    )  # fmt: skip
