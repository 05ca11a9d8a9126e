"""Synthetic archipelagos of any size, the same for the same seed: open sea, made-up islands, boats and people.

    python -m benchmarks.archipelago --ports 50 --seed 1 --out FOLDER

Proportions follow a real archipelago of 69 ports: vessels, people, lines and obligations per port, clusters of a dozen ports with a
gateway and a hub, distances of 2 to 26 nm. Nothing in it is a fact about any place, and every row says so (``estimated``).
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from benchmarks.archipelago_facts import CLASSES, FIRST_HOUR, PROFILES, SETTINGS, VILLAGE, BoatClass
from benchmarks.archipelago_layout import FEW, MANY, Isle, Way, isles, ways
from benchmarks.archipelago_people import people
from islandflow.scenario import entities as e
from islandflow.scenario.parameters import SETTINGS as KNOWN
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.writer import write_scenario
from islandflow.sphere import great_circle

SERVICE = "summer-weekend"
LEAST, MOST = 4, 200
VESSELS_PER_PORT = 150 / 69
FAST_KN = 20.0
SOURCE = "typical value, estimated"
LONGEST_M, SHORT_M = 90.0, 50.0


def archipelago(ports: int, seed: int) -> e.Scenario:
    """The archipelago of so many ports (4 to 200) and that seed; ValueError for another number of ports."""
    if not LEAST <= ports <= MOST:
        raise ValueError(f"{ports} ports: {LEAST} to {MOST} can be made")
    rng = random.Random(f"{ports}:{seed}")
    found = isles(ports, rng)
    lines = ways(found)
    places = _places(found)
    links = _links(found, places, rng)
    demand = people(found, lines, places, SERVICE, rng)
    fleets = _fleets(found, lines, demand)
    harbours = _ports(found, lines, fleets)
    patterns = _lines(lines, harbours)
    return e.Scenario(
        name_zh=f"合成群岛 {ports} 港(种子 {seed})", name_en=f"Synthetic archipelago, {ports} ports, seed {seed}", attribution="made up",
        islands={_island(i): e.Island(_island(i), *_names(i), "", i.lat, i.lon, i.residents, _kind(i)) for i in found},
        places=places, ports=harbours, sea_legs=(), land_links=links,
        operators={f"{o}{k}": e.Operator(f"{o}{k}", f"{zh} {k}", f"{en} {k}") for o, zh, en in _COMPANIES for k in _clusters(found)},
        fleets=fleets, lines=patterns, services={SERVICE: e.ServicePattern(SERVICE, "夏季周末", "summer weekend", True, True)},
        calendar=tuple(e.CalendarDay(date(2026, 7, d), SERVICE, "weekend") for d in (4, 5)), demand=demand,
        profiles=tuple(e.ProfileHour(p, 60 * (FIRST_HOUR + h), n / 100) for p, row in PROFILES.items() for h, n in enumerate(row)),
        obligations={i.port: _obligation(i) for i in found if i.residents}, fares=_fares(lines, harbours),
        settings={c.name: e.Setting(c.name, SETTINGS[c.name], SOURCE) if c.name in SETTINGS else e.Setting(c.name, c.default, "default")
                  for c in KNOWN}, estimated=True,
    )  # fmt: skip


def write_archipelago(ports: int, seed: int, folder: Path) -> e.Scenario:
    """Writes the archipelago into a folder and returns it as read from there."""
    write_scenario(archipelago(ports, seed), folder)
    return read_scenario(folder)


_COMPANIES = (("line", "航运", "Line"), ("village", "村际渡运", "Village boats"))


def _clusters(found: Sequence[Isle]) -> list[int]:
    return sorted({i.cluster + 1 for i in found})


def _company(boat: BoatClass, cluster: int) -> str:
    return f"{'village' if boat is VILLAGE else 'line'}{cluster + 1}"


def _island(isle: Isle) -> str:
    return f"{isle.port}-island"


def _kind(isle: Isle) -> str:
    return "mainland" if isle.role == "gateway" else "island"


def _names(isle: Isle) -> tuple[str, str]:
    zh, en = {"gateway": ("大陆港", "Gateway"), "hub": ("中心岛", "Hub"), "port": ("岛", "Isle")}[isle.role]
    return f"{zh} {isle.port[1:]}", f"{en} {isle.port[1:]}"


def _places(found: Sequence[Isle]) -> dict[str, e.Place]:
    """A quay for each port, a village on larger islands, a city behind each gateway."""
    rows = []
    for i in found:
        zh, en = _names(i)
        village = round(0.7 * i.residents) if i.residents >= MANY else 0
        rows.append(e.Place(f"{i.port}-quay", f"{zh}码头", f"{en} quay", _island(i), i.lat, i.lon, "harbour", i.residents - village))
        if village:
            rows.append(e.Place(f"{i.port}-village", f"{zh}村", f"{en} village", _island(i), i.lat, i.lon, "settlement", village))
        if i.role == "gateway":
            rows.append(e.Place(f"city{i.port[1:]}", f"城 {i.port[1:]}", f"City {i.port[1:]}", "", i.lat, i.lon - 0.2, "gateway"))
    return {p.place_id: p for p in rows}


def _links(found: Sequence[Isle], places: Mapping[str, e.Place], rng: random.Random) -> tuple[e.LandLink, ...]:
    """Roads from villages and cities to their ports, and along the coast from one gateway to the next."""
    rows = [e.LandLink(f"{i.port}-village", i.port, rng.randint(8, 25), 2.0, 15) for i in found if f"{i.port}-village" in places]
    gates = [i for i in found if i.role == "gateway"]
    rows += [e.LandLink(f"city{g.port[1:]}", g.port, rng.randint(30, 50), 5.0, 15) for g in gates]
    for a, b in pairwise(gates):
        rows.append(e.LandLink(a.port, b.port, rng.randint(45, 70), 20.0, 20))
        rows.append(e.LandLink(f"city{a.port[1:]}", b.port, rng.randint(70, 100), 25.0, 20))
    return tuple(rows)


def _fleets(found: Sequence[Isle], lines: Sequence[Way], demand: Sequence[e.Demand]) -> dict[str, e.Fleet]:
    """Vessels in proportion to ports, dealt out by the work of each class in each cluster: a village boat for three village lines of two."""
    by_port = {i.port: i for i in found}
    trips: dict[str, float] = defaultdict(float)
    for row in demand:
        for place in (row.from_place, row.to_place):
            trips[place.rsplit("-", 1)[0]] += row.trips
    work: dict[tuple[int, int], float] = defaultdict(float)
    ends: dict[tuple[int, int], set[str]] = defaultdict(set)
    for way in lines:
        key = way.cluster, CLASSES.index(way.boat)
        a, b = by_port[way.calls[0]], by_port[way.calls[-1]]
        ends[key].update(way.calls)
        work[key] += trips[way.calls[-1]] * (math.hypot(a.x - b.x, a.y - b.y) / way.boat.speed_kn + 0.3) / way.boat.seats
    villages = {k: math.ceil(2 / 3 * sum(w.boat is VILLAGE and w.cluster == k[0] for w in lines)) for k in work if CLASSES[k[1]] is VILLAGE}
    counts = villages | _shares(
        {k: w for k, w in work.items() if k not in villages}, round(VESSELS_PER_PORT * len(found)) - sum(villages.values())
    )
    rows = []
    for (cluster, number), count in sorted(counts.items()):
        boat = CLASSES[number]
        bases = _bases(boat, [by_port[p] for p in ends[cluster, number] if by_port[p].cluster == cluster])
        for n, base in enumerate(bases[:count]):
            mine = len(range(n, count, len(bases)))
            rows.append(
                e.Fleet(
                    f"{boat.name}-{base.port}", boat.name_zh, boat.name_en, boat.name, _company(boat, cluster), (), f"c{cluster + 1}", mine,
                    base.port, boat.seats, boat.deck, 0.0, float(boat.length_m), float(boat.speed_kn), float(boat.fuel_l_per_h), 0.0, 0.0,
                    boat.crew, float(boat.day_cost_yuan), 80.0, boat.turnaround_min, boat.wind_bft, boat.wave_m, 500,
                )
            )  # fmt: skip
    return {f.fleet_id: f for f in rows}


def _bases(boat: BoatClass, ends: Sequence[Isle]) -> list[Isle]:
    """Home ports: village boats at their islands, the others in turn at the island of most residents and at the gateway."""
    order = sorted(ends, key=lambda i: (-i.residents, i.port))
    if boat is VILLAGE:
        return [i for i in order if i.residents < FEW and i.role == "port"]
    return order[:1] + [i for i in order if i.role == "gateway"]


def _shares(work: Mapping[tuple[int, int], float], total: int) -> dict[tuple[int, int], int]:
    """One vessel each, the rest in proportion to the work by largest remainder."""
    rest = max(0, total - len(work))
    whole = sum(work.values())
    wishes = {k: rest * w / whole for k, w in work.items()}
    counts = {k: 1 + math.floor(w) for k, w in wishes.items()}
    for k in sorted(wishes, key=lambda k: (math.floor(wishes[k]) - wishes[k], k))[: rest - sum(math.floor(w) for w in wishes.values())]:
        counts[k] += 1
    return counts


def _ports(found: Sequence[Isle], lines: Sequence[Way], fleets: Mapping[str, e.Fleet]) -> dict[str, e.Port]:
    based: dict[str, int] = defaultdict(int)
    local: dict[str, int] = defaultdict(int)
    for f in fleets.values():
        based[f.home_port] += f.count
        local[f.cluster] += f.count
    long = {p for w in lines for p in w.calls if w.boat.length_m > SHORT_M}
    rows = []
    for i in found:
        vessels = local[f"c{i.cluster + 1}"]
        berths = {"gateway": max(2, math.ceil(vessels / 3.5)), "hub": max(2, math.ceil(vessels / 7)), "port": 1 + (i.residents > 6000)}[
            i.role
        ]  # noqa: PLR2004
        hours = (300, 1290) if i.role == "gateway" else (330, 1230)
        rows.append(
            e.Port(i.port, *_names(i), _island(i), f"{i.port}-quay", f"c{i.cluster + 1}", i.role, i.lat, i.lon, *hours, berths, None,
                   LONGEST_M if i.role != "port" or i.port in long else SHORT_M, based[i.port] + (1 if i.role == "port" else 2),
                   0.0, i.exposure)
        )  # fmt: skip
    return {p.port_id: p for p in rows}


def _lines(lines: Sequence[Way], ports: Mapping[str, e.Port]) -> dict[str, e.LinePattern]:
    rows = {}
    for n, w in enumerate(lines, start=1):
        minutes = sum(great_circle(ports[a], ports[b]) / w.boat.speed_kn * 60 + 6 for a, b in pairwise(w.calls))
        rows[f"L{n:03d}"] = e.LinePattern(
            f"L{n:03d}", _company(w.boat, w.cluster), w.calls, f"c{w.cluster + 1}", (w.boat.name,), math.ceil(minutes),
            "hop" if w.hop else "line",
        )  # fmt: skip
    return rows


def _obligation(isle: Isle) -> e.Obligation:
    """What an island of that many residents is owed: the larger, the more sailings and the smaller the gaps."""
    seats = float(min(40, 5 + isle.residents // 200))
    if isle.residents < FEW:
        return e.Obligation(isle.port, isle.port, isle.via, "", 1, 630, 870, None, None, seats)
    if isle.residents < MANY:
        return e.Obligation(isle.port, isle.port, isle.via, "", 2, 570, 930, None, 180, seats, True)
    return e.Obligation(isle.port, isle.port, isle.via, "", 4, 570, 930, 240, 180, seats, True)


def _fares(lines: Sequence[Way], ports: Mapping[str, e.Port]) -> tuple[e.Fare, ...]:
    rows: dict[tuple[str, str, str], e.Fare] = {}
    for w in lines:
        a, b, speed = w.calls[0], w.calls[-1], "fast" if w.boat.speed_kn >= FAST_KN else "normal"
        nm = great_circle(ports[a], ports[b])
        fare = 15 + 3 * nm if speed == "fast" else 6 + 2 * nm
        vehicle = float(round(50 + 7 * nm)) if w.boat.deck else None
        known = rows.get((a, b, speed))
        if known is None or known.vehicle_fare_yuan is None:
            rows[a, b, speed] = e.Fare(a, b, speed, float(round(fare)), vehicle)
    return tuple(rows.values())


def main(words: Sequence[str] | None = None) -> int:
    """Writes one archipelago; 2 if the target is not empty or the number of ports is out of range."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archipelago", description="a synthetic archipelago as a scenario folder")
    parser.add_argument("--ports", type=int, required=True, help=f"{LEAST} to {MOST}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    given = parser.parse_args(words)
    if given.out.exists() and not (given.out.is_dir() and not any(given.out.iterdir())):
        print(f"--out {given.out}: exists and is not empty; name another folder", file=sys.stderr)
        return 2
    try:
        write_archipelago(given.ports, given.seed, given.out)
    except ValueError as error:
        print(f"--ports: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
