"""From the linear program to a plan: fix the vehicle day it likes most, price anew for who is left, and so on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solvers.shuttle.bounding import Bounding
from solvers.shuttle.fleet import FloatArray, VehicleDay, cheapest_days
from solvers.shuttle.master import Master, Prices
from solvers.shuttle.search import Fixed, Search

POOL, ROUNDS, AT_ONCE, SURE = 700, 15, 3, 0.85
BOX, WIDER = 0.03, 3.0  # prices move so far in a step of the price of one who is not taken, further where no day is found so near


def dive(search: Search, start: Fixed, pool: list[VehicleDay], prices: Prices, going: Callable[[], bool], rounds: int = ROUNDS) -> Fixed:
    """Completes ``start``; ``pool`` are days to begin with and takes those that are found, ``prices`` where to look for more."""
    fixed, width, near = start, BOX * search.cap, pool
    while going() and fixed.left.any():
        room = search.room(fixed)
        if not room.any():
            break
        master = Master(search.found, fixed.left, room, search.chargers - fixed.taken)
        for day in _fitting(search, fixed, near, prices):
            master.add(day)
        shares: FloatArray = np.zeros(0)
        master.box(prices.person, width)
        value = 0.0
        for _ in range(rounds):
            value, prices, shares = master.solve()
            if not going() or not _more(master, fixed, room, prices, search, pool):
                break
        else:
            value, prices, shares = master.solve()
        if value + sum(d.cost for d in fixed.days) >= search.best.total:  # it can hardly become better any more
            break
        chosen = _chosen(search, fixed, master, shares)
        near = master.days  # they fit already; the whole pool would take longer to look through than days are priced in
        if chosen:
            fixed = search.fix((*fixed.days, *chosen))
        elif width < search.cap:
            width *= WIDER
        else:
            break
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


def _more(master: Master, fixed: Fixed, room: np.ndarray, prices: Prices, search: Search, pool: list[VehicleDay]) -> int:
    """Prices days one after the other on what is left; how many were added that gain."""
    left, added, at = fixed.left.copy(), 0, prices.rounded()
    site = np.where(fixed.taken < search.chargers, at.site, np.inf)
    fleets = [f for k, f in enumerate(search.fleets) if room[k]]
    for _ in range(AT_ONCE):
        for _, day in cheapest_days(fleets, at.person, left, site, whole=True):
            if day is None or not day.tasks:
                continue
            if Bounding.reduced(day, prices) < -1.0 and master.add(day):
                added += 1
                pool.append(day)
            for task in day.tasks:
                for p, n in task.loads:
                    left[p] = max(0, left[p] - n)
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
