"""Rules of passengers: real rides, times to change, seats; and what a journey takes, from the facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from islandflow.ferry.audit.facts import Facts, label
from islandflow.ferry.plan import Boarding, Ride, Sailing
from islandflow.passengers.access import joined
from islandflow.violation import Violation

MOST_RIDES = 2


@dataclass(frozen=True)
class Stretch:
    """A ride as it runs."""

    sailing: Sailing
    board: str
    alight: str
    departs: int
    arrives: int


@dataclass(frozen=True)
class Journey:
    """Minutes of a boarding, door to door. ``shift`` from the wanted departure; ``walk`` between the boats, ``wait`` for the second."""

    access: int
    egress: int
    rides: int
    walk: int
    wait: int
    changes: int
    shift: int

    @property
    def door_to_door(self) -> int:
        """Minutes from leaving the place to reaching the other one."""
        return self.access + self.rides + self.walk + self.wait + self.egress


def stretch_of(facts: Facts, taken: Ride) -> Stretch | None:
    """The stretch a ride names (call numbers count from 1), None if there is none such."""
    sailing = facts.by_id.get(taken.sailing)
    if sailing is None or not 1 <= taken.board < taken.alight <= len(sailing.calls):
        return None
    a, b = sailing.calls[taken.board - 1], sailing.calls[taken.alight - 1]
    if a.departs is None or b.arrives is None or a.port == b.port:
        return None
    return Stretch(sailing, a.port, b.port, a.departs, b.arrives)


def _stretches(facts: Facts, boarding: Boarding) -> list[Stretch] | None:
    """Stretches of a boarding of the plan if it is a way of travelling at all: real rides, joined by land at both ends and between."""
    kept = facts.memory.get(id(boarding))
    if kept is None or kept[0] is not boarding:
        kept = facts.memory[id(boarding)] = (boarding, _joined_stretches(facts, boarding))
    found: list[Stretch] | None = kept[1]
    return found


def _joined_stretches(facts: Facts, boarding: Boarding) -> list[Stretch] | None:
    found = [s for s in (stretch_of(facts, ride) for ride in boarding.rides) if s is not None]
    if not found or len(found) < len(boarding.rides):
        return None
    if len({s.sailing.id for s in found}) < len(found):
        return None
    if found[0].board not in facts.access.ports.get(boarding.from_place, {}):
        return None
    if found[-1].alight not in facts.access.ports.get(boarding.to_place, {}):
        return None
    if any(second.board not in facts.access.change[first.alight] for first, second in pairwise(found)):
        return None
    return found


def journey(facts: Facts, boarding: Boarding) -> Journey | None:
    """What a boarding takes; None if it is no way of travelling."""
    found = _stretches(facts, boarding)
    if found is None:
        return None
    walks = [facts.access.change[a.alight][b.board] for a, b in pairwise(found)]
    waits = [b.departs - a.arrives - walk for (a, b), walk in zip(pairwise(found), walks, strict=True)]
    return Journey(
        access=facts.access.ports[boarding.from_place][found[0].board],
        egress=facts.access.ports[boarding.to_place][found[-1].alight],
        rides=sum(s.arrives - s.departs for s in found),
        walk=sum(walks),
        wait=sum(waits),
        changes=len(found) - 1,
        shift=abs(found[0].departs - boarding.wanted),
    )


def ride(facts: Facts) -> Iterator[Violation]:
    """A boarding names real stretches of different sailings that its places reach by land. Amount: people."""
    for boarding in facts.plan.boardings:
        if _stretches(facts, boarding) is None and not any(taken.sailing in facts.unsound for taken in boarding.rides):
            unit = _unit(boarding.segment)
            yield Violation("ride", label(boarding), abs(boarding.people), unit, "no such way of travelling", "没有这样的行程")


def transfers(facts: Facts) -> Iterator[Violation]:
    """One change of boats at most (amount: rides too many), and none where a line goes through (amount: people)."""
    for boarding in facts.plan.boardings:
        over = len(boarding.rides) - MOST_RIDES
        if over > 0:
            yield Violation("transfers", label(boarding), over, "ride", "one change of boats at most", "至多换乘一次")
        elif over == 0 and _line_goes_through(facts, boarding):
            unit = _unit(boarding.segment)
            yield Violation("transfers", label(boarding), boarding.people, unit, "a line goes there directly", "有直达航线,不应换乘")


def transfer_time(facts: Facts) -> Iterator[Violation]:
    """A change lasts at least the minimum and at most the longest wait, the walk between the quays apart. Amount in minutes."""
    least = facts.scenario.whole("minimum_transfer_min")
    most = facts.scenario.whole("longest_transfer_wait_min")
    for boarding in facts.plan.boardings:
        for first, second in pairwise(_stretches(facts, boarding) or ()):
            wait = second.departs - first.arrives - facts.access.change[first.alight][second.board]
            if wait < least:
                yield Violation("transfer-time", label(boarding), least - wait, "min", f"{least} min at least", f"至少 {least} 分钟")
            if wait > most:
                yield Violation("transfer-time", label(boarding), wait - most, "min", f"{most} min at most", f"至多 {most} 分钟")


def shift_window(facts: Facts) -> Iterator[Violation]:
    """Nobody boards farther from the wanted minute than the shift window. Amount in minutes."""
    window = facts.scenario.whole("shift_window_min")
    for boarding in facts.plan.boardings:
        found = _stretches(facts, boarding)
        over = abs(found[0].departs - boarding.wanted) - window if found else 0
        if over > 0:
            yield Violation("shift-window", label(boarding), over, "min", f"{window} min at most", f"至多 {window} 分钟")


def group_size(facts: Facts) -> Iterator[Violation]:
    """No more people travel than want to, and a boarding has at least one. Amount: people."""
    seated: Counter[tuple[str, str, str, int]] = Counter()
    names: dict[tuple[str, str, str, int], str] = {}
    for boarding in facts.plan.boardings:
        names[boarding.group] = label(boarding)
        seated[boarding.group] += max(0, boarding.people)
        if boarding.people < 1:
            yield Violation("group-size", label(boarding), 1 - boarding.people, _unit(boarding.segment), "nobody boards", "无人乘船")
    for key, people in seated.items():
        size = facts.groups[key].size if key in facts.groups else 0
        if people > size:
            yield Violation("group-size", names[key], people - size, _unit(key[2]), f"{size} want to travel", f"出行 {size} 人")


@lru_cache(maxsize=1)  # every obligation asks for them; Facts are equal only to themselves
def loads(facts: Facts) -> dict[str, list[dict[str, int]]]:
    """People by segment on each leg of each sailing."""
    found: dict[str, list[dict[str, int]]] = {s.id: [Counter() for _ in s.calls[1:]] for s in facts.sailings}
    for boarding in facts.plan.boardings:
        for taken in boarding.rides:
            if stretch_of(facts, taken) is not None:
                for leg in range(taken.board - 1, taken.alight - 1):
                    found[taken.sailing][leg][boarding.segment] += boarding.people
    return found


def seats(facts: Facts) -> Iterator[Violation]:
    """People on a leg have seats. Amount: people too many."""
    yield from _overfull(facts, "seats", on_deck=False)


def vehicle_deck(facts: Facts) -> Iterator[Violation]:
    """Vehicles on a leg have room on deck. Amount: vehicles too many."""
    yield from _overfull(facts, "vehicle-deck", on_deck=True)


def _overfull(facts: Facts, rule: str, on_deck: bool) -> Iterator[Violation]:
    aboard = loads(facts)
    for sailing, fleet in facts.manned():
        room = fleet.vehicle_deck if on_deck else fleet.seats
        for (a, b, _, _), people in zip(sailing.legs(), aboard[sailing.id], strict=True):
            count = people.get("vehicle", 0) if on_deck else sum(n for segment, n in people.items() if segment != "vehicle")
            if count > room:
                unit, en, zh = "vehicle" if on_deck else "person", f"{count} aboard, room for {room}", f"{count},容量 {room}"
                yield Violation(rule, f"{sailing.id} {a}-{b}", count - room, unit, en, zh)


def _line_goes_through(facts: Facts, boarding: Boarding) -> bool:
    start, end = boarding.from_place, boarding.to_place
    return start in facts.access.ports and end in facts.access.ports and joined(facts.access, facts.through, start, end)


def _unit(segment: str) -> str:
    return "vehicle" if segment == "vehicle" else "person"


RULES = (ride, transfers, transfer_time, shift_window, group_size, seats, vehicle_deck)
