"""Who boards what: never over capacity, never more than want to, and never better than the best there is."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from islandflow.ferry.plan import Boarding, Ride, Sailing
from islandflow.passengers.groups import passenger_groups
from islandflow.passengers.seating import seat_passengers
from islandflow.scenario.entities import LandLink
from islandflow.units import clock
from tests.ferry.builders import SERVICE, audit, changed, ride, round_trip, sail, tiny, told, wish

PEOPLE_RULES = {"ride", "transfers", "transfer-time", "shift-window", "group-size", "seats", "vehicle-deck"}


def hop(name: str, ends: str, departs: int, vessel: str = "boat-01") -> Sailing:
    return sail(name, f"{ends[0]} {clock(departs)}, {clock(departs + 30)} {ends[1]}", vessel)


def seats(scenario, sailings) -> tuple[Boarding, ...]:
    return seat_passengers(scenario, SERVICE, sailings)


def price(scenario, sailings, boardings) -> int:
    money = audit(scenario, sailings, *boardings).money
    return money.travellers + money.left_behind


def broken(scenario, sailings, boardings) -> set[str]:
    """Rules of passengers that a seating breaks; the timetable itself is none of its business."""
    return {rule for rule, _, _ in told(audit(scenario, sailings, *boardings))} & PEOPLE_RULES


def test_the_nearest_boat_is_taken():
    sailings = [hop("early", "HA", 420), hop("near", "HA", 500), hop("late", "HA", 600)]
    found = seats(tiny(demand=(wish("HA", 4),)), sailings)
    assert found == (Boarding("h", "a", "resident", 510, 4, (Ride("near", 1, 2),)),)


def test_a_full_boat_leaves_the_rest_to_the_next():
    sailings = [hop("near", "HA", 500), hop("late", "HA", 600)]
    found = seats(tiny(demand=(wish("HA", 14),)), sailings)
    assert {b.rides[0].sailing: b.people for b in found} == {"near": 10, "late": 4}


def test_without_any_boat_nobody_travels():
    assert seats(tiny(demand=(wish("HA", 4),)), []) == ()
    assert seats(tiny(demand=(wish("HA", 4),)), [hop("home", "AH", 500)]) == ()


def test_residents_come_before_visitors():
    demand = (wish("HA", 8, segment="visitor"), wish("HA", 8))
    found = seats(tiny(demand=demand), [hop("only", "HA", 510)])
    assert {b.segment: b.people for b in found} == {"resident": 8, "visitor": 2}


def test_on_a_tie_residents_come_first():
    even = {"left_behind_visitor_cny": 600, "value_of_time_visitor_cny_h": 25}
    demand = (wish("HA", 8, segment="visitor"), wish("HA", 8))
    found = seats(tiny(demand=demand, settings=even), [hop("only", "HA", 510)])
    assert {b.segment: b.people for b in found} == {"resident": 8, "visitor": 2}


def test_vehicles_take_the_deck_and_no_seat():
    demand = (wish("HA", 10), wish("HA", 5, segment="vehicle"))
    found = seats(tiny(demand=demand), [hop("only", "HA", 510)])
    assert {b.segment: b.people for b in found} == {"resident": 10, "vehicle": 2}


@pytest.mark.parametrize(("departs", "people"), [(750, 3), (751, 0), (270, 3), (269, 0)])
def test_nobody_waits_beyond_the_window(departs, people):
    found = seats(tiny(demand=(wish("HA", 3),)), [hop("only", "HA", departs)])
    assert sum(b.people for b in found) == people


# the wanted minute is 08:30, B is reached at 09:25
@pytest.mark.parametrize(("departs", "people"), [(579, 0), (580, 2), (715, 2), (716, 0)])
def test_a_change_needs_its_time(departs, people):
    sailings = [sail("one", "H 08:30, 09:00 A 09:00, 09:25 B"), hop("two", "BC", departs, "boat-02")]
    found = seats(tiny(demand=(wish("HC", 2),)), sailings)
    assert found == ((Boarding("h", "c", "resident", 510, 2, (ride("one", 1, 3), ride("two"))),) if people else ())


def test_nobody_changes_where_a_line_goes_through():
    sailings = [hop("one", "HA", 510), hop("two", "AB", 560, "boat-02")]
    assert seats(tiny(demand=(wish("HB", 2),)), sailings) == ()


def test_land_is_used_at_both_ends():
    scenario = tiny(demand=(wish("CB", 2),), land_links=(LandLink("c", "H", 10), LandLink("A", "b", 20)))
    assert [b.rides for b in seats(scenario, [hop("one", "HA", 510)])] == [(ride("one"),)]


def test_a_dear_way_is_no_better_than_staying():
    scenario = tiny(demand=(wish("HA", 2),), settings={"left_behind_resident_cny": 12.5})
    assert seats(scenario, [hop("one", "HA", 510)]) == ()  # half an hour costs as much
    assert len(seats(changed_left(scenario, 12.51), [hop("one", "HA", 510)])) == 1


def changed_left(scenario, yuan):
    return changed(scenario, "settings", "left_behind_resident_cny", value=yuan)


def test_one_moves_for_another_who_has_no_other_boat():
    # the through boat takes ten; the people of A could as well sail a little later
    sailings = [sail("long", "H 08:30, 09:00 A 09:00, 09:25 B"), hop("short", "HA", 520, "boat-02")]
    scenario = tiny(demand=(wish("HA", 10), wish("HB", 10, segment="visitor")))
    found = seats(scenario, sailings)
    assert {(b.to_place, b.rides[0].sailing): b.people for b in found} == {("a", "short"): 10, ("b", "long"): 10}


def test_the_same_timetable_seats_the_same():
    scenario, sailings = tiny(demand=(wish("HA", 37), wish("AH", 12, 9), wish("HB", 22, 9))), BUSY
    assert seats(scenario, sailings) == seats(scenario, sailings)


BUSY = [
    *round_trip("08:00-08:30", "08:40-09:10"), *round_trip("09:20-09:50", "10:00-10:30", prefix="T"),
    sail("U1", "H 08:35, 09:05 A 09:05, 09:30 B", "boat-02"), sail("U2", "B 10:00, 10:30 A 10:30, 11:00 H", "boat-02"),
]  # fmt: skip

times = st.integers(360, 1200)
ends = st.sampled_from(["HA", "AH", "AB", "BA", "HB", "BH", "BC", "CB", "HC"])
wishes = st.lists(
    st.tuples(ends, st.integers(1, 30), st.integers(6, 20), st.sampled_from(["resident", "visitor", "medical", "vehicle"])),
    max_size=8, unique_by=lambda w: (w[0], w[3]),
)  # fmt: skip


@st.composite
def timetables(draw: st.DrawFn) -> list[Sailing]:
    found = []
    for number in range(draw(st.integers(0, 9))):
        calls = draw(st.sampled_from(["HA", "AH", "HAB", "BAH", "BC", "CB", "AB", "HABH", "HACB"]))
        minute, part = draw(times), []
        for i, name in enumerate(calls):
            part.append(f"{clock(minute) if i else ''} {name} {clock(minute) if i < len(calls) - 1 else ''}")
            minute += 30
        found.append(sail(f"S{number}", ",".join(part), f"boat-{1 + number % 3:02d}"))
    return found


@settings(max_examples=60, deadline=None)
@given(wishes, timetables(), st.integers(1, 20))
def test_no_rule_of_passengers_is_ever_broken(asked, sailings, room):
    demand = tuple(wish(pair, people, hour, segment) for pair, people, hour, segment in asked)
    scenario = changed(tiny(demand=demand), "fleets", "boat", seats=room)
    found = seats(scenario, sailings)
    assert broken(scenario, sailings, found) == set()
    sizes = {g.key: g.size for g in passenger_groups(scenario, SERVICE)}
    seated: Counter[tuple[str, str, str, int]] = Counter()
    for boarding in found:
        assert boarding.people > 0
        seated[boarding.group] += boarding.people
    assert all(seated[key] <= sizes[key] for key in seated)
    # nobody pays more than staying costs
    assert price(scenario, sailings, found) <= price(scenario, sailings, ())


@settings(max_examples=40, deadline=None)
@given(wishes, timetables(), times)
def test_one_more_sailing_breaks_nothing(asked, sailings, departs):
    scenario = tiny(demand=tuple(wish(pair, people, hour, segment) for pair, people, hour, segment in asked))
    more = [*sailings, hop("more", "HA", departs, "boat-03")]
    assert broken(scenario, more, seats(scenario, more)) == set()


def small_case(random: Random):
    """A scenario of at most three groups, at most four sailings, few seats; and the seats of a boat."""
    room = random.randint(1, 4)
    pairs = random.sample(["HA", "AB", "HB"], random.randint(1, 3))
    demand = tuple(wish(pair, random.randint(1, 4), random.randint(7, 10)) for pair in pairs)
    sailings = []
    for number in range(random.randint(1, 4)):
        calls, minute, stops = random.choice(["HA", "AB", "HAB"]), random.randint(420, 660), []
        for i, name in enumerate(calls):
            stops.append(f"{clock(minute) if i else ''} {name} {clock(minute) if i < len(calls) - 1 else ''}")
            minute += 30
        sailings.append(sail(f"S{number}", ",".join(stops), f"boat-{number + 1:02d}"))
    return changed(tiny(demand=demand), "fleets", "boat", seats=room, count=4), sailings, room


def test_never_better_than_the_best_and_nearly_as_good():
    random, found, best, agree = Random(1), 0, 0, 0
    for _ in range(200):
        scenario, sailings, room = small_case(random)
        ours, least = price(scenario, sailings, seats(scenario, sailings)), brute_force(scenario, sailings, room)
        assert least <= ours
        found, best, agree = found + ours, best + least, agree + (ours == least)
    assert agree >= 180
    assert found <= 1.01 * best


def brute_force(scenario, sailings, room) -> int:
    """The least price of seating residents on direct rides, person by person."""
    options = defaultdict(list)
    for s, sailing in enumerate(sailings):
        for i, a in enumerate(sailing.calls[:-1]):
            for j in range(i + 1, len(sailing.calls)):
                options[a.port.lower(), sailing.calls[j].port.lower()].append((s, i, j, a.departs, sailing.calls[j].arrives))
    first = [sum(len(x.calls) - 1 for x in sailings[:s]) for s in range(len(sailings))]
    groups = passenger_groups(scenario, SERVICE)
    people = [g for g in groups for _ in range(g.size)]

    @cache
    def cheapest(person: int, free: tuple[int, ...]) -> int:
        if person == len(people):
            return 0
        group = people[person]
        best = 600_00 + cheapest(person + 1, free)
        for s, i, j, departs, arrives in options[group.from_place, group.to_place]:
            legs = range(first[s] + i, first[s] + j)
            if all(free[leg] for leg in legs) and abs(departs - group.wanted) <= 240:
                left = tuple(n - (leg in legs) for leg, n in enumerate(free))
                # 25 yuan an hour, half of it for the shift
                fare = (2500 * (100 * (arrives - departs) + 50 * abs(departs - group.wanted)) + 3000) // 6000
                best = min(best, fare + cheapest(person + 1, left))
        return best

    return cheapest(0, (room,) * sum(len(s.calls) - 1 for s in sailings))


def test_a_large_timetable_is_seated_to_the_last_place():
    """A day of 1,200 sailings with 48,000 seats for 54,000 people: no seat is left over, and the audit agrees."""
    segments = ("resident", "visitor", "commuter")
    scenario = tiny(demand=tuple(replace(wish("HA", 18_000, segment=segment), profile="day") for segment in segments))
    profile = tuple(replace(scenario.profiles[h], profile="day", share=1 / 12) for h in range(7, 19))
    boats = replace(scenario.fleets["boat"], count=99, seats=40)
    scenario = replace(scenario, fleets={"boat": boats}, profiles=profile)
    sailings = [hop(f"S{n}", "HA", 400 + n * 2 // 3, f"boat-{n % 99 + 1:02d}") for n in range(1200)]
    found = seats(scenario, sailings)
    assert sum(b.people for b in found) == 48_000
    assert broken(scenario, sailings, found) == set()
    left = {segment: 18_000 - sum(b.people for b in found if b.segment == segment) for segment in segments}
    assert left == {"resident": 0, "visitor": 6_000, "commuter": 0}
