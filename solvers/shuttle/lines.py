"""Solves the lines of an island: which lines and headways, by a mixed-integer program; then the minutes of the hour that meet most boats."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable

from islandflow.result import Status
from islandflow.shuttle.day import vehicle_ids
from islandflow.shuttle.lines_blocks import driven
from islandflow.shuttle.lines_day import LinesDay
from islandflow.shuttle.lines_plan import Line, LinesPlan, LinesProof, LineTrip, Riders
from islandflow.shuttle.lines_problem import LinesProblem, lines_problem
from solvers.shuttle.lines_minutes import Minutes, best_minutes
from solvers.shuttle.lines_program import Chosen, choose


def solve_lines(day: LinesDay, seconds: float = 30.0, going: Callable[[], bool] = lambda: True) -> tuple[LinesPlan, LinesProof]:
    """A plan and a bound within about ``seconds``, sooner when ``going`` says stop; optimal only where the two meet, to the fen."""
    begun = time.monotonic()
    problem = lines_problem(day)
    chosen = choose(problem, seconds - (time.monotonic() - begun), going)
    objective = objective_of(problem, chosen)
    minutes = _minutes(problem, chosen)
    plan = _plan(problem, chosen, minutes)
    quays = {c for m in minutes for c in problem.pool[m.option.line].calls}
    boats, met = sum(b.quay in quays for b in day.boats), len({b for m in minutes for b in m.met})
    status: Status = "optimal" if objective == chosen.bound else "feasible"
    return plan, LinesProof(
        day.island_id, status, objective, chosen.bound, problem.floor, len(problem.pool), len(problem.options), boats, met, round(time.monotonic() - begun, 1)
    )


def objective_of(problem: LinesProblem, chosen: Chosen) -> int:
    """Fen of a choice."""
    day, rules = problem.day, problem.day.rules
    lines = {problem.options[o].line for o in chosen.options}
    far = sum(h.people for h in day.homes if not any(problem.covers(line, h.node) for line in lines))
    served = sum(chosen.riders.values())
    rides = sum(n * problem.person_fen(line, trip, headway) for (trip, line, headway), n in chosen.riders.items())
    return sum(problem.options[o].fen for o in chosen.options) + rides + (day.people - served) * rules.unserved_fen + far * rules.far_fen


def _minutes(problem: LinesProblem, chosen: Chosen) -> list[Minutes]:
    """Line after line, the one with most people first: what an earlier one meets is no merit of a later one."""
    people: dict[tuple[int, int], int] = defaultdict(int)
    for (_, line, headway), n in chosen.riders.items():
        people[line, headway] += n
    found: list[Minutes] = []
    options = [problem.options[o] for o in chosen.options]
    for option in sorted(options, key=lambda o: (-people[o.line, o.headway], o.line)):
        found.append(best_minutes(problem.day, problem.pool[option.line], option, {b for m in found for b in m.met}))
    return found


def _plan(problem: LinesProblem, chosen: Chosen, minutes: list[Minutes]) -> LinesPlan:
    day, used = problem.day, dict.fromkeys(range(len(problem.day.buses)), 0)
    lines, trips, riders = [], list[LineTrip](), []
    for n, m in enumerate(minutes, start=1):
        name, pooled, buses = f"L{n}", problem.pool[m.option.line], day.buses[m.option.fleet]
        p = m.pattern
        lines.append(Line(name, buses.fleet_id, pooled.calls, p.headway, p.departures, m.first_out, m.first_back, tuple(sorted(p.reserved.items()))))
        done = driven(day, buses, pooled.calls[0], pooled.calls[-1], p)
        assert done is not None
        for steps in done.vehicles:
            vehicle = vehicle_ids(buses)[used[m.option.fleet]]
            used[m.option.fleet] += 1
            for s in steps:
                departs = (m.first_back if s.back else m.first_out) + s.number * p.headway
                site = p.sites[0 if s.back else 1]
                trips.append(LineTrip(vehicle, name, s.back, departs, departs + p.minutes, site.charger_id if site and s.wh else "", s.wh))
        for (trip, line, headway), people in sorted(chosen.riders.items()):
            if (line, headway) == (m.option.line, m.option.headway):
                t, way = day.trips[trip], problem.ways[line][trip]
                riders.append(Riders(t.origin, t.goal, t.boat, name, pooled.calls[way.boards], pooled.calls[way.alights], people))
    return LinesPlan(tuple(lines), tuple(sorted(trips, key=lambda t: (t.vehicle, t.departs))), tuple(riders))
