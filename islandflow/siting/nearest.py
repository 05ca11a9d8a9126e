"""Nearest sites over a road network: Dijkstra's search from each client, stopped as soon as its list is full."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FAR = np.iinfo(np.int64).max


@njit(cache=True)
def _push(keys: IntArray, items: IntArray, size: int, key: int, item: int) -> int:
    i = size
    while i > 0 and keys[(i - 1) // 2] > key:
        keys[i], items[i] = keys[(i - 1) // 2], items[(i - 1) // 2]
        i = (i - 1) // 2
    keys[i], items[i] = key, item
    return size + 1


@njit(cache=True)
def _pop(keys: IntArray, items: IntArray, size: int) -> int:
    """Takes the first away; the caller has read it."""
    size -= 1
    key, item = keys[size], items[size]
    i = 0
    while 2 * i + 1 < size:
        c = 2 * i + 1
        if c + 1 < size and keys[c + 1] < keys[c]:
            c += 1
        if keys[c] >= key:
            break
        keys[i], items[i] = keys[c], items[c]
        i = c
    keys[i], items[i] = key, item
    return size


@njit(cache=True)
def nearest_nodes(
    begin: IntArray, head: IntArray, length: IntArray, clients: IntArray, first: IntArray, order: IntArray, most: int, within: int
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """start, site, distance, horizon of the ``most`` nearest sites within ``within`` of each client.

    begin, head, length: roads by tail node; first, order: sites by node. A list that holds every reachable site has horizon FAR.
    """
    nodes = len(begin) - 1
    best = np.full(nodes, FAR, np.int64)
    touched = np.empty(nodes, np.int64)
    keys, items = np.empty(len(head) + 2, np.int64), np.empty(len(head) + 2, np.int64)
    start = np.zeros(len(clients) + 1, np.int64)
    horizon = np.full(len(clients), FAR, np.int64)
    room = max(16, len(clients) * min(most, 64))
    site, distance = np.empty(room, np.int64), np.empty(room, np.int64)
    used = 0
    for c in range(len(clients)):
        count, found, size = 0, 0, 0
        best[clients[c]] = 0
        touched[count] = clients[c]
        count += 1
        size = _push(keys, items, size, 0, clients[c])
        while size > 0:
            far, node = keys[0], items[0]
            size = _pop(keys, items, size)
            if far > best[node]:
                continue
            if far > within:
                break
            here = first[node + 1] - first[node]
            if here > 0 and found >= most:
                horizon[c] = far
                break
            for k in range(first[node], first[node + 1]):
                if used == len(site):
                    site, distance = np.append(site, np.empty_like(site)), np.append(distance, np.empty_like(distance))
                site[used], distance[used] = order[k], far
                used += 1
                found += 1
            for e in range(begin[node], begin[node + 1]):
                reach = far + length[e]
                if reach < best[head[e]]:
                    if best[head[e]] == FAR:
                        touched[count] = head[e]
                        count += 1
                    best[head[e]] = reach
                    size = _push(keys, items, size, reach, head[e])
        start[c + 1] = used
        for k in range(count):
            best[touched[k]] = FAR
    return start, site[:used].copy(), distance[:used].copy(), horizon
