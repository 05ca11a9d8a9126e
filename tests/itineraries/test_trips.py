"""Trips against brute force on tiny seas, and the audit that shares nothing with the solver."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest

from islandflow.itineraries.audit import audit_itinerary
from islandflow.itineraries.plan import Itinerary, Move, Night, Visit
from islandflow.itineraries.problem import ItineraryProblem
from islandflow.itineraries.wish import Stop, Wish
from islandflow.passengers.journeys import Rules, pareto_journeys
from islandflow.passengers.land import NEVER, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Fare, LandLink
from solvers.itineraries.trips import best_trip, several_trips
from tests.ferry.builders import SEA, sail, tiny
from tests.passengers.test_journeys import random_sailing

FIRST = date(2026, 7, 6)


def random_case(seed: int) -> tuple[Wish, list[RunningDay]]:
    rng = random.Random(seed)
    links = tuple(LandLink(a, b, rng.randint(5, 60), rng.choice([0.0, 2.0])) for a, b in [("A", "B"), ("b", "C")] if rng.random() < 0.4)
    fares = tuple(Fare(a, b, "normal", rng.choice([5.0, 10.0, 30.0])) for a in "HABC" for b in "HABC" if a < b)
    scenario = tiny(land_links=links, fares=fares)
    land = land_ways(scenario)
    dates = tuple(FIRST + timedelta(days=n) for n in range(rng.choice([1, 1, 2, 3])))
    days = []
    for _ in dates:
        sailings = [replace(random_sailing(rng, n), vessel="boat-01") for n in range(rng.randint(3, 9))]
        days.append(running_day(scenario, SEA, land, sailings))
    stops = tuple(
        Stop(
            p,
            rng.randint(0, 9),
            o := rng.choice([0, 500]),
            o + rng.choice([300, 900]),
            s := rng.choice([0, 30, 90]),
            rng.choice([0, 0, s + 60]),
            100,
        )
        for p in rng.sample("abc", rng.randint(1, 3))
    )
    wish = Wish(
        "h", rng.choice(["h", "h", "c"]), dates, stops, 360, rng.choice([800, 1200]), 2, rng.choice([0, 0, 5_000, 12_000]), rng.choice([1, 2, 3]),
        rng.choice([0, 20]), {p: rng.choice([0, 2000]) for p in "abh" if rng.random() < 0.5}, 420, rng.choice([800, 1300]),
    )  # fmt: skip
    return wish, days


def brute(wish: Wish, days: list[RunningDay]) -> int | None:
    """The most worth of any trip that is home in time, by trying everything; None if nobody can be home."""
    best: list[int] = []
    stops = {s.place: s for s in wish.stops}

    def moves(d: int, a: str, b: str, ready: int, latest: int, opens: int) -> list[tuple[int, int, int]]:
        day = days[d]
        found = [
            (j.departs, j.arrives, j.fare_fen)
            for j in pareto_journeys(day, a, b, rules=Rules.of(day), boats_only=True)
            if ready <= j.departs <= latest
        ]
        i, j = day.land.index[a], day.land.index[b]
        if a != b and day.land.minutes[i, j] < NEVER:
            minutes = int(day.land.minutes[i, j])
            leaves = max(ready, min(latest, opens - minutes))
            found.append((leaves, leaves + minutes, int(day.land.fare_fen[i, j])))
        return found

    def go(d: int, place: str, ready: int, latest: int, seen: frozenset[str], today: int, spent: int, morning: bool) -> None:
        if wish.budget_fen and spent * wish.party > wish.budget_fen:
            return
        for _, arrives, fare in [
            *moves(d, place, wish.home, ready, latest, 0),
            *([(ready, ready, 0)] if place == wish.home and ready <= latest else []),
        ]:
            if arrives <= wish.home_by and not (wish.budget_fen and (spent + fare) * wish.party > wish.budget_fen):
                best.append(sum(stops[p].worth for p in seen))
        if today < wish.visits:
            for p, s in stops.items():
                if p in seen:
                    continue
                ways = [(ready, ready, 0)] if morning and p == place else moves(d, place, p, ready, latest, s.opens)
                for _, arrives, fare in ways:
                    begins = max(arrives, s.opens)
                    if begins + s.shortest <= s.closes:
                        until = arrives + s.longest if s.longest else 10**6
                        go(d, p, begins + s.shortest + wish.rest, until, seen | {p}, today + 1, spent + fare + s.fee_fen, False)
        if d + 1 < len(days):
            for bed, price in wish.beds.items():
                ways = [(ready, ready, 0)] if bed == place else moves(d, place, bed, ready, latest, 0)
                for _, arrives, fare in ways:
                    if arrives <= wish.night_by:
                        go(d + 1, bed, wish.morning, 10**6, seen, 0, spent + fare + price, True)

    go(0, wish.start, wish.leave_after, 10**6, frozenset(), 0, 0, True)
    return max(best, default=None)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_the_best_trip_is_that_of_brute_force_and_passes_the_audit(block: int) -> None:
    trips = 0
    for seed in range(60 * block, 60 * (block + 1)):
        wish, days = random_case(seed)
        found = best_trip(ItineraryProblem.of(wish, days), 5.0)
        wanted = brute(wish, days)
        assert (found.trip.worth if found.trip else None) == wanted, seed
        assert found.status == ("infeasible" if wanted is None else "optimal"), seed
        if found.trip and found.trip.moves:
            trips += 1
            assert audit_itinerary(wish, found.trip, dict(zip(wish.dates, days, strict=True))) == (), seed
            assert found.bound == found.trip.worth
    assert trips > 10


def simple(**changes: object) -> tuple[Wish, list[RunningDay]]:
    """H to A at eight, home at noon or five; A is worth 5, an hour at least."""
    scenario = tiny()
    day = running_day(scenario, SEA, land_ways(scenario), [
        sail("S1", "H 08:00, 08:30 A"), sail("S2", "A 12:00, 12:30 H"), sail("S3", "A 17:00, 17:30 H"), sail("S4", "A 09:00, 09:30 B"), sail("S5", "B 11:00, 11:30 A"),
    ])  # fmt: skip
    known: dict[str, object] = {
        "start": "h",
        "home": "h",
        "dates": (FIRST,),
        "stops": (Stop("a", 5, shortest=60), Stop("b", 3, shortest=60)),
        "rest": 0,
    }
    return Wish(**(known | changes)), [day]  # type: ignore[arg-type]


def solved(**changes: object) -> tuple[Wish, Itinerary, Mapping[date, RunningDay]]:
    wish, days = simple(**changes)
    found = best_trip(ItineraryProblem.of(wish, days))
    assert found.trip is not None
    return wish, found.trip, {FIRST: days[0]}


@pytest.mark.parametrize(("shortest", "worth"), [(20, 8), (21, 5)])
def test_a_stay_is_exact_to_the_minute(shortest: int, worth: int) -> None:
    # off at half past eight, ten minutes of check-in for the boat at nine; from B no boat comes back but in the evening's dark
    stops = (Stop("a", 5, shortest=shortest, closes=600), Stop("b", 3, shortest=60))
    wish, trip, days = solved(stops=stops)
    assert trip.worth == worth
    assert audit_itinerary(wish, trip, days) == ()


@pytest.mark.parametrize(("by", "worth"), [(750, 5), (749, 0)])
def test_the_way_home_is_a_promise(by: int, worth: int) -> None:
    wish, days = simple(home_by=by)
    found = best_trip(ItineraryProblem.of(wish, days))
    assert (found.trip.worth if found.trip else 0) == worth


def broken(trip: Itinerary, index: int, **facts: object) -> Itinerary:
    steps = list(trip.steps)
    steps[index] = replace(steps[index], **facts)  # type: ignore[arg-type]
    return replace(trip, steps=tuple(steps))


def test_the_audit_names_what_is_broken_and_by_how_much() -> None:
    wish, trip, days = solved(stops=(Stop("a", 5, shortest=60), Stop("b", 0, shortest=60)))
    assert [type(s) for s in trip.steps] == [Move, Visit, Move]
    visit = trip.steps[1]
    assert isinstance(visit, Visit)

    def told(changed_wish: Wish, changed: Itinerary) -> set[tuple[str, int, str]]:
        return {(v.rule, v.amount, v.unit) for v in audit_itinerary(changed_wish, changed, days)}

    assert told(wish, trip) == set()
    assert told(replace(wish, home_by=trip.home_at[1]), trip) == set()
    assert told(replace(wish, home_by=trip.home_at[1] - 1), trip) == {("home", 1, "min")}
    assert told(replace(wish, leave_after=471), trip) == {("connected", 1, "min")}
    assert told(wish, broken(trip, 1, begins=visit.arrives - 1)) == {("windows", 1, "min")}
    assert told(wish, broken(trip, 1, leaves=visit.begins + 59)) == {("stays", 1, "min")}
    assert told(wish, replace(trip, worth=9)) == {("once", 4, "point")}
    assert told(wish, replace(trip, spent_fen=trip.spent_fen + 3)) == {("money", 3, "fen")}
    assert told(replace(wish, budget_fen=trip.spent_fen - 1), trip) == {("money", 1, "fen")}
    stay = Stop("a", 5, opens=0, closes=visit.begins + 59, shortest=60)
    assert told(replace(wish, stops=(stay, wish.stops[1])), trip) == {("windows", 1, "min")}
    late = Stop("a", 5, shortest=60, longest=visit.leaves - visit.arrives - 1)
    assert told(replace(wish, stops=(late, wish.stops[1])), trip) == {("stays", 1, "min")}
    move = trip.moves[0]
    ride = replace(move.journey.legs[0], sailing="S9")
    assert ("boats", 1, "ride") in told(wish, broken(trip, 0, journey=replace(move.journey, legs=(ride,))))
    early = replace(move.journey, departs=move.journey.departs + 1)
    assert ("boats", 1, "min") in told(wish, broken(trip, 0, journey=early))
    night = replace(trip, steps=(*trip.steps[:2], Night(FIRST, "a", 100), *trip.steps[2:]))
    assert ("nights", 1, "bed") in told(wish, night)
    assert ("home", 1, "trip") in told(wish, replace(trip, steps=trip.steps[:2]))
    assert ("pace", 1, "visit") in told(replace(wish, visits=1), replace(trip, steps=(*trip.steps[:2], trip.steps[1], trip.steps[2])))
    assert ("once", 1, "visit") in told(wish, replace(trip, steps=(*trip.steps[:2], trip.steps[1], trip.steps[2])))


def test_several_trips_differ_in_what_they_see() -> None:
    wish, days = simple(stops=(Stop("a", 5, shortest=10), Stop("b", 3, shortest=30)))
    found = [f.trip for f in several_trips(ItineraryProblem.of(wish, days), 3) if f.trip]
    assert [t.worth for t in found] == sorted((t.worth for t in found), reverse=True)
    assert len({frozenset(t.places) for t in found}) == len(found) >= 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"party": 0}, "party"), ({"dates": ()}, "dates"), ({"dates": (FIRST, FIRST)}, "dates"), ({"stops": (Stop("a", 1), Stop("a", 2))}, "stops"), ({"home_by": 0}, "home_by")],
)  # fmt: skip
def test_a_wish_is_checked(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        simple(**changes)
    with pytest.raises(ValueError, match="longest"):
        Stop("a", 1, shortest=60, longest=59)
