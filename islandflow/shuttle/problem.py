"""The candidate set of an island day: routes of each quay, and the moments at which a run may begin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from islandflow.shuttle.day import LANDS, NO_WAY, IslandDay, longest_ride, ready, ready_late


@dataclass(frozen=True)
class Route:
    """A way from a quay over stops; run the other way round it brings people to the quay.

    rides: minutes on board to each stop; minutes: whole way with a dwell at every stop; metres: length.
    """

    quay: int
    stops: tuple[int, ...]
    rides: tuple[int, ...]
    minutes: int
    metres: int


@dataclass(frozen=True)
class Moment:
    """A run may leave (``out``) or reach a quay at ``minute``; the people it may carry, and until when the vehicle counts as busy.

    latest: the departure that a boat within its margin can force (``minute`` for runs to the quay). parties: (party, wait), rising.
    """

    out: bool
    quay: int
    minute: int
    latest: int
    parties: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class DayProblem:
    """Routes and moments of a day. A candidate run is a moment and a route all of whose stops have people then."""

    day: IslandDay
    routes: tuple[Route, ...]
    moments: tuple[Moment, ...]

    @property
    def floor(self) -> int:
        """Fen that no plan can avoid: everyone rides the direct way without waiting, or is paid for, whichever is less."""
        from islandflow.shuttle.day import person_fen  # noqa: PLC0415

        day, total = self.day, 0
        calls = {c.call_id: c for c in day.calls}
        for p in day.parties:
            direct = int(day.minutes[day.number(calls[p.call].quay), day.number(p.stop)])
            least = person_fen(0, direct, day.rules) if direct != NO_WAY else day.rules.unserved_fen
            total += p.people * min(least, day.rules.unserved_fen)
        return total


def day_problem(day: IslandDay) -> DayProblem:
    """All routes within the ride limit that no other route with the same stops and the same end beats, and all moments."""
    calls = {c.call_id: c for c in day.calls}
    wanted = defaultdict(set)
    for p in day.parties:
        wanted[day.number(calls[p.call].quay)].add(day.number(p.stop))
    routes = [r for quay in sorted(wanted) for r in _routes(day, quay, sorted(wanted[quay]))]
    return DayProblem(day, tuple(routes), tuple(_moments(day)))


def _routes(day: IslandDay, quay: int, stops: list[int]) -> list[Route]:
    limit = {s: longest_ride(int(day.minutes[quay, s]), day.rules) for s in stops if day.minutes[quay, s] != NO_WAY}
    best: dict[tuple[frozenset[int], int], list[Route]] = defaultdict(list)
    grown = [Route(quay, (), (), 0, 0)]
    for _ in range(day.rules.stops_per_run):
        longer = []
        for r in grown:
            at = r.stops[-1] if r.stops else quay
            for s in limit:
                if s in r.stops or day.minutes[at, s] == NO_WAY or r.minutes + int(day.minutes[at, s]) > limit[s]:
                    continue
                ride = r.minutes + int(day.minutes[at, s])
                longer.append(Route(quay, (*r.stops, s), (*r.rides, ride), ride + day.rules.dwell_min, r.metres + int(day.metres[at, s])))
        grown = longer
        for r in grown:
            _keep(best[frozenset(r.stops), r.stops[-1]], r)
    return [r for kept in best.values() for r in kept]


def _keep(kept: list[Route], new: Route) -> None:
    """Adds a route unless one of the same stops and end is as good for everyone, and drops those it beats."""

    def beats(a: Route, b: Route) -> bool:
        ride = dict(zip(b.stops, b.rides, strict=True))
        return a.metres <= b.metres and all(r <= ride[s] for s, r in zip(a.stops, a.rides, strict=True))

    if not any(beats(k, new) for k in kept):
        kept[:] = [k for k in kept if not beats(new, k)] + [new]


def _moments(day: IslandDay) -> list[Moment]:
    rules = day.rules
    groups: dict[tuple[bool, int], list[tuple[int, int, int]]] = defaultdict(list)
    calls = {c.call_id: c for c in day.calls}
    for n, p in enumerate(day.parties):
        call = calls[p.call]
        groups[call.kind == LANDS, day.number(call.quay)].append((ready(call, rules), ready_late(call, rules), n))
    found = []
    for (out, quay), members in sorted(groups.items()):
        sign = 1 if out else -1
        minutes = sorted({r + sign * k for r, _, _ in members for k in range(0, rules.longest_wait_min + 1, rules.step_min)})
        for m in minutes:
            here = [(late, n, sign * (m - r)) for r, late, n in members if 0 <= sign * (m - r) <= rules.longest_wait_min]
            for latest in sorted({max(m, late) for late, _, _ in here}) if out else [m]:
                may = tuple(sorted((n, wait) for late, n, wait in here if not out or late <= latest))
                found.append(Moment(out, quay, m, latest, may))
    return found
