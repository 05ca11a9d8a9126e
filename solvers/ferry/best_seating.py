"""Who rides what at least cost on a timetable that stands: a small linear model over the legs that are short of seats.

Most people take their cheapest way and meet no full boat: they are no part of the model. A group that meets one has a variable for each
way up to its cheapest one without a full leg. Legs that the solution overfills are added until there are none (a relaxation solved
again, warm), so the end is a best seating of all, but for the few groups that a fraction splits: these take whole places by branching.
"""

from __future__ import annotations

from collections import defaultdict

import highspy
import numpy as np

from islandflow.passengers.seating import Seating
from solvers.silent_highs import silent_highs

Leg = tuple[int, int]  # deck (0 seats, 1 vehicle deck), number of the leg
Taken = list[tuple[int, int, float]]  # group, way, people
ROUNDS = 30
NODES = 20  # of branching: the model is all but integral
WHOLE = 1e-6


def seat_best(seating: Seating) -> None:
    """Seats everybody at least cost; the seating at hand stays if no better one is found."""
    before = seating.cost
    tight = {(deck, leg) for deck, free in enumerate(seating.room.free) for leg, left in enumerate(free) if left <= 0}
    if not tight:
        return
    room = {(d, leg): _capacity(seating, d, leg) for d, free in enumerate(seating.room.free) for leg in range(len(free))}
    taken: Taken | None = None
    for _ in range(ROUNDS):
        taken = _solve(seating, tight, room, whole=False)
        over = _overfilled(seating, taken, room) if taken is not None else set()
        if taken is None or not over:
            break
        tight |= over
    if taken is None:
        return
    if any(abs(people - round(people)) > WHOLE for _, _, people in taken):
        taken = _solve(seating, tight, room, whole=True)
    if taken is None or _overfilled(seating, taken, room):
        return
    old = [dict(wish.seated) for wish in seating.wishes]
    _seat(seating, [(number, way, round(people)) for number, way, people in taken])
    if seating.cost > before:
        _seat(seating, [(number, way, people) for number, seated in enumerate(old) for way, people in seated.items()])


def _capacity(seating: Seating, deck: int, leg: int) -> int:
    aboard = sum(seating.wishes[number].seated.get(way, 0) for number, way in seating.aboard[deck][leg])
    return seating.room.free[deck][leg] + aboard


def _solve(seating: Seating, tight: set[Leg], room: dict[Leg, int], whole: bool) -> Taken | None:
    """Ways taken when only the tight legs are limited; None if the model finds nothing."""
    fixed: Taken = []
    cost: list[float] = []
    most: list[float] = []
    what: list[tuple[int, int]] = []
    cover: list[list[int]] = []
    size: list[int] = []
    load: dict[Leg, list[int]] = defaultdict(list)
    for number, wish in enumerate(seating.wishes):
        columns: list[int] = []
        for way, price in enumerate(wish.prices):
            short = [(wish.deck, leg) for leg in seating.legs(wish.ways[way]) if (wish.deck, leg) in tight]
            if not short and not columns:
                fixed.append((number, way, float(wish.group.size)))
                break
            for leg in short:
                load[leg].append(len(cost))
            columns.append(len(cost))
            cost.append(float(price))
            most.append(float(wish.group.size))
            what.append((number, way))
            if not short:
                break
        else:
            if columns:
                columns.append(len(cost))
                cost.append(float(wish.left_fen))
                most.append(float(wish.group.size))
                what.append((number, -1))
        if columns:
            cover.append(columns)
            size.append(wish.group.size)
    values = _optimum(cost, most, cover, size, [(columns, room[leg]) for leg, columns in load.items()], whole)
    if values is None:
        return None
    chosen = [(*what[c], float(values[c])) for c in np.flatnonzero(values > WHOLE).tolist()]
    return fixed + [(number, way, people) for number, way, people in chosen if way >= 0]


def _optimum(
    cost: list[float], most: list[float], cover: list[list[int]], size: list[int], load: list[tuple[list[int], int]], whole: bool
) -> np.ndarray | None:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cost), len(cover) + len(load)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.array(cost), np.zeros(len(cost)), np.array(most)
    lp.row_lower_ = np.array(size + [-np.inf] * len(load), dtype=float)
    lp.row_upper_ = np.array(size + [capacity for _, capacity in load], dtype=float)
    rows = cover + [columns for columns, _ in load]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([c for r in rows for c in r], dtype=np.int32)
    lp.a_matrix_.value_ = np.ones(len(lp.a_matrix_.index_))
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    highs = silent_highs()
    for name, option in (("threads", 1), ("mip_max_nodes", NODES), ("mip_rel_gap", 1e-5)):
        highs.setOptionValue(name, option)
    highs.passModel(lp)
    highs.run()
    if highs.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return np.array(highs.getSolution().col_value)


def _overfilled(seating: Seating, taken: Taken, room: dict[Leg, int]) -> set[Leg]:
    used: dict[Leg, float] = defaultdict(float)
    for number, way, people in taken:
        wish = seating.wishes[number]
        for leg in seating.legs(wish.ways[way]):
            used[wish.deck, leg] += people
    return {leg for leg, people in used.items() if people > room[leg] + WHOLE}


def _seat(seating: Seating, taken: list[tuple[int, int, int]]) -> None:
    for number, wish in enumerate(seating.wishes):
        for way, people in list(wish.seated.items()):
            seating.move(number, way, None, people)
    for number, way, people in taken:
        seating.move(number, None, way, people)
