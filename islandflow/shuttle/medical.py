"""Medical transfers: from each settlement by bus or ambulance and boat to the port that serves the island's patients."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Obligation, Scenario
from islandflow.shuttle.day import NO_WAY
from islandflow.shuttle.island import Island

HOURS = range(6, 21)


@dataclass(frozen=True)
class Transfer:
    """A settlement's way to hospital, minutes after midnight; None where no boat goes.

    The morning trip: ``leaves`` home, ``boards`` at ``quay`` on ``sailing``, ``arrives`` at ``hospital_port``; ``home`` the earliest
    return after the stay. ``usual`` and ``worst``: minutes from a call for help to that port, median and most over the full hours of the day that a boat still
    serves; ``without``: hours that none does.
    """

    settlement_id: str
    hospital_port: str
    quay: str
    leaves: int | None
    boards: int | None
    arrives: int | None
    sailing: str
    home: int | None
    usual: int | None
    worst: int | None
    without: int
    obligation: str


Legs = list[tuple[int, int, str, str, str]]  # departs, arrives, sailing, from, to
Reached = dict[str, tuple[int, str, int, str]]  # port -> minute, first sailing, its departure, first port


def medical_transfers(scenario: Scenario, plan: FerryPlan, island: Island) -> list[Transfer]:
    """One row a settlement and medical obligation of the island; none where no obligation names a medical trip."""
    legs: Legs = sorted((d, a, s.id, p, q) for s in plan.sailings for p, q, d, a in s.legs())
    quays = [p.port_id for p in scenario.ports.values() if p.island_id == island.island_id and p.port_id in island.day.nodes]
    duties = [o for o in scenario.obligations.values() if o.medical_trip and set(o.island_ports) & set(quays)]
    stops = [s.settlement_id for s in scenario.settlements.values() if s.island_id == island.island_id and s.settlement_id in island.day.nodes]
    return [_transfer(scenario, legs, island, quays, stop, duty) for duty in duties for stop in stops]


def _transfer(scenario: Scenario, legs: Legs, island: Island, quays: list[str], stop: str, duty: Obligation) -> Transfer:
    day, change = island.day, scenario.whole("minimum_transfer_min")
    drive = {q: int(day.minutes[day.number(stop), day.number(q)]) for q in quays}
    drive = {q: m for q, m in drive.items() if m != NO_WAY}

    def there(start: int) -> tuple[int, str, int, str] | None:
        ready = {q: start + m + day.rules.board_min for q, m in drive.items()}
        return _earliest(legs, ready, change).get(duty.serves_port)

    by, stay = scenario.whole("medical_arrival_by"), scenario.whole("medical_hours_ashore")
    best: tuple[int, tuple[int, str, int, str]] | None = None
    for start in range(day.rules.opens, by):  # the latest start that is in time
        found = there(start)
        if found is not None and found[0] <= by:
            best = (start, found)
    delays = sorted(found[0] - 60 * h for h in HOURS if (found := there(60 * h)) is not None)
    usual = delays[len(delays) // 2] if delays else None
    worst = delays[-1] if delays else None
    if best is None:
        return Transfer(stop, duty.serves_port, "", None, None, None, "", None, usual, worst, len(HOURS) - len(delays), duty.obligation_id)
    start, (arrives, sailing, boards, quay) = best
    back = _earliest(legs, {duty.serves_port: arrives + stay}, change)
    home = min((back[q][0] + day.rules.alight_min + drive[q] for q in drive if q in back), default=None)
    return Transfer(stop, duty.serves_port, quay, start, boards, arrives, sailing, home, usual, worst, len(HOURS) - len(delays), duty.obligation_id)


def _earliest(legs: Legs, ready: dict[str, int], change: int) -> Reached:
    """Earliest arrival at every port of those who are ready to board at some ports."""
    at: Reached = {}
    aboard: dict[str, tuple[str, int, str]] = {}
    for departs, arrives, sailing, a, b in legs:
        if sailing not in aboard:
            if a in at and at[a][0] + change <= departs:
                aboard[sailing] = (at[a][1], at[a][2], at[a][3])
            elif a in ready and ready[a] <= departs:
                aboard[sailing] = (sailing, departs, a)
            else:
                continue
        if b not in at or arrives < at[b][0]:
            at[b] = (arrives, *aboard[sailing])
    return at
