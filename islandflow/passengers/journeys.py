"""Journeys from place to place on a day: the earliest arrival, or all that no other beats in departure, arrival, boats and fare.

Rules: at the quay ``check_in`` minutes before the first boat, after whatever way on land; from boat to boat the way on land plus
``transfer`` minutes, also in the same port; whoever stays aboard changes nothing. A way on land is the quickest. Numbers are
minutes after midnight of the service day (24:20 is past it) and fen a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from islandflow.passengers import journey_kernels as kernel
from islandflow.passengers.land import NEVER, LandLeg
from islandflow.passengers.memory import searches
from islandflow.passengers.running_day import RunningDay

IntArray = NDArray[np.int64]
END_OF_DAY = 48 * 60
MOST_BOATS = 4


@dataclass(frozen=True)
class JourneyLeg:
    """``mode`` is ``boat``, ``land`` or ``walk`` (an estimate). Boats have a sailing with its calls (numbered from 1)."""

    mode: str
    from_node: str
    to_node: str
    departs: int
    arrives: int
    fare_fen: int
    sailing: str = ""
    line: str = ""
    vessel: str = ""
    board: int = 0
    alight: int = 0
    headway_min: int = 0


@dataclass(frozen=True)
class Journey:
    """Legs in order. ``departs`` counts the check-in; ``boats`` is the number of rides."""

    departs: int
    arrives: int
    boats: int
    fare_fen: int
    legs: tuple[JourneyLeg, ...]

    @property
    def transfers(self) -> int:
        """Changes from boat to boat."""
        return max(0, self.boats - 1)

    @property
    def measures(self) -> tuple[int, int, int, int]:
        """What journeys are compared by: departs, arrives, boats, fare."""
        return (self.departs, self.arrives, self.boats, self.fare_fen)


@dataclass(frozen=True)
class Rules:
    """Minutes of check-in before the first boat and between two boats; most boats of a journey."""

    check_in: int
    transfer: int
    most_boats: int = MOST_BOATS

    def __post_init__(self) -> None:
        """ValueError for times below 0 or no boat."""
        if self.check_in < 0 or self.transfer < 0 or self.most_boats < 1:
            raise ValueError("check_in >= 0, transfer >= 0 and most_boats >= 1 are needed")

    @classmethod
    def of(cls, day: RunningDay) -> Rules:
        """The rules of the scenario's settings."""
        return cls(day.scenario.whole("check_in_min"), day.scenario.whole("minimum_transfer_min"))


def earliest_arrival(day: RunningDay, start: str, end: str, depart: int, rules: Rules | None = None) -> Journey | None:
    """A journey that arrives first among all that begin at ``depart`` or later; None if there is none that day.

    KeyError for a place or port that does not exist. Any number of boats.
    """
    rules = rules or Rules.of(day)
    land = day.land
    a, b, n = land.index[start], land.index[end], land.ports
    on_land = int(land.minutes[a, b])
    ready = np.minimum(depart + land.minutes[a, :n] + rules.check_in, NEVER)
    change = land.minutes[:n, :n] + rules.transfer
    limit = depart + on_land if on_land < NEVER else NEVER
    _, last, entered, source = kernel.scan(day.connections, len(day.sailings), ready, change, land.minutes[:n, b], limit)
    if last < 0:
        return _on_land(day, a, b, depart) if on_land < NEVER else None
    rides: list[tuple[int, int, int]] = []
    c = last
    while c >= 0:
        trip = int(day.connections[c, kernel.TRIP])
        first = int(entered[trip])
        rides.append((trip, int(day.connections[first, kernel.LEG]), int(day.connections[c, kernel.LEG]) + 1))
        c = int(source[day.connections[first, kernel.FROM]])
    return _assembled(day, a, b, rides[::-1], rules)


def pareto_journeys(
    day: RunningDay,
    start: str,
    end: str,
    depart: int = 0,
    arrive: int = END_OF_DAY,
    rules: Rules | None = None,
    *,
    boats_only: bool = False,
    most: int | None = None,
) -> tuple[Journey, ...]:
    """All journeys between ``depart`` and ``arrive`` that no other beats in departure, arrival, boats and fare, by departure.

    Of equal ones one is given. Where people can go by land alone, only boats that are quicker or cheaper are told, and the way on
    land comes first, leaving at ``depart`` (or so as to be there at ``arrive`` if only that is given); with ``boats_only`` land is left out
    and boats are compared with boats alone. ``most`` tells the first so many, or the last if it is below 0. KeyError for unknown ids.
    """
    rules = rules or Rules.of(day)
    a, b = day.land.index[start], day.land.index[end]
    labels, ways = _ways(day, a, b, rules)
    # whoever beats a journey leaves no earlier and arrives no later: what is best of a day is best of each part of it
    ways = ways[(ways[:, 0] >= depart) & (ways[:, 1] <= arrive)]
    found: list[Journey] = []
    on_land = int(day.land.minutes[a, b])
    if on_land < NEVER and not boats_only:
        leaves = depart if depart or arrive == END_OF_DAY else arrive - on_land
        if leaves + on_land <= arrive:
            found.append(_on_land(day, a, b, leaves))
        cheap = int(day.land.fare_fen[a, b])
        ways = ways[(ways[:, 1] - ways[:, 0] < on_land) | (ways[:, 3] < cheap)]
    if most is not None:
        ways = ways[: max(0, most - len(found))] if most >= 0 else ways[most:]
    for row in ways:
        rides = []
        label = int(row[4])
        while label >= 0:
            ride = day.rides[labels[label, kernel.L_RIDE]]
            rides.append((int(ride[kernel.TRIP]), int(ride[kernel.BOARD]), int(ride[kernel.ALIGHT])))
            label = int(labels[label, kernel.L_NEXT])
        found.append(_assembled(day, a, b, rides, rules))
    return tuple(found if most is None or most >= 0 else found[most:])


def pareto_ways(day: RunningDay, end: str, rules: Rules | None = None) -> tuple[IntArray, IntArray]:
    """Rows (departs, arrives, fen, boats) of all Pareto ways by boat from every place and port to one, by departure; one search for all.

    The rows of node number k of ``day.land`` are those from ``begins[k]`` to ``begins[k + 1]``. Returns rows and begins; they are shared
    and not to be changed.
    """
    rules = rules or Rules.of(day)
    b, land, ports = day.land.index[end], day.land, day.land.ports

    def make() -> tuple[IntArray, IntArray]:
        labels, bags, count = _profile(day, b, rules)
        minutes, fares = np.ascontiguousarray(land.minutes[:, :ports]), np.ascontiguousarray(land.fare_fen[:, :ports])
        found: tuple[IntArray, IntArray] = kernel.ways_into(labels, bags, count, minutes, fares, rules.check_in)
        return found

    rows, begins = searches.get((day.token, "into", b, rules), make)
    return rows, begins


def journeys_via(
    day: RunningDay, stops: Sequence[str], stay: int, depart: int = 0, arrive: int = END_OF_DAY, rules: Rules | None = None
) -> tuple[Journey, ...]:
    """Pareto journeys that visit ``stops`` in order, at least ``stay`` minutes at each one between; boats add up.

    Whoever comes to a stop is ashore there and checks in again. ValueError for fewer than two stops.
    """
    if len(stops) < 2 or stay < 0:
        raise ValueError("two stops at least, and stay >= 0, are needed")
    rules = rules or Rules.of(day)
    parts = [pareto_journeys(day, a, b, depart, arrive, rules) for a, b in pairwise(stops)]
    partial = list(parts[0])
    for following, a, b in zip(parts[1:], stops[1:], stops[2:], strict=False):
        on_land = int(day.land.minutes[day.land.index[a], day.land.index[b]])
        joined = []
        for first in partial:
            ready = first.arrives + stay
            onward = [j for j in following if j.boats and j.departs >= ready]
            if on_land < NEVER and ready + on_land <= arrive:
                onward.append(_on_land(day, day.land.index[a], day.land.index[b], ready))
            joined += [
                Journey(first.departs, j.arrives, first.boats + j.boats, first.fare_fen + j.fare_fen, (*first.legs, *j.legs))
                for j in onward
            ]
        partial = _best(joined)
    return tuple(partial)


def _best(found: list[Journey]) -> list[Journey]:
    if not found:
        return []
    found = sorted(found, key=lambda j: (-j.departs, j.arrives, j.boats, j.fare_fen))
    return [found[i] for i in kernel.pareto(np.array([j.measures for j in found], dtype=np.int64))][::-1]


def _ways(day: RunningDay, a: int, b: int, rules: Rules) -> tuple[IntArray, IntArray]:
    """Labels, and rows (departs, arrives, boats, fare, label) of the Pareto ways by boat of the whole day."""
    labels, bags, count = _profile(day, b, rules)
    (ways,) = searches.get((day.token, "pair", a, b, rules), lambda: (_from(day, a, labels, bags, count, rules),))
    return labels, ways


def _profile(day: RunningDay, b: int, rules: Rules) -> tuple[IntArray, IntArray, IntArray]:
    """All ways of a day to one end."""
    land, n = day.land, day.land.ports

    def make() -> tuple[IntArray, IntArray, IntArray]:
        change = land.minutes[:n, :n] + rules.transfer
        labels, bags, count = kernel.profile(
            day.rides, change, land.fare_fen[:n, :n], day.near, land.minutes[:n, b], land.fare_fen[:n, b], rules.check_in, END_OF_DAY, rules.most_boats
        )  # fmt: skip
        # the kernel's room doubles as it fills; what is kept is cut to what is in it
        return labels.copy(), np.ascontiguousarray(bags[:, : max(1, int(count.max(initial=0)))]), count

    labels, bags, count = searches.get((day.token, "profile", b, rules), make)
    return labels, bags, count


def _from(day: RunningDay, a: int, labels: IntArray, bags: IntArray, count: IntArray, rules: Rules) -> IntArray:
    """The Pareto ways from one start among those of a profile."""
    land, n = day.land, day.land.ports
    rows = []
    for p in np.flatnonzero(land.minutes[a, :n] < NEVER):
        numbers = bags[p, : count[p]]
        of = labels[numbers]
        departs = of[:, kernel.L_DEPARTS] - land.minutes[a, p] - rules.check_in
        rows.append(
            np.column_stack([departs, of[:, kernel.L_ARRIVES], of[:, kernel.L_BOATS], of[:, kernel.L_FARE] + land.fare_fen[a, p], numbers])
        )
    ways = np.concatenate(rows) if rows else np.zeros((0, 5), dtype=np.int64)
    ways = ways[ways[:, 0] >= 0]
    ways = ways[np.lexsort((ways[:, 3], ways[:, 2], ways[:, 1], -ways[:, 0]))]
    kept = ways[kernel.pareto(ways[:, :4])]
    return kept[np.lexsort((kept[:, 3], kept[:, 2], kept[:, 1], kept[:, 0]))]


def _assembled(day: RunningDay, a: int, b: int, rides: list[tuple[int, int, int]], rules: Rules) -> Journey:
    """The legs of a journey whose rides (sailing, board, alight) are known."""
    legs: list[JourneyLeg] = []
    here, now = a, -1
    for number, (s, i, j) in enumerate(rides):
        sailing = day.sailings[s]
        board, alight = sailing.calls[i], sailing.calls[j]
        assert board.departs is not None
        assert alight.arrives is not None
        p, q = day.land.index[board.port], day.land.index[alight.port]
        if number == 0:
            now = board.departs - rules.check_in - int(day.land.minutes[a, p])
        legs += _land_legs(day.land.legs(here, p), now)
        fare = int(day.rides[_ride(day, s, i, j), kernel.FARE])
        legs.append(
            JourneyLeg(
                "boat", board.port, alight.port, board.departs, alight.arrives, fare, sailing.id, sailing.line, sailing.vessel, i + 1, j + 1
            )
        )
        here, now = q, alight.arrives
    legs += _land_legs(day.land.legs(here, b), now)
    first = rides[0]
    departs = day.sailings[first[0]].calls[first[1]].departs
    assert departs is not None
    p = day.land.index[day.sailings[first[0]].calls[first[1]].port]
    return Journey(
        departs - rules.check_in - int(day.land.minutes[a, p]),
        max(now, legs[-1].arrives),
        len(rides),
        sum(leg.fare_fen for leg in legs),
        tuple(legs),
    )


def _ride(day: RunningDay, sailing: int, board: int, alight: int) -> int:
    match = (day.rides[:, kernel.TRIP] == sailing) & (day.rides[:, kernel.BOARD] == board) & (day.rides[:, kernel.ALIGHT] == alight)
    return int(np.argmax(match))


def on_land_journey(day: RunningDay, start: str, end: str, leaves: int) -> Journey:
    """The way on land, leaving at a minute. ValueError if there is none."""
    return _on_land(day, day.land.index[start], day.land.index[end], leaves)


def _on_land(day: RunningDay, a: int, b: int, leaves: int) -> Journey:
    legs = _land_legs(day.land.legs(a, b), leaves)
    return Journey(leaves, leaves + int(day.land.minutes[a, b]), 0, int(day.land.fare_fen[a, b]), legs)


def _land_legs(links: list[LandLeg], leaves: int) -> tuple[JourneyLeg, ...]:
    found = []
    for link in links:
        found.append(
            JourneyLeg(link.mode, link.from_node, link.to_node, leaves, leaves + link.minutes, link.fare_fen, headway_min=link.headway_min)
        )
        leaves += link.minutes
    return tuple(found)


def shifted(journey: Journey, minutes: int) -> Journey:
    """The same journey on the clock of another day."""
    legs = tuple(replace(leg, departs=leg.departs + minutes, arrives=leg.arrives + minutes) for leg in journey.legs)
    return replace(journey, departs=journey.departs + minutes, arrives=journey.arrives + minutes, legs=legs)
