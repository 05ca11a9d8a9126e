"""Obligations recomputed from the timetable: what is required, what was found, what would make it possible."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.report import ObligationCheck
from islandflow.ferry.audit.riders import loads
from islandflow.network.running import fleet_ports
from islandflow.passengers.groups import Group
from islandflow.scenario.entities import Obligation
from islandflow.scenario.schema import RESIDENT_SEGMENTS
from islandflow.units import clock, exact, minutes

Connection = tuple[int, int, str]  # departure, arrival, sailing
Remedy = tuple[str, str]  # English, Chinese


def obligations(facts: Facts) -> tuple[ObligationCheck, ...]:
    """A check for every rule of every obligation, in the order of the table; both directions of a rule are checks of their own."""
    return tuple(check for duty in facts.scenario.obligations.values() for check in _Duty(facts, duty).checks())


def connections(facts: Facts, origins: tuple[str, ...], targets: tuple[str, ...]) -> list[Connection]:
    """Stretches of sailings that leave one of ``origins`` and later arrive at one of ``targets``, by departure."""
    found = []
    for sailing in facts.sailings:
        for i, a in enumerate(sailing.calls[:-1]):
            for b in sailing.calls[i + 1 :]:
                if a.port in origins and b.port in targets and a.departs is not None and b.arrives is not None:
                    found.append((a.departs, b.arrives, sailing.id))
    return sorted(found)


class _Duty:
    """One obligation and the connections of a plan that it looks at."""

    def __init__(self, facts: Facts, duty: Obligation) -> None:
        self.facts, self.duty = facts, duty
        self.out = connections(facts, duty.island_ports, (duty.serves_port,))
        self.back = connections(facts, (duty.serves_port,), duty.island_ports)
        here, there = duty.port, duty.serves_port
        self.ways = ((f"{here}→{there}", self.out), (f"{there}→{here}", self.back))

    def checks(self) -> Iterator[ObligationCheck]:
        """Every rule that the obligation asks for."""
        duty = self.duty
        if duty.sailings_each_way:
            yield from self.sailings_each_way(duty.sailings_each_way)
        if duty.cargo_sailings:
            yield from self.cargo_sailings(duty.cargo_sailings)
        if duty.first_arrival_by is not None:
            yield self.first_arrival(duty.first_arrival_by)
        if duty.last_boat_not_before is not None:
            yield self.last_boat(duty.last_boat_not_before)
        if duty.largest_gap_min is not None:
            yield from self.largest_gap(duty.largest_gap_min)
        if duty.hours_ashore is not None:
            yield self.day_return(duty.hours_ashore)
        if duty.medical_trip:
            yield self.medical_trip(self.facts.scenario.whole("medical_arrival_by"), self.facts.scenario.whole("medical_hours_ashore"))
        if duty.resident_seats_percent > 0:
            yield self.resident_seats()

    def sailings_each_way(self, least: int) -> Iterator[ObligationCheck]:
        """So many sailings each way; a sailing counts once. Amount: sailings missing."""
        for name, found in self.ways:
            number = len({sailing for _, _, sailing in found})
            short = max(0, least - number)
            remedy = (f"{_more(short)} {name}", f"再开 {short} 班 {name}")
            yield self.check("sailings-each-way", f"{least} {name}", str(number), short, "sailing", remedy)

    def cargo_sailings(self, least: int) -> Iterator[ObligationCheck]:
        """So many sailings each way with room for cargo; a sailing counts once. Amount: sailings missing."""
        room = self.duty.cargo_m3
        able = {sailing.id for sailing, fleet in self.facts.manned() if fleet.cargo_m3 >= room}
        for name, found in self.ways:
            number = len({sailing for _, _, sailing in found} & able)
            short = max(0, least - number)
            remedy = (f"{_more(short)} {name} with a hold of {room:g} m3", f"再开 {short} 班 {name},货舱不小于 {room:g} 立方米")
            yield self.check("cargo-sailings", f"{least} {name}", str(number), short, "sailing", remedy)

    def first_arrival(self, by: int) -> ObligationCheck:
        """An arrival at the port served by then. Amount: minutes late; one sailing if none arrives at all."""
        name, required = self.ways[0][0], f"by {clock(by)}"
        there = self.duty.serves_port
        if not self.out:
            return self.none("first-arrival", required, name, f"arriving by {clock(by)}", f"{clock(by)} 前到达")
        first = min(arrives for _, arrives, _ in self.out)
        late = max(0, first - by)
        remedy = (
            f"an arrival at {there} by {clock(by)}: sail {late} min earlier",
            f"须在 {clock(by)} 前到达 {there}:提前 {late} 分钟开航",
        )
        return self.check("first-arrival", required, clock(first), late, "min", remedy)

    def last_boat(self, least: int) -> ObligationCheck:
        """A boat home no earlier than that. Amount: minutes early; one sailing if there is none at all."""
        name, required = self.ways[1][0], f"not before {clock(least)}"
        if not self.back:
            return self.none("last-boat", required, name, f"leaving at {clock(least)} or later", f"{clock(least)} 或更晚开航")
        last = max(departs for departs, _, _ in self.back)
        early = max(0, least - last)
        remedy = (
            f"a boat home {name} at {clock(least)} or later: sail {early} min later",
            f"返岛 {name} 末班须不早于 {clock(least)}:推迟 {early} 分钟开航",
        )
        return self.check("last-boat", required, clock(last), early, "min", remedy)

    def largest_gap(self, most: int) -> Iterator[ObligationCheck]:
        """No longer without a departure inside the window. Amount: minutes over, of the longest gap."""
        opens, _, closes = str(self.facts.scenario.setting("largest_gap_window")).partition("-")
        first, last = minutes(opens), minutes(closes)
        for name, found in self.ways:
            points = [first, *(departs for departs, _, _ in found if first <= departs <= last), last]
            # of equal gaps the earliest
            gap, after = max(((b - a, a) for a, b in pairwise(points)), key=lambda g: (g[0], -g[1]))
            span = f"{clock(after)}-{clock(after + gap)}"
            remedy = (f"one more sailing {name} within {span}", f"{span} 间加开 1 班 {name}")
            yield self.check("largest-gap", f"{most} min {name}", f"{gap} min, {span}", max(0, gap - most), "min", remedy)

    def day_return(self, stay: int) -> ObligationCheck:
        """Out and home the same day with so long ashore. Amount: minutes short; sailings missing if there is no trip at all."""
        return self.trip("day-return", f"{clock(stay)} ashore", stay, None)

    def medical_trip(self, by: int, stay: int) -> ObligationCheck:
        """The same, there in the morning. Amount: minutes by which the boats together must sail earlier out or later home."""
        return self.trip("medical-trip", f"there by {clock(by)}, {clock(stay)} ashore", stay, by)

    def trip(self, rule: str, required: str, stay: int, by: int | None) -> ObligationCheck:
        out, home = self.ways[0][0], self.ways[1][0]
        missing = [name for name, found in self.ways if not found]
        if missing:
            remedy = (f"one sailing {' and one '.join(missing)}", f"各开 1 班 {'、'.join(missing)}")
            return self.check(rule, required, "-", len(missing), "sailing", self.possible(remedy))
        first = min(arrives for _, arrives, _ in self.out)
        last = max(departs for departs, _, _ in self.back)
        late = max(0, first - by) if by is not None else 0
        short = max(0, stay - (last - (first - late)))
        wishes = [(f"sail {out} {late} min earlier", f"{out} 提前 {late} 分钟开航")] if late else []
        if short:
            wishes.append((f"sail {home} {short} min later", f"{home} 推迟 {short} 分钟开航"))
        remedy = (" and ".join(en for en, _ in wishes), ",".join(zh for _, zh in wishes))
        return self.check(rule, required, f"there {clock(first)}, home {clock(last)}", late + short, "min", remedy)

    def resident_seats(self) -> ObligationCheck:
        """Seats kept until no resident wants them. Amount: residents denied by visitors, on the worst sailing."""
        short, sailing = _denied(self.facts, self.duty)
        remedy = (
            f"keep {short} more seat{'s' if short > 1 else ''} for residents of {self.duty.port} on {sailing}",
            f"在 {sailing} 为 {self.duty.port} 居民再留 {short} 座",
        )
        return self.check("resident-seats", f"{self.duty.resident_seats_percent:g} %", f"{short} denied", short, "person", remedy)

    def none(self, rule: str, required: str, name: str, en: str, zh: str) -> ObligationCheck:
        """No connection at all: a sailing is missing."""
        return self.check(rule, required, "-", 1, "sailing", self.possible((f"one sailing {name} {en}", f"开 1 班 {name},{zh}")))

    def possible(self, remedy: Remedy) -> Remedy:
        """The remedy, and what it takes besides if no vessel of the scenario may sail there."""
        facts, duty = self.facts, self.duty
        for fleet in facts.scenario.fleets.values():
            ports = fleet_ports(facts.scenario, fleet, facts.service) if fleet.count else frozenset()
            fits = {p for p in ports if fleet.length_m <= facts.scenario.ports[p].longest_vessel_m}
            if duty.serves_port in fits and not fits.isdisjoint(duty.island_ports):
                return remedy
        pair = f"{duty.port}-{duty.serves_port}"
        return (
            f"{remedy[0]}; no vessel of the scenario may sail {pair}: add a vessel or a charter",
            f"{remedy[1]};现有船舶均不可航行 {pair}:请增加船舶或租船",
        )

    def check(self, rule: str, required: str, found: str, amount: int, unit: str, remedy: Remedy) -> ObligationCheck:
        """The check; a remedy is given where the rule is broken. Without any boat both ways the remedy says what that takes."""
        duty, met = self.duty, amount <= 0
        en, zh = ("", "") if met else remedy
        if rule in ("sailings-each-way", "largest-gap") and not met and not (self.out and self.back):
            en, zh = self.possible(remedy)
        return ObligationCheck(duty.obligation_id, duty.port, duty.serves_port, rule, required, found, amount, unit, met, en, zh)


def _more(sailings: int) -> str:
    return "one more sailing" if sailings == 1 else f"{sailings} more sailings"


def _denied(facts: Facts, duty: Obligation) -> tuple[int, str]:
    """Residents left behind who could have ridden where visitors took seats that are kept for them: most on one sailing, and which.

    Once kept seats are open to all, so long before departure, a resident who comes later has no claim to them.
    """
    left = _left_residents(facts, duty)
    if not left:
        return 0, ""
    aboard, window, worst, where = loads(facts), facts.scenario.whole("shift_window_min"), 0, ""
    ways = ((duty.island_ports, (duty.serves_port,)), ((duty.serves_port,), duty.island_ports))
    joining = {sailing for ends in ways for _, _, sailing in connections(facts, *ends)}
    for sailing, fleet in facts.manned():
        if sailing.id not in joining:
            continue
        open_to_all = fleet.seats - math.floor(fleet.seats * exact(duty.resident_seats_percent) / 100)
        over = [load.get("visitor", 0) - open_to_all for load in aboard[sailing.id]]
        if max(over) <= 0:
            continue
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                wanting = sum(
                    people for group, people in left
                    if a.port in facts.access.ports[group.from_place] and sailing.calls[j].port in facts.access.ports[group.to_place]
                    and abs((a.departs or 0) - group.wanted) <= window
                    and (duty.release_min is None or (a.departs or 0) - group.wanted >= duty.release_min)
                )  # fmt: skip
                denied = min(max(over[i:j]), wanting)
                if denied > worst:
                    worst, where = denied, sailing.id
    return worst, where


def _left_residents(facts: Facts, duty: Obligation) -> list[tuple[Group, int]]:
    """Groups of residents from or to the quays of the protected island who are not all seated, and how many are left."""
    places = {facts.scenario.ports[p].place_id for p in duty.island_ports}
    return [
        (group, group.size - facts.seated[key])
        for key, group in facts.groups.items()
        if group.segment in RESIDENT_SEGMENTS
        and group.size > facts.seated[key]
        and not places.isdisjoint((group.from_place, group.to_place))
    ]


__all__ = ["connections", "obligations"]
