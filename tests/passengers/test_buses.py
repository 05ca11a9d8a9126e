"""Journeys with timed buses: against brute force on tiny seas, properties, rules exact to the minute, and a plan's folder read."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.passengers.bus_trips import BusTrip, Halt, Meeting, later, waiting
from islandflow.passengers.journeys import Journey, Rules, earliest_arrival, journeys_via, pareto_journeys, pareto_ways
from islandflow.passengers.land import NEVER, land_ways
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.scenario.entities import LandLink
from tests.ferry.builders import SEA, sail
from tests.passengers import bus_days
from tests.passengers.bus_days import BUS_ISLANDS, every_journey, random_bus, village_sea, with_buses
from tests.passengers.test_journeys import random_sailing

TRIALS = 100
NODES = ["H", "A", "B", "C", "h", "V", "V", "W", "W", "X", "x"]
RULES = Rules(10, 15, to_bus=4, to_boat=10)


def random_day(seed: int) -> RunningDay:
    rng = random.Random(seed)
    return bus_days.random_day(seed, [random_sailing(rng, n) for n in range(rng.randint(3, 8))])


def measures(journey: Journey) -> tuple[int, int, int, int, int]:
    return (journey.departs, journey.arrives, journey.boats, journey.buses, journey.fare_fen)


def sound(day: RunningDay, journey: Journey, rules: Rules) -> bool:
    """Whether the legs hang together, and keep the times between what comes before and after."""
    place = {p.port_id: p.place_id for p in day.scenario.ports.values()}
    between = {("", "boat"): rules.check_in, ("", "bus"): 0, ("boat", "boat"): rules.transfer, ("boat", "bus"): rules.to_bus,
               ("bus", "bus"): rules.to_bus, ("bus", "boat"): rules.to_boat or 0}  # fmt: skip
    now, at, mode, boats, buses = journey.departs, journey.legs[0].from_node if journey.legs else "", "", 0, 0
    for leg in journey.legs:
        if place.get(leg.from_node, leg.from_node) != place.get(at, at):
            return False
        if leg.mode in ("boat", "bus"):
            if leg.departs - now < between[mode, leg.mode] or not _runs(day, leg.sailing, leg.board - 1, leg.alight - 1, leg.departs, leg.arrives):
                return False
            mode = leg.mode
            boats, buses = boats + (mode == "boat"), buses + (mode == "bus")
        elif leg.departs < now:
            return False
        now, at = leg.arrives, leg.to_node
    return (now, boats, buses) == (journey.arrives, journey.boats, journey.buses) and sum(x.fare_fen for x in journey.legs) == journey.fare_fen


def _runs(day: RunningDay, trip: str, board: int, alight: int, departs: int, arrives: int) -> bool:
    halts = {t.trip: t.halts for t in day.buses}.get(trip)
    calls = {s.id: s.calls for s in day.sailings}.get(trip)
    ends: Sequence[object] = halts if halts is not None else calls or ()
    return (getattr(ends[board], "departs", None), getattr(ends[alight], "arrives", None)) == (departs, arrives)


@pytest.mark.parametrize("block", range(3))
def test_pareto_journeys_agree_with_brute_force(block: int) -> None:
    several = ridden = 0
    for seed in range(block * TRIALS, (block + 1) * TRIALS):
        day, rng = random_day(seed), random.Random(seed)
        rules = Rules(rng.choice([0, 10]), rng.choice([0, 15, 30]), rng.choice([1, 2, 4]), rng.choice([0, 4]), rng.choice([0, 10]))
        start, end = _ends(rng)
        depart, arrive = rng.choice([0, 400, 480]), rng.choice([600, 720, 2880])
        got = [j for j in pareto_journeys(day, start, end, depart, arrive, rules) if j.rides]
        wanted = every_journey(day, _place(start), _place(end), depart, arrive, rules)
        assert {measures(j) for j in got} == wanted, (seed, start, end)
        assert len(got) == len(wanted)
        assert all(sound(day, j, rules) for j in got)
        several += len(wanted) > 1
        ridden += any(j.boats and j.buses for j in got)
    assert several > TRIALS // 10
    assert ridden > TRIALS // 20


def test_earliest_arrival_agrees_with_brute_force() -> None:
    reached = 0
    for seed in range(200):
        day, rng = random_day(seed), random.Random(seed)
        rules = Rules(rng.choice([0, 10]), rng.choice([0, 15]), 9, rng.choice([0, 4]), rng.choice([0, 10]))
        start, end = _ends(rng)
        depart = rng.choice([0, 400, 480, 560])
        by_land = bus_days.land_of(day.scenario).get((_place(start), _place(end)))
        arrivals = [m[1] for m in every_journey(day, _place(start), _place(end), depart, 2880, rules)] + ([depart + by_land[0]] if by_land else [])
        got = earliest_arrival(day, start, end, depart, rules)
        assert (got.arrives if got else None) == min(arrivals, default=None), seed
        if got:
            reached += got.buses > 0
            assert got.departs >= depart
            assert sound(day, got, rules)
    assert reached > 25


def _ends(rng: random.Random) -> tuple[str, str]:
    start, end = rng.sample(NODES, 2)
    return (start, end) if _place(start) != _place(end) else ("V", "H")


def _place(node: str) -> str:
    return "x" if node == "X" else node


ENDS = st.sampled_from([("H", "V"), ("V", "W"), ("W", "H"), ("X", "V"), ("C", "W"), ("V", "h"), ("x", "H")])


@given(st.integers(0, 10_000), st.integers(0, 10_000), ENDS, st.integers(300, 700))
@settings(max_examples=80, deadline=None)
def test_an_added_bus_never_makes_an_arrival_later(seed: int, other: int, ends: tuple[str, str], depart: int) -> None:
    day = random_day(seed)
    more = with_buses(day.scenario, day.sailings, [*day.buses, random_bus(random.Random(other), 99)])
    assert _arrives(more, ends, depart, RULES) <= _arrives(day, ends, depart, RULES)
    front, wider = pareto_journeys(day, *ends, depart, rules=RULES), pareto_journeys(more, *ends, depart, rules=RULES)
    assert all(any(_as_good(x, j) for x in wider) for j in front)


@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(0, 60), ENDS, st.integers(300, 700), st.integers(0, 3))
@settings(max_examples=120, deadline=None)
def test_a_longer_transfer_never_makes_an_arrival_earlier(seed: int, less: int, more: int, ends: tuple[str, str], depart: int, which: int) -> None:
    day, name = random_day(seed), ("check_in", "transfer", "to_bus", "to_boat")[which]
    quick, slow = (replace(RULES, **{name: m}) for m in sorted((less, more)))
    assert _arrives(day, ends, depart, quick) <= _arrives(day, ends, depart, slow)


@given(st.integers(0, 10_000), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_a_whole_day_shifts_with_its_boats_and_buses(seed: int, minutes: int) -> None:
    day = random_day(seed)
    moved = [later(t, minutes) for t in day.buses]
    sailings = [replace(s, calls=tuple(replace(c, arrives=_plus(c.arrives, minutes), departs=_plus(c.departs, minutes)) for c in s.calls)) for s in day.sailings]
    after = with_buses(day.scenario, sailings, moved)
    found = {measures(j) for j in pareto_journeys(day, "V", "H", 300, rules=RULES) if j.rides}
    shifted = {measures(j) for j in pareto_journeys(after, "V", "H", 300 + minutes, rules=RULES) if j.rides}
    assert shifted == {(d + minutes, a + minutes, *rest) for d, a, *rest in found}


def _plus(minute: int | None, more: int) -> int | None:
    return None if minute is None else minute + more


def _arrives(day: RunningDay, ends: tuple[str, str], depart: int, rules: Rules) -> int:
    found = earliest_arrival(day, *ends, depart, rules)
    return found.arrives if found else NEVER


def _as_good(a: Journey, b: Journey) -> bool:
    if not b.rides:
        return not a.rides
    if not a.rides:
        return a.arrives - a.departs <= b.arrives - b.departs and a.fare_fen <= b.fare_fen
    return a.departs >= b.departs and a.arrives <= b.arrives and (a.boats, a.buses) <= (b.boats, b.buses) and a.fare_fen <= b.fare_fen


# A has a village V three kilometres off (38 minutes on foot: too far), X is a quarter of an hour from B
METRES = {"AV": 3000, "BX": 1200}
OUT = BusTrip("r1", "van-01", (Halt("A", None, 514), Halt("V", 524, None)), 12, 7, meets=(Meeting("S1", 514, 10),))
IN = BusTrip("r2", "van-01", (Halt("V", None, 550), Halt("A", 560, None)), 12, 5)
S1, S2 = sail("S1", "H 08:00, 08:30 A"), sail("S2", "A 09:30, 10:00 H")


def day_of(*buses: BusTrip, links: Sequence[LandLink] = (), sailings: Sequence[object] = (S1, S2)) -> RunningDay:
    return with_buses(village_sea(METRES, links), sailings, buses)


@pytest.mark.parametrize(("to_bus", "arrives"), [(4, 524), (5, None)])
def test_from_boat_to_bus_is_exact_to_the_minute(to_bus: int, arrives: int | None) -> None:
    found = earliest_arrival(day_of(OUT), "H", "V", 0, replace(RULES, to_bus=to_bus))
    assert (found.arrives if found else None) == arrives


@pytest.mark.parametrize(("to_boat", "arrives"), [(10, 600), (11, None)])
def test_from_bus_to_boat_is_exact_to_the_minute(to_boat: int, arrives: int | None) -> None:
    found = earliest_arrival(day_of(IN), "V", "H", 550, replace(RULES, to_boat=to_boat))
    assert (found.arrives if found else None) == arrives


def test_a_bus_is_boarded_at_its_minute() -> None:
    assert earliest_arrival(day_of(IN), "V", "H", 550, RULES) is not None
    assert earliest_arrival(day_of(IN), "V", "H", 551, RULES) is None
    (way,) = pareto_journeys(day_of(IN), "V", "h", rules=RULES)
    assert (way.departs, way.arrives, way.boats, way.buses, way.transfers) == (550, 600, 1, 1, 1)
    assert next((x.mode, x.from_node, x.to_node, x.vessel, x.board, x.alight) for x in way.legs) == ("bus", "V", "A", "van-01", 1, 2)


def test_a_run_from_a_quay_is_boarded_there_alone() -> None:
    """Nobody rides from village to village on a run that was planned from the quay; on a bus that stops for all they do."""
    run = BusTrip("r", "van-01", (Halt("A", None, 514), Halt("V", 524, None), Halt("W", 530, None)))
    bus = BusTrip("b", "van-01", (Halt("A", None, 514), Halt("V", 524, 525), Halt("W", 530, None)))
    scenario = village_sea({"AV": 3000, "VW": 3000})
    assert earliest_arrival(with_buses(scenario, [], [run]), "V", "W", 0, RULES) is None
    found = earliest_arrival(with_buses(scenario, [], [bus]), "V", "W", 0, RULES)
    assert found is not None
    assert (found.departs, found.arrives, found.buses) == (525, 530, 1)


def test_fewer_boats_come_before_fewer_buses() -> None:
    """At the same minutes one boat and two buses beat two boats and a bus, and one bus beats two."""
    scenario = village_sea({"AV": 3000, "VW": 3000, "BX": 3000})
    first, second = (BusTrip("r3", "van-02", (Halt("A", None, 514), Halt("W", 520, None))), BusTrip("r4", "van-03", (Halt("W", None, 524), Halt("V", 534, None))))
    whole = BusTrip("r5", "van-04", (Halt("A", None, 514), Halt("V", 534, None)))
    round_about = [S1, sail("S8", "H 07:00, 07:30 B"), sail("S9", "B 07:50, 08:20 A", "boat-02")]
    for buses, most in (([first, second], 2), ([first, second, whole], 1)):
        ways = pareto_journeys(with_buses(scenario, round_about, buses), "H", "V", 470, rules=RULES)
        assert [(w.boats, w.buses, w.arrives) for w in ways] == [(1, most, 534)]


@pytest.mark.parametrize(("longest", "minutes"), [(15, 15), (14, NEVER)])
def test_a_walk_along_the_road_stays_possible_up_to_its_longest(longest: int, minutes: int) -> None:
    land = land_ways(village_sea(METRES, longest_walk=longest), BUS_ISLANDS)
    assert land.minutes[land.index["B"], land.index["X"]] == minutes
    assert land.index["X"] == land.index["x"]  # the settlement goes by the name of its place
    if minutes < NEVER:
        assert [(x.mode, x.to_node) for x in land.legs(land.index["b"], land.index["X"])] == [("walk", "x")]


def test_no_second_walk_follows_a_walk() -> None:
    land = land_ways(village_sea({"AV": 1600, "VW": 1600}), BUS_ISLANDS)
    a, v, w = (land.index[n] for n in ("A", "V", "W"))
    assert (land.minutes[a, v], land.minutes[v, w], land.minutes[a, w]) == (20, 20, NEVER)


@pytest.mark.parametrize(("link", "minutes"), [(LandLink("x", "B", 5, 0.0), 15), (LandLink("x", "B", 5, 2.0), 5), (LandLink("x", "B", 5, 0.0, 20), 5)])
def test_a_drive_that_nobody_offers_gives_way_to_the_bus(link: LandLink, minutes: int) -> None:
    """Without fare and headway a link to a quay is an estimate of a drive; where the buses are told it is not used."""
    scenario = village_sea(METRES, [link])
    land = land_ways(scenario, BUS_ISLANDS)
    assert land.minutes[land.index["x"], land.index["B"]] == minutes
    plain = land_ways(scenario)
    assert plain.minutes[plain.index["x"], plain.index["B"]] == 5
    assert "V" not in plain.index


@pytest.mark.parametrize(("late", "leaves"), [(0, 514), (6, 520), (10, 524), (11, 514)])
def test_a_bus_waits_for_a_late_boat_as_long_as_its_plan_has_room(late: int, leaves: int) -> None:
    (out, home) = waiting([OUT, IN], {"S1": late})
    assert out.halts[0].departs == leaves
    assert out.halts[1].arrives == leaves + 10
    assert home == IN


def test_a_via_rides_on() -> None:
    found = journeys_via(day_of(OUT, IN), ["H", "V", "H"], 20, rules=RULES)
    assert [measures(j) for j in found] == [(470, 600, 2, 2, found[0].fare_fen)]
    assert journeys_via(day_of(OUT, IN), ["H", "V", "H"], 27, rules=RULES) == ()


def test_ways_into_a_place_are_those_of_each_start() -> None:
    for seed in range(40):
        day = random_day(seed)
        rows, begins = pareto_ways(day, "H", RULES)
        for k, start in enumerate(day.land.nodes):
            found = pareto_journeys(day, start, "H", rules=RULES, boats_only=True)
            assert sorted((r[0], r[1], r[3], r[2]) for r in rows[begins[k] : begins[k + 1]].tolist()) == sorted(j.measures for j in found)


@pytest.mark.parametrize("halts", [
    (Halt("A", None, 500),), (Halt("A", 500, None), Halt("V", 510, None)), (Halt("A", None, 500), Halt("V", None, 510)),
    (Halt("A", None, 500), Halt("V", 500, None)), (Halt("A", None, 500), Halt("W", None, None), Halt("V", 510, None)),
    (Halt("A", None, 500), Halt("W", 505, 504), Halt("V", 510, None)),
])  # fmt: skip
def test_a_trip_that_no_bus_can_drive_is_refused(halts: tuple[Halt, ...]) -> None:
    with pytest.raises(ValueError, match="r1"):
        BusTrip("r1", "van-01", halts)


def test_a_day_without_buses_is_what_it_was() -> None:
    scenario = village_sea(METRES)
    plain = running_day(scenario, SEA, land_ways(scenario), [S1, S2])
    assert len(plain.stands) == plain.land.ports
    assert [measures(j) for j in pareto_journeys(plain, "H", "A", rules=RULES)] == [measures(j) for j in pareto_journeys(day_of(OUT), "H", "A", rules=RULES)]
