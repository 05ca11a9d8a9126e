"""The facts of an island day: ways, boats, who comes and goes with them, vehicles, chargers and rules. Whole minutes, people, metres, fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from islandflow.units import time_fen

IntArray = NDArray[np.int64]
LANDS: Literal["lands"] = "lands"
LEAVES: Literal["leaves"] = "leaves"
NO_WAY = -1


@dataclass(frozen=True)
class Rules:
    """Every limit and price of a day; minutes, fen, watt-hours.

    alight_min: from a landing until its people have boarded a vehicle; board_min: people are at the quay so long before departure;
    longest_wait_min: at the quay, after alight_min or before board_min; step_min: grid of those waits; a ride takes at most
    ``max(direct x ride_percent / 100, direct + ride_extra_min)``; dwell_min at each stop; stops_per_run: most stops of one run;
    block_min: chargers are taken for whole blocks of the clock; unit_wh: energy is counted in such units, consumption of each move
    rounded up, the gain of each block down; reserve_percent of the battery is never used; break_min of rest between break_from and
    break_to, unless the day ends by break_to; opens and closes: every vehicle's day lies between. value_fen_h: an hour on board of
    one person; wait_centi: hundredths that a minute of waiting counts; unserved_fen: price of one person who is not taken.
    """

    alight_min: int = 4
    board_min: int = 10
    longest_wait_min: int = 30
    step_min: int = 5
    ride_percent: int = 150
    ride_extra_min: int = 10
    dwell_min: int = 1
    stops_per_run: int = 4
    block_min: int = 10
    unit_wh: int = 1000
    reserve_percent: int = 15
    break_min: int = 30
    break_from: int = 630
    break_to: int = 840
    opens: int = 300
    closes: int = 1320
    value_fen_h: int = 2500
    wait_centi: int = 150
    unserved_fen: int = 6000


@dataclass(frozen=True)
class BoatCall:
    """A boat that lands at or leaves a quay at ``minute``; a landing within ``late_min`` after it strands nobody."""

    call_id: str
    quay: str
    kind: Literal["lands", "leaves"]
    minute: int
    late_min: int = 0
    sailing: str = ""


@dataclass(frozen=True)
class Party:
    """``people`` who go from a boat to a stop, or from a stop to a boat."""

    party_id: str
    call: str
    stop: str
    people: int


@dataclass(frozen=True)
class Buses:
    """``count`` like vehicles with one base; ``km_fen`` holds energy too."""

    fleet_id: str
    base: str
    count: int
    seats: int
    battery_wh: int
    wh_per_km: int
    day_fen: int
    km_fen: int


@dataclass(frozen=True)
class ChargingSite:
    """``count`` chargers of ``watts`` each at a node."""

    charger_id: str
    node: str
    count: int
    watts: int


@dataclass(frozen=True)
class IslandDay:
    """An island on one day. ``minutes`` and ``metres`` (nodes, nodes) by road, NO_WAY where there is none."""

    nodes: tuple[str, ...]
    minutes: IntArray
    metres: IntArray
    calls: tuple[BoatCall, ...]
    parties: tuple[Party, ...]
    buses: tuple[Buses, ...]
    chargers: tuple[ChargingSite, ...]
    rules: Rules

    def __post_init__(self) -> None:
        """ValueError for facts that do not fit together."""
        known, calls, size = set(self.nodes), {c.call_id for c in self.calls}, len(self.nodes)
        named = (
            [c.quay for c in self.calls] + [p.stop for p in self.parties] + [b.base for b in self.buses] + [c.node for c in self.chargers]
        )
        if not known.issuperset(named) or not calls.issuperset(p.call for p in self.parties):
            raise ValueError("a quay, stop, base, charger or call is not among the facts")
        if self.minutes.shape != (size, size) or self.metres.shape != (size, size) or len(known) != size:
            raise ValueError("ways and nodes do not fit")
        apart = ~np.eye(size, dtype=bool)
        if (self.minutes[apart] == 0).any() or (np.diag(self.minutes) != 0).any():
            raise ValueError("between two nodes there is at least a minute")
        if any(p.people < 1 for p in self.parties) or len({p.party_id for p in self.parties}) != len(self.parties):
            raise ValueError("parties need people and ids of their own")

    def number(self, node: str) -> int:
        """Row of a node."""
        return self.nodes.index(node)

    @property
    def people(self) -> int:
        """All who would ride."""
        return sum(p.people for p in self.parties)


def ready(call: BoatCall, rules: Rules) -> int:
    """Minute from which a vehicle may leave with the people of a landing, or by which it must be at the quay for a departure."""
    return call.minute + rules.alight_min if call.kind == LANDS else call.minute - rules.board_min


def ready_late(call: BoatCall, rules: Rules) -> int:
    """As ``ready``, for a boat that is as late as its margin allows; a departure is never put off."""
    return ready(call, rules) + (call.late_min if call.kind == LANDS else 0)


def longest_ride(direct: int, rules: Rules) -> int:
    """Most minutes on board for someone whose direct way takes ``direct`` minutes; an exact share is rounded down."""
    return max(direct * rules.ride_percent // 100, direct + rules.ride_extra_min)


def person_fen(wait: int, ride: int, rules: Rules) -> int:
    """What one person's minutes cost."""
    return time_fen(rules.value_fen_h, rules.wait_centi * wait + 100 * ride)


def move_fen(metres: int, buses: Buses) -> int:
    """What a way costs, to the nearest fen."""
    return (metres * buses.km_fen + 500) // 1000


def move_units(metres: int, buses: Buses, rules: Rules) -> int:
    """Energy of a way in units, rounded up."""
    return -(-metres * buses.wh_per_km // (1000 * rules.unit_wh))


def battery_units(buses: Buses, rules: Rules) -> int:
    """Units between full and the reserve, rounded down."""
    return buses.battery_wh * (100 - rules.reserve_percent) // (100 * rules.unit_wh)


def block_units(site: ChargingSite, rules: Rules) -> int:
    """Units that a block at a charger gives, rounded down."""
    return site.watts * rules.block_min // (60 * rules.unit_wh)


def vehicle_ids(buses: Buses) -> tuple[str, ...]:
    """Ids of the named vehicles of a fleet."""
    return tuple(f"{buses.fleet_id}-{n:02d}" for n in range(1, buses.count + 1))
