"""Rules of vessels and sailings, one function a rule; minutes are exact, at the limit a rule is silent."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import beyond_one_crew
from islandflow.ferry.plan import Sailing
from islandflow.network.running import fleet_ports, leg_minutes, may_operate, runs_on
from islandflow.scenario.entities import Fleet
from islandflow.units import clock, exact
from islandflow.violation import Violation

GENERATED = "+"
MOST_CALLS = 4
METRES_A_MILE = 1852


def vessel_exists(facts: Facts) -> Iterator[Violation]:
    """A sailing is made by a vessel of the fleet, a hired one in its periods. Amount: sailings of the vessel."""
    made: dict[str, int] = {}
    for sailing in facts.plan.sailings:
        if sailing.vessel not in facts.fleets:
            made[sailing.vessel] = made.get(sailing.vessel, 0) + 1
    for vessel, sailings in made.items():
        yield Violation("vessel-exists", vessel, sailings, "sailing", "the fleet has no such vessel", "船队中没有这艘船")
    for rotation, fleet in facts.days():
        if not fleet.sails_in(facts.service):
            en, zh = f"hired for {', '.join(fleet.periods)} alone", f"只在 {'、'.join(fleet.periods)} 租用"
            yield Violation("vessel-exists", rotation.vessel, len(rotation.sailings), "sailing", en, zh)


def operator(facts: Facts) -> Iterator[Violation]:
    """A vessel sails lines of its owner or of an operator it is chartered to."""
    for sailing, fleet in facts.manned():
        line = facts.scenario.lines.get(sailing.line)
        if line is not None and not may_operate(fleet, line):
            yield Violation(
                "operator", sailing.id, 1, "sailing",
                f"line {line.line_id} is run by {line.operator}, vessel {sailing.vessel} belongs to {fleet.operator}",
                f"航线 {line.line_id} 由 {line.operator} 经营,船舶 {sailing.vessel} 属于 {fleet.operator}",
            )  # fmt: skip


def line_allowed(facts: Facts) -> Iterator[Violation]:
    """A sailing follows a line its vessel may sail, either direction, or a generated pattern within the limits of the scenario."""
    for sailing, fleet in facts.manned():
        if sailing.line == GENERATED:
            yield from _generated(facts, sailing, fleet)
            continue
        line = facts.scenario.lines.get(sailing.line)
        if line is None:
            yield _not_allowed(sailing, 1, "sailing", f"there is no line {sailing.line}", f"没有航线 {sailing.line}")
            continue
        if sailing.ports not in (line.calls, line.calls[::-1]):
            yield _not_allowed(sailing, 1, "sailing", "the calls are not those of the line", "挂靠港与航线不符")
        if fleet.vessel_class not in line.classes:
            yield _not_allowed(sailing, 1, "sailing", f"class {fleet.vessel_class} does not sail the line", "船型不可用")
        if fleet.cluster != line.cluster:
            yield _not_allowed(sailing, 1, "sailing", f"the vessel sails in {fleet.cluster}", f"该船只在 {fleet.cluster} 组团航行")
        if not line.runs_in(facts.service):
            yield _not_allowed(sailing, 1, "sailing", f"the line does not run in {facts.service}", f"该航线在 {facts.service} 时期停航")


def _generated(facts: Facts, sailing: Sailing, fleet: Fleet) -> Iterator[Violation]:
    ports = sailing.ports
    away = [p for p in ports if p not in fleet_ports(facts.scenario, fleet, facts.service)]
    if away:
        names = ", ".join(away)
        yield _not_allowed(sailing, len(away), "call", f"no line of the fleet calls at {names}", f"船组航线不挂靠 {names}")
    if len(ports) > MOST_CALLS:
        yield _not_allowed(sailing, len(ports) - MOST_CALLS, "call", f"more than {MOST_CALLS} calls", f"挂靠超过 {MOST_CALLS} 次")
    loop = len(ports) == MOST_CALLS and ports[0] == ports[-1]
    repeated = len(ports) - len(set(ports)) - loop
    if repeated:
        yield _not_allowed(sailing, repeated, "call", "a port is called at twice", "重复挂靠同一港口")
    longest = facts.scenario.number("longest_leg_nm")
    for a, b in pairwise(ports):
        over = _metres(facts.network.nm(a, b), longest)
        if over:
            yield _not_allowed(sailing, over, "m", f"leg {a}-{b} is longer than {longest:g} nm", f"航段 {a}-{b} 超过 {longest:g} 海里")
    if loop and not facts.scenario.services[facts.service].hop_lines:
        yield _not_allowed(sailing, 1, "sailing", "no loops in this service pattern", "本时期不开环线")
    if repeated or len(ports) < 3:
        return
    sailed = sum(facts.network.nm(a, b) for a, b in pairwise(ports))
    direct = 2 * max(facts.network.nm(ports[0], p) for p in ports[1:-1]) if loop else facts.network.nm(ports[0], ports[-1])
    over = _metres(sailed, facts.scenario.number("detour_limit") * direct)
    if over:
        yield _not_allowed(sailing, over, "m", "the detour is above the limit", "绕行超限")


def _metres(nm: float, limit: float) -> int:
    """Whole metres above a limit in nautical miles, rounded up; a hair above counts as at the limit."""
    if not nm > limit * (1 + 1e-9):
        return 0
    return math.ceil((nm - limit) * METRES_A_MILE) if math.isfinite(nm) else 40_000_000  # no way by sea: round the earth


def _not_allowed(sailing: Sailing, amount: int, unit: str, en: str, zh: str) -> Violation:
    return Violation("line-allowed", sailing.id, amount, unit, en, zh)


def vessel_length(facts: Facts) -> Iterator[Violation]:
    """A port takes vessels up to its longest. Amount in centimetres, rounded up."""
    for sailing, fleet in facts.manned():
        for port in dict.fromkeys(sailing.ports):
            over = math.ceil((exact(fleet.length_m) - exact(facts.scenario.ports[port].longest_vessel_m)) * 100)
            if over > 0:
                yield Violation("vessel-length", f"{sailing.id} {port}", over, "cm", "vessel too long for the port", "船长超过港口限制")


def running_time(facts: Facts) -> Iterator[Violation]:
    """No leg is faster than its class can sail it, and no call is left before it is reached. Amount in minutes short."""
    for sailing, fleet in facts.manned():
        needed = leg_minutes(facts.scenario, facts.network, fleet, sailing.line, sailing.ports, facts.service)
        for (a, b, departs, arrives), least in zip(sailing.legs(), needed, strict=True):
            short = least - (arrives - departs)
            if short > 0:
                yield Violation("running-time", f"{sailing.id} {a}-{b}", short, "min", f"needs {least} min", f"需要 {least} 分钟")
        for call in sailing.calls[1:-1]:
            early = (call.arrives or 0) - (call.departs or 0)
            if early > 0:
                yield Violation("running-time", f"{sailing.id} {call.port}", early, "min", "leaves before it arrives", "离港早于到港")


def port_hours(facts: Facts) -> Iterator[Violation]:
    """Every arrival and departure lies within the hours of its port. Amount in minutes outside."""
    for sailing in facts.sailings:
        last = len(sailing.calls) - 1
        for number, call in enumerate(sailing.calls):
            port = facts.scenario.ports[call.port]
            for minute in {call.arrives if number else None, call.departs if number < last else None} - {None}:
                outside = max(port.opens - (minute or 0), (minute or 0) - port.closes)
                if outside > 0:
                    hours = f"{clock(port.opens)}-{clock(port.closes)}"
                    yield Violation("port-hours", f"{sailing.id} {call.port}", outside, "min", f"open {hours}", f"开放 {hours}")


def turnaround(facts: Facts) -> Iterator[Violation]:
    """A vessel needs its class's turnaround between arriving and leaving. Amount in minutes short."""
    for rotation, fleet in facts.days():
        for earlier, later in pairwise(rotation.sailings):
            short = fleet.turnaround_min - (later.departs - earlier.arrives)
            if short > 0:
                vessel, needs = rotation.vessel, fleet.turnaround_min
                yield Violation("turnaround", later.id, short, "min", f"{vessel} needs {needs} min", f"{vessel} 需要 {needs} 分钟")


def position(facts: Facts) -> Iterator[Violation]:
    """A vessel leaves from where it arrived."""
    for rotation in facts.whole_days:
        for earlier, later in pairwise(rotation.sailings):
            at, leaves = earlier.ports[-1], later.ports[0]
            if at != leaves:
                en, zh = f"{rotation.vessel} is at {at}, not at {leaves}", f"{rotation.vessel} 在 {at},不在 {leaves}"
                yield Violation("position", later.id, 1, "sailing", en, zh)


def overnight(facts: Facts) -> Iterator[Violation]:
    """A vessel ends the day at the port where it began."""
    for rotation in facts.whole_days:
        begins, ends = rotation.sailings[0].ports[0], rotation.sailings[-1].ports[-1]
        if begins != ends:
            yield Violation("overnight", rotation.vessel, 1, "vessel", f"begins at {begins}, ends at {ends}", f"始于 {begins},终于 {ends}")


def crew_day(facts: Facts) -> Iterator[Violation]:
    """No vessel's day is longer than two crew shifts, nor than one window where no second crew is to be had. Amount in minutes over."""
    longest = math.floor(exact(facts.scenario.number("crew_day_max_h")) * 120)
    for rotation in facts.rotations:
        over = max(s.arrives for s in rotation.sailings) - rotation.sailings[0].departs - longest
        if over > 0:
            en, zh = f"two crews work {longest} min at most", f"两班船员至多 {longest} 分钟"
            yield Violation("crew-day", rotation.vessel, over, "min", en, zh)
    for rotation, fleet in facts.days():
        outside = 0 if fleet.second_crew else beyond_one_crew(facts.scenario, rotation)
        if outside > 0:
            yield Violation("crew-day", rotation.vessel, outside, "min", "there is no second crew", "没有第二班船员")


def departures_on_days(facts: Facts) -> Iterator[Violation]:
    """A line sails only in service patterns some date of which is one of its days of running."""
    for sailing in facts.sailings:
        line = facts.scenario.lines.get(sailing.line)
        if line is not None and not runs_on(facts.scenario, line, facts.service):
            yield Violation(
                "departures-on-days", sailing.id, 1, "sailing",
                f"line {line.line_id} runs on days {line.days} only", f"航线 {line.line_id} 只在周 {line.days} 开航",
            )  # fmt: skip


RULES = (
    vessel_exists, operator, line_allowed, vessel_length, running_time, port_hours, turnaround, position, overnight, crew_day,
    departures_on_days,
)  # fmt: skip
