"""Which vehicle runs which trips of a line: a pattern that repeats, from the base and back, with charging at the ends."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.shuttle.day import NO_WAY, Buses, ChargingSite
from islandflow.shuttle.lines_day import LinesDay, charge_wh, usable_wh, way_wh

Sites = tuple[ChargingSite | None, ChargingSite | None]


@dataclass(frozen=True)
class Pattern:
    """A line of ``minutes`` and ``metres`` each way with ``departures`` from either end: a vehicle that leaves the first call leaves the last
    one ``turn`` minutes later, and the first call again ``vehicles * headway`` minutes after it did. ``sites``: chargers at the two ends."""

    minutes: int
    metres: int
    headway: int
    vehicles: int
    turn: int
    departures: int
    sites: Sites = (None, None)

    @property
    def ahead(self) -> int:
        """Departures from the last call before that of the first vehicle to come from the first call."""
        return self.turn // self.headway

    @property
    def back_after(self) -> int:
        """First departure from the last call, minutes after that from the first call."""
        return self.turn % self.headway

    @property
    def layovers(self) -> tuple[int, int]:
        """Minutes that a vehicle stands at the first and at the last call."""
        return self.vehicles * self.headway - self.turn - self.minutes, self.turn - self.minutes

    @property
    def standing(self) -> tuple[int, int]:
        """Most vehicles that stand at the two ends at once."""
        first, last = self.layovers
        return -(-first // self.headway), -(-last // self.headway)

    @property
    def reserved(self) -> dict[str, int]:
        """Chargers that are the line's own, by site: one for every vehicle that may stand there."""
        found: dict[str, int] = {}
        for site, count in zip(self.sites, self.standing, strict=True):
            if site is not None:
                found[site.charger_id] = found.get(site.charger_id, 0) + count
        return found


@dataclass(frozen=True)
class Step:
    """Departure ``number`` from the first call, or from the last (``back``); ``wh`` charged after it."""

    back: bool
    number: int
    wh: int


@dataclass(frozen=True)
class Driven:
    """What every vehicle does, and metres of all, those from and to the base included."""

    vehicles: tuple[tuple[Step, ...], ...]
    metres: int

    def fen(self, buses: Buses) -> int:
        """Vehicles and kilometres of the day."""
        return len(self.vehicles) * buses.day_fen + (self.metres * buses.km_fen + 500) // 1000


def driven(day: LinesDay, buses: Buses, first: str, last: str, pattern: Pattern) -> Driven | None:
    """The vehicles' day; None where the base is out of reach or a battery would pass its reserve."""
    full, metres, found = usable_wh(buses, day.rules), 0, []
    each = way_wh(pattern.metres, buses)
    gains = [0 if s is None else charge_wh(s, stand, day.rules) for s, stand in zip(pattern.sites, pattern.layovers, strict=True)]
    begins = [(False, n) for n in range(pattern.vehicles - pattern.ahead)] + [(True, n) for n in range(pattern.ahead)]
    for back, number in begins:
        if number >= pattern.departures:
            continue
        out = day.way(buses.base, last if back else first)
        energy, steps = full - way_wh(out[1], buses), list[Step]()
        if out[0] == NO_WAY:
            return None
        while number < pattern.departures:
            energy -= each
            if energy < 0:
                return None
            after = number + (pattern.vehicles - pattern.ahead if back else pattern.ahead)
            gain = min(full - energy, gains[0 if back else 1]) if after < pattern.departures else 0
            steps.append(Step(back, number, gain))
            energy += gain
            metres += pattern.metres
            back, number = not back, after
        home = day.way(first if steps[-1].back else last, buses.base)
        if home[0] == NO_WAY or energy < way_wh(home[1], buses):
            return None
        metres += out[1] + home[1]
        found.append(tuple(steps))
    return Driven(tuple(found), metres)
