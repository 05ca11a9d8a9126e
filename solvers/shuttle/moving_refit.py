"""A plan of an island day fitted to boats that leave or land a little earlier or later: the same vehicles, runs and order, new minutes.

For each vehicle the minutes of its runs are found at once, by dynamic programming over the moments that candidate runs may have; so what
comes out is a plan of the same candidates as the bound's. Who no longer fits on a run, or is new, takes a free seat that passes, or is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from islandflow.shuttle import day as facts
from islandflow.shuttle.audit import Book, audit_day, count_money
from islandflow.shuttle.day import LANDS, LEAVES, NO_WAY, Buses, IslandDay, Party
from islandflow.shuttle.plan import Charge, DayPlan, Halt, Load, Rest, Run, Unserved

FAR = 10**15
Duty = Run | Charge | Rest
Option = tuple[int, int, int]  # begins, free again at the latest, fen


@dataclass(frozen=True)
class Refit:
    """A plan and its fen; ``clean`` under the audit of island days."""

    plan: DayPlan
    fen: int
    clean: bool


def moments(day: IslandDay) -> dict[tuple[str, str], list[int]]:
    """Minutes at which candidate runs leave or reach a quay, by kind of boat and quay, rising."""
    found: dict[tuple[str, str], set[int]] = defaultdict(set)
    calls = {c.call_id: c for c in day.calls}
    for c in (calls[i] for i in {p.call for p in day.parties}):
        sign, first = (1 if c.kind == LANDS else -1), facts.ready(c, day.rules)
        found[c.kind, c.quay] |= {first + sign * k for k in range(0, day.rules.longest_wait_min + 1, day.rules.step_min)}
    return {k: sorted(v) for k, v in found.items()}


class Refitter:
    """Fits plans to one island day."""

    def __init__(self, day: IslandDay, minutes: Mapping[tuple[str, str], Sequence[int]] | None = None) -> None:
        """``minutes`` at which runs may be at a quay, by kind of boat and quay; those of the day's own people by default."""
        self.day, self.rules = day, day.rules
        self.calls = {c.call_id: c for c in day.calls}
        self.parties = {p.party_id: p for p in day.parties}
        self.at = {n: k for k, n in enumerate(day.nodes)}
        self.buses = {v: b for b in day.buses for v in facts.vehicle_ids(b)}
        self.empty = Book(day, DayPlan(()))
        self.ready = {p.party_id: facts.ready(self.calls[p.call], self.rules) for p in day.parties}
        self.late = {p.party_id: facts.ready_late(self.calls[p.call], self.rules) for p in day.parties}
        self.free: frozenset[str] | None = None
        self.prices: dict[tuple[int, int], int] = {}
        self.timings: dict[tuple[str, str, tuple[str, ...]], tuple[dict[str, int], int, int]] = {}
        self.minutes = moments(day) if minutes is None else minutes

    def refit(self, plan: DayPlan, free: frozenset[str] | None = None) -> Refit:
        """The plan on this day, judged."""
        return self.counted(self.fitted(plan, free))

    def fitted(self, plan: DayPlan, free: frozenset[str] | None = None) -> DayPlan:
        """The plan on this day; with ``free`` other runs than these keep their minute where they can."""
        self.free = free
        runs = [r for r in (self._boarded(r) for r in self._sized(plan.runs)) if r.loads]
        done: dict[str, list[Duty]] = {}
        homeless: list[Run] = []
        for vehicle in sorted({r.vehicle for r in runs}):
            mine = [r for r in runs if r.vehicle == vehicle]
            fixed: list[Duty] = [*(c for c in plan.charges if c.vehicle == vehicle), *(x for x in plan.rests if x.vehicle == vehicle)]
            while mine:
                found = self._timed(vehicle, mine, fixed)
                if found is not None:
                    done[vehicle] = found
                    break
                fewer = self._without_one(vehicle, mine, fixed)
                homeless += [r for r in mine if r not in fewer]
                mine = fewer
        for run in sorted(homeless, key=lambda r: (-sum(x.people for x in r.loads), r.run_id)):
            self._housed(run, done)
        kept = [x for duties in done.values() for x in duties]
        made = self._filled([x for x in kept if isinstance(x, Run)])
        charges = sorted((x for x in kept if isinstance(x, Charge)), key=lambda c: (c.vehicle, c.begins))
        return replace(made, charges=tuple(charges), rests=tuple(x for x in kept if isinstance(x, Rest)))

    def _housed(self, run: Run, done: dict[str, list[Duty]]) -> None:
        """Gives a run that no longer fits its vehicle to the one that takes it at least cost, if that is less than leaving its people."""
        people = sum(x.people for x in run.loads)
        best, where = people * self.rules.unserved_fen, None
        for vehicle, duties in done.items():
            if self.buses[vehicle].seats < people:
                continue
            mine = [x for x in duties if isinstance(x, Run)]
            found = self._timed(vehicle, [*mine, replace(run, vehicle=vehicle)], [x for x in duties if not isinstance(x, Run)])
            if found is not None:
                more = self._fen(vehicle, found) - self._fen(vehicle, duties)
                if more < best:
                    best, where = more, (vehicle, found)
        if where is not None:
            done[where[0]] = where[1]

    def _fen(self, vehicle: str, duties: Sequence[Duty]) -> int:
        """Ways and people's minutes of a vehicle's day."""
        buses, total = self.buses[vehicle], 0
        where = buses.base
        for what in duties:
            start, end = self._ends(what)
            total += facts.move_fen(max(0, int(self.day.metres[self.at[where], self.at[start]])), buses)
            if isinstance(what, Run):
                ride, _, metres = self.timing(what)
                total += facts.move_fen(metres, buses)
                for x in what.loads:
                    ready = self.ready[x.party]
                    total += x.people * self.price(what.begins - ready if what.kind == "out" else ready - what.ends, ride[self.parties[x.party].stop])
            where = end
        return total + facts.move_fen(max(0, int(self.day.metres[self.at[where], self.at[buses.base]])), buses)

    def counted(self, plan: DayPlan) -> Refit:
        """The plan with its fen and whether the audit finds nothing."""
        clean = audit_day(self.day, plan).clean
        return Refit(plan, count_money(Book(self.day, plan)).objective if clean else FAR, clean)

    def _sized(self, runs: Sequence[Run]) -> list[Run]:
        """Runs without those who are no longer there; of a party that has shrunk the ones who waited longest stay away."""
        over: dict[str, int] = defaultdict(int)
        for r in runs:
            for x in r.loads:
                over[x.party] += x.people
        for p in over:
            over[p] -= self.parties[p].people if p in self.parties else 0
        found = {r.run_id: list(r.loads) for r in runs}
        for r in sorted(runs, key=lambda r: (sum(x.people for x in r.loads), r.run_id)):
            for n, x in enumerate(found[r.run_id]):
                fewer = min(x.people, max(0, over[x.party]))
                over[x.party] -= fewer
                found[r.run_id][n] = replace(x, people=x.people - fewer)
        return [replace(r, loads=tuple(x for x in found[r.run_id] if x.people)) for r in runs]

    def _boarded(self, run: Run) -> Run:
        """The run for the boats that it can still meet together: those of the most people, halts for others left out if none get off there."""
        loads = list(run.loads)
        while loads and self._window(loads)[0] > self._window(loads)[1]:
            people: dict[str, int] = defaultdict(int)
            for x in loads:
                people[self.parties[x.party].call] += x.people
            ends = [self.parties[x.party].call for x in loads]
            first, last = min(ends, key=self._ready), max(ends, key=self._ready)
            gone = min((first, last), key=lambda c: (people[c], c))
            loads = [x for x in loads if self.parties[x.party].call != gone]
        return replace(run, loads=tuple(loads))

    def _ready(self, call: str) -> int:
        return facts.ready(self.calls[call], self.rules)

    def _window(self, loads: Sequence[Load]) -> tuple[int, int]:
        """Minutes at which a run may leave, or be at, the quay."""
        ready = [self.ready[x.party] for x in loads]
        if self.calls[self.parties[next(iter(loads)).party].call].kind == LANDS:
            return max(ready), min(ready) + self.rules.longest_wait_min
        return max(ready) - self.rules.longest_wait_min, min(ready)

    def _layer(self, run: Run) -> tuple[Run, list[Option]]:
        """A run without halts at which nobody gets on or off any more, and every moment it may have: begins, free again, fen."""
        nodes = {self.parties[x.party].stop for x in run.loads}
        if any(h.stop not in nodes for h in run.halts):
            run = replace(run, halts=tuple(h for h in run.halts if h.stop in nodes))
        out, rules = run.kind == "out", self.rules
        ride, took, _ = self.timing(run)
        low, high = self._window(run.loads)
        late = max((self.late[x.party] for x in run.loads), default=0)
        boards = [(x.people, self.ready[x.party], ride[self.parties[x.party].stop]) for x in run.loads]
        found: list[Option] = []
        minutes = self.minutes.get((LANDS if out else LEAVES, run.quay), ())
        stands = run.begins if out else run.ends
        if self.free is not None and run.run_id not in self.free and low <= stands <= high and stands in minutes:
            minutes = [stands]
        for m in minutes:
            if low <= m <= high:
                cost = sum(n * self.price(abs(m - ready), on) for n, ready, on in boards)
                found.append((m, m + took + max(0, late - m), cost) if out else (m - took, m + rules.dwell_min, cost))
        return run, found

    def price(self, wait: int, ride: int) -> int:
        """Fen of one person's minutes, from memory."""
        found = self.prices.get((wait, ride))
        if found is None:
            found = self.prices[wait, ride] = facts.person_fen(wait, ride, self.rules)
        return found

    def timing(self, run: Run) -> tuple[dict[str, int], int, int]:
        """Minutes on board by stop, of the whole run, and metres, from memory."""
        key = (run.kind, run.quay, tuple(h.stop for h in run.halts))
        found = self.timings.get(key)
        if found is None:
            found = self.timings[key] = self.empty.timing(run)
        return found

    def _at(self, run: Run, begins: int) -> Run:
        """The run, begun at that minute."""
        ride, took, _ = self.timing(run)
        ends = begins + took
        halts = tuple(Halt(h.stop, begins + ride[h.stop] if run.kind == "out" else ends - ride[h.stop]) for h in run.halts)
        return replace(run, begins=begins, ends=ends, halts=halts)

    def latest(self, run: Run) -> int:
        """When the vehicle is free again at the latest, boats being late within their margin."""
        if run.kind == "in":
            return run.ends + self.rules.dwell_min
        late = max(self.late[x.party] for x in run.loads)
        return run.ends + max(0, late - run.begins)

    def _timed(self, vehicle: str, runs: Sequence[Run], fixed: Sequence[Duty]) -> list[Duty] | None:
        """The cheapest minutes of a vehicle's duties in their order; None if they do not fit."""
        rules, buses = self.rules, self.buses[vehicle]
        layers: list[tuple[int, Duty, list[Option]]] = []
        for r in runs:
            fewer, options = self._layer(r)
            layers.append((r.begins, fewer, options))
        for x in fixed:
            long, starts = x.ends - x.begins, [x.begins]
            if isinstance(x, Rest):
                starts = sorted({x.begins, *range(rules.break_from, rules.break_to - long + 1, rules.step_min)})
            layers.append((x.begins, x, [(b, b + long, 0) for b in starts]))
        layers.sort(key=lambda layer: layer[0])
        states: list[tuple[int, int, int]] = [(0, rules.opens, 0)]  # fen, free again, number of the state before
        where, back = buses.base, list[list[tuple[int, int]]]()
        for _, what, options in layers:
            start, end = self._ends(what)
            way = self._way(where, start)
            after: list[tuple[int, int, int]] = []
            come: list[tuple[int, int]] = []
            for begins, latest, cost in options:
                best, of = FAR, -1
                for n, (c, free, _) in enumerate(states):
                    if free + way <= begins and c < best:
                        best, of = c, n
                if of >= 0:
                    after.append((best + cost, latest, of))
                    come.append((of, begins))
            states, where = after, end
            back.append(come)
        home = self._way(where, buses.base)
        ready = [(c, free, n) for n, (c, free, _) in enumerate(states) if free + home <= rules.closes]
        if not ready:
            return None
        at, done = min(ready)[2], list[Duty]()
        for (_, what, _), come in zip(layers[::-1], back[::-1], strict=True):
            at, begins = come[at]
            if isinstance(what, Run):
                done.append(self._at(what, begins))
            else:
                done.append(replace(what, begins=begins, ends=begins + what.ends - what.begins))
        return self._charged(buses, done[::-1])

    def _charged(self, buses: Buses, done: Sequence[Duty]) -> list[Duty] | None:
        """The duties with what each charge gives; None if the battery does not last."""
        energy = full = facts.battery_units(buses, self.rules)
        where, found = buses.base, list[Duty]()
        sites = {c.charger_id: c for c in self.day.chargers}
        for what in done:
            start, end = self._ends(what)
            energy -= facts.move_units(max(0, int(self.day.metres[self.at[where], self.at[start]])), buses, self.rules)
            if energy < 0:
                return None
            if isinstance(what, Charge):
                gain = min(full - energy, (what.ends - what.begins) // self.rules.block_min * facts.block_units(sites[what.charger], self.rules))
                energy, what = energy + gain, replace(what, units=gain)
            if isinstance(what, Run):
                energy -= facts.move_units(self.timing(what)[2], buses, self.rules)
            if energy < 0:
                return None
            found.append(what)
            where = end
        energy -= facts.move_units(max(0, int(self.day.metres[self.at[where], self.at[buses.base]])), buses, self.rules)
        return found if energy >= 0 else None

    def _ends(self, what: Duty) -> tuple[str, str]:
        if isinstance(what, Run):
            return (what.quay, what.halts[-1].stop) if what.kind == "out" else (what.halts[0].stop, what.quay)
        node = what.node if isinstance(what, Rest) else next(c.node for c in self.day.chargers if c.charger_id == what.charger)
        return node, node

    def _way(self, a: str, b: str) -> int:
        way = int(self.day.minutes[self.at[a], self.at[b]])
        return FAR if way == NO_WAY else way

    def _without_one(self, vehicle: str, runs: Sequence[Run], fixed: Sequence[Duty]) -> list[Run]:
        """The runs without the one of the fewest people whose absence makes the others fit, or without the smallest if none does."""
        order = sorted(range(len(runs)), key=lambda n: (sum(x.people for x in runs[n].loads), n))
        for n in order:
            fewer = [r for k, r in enumerate(runs) if k != n]
            if not fewer or self._timed(vehicle, fewer, fixed) is not None:
                return fewer
        return [r for k, r in enumerate(runs) if k != order[0]]

    def _filled(self, runs: list[Run]) -> DayPlan:
        """Whoever is left takes the cheapest free seat that passes; it may not make the vehicle later than it is."""
        left = {p.party_id: p.people for p in self.day.parties}
        for r in runs:
            for x in r.loads:
                left[x.party] -= x.people
        free = [self.buses[r.vehicle].seats - sum(x.people for x in r.loads) for r in runs]
        for name, people in left.items():
            if people:
                left[name] = self._seated(self.parties[name], people, runs, free)
        runs = sorted(runs, key=lambda r: (r.begins, r.vehicle))
        named = tuple(replace(r, run_id=f"R{n:03d}") for n, r in enumerate(runs, start=1))
        return DayPlan(named, (), (), tuple(Unserved(p, n) for p, n in left.items() if n))

    def _seated(self, party: Party, people: int, runs: list[Run], free: list[int]) -> int:
        """Seats a party's people on runs as they are; how many are left."""
        call = self.calls[party.call]
        ready, late = facts.ready(call, self.rules), facts.ready_late(call, self.rules)
        fits: list[tuple[int, int]] = []
        for n, r in enumerate(runs):
            if free[n] <= 0 or r.quay != call.quay or (r.kind == "out") != (call.kind == LANDS) or party.stop not in {h.stop for h in r.halts}:
                continue
            wait = r.begins - ready if r.kind == "out" else ready - r.ends
            if not 0 <= wait <= self.rules.longest_wait_min or (r.kind == "out" and r.ends + max(0, late - r.begins) > self.latest(r)):
                continue
            price = facts.person_fen(wait, self.timing(r)[0][party.stop], self.rules)
            if price < self.rules.unserved_fen:
                fits.append((price, n))
        for _, n in sorted(fits):
            taken = min(people, free[n])
            if taken:
                old = next((x for x in runs[n].loads if x.party == party.party_id), None)
                rest = tuple(x for x in runs[n].loads if x is not old)
                runs[n] = replace(runs[n], loads=(*rest, Load(party.party_id, taken + (old.people if old else 0))))
                free[n] -= taken
                people -= taken
        return people


def refit(day: IslandDay, plan: DayPlan) -> Refit:
    """A plan fitted to a day whose boats or people are others than it was made for."""
    return Refitter(day).refit(plan)


__all__ = ["FAR", "Refit", "Refitter", "refit"]
