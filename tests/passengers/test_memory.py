"""Searches that are kept: made once, the longest unused forgotten first, never more bytes than allowed."""

from __future__ import annotations

import numpy as np

from islandflow.passengers.journeys import pareto_journeys
from islandflow.passengers.memory import Memory
from islandflow.passengers.running_day import RunningDay
from islandflow.scenario.entities import Scenario
from tests.passengers.plans import SATURDAY, toy_published


def kept(memory: Memory, key: str, size: int, made: list[str]) -> None:
    def make() -> tuple[np.ndarray]:
        made.append(key)
        return (np.zeros(size, dtype=np.int8),)

    memory.get(key, make)


def test_the_longest_unused_is_forgotten_first() -> None:
    memory, made = Memory(100), list[str]()
    for key in ("a", "b", "a", "c", "a", "b"):
        kept(memory, key, 50, made)
    assert made == ["a", "b", "c", "b"]
    assert memory.size == 100


def test_what_is_larger_than_the_memory_is_made_and_not_kept() -> None:
    memory, made = Memory(100), list[str]()
    for key in ("a", "a"):
        kept(memory, key, 101, made)
    assert made == ["a", "a"]
    assert (memory.size, len(memory.items)) == (0, 0)


def day_of(toy: Scenario) -> RunningDay:
    found = toy_published(toy).running(SATURDAY)
    assert found is not None
    return found


def test_two_days_of_the_same_boats_do_not_share_what_is_kept(toy: Scenario) -> None:
    assert day_of(toy).token is not day_of(toy).token


def test_the_first_and_the_last_journeys_are_those_of_the_whole_list(toy: Scenario) -> None:
    day = day_of(toy)
    whole = pareto_journeys(day, "hub", "far-t")
    assert len(whole) > 1
    for most in range(1, len(whole) + 2):
        assert pareto_journeys(day, "hub", "far-t", most=most) == whole[:most]
        assert pareto_journeys(day, "hub", "far-t", most=-most) == whole[-most:]


def test_a_part_of_the_day_has_the_best_of_the_day_that_fit(toy: Scenario) -> None:
    day = day_of(toy)
    whole = pareto_journeys(day, "hub", "far-t")
    for first in whole:
        for last in whole:
            fit = tuple(j.measures for j in whole if j.departs >= first.departs and j.arrives <= last.arrives)
            assert tuple(j.measures for j in pareto_journeys(day, "hub", "far-t", first.departs, last.arrives)) == fit
