"""Journeys beside npm `minotor`: the earliest arrival of 500 random port-to-port queries on the exported feed.

``--instances`` is a plan folder or a season folder; node finds minotor through NODE_PATH or a node_modules folder above. Both keep the
feed's rules: 0 minutes between boats of one port (minotor knows no minimum there), a transfer's min_transfer_time between ports, also
before the first boat and after the last. minotor keeps one position a stop and route, so in its copy of the feed the second call of a
sailing at the same port (a loop) is a stop of its own, zero minutes away from the first and with the same transfers. The competitor ``islandflow-pareto`` is timed on the same queries under the scenario's own
rules, and its earliest arrival is checked against the scan's. The feed is judged by gtfs-guru, and its sailings counted on every date by
gtfs-kit. Exit status 1 if any two arrivals differ, the feed has an error, or a date other sailings than the plan.
"""

from __future__ import annotations

import fnmatch
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from benchmarks.harness import append_row, chosen, cores, options_from, read_rows, versions
from islandflow.exchange.gtfs import LONGEST_TRANSFER_MIN, Row, gtfs_tables, gtfs_zip, packed
from islandflow.passengers.journey_kernels import scan
from islandflow.passengers.journeys import Rules, earliest_arrival, pareto_journeys
from islandflow.passengers.land import NEVER
from islandflow.passengers.published import Published, read_published
from islandflow.passengers.running_day import RunningDay

SOLVERS = ("islandflow", "islandflow-pareto", "minotor")
QUERIES, DATES, FIRST, LAST = 500, 4, 5 * 60, 18 * 60
TWIN = "~"


@dataclass(frozen=True)
class Ask:
    """A query: from port to port on a date, leaving at a minute or later."""

    name: str
    day: date
    start: str
    end: str
    minute: int


def asked(published: Published, seed: int) -> list[Ask]:
    """Random queries between ports that boats call at, on the first dates of several weekdays."""
    rng = random.Random(seed)
    days = {d.date.isoweekday(): d.date for d in reversed(published.calendar)}
    dates = sorted(days.values())[:DATES]
    ports = sorted({p for plan in published.plans.values() for s in plan.plan.sailings for p in s.ports})
    found = []
    for n in range(QUERIES):
        a, b = rng.sample(ports, 2)
        day, minute = rng.choice(dates), rng.randrange(FIRST, LAST)
        found.append(Ask(f"{n:03d} {day} {minute // 60:02d}:{minute % 60:02d} {a} {b}", day, a, b, minute))
    return found


def by_feed_rules(day: RunningDay, ask: Ask) -> int | None:
    """Our scan under the rules of the feed; None if there is no way."""
    land, n = day.land, day.land.ports
    served = np.zeros(n, dtype=bool)
    served[np.unique(day.connections[:, 2:4])] = True
    minutes = np.where(served[:, None] & served[None, :], land.minutes[:n, :n], NEVER)
    change = minutes + day.scenario.whole("minimum_transfer_min")
    change = np.where(change <= LONGEST_TRANSFER_MIN, change, NEVER)
    np.fill_diagonal(change, 0)
    a, b = land.index[ask.start], land.index[ask.end]
    limit = min(NEVER, ask.minute + int(change[a, b]))
    arrives, last, _, _ = scan(
        day.connections, day.trips, ask.minute + change[a], change, day.near, np.ascontiguousarray(change[:, b]), limit
    )
    if last >= 0:
        return int(arrives)
    return limit if limit < NEVER else None


def without_repeated_stops(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """The feed in which no trip calls at a stop twice: the second call has a twin of the stop."""
    seen: set[tuple[object, object]] = set()
    times: list[Row] = []
    twins: set[object] = set()
    for row in tables["stop_times"]:
        key = (row["trip_id"], row["stop_id"])
        if key in seen:
            twins.add(row["stop_id"])
            row = row | {"stop_id": f"{row['stop_id']}{TWIN}"}
        seen.add(key)
        times.append(row)
    names: dict[object, list[object]] = {
        r["stop_id"]: [r["stop_id"], *([f"{r['stop_id']}{TWIN}"] if r["stop_id"] in twins else [])] for r in tables["stops"]
    }
    stops = [r | {"stop_id": name} for r in tables["stops"] for name in names[r["stop_id"]]]
    transfers: list[Row] = []
    for r in tables["transfers"]:
        a, b = r["from_stop_id"], r["to_stop_id"]
        if r["transfer_type"] == 2:
            free: Row = {"transfer_type": 0, "min_transfer_time": ""} if a == b else {}
            transfers += [r | free | {"from_stop_id": x, "to_stop_id": y} for x in names[a] for y in names[b] if x != y]
    return tables | {"stop_times": times, "stops": stops, "transfers": transfers}


def minotor(published: Published, asks: Sequence[Ask]) -> tuple[list[int | None], list[float]]:
    """Arrivals and seconds of the peer."""
    with tempfile.NamedTemporaryFile(suffix=".zip") as feed:
        feed.write(packed(without_repeated_stops(gtfs_tables(published))))
        feed.flush()
        queries = [{"date": f"{a.day}", "from": a.start, "to": a.end, "minute": a.minute} for a in asks]
        script = Path(__file__).with_name("minotor.mjs")
        done = subprocess.run(
            ["node", str(script)], input=json.dumps({"feed": feed.name, "queries": queries}), capture_output=True, text=True, check=True
        )
    answers = json.loads(done.stdout)
    return [None if x["arrives"] is None else int(x["arrives"]) for x in answers], [x["seconds"] for x in answers]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; 1 if two arrivals differ."""
    options = options_from("journeys", arguments)
    solvers = chosen(SOLVERS, options.solvers)
    published = read_published(options.instances)
    asks = [a for a in asked(published, options.seed) if fnmatch.fnmatchcase(a.name, options.cases)]
    have = {(r["case"], r["solver"]) for r in read_rows(options.out)}
    answers: dict[str, tuple[list[int | None], list[float]]] = {}
    for solver in solvers:
        answers[solver] = minotor(published, asks) if solver == "minotor" else ours(published, asks, solver)
        for ask, value, seconds in zip(asks, *answers[solver], strict=True):
            if (ask.name, solver) not in have:
                append_row(options.out, _row(ask, solver, value, seconds))
        took = sorted(1000 * s for s in answers[solver][1])
        print(
            f"{solver:<18} median {statistics.median(took):.3f} ms, p95 {took[int(0.95 * len(took))]:.3f} ms, p99 {took[int(0.99 * len(took))]:.3f} ms"
        )
    wrong = faults(published)
    if {"islandflow", "minotor"} <= answers.keys():
        for ask, a, b in zip(asks, answers["islandflow"][0], answers["minotor"][0], strict=True):
            if a != b:
                wrong += 1
                print(f"differs: {ask.name}: islandflow {a}, minotor {b}")
        differ = sum(a != b for a, b in zip(answers["islandflow"][0], answers["minotor"][0], strict=True))
        print(f"{len(asks) - differ} of {len(asks)} arrivals agree; {sum(a is None for a in answers['minotor'][0])} have no way")
    return 1 if wrong else 0


def faults(published: Published) -> int:
    """Errors of the feed by gtfs-guru, and dates on which gtfs-kit counts other sailings than the plan."""
    import gtfs_guru
    import gtfs_kit

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "gtfs.zip"
        file.write_bytes(gtfs_zip(published))
        result = gtfs_guru.validate(str(file))
        feed = gtfs_kit.read_feed(file, dist_units="km")
    wrong = 0
    for d in published.scenario.calendar:
        running = published.running(d.date)
        ours = sorted(f"{d.service}.{s.id}" for s in running.sailings) if running else []
        wrong += sorted(feed.get_trips(date=f"{d.date:%Y%m%d}")["trip_id"]) != ours
    print(
        f"gtfs-guru: {result.error_count} errors, {result.warning_count} warnings; gtfs-kit: {len(published.scenario.calendar) - wrong} of {len(published.scenario.calendar)} dates agree"
    )
    return wrong + int(result.error_count)


def ours(published: Published, asks: Sequence[Ask], solver: str) -> tuple[list[int | None], list[float]]:
    """Arrivals and seconds of our own searches, compiled beforehand. ValueError if the Pareto search misses the earliest arrival."""
    values: list[int | None] = []
    seconds: list[float] = []
    for number, ask in enumerate([asks[0], *asks] if asks else []):
        day = published.running(ask.day)
        assert day is not None
        rules = Rules.of(day)
        begun = time.perf_counter()
        if solver == "islandflow":
            value = by_feed_rules(day, ask)
            begun = time.perf_counter()  # timed is what a caller gets: a journey with its legs
            earliest_arrival(day, ask.start, ask.end, ask.minute, rules)
        else:
            found = pareto_journeys(day, ask.start, ask.end, ask.minute, rules=rules)
            value = min((j.arrives for j in found), default=None)
        took = time.perf_counter() - begun
        if solver != "islandflow":
            first = earliest_arrival(day, ask.start, ask.end, ask.minute, rules)
            if first is not None and first.boats <= rules.most_boats and first.arrives != value:
                raise ValueError(f"{ask.name}: the Pareto search arrives at {value}, the scan at {first.arrives}")
        if number:
            values.append(value)
            seconds.append(took)
    return values, seconds


def _row(ask: Ask, solver: str, value: int | None, seconds: float) -> dict[str, str]:
    return {
        "case": ask.name, "solver": solver, "value": "" if value is None else str(value), "bound": "", "gap": "", "known": "", "seconds": f"{seconds:.6f}",
        "peak_mb": "", "status": "no_solution" if value is None else "optimal", "cores": str(cores()), "versions": versions(),
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
