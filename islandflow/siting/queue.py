"""Chargers: how many, so that nobody waits longer than promised (Erlang C), and how many at once for those that run to a timetable."""

from __future__ import annotations

from collections.abc import Iterable


def waiting(chargers: int, load: float) -> float:
    """Probability that one who comes must wait (Erlang C). load: arrivals an hour × hours of a charge; 1 if the queue grows for ever."""
    if load <= 0:
        return 0.0
    if chargers <= load:
        return 1.0
    blocked = 1.0
    for k in range(1, chargers + 1):
        blocked = load * blocked / (k + load * blocked)
    return chargers * blocked / (chargers - load * (1 - blocked))


def mean_wait(chargers: int, arrivals: float, minutes: int) -> float:
    """Mean minutes until a charger is free. arrivals: an hour; minutes: of a charge; inf if the queue grows for ever."""
    load = arrivals * minutes / 60
    if load <= 0:
        return 0.0
    if chargers <= load:
        return float("inf")
    return waiting(chargers, load) * minutes / (chargers - load)


def chargers_needed(arrivals: float, minutes: int, longest: float) -> int:
    """Fewest chargers whose mean wait is at most ``longest`` minutes; 0 if nobody comes."""
    if arrivals <= 0:
        return 0
    count = max(1, int(arrivals * minutes / 60))
    while mean_wait(count, arrivals, minutes) > longest:
        count += 1
    return count


def most_at_once(intervals: Iterable[tuple[int, int, int]]) -> int:
    """Largest sum of (begin, end, amount) that overlap; one that ends when another begins does not."""
    events = sorted((t, change) for begin, end, amount in intervals for t, change in ((begin, amount), (end, -amount)) if end > begin)
    now = most = 0
    for _, change in events:
        now += change
        most = max(most, now)
    return most
