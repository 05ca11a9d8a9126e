"""Pricing of trips in compiled code: the cheapest trips at given prices, exact over ng-routes, with completion bounds.

Labels run backwards from the return to the depot, so that a release time is one comparison at the end: a trip is possible if it may
still leave when the last of its customers is ready (ng-routes: Baldacci, Mingozzi and Roberti 2011).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Bits = NDArray[np.uint64]
FAR = 1e18
TINY = 1e-7


@njit(cache=True, nogil=True)
def load_bounds(cost: FloatArray, demand: IntArray, capacity: int) -> FloatArray:
    """(nodes, capacity + 1): least cost of a way from the depot (node 0) to a node with at most so much on board, the node's own demand
    included; no step straight back, nothing else of time or sets. ``cost[i, j]`` holds the price of j."""
    n = len(demand)
    best = np.full((n, capacity + 1), FAR)
    second = np.full((n, capacity + 1), FAR)
    came = np.full((n, capacity + 1), -1)
    for q in range(capacity + 1):
        for j in range(1, n):
            left = q - demand[j]
            if left < 0:
                continue
            b, s, who = cost[0, j], FAR, 0
            if q > 0 and left < q:
                for i in range(1, n):
                    if i == j:
                        continue
                    value = (second[i, left] if came[i, left] == j else best[i, left]) + cost[i, j]
                    if value < b:
                        s = b
                        b, who = value, i
                    elif value < s:
                        s = value
            best[j, q], second[j, q], came[j, q] = b, s, who
    return best


@njit(cache=True, nogil=True)
def _grown(values: IntArray, size: int) -> IntArray:
    bigger = np.empty(size, dtype=np.int64)
    bigger[: len(values)] = values
    return bigger


@njit(cache=True, nogil=True)
def price_trips(
    cost: FloatArray,
    travel: IntArray,
    service: IntArray,
    opens: IntArray,
    closes: IntArray,
    release: IntArray,
    demand: IntArray,
    capacity: int,
    instants: IntArray,
    rent: FloatArray,
    near: Bits,
    bound: FloatArray,
    loose: bool,
    most_labels: int,
    most_trips: int,
) -> tuple[bool, FloatArray, IntArray, IntArray, IntArray, float, float]:
    """Trips of negative reduced cost.

    ``cost[i, j]``: travel less the price of j. ``instants`` rise; a trip that is under way at ``instants[k]`` (it left by then and is not
    back) pays ``rent[k]``. ``near[i]``: bits of the nodes that i remembers. ``bound``: from :func:`load_bounds`. ``loose``: dominance that
    forgets sets and release times, a heuristic that finds trips fast. Returns whether the search was complete, (trips,) reduced costs,
    (trips + 1,) places in (all,) nodes,
    (trips,) times to leave, the least reduced cost, and the least reduced cost per unit of demand (both <= 0).
    """
    n = len(demand)
    words = near.shape[1]
    m = len(instants)
    later = np.zeros(m + 1)  # rent of all instants from k on
    for k in range(m - 1, -1, -1):
        later[k] = later[k + 1] + rent[k]
    size = 1 << 14
    node = np.empty(size, dtype=np.int64)
    latest = np.empty(size, dtype=np.int64)
    load = np.empty(size, dtype=np.int64)
    ready = np.empty(size, dtype=np.int64)
    parent = np.empty(size, dtype=np.int64)
    value = np.empty(size)
    alive = np.empty(size, dtype=np.bool_)
    memory = np.zeros((size, words), dtype=np.uint64)
    chain = np.empty(size, dtype=np.int64)  # next label of the same load
    first = np.full(capacity + 1, -1, dtype=np.int64)
    # labels of a node by rising cost
    room = 64
    held = np.empty((n, room), dtype=np.int64)
    count = np.zeros(n, dtype=np.int64)
    total = 0
    done_cost = np.empty(most_trips)
    done_label = np.empty(most_trips, dtype=np.int64)
    done = 0
    least, ratio = 0.0, 0.0
    mask = np.zeros(words, dtype=np.uint64)
    complete = True

    for q in range(capacity + 1):
        # q = 0 starts the ways: one label for each node and time to be back; then labels leave in order of load
        seed = 0
        while True:
            label = -1
            if q > 0 or seed > m:
                label = first[q]
                if label < 0:
                    break
                first[q] = chain[label]
                if not alive[label]:
                    continue
            here = 0 if label < 0 else node[label]
            for j in range(1, n):
                if j == here:
                    continue
                if label < 0:
                    arrive = instants[seed] if seed < m else closes[0]
                    if arrive > closes[0]:
                        continue
                    when = min(closes[j], arrive - service[j] - travel[j, 0])
                    now = cost[j, 0] - (later[seed] if seed < m else 0.0)
                    heavy, late = demand[j], max(release[j], opens[0])
                    if heavy > capacity:
                        continue
                else:
                    if (memory[label, j >> 6] >> np.uint64(j & 63)) & np.uint64(1):
                        continue
                    heavy = load[label] + demand[j]
                    if heavy > capacity:
                        continue
                    when = min(closes[j], latest[label] - service[j] - travel[j, here])
                    now = value[label] + cost[j, here]
                    late = max(ready[label], release[j])
                if when < opens[j] or when < late + travel[0, j]:
                    continue
                # value so far does not hold the price of j's own way in: cost[i, j] carries the price of j, so add it here
                leave = when - travel[0, j]
                k = np.searchsorted(instants, leave)
                pay = later[k] if k < m else 0.0
                # bound[j, room left] = cheapest way from the depot to j, price of j included
                if now + bound[j, capacity - heavy + demand[j]] + pay >= -TINY:
                    continue
                for w in range(words):
                    mask[w] = (memory[label, w] if label >= 0 else np.uint64(0)) & near[j, w]
                mask[j >> 6] |= np.uint64(1) << np.uint64(j & 63)
                # dominance among labels of j
                c = count[j]
                place = 0
                beaten = False
                while place < c:
                    other = held[j, place]
                    if value[other] > now:
                        break
                    if latest[other] >= when and load[other] <= heavy:
                        if loose:
                            beaten = True
                            break
                        if ready[other] <= late:
                            inside = True
                            for w in range(words):
                                if memory[other, w] & ~mask[w]:
                                    inside = False
                                    break
                            if inside:
                                beaten = True
                                break
                    place += 1
                if beaten:
                    continue
                # what the new one beats goes
                into = place
                for p in range(place, c):
                    other = held[j, p]
                    gone = False
                    if load[other] >= heavy and latest[other] <= when:
                        if loose:
                            gone = True
                        elif ready[other] >= late:
                            gone = True
                            for w in range(words):
                                if mask[w] & ~memory[other, w]:
                                    gone = False
                                    break
                    if gone:
                        alive[other] = False
                    else:
                        held[j, into] = other
                        into += 1
                c = into
                if c + 1 >= room:
                    wider = np.empty((n, 2 * room), dtype=np.int64)
                    wider[:, :room] = held
                    held = wider
                    room *= 2
                for p in range(c, place, -1):
                    held[j, p] = held[j, p - 1]
                held[j, place] = total
                count[j] = c + 1
                if total == size:
                    if total >= most_labels:
                        complete = False
                        break
                    size *= 2
                    node, latest, load = _grown(node, size), _grown(latest, size), _grown(load, size)
                    ready, parent, chain = _grown(ready, size), _grown(parent, size), _grown(chain, size)
                    more_value = np.empty(size)
                    more_value[:total] = value
                    value = more_value
                    more_alive = np.empty(size, dtype=np.bool_)
                    more_alive[:total] = alive
                    alive = more_alive
                    more_memory = np.zeros((size, words), dtype=np.uint64)
                    more_memory[:total] = memory
                    memory = more_memory
                node[total], latest[total], load[total], ready[total] = j, when, heavy, late
                parent[total], value[total], alive[total] = label, now, True
                memory[total] = mask
                chain[total] = first[heavy]
                first[heavy] = total
                # closed: from the depot straight to j
                whole = now + cost[0, j] + pay
                if whole < -TINY:
                    least = min(least, whole)
                    ratio = min(ratio, whole / max(1, heavy))
                    if done < most_trips:
                        done_cost[done], done_label[done] = whole, total
                        done += 1
                    else:
                        worst = 0
                        for p in range(1, done):
                            if done_cost[p] > done_cost[worst]:
                                worst = p
                        if whole < done_cost[worst]:
                            done_cost[worst], done_label[worst] = whole, total
                total += 1
            if not complete:
                break
            if label < 0:
                seed += 1
        if not complete:
            break
    starts = np.zeros(done + 1, dtype=np.int64)
    for p in range(done):
        long, label = 0, done_label[p]
        while label >= 0:
            long += 1
            label = parent[label]
        starts[p + 1] = starts[p] + long
    nodes = np.empty(starts[done], dtype=np.int64)
    leaves = np.empty(done, dtype=np.int64)
    for p in range(done):
        at, label = starts[p], done_label[p]
        leaves[p] = latest[label] - travel[0, node[label]]
        while label >= 0:
            nodes[at] = node[label]
            at += 1
            label = parent[label]
    return complete, done_cost[:done], starts, nodes, leaves, least, ratio
