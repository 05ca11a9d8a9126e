"""A change of the annealing search for people whom no small change reaches: a vessel that could take them gets a day for them.

Where one boat serves two lines, people of the one it does not sail stay ashore although an idle boat could take over the other line. Only
both changes together cost less, so both days are taken apart and filled one after the other.
"""

from __future__ import annotations

from solvers.ferry.anneal_fill import NOTHING, best_day, clear_day
from solvers.ferry.anneal_moves import chance, dice, other_vessel
from solvers.ferry.anneal_state import CIRCUIT, COUNT, DECK, DECKS, MARKET, PEOPLE, PRICE, RIDE_0, ROW, SEATS, VESSEL_0, VESSEL_1, Timetable
from solvers.kernel import kernel

DRAWS = 3  # parties looked at; the one whose people cost most is served
FULL_PRICE = 1000.0  # people left behind count at their full price, whatever the bound's prices


@kernel
def _ashore(b: Timetable) -> int:
    """A party with people left behind, rather one that costs much; -1 if there is none."""
    parties, best, most = len(b.number), -1, 0
    for _ in range(DRAWS):
        begin, x = dice(b, parties), 0
        for n in range(parties):
            x = (begin + n) % parties
            if b.piece[x, 0, PEOPLE] > 0:
                break
        cost = b.piece[x, 0, PEOPLE] * b.piece[x, 0, PRICE]
        if cost > most:
            best, most = x, cost
    return int(best)


@kernel
def _vessel_for(b: Timetable, x: int) -> int:
    """A vessel of a circuit that could carry a party; -1 if there is none."""
    rides, row = len(b.ride), b.party[x, MARKET]
    begin = dice(b, rides)
    for n in range(rides):
        e = (begin + n) % rides
        if b.ride[e, ROW] == row:
            lo, hi = 0, len(b.pattern)
            while hi - lo > 1:
                mid = (lo + hi) >> 1
                if b.pattern[mid, RIDE_0] <= e:
                    lo = mid
                else:
                    hi = mid
            k = b.pattern[lo, CIRCUIT]
            if b.circuit[k, DECKS if b.ride[e, DECK] else SEATS] > 0:
                return int(b.circuit[k, VESSEL_0] + dice(b, b.circuit[k, VESSEL_1] - b.circuit[k, VESSEL_0]))
    return -1


@kernel
def rescue(b: Timetable) -> bool:
    """A vessel's day is made anew for people who are left behind, then a competing vessel's for those whom it drops; False if it must be taken back."""
    x = _ashore(b)
    v = _vessel_for(b, x) if x >= 0 else -1
    if v < 0:
        return False
    w = other_vessel(b, v, dice(b, 4) == 0)
    if b.vessel[v, COUNT] > 0 and not clear_day(b, v):
        return False
    if w != v and b.vessel[w, COUNT] > 0 and dice(b, 2) and not clear_day(b, w):
        return False
    # for the other line, where the first vessel goes back to what it sailed; or first for those left behind
    kappa = 1.02 + 0.58 * chance(b) if dice(b, 2) else FULL_PRICE
    if b.vessel[w, COUNT] == 0 and dice(b, 2) and best_day(b, w, kappa) < NOTHING:
        return False
    if b.vessel[v, COUNT] == 0 and best_day(b, v, FULL_PRICE) < NOTHING:
        return False
    return bool(b.vessel[w, COUNT] > 0 or best_day(b, w, kappa) >= NOTHING)
