"""A change of the annealing search that is judged after it has settled: whole days of vessels are made anew, small changes follow, then it counts.

A day filled by what every sailing would win alone counts people twice and leaves at the wrong minutes; as it comes it costs more than one
that has been polished, although it may be the better one of the two. So the timetable is remembered, days of up to two vessels are cleared,
idle ones are sent out, small changes around them follow at the temperature of the search, and only then the whole is kept or recalled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solvers.ferry.anneal_days import apply, begin_move, link, pattern_at, take_back, unlink
from solvers.ferry.anneal_fill import NOTHING, best_day, clear_day
from solvers.ferry.anneal_moves import any_sailing, chance, change_at, dice, other_vessel
from solvers.ferry.anneal_state import CANDIDATE, COUNT, MISSING, MONEY, OF, ROW_FEN, VESSELS, Timetable
from solvers.kernel import kernel

Array = NDArray[Any]
TOUCHED = 4  # most vessels around which small changes are made


class Memory(NamedTuple):
    """What a timetable was like before a hop; links, berths and obligations follow from the sailings."""

    candidate: Array
    number: Array
    piece: Array
    dearest: Array
    aboard: Array
    room: Array
    vessel: Array
    day: Array
    moorings: Array
    total: Array
    focus: Array  # vessels around which small changes are made


def memory_of(b: Timetable) -> Memory:
    """Room to remember a timetable."""
    kept = (b.sail[:, CANDIDATE], b.number, b.piece, b.dearest, b.aboard, b.room, b.vessel, b.day, b.moorings, b.total)
    return Memory._make([*(a.copy() for a in kept), np.zeros(TOUCHED, np.int64)])


@kernel
def _copy_rows(to: Array, of: Array) -> None:
    for i in range(of.shape[0]):
        for j in range(of.shape[1]):
            to[i, j] = of[i, j]


@kernel
def _copy_all(to: Array, of: Array) -> None:
    for i in range(len(of)):
        to[i] = of[i]


@kernel
def _copy_room(to: Array, of: Array, candidate: Array) -> None:
    for s in range(len(of)):
        if candidate[s] >= 0:
            for leg in range(of.shape[1]):
                to[s, leg, 0], to[s, leg, 1] = of[s, leg, 0], of[s, leg, 1]


@kernel
def _copy_pieces(to: Array, of: Array, number: Array) -> None:
    for x in range(len(number)):
        for i in range(number[x]):
            for f in range(5):
                to[x, i, f] = of[x, i, f]


@kernel
def remember(b: Timetable, m: Memory) -> None:
    """Keeps the timetable as it is."""
    for s in range(len(b.sail)):
        m.candidate[s] = b.sail[s, CANDIDATE]
    _copy_all(m.number, b.number)
    _copy_pieces(m.piece, b.piece, b.number)
    _copy_all(m.dearest, b.dearest)
    _copy_all(m.aboard, b.aboard)
    _copy_room(m.room, b.room, m.candidate)
    _copy_rows(m.vessel, b.vessel)
    _copy_rows(m.day, b.day)
    _copy_all(m.moorings, b.moorings)
    _copy_all(m.total, b.total)


@kernel
def recall(b: Timetable, m: Memory) -> None:
    """Makes the timetable what it was; no change may be under way."""
    for s in range(len(b.sail)):
        if b.sail[s, CANDIDATE] >= 0 and b.sail[s, CANDIDATE] != m.candidate[s]:
            unlink(b, s)
    for s in range(len(b.sail)):
        if m.candidate[s] >= 0 and b.sail[s, CANDIDATE] < 0:
            link(b, s, m.candidate[s], pattern_at(b, m.candidate[s]))
    _copy_all(b.number, m.number)
    _copy_pieces(b.piece, m.piece, m.number)
    _copy_all(b.dearest, m.dearest)
    _copy_all(b.aboard, m.aboard)
    _copy_room(b.room, m.room, m.candidate)
    _copy_rows(b.vessel, m.vessel)
    _copy_rows(b.day, m.day)
    _copy_all(b.moorings, m.moorings)
    _copy_all(b.total, m.total)
    begin_move(b)


@kernel
def too_dear(b: Timetable, rise: int, heat: float) -> bool:
    """Whether a change that costs ``rise`` fen more is refused, by chance while it is warm."""
    return bool(rise > 0 and (heat <= 0.0 or rise > 30 * heat or chance(b) >= np.exp(-rise / heat)))


@kernel
def _days_anew(b: Timetable, m: Memory) -> int:
    """Clears days of up to two competing vessels and sends up to two idle ones out; vessels touched, 0 if it must be taken back."""
    v, _ = any_sailing(b)
    if v < 0:
        return 0
    w = other_vessel(b, v, dice(b, 3) == 0)
    u = other_vessel(b, v, False)
    m.focus[0], m.focus[1], m.focus[2] = v, w, u
    if (b.vessel[w, COUNT] > 0 or dice(b, 4) > 0) and not clear_day(b, v):
        return 0
    if w != v and b.vessel[w, COUNT] > 0 and dice(b, 2) and not clear_day(b, w):
        return 0
    kappa = 1.02 + 0.58 * chance(b) if dice(b, 10) < 7 else 1000.0
    begin, fills = dice(b, 3), dice(b, 3)
    for n in range(3):
        x = m.focus[(begin + n) % 3]
        if fills > 0 and b.vessel[x, COUNT] == 0:
            fills -= 1
            if best_day(b, x, kappa) < NOTHING:
                return 0
    return 3


@kernel
def hop(b: Timetable, m: Memory, heats: Array, odds: Array, small: int, steps: int) -> None:
    """Days made anew, then ``steps`` small changes around them, kept or recalled as a whole at temperature ``heats`` (fen, by circuit).

    The first ``small`` of the kinds whose summed shares ``odds`` are take part.
    """
    remember(b, m)
    touched = _days_anew(b, m)
    if touched == 0 or b.ctr[VESSELS] == 0:
        take_back(b)
        return
    heat = heats[b.vessel[b.vessel_was[0, 0], OF]]
    for _ in range(steps):
        begin_move(b)
        v = m.focus[dice(b, touched)]
        if dice(b, 4) == 0:
            v = other_vessel(b, v, False)
        if b.vessel[v, COUNT] == 0:
            continue
        dial, kind = chance(b) * odds[small - 1], 0
        while kind < small - 1 and dial >= odds[kind]:
            kind += 1
        days = change_at(b, kind, v, dice(b, b.vessel[v, COUNT]))
        if days == 0:
            continue
        done = apply(b, days)
        rise = b.total[MONEY] - b.total_was[MONEY] + ROW_FEN * (b.total[MISSING] - b.total_was[MISSING])
        if not done or too_dear(b, rise, heat):
            take_back(b)
    rise = b.total[MONEY] - m.total[MONEY] + ROW_FEN * (b.total[MISSING] - m.total[MISSING])
    if too_dear(b, rise, heat):
        recall(b, m)
