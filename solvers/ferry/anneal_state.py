"""State of the annealing search in few arrays: who sails where, who rides what, and a journal by which a change is taken back.

Rows of an array are things, columns facts about them (named below), since kernels that take few arrays compile and call quickly.
`anneal_riders` seats and unseats people, `anneal_days` changes vessels' days, `anneal_moves` proposes. Money is whole fen, people
whole, time in slots of the grid unless called a minute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.problem import FerryProblem
from solvers.ferry.coverage import Coverage
from solvers.ferry.fleet_state import FleetState, Quays
from solvers.ferry.tables import Tables

Array = NDArray[Any]
DAY = 96  # most sailings of a vessel's day
SERVING = 1024  # most sailings that one market keeps in view
JOURNAL = 1024  # most sailings that one move changes
ITEMS = 100_000  # most entries of the lists of one pattern: beyond them the search is blind, which costs no plan its validity
LEVELS = 64  # classes into which riders are sorted by what they gain a leg
ROW_FEN = 10**8  # price of an obligation row not met while searching: above what any vessel's day can earn

# columns: pattern r
FIRST, LOW, HIGH, BLOCK, MINUTES, COST, CIRCUIT, LEGS, ORIGIN, TARGET, CALLS, RIDE_0, RIDE_1, STOP_0, STOP_1 = range(15)
# ride e; LEAVES is less the minutes after the wanted departure at which a second ride is wanted, OFFSET leads to the second half of x;
# of a market with a change JOINED is its number (else -1), QUAY where boats are changed, MEETS the minutes from LEAVES until a first ride
# is there and a second one goes
ROW, GROUP_0, GROUP_1, LEAVES, CENTI, HOUR, DECK, BOARD, ALIGHT, OFFSET, JOINED, MEETS, QUAY = range(13)
# party x: groups, and groups + x the second rides of journeys with a change
MARKET, VALUE, WANTED, X_DECK = range(4)
# circuit k
SEATS, DECKS, DAY_FEN, SECOND_FEN, LONG, VESSEL_0, VESSEL_1, NEAR_0, NEAR_1, WAY_0, WAY_1, PORT_0, PORT_1 = range(13)
# sailing's place s (DAY places a vessel)
CANDIDATE, PATTERN, AT, GONE, FREED_AT, KEPT_AT = range(6)
# piece of a party; number 0 stays behind
PEOPLE, SAILING, PRICE, FROM, TO = range(5)
# vessel v
COUNT, BASE, CREW, FIXED, OF = range(5)
# counters
MOVE, OPS, ROWS, ROOMS, ASHORE, FREED, VESSELS, CHANGED = range(8)
# a change of boats: minutes, hundredths that a minute of waiting counts
LEAST_WAIT, LONGEST_WAIT, WAIT_CENTI = range(3)
MONEY, MISSING = range(2)


class Timetable(NamedTuple):
    """The timetable under search, the facts that moves need, and the journal. Shapes by the columns above."""

    pattern: Array
    ride: Array
    party: Array
    wanted: Array
    circuit: Array
    out_ptr: Array  # patterns of circuit k that leave port p: out[out_ptr[k, p] : out_ptr[k, p + 1]]
    out: Array
    pattern_of: Array  # pattern by (calls, circuit), -1 = none
    stops: Array
    berths: Array  # by port: all, long
    windows: Array
    near: Array  # circuits that compete for the same people, themselves included
    ways: Array  # by circuit: pattern, local origin, local target
    ports: Array  # global numbers of a circuit's local ports
    groups: Array  # of market o: groups[o] : groups[o + 1]
    walk: Array  # minutes from quay to quay, -1 = no way
    changes: Array
    cover_ptr: Array
    cover_row: Array
    wish_fen: Array  # by row: price of a connection that is missing, -1 for an obligation
    guide: Array  # price by x of being left behind while days are chosen
    start: int
    step: int
    shift: int
    window: int
    calendar_start: int
    copies: int
    slots: int
    number: Array
    piece: Array
    dearest: Array  # by x: highest price that somebody pays, 0 if there is nobody: who gains nothing is passed by at a glance
    aboard: Array  # by x: a bit by sailing's place modulo 64 for each that carries somebody
    mark: Array  # by x: move that kept the row, move that put it ashore
    sail: Array
    room: Array
    vessel: Array
    day: Array
    served: Array  # sailings that serve a market (second rides: markets + market)
    serving: Array  # by market: place, ride, minute it leaves at as LEAVES counts, weighted time in hundredths of a minute
    taken: Array
    taken_long: Array
    moorings: Array
    need: Array
    often: Array
    total: Array
    ctr: Array
    row: Array  # journal of parties: x, number
    row_piece: Array
    room_of: Array
    room_was: Array
    op: Array  # place, candidate, 1 = added
    ashore: Array
    freed: Array
    changed: Array  # by market: to be seated anew, and the list of these
    vessel_was: Array  # vessel, its columns, its day
    total_was: Array
    new: Array  # proposals: vessel, count, base
    new_pattern: Array
    new_at: Array
    item: Array  # scratch lists
    key: Array
    net: Array
    level: Array
    free: Array
    head: Array  # by slot
    win: Array
    crowd: Array
    value: Array  # by port and slot
    via: Array
    gaps: Array
    dice: Array


def empty_timetable(problem: FerryProblem, t: Tables, cover: Coverage, others: Quays | None = None, seed: int = 1) -> Timetable:
    """A timetable without a sailing; ``others`` hold berths and moorings already."""
    facts = FleetState(problem, t, cover, others)
    vessels, groups, markets = facts.vessels, len(t.size), len(t.left)
    patterns, rides, circuits = _patterns(problem, t, facts), _rides(problem, t, facts), _circuits(problem, t, facts)
    out_ptr, out = _departures(problem, facts, patterns)
    legs, places, parties = int(t.legs.max(initial=1)), vessels * DAY, 2 * groups
    of = np.repeat(np.arange(markets), np.diff(t.group_ptr))
    party = np.zeros((parties, 4), np.int64)
    party[:, MARKET] = np.concatenate([of, of + markets])
    party[:, VALUE] = np.tile(t.fen_h[of], 2)
    party[:, WANTED] = np.tile(t.wanted, 2)
    party[:, X_DECK] = np.tile(t.deck[of], 2)
    piece = np.zeros((parties, facts.p.people.shape[1], 5), np.int32)
    piece[:, 0, PEOPLE], piece[:, 0, PRICE] = facts.p.people[:, 0], facts.p.price[:, 0]
    piece[:, :, SAILING] = -1
    sail = np.zeros((places, 6), np.int64)
    sail[:, CANDIDATE] = -1
    vessel = np.zeros((vessels, 5), np.int64)
    vessel[:, BASE], vessel[:, OF] = -1, facts.vessel_circuit
    links = max(8, min(places, SERVING))
    by_slot, own_ports = problem.slots + 1, max((len(w.ports) for w in facts.ways), default=1)
    return Timetable(
        patterns, rides, party, t.wanted, circuits, out_ptr, out, _pattern_of(problem, patterns), facts.stops,
        np.stack([facts.berths, facts.long_berths], axis=1), facts.windows, _flat(facts.neighbours),
        np.stack([_flat([w.patterns for w in facts.ways]), _flat([w.origin for w in facts.ways]), _flat([w.target for w in facts.ways])], axis=1),
        _flat([w.ports for w in facts.ways]), t.group_ptr, _walks(problem, facts), _waits(problem), facts.cover_ptr.astype(np.int64), facts.cover_row.astype(np.int64), np.where(facts.hard, -1, facts.wish_fen), piece[:, 0, PRICE].astype(np.int64),
        t.start, t.step, t.shift, t.window, facts.calendar_start, problem.copies, problem.slots,
        np.ones(parties, np.int64), piece, np.where(piece[:, 0, PEOPLE] > 0, piece[:, 0, PRICE], 0).astype(np.int32), np.zeros(parties, np.uint64),
        np.zeros((parties, 2), np.int64), sail, np.zeros((places, legs, 2), np.int64),
        vessel, np.zeros((vessels, DAY), np.int64), np.zeros(2 * markets, np.int64), np.zeros((2 * markets, links, 4), np.int32),
        facts.taken.copy(), facts.taken_long.copy(), facts.moorings.copy(), facts.need.copy(), facts.often.copy(),
        np.array([
            int((piece[:, 0, PRICE].astype(np.int64) * piece[:, 0, PEOPLE]).sum()) + facts.forgone(),
            int(np.maximum(facts.need, 0)[facts.hard].sum()),
        ], dtype=np.int64),
        np.array([1, 0, 0, 0, 0, 0, 0, 0], dtype=np.int64), np.zeros((parties, 2), np.int64), np.zeros_like(piece),
        np.zeros(places, np.int64), np.zeros((places, legs, 2), np.int64), np.zeros((JOURNAL, 3), np.int64),
        np.zeros(parties, np.int64), np.zeros(places, np.int64), np.zeros((markets, 2), np.int64), np.zeros((8, 6 + DAY), np.int64), np.zeros(2, np.int64),
        np.zeros((2, 3), np.int64), np.zeros((2, DAY), np.int64), np.zeros((2, DAY), np.int64),
        np.zeros((ITEMS, 5), np.int64), np.zeros(ITEMS), np.zeros(problem.candidates, np.int64), np.zeros(LEVELS, np.int64),
        np.zeros((legs, 2), np.int64), np.zeros(by_slot, np.int64), np.zeros(by_slot, np.int64), np.zeros((by_slot, 2), np.int64),
        np.zeros((own_ports, by_slot), np.int64), np.zeros((own_ports, by_slot), np.int64), np.zeros((2, 5), np.int64),
        np.array([88172645463325252 + 7919 * seed], dtype=np.uint64),
    )  # fmt: skip


def _patterns(problem: FerryProblem, t: Tables, facts: FleetState) -> Array:
    classes = {calls: i for i, calls in enumerate(dict.fromkeys(p.calls for p in problem.patterns))}
    ends = np.array([(facts.port_number[p.calls[0]], facts.port_number[p.calls[-1]], classes[p.calls]) for p in problem.patterns])
    ends = ends.reshape(-1, 3)
    columns = (t.first, t.low, t.high, t.block, t.minutes, t.cost, t.circuit, t.legs, ends[:, 0], ends[:, 1], ends[:, 2],
               t.ptr[:-1], t.ptr[1:], facts.stop_ptr[:-1], facts.stop_ptr[1:])  # fmt: skip
    return np.stack([np.asarray(c, dtype=np.int64) for c in columns], axis=1)


def _rides(problem: FerryProblem, t: Tables, facts: FleetState) -> Array:
    o, first, second = t.market, t.role == 1, t.role == 2
    groups, markets = len(t.size), len(t.left)
    ahead = np.where(second, t.onward[o], 0)
    # a direct ride of a market that changes boats is not offered: the search splits all its journeys
    row = np.where((t.role == 0) & (t.change[o] > 0), -1, o + np.where(second, markets, 0))
    joined = np.where((t.change[o] > 0) & (t.role > 0), o, -1)
    pattern = np.repeat(np.arange(len(problem.patterns)), np.diff(t.ptr))
    call = np.where(first, t.alight, t.board)
    calls = [(problem.patterns[r].calls, i, j) for r, i, j in zip(pattern.tolist(), call.tolist(), t.alight.tolist(), strict=True)]
    quay = [facts.port_number[c[i]] for c, i, _ in calls]
    # the way from quay to quay is reckoned where two boats meet: what the ride holds of it is taken off
    home = [problem.access.ports[problem.markets[m].to_place][c[j]] if two else 0 for m, two, (c, _, j) in zip(o, second, calls, strict=True)]
    walked = np.where(joined >= 0, second * (problem.rides.minutes - problem.rides.arrives + t.departs - np.array(home, dtype=np.int64)), 0)
    columns = (row, t.group_ptr[o], t.group_ptr[o + 1], t.departs - ahead, t.centi - 100 * walked, t.fen_h[o], t.deck[o].astype(np.int64), t.board, t.alight,
               np.where(second, groups, 0), joined, np.where(first, problem.rides.arrives - t.departs, ahead), quay)  # fmt: skip
    return np.stack([np.asarray(c, dtype=np.int64) for c in columns], axis=1).reshape(-1, 13)


def _walks(problem: FerryProblem, facts: FleetState) -> Array:
    found = np.full((len(facts.port_number), len(facts.port_number)), -1, np.int64)
    for a, near in problem.access.change.items():
        for b, minutes in near.items():
            found[facts.port_number[a], facts.port_number[b]] = minutes
    return found


def _waits(problem: FerryProblem) -> Array:
    scenario = problem.scenario
    share = round(100 * scenario.number("waiting_share"))
    return np.array([scenario.whole("minimum_transfer_min"), scenario.whole("longest_transfer_wait_min"), share], dtype=np.int64)


def _circuits(problem: FerryProblem, t: Tables, facts: FleetState) -> Array:
    def ends(rows: Sequence[Any]) -> tuple[Array, Array]:
        at = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
        return at[:-1], at[1:]

    vessels = ends([range(c.count) for c in problem.circuits])
    columns = (t.seats, t.decks, problem.day_fen, problem.second_fen, facts.is_long, *vessels, *ends(facts.neighbours),
               *ends([w.patterns for w in facts.ways]), *ends([w.ports for w in facts.ways]))  # fmt: skip
    return np.stack([np.asarray(c, dtype=np.int64) for c in columns], axis=1)


def _departures(problem: FerryProblem, facts: FleetState, patterns: Array) -> tuple[Array, Array]:
    ports = len(problem.scenario.ports)
    out_ptr = np.zeros((len(problem.circuits), ports + 1), np.int64)
    out: list[int] = []
    for k in range(len(problem.circuits)):
        for p in range(ports):
            out_ptr[k, p] = len(out)
            out += [r for r in facts.ways[k].patterns.tolist() if patterns[r, ORIGIN] == p]
        out_ptr[k, ports] = len(out)
    return out_ptr, np.array(out, dtype=np.int64)


def _pattern_of(problem: FerryProblem, patterns: Array) -> Array:
    found = np.full((int(patterns[:, CALLS].max(initial=0)) + 1, len(problem.circuits)), -1, np.int64)
    found[patterns[:, CALLS], patterns[:, CIRCUIT]] = np.arange(len(patterns))
    return found


def _flat(rows: Sequence[Any]) -> Array:
    return np.concatenate([np.asarray(r, dtype=np.int64) for r in rows] or [np.zeros(0, np.int64)])
