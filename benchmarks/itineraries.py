"""Orienteering with time windows, one tour: Vansteenwegen's text files, with the published values of `known_values.csv` beside them.

Distances are Euclidean, cut down to one decimal (Solomon's instances) or two (Cordeau's pr), and counted in those units.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from benchmarks.harness import Case, Options, Outcome, main
from solvers.itineraries.orienteering import Orienteering, best_tour


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
    """All text files of a folder."""
    known: dict[str, float] = {}
    if (folder / "known_values.csv").is_file():
        with (folder / "known_values.csv").open(newline="") as source:
            known = {r["instance"]: float(r["score"]) for r in csv.DictReader(source)}
    for file in sorted(folder.glob("*.txt")):
        yield Case(file.stem, str(file), known.get(file.stem), maximise=True)


def ours(case: Case, options: Options) -> Outcome:
    """Exact label setting; the kernels are compiled before the clock starts."""
    best_tour(read_instance(Path(case.facts)), 0.01, options.seed)
    found = best_tour(read_instance(Path(case.facts)), options.seconds, options.seed)
    return Outcome("optimal" if found.optimal else "feasible", found.score, found.bound, found.seconds)


if __name__ == "__main__":
    sys.exit(main("itineraries", cases, {"islandflow": ours}))
