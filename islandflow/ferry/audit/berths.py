"""Rules of ports: berths by the minute, moorings by the night."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from islandflow.ferry.audit.facts import Facts
from islandflow.scenario.entities import Port
from islandflow.units import clock
from islandflow.violation import Violation


def moorings(facts: Facts) -> Iterator[Violation]:
    """Vessels that begin (and so end) their day at a port have a mooring there. Amount: vessels too many."""
    begin = Counter(rotation.sailings[0].ports[0] for rotation in facts.whole_days)
    for port, vessels in sorted(begin.items()):
        over = vessels - facts.scenario.ports[port].overnight_moorings
        if over > 0:
            yield Violation("moorings", port, over, "vessel", f"{vessels} vessels lie overnight", f"{vessels} 艘船过夜")


def berths(facts: Facts) -> Iterator[Violation]:
    """No more boats alongside than berths, minute by minute. Amount: most boats too many in a stretch of minutes."""
    yield from _crowded(facts, "berths", lambda port: port.berths, long_only=False)


def long_berths(facts: Facts) -> Iterator[Violation]:
    """Long vessels lie at long berths only. Amount: most long vessels too many in a stretch of minutes."""
    yield from _crowded(facts, "long-berths", lambda port: port.long_berths, long_only=True)


def _crowded(facts: Facts, rule: str, room: Callable[[Port], int | None], long_only: bool) -> Iterator[Violation]:
    for port, alongside in sorted(_alongside(facts, long_only).items()):
        limit = room(facts.scenario.ports[port])
        if limit is None:
            continue
        full = sorted(minute for minute, boats in alongside.items() if len(boats) > limit)
        while full:
            stretch = next((n for n in range(1, len(full)) if full[n] != full[0] + n), len(full))
            most = max(len(alongside[minute]) for minute in full[:stretch])
            where = f"{port} {clock(full[0])}-{clock(full[stretch - 1] + 1)}"
            yield Violation(rule, where, most - limit, "boat", f"{most} boats, {limit} berths", f"{most} 艘船,{limit} 个泊位")
            full = full[stretch:]


def _alongside(facts: Facts, long_only: bool) -> dict[str, dict[int, set[str]]]:
    """Boats alongside by port and minute: before a departure, after an arrival, and a minute at least at a call between."""
    berth = facts.scenario.whole("berth_min")
    longer = facts.scenario.number("long_vessel_m")
    found: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sailing in facts.sailings:
        fleet = facts.fleets.get(sailing.vessel)
        if long_only and (fleet is None or fleet.length_m <= longer):
            continue
        # a boat that turns round faster than two berthing times never lies longer than its turnaround
        time = berth if fleet is None else min(berth, fleet.turnaround_min // 2)
        stays = [(sailing.ports[0], sailing.departs - time, sailing.departs), (sailing.ports[-1], sailing.arrives, sailing.arrives + time)]
        stays += [(c.port, c.arrives, c.departs + 1) for c in sailing.calls[1:-1] if c.arrives is not None and c.departs is not None]
        for port, begins, ends in stays:
            for minute in range(begins, ends):
                found[port][minute].add(sailing.vessel)
    return found


RULES = (moorings, berths, long_berths)
