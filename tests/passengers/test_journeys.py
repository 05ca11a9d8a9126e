"""Journeys against brute force on tiny seas, and properties that any timetable search must have."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.ferry.plan import Call, Sailing
from islandflow.passengers.journeys import Journey, Rules, earliest_arrival, journeys_via, pareto_journeys
from islandflow.passengers.land import NEVER, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import Fare, LandLink, Scenario
from tests.ferry.builders import SEA, fleet, line, sail, tiny

Measures = tuple[int, int, int, int]
TRIALS = 150


def random_day(seed: int) -> RunningDay:
    rng = random.Random(seed)
    ends = "HABC"
    links = [
        LandLink(a, b, rng.randint(1, 60), rng.choice([0.0, 2.0, 5.5]))
        for a, b in [("H", "A"), ("A", "B"), ("B", "C"), ("c", "B"), ("h", "C")]
        if rng.random() < 0.35
    ]
    fares = tuple(Fare(a, b, s, rng.choice([5.0, 10.0, 30.0])) for a in ends for b in ends if a < b for s in ("fast", "normal"))
    scenario = tiny(land_links=tuple(links), fares=fares, fleets=[fleet("boat"), fleet("jet", speed_kn=25.0)])
    return running_day(scenario, SEA, land_ways(scenario), [random_sailing(rng, n) for n in range(rng.randint(1, 7))])


def random_sailing(rng: random.Random, number: int) -> Sailing:
    ports = rng.sample("HABC", rng.randint(2, 4))
    if len(ports) == 3 and rng.random() < 0.3:
        ports.append(ports[0])
    now = 360 + 10 * rng.randint(0, 30)
    calls = [Call(ports[0], None, now)]
    for port in ports[1:]:
        now += rng.randint(1, 6) * 10
        calls.append(Call(port, now, now + rng.choice([0, 5, 20])))
        now = calls[-1].departs or now
    calls[-1] = Call(calls[-1].port, calls[-1].arrives, None)
    return Sailing(f"S{number}", "+", rng.choice(["boat-01", "jet-01"]), tuple(calls))


def land_of(scenario: Scenario) -> dict[tuple[str, str], tuple[int, int]]:
    """Minutes and fen of the quickest ways, by relaxing links until nothing changes; written apart from the code under test."""
    nodes = [*scenario.ports, *scenario.places]
    best = {(n, n): (0, 0) for n in nodes}
    edges = [(x.from_node, x.to_node, x.minutes, round(x.fare_yuan * 100)) for x in scenario.land_links]
    edges += [(p.port_id, p.place_id, 0, 0) for p in scenario.ports.values()]
    edges += [(b, a, m, f) for a, b, m, f in edges]
    for _ in nodes:
        for start in nodes:
            for a, b, minutes, fare in edges:
                if (start, a) in best:
                    found = (best[start, a][0] + minutes, best[start, a][1] + fare)
                    best[start, b] = min(found, best.get((start, b), found))
    return best


def brute(day: RunningDay, start: str, end: str, depart: int, arrive: int, rules: Rules) -> set[Measures]:
    land = land_of(day.scenario)
    fares = {(f.speed, *sorted((f.from_port, f.to_port))): round(f.fare_yuan * 100) for f in day.scenario.fares}
    found: list[Measures] = []

    def go(port: str, now: int, begun: int, boats: int, paid: int) -> None:
        if (port, end) in land:
            minutes, fare = land[port, end]
            if now + minutes <= arrive:
                found.append((begun, now + minutes, boats, paid + fare))
        if boats == rules.most_boats:
            return
        for board_at, alight_at, departs, arrives, fare in stretches:
            if (port, board_at) in land and now + land[port, board_at][0] + rules.transfer <= departs:
                go(alight_at, arrives, begun, boats + 1, paid + land[port, board_at][1] + fare)

    stretches = []
    for s in day.sailings:
        speed = "fast" if s.vessel.startswith("jet") else "normal"
        for i, a in enumerate(s.calls):
            for b in s.calls[i + 1 :]:
                if a.port != b.port:
                    stretches.append((a.port, b.port, a.departs, b.arrives, fares[(speed, *sorted((a.port, b.port)))]))
    for board_at, alight_at, departs, arrives, fare in stretches:
        if (start, board_at) in land:
            begun = departs - rules.check_in - land[start, board_at][0]
            if begun >= depart:
                go(alight_at, arrives, begun, 1, land[start, board_at][1] + fare)
    if (start, end) in land:
        minutes, price = land[start, end]
        found = [f for f in found if f[1] - f[0] < minutes or f[3] < price]
    return {f for f in found if not any(g != f and g[0] >= f[0] and g[1] <= f[1] and g[2] <= f[2] and g[3] <= f[3] for g in found)}


def sound(day: RunningDay, journey: Journey, rules: Rules) -> bool:
    """Whether the legs hang together, and keep check-in and transfer times."""
    now, place, boats = journey.departs, journey.legs[0].from_node if journey.legs else "", 0
    for leg in journey.legs:
        if {leg.from_node.lower(), place.lower()} != {place.lower()}:  # a place and its quay are one
            return False
        if leg.mode == "boat":
            call = {s.id: s for s in day.sailings}[leg.sailing].calls
            if (call[leg.board - 1].port, call[leg.board - 1].departs) != (leg.from_node, leg.departs):
                return False
            if (call[leg.alight - 1].port, call[leg.alight - 1].arrives) != (leg.to_node, leg.arrives):
                return False
            if leg.departs - now < (rules.transfer if boats else rules.check_in):
                return False
            boats += 1
        elif leg.departs < now:
            return False
        now, place = leg.arrives, leg.to_node
    return (now, boats) == (journey.arrives, journey.boats) and sum(x.fare_fen for x in journey.legs) == journey.fare_fen


@pytest.mark.parametrize("block", range(3))
def test_pareto_journeys_agree_with_brute_force(block: int) -> None:
    several = 0
    for seed in range(block * TRIALS, (block + 1) * TRIALS):
        day, rng = random_day(seed), random.Random(seed)
        rules = Rules(rng.choice([0, 10]), rng.choice([0, 15, 30]), rng.choice([1, 2, 4]))
        start, end = rng.sample(["H", "A", "B", "C", "h", "c"], 2)
        depart, arrive = rng.choice([0, 400, 480]), rng.choice([600, 720, 2880])
        got = [j for j in pareto_journeys(day, start, end, depart, arrive, rules) if j.boats]
        wanted = brute(day, start, end, depart, arrive, rules)
        assert {j.measures for j in got} == wanted, (seed, start, end)
        assert len(got) == len(wanted)
        assert all(sound(day, j, rules) for j in got)
        several += len(wanted) > 1
    assert several > TRIALS // 10


def test_earliest_arrival_agrees_with_brute_force() -> None:
    reached = 0
    for seed in range(600):
        day, rng = random_day(seed), random.Random(seed)
        rules = Rules(rng.choice([0, 10]), rng.choice([0, 15]), 9)
        start, end = rng.sample(["H", "A", "B", "C", "h", "c"], 2)
        depart = rng.choice([0, 400, 480, 560])
        by_land = land_of(day.scenario).get((start, end))
        arrivals = [m[1] for m in brute(day, start, end, depart, 2880, rules)] + ([depart + by_land[0]] if by_land else [])
        got = earliest_arrival(day, start, end, depart, rules)
        assert (got.arrives if got else None) == min(arrivals, default=None), seed
        if got:
            reached += got.boats > 0
            assert got.departs >= depart
            assert sound(day, got, rules)
    assert reached > 100


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.sampled_from(["HA", "HB", "AC", "CH"]), st.integers(300, 700))
@settings(max_examples=120, deadline=None)
def test_an_added_sailing_never_makes_an_arrival_later(seed: int, other: int, ends: str, depart: int) -> None:
    day = random_day(seed)
    more = running_day(day.scenario, SEA, day.land, [*day.sailings, random_sailing(random.Random(other), 99)])
    assert _arrives(more, ends, depart, Rules(10, 15)) <= _arrives(day, ends, depart, Rules(10, 15))
    front, wider = pareto_journeys(day, *ends, depart), pareto_journeys(more, *ends, depart)
    assert all(any(_as_good(x, j) for x in wider) for j in front)


@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(0, 60), st.sampled_from(["HA", "HB", "AC", "CH"]), st.integers(300, 700))
@settings(max_examples=120, deadline=None)
def test_a_longer_transfer_never_makes_an_arrival_earlier(seed: int, less: int, more: int, ends: str, depart: int) -> None:
    day = random_day(seed)
    quick, slow = sorted((less, more))
    assert _arrives(day, ends, depart, Rules(10, quick)) <= _arrives(day, ends, depart, Rules(10, slow))
    assert _arrives(day, ends, depart, Rules(quick, 15)) <= _arrives(day, ends, depart, Rules(slow, 15))


@given(st.integers(0, 10_000), st.integers(1, 300))
@settings(max_examples=60, deadline=None)
def test_a_whole_day_shifts_with_its_boats(seed: int, later: int) -> None:
    day = random_day(seed)
    moved = [
        Sailing(s.id, s.line, s.vessel, tuple(Call(c.port, _plus(c.arrives, later), _plus(c.departs, later)) for c in s.calls))
        for s in day.sailings
    ]
    after = running_day(day.scenario, SEA, day.land, moved)
    shifted = {(d + later, a + later, n, f) for d, a, n, f in _boats(day, "H", "B", 300)}
    assert _boats(after, "H", "B", 300 + later) == shifted


def _plus(minute: int | None, later: int) -> int | None:
    return None if minute is None else minute + later


def _boats(day: RunningDay, start: str, end: str, depart: int) -> set[Measures]:
    return {j.measures for j in pareto_journeys(day, start, end, depart) if j.boats}


def _arrives(day: RunningDay, ends: str, depart: int, rules: Rules) -> int:
    found = earliest_arrival(day, ends[0], ends[1], depart, rules)
    return found.arrives if found else NEVER


def _as_good(a: Journey, b: Journey) -> bool:
    if not b.boats:
        return not a.boats
    if not a.boats:
        return a.arrives - a.departs <= b.arrives - b.departs and a.fare_fen <= b.fare_fen
    return a.departs >= b.departs and a.arrives <= b.arrives and a.boats <= b.boats and a.fare_fen <= b.fare_fen


def day_of(*sailings: Sailing, links: Sequence[LandLink] = ()) -> RunningDay:
    scenario = tiny(land_links=tuple(links))
    return running_day(scenario, SEA, land_ways(scenario), sailings)


@pytest.mark.parametrize(("transfer", "boats"), [(15, 2), (16, 0)])
def test_a_transfer_is_exact_to_the_minute(transfer: int, boats: int) -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A"), sail("S2", "A 08:45, 09:30 B"))
    found = earliest_arrival(day, "H", "B", 470, Rules(10, transfer))
    assert (found.boats if found else 0) == boats


@pytest.mark.parametrize(("depart", "reached"), [(470, True), (471, False)])
def test_check_in_is_exact_to_the_minute(depart: int, reached: bool) -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A"))
    assert (earliest_arrival(day, "H", "A", depart, Rules(10, 15)) is not None) is reached
    assert bool(pareto_journeys(day, "H", "A", depart, rules=Rules(10, 15))) is reached


def test_staying_aboard_needs_no_transfer_time() -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A 08:31, 09:00 B"))
    (journey,) = pareto_journeys(day, "H", "B", rules=Rules(10, 60))
    assert (journey.boats, journey.transfers, journey.arrives) == (1, 0, 540)


@pytest.mark.parametrize(("by", "count"), [(540, 1), (539, 0)])
def test_arrive_by_is_exact_to_the_minute(by: int, count: int) -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A 08:31, 09:00 B"))
    assert len(pareto_journeys(day, "H", "B", arrive=by)) == count


@pytest.mark.parametrize(("stay", "arrives"), [(30, 630), (50, 630), (51, 690)])
def test_a_via_keeps_its_stay_and_checks_in_again(stay: int, arrives: int) -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A"), sail("S2", "A 09:30, 10:30 B"), sail("S3", "A 10:30, 11:30 B"))
    found = journeys_via(day, ["H", "A", "B"], stay, rules=Rules(10, 15))
    assert min(j.arrives for j in found) == arrives


def test_a_land_link_joins_two_boats() -> None:
    day = day_of(sail("S1", "H 08:00, 08:30 A"), sail("S2", "B 09:05, 09:40 C"), links=[LandLink("A", "B", 20, 2.0)])
    journey = earliest_arrival(day, "h", "c", 0, Rules(10, 15))
    assert journey is not None
    assert [leg.mode for leg in journey.legs] == ["boat", "land", "boat"]
    assert earliest_arrival(day, "h", "c", 0, Rules(10, 16)) is None


def test_a_line_runs_on_its_weekdays_alone() -> None:
    scenario = tiny(lines=[line("HA", "HA", 30, days="26")])
    sailings = [sail("S1", "H 08:00, 08:30 A", line="HA"), sail("S2", "H 09:00, 09:30 A", line="+")]
    tuesday = running_day(scenario, SEA, land_ways(scenario), sailings, date(2026, 7, 7))
    wednesday = running_day(scenario, SEA, land_ways(scenario), sailings, date(2026, 7, 8))
    assert [s.id for s in tuesday.sailings] == ["S1", "S2"]
    assert [s.id for s in wednesday.sailings] == ["S2"]


def test_unknown_places_are_refused() -> None:
    with pytest.raises(KeyError):
        earliest_arrival(day_of(), "H", "Z", 0)
