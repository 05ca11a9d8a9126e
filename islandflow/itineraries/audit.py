"""The audit of a trip, from the wish and the boats of its days alone: it shares nothing with the problem or the solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from islandflow.itineraries.plan import Itinerary, Move, Night, Visit
from islandflow.itineraries.wish import Stop, Wish
from islandflow.passengers.running_day import RunningDay
from islandflow.violation import Violation


def audit_itinerary(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> tuple[Violation, ...]:
    """Everything that a trip breaks; empty if it keeps the wish."""
    return tuple(v for rule in (connected, boats, windows, stays, pace, nights, once, money, home) for v in rule(wish, trip, days))


def connected(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """Every step begins where and when the one before ended, days in order; minutes short."""
    place, day, now = wish.start, wish.dates[0], wish.leave_after
    for step in trip.steps:
        if isinstance(step, Night):
            if step.place != place or step.day != day:
                yield Violation("connected", f"night {step.place}", 1, "place")
            following = [d for d in wish.dates if d > step.day]
            place, now = step.place, wish.morning
            day = following[0] if following else step.day
            continue
        begins = step.journey.departs if isinstance(step, Move) else step.arrives
        origin = step.from_node if isinstance(step, Move) else step.place
        if step.day != day or origin != place:
            yield Violation("connected", f"{step.day} {origin}", 1, "place")
        if begins < now:
            yield Violation("connected", f"{step.day} {origin}", now - begins, "min")
        day, place = step.day, step.to_node if isinstance(step, Move) else step.place
        now = step.journey.arrives if isinstance(step, Move) else step.leaves


def boats(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """Every ride is a sailing of its day, boarded in time: check-in before the first boat, the transfer time between two; minutes short."""
    for move in trip.moves:
        day = days.get(move.day)
        now, number = move.journey.departs, 0
        place = move.from_node
        sailings = {s.id: s for s in day.sailings} if day else {}
        for leg in move.journey.legs:
            if leg.mode == "boat":
                calls = sailings[leg.sailing].calls if leg.sailing in sailings else ()
                if (
                    not 1 <= leg.board < leg.alight <= len(calls)
                    or (calls[leg.board - 1].port, calls[leg.board - 1].departs) != (leg.from_node, leg.departs)
                    or (calls[leg.alight - 1].port, calls[leg.alight - 1].arrives) != (leg.to_node, leg.arrives)
                ):
                    yield Violation("boats", f"{move.day} {leg.sailing}", 1, "ride")
                scenario = day.scenario if day else None
                needed = scenario.whole("minimum_transfer_min" if number else "check_in_min") if scenario else 0
                short = needed - (leg.departs - now)
                number += 1
            else:
                known = {
                    x.minutes for x in (day.scenario.land_links if day else ()) if {x.from_node, x.to_node} == {leg.from_node, leg.to_node}
                }
                short = now - leg.departs
                if leg.mode == "land" and leg.arrives - leg.departs not in known:
                    yield Violation("boats", f"{move.day} {leg.from_node}-{leg.to_node}", 1, "link")
            if short > 0:
                yield Violation("boats", f"{move.day} {leg.from_node}", short, "min")
            if not _same(day, place, leg.from_node):
                yield Violation("boats", f"{move.day} {leg.from_node}", 1, "place")
            now, place = leg.arrives, leg.to_node
        if now != move.journey.arrives and move.journey.legs:
            yield Violation("boats", f"{move.day} {move.to_node}", abs(now - move.journey.arrives), "min")
        if not _same(day, place, move.to_node):
            yield Violation("boats", f"{move.day} {move.to_node}", 1, "place")


def _same(day: RunningDay | None, a: str, b: str) -> bool:
    """Whether two nodes are one: a port is at its place, a place at its ports."""
    if day is None or a == b:
        return a == b
    ports = day.scenario.ports
    return (ports[a].place_id if a in ports else a) == (ports[b].place_id if b in ports else b)


def windows(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """A visit lies within the opening hours and lasts its shortest stay; minutes short."""
    stops = _stops(wish)
    for v in _visits(trip):
        stop = stops.get(v.place)
        if stop is None:
            yield Violation("windows", v.place, 1, "stop")
            continue
        late = max(stop.opens - v.begins, v.arrives - v.begins, v.begins + stop.shortest - stop.closes)
        if late > 0:
            yield Violation("windows", f"{v.day} {v.place}", late, "min")


def stays(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """Who leaves has stayed the shortest stay and rested, and no longer than the longest unless a night follows; minutes."""
    stops = _stops(wish)
    for v, following in zip(trip.steps, (*trip.steps[1:], None), strict=True):
        if not isinstance(v, Visit) or v.place not in stops:
            continue
        stop = stops[v.place]
        short = stop.shortest + wish.rest - (v.leaves - v.begins)
        if short > 0:
            yield Violation("stays", f"{v.day} {v.place}", short, "min")
        over = v.leaves - v.arrives - stop.longest if stop.longest else 0
        if over > 0 and not isinstance(following, Night):
            yield Violation("stays", f"{v.day} {v.place}", over, "min", "too long", "停留过久")


def pace(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """No day has more visits than the pace; visits too many."""
    for day, visits in Counter(v.day for v in _visits(trip)).items():
        if visits > wish.visits:
            yield Violation("pace", f"{day}", visits - wish.visits, "visit")


def nights(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """Nights are where there are beds, at their price, reached in time."""
    for before, night in pairwise((None, *trip.steps)):
        if not isinstance(night, Night):
            continue
        if wish.beds.get(night.place) != night.price_fen:
            yield Violation("nights", f"{night.day} {night.place}", 1, "bed")
        end = before.journey.arrives if isinstance(before, Move) else before.leaves if isinstance(before, Visit) else 0
        if end > wish.night_by:
            yield Violation("nights", f"{night.day} {night.place}", end - wish.night_by, "min")


def once(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """A stop is seen once, and the worth is that of what is seen."""
    stops = _stops(wish)
    for place, times in Counter(trip.places).items():
        if times > 1:
            yield Violation("once", place, times - 1, "visit")
    worth = sum(stops[p].worth for p in set(trip.places) if p in stops)
    if worth != trip.worth:
        yield Violation("once", "worth", abs(worth - trip.worth), "point")


def money(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """Fares, fees and beds of the whole party add up, and stay within the budget; fen."""
    stops = _stops(wish)
    each = sum(leg.fare_fen for m in trip.moves for leg in m.journey.legs)
    each += sum(stops[p].fee_fen for p in trip.places if p in stops) + sum(s.price_fen for s in trip.steps if isinstance(s, Night))
    if each * wish.party != trip.spent_fen:
        yield Violation("money", "spent", abs(each * wish.party - trip.spent_fen), "fen")
    if wish.budget_fen and each * wish.party > wish.budget_fen:
        yield Violation("money", "budget", each * wish.party - wish.budget_fen, "fen")


def home(wish: Wish, trip: Itinerary, days: Mapping[date, RunningDay]) -> Iterator[Violation]:
    """The party is home in time, on one of its days: a promise, not a wish; minutes late."""
    last = trip.steps[-1] if trip.steps else None
    if not isinstance(last, Move) or last.to_node != wish.home or last.day not in wish.dates:
        yield Violation("home", wish.home, 1, "trip")
    elif last.journey.arrives > wish.home_by:
        yield Violation("home", wish.home, last.journey.arrives - wish.home_by, "min")


def _stops(wish: Wish) -> dict[str, Stop]:
    return {s.place: s for s in wish.stops}


def _visits(trip: Itinerary) -> list[Visit]:
    return [s for s in trip.steps if isinstance(s, Visit)]
