"""The facts of lines by the clock inside an island: homes, trips, ways on wheels and on foot, vehicles, chargers, boats, rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from islandflow.shuttle.day import NO_WAY, BoatCall, Buses, ChargingSite
from islandflow.shuttle.ways import Ways
from islandflow.units import time_fen


@dataclass(frozen=True)
class LineRules:
    """Every limit and price of lines; minutes, fen, watt-hours.

    walk_min: people walk so far to a stop; walk_centi, wait_centi, home_centi: hundredths that a minute of walking, of waiting at the stop,
    and of waiting elsewhere counts; whoever waits half a headway stands at the stop for stop_wait_min of it at most; first and last: service of the
    day; a bus stands layover_min at a terminus at least, of which plug_min are lost to the charger; detour_percent: length over the
    quickest way between the termini; termini: largest settlements where a line may begin; pool: most lines considered; peak_percent of
    a day's people ride in the busiest hour; unserved_fen a trip that no line takes; far_fen a person and day beyond walk_min of every
    stop; meet_min: who waits longer for a bus or boat is not met. value_fen_h: an hour on board of one person.
    """

    walk_min: int = 10
    walk_centi: int = 200
    wait_centi: int = 150
    home_centi: int = 50
    stop_wait_min: int = 10
    value_fen_h: int = 2500
    first: int = 360
    last: int = 1260
    headways: tuple[int, ...] = (10, 15, 20, 30, 60, 120)
    layover_min: int = 5
    plug_min: int = 2
    dwell_min: int = 1
    detour_percent: int = 140
    termini: int = 6
    pool: int = 500
    peak_percent: int = 12
    unserved_fen: int = 2000
    far_fen: int = 50
    reserve_percent: int = 15
    meet_min: int = 15
    alight_min: int = 4
    board_min: int = 10


@dataclass(frozen=True)
class Home:
    """A settlement: people who live there, and guests on the day."""

    node: str
    residents: int
    guests: int

    @property
    def people(self) -> int:
        """All who sleep there."""
        return self.residents + self.guests


@dataclass(frozen=True)
class Trips:
    """``people`` a day who go from one node to another and would take a bus that suits them; ``boat``: they come from or go to one."""

    origin: str
    goal: str
    people: int
    boat: bool = False


@dataclass(frozen=True)
class LinesDay:
    """An island on one day as its lines see it. ``boats`` are all that call at its quays; ``estimated``: no table of trips was given."""

    island_id: str
    ways: Ways
    homes: tuple[Home, ...]
    trips: tuple[Trips, ...]
    buses: tuple[Buses, ...]
    chargers: tuple[ChargingSite, ...]
    boats: tuple[BoatCall, ...]
    rules: LineRules
    estimated: bool = True
    number: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """ValueError for facts that do not fit together."""
        object.__setattr__(self, "number", {n: k for k, n in enumerate(self.ways.nodes)})
        named = [h.node for h in self.homes] + [n for t in self.trips for n in (t.origin, t.goal)]
        named += [b.base for b in self.buses] + [c.node for c in self.chargers] + [c.quay for c in self.boats]
        if not set(self.number).issuperset(named):
            raise ValueError("a home, trip, base, charger or quay is not among the nodes")
        pairs = [(t.origin, t.goal, t.boat) for t in self.trips]
        if len(set(pairs)) != len(pairs) or any(t.people < 1 or t.origin == t.goal for t in self.trips):
            raise ValueError("trips need people, two ends, and one row each")

    def way(self, a: str, b: str) -> tuple[int, int]:
        """Minutes and metres of the quickest way by bus; NO_WAY where there is none."""
        i, j = self.number[a], self.number[b]
        return int(self.ways.minutes[i, j]), int(self.ways.metres[i, j])

    def walk(self, a: str, b: str) -> int | None:
        """Minutes on foot; None where there is no way or it is farther than people walk."""
        minutes = int(self.ways.walk[self.number[a], self.number[b]])
        return minutes if minutes != NO_WAY and minutes <= self.rules.walk_min else None

    @property
    def people(self) -> int:
        """All who would ride."""
        return sum(t.people for t in self.trips)


def passing(day: LinesDay, calls: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """(arrives, leaves) at every call, minutes after the bus leaves the first; at either end the two are one."""
    found = [(0, 0)]
    for n, (a, b) in enumerate(pairwise(calls), start=2):
        at = found[-1][1] + day.way(a, b)[0]
        found.append((at, at + day.rules.dwell_min if n < len(calls) else at))
    return tuple(found)


def line_person_fen(walk: int, headway: int, ride: int, rules: LineRules) -> int:
    """What one trip's minutes cost: walking, half a headway of waiting, riding. Who knows the minutes of a rare bus waits at home."""
    at_stop = min(headway, 2 * rules.stop_wait_min)  # half minutes
    wait = (rules.wait_centi * at_stop + rules.home_centi * (headway - at_stop) + 1) // 2
    return time_fen(rules.value_fen_h, rules.walk_centi * walk + wait + 100 * ride)


def departures_of(headway: int, rules: LineRules) -> int:
    """Departures of a line each way a day, the same whichever minute of the hour it takes."""
    return (rules.last - rules.first) // headway


def seats_an_hour(seats: int, headway: int, rules: LineRules) -> int:
    """Most people a day on one section and direction, so that the busiest hour finds seats."""
    return seats * 6000 // (headway * rules.peak_percent)


def usable_wh(buses: Buses, rules: LineRules) -> int:
    """Energy between full and the reserve, rounded down."""
    return buses.battery_wh * (100 - rules.reserve_percent) // 100


def way_wh(metres: int, buses: Buses) -> int:
    """Energy of a way, rounded up."""
    return -(-metres * buses.wh_per_km // 1000)


def charge_wh(site: ChargingSite, minutes: int, rules: LineRules) -> int:
    """Energy that a layover of so many minutes gives, rounded down."""
    return site.watts * max(0, minutes - rules.plug_min) // 60
