"""Ferry timetables: clusters, whole archipelago, synthetic ones of growing size, and our method beside exact models at equal time.

    python -m benchmarks.ferry --instances data/zhoushan --seconds 600 --seed 1 --out ferry.csv --cases 'cluster-*'

Beside OUT: ``OUT.facts.csv`` (gap_net, seconds to the first plan, obligations, audit) and ``OUT.traces/`` (plan and bound over time).
"""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.ferry_facts import doubtful, duels, facts_path, read_facts
from benchmarks.ferry_run import Ferry, solve_case
from benchmarks.harness import OURS, Case, Competitor, chosen, main, options_from, read_rows
from islandflow.scenario.reader import read_scenario
from solvers.contract import registered

SHUTTLE = "wugongzhi-putuoshan"
PEAK = "summer-weekend"
SYNTHETIC = (25, 50, 100, 200)
SYNTHETIC_SEED = 1
DUEL_SIZES = (8, 16, 24)
DUEL_SEEDS = (1, 2, 3)
BASELINES = ("monolith-highs", "monolith-cpsat")


def cases(folder: Path) -> list[Case]:
    """Every case: parts of the scenario in the folder on a summer weekend, the whole in each service pattern, synthetic ones, duels."""
    scenario = read_scenario(folder)
    parts = sorted({line.cluster for line in scenario.lines.values()})
    ports = {p.removesuffix("-t") for p in scenario.ports}
    parts += [SHUTTLE] if set(SHUTTLE.split("-")) <= ports else []
    found = [Case(f"cluster-{name}", Ferry(PEAK, part=name)) for name in parts if PEAK in scenario.services]
    found += [Case(f"whole-{service}", Ferry(service)) for service in scenario.services]
    found += [Case(f"synthetic-{n}", Ferry(PEAK, ports=n, archipelago=SYNTHETIC_SEED)) for n in SYNTHETIC]
    return found + [Case(f"duel-{n}-{s}", Ferry(PEAK, ports=n, archipelago=s)) for n in DUEL_SIZES for s in DUEL_SEEDS]


def competitors() -> dict[str, Competitor]:
    """Our default method, and the exact models that stand beside it in the duels."""
    ours = {OURS: "columns"} | {f"{OURS}-{name}": name for name in BASELINES if name in registered()}
    return {name: partial(solve_case, solver=solver, name=name) for name, solver in ours.items()}


def rounds(names: Iterable[str], known: Mapping[str, Competitor]) -> list[tuple[list[str], dict[str, Competitor]]]:
    """Cases with the solvers that run on them: the exact models in the duels only, they do not fit the others."""
    wanted = list(names)
    duel = [n for n in wanted if n.startswith("duel-")]
    alone = {OURS: known[OURS]}
    return [(ns, who) for ns, who in (([n for n in wanted if n not in duel], alone), (duel, dict(known))) if ns]


def _these(found: list[Case], _: Path) -> list[Case]:
    return found


def run(words: Sequence[str] | None = None) -> int:
    """0; 1 if a bound is above a plan, an audit is not clean, a solver failed or a status claims too much; 2 for wrong words."""
    options = options_from("ferry", words)
    given = list(sys.argv[1:] if words is None else words)
    known = competitors()
    try:
        wanted = chosen(known, options.solvers)
        read_rows(options.out)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    every = cases(options.instances)
    names = [c.name for c in every if fnmatch.fnmatchcase(c.name, options.cases)]
    if not names:
        print(f"--cases {options.cases}: no such case; known are {', '.join(c.name for c in every)}", file=sys.stderr)
        return 2
    worst = 0
    for group, solvers in rounds(names, known):
        mine = [s for s in wanted if s in solvers]
        if mine:
            of_group = [c for c in every if c.name in group]
            worst = max(worst, main("ferry", partial(_these, of_group), solvers, [*given, "--solvers", ",".join(mine)]))
    rows = [r for r in read_rows(options.out) if r["case"] in names and r["solver"] in wanted]
    facts = read_facts(facts_path(options.out))
    for doubt in doubtful(rows, facts):
        worst = max(worst, 1)
        print(f"ERROR {doubt}", file=sys.stderr)
    for line in duels(rows, facts):
        print(line)
    return worst


if __name__ == "__main__":
    sys.exit(run())
