"""Every way to travel between two places on a given timetable: direct rides, and changes where no line goes through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from islandflow.ferry.plan import Sailing
from islandflow.passengers.access import Access, joined
from islandflow.passengers.groups import Group
from islandflow.scenario.entities import Scenario
from islandflow.units import fen

IntArray = NDArray[np.int64]
ONWARD = 4  # second rides kept for each first ride, the least time first
COLUMNS = 8  # departure, hundredths of a minute (shift apart), and twice sailing, board, alight (-1 = no second ride)


class Offers:
    """Ways by pair of places, numbered in the order they were asked for. Sailings and calls are numbered from 0."""

    def __init__(self, scenario: Scenario, sailings: Sequence[Sailing], access: Access, through: frozenset[tuple[str, str]]) -> None:
        self.scenario, self.access, self.through = scenario, access, through
        self.window = scenario.whole("shift_window_min")
        self.shift = round(100 * scenario.number("shift_penalty_share"))
        self.value: dict[str, int] = {}
        self.stretches = _stretches(sailings)
        self.onward: dict[str, list[str]] = defaultdict(list)
        for a, b in sorted(self.stretches):
            self.onward[a].append(b)
        self.table: dict[tuple[str, str], tuple[int, IntArray]] = {}
        self.count = 0
        self.refs: list[list[int]] = []

    def ways(self, group: Group, left_fen: int) -> tuple[IntArray, IntArray]:
        """Offer numbers and fen a traveller, cheapest first; only what is cheaper than being left behind (``left_fen``)."""
        first, table = self._between(group.from_place, group.to_place)
        low, high = np.searchsorted(table[:, 0], [group.wanted - self.window, group.wanted + self.window + 1])
        if group.segment not in self.value:
            self.value[group.segment] = fen(self.scenario.number(f"value_of_time_{group.segment}_cny_h"))
        part = table[low:high]
        centi = part[:, 1] + self.shift * np.abs(part[:, 0] - group.wanted)
        prices = (self.value[group.segment] * centi + 3000) // 6000  # units.time_fen, all at once
        order = np.argsort(prices, kind="stable")
        order = order[prices[order] < left_fen]
        return first + low + order, prices[order]

    def rides(self, offer: int) -> Iterator[tuple[int, int, int]]:
        """(sailing, board, alight) of the rides of an offer."""
        one = self.refs[offer]
        yield one[0], one[1], one[2]
        if one[3] >= 0:
            yield one[3], one[4], one[5]

    def _between(self, start: str, end: str) -> tuple[int, IntArray]:
        """First offer number and table of a pair of places, departures rising."""
        if (start, end) not in self.table:
            found = list(self._direct(start, end))
            if not joined(self.access, self.through, start, end):
                found += self._changes(start, end)
            table = np.concatenate(found) if found else np.zeros((0, COLUMNS), dtype=np.int64)
            table = table[np.lexsort((table[:, 5], table[:, 2], table[:, 1], table[:, 0]))]
            self.table[start, end] = (self.count, table)
            self.count += len(table)
            self.refs.extend(table[:, 2:].tolist())
        return self.table[start, end]

    def _direct(self, start: str, end: str) -> Iterator[IntArray]:
        for a, out in self.access.ports[start].items():
            for b, home in self.access.ports[end].items():
                if (a, b) in self.stretches:
                    s = self.stretches[a, b]
                    none = np.full((len(s), 3), -1, dtype=np.int64)
                    yield np.column_stack([s[:, 0], 100 * (out + home + s[:, 1] - s[:, 0]), s[:, 2:], none])

    def _changes(self, start: str, end: str) -> Iterator[IntArray]:
        least, most = self.scenario.whole("minimum_transfer_min"), self.scenario.whole("longest_transfer_wait_min")
        waiting, penalty = round(100 * self.scenario.number("waiting_share")), 100 * self.scenario.whole("transfer_penalty_min")
        for a, out in self.access.ports[start].items():
            for p in self.onward[a]:
                for q, walk in self.access.change[p].items():
                    for b, home in self.access.ports[end].items():
                        if (q, b) not in self.stretches:
                            continue
                        one, two = self.stretches[a, p], self.stretches[q, b]
                        low = np.searchsorted(two[:, 0], one[:, 1] + walk + least)
                        high = np.searchsorted(two[:, 0], one[:, 1] + walk + most, side="right")
                        number = np.maximum(high - low, 0)
                        first = np.repeat(np.arange(len(one)), number)
                        second = np.arange(number.sum()) - np.repeat(np.cumsum(number) - number - low, number)
                        x, y = one[first], two[second]
                        wait = y[:, 0] - x[:, 1] - walk
                        land = out + walk + home + x[:, 1] - x[:, 0] + y[:, 1] - y[:, 0]
                        centi = 100 * land + waiting * wait + penalty
                        found = np.column_stack([x[:, 0], centi, x[:, 2:], y[:, 2:]])
                        yield _fewer(found[x[:, 2] != y[:, 2]])


def _fewer(found: IntArray) -> IntArray:
    """Of the changes of each first ride the quickest few: enough for a full second boat, few enough for a frequent one."""
    found = found[np.lexsort((found[:, 5], found[:, 1], found[:, 3], found[:, 2]))]
    if not len(found):
        return found
    new = np.ones(len(found), dtype=bool)
    new[1:] = (found[1:, 2] != found[:-1, 2]) | (found[1:, 3] != found[:-1, 3])
    start = np.maximum.accumulate(np.where(new, np.arange(len(found)), 0))
    return found[np.arange(len(found)) - start < ONWARD]


def _stretches(sailings: Sequence[Sailing]) -> dict[tuple[str, str], IntArray]:
    """By pair of ports: departure, arrival, sailing, board, alight of every stretch, departures rising."""
    rows: dict[tuple[str, str], list[tuple[int, int, int, int, int]]] = defaultdict(list)
    for number, sailing in enumerate(sailings):
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                b = sailing.calls[j]
                if a.departs is not None and b.arrives is not None and a.port != b.port:
                    rows[a.port, b.port].append((a.departs, b.arrives, number, i, j))
    return {pair: np.array(sorted(found), dtype=np.int64) for pair, found in rows.items()}
