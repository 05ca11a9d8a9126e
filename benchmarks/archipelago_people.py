"""Who travels in a synthetic archipelago on a summer weekend: by island, partner, segment and direction."""

from __future__ import annotations

import random
from collections.abc import Container, Sequence

from benchmarks.archipelago_layout import Isle, Way, chained
from islandflow.scenario.entities import Demand

TRIPS_PER_PORT = 1250.0  # the real archipelago without its one shuttle that carries a third of everybody
ONE_WAY_SHARE = 0.25  # of the islands send workers out in the morning who do not come back that day
RESIDENT, VISITOR, COMMUTER, MEDICAL, VEHICLE = 1.0, 1.6, 0.25, 0.02, 0.2  # trips in proportion to residents
Row = tuple[str, str, str, float, str]


def people(isles: Sequence[Isle], lines: Sequence[Way], places: Container[str], service: str, rng: random.Random) -> tuple[Demand, ...]:
    """Trips a day, scaled so that their sum is in proportion to the number of ports."""
    hubs = {i.cluster: i for i in isles if i.role == "hub"}
    deck = {p for w in lines for p in w.calls if w.boat.deck}
    rows: list[Row] = []
    for n, isle in enumerate(i for i in isles if i.residents):
        home = f"{isle.port}-village" if f"{isle.port}-village" in places else f"{isle.port}-quay"
        rows += _own(isle, home, hubs.get(isle.cluster), isle.port in deck, rng)
        if n == 0 or rng.random() < ONE_WAY_SHARE:
            rows.append((home, f"city{isle.cluster + 1}", "commuter", 0.3 * COMMUTER * isle.residents, "morning-only"))
        for cluster, hub in hubs.items():
            if chained(cluster, isle.cluster) and (isle is not hubs.get(isle.cluster) or cluster > isle.cluster):
                trips = 0.02 * RESIDENT * isle.residents
                rows += [(home, f"{hub.port}-quay", "resident", trips, "resident-in")]
                rows += [(f"{hub.port}-quay", home, "resident", trips, "resident-out")]
    scale = TRIPS_PER_PORT * len(isles) / sum(r[3] for r in rows)
    scaled = [Demand(a, b, segment, service, float(round(scale * trips)), profile) for a, b, segment, trips, profile in rows]
    return tuple(row for row in scaled if row.trips > 0)


def _own(isle: Isle, home: str, hub: Isle | None, vehicles: bool, rng: random.Random) -> list[Row]:
    """Trips of one island with its gateway, the city behind, and its hub."""
    gateway, city, quay = f"g{isle.cluster + 1}-quay", f"city{isle.cluster + 1}", f"{isle.port}-quay"
    partners = [(gateway, 0.45), (city, 0.35)]
    if hub is not None and isle is not hub:
        partners.append((f"{hub.port}-quay", 0.2))
    centre = f"{isle.via}-quay"
    rows: list[Row] = []
    for place, share in partners:
        trips = share * RESIDENT / 2 * isle.residents
        rows += [(home, place, "resident", trips, "resident-in"), (place, home, "resident", trips, "resident-out")]
    beauty = rng.lognormvariate(0.0, 0.8)
    for place, share in partners[:2]:
        trips = share * VISITOR / 2 * isle.residents * beauty
        rows += [(place, quay, "visitor", 1.1 * trips, "visitor-out"), (quay, place, "visitor", 0.9 * trips, "visitor-in")]
    rows += [(home, centre, "commuter", COMMUTER * isle.residents, "commuter-in")]
    if rng.random() >= ONE_WAY_SHARE:
        rows += [(centre, home, "commuter", COMMUTER * isle.residents, "commuter-out")]
    rows += [
        (home, city, "medical", MEDICAL * isle.residents, "medical-in"),
        (city, home, "medical", MEDICAL * isle.residents, "medical-out"),
    ]
    if vehicles:
        trips = VEHICLE / 2 * isle.residents
        rows += [(home, city, "vehicle", trips, "vehicle-both"), (city, home, "vehicle", trips, "vehicle-both")]
    return rows
