"""From the linear program to a plan: fix the vehicle day it likes most, price anew for who is left, and so on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solvers.shuttle.bounding import Bounding
from solvers.shuttle.fleet import Fleet, FloatArray, VehicleDay
from solvers.shuttle.master import Master, Prices
from solvers.shuttle.search import Fixed, Search

POOL, ROUNDS, AT_ONCE, SURE, BOX = 400, 6, 3, 0.85, 0.03


def dive(search: Search, start: Fixed, pool: list[VehicleDay], prices: Prices, going: Callable[[], bool], rounds: int = ROUNDS) -> Fixed:
    """Completes ``start``; ``pool`` are days to begin with, ``prices`` where to look for more."""
    fixed, fleets = start, search.fleets
    while going() and fixed.left.any():
        room = search.room(fixed)
        if not room.any():
            break
        master = Master(search.found, fixed.left, room, search.chargers - fixed.taken)
        for day in _fitting(search, fixed, pool, prices):
            master.add(day)
        master.box(prices.person, BOX * search.cap)
        shares: FloatArray = np.zeros(0)
        for _ in range(rounds):
            _, prices, shares = master.solve()
            if not going() or not _more(fleets, master, fixed, room, prices, search, pool):
                break
        else:
            _, prices, shares = master.solve()
        chosen = _chosen(search, fixed, master, shares)
        if not chosen:
            break
        fixed = search.fix((*fixed.days, *chosen))
    return fixed


def _fitting(search: Search, fixed: Fixed, pool: list[VehicleDay], prices: Prices) -> list[VehicleDay]:
    """Days of the pool for those who are left, the most promising ones."""
    room = search.room(fixed)
    found: list[tuple[float, int, VehicleDay]] = []
    for day in pool:
        if room[day.fleet] and search.charges(fixed, day):
            mine = search.fleets[day.fleet].trimmed(day, fixed.left)
            if mine.tasks:
                found.append((Bounding.reduced(mine, prices), len(found), mine))
    return [day for _, _, day in sorted(found, key=lambda f: f[:2])[:POOL]]


def _more(
    fleets: list[Fleet], master: Master, fixed: Fixed, room: np.ndarray, prices: Prices, search: Search, pool: list[VehicleDay]
) -> int:
    """Prices days one after the other on what is left; how many were added."""
    left, added, at = fixed.left.copy(), 0, prices.rounded()
    site = np.where(fixed.taken < search.chargers, at.site, np.inf)
    for _ in range(AT_ONCE):
        for k, fleet in enumerate(fleets):
            if not room[k]:
                continue
            _, day = fleet.price(at.person, left, site, whole=True)
            if day is None or not day.tasks:
                continue
            if Bounding.reduced(day, prices) < -1.0 and master.add(day):
                added += 1
                pool.append(day)
            for task in day.tasks:
                for p, n in task.loads:
                    left[p] -= n
    return added


def _chosen(search: Search, fixed: Fixed, master: Master, shares: FloatArray) -> list[VehicleDay]:
    """The day with the largest share, and others that are as good as chosen; each for those whom the ones before leave."""
    order = np.argsort(-shares, kind="stable")
    sure = [int(i) for i in order[:AT_ONCE] if shares[i] > SURE] or [int(i) for i in order[:1] if shares[i] > 1e-6]
    found: list[VehicleDay] = []
    for i in sure:
        now = search.fix((*fixed.days, *found))
        day = search.fleets[master.days[i].fleet].trimmed(master.days[i], now.left)
        if day.tasks and search.room(now)[day.fleet] and search.charges(now, day):
            found.append(day)
    return found
