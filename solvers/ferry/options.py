"""Every way every group could travel on the candidates, one by one: for exact models on small cases only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from islandflow.ferry.problem import FerryProblem
from islandflow.units import time_fen


class TooLarge(ValueError):
    """More options than an exact model can hold, or asked to stop while counting them."""


@dataclass(frozen=True)
class Leg:
    """A stretch of a candidate: call numbers from 0."""

    candidate: int
    board: int
    alight: int


@dataclass(frozen=True)
class Option:
    """A way of one group: price of a traveller in fen and one or two stretches."""

    group: int
    price: int
    legs: tuple[Leg, ...]


def options(problem: FerryProblem, limit: int = 1 << 60, stop: Callable[[], bool] = lambda: False) -> list[Option]:
    """All options of all groups, those dearer than being left behind dropped (nobody takes them).

    TooLarge if there are more than ``limit``, or if ``stop()``; both are asked group by group.
    """
    scenario = problem.scenario
    share, wait_share = round(100 * scenario.number("shift_penalty_share")), round(100 * scenario.number("waiting_share"))
    window, penalty = scenario.whole("shift_window_min"), scenario.whole("transfer_penalty_min")
    least, most = scenario.whole("minimum_transfer_min"), scenario.whole("longest_transfer_wait_min")
    leaving: dict[str, list[tuple[int, int, str, Leg]]] = defaultdict(list)  # by port: departure, arrival, to, stretch
    for r, pattern in enumerate(problem.patterns):
        for slot in range(int(problem.low[r]), int(problem.high[r])):
            c, minute = int(problem.first[r]) + slot - int(problem.low[r]), problem.start + slot * problem.step
            for i, port in enumerate(pattern.calls[:-1]):
                for j in range(i + 1, len(pattern.calls)):
                    if pattern.calls[j] != port:
                        leaving[port].append((minute + pattern.departs[i], minute + pattern.arrives[j - 1], pattern.calls[j], Leg(c, i, j)))
    found: list[Option] = []
    number = 0
    for o, market in enumerate(problem.markets):
        near, far = problem.access.ports[market.from_place], problem.access.ports[market.to_place]
        value, left = int(problem.fen_h[o]), int(problem.left_fen[o])
        for group in market.groups:
            if len(found) > limit:
                raise TooLarge(f"too large: more than {limit} ways to travel")
            if stop():
                raise TooLarge("stopped while the ways to travel were counted")
            for port, out in near.items():
                for departs, arrives, to, leg in leaving[port]:
                    shift = abs(departs - group.wanted)
                    if shift > window:
                        continue
                    centi = 100 * (out + arrives - departs) + share * shift
                    if to in far:
                        price = time_fen(value, centi + 100 * far[to])
                        if price < left:
                            found.append(Option(number, price, (leg,)))
                    if not market.change:
                        continue
                    for quay, walk in problem.access.change[to].items():
                        for departs2, arrives2, to2, leg2 in leaving[quay]:
                            wait = departs2 - arrives - walk
                            if to2 not in far or not least <= wait <= most or leg2.candidate == leg.candidate:
                                continue
                            more = 100 * (walk + arrives2 - departs2 + far[to2]) + wait_share * wait + 100 * penalty
                            price = time_fen(value, centi + more)
                            if price < left:
                                found.append(Option(number, price, (leg, leg2)))
            number += 1
    if len(found) > limit:
        raise TooLarge(f"too large: more than {limit} ways to travel")
    return found
