"""Obligations recomputed from the timetable: what is required, what was found, what would make it possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.report import ObligationCheck
from islandflow.ferry.audit.riders import loads
from islandflow.scenario.entities import Obligation
from islandflow.scenario.schema import RESIDENT_SEGMENTS
from islandflow.units import clock, minutes

Connection = tuple[int, int, str]  # departure, arrival, sailing


def obligations(facts: Facts) -> tuple[ObligationCheck, ...]:
    """A check for every rule of every obligation, in the order of the table."""
    return tuple(check for duty in facts.scenario.obligations.values() for check in _checks(facts, duty))


def connections(facts: Facts, origins: tuple[str, ...], targets: tuple[str, ...]) -> list[Connection]:
    """Stretches of sailings that leave one of ``origins`` and later arrive at one of ``targets``, by departure."""
    found = []
    for sailing in facts.sailings:
        for i, a in enumerate(sailing.calls[:-1]):
            for b in sailing.calls[i + 1 :]:
                if a.port in origins and b.port in targets and a.departs is not None and b.arrives is not None:
                    found.append((a.departs, b.arrives, sailing.id))
    return sorted(found)


def _checks(facts: Facts, duty: Obligation) -> Iterator[ObligationCheck]:
    out = connections(facts, duty.island_ports, (duty.serves_port,))
    back = connections(facts, (duty.serves_port,), duty.island_ports)
    here, there = duty.port, duty.serves_port
    if duty.sailings_each_way:
        for name, found in ((f"{here}→{there}", out), (f"{there}→{here}", back)):
            number = len({c[2] for c in found})
            short = max(0, duty.sailings_each_way - number)
            yield _check(duty, "sailings-each-way", f"{duty.sailings_each_way} {name}", str(number), short, "sailing",
                         f"{short} more sailing(s) {name}", f"再开 {short} 班 {name}")  # fmt: skip
    if duty.first_arrival_by is not None:
        first = min((c[1] for c in out), default=None)
        by = clock(duty.first_arrival_by)
        late = 0 if first is not None and first <= duty.first_arrival_by else (first or 24 * 60) - duty.first_arrival_by
        yield _check(duty, "first-arrival", f"by {by}", clock(first) if first is not None else "-", late, "min",
                     f"an arrival at {there} by {by}: sail {late} min earlier", f"{by} 前到达 {there}:提前 {late} 分钟开航")  # fmt: skip
    if duty.last_boat_not_before is not None:
        last = max((c[0] for c in back), default=None)
        after = clock(duty.last_boat_not_before)
        early = 0 if last is not None and last >= duty.last_boat_not_before else duty.last_boat_not_before - (last or 0)
        yield _check(duty, "last-boat", f"not before {after}", clock(last) if last is not None else "-", early, "min",
                     f"a boat home from {there} at {after} or later", f"{after} 或更晚由 {there} 返岛的航班")  # fmt: skip
    if duty.largest_gap_min is not None:
        opens, _, closes = str(facts.scenario.setting("largest_gap_window")).partition("-")
        for name, found in ((f"{here}→{there}", out), (f"{there}→{here}", back)):
            points = [minutes(opens), *(c[0] for c in found if minutes(opens) <= c[0] <= minutes(closes)), minutes(closes)]
            gap, at = max((b - a, a) for a, b in pairwise(points))
            over = max(0, gap - duty.largest_gap_min)
            yield _check(duty, "largest-gap", f"{duty.largest_gap_min} min {name}", f"{gap} min after {clock(at)}", over, "min",
                         f"a sailing {name} between {clock(at)} and {clock(at + gap)}", f"{clock(at)}–{clock(at + gap)} 间加开 {name}")  # fmt: skip
    if duty.hours_ashore is not None:
        yield _day_trip(duty, "day-return", out, back, duty.hours_ashore, None)
    if duty.medical_trip:
        by_minute = facts.scenario.whole("medical_arrival_by")
        yield _day_trip(duty, "medical-trip", out, back, facts.scenario.whole("medical_hours_ashore"), by_minute)
    if duty.resident_seats_percent > 0:
        short = _denied(facts, duty)
        yield _check(duty, "resident-seats", f"{duty.resident_seats_percent:g} %", f"{short} denied", short, "person",
                     f"keep {short} more seat(s) for residents of {here}", f"再为 {here} 居民留 {short} 座")  # fmt: skip


def _day_trip(duty: Obligation, rule: str, out: list[Connection], back: list[Connection], stay: int, by: int | None) -> ObligationCheck:
    arrivals = [c[1] for c in out if by is None or c[1] <= by]
    longest = max((c[0] for c in back), default=0) - min(arrivals) if arrivals and back else 0
    short = max(0, stay - longest)
    required = f"{clock(stay)} ashore" + (f", there by {clock(by)}" if by is not None else "")
    return _check(
        duty, rule, required, f"{clock(max(0, longest))} ashore", short, "min",
        f"an earlier boat to {duty.serves_port} or a later one home: {short} min", f"去 {duty.serves_port} 的早班更早或返岛末班更晚:{short} 分钟",
    )  # fmt: skip


def _denied(facts: Facts, duty: Obligation) -> int:
    """Residents left behind who could have ridden where visitors took seats that are kept for them; the most on one sailing."""
    places = {facts.scenario.ports[p].place_id for p in duty.island_ports}
    seated: Counter[tuple[str, str, str, int]] = Counter()
    for boarding in facts.plan.boardings:
        seated[boarding.group] += boarding.people
    left = [
        (group, group.size - seated[key])
        for key, group in facts.groups.items()
        if group.segment in RESIDENT_SEGMENTS and group.size > seated[key] and (group.from_place in places or group.to_place in places)
    ]
    if not left:
        return 0
    aboard, window, worst = loads(facts), facts.scenario.whole("shift_window_min"), 0
    for sailing, fleet in facts.manned():
        free = fleet.seats - int(fleet.seats * duty.resident_seats_percent / 100)
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                ends = (a.port, sailing.calls[j].port)
                if duty.serves_port not in ends or not set(ends) & set(duty.island_ports):
                    continue
                excess = max(aboard[sailing.id][leg].get("visitor", 0) for leg in range(i, j)) - free
                wanting = sum(
                    n for g, n in left
                    if ends[0] in facts.access.ports[g.from_place] and ends[1] in facts.access.ports[g.to_place]
                    and abs((a.departs or 0) - g.wanted) <= window
                )  # fmt: skip
                worst = max(worst, min(excess, wanting))
    return worst


def _check(duty: Obligation, rule: str, required: str, found: str, amount: int, unit: str, en: str, zh: str) -> ObligationCheck:
    met = amount <= 0
    return ObligationCheck(
        duty.obligation_id, duty.port, duty.serves_port, rule, required, found, max(0, amount), unit, met, "" if met else en, "" if met else zh
    )


__all__ = ["connections", "obligations"]
