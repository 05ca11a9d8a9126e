"""Sailings moved for the buses' sake: the timetable with them moved, what each one does to whom, and who in the archipelago is better or worse off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import traveller_fen
from islandflow.ferry.audit.riders import journey
from islandflow.ferry.plan import Boarding, Call, FerryPlan, Sailing
from islandflow.network.running import Distances
from islandflow.scenario.entities import Scenario
from islandflow.shuttle.tables import Row
from islandflow.units import clock, fen

Shifts = Mapping[str, int]  # minutes later (earlier < 0) by sailing
MOVES = (
    "sailing", "line", "vessel", "from_port", "to_port", "was", "now", "minutes", "aboard", "nearer", "farther", "ferry_fen", "bus_people",
    "bus_wait_was", "bus_wait_now", "bus_fen",
)  # fmt: skip
WHO = ("segment", "from_island", "people", "better", "worse", "left_was", "left_now", "fen", "most_worse_fen")

MOVES_TEXT = frozenset({"sailing", "line", "vessel", "from_port", "to_port", "was", "now", "segment", "from_island"})  # of both tables


@dataclass(frozen=True)
class BusPeople:
    """The people of a sailing who ride buses: how many, minutes of waiting of all of them, fen of their minutes and of who is not taken."""

    people: int
    wait_min: int
    fen: int


def later(sailing: Sailing, minutes: int) -> Sailing:
    """The sailing so many minutes later at every call."""
    calls = tuple(
        Call(c.port, None if c.arrives is None else c.arrives + minutes, None if c.departs is None else c.departs + minutes) for c in sailing.calls
    )
    return replace(sailing, calls=calls)


def moved(plan: FerryPlan, shifts: Shifts) -> FerryPlan:
    """The plan with sailings moved, all keeping their ids and everybody the boats; whether it may be sailed is the audit's business."""
    return replace(plan, sailings=tuple(later(s, shifts[s.id]) if shifts.get(s.id) else s for s in plan.sailings))


def shifts_between(was: FerryPlan, now: FerryPlan) -> dict[str, int]:
    """Minutes that each sailing leaves later; sailings that have not moved are left out. ValueError if the sailings are not the same ones."""
    old = was.by_id()
    if set(old) != set(now.by_id()):
        raise ValueError("the plans have other sailings")
    return {s.id: s.departs - old[s.id].departs for s in now.sailings if s.departs != old[s.id].departs}


def move_rows(was: FerryPlan, now: FerryPlan, scenario: Scenario, network: Distances, buses: Mapping[str, tuple[BusPeople, BusPeople]]) -> list[Row]:
    """A row a moved sailing, by the minute at which it left.

    ``nearer`` and ``farther``: of those aboard now, for how many their first boat's new minute is nearer to the one they wish than its old
    one. ``ferry_fen``: what the sailing's new minutes cost those aboard now, less what its old ones would have. ``buses``: (before, after)
    by sailing; ``bus_fen`` is their difference.
    """
    shifts, old = shifts_between(was, now), was.by_id()
    facts = Facts.of(scenario, now, network)
    aboard: dict[str, list[Boarding]] = defaultdict(list)
    for b in now.boardings:
        for r in b.rides:
            if r.sailing in shifts:
                aboard[r.sailing].append(b)
    nothing = (BusPeople(0, 0, 0), BusPeople(0, 0, 0))
    rows = []
    for s in sorted((now.by_id()[i] for i in shifts), key=lambda s: (old[s.id].departs, s.id)):
        before = replace(facts, by_id={**facts.by_id, s.id: old[s.id]}, memory={})
        near = far = change = 0
        for b in aboard[s.id]:
            new, past = journey(facts, b), journey(before, b)
            if new is None or past is None:
                continue
            near += b.people * (new.shift < past.shift)
            far += b.people * (new.shift > past.shift)
            change += b.people * (traveller_fen(scenario, b.segment, new) - traveller_fen(scenario, b.segment, past))
        ashore, there = buses.get(s.id, nothing)
        rows.append({
            "sailing": s.id, "line": s.line, "vessel": s.vessel, "from_port": s.ports[0], "to_port": s.ports[-1], "was": clock(old[s.id].departs), "now": clock(s.departs),
            "minutes": shifts[s.id], "aboard": sum(b.people for b in aboard[s.id] if b.segment != "vehicle"), "nearer": near, "farther": far, "ferry_fen": change,
            "bus_people": there.people, "bus_wait_was": ashore.wait_min, "bus_wait_now": there.wait_min, "bus_fen": there.fen - ashore.fen,
        })  # fmt: skip
    return rows


def who_rows(was: FerryPlan, now: FerryPlan, scenario: Scenario, network: Distances) -> list[Row]:
    """Who pays less and who more, in time as the objective prices it, by segment and island of departure; rows where nothing changes are left out.

    People of a group are alike: the one who paid least before is compared with the one who pays least after, and so on; who is left
    behind pays the price of that. ``most_worse_fen`` is the most that any one person pays more.
    """
    before, after = (_paid(plan, scenario, network) for plan in (was, now))
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 7)
    for key, group in Facts.of(scenario, now, network).groups.items():
        left = fen(scenario.number(f"left_behind_{group.segment}_cny"))
        row = found[group.segment, scenario.places[group.from_place].island_id]
        row[0] += group.size
        old, new = before.get(key, []), after.get(key, [])
        row[3] += max(0, group.size - sum(n for _, n in old))
        row[4] += max(0, group.size - sum(n for _, n in new))
        for people, change in _side_by_side(old, new, left, group.size):
            row[1] += people * (change < 0)
            row[2] += people * (change > 0)
            row[5] += people * change
            row[6] = max(row[6], change)
    return [dict(zip(WHO, (segment, island, *row), strict=True)) for (segment, island), row in sorted(found.items()) if row[1] or row[2] or row[3] != row[4]]


def _paid(plan: FerryPlan, scenario: Scenario, network: Distances) -> dict[tuple[str, str, str, int], list[tuple[int, int]]]:
    """(fen a person, people) by group, the cheapest first."""
    facts = Facts.of(scenario, plan, network)
    found: dict[tuple[str, str, str, int], list[tuple[int, int]]] = defaultdict(list)
    for b in plan.boardings:
        taken = journey(facts, b)
        if taken is not None:
            found[b.group].append((traveller_fen(scenario, b.segment, taken), b.people))
    return {key: sorted(rows) for key, rows in found.items()}


def _side_by_side(old: Sequence[tuple[int, int]], new: Sequence[tuple[int, int]], left: int, size: int) -> Iterator[tuple[int, int]]:
    """(people, fen more) of stretches of people who paid alike before and pay alike after."""
    rows = [[list(r) for r in (*rows, (left, size - sum(n for _, n in rows)))] for rows in (old, new)]
    i = j = 0
    while i < len(rows[0]) and j < len(rows[1]):
        a, b = rows[0][i], rows[1][j]
        people = min(a[1], b[1])
        if people > 0:
            yield people, b[0] - a[0]
        a[1] -= people
        b[1] -= people
        i, j = i + (a[1] <= 0), j + (b[1] <= 0)

