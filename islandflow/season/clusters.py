"""How many timetables a year is worth: dates clustered anew by their demand, and what planning for a cluster's mean gets wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from islandflow.ferry.folder import PlanFolder
from islandflow.scenario.entities import Scenario
from islandflow.season.calendar import Year
from islandflow.season.visitors import Forecast

Row = dict[str, Any]
MOST = 12


def day_demands(scenario: Scenario, year: Year, forecast: Forecast) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float64]]]:
    """Dates in order and, a row each, people who come to every island: residents and visitors apart; forecasts in place of the pattern's visitors."""
    islands = list(scenario.islands)
    number = {island: i for i, island in enumerate(islands)}
    by_service = {s: np.zeros(2 * len(islands)) for s in scenario.services}
    for d in scenario.demand:
        if d.segment != "vehicle" and scenario.places[d.to_place].island_id in number:
            by_service[d.service][number[scenario.places[d.to_place].island_id] + len(islands) * (d.segment == "visitor")] += d.trips
    rows = []
    for day in year.days:
        row = by_service[day.service].copy()
        for island, people in forecast.get(day.date, {}).items():
            row[len(islands) + number[island]] = people
        rows.append(row)
    return [d.service for d in year.days], np.array(rows).reshape(len(rows), 2 * len(islands))


def pattern_curve(scenario: Scenario, plans: Mapping[str, PlanFolder], year: Year, forecast: Forecast) -> list[Row]:
    """A row a number of timetables: trips of the year planned too few and too many, and what that costs, both estimated.

    Dates are joined by Ward's rule (1963) on the people who come to each island; every cluster is planned for its mean. Too few
    are priced as left behind, too many at the fleet's mean cost a person. The calendar's own patterns stand in the last row (``own``).
    """
    services, demand = day_demands(scenario, year, forecast)
    if len(demand) < 2 or not plans:  # noqa: PLR2004
        return []
    served = sum(p.metrics["people_served"] for p in plans.values())
    seat = sum(float(p.metrics["cost_yuan"]) for p in plans.values()) / served if served else 0.0
    tree = linkage(demand, "ward")
    distinct = len(np.unique(demand, axis=0))
    rows = [_row(scenario, demand, fcluster(tree, k, "maxclust"), services, seat, str(k)) for k in range(1, min(MOST, distinct) + 1)]
    own = np.array([list(scenario.services).index(s) for s in services])
    return [*rows, _row(scenario, demand, own, services, seat, "own")]


def _row(scenario: Scenario, demand: np.ndarray[Any, Any], label: np.ndarray[Any, Any], services: list[str], seat: float, name: str) -> Row:
    few = many = 0.0
    half = demand.shape[1] // 2
    price = 0.0
    for c in np.unique(label):
        mine = demand[label == c]
        over = mine - mine.mean(axis=0)
        short = np.maximum(0, over)
        few += float(short.sum())
        many += float(np.maximum(0, -over).sum())
        price += float(short[:, :half].sum()) * scenario.number("left_behind_resident_cny") + float(short[:, half:].sum()) * scenario.number("left_behind_visitor_cny")
    members = [sorted({s for s, own in zip(services, label, strict=True) if own == c}) for c in np.unique(label)]
    return {
        "timetables": name, "clusters": len(members), "too_few": round(few), "too_many": round(many), "share": round(few / demand.sum(), 5) if demand.sum() else 0.0,
        "yuan": round(price + many * seat), "joined": "; ".join("+".join(m) for m in members if len(m) > 1),
    }  # fmt: skip
