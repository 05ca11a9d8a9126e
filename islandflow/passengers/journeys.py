"""Journeys from place to place on a day: the earliest arrival, or all that no other beats in departure, arrival, boats and fare.

Rules: at the quay ``check_in`` minutes before the first boat, after whatever way on land; from boat to boat the way on land plus
``transfer`` minutes, also in the same port; whoever stays aboard changes nothing. A way on land is the quickest. A bus takes people who
are at its halt when it leaves; from a boat or another bus it takes ``to_bus`` minutes to sit in it, and who comes by bus is at the quay
``to_boat`` minutes before the boat. Numbers are minutes after midnight of the service day (24:20 is past it) and fen a person.
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
    """``mode`` is ``boat``, ``bus``, ``land`` or ``walk`` (an estimate). Boats have a sailing with its calls (numbered from 1), buses a trip
    with its halts, the same way; ``vessel`` is the vessel or vehicle."""

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
    """Legs in order. ``departs`` counts the check-in; ``boats`` and ``buses`` are the numbers of rides."""

    departs: int
    arrives: int
    boats: int
    fare_fen: int
    legs: tuple[JourneyLeg, ...]
    buses: int = 0

    @property
    def rides(self) -> int:
        """Boats and buses."""
        return self.boats + self.buses

    @property
    def transfers(self) -> int:
        """Changes from boat or bus to boat or bus."""
        return max(0, self.rides - 1)

    @property
    def measures(self) -> tuple[int, int, int, int]:
        """What journeys are compared by: departs, arrives, boats, fare."""
        return (self.departs, self.arrives, self.boats, self.fare_fen)


@dataclass(frozen=True)
class Rules:
    """Minutes of check-in before the first boat and between two boats; most boats of a journey. ``to_bus`` from leaving a boat or bus until
    one sits in the next bus, ``to_boat`` at the quay after a bus (None: as ``check_in``)."""

    check_in: int
    transfer: int
    most_boats: int = MOST_BOATS
    to_bus: int = 0
    to_boat: int | None = None

    def __post_init__(self) -> None:
        """ValueError for times below 0 or no boat."""
        if min(self.check_in, self.transfer, self.to_bus, self.to_boat or 0) < 0 or self.most_boats < 1:
            raise ValueError("times >= 0 and most_boats >= 1 are needed")

    @classmethod
    def of(cls, day: RunningDay) -> Rules:
        """The rules of the scenario's settings."""
        whole = day.scenario.whole
        return cls(
            whole("check_in_min"), whole("minimum_transfer_min"), to_bus=whole("shuttle_alight_min"), to_boat=whole("shuttle_board_min")
        )


def earliest_arrival(day: RunningDay, start: str, end: str, depart: int, rules: Rules | None = None) -> Journey | None:
    """A journey that arrives first among all that begin at ``depart`` or later; None if there is none that day.

    KeyError for a place or port that does not exist. Any number of boats.
    """
    rules = rules or Rules.of(day)
    land = day.land
    a, b = land.index[start], land.index[end]
    on_land = int(land.minutes[a, b])
    change, first = _changes(day, rules)
    ready = np.minimum(depart + day.out[a] + first, NEVER)
    limit = depart + on_land if on_land < NEVER else NEVER
    _, last, entered, source = kernel.scan(day.connections, day.trips, ready, change, day.near, day.home[b], limit)
    if last < 0:
        return _on_land(day, a, b, depart) if on_land < NEVER else None
    rides: list[tuple[int, int, int]] = []
    c = last
    while c >= 0:
        trip = int(day.connections[c, kernel.TRIP])
        boarded = int(entered[trip])
        rides.append((trip, int(day.connections[boarded, kernel.LEG]), int(day.connections[c, kernel.LEG]) + 1))
        c = int(source[day.connections[boarded, kernel.FROM]])
    return _assembled(day, a, b, rides[::-1], rules)


def _changes(day: RunningDay, rules: Rules) -> tuple[IntArray, IntArray]:
    """Minutes from alighting at a stand to boarding at another (stands, stands), and at a stand before a first ride (stands)."""

    def make() -> tuple[IntArray, IntArray]:
        quays, stands = day.land.ports, len(day.stands)
        wait = np.full((stands, stands), rules.to_bus, dtype=np.int64)
        wait[:quays, :quays] = rules.transfer
        wait[quays:, :quays] = rules.check_in if rules.to_boat is None else rules.to_boat
        first = np.zeros(stands, dtype=np.int64)
        first[:quays] = rules.check_in
        return day.out[day.stands] + wait, first

    change, first = searches.get((day.token, "change", rules), make)
    return change, first


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

    Of as many boats fewer buses are better. Of equal ones one is given. Where people can go by land alone, only boats and buses that are
    quicker or cheaper are told, and the way on land comes first, leaving at ``depart`` (or so as to be there at ``arrive`` if only that is
    given); with ``boats_only`` land is left out and rides are compared with rides alone. ``most`` tells the first so many, or the last if
    it is below 0. KeyError for unknown ids.
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
    """Rows (departs, arrives, fen, boats) of all Pareto ways by boat and bus from every place and port to one, by departure; one search for all.

    The rows of node number k of ``day.land`` are those from ``begins[k]`` to ``begins[k + 1]``. Returns rows and begins; they are shared
    and not to be changed.
    """
    rules = rules or Rules.of(day)
    b, land = day.land.index[end], day.land

    def make() -> tuple[IntArray, IntArray]:
        labels, bags, count = _profile(day, b, rules)
        _, first = _changes(day, rules)
        fares = np.ascontiguousarray(land.fare_fen[:, day.stands])
        found: tuple[IntArray, IntArray] = kernel.ways_into(labels, bags, count, day.out, fares, first)
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
            onward = [j for j in following if j.rides and j.departs >= ready]
            if on_land < NEVER and ready + on_land <= arrive:
                onward.append(_on_land(day, day.land.index[a], day.land.index[b], ready))
            joined += [
                Journey(
                    first.departs, j.arrives, first.boats + j.boats, first.fare_fen + j.fare_fen, (*first.legs, *j.legs), first.buses + j.buses
                )
                for j in onward
            ]
        partial = _best(joined)
    return tuple(partial)


def _best(found: list[Journey]) -> list[Journey]:
    if not found:
        return []
    found = sorted(found, key=lambda j: (-j.departs, j.arrives, j.boats, j.buses, j.fare_fen))
    rows = [(j.departs, j.arrives, kernel.BOAT * j.boats + kernel.BUS * j.buses, j.fare_fen) for j in found]
    return [found[i] for i in kernel.pareto(np.array(rows, dtype=np.int64))][::-1]


def _ways(day: RunningDay, a: int, b: int, rules: Rules) -> tuple[IntArray, IntArray]:
    """Labels, and rows (departs, arrives, count, fare, label) of the Pareto ways by boat and bus of the whole day."""
    labels, bags, count = _profile(day, b, rules)
    (ways,) = searches.get((day.token, "pair", a, b, rules), lambda: (_from(day, a, labels, bags, count, rules),))
    return labels, ways


def _profile(day: RunningDay, b: int, rules: Rules) -> tuple[IntArray, IntArray, IntArray]:
    """All ways of a day to one end."""
    fares, at = day.land.fare_fen, day.stands

    def make() -> tuple[IntArray, IntArray, IntArray]:
        change, first = _changes(day, rules)
        labels, bags, count = kernel.profile(
            day.rides, change, fares[np.ix_(at, at)], day.near, day.home[b], fares[at, b], int(first.min(initial=rules.check_in)), END_OF_DAY, rules.most_boats
        )  # fmt: skip
        # the kernel's room doubles as it fills; what is kept is cut to what is in it
        return labels.copy(), np.ascontiguousarray(bags[:, : max(1, int(count.max(initial=0)))]), count

    labels, bags, count = searches.get((day.token, "profile", b, rules), make)
    return labels, bags, count


def _from(day: RunningDay, a: int, labels: IntArray, bags: IntArray, count: IntArray, rules: Rules) -> IntArray:
    """The Pareto ways from one start among those of a profile."""
    _, first = _changes(day, rules)
    fares = day.land.fare_fen[a, day.stands]
    rows = []
    for p in np.flatnonzero(day.out[a] < NEVER):
        numbers = bags[p, : count[p]]
        of = labels[numbers]
        departs = of[:, kernel.L_DEPARTS] - day.out[a, p] - first[p]
        rows.append(np.column_stack([departs, of[:, kernel.L_ARRIVES], of[:, kernel.L_COUNT], of[:, kernel.L_FARE] + fares[p], numbers]))
    ways = np.concatenate(rows) if rows else np.zeros((0, 5), dtype=np.int64)
    ways = ways[ways[:, 0] >= 0]
    ways = ways[np.lexsort((ways[:, 3], ways[:, 2], ways[:, 1], -ways[:, 0]))]
    kept = ways[kernel.pareto(ways[:, :4])]
    return kept[np.lexsort((kept[:, 3], kept[:, 2], kept[:, 1], kept[:, 0]))]


def _assembled(day: RunningDay, a: int, b: int, rides: list[tuple[int, int, int]], rules: Rules) -> Journey:
    """The legs of a journey whose rides (trip, board, alight) are known."""
    legs: list[JourneyLeg] = []
    here, now, begun = a, -1, -1
    for number, (trip, i, j) in enumerate(rides):
        leg = _boat_leg(day, trip, i, j) if trip < len(day.sailings) else _bus_leg(day, trip, i, j)
        p = day.land.index[leg.from_node]
        if number == 0:
            begun = now = leg.departs - int(day.land.minutes[a, p]) - (rules.check_in if leg.mode == "boat" else 0)
        legs += [*_land_legs(day.land.legs(here, p), now), leg]
        here, now = day.land.index[leg.to_node], leg.arrives
    legs += _land_legs(day.land.legs(here, b), now)
    boats = sum(leg.mode == "boat" for leg in legs)
    return Journey(begun, max(now, legs[-1].arrives), boats, sum(leg.fare_fen for leg in legs), tuple(legs), len(rides) - boats)


def _boat_leg(day: RunningDay, trip: int, i: int, j: int) -> JourneyLeg:
    sailing = day.sailings[trip]
    board, alight = sailing.calls[i], sailing.calls[j]
    assert board.departs is not None
    assert alight.arrives is not None
    return JourneyLeg(
        "boat", board.port, alight.port, board.departs, alight.arrives, day.fares[trip, i, j], sailing.id, sailing.line, sailing.vessel, i + 1, j + 1
    )


def _bus_leg(day: RunningDay, trip: int, i: int, j: int) -> JourneyLeg:
    bus = day.buses[trip - len(day.sailings)]
    board, alight = bus.halts[i], bus.halts[j]
    assert board.departs is not None
    assert alight.arrives is not None
    start, end = (day.land.nodes[day.land.index[h.node]] for h in (board, alight))
    return JourneyLeg("bus", start, end, board.departs, alight.arrives, bus.fare_fen, bus.trip, bus.line, bus.vehicle, i + 1, j + 1)


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
