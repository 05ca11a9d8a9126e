"""Orienteering with time windows, one tour: Vansteenwegen's text files, with the published values of `known_values.csv` beside them.

Distances are Euclidean, cut down to one decimal (Solomon's instances) or two (Cordeau's pr), and counted in those units.

Where ``--instances`` is a plan folder or a season folder, the cases are random wishes for trips over 60 places on its timetable instead:
one to three days, several paces, with and without a budget. Seconds are those a caller waits, ways and alternatives included; the median
and the 95th percentile over all cases in the file are told at the end.
"""

from __future__ import annotations

import csv
import math
import random
import sys
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.harness import Case, Options, Outcome, main, read_rows
from islandflow.itineraries.audit import audit_itinerary
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.wish import Stop, Wish
from islandflow.passengers.memory import searches
from islandflow.passengers.published import read_published
from solvers.itineraries.orienteering import Orienteering, best_tour
from solvers.itineraries.trips import several_trips

PLACES, WISHES = 60, 40


def read_instance(file: Path) -> Orienteering:
    """An instance in tenths (hundredths for pr) of its unit. ValueError for a file of another form."""
    unit = 100 if file.stem.startswith("pr") else 10
    rows = [line.split() for line in file.read_text().splitlines()[2:] if line.strip()]
    try:
        spots = [(float(r[1]), float(r[2])) for r in rows]
        service = [round(float(r[3]) * unit) for r in rows]
        score = [round(float(r[4])) for r in rows]
        opens, closes = [round(float(r[-2]) * unit) for r in rows], [round(float(r[-1]) * unit) for r in rows]
    except (IndexError, ValueError):
        raise ValueError(f"{file}: is no instance in Vansteenwegen's format") from None
    # a hair is added before cutting: 3.3 times ten is 33, whatever binary makes of it
    travel = [[math.floor(math.hypot(a - x, b - y) * unit + 1e-7) for x, y in spots] for a, b in spots]
    return Orienteering(*(np.array(v, dtype=np.int64) for v in (travel, opens, closes, service, score)))


def cases(folder: Path) -> Iterable[Case]:
    """All text files of a folder, or random wishes on the plans in it."""
    if any(folder.glob("**/plan.json")):
        yield from (Case(f"trip-{n:02d}", (str(folder), n), maximise=True) for n in range(WISHES))
        return
    known: dict[str, float] = {}
    if (folder / "known_values.csv").is_file():
        with (folder / "known_values.csv").open(newline="") as source:
            known = {r["instance"]: float(r["score"]) for r in csv.DictReader(source)}
    for file in sorted(folder.glob("*.txt")):
        yield Case(file.stem, str(file), known.get(file.stem), maximise=True)


def ours(case: Case, options: Options) -> Outcome:
    """Exact label setting; the kernels are compiled before the clock starts."""
    if not isinstance(case.facts, str):
        folder, number = case.facts
        return trip(folder, number, options.seed)
    best_tour(read_instance(Path(case.facts)), 0.01, options.seed)
    found = best_tour(read_instance(Path(case.facts)), options.seconds, options.seed)
    return Outcome("optimal" if found.optimal else "feasible", found.score, found.bound, found.seconds)


def trip(folder: str, number: int, seed: int) -> Outcome:
    """A wish over 60 nodes, solved as the server does."""
    published = read_published(folder)
    rng = random.Random(1000 * seed + number)
    first = published.calendar[0].date
    day = published.running(first)
    assert day is not None
    scenario = published.scenario
    islands = [x for x in scenario.places.values() if x.island_id in scenario.islands and scenario.islands[x.island_id].kind == "island"]
    served = {p for s in day.sailings for p in s.ports}
    starts = sorted(p.place_id for p in scenario.ports.values() if p.port_id in served and p.role == "gateway")
    stops = tuple(
        Stop(x.place_id, 5 * rng.randint(1, 20), 480, 1080, rng.choice([60, 90, 120, 180])) for x in rng.sample(islands, PLACES - 2)
    )
    days = rng.choice([1, 2, 3])
    beds = {s.place: rng.choice([10_000, 20_000, 30_000]) for s in stops if scenario.places[s.place].beds > 200} if days > 1 else {}
    start = rng.choice(starts)
    dates = tuple(first + timedelta(days=n) for n in range(days))
    wish = Wish(start, start, dates, stops, party=2, visits=rng.choice([2, 3, 4]), beds=beds, budget_fen=rng.choice([0, 0, 200_000]))
    for _ in range(2):  # the first time compiles
        searches.clear()  # as on a server that nobody has asked yet
        begun = time.perf_counter()
        found = several_trips(ItineraryProblem.of(wish, [day] * days))[0]
        took = time.perf_counter() - begun
    broken = audit_itinerary(wish, found.trip, dict.fromkeys(dates, day)) if found.trip else ()
    if broken:
        raise ValueError(f"the audit finds {broken[0]}")
    return Outcome(found.status, found.trip.worth if found.trip else None, found.bound if found.trip else None, took)


def told(words: list[str]) -> None:
    """Median and 95th percentile of the trips of a file."""
    out = Path(words[words.index("--out") + 1]) if "--out" in words[:-1] else Path()
    took = sorted(float(r["seconds"]) for r in (read_rows(out) if out.is_file() else []) if r["case"].startswith("trip-"))
    if took:
        print(f"{len(took)} trips: median {took[len(took) // 2]:.2f} s, p95 {took[min(len(took) - 1, int(0.95 * len(took)))]:.2f} s")


if __name__ == "__main__":
    code = main("itineraries", cases, {"islandflow": ours})
    told(sys.argv)
    sys.exit(code)
