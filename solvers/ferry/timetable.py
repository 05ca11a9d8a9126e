"""From chosen candidates to a timetable: sailings with ids, named vessels, passengers seated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from islandflow.ferry.plan import Call, Sailing
from islandflow.ferry.problem import FerryProblem


def sailing(problem: FerryProblem, candidate: int, vessel: str, number: int) -> Sailing:
    """The sailing of a candidate by a named vessel."""
    pattern = problem.patterns[problem.pattern_of(candidate)]
    minute = problem.minute(candidate)
    last = len(pattern.calls) - 1
    calls = tuple(
        Call(port, minute + pattern.arrives[i - 1] if i else None, minute + pattern.departs[i] if i < last else None)
        for i, port in enumerate(pattern.calls)
    )
    return Sailing(f"S{number:04d}", pattern.line, vessel, calls)


def timetable(problem: FerryProblem, days: Iterable[tuple[str, Sequence[int]]]) -> tuple[Sailing, ...]:
    """Sailings of all vessels' days, numbered by departure, then port, then vessel."""
    chosen = [(problem.minute(c), problem.patterns[problem.pattern_of(c)].calls, vessel, c) for vessel, day in days for c in day]
    return tuple(sailing(problem, c, vessel, n) for n, (_, _, vessel, c) in enumerate(sorted(chosen), start=1))
