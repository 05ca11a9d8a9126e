"""For every rule of the audit: a whole plan brought to the limit of one fact, and one minute, person or boat past it.

Limits are read from the plan here, by counting of their own, so that a plan of any solver or of any scenario can be broken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from islandflow.ferry.plan import Boarding, FerryPlan, Sailing
from islandflow.passengers.groups import passenger_groups
from islandflow.scenario.entities import LinePattern, Scenario, Setting
from tests.ferry import breaks_of_nature as nature

NONE_SUCH = "none-such"


@dataclass(frozen=True)
class Whole:
    """A plan and its scenario."""

    scenario: Scenario
    plan: FerryPlan

    def row(self, table: str, key: str, **facts: Any) -> Whole:
        """With some facts of one row changed; a row that is not there yet is a copy of ``like``."""
        rows = dict(getattr(self.scenario, table))
        rows[key] = replace(facts.pop("like", None) or rows[key], **facts)
        return replace(self, scenario=replace(self.scenario, **{table: rows}))

    def setting(self, name: str, value: object) -> Whole:
        """With another setting."""
        return replace(self, scenario=replace(self.scenario, settings={**self.scenario.settings, name: Setting(name, value)}))

    def sailing(self, name: str, **facts: Any) -> Whole:
        """With one sailing changed."""
        sailings = tuple(replace(s, **facts) if s.id == name else s for s in self.plan.sailings)
        return replace(self, plan=replace(self.plan, sailings=sailings))

    def without(self, name: str) -> Whole:
        """Without a sailing and those who ride it."""
        riders = tuple(b for b in self.plan.boardings if all(r.sailing != name for r in b.rides))
        return replace(self, plan=replace(self.plan, sailings=tuple(s for s in self.plan.sailings if s.id != name), boardings=riders))

    def boarding(self, old: Boarding, **facts: Any) -> Whole:
        """With one boarding changed."""
        return replace(self, plan=replace(self.plan, boardings=tuple(replace(b, **facts) if b is old else b for b in self.plan.boardings)))


@dataclass(frozen=True)
class Broken:
    """``limit`` is silent; of ``past`` every violation is ``amount`` of ``unit``, and there are ``times`` of them (0: at least one)."""

    limit: Whole
    past: Whole
    amount: int
    unit: str
    times: int = 0


def _twin(w: Whole, **facts: Any) -> Whole:
    """One sailing of a line of two calls sails a copy of the line that differs in these facts."""
    sailing, line = _plain(w)
    return w.row("lines", NONE_SUCH, like=line, line_id=NONE_SUCH, **facts).sailing(sailing.id, line=NONE_SUCH)


def _plain(w: Whole) -> tuple[Sailing, LinePattern]:
    return next((s, w.scenario.lines[s.line]) for s in w.plan.sailings if s.line in w.scenario.lines and len(s.calls) == 2)


def line_allowed(w: Whole) -> Broken:
    return Broken(_twin(w), _twin(w, classes=(NONE_SUCH,)), 1, "sailing", 1)


def operator(w: Whole) -> Broken:
    return Broken(_twin(w), _twin(w, operator=NONE_SUCH), 1, "sailing", 1)


def departures_on_days(w: Whole) -> Broken:
    days = {str(d.date.isoweekday()) for d in w.scenario.calendar if d.service == w.plan.service}
    never = next(d for d in "1234567" if d not in days)
    return Broken(_twin(w, days=min(days)), _twin(w, days=never), 1, "sailing", 1)


def vessel_exists(w: Whole) -> Broken:
    vessel, sailings = max(Counter(s.vessel for s in w.plan.sailings).items(), key=lambda v: (v[0].rpartition("-")[2], v[0]))
    fleet, number = w.scenario.vessel_fleet(vessel).fleet_id, int(vessel.rpartition("-")[2])
    return Broken(w.row("fleets", fleet, count=number), w.row("fleets", fleet, count=number - 1), sailings, "sailing", 1)


def vessel_length(w: Whole) -> Broken:
    port = w.plan.sailings[0].ports[0]
    length = max(w.scenario.vessel_fleet(s.vessel).length_m for s in w.plan.sailings if port in s.ports)
    times = sum(port in s.ports and w.scenario.vessel_fleet(s.vessel).length_m == length for s in w.plan.sailings)
    return Broken(w.row("ports", port, longest_vessel_m=length), w.row("ports", port, longest_vessel_m=length - 0.01), 1, "cm", times)


def running_time(w: Whole) -> Broken:
    sailing, _ = _plain(w)
    same = [x for x in w.scenario.lines.values() if set(x.calls) == set(sailing.ports) and len(x.calls) == 2]
    least = min(s.arrives - s.departs for s in w.plan.sailings if set(s.ports) == set(sailing.ports) and len(s.calls) == 2)
    limit = past = w
    for x in same:
        limit, past = limit.row("lines", x.line_id, crossing_min=least), past.row("lines", x.line_id, crossing_min=least + 1)
    return Broken(limit, past, 1, "min")


def port_hours(w: Whole) -> Broken:
    port = w.plan.sailings[-1].ports[-1]
    at = [m for s in w.plan.sailings for c in s.calls if c.port == port for m in {c.arrives, c.departs} if m is not None]
    return Broken(w.row("ports", port, opens=min(at)), w.row("ports", port, opens=min(at) + 1), 1, "min", at.count(min(at)))


def turnaround(w: Whole) -> Broken:
    """Of a fleet whose time alongside does not grow with its turnaround, and so crowds no berth."""
    layovers: dict[str, list[int]] = {}
    for day in w.plan.rotations:
        fleet = w.scenario.vessel_fleet(day.vessel)
        if fleet.turnaround_min >= 2 * w.scenario.whole("berth_min"):
            layovers.setdefault(fleet.fleet_id, []).extend(b.departs - a.arrives for a, b in pairwise(day.sailings))
    name, found = max(layovers.items(), key=lambda f: len(f[1]))
    return Broken(
        w.row("fleets", name, turnaround_min=min(found)),
        w.row("fleets", name, turnaround_min=min(found) + 1),
        1,
        "min",
        found.count(min(found)),
    )


def position(w: Whole) -> Broken:
    """A vessel's second sailing is left out; one between two different ports, else nothing is missed."""
    day = next(d for d in w.plan.rotations if len(d.sailings) > 2 and d.sailings[1].ports[0] != d.sailings[1].ports[-1])
    return Broken(w, w.without(day.sailings[1].id), 1, "sailing", 1)


def overnight(w: Whole) -> Broken:
    day = next(d for d in w.plan.rotations if len(d.sailings) > 1 and d.sailings[-1].ports[0] != d.sailings[-1].ports[-1])
    return Broken(w, w.without(day.sailings[-1].id), 1, "vessel", 1)


def crew_day(w: Whole) -> Broken:
    spans = [max(s.arrives for s in d.sailings) - d.sailings[0].departs for d in w.plan.rotations]
    longest = max(spans)
    # two shifts of so many hours; half a minute keeps the division away from the limit
    hours = [(longest + off) / 120 for off in (0.5, -0.5)]
    return Broken(w.setting("crew_day_max_h", hours[0]), w.setting("crew_day_max_h", hours[1]), 1, "min", spans.count(longest))


def moorings(w: Whole) -> Broken:
    port, boats = Counter(d.sailings[0].ports[0] for d in w.plan.rotations).most_common(1)[0]
    return Broken(w.row("ports", port, overnight_moorings=boats), w.row("ports", port, overnight_moorings=boats - 1), 1, "vessel", 1)


def _fullest(w: Whole) -> tuple[str, int]:
    """The port with most boats alongside in one minute, and how many."""
    found: Counter[tuple[str, int]] = Counter()
    for port, minute, _ in {stay for s in w.plan.sailings for stay in _alongside(w, s)}:
        found[port, minute] += 1
    (port, _), boats = found.most_common(1)[0]
    return port, boats


def _alongside(w: Whole, s: Sailing) -> Iterator[tuple[str, int, str]]:
    time = min(w.scenario.whole("berth_min"), w.scenario.vessel_fleet(s.vessel).turnaround_min // 2)
    for number, call in enumerate(s.calls):
        first, last = number == 0, number == len(s.calls) - 1
        begins = (call.departs or 0) - time if first else (call.arrives or 0)
        ends = (call.arrives or 0) + time if last else (call.departs or 0) + (not first)
        for minute in range(begins, ends):
            yield call.port, minute, s.vessel


def berths(w: Whole) -> Broken:
    port, boats = _fullest(w)
    return Broken(w.row("ports", port, berths=boats), w.row("ports", port, berths=boats - 1), 1, "boat")


def long_berths(w: Whole) -> Broken:
    port, boats = _fullest(w)
    all_long = w.setting("long_vessel_m", 0.0)
    for name in w.scenario.ports:
        all_long = all_long.row("ports", name, long_berths=None)
    return Broken(all_long.row("ports", port, long_berths=boats), all_long.row("ports", port, long_berths=boats - 1), 1, "boat")


def ride(w: Whole) -> Broken:
    b = next(b for b in w.plan.boardings if b.segment != "vehicle" and len(b.rides) == 1)
    off = replace(b.rides[0], board=b.rides[0].alight)
    return Broken(w, w.boarding(b, rides=(off,)), b.people, "person", 1)


def _changing(w: Whole) -> list[Boarding]:
    return [b for b in w.plan.boardings if len(b.rides) == 2]


def transfers(w: Whole) -> Broken:
    """A line that goes through: silent while it does not run in this service pattern."""
    b = _changing(w)[0]
    ends = {p.place_id: p.port_id for p in w.scenario.ports.values()}
    same = [x for x in _changing(w) if {x.from_place, x.to_place} == {b.from_place, b.to_place}]
    alike = next(iter({x.people for x in same}))
    w = replace(w, plan=replace(w.plan, boardings=tuple(x for x in w.plan.boardings if x not in same or x.people == alike)))
    line = replace(next(iter(w.scenario.lines.values())), line_id=NONE_SUCH, calls=(ends[b.from_place], ends[b.to_place]), classes=())
    other = next(s for s in w.scenario.services if s != w.plan.service)
    limit, past = (w.row("lines", NONE_SUCH, like=line, periods=(s,)) for s in (other, w.plan.service))
    return Broken(limit, past, alike, "vehicle" if b.segment == "vehicle" else "person", sum(x.people == alike for x in same))


def _waits(w: Whole) -> list[int]:
    """Minutes between two boats, the walk apart."""
    sailings = {s.id: s for s in w.plan.sailings}
    links = {(x.from_node, x.to_node): x.minutes for x in w.scenario.land_links}
    found = []
    for b in _changing(w):
        first, second = (sailings[r.sailing] for r in b.rides)
        a, c = first.calls[b.rides[0].alight - 1], second.calls[b.rides[1].board - 1]
        walk = 0 if a.port == c.port else links.get((a.port, c.port), links.get((c.port, a.port), 0))
        found.append((c.departs or 0) - (a.arrives or 0) - walk)
    return found


def transfer_time(w: Whole) -> Broken:
    waits = _waits(w)
    least = min(waits)
    return Broken(
        w.setting("minimum_transfer_min", least), w.setting("minimum_transfer_min", least + 1), 1, "min", waits.count(least)
    )  # fmt: skip


def longest_wait(w: Whole) -> Broken:
    waits = _waits(w)
    most = max(waits)
    return Broken(
        w.setting("longest_transfer_wait_min", most), w.setting("longest_transfer_wait_min", most - 1), 1, "min", waits.count(most)
    )  # fmt: skip


def shift_window(w: Whole) -> Broken:
    sailings = {s.id: s for s in w.plan.sailings}
    shifts = [abs((sailings[b.rides[0].sailing].calls[b.rides[0].board - 1].departs or 0) - b.wanted) for b in w.plan.boardings]
    most = max(shifts)
    return Broken(w.setting("shift_window_min", most), w.setting("shift_window_min", most - 1), 1, "min", shifts.count(most))


def _aboard(w: Whole, vehicles: bool) -> dict[tuple[str, int], int]:
    """People (or vehicles) on each leg (sailing, number from 1)."""
    found: Counter[tuple[str, int]] = Counter()
    for b in w.plan.boardings:
        for r in b.rides:
            for leg in range(r.board, r.alight):
                found[r.sailing, leg] += b.people if (b.segment == "vehicle") == vehicles else 0
    return found


def _full(w: Whole, fact: str, unit: str, vehicles: bool) -> Broken:
    """The fleet whose fullest leg carries most."""
    fleet = {s.id: w.scenario.vessel_fleet(s.vessel).fleet_id for s in w.plan.sailings}
    aboard = _aboard(w, vehicles)
    name = fleet[max(aboard, key=lambda leg: (aboard[leg], leg))[0]]
    mine = [n for (sailing, _), n in aboard.items() if fleet[sailing] == name]
    most = max(mine)
    return Broken(w.row("fleets", name, **{fact: most}), w.row("fleets", name, **{fact: most - 1}), 1, unit, mine.count(most))


def seats(w: Whole) -> Broken:
    return _full(w, "seats", "person", vehicles=False)


def vehicle_deck(w: Whole) -> Broken:
    return _full(w, "vehicle_deck", "vehicle", vehicles=True)


def group_size(w: Whole) -> Broken:
    """One more than want to travel, on boats where there is room."""
    seated: Counter[tuple[str, str, str, int]] = Counter()
    for b in w.plan.boardings:
        seated[b.group] += b.people
    wanted = {g.key: g.size for g in passenger_groups(w.scenario, w.plan.service)}
    room = {s.id: w.scenario.vessel_fleet(s.vessel).seats for s in w.plan.sailings}
    aboard = _aboard(w, vehicles=False)
    b = next(
        b
        for b in w.plan.boardings
        if b.segment != "vehicle"
        and seated[b.group] == wanted[b.group]
        and all(aboard[r.sailing, leg] < room[r.sailing] for r in b.rides for leg in range(r.board, r.alight))
    )
    return Broken(w, w.boarding(b, people=b.people + 1), 1, "person", 1)


BREAKS: Mapping[str, tuple[Callable[[Whole], Broken], ...]] = {
    "line-allowed": (line_allowed,),
    "operator": (operator,),
    "departures-on-days": (departures_on_days,),
    "vessel-exists": (vessel_exists,),
    "vessel-length": (vessel_length,),
    "running-time": (running_time,),
    "port-hours": (port_hours,),
    "turnaround": (turnaround,),
    "position": (position,),
    "overnight": (overnight,),
    "crew-day": (crew_day,),
    "moorings": (moorings,),
    "berths": (berths,),
    "long-berths": (long_berths,),
    "ride": (ride,),
    "transfers": (transfers,),
    "transfer-time": (transfer_time, longest_wait),
    "shift-window": (shift_window,),
    "group-size": (group_size,),
    "seats": (seats,),
    "vehicle-deck": (vehicle_deck,),
    "weather": (lambda w: Broken(*nature.wind(w)), lambda w: Broken(*nature.waves(w))),
    "visibility": (lambda w: Broken(*nature.visibility(w)),),
    "tide": (lambda w: Broken(*nature.tide(w)),),
    "night-quiet": (lambda w: Broken(*nature.quiet(w)),),
    "battery-range": (lambda w: Broken(*nature.range_(w)),),
    "charging": (lambda w: Broken(*nature.charging(w)),),
}
CHANGES_BOATS = frozenset({"transfers", "transfer-time"})  # need somebody who changes boats
