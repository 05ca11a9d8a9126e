"""Dry-dock weeks where they hurt least: every vessel away once a year, spare ones first, then where fewest people ride."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import highspy
import numpy as np

from islandflow.ferry.folder import PlanFolder
from islandflow.scenario.entities import Scenario
from islandflow.season.calendar import Year
from islandflow.season.fleet import carried, days_at_work, groups
from solvers.silent_highs import silent_highs

Row = dict[str, Any]
SECONDS = 20.0
BUSY = 1e-4  # a vessel-week at peak is worse than one off peak, though nobody is missed


@dataclass(frozen=True)
class Weeks:
    """What docking must know of one group: vessels, and by week how many are spare and how many people one that is missing carries."""

    group: str
    vessels: int
    spare: tuple[int, ...]
    people: tuple[float, ...]


@dataclass(frozen=True)
class Docked:
    """Vessels of a group that go into dock in a week (number from 0), for ``weeks`` weeks."""

    group: str
    week: int
    vessels: int


def weeks_of(scenario: Scenario, plans: Mapping[str, PlanFolder], year: Year) -> tuple[list[Weeks], list[date]]:
    """The groups' weeks and their Mondays; a week counts if every date of it is in the year and has a plan."""
    services = {d.date: d.service for d in year.days if d.service in plans}
    mondays = [d for d in services if d.isoweekday() == 1 and all(d + timedelta(days=n) in services for n in range(7))]
    found = []
    for group in groups(scenario):
        if group.fleets[0].periods:
            continue  # a hired vessel's dock is its owner's affair
        used = {s: len(days_at_work(group, p)) for s, p in plans.items()}
        people = {s: carried(group, p) for s, p in plans.items()}
        spare, missed = [], []
        for monday in mondays:
            week = [services[monday + timedelta(days=n)] for n in range(7)]
            spare.append(group.count - max(used[s] for s in week))
            missed.append(sum(people[s] for s in week))
        found.append(Weeks(group.name, group.count, tuple(spare), tuple(missed)))
    return found, mondays


def best_docks(asked: Sequence[Weeks], length: int, places: int) -> tuple[list[Docked], float, bool]:
    """Docks of every vessel once, ``length`` weeks on end, at most ``places`` at a time: docks, people missed, whether proven best.

    Minimises the people whom missing vessels carry, and of equal plans takes quiet weeks. ValueError if there are too few places.
    """
    weeks = len(asked[0].spare) if asked else 0
    starts = weeks - length + 1
    if not asked or starts < 1:
        return [], 0.0, True
    if places * (weeks // length) < sum(g.vessels for g in asked):
        raise ValueError(f"dock_places {places}: too few for {sum(g.vessels for g in asked)} vessels of {length} weeks each")
    model = silent_highs()
    model.setOptionValue("time_limit", SECONDS)
    model.setOptionValue("threads", 1)  # one scheduler a process: all models of it must ask for as many threads
    busiest = max((p for g in asked for p in g.people), default=1.0) or 1.0
    begins, away = [], []
    for g in asked:
        quiet = [BUSY * sum(g.people[w : w + length]) / busiest for w in range(starts)]
        begins.append([model.addVariable(0, g.vessels, cost, highspy.HighsVarType.kInteger) for cost in quiet])
        away.append([model.addVariable(0, highspy.kHighsInf, g.people[w]) for w in range(weeks)])
        model.addConstr(sum(begins[-1]) == g.vessels)
    for w in range(weeks):
        docked = [sum(x[s] for s in range(max(0, w - length + 1), min(w, starts - 1) + 1)) for x in begins]
        for g, out, number in zip(asked, away, docked, strict=True):
            model.addConstr(out[w] >= number - g.spare[w])
            # half of a group at most beyond the spare ones: somebody must sail
            model.addConstr(number <= max(g.spare[w], 1, g.vessels // 2))
        model.addConstr(sum(docked) <= places)
    model.minimize()
    values = np.array(model.getSolution().col_value)
    if not len(values) or model.getInfo().primal_solution_status != 2:  # noqa: PLR2004  (feasible)
        return [], 0.0, False
    found = [
        Docked(g.group, week, round(values[x.index])) for g, row in zip(asked, begins, strict=True) for week, x in enumerate(row) if round(values[x.index])
    ]
    return found, missed(asked, found, length), model.getModelStatus() == highspy.HighsModelStatus.kOptimal


def missed(asked: Sequence[Weeks], docks: Sequence[Docked], length: int) -> float:
    """People whom missing vessels carry: those in dock beyond the spare ones."""
    total = 0.0
    for g in asked:
        away: dict[int, int] = defaultdict(int)
        for d in docks:
            for w in range(d.week, d.week + length) if d.group == g.group else ():
                away[w] += d.vessels
        total += sum(max(0, n - g.spare[w]) * g.people[w] for w, n in away.items())
    return total


def dock_rows(scenario: Scenario, plans: Mapping[str, PlanFolder], year: Year) -> list[Row]:
    """A row a group and first week: vessels in dock, how many of them are missed, people whom these carry."""
    length, places = scenario.whole("dock_weeks"), scenario.whole("dock_places")
    asked, mondays = weeks_of(scenario, plans, year)
    if not length or not mondays:
        return []
    docks, _, proven = best_docks(asked, length, places)
    by_group = {g.group: g for g in asked}
    rows = []
    for d in sorted(docks, key=lambda d: (d.week, d.group)):
        g = by_group[d.group]
        both = [x for x in docks if x.group == d.group]
        rows.append({
            "group": d.group, "from": mondays[d.week].isoformat(), "weeks": length, "vessels": d.vessels,
            "spare": min(g.spare[d.week : d.week + length]), "people_missed": round(missed([g], both, length) * d.vessels / sum(x.vessels for x in both)),
            "proven": "yes" if proven else "no",
        })  # fmt: skip
    return rows
