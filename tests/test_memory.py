"""Functions that remember: the very same things, the same answer; a twin is asked anew; no more are kept than said."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.memory import remembered


@dataclass(frozen=True)
class Thing:
    number: int


def test_the_same_things_are_asked_once_and_equal_ones_again() -> None:
    asked: list[int] = []

    @remembered(2)
    def doubled(thing: Thing, word: str) -> int:
        asked.append(thing.number)
        return 2 * thing.number

    one, twin = Thing(1), Thing(1)
    assert [doubled(one, "a"), doubled(one, "".join(["a"])), doubled(thing=one, word="a"), doubled(one, "b"), doubled(twin, "a")] == [2] * 5
    assert len(asked) == 4  # first, by name, other word, twin
    doubled(one, "a")  # forgotten: two others came since
    assert len(asked) == 5


def test_what_is_kept_cannot_be_taken_for_another_at_its_address() -> None:
    @remembered(1)
    def number(thing: Thing) -> int:
        return thing.number

    assert [number(Thing(n)) for n in range(200)] == list(range(200))


def test_an_error_is_not_remembered() -> None:
    calls: list[int] = []

    @remembered(1)
    def wrong(thing: Thing) -> int:
        calls.append(thing.number)
        raise KeyError(thing.number)

    one = Thing(3)
    for _ in range(2):
        try:
            wrong(one)
        except KeyError:
            continue
    assert calls == [3, 3]
