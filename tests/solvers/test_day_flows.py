"""The cheapest days of a fleet against a linear model of the same days, window by window and port by port."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from islandflow.ferry.problem import FerryProblem
from solvers.ferry.day_flows import NEVER, DayFlows


def by_model(problem: FerryProblem, k: int, price: np.ndarray, copies: int) -> float:
    """Least cost over the fleet of circuit ``k``: every port and window has a network of its own, the fleet is common."""
    mine = np.flatnonzero(problem.circuit_of == k)
    ports = sorted({p for r in mine for p in (problem.patterns[r].calls[0], problem.patterns[r].calls[-1])})
    windows = [(w.begins, w.ends, int(problem.day_fen[k])) for w in problem.windows]
    windows.append((-NEVER, NEVER, int(problem.day_fen[k] + problem.second_fen[k])))
    cost, high, rows, fleet = [], [], [], []
    for begins, ends, day in windows:
        for base in ports:
            node: dict[tuple[str, int], dict[int, float]] = {(p, s): {} for p in ports for s in range(problem.slots + 1)}

            def arc(price: float, most: float, tail: tuple[str, int] | None, head: tuple[str, int] | None) -> int:
                number = len(cost)
                cost.append(price)
                high.append(most)
                if tail is not None:
                    node[tail][number] = node[tail].get(number, 0) - 1.0  # noqa: B023
                if head is not None:
                    node[head][number] = node[head].get(number, 0) + 1.0  # noqa: B023
                return number

            count = problem.circuits[k].count
            out = arc(day, count, None, (base, 0))
            arc(0.0, count, (base, problem.slots), None)
            fleet.append(out)
            for p in ports:
                for s in range(problem.slots):
                    arc(0.0, count, (p, s), (p, s + 1))
            for r in mine:
                pattern = problem.patterns[r]
                for s in range(int(problem.low[r]), int(problem.high[r])):
                    minute = problem.start + s * problem.step
                    if minute < begins or minute + pattern.minutes > ends:
                        continue
                    for m in range(copies):
                        c = int(problem.first[r]) + s - int(problem.low[r])
                        back = min(problem.slots, s + int(problem.block[r]))
                        arc(float(price[c, m]), 1.0, (pattern.calls[0], s), (pattern.calls[-1], back))
            rows += list(node.values())
    balance = np.zeros((len(rows), len(cost)))
    for i, row in enumerate(rows):
        for column, value in row.items():
            balance[i, column] = value
    limit = np.zeros((1, len(cost)))
    limit[0, fleet] = 1.0
    found = linprog(
        cost,
        A_ub=limit,
        b_ub=[problem.circuits[k].count],
        A_eq=balance,
        b_eq=np.zeros(len(rows)),
        bounds=list(zip([0.0] * len(cost), high, strict=True)),
    )
    assert found.status == 0
    return float(found.fun)


@pytest.mark.parametrize("seed", range(12))
def test_the_days_cost_what_the_model_says(coarse_problem: FerryProblem, seed: int) -> None:
    random = np.random.default_rng(seed)
    problem = coarse_problem
    for k in range(len(problem.circuits)):
        days = DayFlows(problem, k)
        # falling worth of the departures of a slot, as the bound hands them over
        price = np.sort(random.integers(-400_000, 250_000, (problem.candidates, days.copies)), axis=1)
        found = days.cheapest(price)
        assert found.value == pytest.approx(by_model(problem, k, price, days.copies), abs=1)
        paid = sum(int(price[c, :n].sum()) for c, n in zip(found.sailings, found.times, strict=True))
        assert paid <= 0 or not found.vessels
        assert found.vessels <= problem.circuits[k].count


def test_no_day_is_worth_it_where_every_sailing_loses(coarse_problem: FerryProblem) -> None:
    price = np.full((coarse_problem.candidates, 4), 1, dtype=np.int64)
    found = DayFlows(coarse_problem, 0).cheapest(price)
    assert (found.value, found.vessels, len(found.sailings)) == (0, 0, 0)
