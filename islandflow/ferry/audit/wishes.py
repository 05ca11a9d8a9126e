"""Wishes recomputed from the timetable: which departures run, and what those that do not run cost."""

from __future__ import annotations

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.report import WishCheck
from islandflow.scenario.entities import Wish
from islandflow.units import fen


def wishes(facts: Facts) -> tuple[WishCheck, ...]:
    """A check for every wish of the plan's service pattern, in the order of the table; a sailing counts once."""
    calling: dict[str, list[int]] = {}
    for number, sailing in enumerate(facts.sailings):
        for port in set(sailing.ports[:-1]):
            calling.setdefault(port, []).append(number)
    found = []
    for wish in facts.scenario.wishes.values():
        if wish.holds_in(facts.service):
            runs = sum(_fulfils(facts, number, wish) for number in calling.get(wish.from_port, ()))
            short = max(0, wish.least - runs)
            found.append(
                WishCheck(wish.wish_id, wish.kind, wish.line, wish.from_port, wish.to_port, wish.leaves_from, wish.leaves_until,
                          wish.least, runs, short * fen(wish.price_yuan))
            )  # fmt: skip
    return tuple(found)


def _fulfils(facts: Facts, number: int, wish: Wish) -> bool:
    sailing = facts.sailings[number]
    if wish.line and sailing.line != wish.line:
        return False
    return any(
        call.port == wish.from_port and call.departs is not None and wish.leaves_from <= call.departs <= wish.leaves_until
        and wish.to_port in sailing.ports[i + 1 :]
        for i, call in enumerate(sailing.calls[:-1])
    )  # fmt: skip
