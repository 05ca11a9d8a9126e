"""Seats at least cost for a timetable under annealing: now and then the search's own seating, kept up move by move, is replaced by the best one.

On lines whose boats are full the seating of the search costs up to two hundredths more than the best one, and changes of days are judged by it.
"""

from __future__ import annotations

import numpy as np

from islandflow.ferry.problem import FerryProblem
from islandflow.passengers.seating import Seating, seating_on
from solvers.ferry.anneal_riders import look_over
from solvers.ferry.anneal_state import (
    CANDIDATE,
    CIRCUIT,
    COUNT,
    DECKS,
    MONEY,
    PATTERN,
    PEOPLE,
    PRICE,
    SEATS,
    X_DECK,
    Timetable,
)  # fmt: skip
from solvers.ferry.best_seating import seat_best
from solvers.ferry.timetable import timetable

Ride = tuple[int, int, int]  # place of the sailing, board, alight


def seat_anew(b: Timetable, problem: FerryProblem, names: list[str]) -> None:
    """Seats everybody at least cost; nothing changes where the seating at hand costs no more. No change may be under way."""
    days = [(names[v], b.day[v, : b.vessel[v, COUNT]].tolist()) for v in np.flatnonzero(b.vessel[:, COUNT]).tolist()]
    places = sorted(
        (problem.minute(c), problem.patterns[problem.pattern_of(c)].calls, name, c, s)
        for name, day in days for s, c in zip(day, b.sail[day, CANDIDATE].tolist(), strict=True)
    )  # fmt: skip
    sailings = timetable(problem, [(name, b.sail[day, CANDIDATE].tolist()) for name, day in days])
    seating = seating_on(problem.scenario, problem.service, sailings)
    seating.settle()
    seat_best(seating)
    _take_over(b, problem, seating, [p[-1] for p in places])


def _take_over(b: Timetable, problem: FerryProblem, seating: Seating, places: list[int]) -> None:
    groups = len(problem.size)
    number = {
        (m.from_place, m.to_place, m.segment, g.wanted): int(problem.group_ptr[o]) + i
        for o, m in enumerate(problem.markets)
        for i, g in enumerate(m.groups)
    }
    change = np.repeat(np.array([m.change for m in problem.markets], dtype=bool), np.diff(problem.group_ptr))
    was = (b.number.copy(), b.piece.copy(), b.room.copy())
    before = _seated(b)
    _everyone_ashore(b)
    for wish in seating.wishes:
        group = wish.group
        x = number.get((group.from_place, group.to_place, group.segment, group.wanted))
        if x is None:
            continue
        for way, people in sorted(wish.seated.items()):
            rides = [(places[s], board, alight) for s, board, alight in seating.offers.rides(wish.ways[way])]
            if change[x] == (len(rides) == 2) and b.number[x] < b.piece.shape[1]:  # noqa: PLR2004  (else the search cannot tell of it)
                _seat(b, x, groups, rides, people, wish.prices[way])
    if _seated(b) >= before:
        b.number[:], b.piece[:], b.room[:] = was
    b.total[MONEY] += _seated(b) - before
    for x in range(2 * groups):
        look_over(x, b.number, b.piece, b.dearest, b.aboard)


def _seated(b: Timetable) -> int:
    """Fen of all pieces."""
    there = np.arange(b.piece.shape[1])[None, :] < b.number[:, None]
    return int((b.piece[:, :, PEOPLE].astype(np.int64) * b.piece[:, :, PRICE] * there).sum())


def _everyone_ashore(b: Timetable) -> None:
    there = np.arange(b.piece.shape[1])[None, :] < b.number[:, None]
    b.piece[:, 0, PEOPLE] = (b.piece[:, :, PEOPLE] * there).sum(axis=1)
    b.number[:] = 1
    placed = np.flatnonzero(b.sail[:, CANDIDATE] >= 0)
    k = b.pattern[b.sail[placed, PATTERN], CIRCUIT]
    b.room[placed, :, 0], b.room[placed, :, 1] = b.circuit[k, SEATS][:, None], b.circuit[k, DECKS][:, None]


def _seat(b: Timetable, x: int, groups: int, rides: list[Ride], people: int, price: int) -> None:
    """People of a group on one ride, or on two that stand side by side in both rows of the group."""
    deck = int(b.party[x, X_DECK])
    # how the price is shared between two rides matters to nobody: the whole counts
    share = [price] if len(rides) == 1 else [price // 2, price - price // 2]
    for z, (s, board, alight), fen in zip((x, x + groups), rides, share, strict=False):
        i = b.number[z]
        b.piece[z, i] = (people, s, fen, board, alight)
        b.piece[z, 0, PEOPLE] -= people
        b.number[z] = i + 1
        b.room[s, board:alight, deck] -= people
