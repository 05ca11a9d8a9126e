"""Who boards what on a given timetable: whole people, first those who would lose most, residents before visitors on a tie.

A heuristic for timetables made by hand and for plans on the way; deterministic, and never over capacity. Groups are seated by
regret; then people move to a cheaper way that has room, or take the seat of others to whom their next best way costs less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from islandflow.ferry.plan import Boarding, Ride, Sailing
from islandflow.passengers.access import land_access, line_stretches
from islandflow.passengers.groups import Group, passenger_groups
from islandflow.passengers.offers import Offers
from islandflow.scenario.entities import Scenario
from islandflow.units import fen

PASSES = 20  # of improvement; most of the gain is in the first two
WAYS_TRIED = 100  # cheaper ways that a party tries to get into by moving others
Party = tuple[int, int]  # group, way


def seat_passengers(scenario: Scenario, service: str, sailings: Sequence[Sailing]) -> tuple[Boarding, ...]:
    """Boardings of all groups of a service pattern on the given sailings.

    Every sailing is taken as it stands (whether it may run is the audit's business). KeyError for a vessel that does not exist.
    """
    seating = seating_on(scenario, service, sailings)
    seating.settle()
    return seating.boardings()


def book_ahead(scenario: Scenario, service: str, sailings: Sequence[Sailing], kept: Mapping[str, int]) -> Counter[str]:
    """People served by segment if visitors book weeks ahead and residents come later, each on the cheapest way with room.

    ``kept`` seats by sailing are closed to visitors until the residents are seated, and open to all after that. Nobody gives up a seat
    once taken, so this is no best seating but what an unguarded sale does.
    """
    seating = seating_on(scenario, service, sailings)
    free = seating.room.free[0]
    held = [kept.get(s.id, 0) for s in sailings for _ in s.calls[1:]]
    visitors = [i for i in seating.order if seating.wishes[i].group.segment == "visitor"]
    others = [i for i in seating.order if seating.wishes[i].group.segment != "visitor"]
    for order, sign in ((visitors, -1), (others, 1), (visitors, 0)):
        if sign:
            free[:] = [f + sign * h for f, h in zip(free, held, strict=True)]
        seating.fill(order)
    served: Counter[str] = Counter()
    for wish in seating.wishes:
        served[wish.group.segment] += wish.group.size - wish.waiting
    return served


def seating_on(scenario: Scenario, service: str, sailings: Sequence[Sailing]) -> Seating:
    """Nobody aboard yet."""
    offers = Offers(scenario, sailings, land_access(scenario), line_stretches(scenario, service))
    wishes = []
    for group in passenger_groups(scenario, service):
        left = fen(scenario.number(f"left_behind_{group.segment}_cny"))
        ways, prices = offers.ways(group, left)
        wishes.append(Wish(group, left, ways.tolist(), prices.tolist(), int(group.segment == "vehicle")))
    return Seating(wishes, offers, Room(scenario, sailings), sailings)


@dataclass
class Wish:
    """A group, its ways by price (offer numbers and fen), and who sits where: people by way."""

    group: Group
    left_fen: int
    ways: list[int]
    prices: list[int]
    deck: int
    seated: dict[int, int] = field(default_factory=dict)
    waiting: int = 0
    hint: int = 0

    def __post_init__(self) -> None:
        self.waiting = self.group.size

    @property
    def loss(self) -> int:
        """Fen a person lost by staying, and by having to take the second best way."""
        second = self.prices[1] if len(self.prices) > 1 else self.left_fen
        return self.left_fen + second - 2 * self.prices[0]


class Room:
    """Seats and deck places left, by leg; legs of all sailings are numbered through."""

    def __init__(self, scenario: Scenario, sailings: Sequence[Sailing]) -> None:
        self.first: list[int] = []
        self.free: tuple[list[int], list[int]] = ([], [])
        for sailing in sailings:
            fleet = scenario.vessel_fleet(sailing.vessel)
            self.first.append(len(self.free[0]))
            self.free[0].extend([fleet.seats] * (len(sailing.calls) - 1))
            self.free[1].extend([fleet.vehicle_deck] * (len(sailing.calls) - 1))


class Seating:
    """Groups, the ways open to each on a timetable, and who takes which."""

    def __init__(self, wishes: list[Wish], offers: Offers, room: Room, sailings: Sequence[Sailing]) -> None:
        self.wishes, self.offers, self.room, self.sailings = wishes, offers, room, sailings
        self.known: dict[int, tuple[int, ...]] = {}
        # who sits on a leg, people and vehicles apart
        self.aboard: tuple[list[dict[Party, None]], list[dict[Party, None]]] = ([{} for _ in room.free[0]], [{} for _ in room.free[0]])
        self.order = sorted(
            (i for i, w in enumerate(wishes) if w.ways), key=lambda i: (-wishes[i].loss, wishes[i].group.segment == "visitor", i)
        )

    def settle(self) -> None:
        """Seats everybody by regret, then moves people while anything becomes cheaper."""
        self.fill(self.order)
        for _ in range(PASSES):
            if not self.improve():
                break

    def boardings(self) -> tuple[Boarding, ...]:
        """Who boards what."""
        return tuple(
            Boarding(
                wish.group.from_place, wish.group.to_place, wish.group.segment, wish.group.wanted, people,
                tuple(Ride(self.sailings[s].id, board + 1, alight + 1) for s, board, alight in self.offers.rides(wish.ways[way])),
            )
            for wish in self.wishes
            for way, people in sorted(wish.seated.items())
        )  # fmt: skip

    @property
    def cost(self) -> int:
        """Fen of all journeys and of those left behind."""
        return sum(
            wish.waiting * wish.left_fen + sum(people * wish.prices[way] for way, people in wish.seated.items()) for wish in self.wishes
        )

    def legs(self, offer: int) -> tuple[int, ...]:
        """Numbers of the legs of an offer."""
        found = self.known.get(offer)
        if found is None:
            found = tuple(self.room.first[s] + leg for s, board, alight in self.offers.rides(offer) for leg in range(board, alight))
            self.known[offer] = found
        return found

    def space(self, wish: Wish, way: int) -> int:
        """People of that group the way still takes."""
        free, legs = self.room.free[wish.deck], self.legs(wish.ways[way])
        return free[legs[0]] if len(legs) == 1 else min([free[leg] for leg in legs])

    def move(self, number: int, old: int | None, new: int | None, people: int) -> None:
        """People of a group from one way to another; None stands for being left behind."""
        wish = self.wishes[number]
        if not people:
            return
        for way, sign in ((old, 1), (new, -1)):
            if way is None:
                wish.waiting -= sign * people
                continue
            wish.seated[way] = wish.seated.get(way, 0) - sign * people
            if not wish.seated[way]:
                del wish.seated[way]
            for leg in self.legs(wish.ways[way]):
                self.room.free[wish.deck][leg] += sign * people
                if way in wish.seated:
                    self.aboard[wish.deck][leg][number, way] = None
                else:
                    self.aboard[wish.deck][leg].pop((number, way), None)

    def fill(self, order: Sequence[int]) -> None:
        """Groups in this order, each on its cheapest ways with room."""
        full: tuple[set[int], set[int]] = (set(), set())
        for number in order:
            wish = self.wishes[number]
            if not wish.waiting:
                continue
            shut = full[wish.deck]
            for way, offer in enumerate(wish.ways):
                if offer in shut:
                    continue
                space = self.space(wish, way)
                if space <= 0:
                    shut.add(offer)
                    continue
                self.move(number, None, way, min(space, wish.waiting))
                if not wish.waiting:
                    break

    def improve(self) -> bool:
        """One pass over all parties that do not travel on their cheapest way; whether anything became cheaper."""
        better = False
        for wish in self.wishes:
            wish.hint = 0
        for number in self.order:
            wish = self.wishes[number]
            if wish.waiting:
                better = self.better_off(number, None) or better
            for way in sorted(wish.seated, reverse=True):
                if way and way in wish.seated:
                    better = self.better_off(number, way) or better
        return better

    def better_off(self, number: int, now: int | None) -> bool:
        """Moves a party to cheaper ways, with room or by moving others at less than it gains."""
        wish, moved, tried = self.wishes[number], False, 0
        price = wish.left_fen if now is None else wish.prices[now]
        for way in range(len(wish.ways) if now is None else now):
            people = wish.waiting if now is None else wish.seated.get(now, 0)
            if not people or wish.prices[way] >= price:
                break
            space = self.space(wish, way)
            if space > 0:
                self.move(number, now, way, min(space, people))
                moved = True
                continue
            tried += 1
            if tried <= WAYS_TRIED:
                moved = self.push_in(number, now, way, price - wish.prices[way]) or moved
        return moved

    def push_in(self, number: int, now: int | None, way: int, gain: int) -> bool:
        """Takes seats of those to whom their next best way costs least more; whether anybody moved."""
        wish, moved = self.wishes[number], False
        legs, free = self.legs(wish.ways[way]), self.room.free[wish.deck]
        while people := (wish.waiting if now is None else wish.seated.get(now, 0)):
            full = [leg for leg in legs if free[leg] <= 0]
            if not full:
                self.move(number, now, way, min(people, self.space(wish, way)))
                moved = True
                continue
            best, cost = None, gain
            for other in self.aboard[wish.deck][full[0]]:
                if other[0] == number:
                    continue
                extra = self.next_best(other)
                if extra < cost and (len(full) == 1 or set(full) <= set(self.legs(self.wishes[other[0]].ways[other[1]]))):
                    best, cost = other, extra
            if best is None:
                return moved
            them = self.wishes[best[0]]
            goes = them.hint if them.hint < len(them.ways) else None
            amount = min(people, them.seated[best[1]])
            if goes is not None:
                amount = min(amount, self.space(them, goes))
            self.move(best[0], best[1], goes, amount)
            fits = min(amount, self.space(wish, way))
            # their new way may share a leg with ours: who left in vain goes back
            self.move(best[0], goes, best[1], amount - fits)
            if not fits:
                return moved
            self.move(number, now, way, fits)
            moved = True
        return moved

    def next_best(self, party: Party) -> int:
        """Fen a person that a party pays more on its cheapest way with room; ``hint`` is that way, past the last = left behind."""
        wish = self.wishes[party[0]]
        free, known, ways, hint = self.room.free[wish.deck], self.known, wish.ways, wish.hint
        # the innermost loop of all: `space`, written out
        while hint < len(ways):
            legs = known.get(ways[hint]) or self.legs(ways[hint])
            if free[legs[0]] > 0 and (len(legs) == 1 or min([free[leg] for leg in legs]) > 0):
                break
            hint += 1
        wish.hint = hint
        return (wish.prices[hint] if hint < len(ways) else wish.left_fen) - wish.prices[party[1]]
