"""The promise by hour: parcels come by boat, so a door is reached by the sailings of a ferry plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.scenario.entities import Scenario
from islandflow.siting.siteplan import PromiseRow

HOURS = range(6, 21)
DAY = 24 * 60


def promises(scenario: Scenario, plan: FerryPlan, drive: Mapping[str, Mapping[str, int]]) -> list[PromiseRow]:
    """For each settlement and hour: when what is ordered by then is at the door.

    drive: settlement -> quay -> seconds from the quay over its point to the door. Parcels start at any gateway port, change boats
    where they must, and need the settings' cut-off, handling and changing times.
    """
    legs = sorted(((d, a, s, p, q) for s in plan.sailings for p, q, d, a in s.legs()), key=lambda x: (x[0], x[1], x[2].id, x[3]))
    cutoff, handling = scenario.whole("parcel_cutoff_min"), scenario.whole("parcel_handling_min")
    found = []
    for hour in HOURS:
        arrive = reach(scenario, legs, hour * 60 + cutoff)
        for home, quays in drive.items():
            best = min(((arrive[q][0] + handling + -(-s // 60), arrive[q][1]) for q, s in quays.items() if q in arrive), default=(-1, ""))
            found.append(PromiseRow(home, hour * 60, *best))
    return found


def reach(scenario: Scenario, legs: list[tuple[int, int, Sailing, str, str]], ready: int) -> dict[str, tuple[int, str]]:
    """Earliest arrival of parcels that are at the gateways at minute ``ready``: port -> (minute, last sailing, empty at a gateway)."""
    change = scenario.whole("parcel_change_min")
    gateways = [p.port_id for p in scenario.ports.values() if p.role == "gateway"]
    at: dict[str, tuple[int, str]] = dict.fromkeys(gateways, (ready - change, ""))
    aboard: set[str] = set()
    for departs, arrives, sailing, a, b in legs:
        if sailing.id in aboard or (a in at and at[a][0] + change <= departs):
            aboard.add(sailing.id)
            if b not in at or arrives < at[b][0]:
                at[b] = (arrives, sailing.id)
    return {p: v if v[1] else (ready, "") for p, v in at.items()}


def deck_parcels(scenario: Scenario, plan: FerryPlan) -> dict[str, int]:
    """Parcels that the day's sailings can bring to each port: cargo space, and vehicle places left by the vehicles aboard."""
    room: dict[str, float] = defaultdict(float)
    taken: dict[tuple[str, int], int] = defaultdict(int)
    for b in plan.boardings:
        if b.segment == "vehicle":
            for ride in b.rides:
                for leg in range(ride.board - 1, ride.alight - 1):  # calls are counted from 1
                    taken[ride.sailing, leg] += b.people
    for s in plan.sailings:
        fleet = scenario.vessel_fleet(s.vessel)
        for n, (_, port, _, _) in enumerate(s.legs()):
            free = max(0, fleet.vehicle_deck - taken[s.id, n])
            room[port] += fleet.cargo_m3 * scenario.number("parcels_per_m3") + free * scenario.number("parcels_per_deck_place")
    return {p: int(v) for p, v in room.items()}


def passengers_at(plan: FerryPlan, port: str) -> int:
    """People who board or leave a boat at a port in the day, changes of boat included; vehicles are not counted."""
    calls = {s.id: s.ports for s in plan.sailings}
    rides = [(b.people, calls.get(r.sailing, ()), r) for b in plan.boardings if b.segment != "vehicle" for r in b.rides]
    return sum(people * sum(0 < k <= len(ports) and ports[k - 1] == port for k in (r.board, r.alight)) for people, ports, r in rides)


def pickup_spaces(scenario: Scenario, plan: FerryPlan, port: str) -> int:
    """Parking places at a quay so that those who are picked up find their car: the fullest ``pickup_stop_min`` of the day."""
    stop = scenario.whole("pickup_stop_min")
    ashore: dict[int, int] = defaultdict(int)
    arrival = {(s.id, n + 2): (a, q) for s in plan.sailings for n, (_, q, _, a) in enumerate(s.legs())}
    for b in plan.boardings:
        if b.segment != "vehicle" and b.rides:
            minute, where = arrival.get((b.rides[-1].sailing, b.rides[-1].alight), (0, ""))
            if where == port:
                ashore[minute] += b.people
    most = max((sum(p for m, p in ashore.items() if t <= m < t + stop) for t in ashore), default=0)
    return int(-(-most * scenario.number("pickup_share") // scenario.number("pickup_people_car")))
