"""Label setting for orienteering with time windows: relaxed routes that forget, bounds from the pass the other way, greedy inserts.

A label is a partial route: its last node, the time service starts there, its score, the nodes it remembers (no return to those) and the
nodes it has visited. A route forgets what lies outside the neighbourhood of the node it comes to (ng-routes, Baldacci, Mingozzi and
Roberti 2011); neighbourhoods grow where the best route repeats a node (decremental state space relaxation, Righini and Salani 2008).
Whole numbers throughout.
"""

from __future__ import annotations

import heapq

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
Bits = NDArray[np.uint64]
FULL, DONE, LATE = 1, 0, 2  # how a pass ended: too many labels, to its end, out of time


@njit(cache=True, nogil=True)
def has(bits: Bits, k: int) -> bool:
    """Whether a set holds a node."""
    return bool((bits[k >> 6] >> np.uint64(k & 63)) & np.uint64(1))


@njit(cache=True, nogil=True)
def add(bits: Bits, k: int) -> None:
    """Puts a node into a set."""
    bits[k >> 6] |= np.uint64(1) << np.uint64(k & 63)


@njit(cache=True, nogil=True)
def bound_at(starts: IntArray, times: IntArray, scores: IntArray, node: int, left: int) -> int:
    """Most that a route the other way can have won at a node by a time: -1 if none comes there."""
    low, high = starts[node], starts[node + 1]
    first = low
    while low < high:
        middle = (low + high) // 2
        if times[middle] <= left:
            low = middle + 1
        else:
            high = middle
    return scores[low - 1] if low > first else -1


@njit(cache=True, nogil=True)
def run(
    travel: IntArray,
    quickest: IntArray,
    opens: IntArray,
    closes: IntArray,
    service: IntArray,
    score: IntArray,
    ng: Bits,
    horizon: int,
    starts: IntArray,
    times: IntArray,
    scores: IntArray,
    bounded: bool,
    knapsack: IntArray,
    need: int,
    strict: bool,
    most: int,
    most_work: int,
) -> tuple[int, IntArray, IntArray, IntArray, IntArray, IntArray, int, int, int, int, int]:
    """One pass from the depot (node 0, start and end). ``need``: labels that cannot reach this score are dropped. ``strict``: routes are
    elementary, while dominance still looks at remembered nodes alone (a heuristic then). ``most_work``: label comparisons at most.

    Returns how it ended; node, time, score and parent of all labels and whether each is alive; last label and score of the best route,
    and the same of the best elementary one (-1 = none), and the work done.
    """
    n = len(score)
    words = ng.shape[1]
    size = min(most, 1 << 14)
    node = np.empty(size, dtype=np.int64)
    time = np.empty(size, dtype=np.int64)
    won = np.empty(size, dtype=np.int64)
    parent = np.empty(size, dtype=np.int64)
    alive = np.empty(size, dtype=np.int64)
    following = np.empty(size, dtype=np.int64)
    once = np.empty(size, dtype=np.bool_)
    memory = np.empty((size, words), dtype=np.uint64)
    seen = np.empty((size, words), dtype=np.uint64)
    head = np.full(n, -1, dtype=np.int64)
    node[0], time[0], won[0], parent[0], alive[0], following[0], once[0] = 0, opens[0], 0, -1, 1, -1, True
    memory[0] = 0
    seen[0] = 0
    count = 1
    heap = [(np.int64(opens[0]), np.int64(0))]
    best, best_won, plain, plain_won = 0, 0, 0, 0
    state = DONE
    new = np.empty(words, dtype=np.uint64)
    work = 0
    while len(heap) > 0:
        _, label = heapq.heappop(heap)
        if alive[label] == 0:
            continue
        if work > most_work:
            state = LATE
            break
        i = node[label]
        leaves = time[label] + service[i]
        work += n // 8  # a comparison of labels costs about as much as eight nodes passed over
        for j in range(1, n):
            if j == i or has(memory[label], j) or (strict and has(seen[label], j)):
                continue
            t = leaves + travel[i, j]
            t = max(t, opens[j])
            # cut distances may make a detour the quicker way home
            if t > closes[j] or t + service[j] + quickest[j, 0] > closes[0]:
                continue
            s = won[label] + score[j]
            rest = knapsack[horizon - (t + service[j])] if horizon - (t + service[j]) >= 0 else 0
            if bounded:
                other = bound_at(starts, times, scores, j, horizon - t - service[j])
                rest = min(rest, other - score[j])
            if s + rest < need:
                continue
            for w in range(words):
                new[w] = memory[label, w] & ng[j, w]
            add(new, j)
            # a node that can no longer be reached counts as remembered: it makes two labels alike
            for w in range(words):
                left = ng[j, w] & ~new[w]
                while left:
                    low = left & (~left + np.uint64(1))
                    bit = 0
                    probe = low
                    for half in (32, 16, 8, 4, 2, 1):
                        if probe >> np.uint64(half):
                            bit += half
                            probe >>= np.uint64(half)
                    k = w * 64 + bit
                    if t + service[j] + quickest[j, k] > closes[k]:
                        new[w] |= low
                    left &= ~low
            beaten = False
            other_label = head[j]
            before = -1
            while other_label >= 0:
                work += 1
                after = following[other_label]
                if time[other_label] <= t and won[other_label] >= s:
                    inside = True
                    for w in range(words):
                        if memory[other_label, w] & ~new[w]:
                            inside = False
                            break
                    if inside:
                        beaten = True
                        break
                elif time[other_label] >= t and won[other_label] <= s:
                    inside = True
                    for w in range(words):
                        if new[w] & ~memory[other_label, w]:
                            inside = False
                            break
                    if inside:
                        alive[other_label] = 0
                        if before < 0:
                            head[j] = after
                        else:
                            following[before] = after
                        other_label = after
                        continue
                before = other_label
                other_label = after
            if beaten:
                continue
            if count == size:
                if size >= most:
                    return FULL, node, time, won, parent, alive, count, best, best_won, plain, work
                grown = min(most, 2 * size)
                node = _wider(node, grown)
                time = _wider(time, grown)
                won = _wider(won, grown)
                parent = _wider(parent, grown)
                alive = _wider(alive, grown)
                following = _wider(following, grown)
                once2 = np.empty(grown, dtype=np.bool_)
                once2[:size] = once
                once = once2
                memory = _wider2(memory, grown)
                seen = _wider2(seen, grown)
                size = grown
            node[count], time[count], won[count], parent[count], alive[count] = j, t, s, label, 1
            once[count] = once[label] and not has(seen[label], j)
            memory[count] = new
            seen[count] = seen[label]
            add(seen[count], j)
            following[count] = head[j]
            head[j] = count
            heapq.heappush(heap, (np.int64(t), np.int64(count)))
            if t + service[j] + travel[j, 0] <= closes[0]:
                if s > best_won:
                    best, best_won = count, s
                if once[count] and s > plain_won:
                    plain, plain_won = count, s
            count += 1
    return state, node, time, won, parent, alive, count, best, best_won, plain, work


@njit(cache=True, nogil=True)
def _wider(values: IntArray, size: int) -> IntArray:
    wider = np.empty(size, dtype=np.int64)
    wider[: len(values)] = values
    return wider


@njit(cache=True, nogil=True)
def _wider2(values: Bits, size: int) -> Bits:
    wider = np.empty((size, values.shape[1]), dtype=np.uint64)
    wider[: len(values)] = values
    return wider


@njit(cache=True, nogil=True)
def shake_and_insert(
    travel: IntArray, opens: IntArray, closes: IntArray, service: IntArray, score: IntArray, seed: int, rounds: int, start: IntArray
) -> IntArray:
    """The best route of an iterated local search: nodes in order, without the depot (Vansteenwegen and others 2009)."""
    np.random.seed(seed)
    n = len(score)
    route = np.zeros(n + 2, dtype=np.int64)
    length = len(start)
    route[1 : length + 1] = start
    inside = np.zeros(n, dtype=np.bool_)
    for k in start:
        inside[k] = True
    begins = np.zeros(n + 2, dtype=np.int64)
    slack = np.zeros(n + 2, dtype=np.int64)
    best = route[1 : length + 1].copy()
    best_won, idle, cut, at = 0, 0, 1, 1
    for _ in range(rounds):
        while True:  # insert what wins most for the time it costs
            begins[0] = opens[0]
            for p in range(1, length + 2):
                a, b = route[p - 1], route[p] if p <= length else 0
                begins[p] = max(begins[p - 1] + service[a] + travel[a, b], opens[b])
            slack[length + 1] = closes[0] - begins[length + 1]
            for p in range(length, -1, -1):
                a, b = route[p], route[p + 1] if p < length else 0
                wait = begins[p + 1] - (begins[p] + service[a] + travel[a, b])
                slack[p] = min(closes[a] - begins[p], wait + slack[p + 1])
            chosen, place, most = -1, 0, -1.0
            for k in range(1, n):
                if inside[k] or score[k] == 0:
                    continue
                least, where = 1 << 60, -1
                for p in range(length + 1):
                    a, b = route[p], route[p + 1] if p < length else 0
                    arrives = begins[p] + service[a] + travel[a, k]
                    t = max(arrives, opens[k])
                    if t > closes[k]:
                        continue
                    shift = max(t + service[k] + travel[k, b], opens[b]) - begins[p + 1]
                    shift = max(shift, 0)
                    if shift <= slack[p + 1] and shift < least:
                        least, where = shift, p
                if where >= 0:
                    worth = score[k] * score[k] / (least + 1.0) * (0.7 + 0.6 * np.random.random())
                    if worth > most:
                        chosen, place, most = k, where, worth
            if chosen < 0:
                break
            for p in range(length, place, -1):
                route[p + 1] = route[p]
            route[place + 1] = chosen
            inside[chosen] = True
            length += 1
        won = 0
        for p in range(1, length + 1):
            won += score[route[p]]
        if won > best_won:
            best_won, best, idle = won, route[1 : length + 1].copy(), 0
        else:
            idle += 1
        if idle > 60:  # back to the best
            length = len(best)
            route[1 : length + 1] = best
            inside[:] = False
            for k in best:
                inside[k] = True
            idle = 0
        if length == 0:
            continue
        cut = 1 + np.random.randint(0, max(1, min(length, length // 2 + 1)))
        at = 1 + np.random.randint(0, length)
        kept = 0
        for p in range(1, length + 1):
            gone = at <= p < at + cut or p < at + cut - length
            if gone:
                inside[route[p]] = False
            else:
                kept += 1
                route[kept] = route[p]
        length = kept
    return best
