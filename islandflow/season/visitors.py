"""Visitors: forecasts by island and date into the demand of the patterns, and how visitors answer to a better or worse timetable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import traveller_fen
from islandflow.ferry.audit.riders import journey
from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.rows import cell, read_rows
from islandflow.network.sea import build_network
from islandflow.scenario.cells import BadCell, read_cell
from islandflow.scenario.entities import Demand, Scenario
from islandflow.scenario.reader import near
from islandflow.scenario.table import Column
from islandflow.units import fen

Forecast = Mapping[date, Mapping[str, int]]  # date -> island -> visitors who come that day
COLUMNS = ("date", "island_id", "visitors")
DATE = Column("date", "date", "日期", "date, YYYY-MM-DD")
VISITORS = Column("visitors", "integer", "游客", "visitors who come that day", "person", low=0, high=10_000_000)
LEAST, MOST = 0.5, 2.0  # visitors never halve or double by more than this in one answer


def read_forecast(file: Path, scenario: Scenario) -> Forecast:
    """A table of date, island_id, visitors; BadInput with every fault: unknown island, a date without pattern, a row twice, no visitors to scale."""
    faults: list[Fault] = []
    services = {d.date: d.service for d in scenario.calendar}
    found: dict[date, dict[str, int]] = defaultdict(dict)
    known = {(s, i) for (s, i), n in visitors_by_island(scenario).items() if n > 0}
    for number, row in read_rows(file, COLUMNS, faults):
        told, island, day = len(faults), row["island_id"], None
        try:
            day = read_cell(DATE, row["date"])
        except BadCell as bad:
            faults.append(Fault(file.name, number, "date", row["date"][:40], bad.en, bad.zh, bad.remedy_en, bad.remedy_zh))
        people = cell(VISITORS, file.name, number, row, faults)
        if island not in scenario.islands:
            remedy = near(island, list(scenario.islands))
            faults.append(Fault(file.name, number, "island_id", island[:40], "is no island of this scenario", "不是本方案的岛屿", *remedy))
        if not isinstance(day, date) or people is None or len(faults) > told:
            continue
        if day not in services:
            faults.append(Fault(file.name, number, "date", str(day), "is not in the calendar", "不在日历中", "name a date of the calendar", "请写日历中的日期"))
        elif island in found[day]:
            faults.append(Fault(file.name, number, "date", f"{day} {island}", "stands twice", "重复", "keep one row", "请只保留一行"))
        elif people and (services[day], island) not in known:
            what = ("has no visitors in the demand of that pattern, so there is nothing to scale", "在该时期的需求中没有游客,无从按比例调整")
            faults.append(Fault(file.name, number, "island_id", island, *what, "add rows of demand first", "请先补充需求行"))
        found[day].setdefault(island, people)
    if faults:
        raise BadInput(faults)
    return found


def visitors_by_island(scenario: Scenario) -> dict[tuple[str, str], float]:
    """Visitors who come on a day by service pattern and island: trips to its places."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for row in scenario.demand:
        if row.segment == "visitor":
            found[row.service, scenario.places[row.to_place].island_id] += row.trips
    return dict(found)


def forecast_demand(scenario: Scenario, forecast: Forecast) -> Scenario:
    """The scenario with visitors as forecast: every pattern as the mean of its dates that are forecast.

    A trip between two islands that are both forecast takes the geometric mean of their changes; residents stay as they are.
    """
    base, services = visitors_by_island(scenario), {d.date: d.service for d in scenario.calendar}
    told: dict[tuple[str, str], list[int]] = defaultdict(list)
    for day, islands in forecast.items():
        for island, people in islands.items():
            told[services[day], island].append(people)
    factor = {key: sum(many) / len(many) / base[key] for key, many in told.items() if base.get(key)}

    def changed(row: Demand) -> Demand:
        ends = {scenario.places[p].island_id for p in (row.from_place, row.to_place)}
        known = [factor[row.service, i] for i in sorted(ends) if (row.service, i) in factor]
        if row.segment != "visitor" or not known:
            return row
        product = known[0] if len(known) == 1 else known[0] * known[1]
        return replace(row, trips=row.trips * product ** (1 / len(known)))

    return replace(scenario, demand=tuple(changed(d) for d in scenario.demand))


def answered_demand(scenario: Scenario, before: Mapping[str, PlanFolder], after: Mapping[str, PlanFolder]) -> Scenario:
    """The scenario with visitors who answer to ``after`` in place of ``before``: trips times (cost after / before) to ``visitor_elasticity``.

    The cost of a pair of places is the mean over its visitors of their time in yuan, those left behind at their price. Residents,
    commuters, patients and vehicles do not answer.
    """
    power = scenario.number("visitor_elasticity")
    factor: dict[tuple[str, str, str], float] = {}
    for service in before.keys() & after.keys():
        one, two = visitor_cost(before[service]), visitor_cost(after[service])
        for pair in one.keys() & two.keys():
            if one[pair] > 0 and two[pair] > 0:
                factor[service, *pair] = min(MOST, max(LEAST, (two[pair] / one[pair]) ** power))
    rows = (
        replace(d, trips=d.trips * factor.get((d.service, d.from_place, d.to_place), 1.0)) if d.segment == "visitor" else d for d in scenario.demand
    )
    return replace(scenario, demand=tuple(rows))


def visitor_cost(folder: PlanFolder) -> dict[tuple[str, str], float]:
    """Mean fen a visitor by pair of places: time of those who travel, the price of those left behind."""
    facts = Facts.of(folder.scenario, folder.plan, build_network(folder.scenario))
    left = fen(folder.scenario.number("left_behind_visitor_cny"))
    people: dict[tuple[str, str], int] = defaultdict(int)
    cost: dict[tuple[str, str], float] = defaultdict(float)
    for group in facts.groups.values():
        if group.segment == "visitor":
            people[group.from_place, group.to_place] += group.size
            cost[group.from_place, group.to_place] += left * (group.size - facts.seated[group.key])
    for boarding in folder.plan.boardings:
        taken = journey(facts, boarding) if boarding.segment == "visitor" else None
        if taken is not None:
            cost[boarding.from_place, boarding.to_place] += boarding.people * traveller_fen(folder.scenario, "visitor", taken)
    return {pair: cost[pair] / n for pair, n in people.items() if n}
