"""Who boards what on a given timetable: whole people, first those who would lose most, residents before visitors on a tie.

A heuristic for timetables made by hand and for plans on the way; deterministic, and never over capacity.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from islandflow.ferry.plan import Boarding, Ride, Sailing
from islandflow.passengers.access import Access, joined, land_access, line_stretches
from islandflow.passengers.groups import Group, passenger_groups
from islandflow.scenario.entities import Scenario
from islandflow.units import fen, time_fen

MOST_OPTIONS = 60
ROUNDS = 3


@dataclass(frozen=True)
class Hop:
    """A stretch of a sailing: minutes, sailing number, call numbers from 0."""

    departs: int
    arrives: int
    sailing: int
    board: int
    alight: int


@dataclass(frozen=True)
class Way:
    """One way of a group: fen a traveller and its stretches."""

    price: int
    hops: tuple[Hop, ...]


class _Board:
    """Departures by pair of ports, in order of time."""

    def __init__(self, sailings: Sequence[Sailing]) -> None:
        table: dict[tuple[str, str], list[Hop]] = defaultdict(list)
        for number, sailing in enumerate(sailings):
            for i, a in enumerate(sailing.calls[:-1]):
                for j in range(i + 1, len(sailing.calls)):
                    b = sailing.calls[j]
                    if a.departs is not None and b.arrives is not None and a.port != b.port:
                        table[a.port, b.port].append(Hop(a.departs, b.arrives, number, i, j))
        self.hops = {pair: sorted(hops, key=lambda h: (h.departs, h.arrives, h.sailing, h.board)) for pair, hops in table.items()}
        self.times = {pair: [h.departs for h in hops] for pair, hops in self.hops.items()}
        self.onward: dict[str, list[str]] = defaultdict(list)
        for a, b in sorted(table):
            self.onward[a].append(b)

    def between(self, a: str, b: str, first: int, last: int) -> list[Hop]:
        """Stretches that leave within the two minutes."""
        times = self.times.get((a, b))
        if times is None:
            return []
        return self.hops[a, b][bisect_left(times, first) : bisect_right(times, last)]


def seat_passengers(scenario: Scenario, service: str, sailings: Sequence[Sailing]) -> tuple[Boarding, ...]:
    """Boardings of all groups of a service pattern on the given sailings; KeyError for a vessel that does not exist."""
    access, lines, board = land_access(scenario), line_stretches(scenario, service), _Board(sailings)
    room = []
    for sailing in sailings:
        fleet = scenario.vessel_fleet(sailing.vessel)
        room.append([[fleet.seats, fleet.vehicle_deck] for _ in sailing.calls[1:]])
    groups = passenger_groups(scenario, service)
    change: dict[tuple[str, str], bool] = {}
    wishes: list[tuple[int, int, int, Group, list[Way]]] = []
    for number, group in enumerate(groups):
        pair = (group.from_place, group.to_place)
        if pair not in change:
            change[pair] = not joined(access, lines, *pair)
        ways = _ways(scenario, access, board, group, change[pair])
        if ways:
            left = fen(scenario.number(f"left_behind_{group.segment}_cny"))
            second = ways[1].price if len(ways) > 1 else left
            wishes.append((ways[0].price - second - (left - ways[0].price), group.segment == "visitor", number, group, ways))
    found: dict[tuple[int, Way], int] = defaultdict(int)
    waiting = {number: group.size for _, _, number, group, _ in wishes}
    for *_, number, group, ways in sorted(wishes, key=lambda w: w[:3]):
        deck = int(group.segment == "vehicle")
        for way in ways:
            take = min(waiting[number], _free(room, way, deck))
            if take > 0:
                _use(room, way, deck, take)
                found[number, way] += take
                waiting[number] -= take
            if not waiting[number]:
                break
    _improve(wishes, found, room)
    return tuple(
        Boarding(
            groups[n].from_place, groups[n].to_place, groups[n].segment, groups[n].wanted, people,
            tuple(Ride(sailings[h.sailing].id, h.board + 1, h.alight + 1) for h in way.hops),
        )
        for (n, way), people in sorted(found.items(), key=lambda item: (item[0][0], item[0][1].price, item[0][1].hops[0].sailing))
        if people
    )  # fmt: skip


def _improve(wishes: list[tuple[int, int, int, Group, list[Way]]], found: dict[tuple[int, Way], int], room: list[list[list[int]]]) -> None:
    """Moves people to a cheaper way that has become free, a few rounds."""
    for _ in range(ROUNDS):
        moved = False
        for *_, number, group, ways in wishes:
            deck = int(group.segment == "vehicle")
            for worse in range(len(ways) - 1, 0, -1):
                people = found.get((number, ways[worse]), 0)
                if not people:
                    continue
                _use(room, ways[worse], deck, -people)
                for way in ways[: worse + 1]:
                    take = min(people, _free(room, way, deck))
                    if take > 0:
                        _use(room, way, deck, take)
                        found[number, way] += take
                        found[number, ways[worse]] -= take
                        people -= take
                        moved = moved or way is not ways[worse]
        if not moved:
            return


def _free(room: list[list[list[int]]], way: Way, deck: int) -> int:
    return min(room[h.sailing][leg][deck] for h in way.hops for leg in range(h.board, h.alight))


def _use(room: list[list[list[int]]], way: Way, deck: int, people: int) -> None:
    for hop in way.hops:
        for leg in range(hop.board, hop.alight):
            room[hop.sailing][leg][deck] -= people


def _ways(scenario: Scenario, access: Access, board: _Board, group: Group, change: bool) -> list[Way]:
    """Ways of a group by price, those dearer than being left behind dropped."""
    value = fen(scenario.number(f"value_of_time_{group.segment}_cny_h"))
    left = fen(scenario.number(f"left_behind_{group.segment}_cny"))
    window, share = scenario.whole("shift_window_min"), round(100 * scenario.number("shift_penalty_share"))
    near, far = access.ports[group.from_place], access.ports[group.to_place]
    ways: list[Way] = []
    for a, out in near.items():
        for b, home in far.items():
            for hop in board.between(a, b, group.wanted - window, group.wanted + window):
                minutes = 100 * (out + home + hop.arrives - hop.departs) + share * abs(hop.departs - group.wanted)
                ways.append(Way(time_fen(value, minutes), (hop,)))
        if change:
            ways += _changes(scenario, access, board, group, a, out, value, share)
    ways = [w for w in ways if w.price < left]
    ways.sort(key=lambda w: (w.price, [(h.departs, h.sailing, h.board) for h in w.hops]))
    return ways[:MOST_OPTIONS]


def _changes(scenario: Scenario, access: Access, board: _Board, group: Group, a: str, out: int, value: int, share: int) -> list[Way]:
    window = scenario.whole("shift_window_min")
    least, most = scenario.whole("minimum_transfer_min"), scenario.whole("longest_transfer_wait_min")
    waiting, penalty = round(100 * scenario.number("waiting_share")), 100 * scenario.whole("transfer_penalty_min")
    ways = []
    for p in board.onward[a]:
        for q, walk in access.change[p].items():
            for b, home in access.ports[group.to_place].items():
                if (q, b) not in board.hops:
                    continue
                for one in board.between(a, p, group.wanted - window, group.wanted + window):
                    for two in board.between(q, b, one.arrives + walk + least, one.arrives + walk + most):
                        if two.sailing == one.sailing:
                            continue
                        land = out + walk + home + one.arrives - one.departs + two.arrives - two.departs
                        wait = two.departs - one.arrives - walk
                        minutes = 100 * land + share * abs(one.departs - group.wanted) + waiting * wait + penalty
                        ways.append(Way(time_fen(value, minutes), (one, two)))
    return ways
