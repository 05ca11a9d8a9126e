"""Label setting for trips of one to three days on a timetable: relaxed trips that forget, as in ``label_kernels``, with nights between.

A label stands at a stop after its visit (ready to leave from ``ready`` to ``latest``) or at a bed in the morning. It knows its worth,
what it has spent, the visits of its day, what it remembers and what it has seen. Stops are nodes below 62, so a set is one word.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
NEVER = 1_000_000
FOREVER = 1 << 40
DONE, FULL, LATE = 0, 1, 2
VISITED, MORNING, HOME = 0, 1, 2
WAY_LAND, WAY_NONE = -1, -2  # instead of the number of a way by boat
DAY, KIND, NODE, READY, LATEST, WORTH, SPENT, VISITS, PARENT, WAY, LEFT, CAME = range(12)  # columns of a label
DEPARTS, ARRIVES, FARE, BOATS = range(4)  # columns of a way


@njit(cache=True, nogil=True)
def latest_home(first: IntArray, past: IntArray, ways: IntArray, on_land: IntArray, day: int, home: int, by: int) -> IntArray:
    """By node: the last minute of a day at which somebody there can still be home, by any chain of ways; -1 if never."""
    n = len(on_land)
    latest = np.full(n, -1, dtype=np.int64)
    latest[home] = by
    better = True
    while better:
        better = False
        for i in range(n):
            for j in range(n):
                if latest[j] < 0 or i == j:
                    continue
                best = latest[j] - on_land[i, j] if on_land[i, j] < NEVER else -1
                for w in range(past[day, i, j] - 1, first[day, i, j] - 1, -1):
                    if ways[w, ARRIVES] <= latest[j]:
                        best = max(best, ways[w, DEPARTS])
                        break
                if best > latest[i]:
                    latest[i] = best
                    better = True
    return latest


@njit(cache=True, nogil=True)
def quickest(first: IntArray, past: IntArray, ways: IntArray, on_land: IntArray) -> IntArray:
    """Least minutes between two nodes on any of the days."""
    least = on_land.copy()
    for d in range(len(first)):
        for i in range(len(on_land)):
            for j in range(len(on_land)):
                for w in range(first[d, i, j], past[d, i, j]):
                    least[i, j] = min(least[i, j], ways[w, ARRIVES] - ways[w, DEPARTS])
    return least


@njit(cache=True, nogil=True)
def most_more(
    memory: np.uint64,
    day: int,
    ready: int,
    node: int,
    visits: int,
    days: int,
    most_visits: int,
    order: IntArray,
    by_worth: IntArray,
    worth: IntArray,
    cost: IntArray,
    ends: IntArray,
    rests: IntArray,
    least: IntArray,
    until: IntArray,
) -> int:
    """An upper bound on the worth still to be had: by visits that are left, and by minutes that are left (fractions allowed)."""
    slots = most_visits - visits + most_visits * (days - 1 - day)
    by_slots = 0
    last = day == days - 1
    for k in by_worth:
        if slots == 0:
            break
        if (memory >> np.uint64(k)) & np.uint64(1) or (last and ready + least[node, k] > until[k]):
            continue
        by_slots += worth[k]
        slots -= 1
    left = max(0, ends[day] - ready) + rests[day]
    by_time = 0
    for k in order:
        if (memory >> np.uint64(k)) & np.uint64(1) or (last and ready + least[node, k] > until[k]):
            continue
        if cost[k] <= left:
            left -= cost[k]
            by_time += worth[k]
        else:
            by_time += worth[k] * left // max(1, cost[k])
            break
    return min(by_slots, by_time)


@njit(cache=True, nogil=True)
def run(
    first: IntArray,
    past: IntArray,
    ways: IntArray,
    on_land: IntArray,
    land_fen: IntArray,
    stops: int,
    opens: IntArray,
    closes: IntArray,
    shortest: IntArray,
    longest: IntArray,
    fee: IntArray,
    worth: IntArray,
    bed: IntArray,
    days: int,
    leave_after: int,
    morning: int,
    night_by: int,
    home_by: int,
    rest: int,
    most_visits: int,
    budget: int,
    ng: NDArray[np.uint64],
    latest: IntArray,
    order: IntArray,
    by_worth: IntArray,
    cost: IntArray,
    ends: IntArray,
    rests: IntArray,
    least: IntArray,
    until: IntArray,
    banned: np.uint64,
    need: int,
    strict: bool,
    slack: int,
    crowd: int,
    most: int,
    effort: int,
) -> tuple[int, IntArray, int, int, int, int]:
    """One pass. Money is fen a person; ``budget`` 0 = none. ``need``: trips that cannot reach this worth are dropped. ``strict``: trips
    see nothing twice, while dominance looks at what is remembered alone. ``slack``: fen that a label may have spent more than one it
    beats; ``crowd``: a label is dropped if so many of its place are ready no later and worth as much, whatever they remember (0 = none
    is). With either the pass is quick and proves nothing. ``effort``: steps after which it ends late; a step is a way, a
    stop of a bound or a comparison of two labels, so that steps take about the same time whatever the wish.

    Returns how it ended, the labels, how many, the best trip that is home, the best of those that see nothing twice (-1 = none), and steps.
    """
    n = len(on_land)
    start, home = n - 2, n - 1
    size = 1 << 13
    labels = np.empty((size, 12), dtype=np.int64)
    memory = np.empty(size, dtype=np.uint64)
    seen = np.empty(size, dtype=np.uint64)
    once = np.empty(size, dtype=np.bool_)
    alive = np.empty(size, dtype=np.bool_)
    following = np.empty(size, dtype=np.int64)
    head = np.full((days, 2, n), -1, dtype=np.int64)
    one = np.uint64(1)
    labels[0] = np.array([0, MORNING, start, leave_after, FOREVER, 0, 0, 0, -1, WAY_NONE, leave_after, leave_after])
    memory[0], seen[0], once[0], alive[0], following[0] = banned, banned, True, True, -1
    count, best, plain, state, steps = 1, -1, -1, DONE, 0
    heap = [(np.int64(leave_after), np.int64(0))]
    new = np.empty(12, dtype=np.int64)
    while len(heap) > 0:
        _, label = heapq.heappop(heap)
        if not alive[label]:
            continue
        if steps > effort:
            state = LATE
            break
        day, i, ready, last = labels[label, DAY], labels[label, NODE], labels[label, READY], labels[label, LATEST]
        kind, spent = labels[label, KIND], labels[label, SPENT]
        here = labels[label, VISITS]
        for goal in range(3):  # a stop, home, a bed
            if (goal == 0 and here >= most_visits) or (goal == 2 and day == days - 1):
                continue
            low, high = (0, stops) if goal == 0 else (home, n) if goal == 1 else (0, start)
            for j in range(low, high):
                if goal == 0 and ((memory[label] >> np.uint64(j)) & one or (strict and (seen[label] >> np.uint64(j)) & one)):
                    continue
                if goal == 0 and (worth[j] == 0 and bed[j] < 0):
                    continue
                if goal == 2 and bed[j] < 0:
                    continue
                stay_put = i == j and (goal == 2 or kind == MORNING)
                if i == j and not stay_put:
                    continue
                choices = past[day, i, j] - first[day, i, j]
                earliest = FOREVER
                # ways by boat in order of departure, after the way on land (or staying where one is)
                for choice in range(-1, choices):
                    steps += 1
                    if choice < 0:
                        if stay_put:
                            departs, arrives, fare, way = ready, ready, 0, WAY_NONE
                        elif on_land[i, j] < NEVER and i != j:
                            departs = ready
                            if goal == 0:
                                departs = max(ready, min(last, opens[j] - on_land[i, j]))
                            arrives, fare, way = departs + on_land[i, j], land_fen[i, j], WAY_LAND
                        else:
                            continue
                    else:
                        if stay_put:
                            break
                        way = first[day, i, j] + choice
                        departs, arrives, fare = ways[way, DEPARTS], ways[way, ARRIVES], ways[way, FARE]
                        if departs < ready:
                            continue
                        if departs > last:
                            break
                        # a later arrival is of use only where money counts, or the longest stay
                        if arrives >= earliest and (budget == 0 or crowd > 0) and (goal != 0 or longest[j] == 0):
                            continue
                    new[SPENT], new[WORTH], new[VISITS] = spent + fare, labels[label, WORTH], here
                    new[DAY], new[PARENT], new[WAY], new[LEFT], new[CAME], new[NODE] = day, label, way, departs, arrives, j
                    if goal == 1:
                        if arrives > home_by or labels[label, WORTH] < need or (budget and new[SPENT] > budget):
                            continue
                        new[KIND], new[READY], new[LATEST] = HOME, arrives, arrives
                    elif goal == 2:
                        if arrives > night_by:
                            continue
                        new[SPENT] += bed[j]
                        new[KIND], new[READY], new[LATEST], new[DAY], new[VISITS] = MORNING, morning, FOREVER, day + 1, 0
                    else:
                        begins = max(arrives, opens[j])
                        if begins + shortest[j] > closes[j]:
                            continue
                        new[READY] = begins + shortest[j] + rest
                        new[LATEST] = arrives + longest[j] if longest[j] else FOREVER
                        new[KIND], new[VISITS] = VISITED, here + 1
                        new[SPENT] += fee[j]
                        new[WORTH] += worth[j]
                        # with a night after it, the longest stay does not count
                        if new[READY] > new[LATEST] and (day == days - 1 or bed[j] < 0 or new[READY] > night_by):
                            continue
                    if arrives < earliest:
                        earliest = arrives
                    if budget and new[SPENT] > budget:
                        continue
                    if goal == 1:
                        if count == size:
                            size, labels, memory, seen, once, alive, following = _wider(size, labels, memory, seen, once, alive, following)
                        labels[count] = new
                        memory[count], seen[count], once[count], alive[count], following[count] = (
                            memory[label],
                            seen[label],
                            once[label],
                            False,
                            -1,
                        )
                        if best < 0 or _better(new, labels[best]):
                            best = count
                        if once[label] and (plain < 0 or _better(new, labels[plain])):
                            plain = count
                        count += 1
                        continue
                    if new[DAY] == days - 1 and new[READY] > latest[j]:
                        continue
                    remembered, known, plainly = memory[label], seen[label], once[label]
                    if goal == 0:
                        plainly = plainly and not (known >> np.uint64(j)) & one
                        remembered = (remembered & ng[j]) | (one << np.uint64(j)) | banned
                        known = known | (one << np.uint64(j))
                    steps += stops
                    more = most_more(
                        known if strict else remembered,
                        new[DAY],
                        new[READY],
                        j,
                        new[VISITS],
                        days,
                        most_visits,
                        order,
                        by_worth,
                        worth,
                        cost,
                        ends,
                        rests,
                        least,
                        until,
                    )
                    if new[WORTH] + more < need:
                        continue
                    beaten, as_good = False, 0
                    other, before = head[new[DAY], new[KIND], j], -1
                    while other >= 0:
                        steps += 1
                        after = following[other]
                        o = labels[other]
                        if (
                            o[READY] <= new[READY] and o[LATEST] >= new[LATEST] and o[WORTH] >= new[WORTH] and o[VISITS] <= new[VISITS]
                            and (budget == 0 or o[SPENT] <= new[SPENT] + slack) and memory[other] & ~remembered == 0
                            and (o[WORTH] > new[WORTH] or o[SPENT] <= new[SPENT] + slack or o[READY] < new[READY])
                        ):  # fmt: skip
                            beaten = True
                            break
                        if crowd and o[READY] <= new[READY] and o[WORTH] >= new[WORTH] and (budget == 0 or o[SPENT] <= new[SPENT] + slack):
                            as_good += 1
                            if as_good == crowd:
                                beaten = True
                                break
                        if (
                            o[READY] >= new[READY] and o[LATEST] <= new[LATEST] and o[WORTH] <= new[WORTH] and o[VISITS] >= new[VISITS]
                            and (budget == 0 or o[SPENT] >= new[SPENT]) and remembered & ~memory[other] == 0
                        ):  # fmt: skip
                            alive[other] = False
                            if before < 0:
                                head[new[DAY], new[KIND], j] = after
                            else:
                                following[before] = after
                        else:
                            before = other
                        other = after
                    if beaten:
                        continue
                    if count == size:
                        if size >= most:
                            return FULL, labels, count, best, plain, steps
                        size, labels, memory, seen, once, alive, following = _wider(size, labels, memory, seen, once, alive, following)
                    labels[count] = new
                    memory[count], seen[count], once[count], alive[count] = remembered, known, plainly, True
                    following[count] = head[new[DAY], new[KIND], j]
                    head[new[DAY], new[KIND], j] = count
                    heapq.heappush(heap, (np.int64(new[DAY] * 4000 + new[READY]), np.int64(count)))
                    count += 1
    return state, labels, count, best, plain, steps


@njit(cache=True, nogil=True)
def _better(a: IntArray, b: IntArray) -> bool:
    """More worth, then less spent, then home earlier."""
    if a[WORTH] != b[WORTH]:
        return bool(a[WORTH] > b[WORTH])
    if a[SPENT] != b[SPENT]:
        return bool(a[SPENT] < b[SPENT])
    return bool(a[DAY] * 4000 + a[READY] < b[DAY] * 4000 + b[READY])


@njit(cache=True, nogil=True)
def _wider(size, labels, memory, seen, once, alive, following):  # type: ignore[no-untyped-def]
    """Twice the room."""
    labels2 = np.empty((2 * size, labels.shape[1]), dtype=np.int64)
    labels2[:size] = labels
    memory2 = np.empty(2 * size, dtype=np.uint64)
    memory2[:size] = memory
    seen2 = np.empty(2 * size, dtype=np.uint64)
    seen2[:size] = seen
    once2 = np.empty(2 * size, dtype=np.bool_)
    once2[:size] = once
    alive2 = np.empty(2 * size, dtype=np.bool_)
    alive2[:size] = alive
    following2 = np.empty(2 * size, dtype=np.int64)
    following2[:size] = following
    return 2 * size, labels2, memory2, seen2, once2, alive2, following2
