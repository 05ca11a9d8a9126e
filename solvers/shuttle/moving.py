"""Sailings moved by some grid steps where ferry and buses together gain and neither side is worse off than allowed.

A candidate is a sailing that calls where buses meet it, moved by some steps, with the sailings of its vessel that it pushes before it.
What it costs both sides is first counted exactly as if everybody stayed on boat and bus; a choice of them is made together, all
passengers seated anew, the islands' days made anew and their plans fitted, and both audits asked. What they do not confirm is tried in a
smaller choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from islandflow.network.running import Distances
from islandflow.scenario.entities import Scenario
from islandflow.shuttle import day as facts
from islandflow.shuttle.audit import Book, count_money
from islandflow.shuttle.island import Island, island_day
from islandflow.shuttle.moves import Shifts, moved
from islandflow.shuttle.plan import DayPlan, Unserved
from solvers.shuttle.moving_ferry import FerrySide, Judged, better_or_equal
from solvers.shuttle.moving_pack import Item, packed
from solvers.shuttle.moving_refit import Refit, Refitter, moments, refit
from solvers.shuttle.moving_seats import seated_again

Going = Callable[[], bool]
Key = tuple[tuple[str, int], ...]
CALL = "call "
PACKS = (16, 8, 4, 2)  # candidates that are tried together at most, first many, then fewer
ROUNDS = 50
LOOKED_AT = 400  # candidates whose buses are fitted in a round
ALONE = 12  # tried one by one when nothing fits together
NEIGHBOURS = 2


@dataclass(frozen=True)
class Limits:
    """Minutes of the grid, most minutes from where a sailing stood at first, most sailings that one pushes, fen by which a side may rise."""

    step: int
    most_min: int = 20
    pushes: int = 40
    ferry_fen: int = 0
    bus_fen: int = 0


@dataclass(frozen=True)
class Pair:
    """A judged ferry plan and the islands' bus plans that meet it."""

    ferry: Judged
    islands: Mapping[str, Island]
    days: Mapping[str, Refit]

    @property
    def bus_fen(self) -> int:
        """Fen of all islands."""
        return sum(d.fen for d in self.days.values())

    @property
    def fen(self) -> int:
        """Fen of both sides."""
        return self.ferry.fen + self.bus_fen


@dataclass(frozen=True)
class Candidate:
    """Sailings moved together: what it costs each side if everybody stays on boat and bus; vehicles whose runs it touches."""

    shifts: Key
    ferry: int
    bus: int
    vehicles: frozenset[tuple[str, str]]

    @property
    def fen(self) -> int:
        """Fen of both sides; below 0 is a gain."""
        return self.ferry + self.bus


@dataclass(frozen=True)
class Told:
    """How far it is: rounds, candidates tried, sailings moved, and both sides' fen against the beginning."""

    round: int
    tried: int
    moved: int
    ferry: int
    bus: int


def pair_of(scenario: Scenario, judged: Judged, known: Pair) -> Pair:
    """The bus plans of a pair fitted to another ferry plan; where boats and people are the same the plan stays."""
    islands = {name: island_day(scenario, judged.plan, name) for name in known.days}
    days = {}
    for name, island in islands.items():
        old = known.islands[name].day
        days[name] = known.days[name] if same_day(old, island.day) else refit(island.day, known.days[name].plan)
    return Pair(judged, islands, days)


def same_day(a: facts.IslandDay, b: facts.IslandDay) -> bool:
    """Whether boats and people are the same."""
    return a.calls == b.calls and a.parties == b.parties


def move_ferries(
    scenario: Scenario, network: Distances, start: Pair, limits: Limits, going: Going, tell: Callable[[Told], None] = lambda told: None,
    looking: Callable[[], Going] | None = None,
) -> tuple[Pair, Pair]:  # fmt: skip
    """Standing still and the best pair found, the same one if nothing gains. Stops soon after ``going`` says so, with the best pair by then.

    looking: called as a round begins, says how long to look for candidates; ``going`` by default, and then nothing is tried together
    before all have been looked at. Standing still is ``start`` with buses that are better where the search came upon such without a move.
    """
    looking = looking or (lambda: going)
    mover, tried = _Mover(scenario, network, start, limits), 0
    for number in range(1, ROUNDS + 1):
        found = mover.candidates(looking())
        tried += len(found)
        better = mover.together(found, going) or mover.best_alone(found, going)
        tell(Told(number, tried, len(mover.shifts), mover.now.ferry.fen - start.ferry.fen, mover.now.bus_fen - mover.start.bus_fen))
        if not going() or (mover.complete and not better):
            break
    return mover.start, mover.now


class _Mover:
    """The best pair so far and how far each sailing is from where it stood."""

    def __init__(self, scenario: Scenario, network: Distances, start: Pair, limits: Limits) -> None:
        self.scenario, self.network, self.limits = scenario, network, limits
        self.start = self.now = start
        self.shifts: dict[str, int] = {}
        self.complete = True  # whether all candidates of the round have been looked at
        self.refused: set[Key] = set()
        self.memory: dict[Key, tuple[int, frozenset[tuple[str, str]]]] = {}  # what moves change of the buses, and what they touch
        self.side, self.buses = FerrySide(scenario, network, start.ferry.plan), BusSide(start)
        self.seated, self.left = _seated(start), {n: left_of(d) for n, d in start.days.items()}

    def candidates(self, going: Going) -> list[Candidate]:
        """Sailings with bus people moved by every number of steps that is allowed, where both sides together gain; looked at in the order
        of what they could gain if no vehicle stood in the way, as many as ``LOOKED_AT``."""
        hopes = sorted(self._hopes())
        found, self.complete = [], True
        for _, ferry, key in hopes[:LOOKED_AT]:
            if not going():
                self.complete = False
                break
            if self.side.allows(dict(key)):
                if key not in self.memory:
                    self.memory[key] = self.buses.change(dict(key))
                bus, vehicles = self.memory[key]
                if ferry + bus < 0 or ferry < 0:  # what saves the ferry side a little may pay for what saves the buses much
                    found.append(Candidate(key, ferry, bus, vehicles))
        return found

    def _hopes(self) -> Iterator[tuple[int, int, Key]]:
        """(fen of both at best, fen of the ferry side, moves) of those that may gain."""
        most, step, seen = self.limits.most_min, self.limits.step, set(self.refused)
        for sailing in self.buses.sailings():
            for minutes in (m for k in range(1, 2 * most // step + 1) for m in (k * step, -k * step)):
                pushed = self.side.pushed(sailing, minutes, step, self.limits.pushes + 1)
                if pushed is None or any(abs(self.shifts.get(s, 0) + m) > most for s, m in pushed.items()):
                    continue
                key = tuple(sorted(pushed.items()))
                if key not in seen:
                    seen.add(key)
                    ferry = self.side.staying(pushed)
                    hope = ferry - self.buses.hope(pushed)
                    if hope < 0:
                        yield hope, ferry, key

    def together(self, found: Sequence[Candidate], going: Going) -> bool:
        """Whether some of the candidates make a better pair at once: the best choice of many, or else of fewer; goes on from it."""
        for most in PACKS:
            chosen = self.packed(found, most)
            key = tuple(sorted(x for c in chosen for x in c.shifts))
            if not chosen or key in self.refused or not going():
                continue
            pair = self.made(dict(key))
            if pair is not None:
                self.take(pair, chosen)
                return True
            self.refused.add(key)
        return False

    def packed(self, found: Sequence[Candidate], most: int) -> list[Candidate]:
        """Those that gain most together, moving neither vessels nor boat calls of each other, within what each side may rise. Where they
        share a bus the sum is an estimate: the whole is judged before it counts."""
        touched = [{v for v in c.vehicles if v[1].startswith(CALL)} | {("", self.side.by_id[s].vessel) for s, _ in c.shifts} for c in found]
        items = [Item(c.ferry, c.bus, frozenset(t)) for c, t in zip(found, touched, strict=True)]
        chosen = [found[n] for n in packed(items, self.limit_ferry - self.now.ferry.fen, self.limit_bus - self.now.bus_fen, most)]
        fits, shifts = list[Candidate](), dict[str, int]()
        for c in sorted(chosen, key=lambda c: (c.fen, c.shifts)):  # berths are shared by vessels
            if self.side.allows({**shifts, **dict(c.shifts)}):
                fits.append(c)
                shifts |= dict(c.shifts)
        return fits

    def best_alone(self, found: Sequence[Candidate], going: Going) -> bool:
        """The first of the best few that gains once everybody has chosen anew, though it would cost a side too much if all stayed aboard."""
        for c in sorted(found, key=lambda c: (c.fen, c.shifts))[:ALONE]:
            if not going():
                break
            pair = self.made(dict(c.shifts))
            if pair is not None:
                self.take(pair, [c])
                return True
            self.refused.add(c.shifts)
        return False

    @property
    def limit_ferry(self) -> int:
        """Most that the ferry side may cost."""
        return self.start.ferry.fen + self.limits.ferry_fen

    @property
    def limit_bus(self) -> int:
        """Most that the buses may cost."""
        return self.start.bus_fen + self.limits.bus_fen

    def made(self, shifts: Shifts) -> Pair | None:
        """The pair with sailings moved from where they are now, everybody seated anew; None unless it is better and clean."""
        plan = seated_again(self.scenario, moved(self.now.ferry.plan, shifts))
        judged = self.side.judged(plan)
        if judged.fen > self.limit_ferry or not better_or_equal(self.start.ferry.report, judged.report):
            return None
        pair = pair_of(self.scenario, judged, self.now)
        if not all(d.clean for d in pair.days.values()) or pair.bus_fen > self.limit_bus or pair.fen >= self.now.fen:
            return None
        if any(left_of(d) > self.left[n] for n, d in pair.days.items()):
            return None  # a bus that leaves people is no gain, whatever their price
        seated = _seated(pair)
        return pair if all(seated.get(s, 0) >= n for s, n in self.seated.items()) else None

    def take(self, pair: Pair, part: Sequence[Candidate]) -> None:
        """Goes on from a pair. What its buses show to be better without a move is put down to standing still, not to moving."""
        changed = changes(self.now, pair)
        self.memory = {k: m for k, m in self.memory.items() if not m[1] & changed}
        self.now = pair
        for s, m in (x for c in part for x in c.shifts):
            self.shifts[s] = self.shifts.get(s, 0) + m
        self.shifts = {s: m for s, m in self.shifts.items() if m}
        still = {n: refit(self.start.islands[n].day, d.plan) for n, d in pair.days.items()}
        better = {n: d for n, d in still.items() if d.fen < self.start.days[n].fen and left_of(d) <= self.left[n]}
        self.start = replace(self.start, days={**self.start.days, **better})
        if self.now.fen >= self.start.fen or self.now.bus_fen > self.limit_bus:
            self.memory = {k: m for k, m in self.memory.items() if not m[1] & changes(self.now, self.start)}
            self.now, self.shifts = self.start, {}
        self.side, self.buses = FerrySide(self.scenario, self.network, self.now.ferry.plan), BusSide(self.now)


def changes(was: Pair, now: Pair) -> frozenset[tuple[str, str]]:
    """Vehicles whose day is another, and calls (``call NAME``) whose minute or people are."""
    found = set[tuple[str, str]]()
    for name in was.days:
        mine, other = (_duties(p.days[name].plan) for p in (was, now))
        found |= {(name, v) for v in mine.keys() | other.keys() if mine.get(v) != other.get(v)}
        before, after = (_calls(p.islands[name].day) for p in (was, now))
        found |= {(name, f"{CALL}{c}") for c in before.keys() | after.keys() if before.get(c) != after.get(c)}
    return frozenset(found)


def _duties(plan: DayPlan) -> dict[str, list[object]]:
    """What each vehicle does, runs without their numbers."""
    found: dict[str, list[object]] = defaultdict(list)
    for r in plan.runs:
        found[r.vehicle].append(replace(r, run_id=""))
    for c in plan.charges:
        found[c.vehicle].append(c)
    for x in plan.rests:
        found[x.vehicle].append(x)
    return found


def _calls(day: facts.IslandDay) -> dict[str, tuple[object, ...]]:
    """Minute and people of each call."""
    found: dict[str, tuple[object, ...]] = {c.call_id: (c.minute,) for c in day.calls}
    for p in day.parties:
        found[p.call] = (*found[p.call], p.stop, p.people)
    return found


def left_of(day: Refit) -> int:
    """People whom a bus plan does not take."""
    return sum(u.people for u in day.plan.unserved)


def _seated(pair: Pair) -> dict[str, int]:
    """People who travel, by segment."""
    found: dict[str, int] = defaultdict(int)
    for b in pair.ferry.plan.boardings:
        found[b.segment] += b.people
    return found


class BusSide:
    """Bus plans and the sailings whose people they carry: what moved sailings change while people keep boat and bus."""

    def __init__(self, pair: Pair) -> None:
        self.islands, self.days = pair.islands, {name: d.plan for name, d in pair.days.items()}
        self.calls: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.vehicles: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.left: dict[tuple[str, str], list[Unserved]] = defaultdict(list)
        self.runs: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.boards: dict[tuple[str, str], list[tuple[int, int, int, str]]] = defaultdict(list)  # by run: people, wait, ready, sailing
        self.out: dict[tuple[str, str], bool] = {}
        for name, island in self.islands.items():
            parties, calls = {p.party_id: p for p in island.day.parties}, {c.call_id: c for c in island.day.calls}
            for c in island.day.calls:
                self.calls[c.sailing].append((name, c.call_id))
            for r in self.days[name].runs:
                for x in r.loads:
                    call = calls[parties[x.party].call]
                    ready = facts.ready(call, island.day.rules)
                    self.vehicles[name, call.call_id].add(r.vehicle)
                    wait = r.begins - ready if r.kind == "out" else ready - r.ends
                    self.runs[name, call.call_id].add(r.run_id)
                    self.boards[name, r.run_id].append((x.people, wait, ready, call.sailing))
                    self.out[name, r.run_id] = r.kind == "out"
            for u in self.days[name].unserved:
                self.left[name, parties[u.party].call].append(u)

    def sailings(self) -> list[str]:
        """Sailings with people who ride buses."""
        return sorted(self.calls)

    def touched(self, shifts: Shifts) -> dict[str, set[str]]:
        """Calls of moved sailings by island."""
        found: dict[str, set[str]] = defaultdict(set)
        for s in shifts:
            for name, call in self.calls.get(s, ()):
                found[name].add(call)
        return found

    def hope(self, shifts: Shifts) -> int:
        """Fen that the runs to and from moved boats would save if they had their vehicles to themselves, and nobody were left."""
        total = 0
        for name, calls in self.touched(shifts).items():
            rules = self.islands[name].day.rules
            total += sum(u.people * rules.unserved_fen for c in calls for u in self.left[name, c])
            for r in {r for c in calls for r in self.runs[name, c]}:
                loads = self.boards[name, r]
                ready = [minute + shifts.get(sailing, 0) for _, _, minute, sailing in loads]
                meets = max(ready) if self.out[name, r] else min(ready)
                for (people, wait, _, _), minute in zip(loads, ready, strict=True):
                    total += people * (facts.person_fen(wait, 0, rules) - facts.person_fen(abs(meets - minute), 0, rules))
        return total

    def change(self, shifts: Shifts) -> tuple[int, frozenset[tuple[str, str]]]:
        """Fen more when the vehicles that meet the moved boats are fitted to them, and those vehicles."""
        total, touched = 0, set[tuple[str, str]]()
        for name, calls in self.touched(shifts).items():
            vehicles = {v for c in calls for v in self.vehicles[name, c]}
            touched |= {(name, v) for v in vehicles} | {(name, f"{CALL}{c}") for c in calls}
            day, plan = self._part(name, calls, vehicles)
            later = tuple(replace(c, minute=c.minute + shifts.get(c.sailing, 0)) if c.call_id in calls else c for c in day.calls)
            after = replace(day, calls=later)
            total += count_money(Book(after, Refitter(after, self._moments(name, shifts)).fitted(plan, self._near(name, calls, vehicles)))).objective - count_money(Book(day, plan)).objective
        return total, frozenset(touched)

    def _moments(self, name: str, shifts: Shifts) -> dict[tuple[str, str], list[int]]:
        """Minutes of candidate runs of an island whose boats are moved."""
        day = self.islands[name].day
        return moments(replace(day, calls=tuple(replace(c, minute=c.minute + shifts.get(c.sailing, 0)) for c in day.calls)))

    def _near(self, name: str, calls: set[str], vehicles: set[str]) -> frozenset[str]:
        """Runs that meet these calls, and the next ``NEIGHBOURS`` before and after on the same vehicle."""
        call_of, found = {p.party_id: p.call for p in self.islands[name].day.parties}, set[str]()
        for v in vehicles:
            mine = [r for r in self.days[name].runs if r.vehicle == v]
            for n, r in enumerate(mine):
                if any(call_of[x.party] in calls for x in r.loads):
                    found |= {x.run_id for x in mine[max(0, n - NEIGHBOURS) : n + NEIGHBOURS + 1]}
        return frozenset(found)

    def _part(self, name: str, calls: set[str], vehicles: set[str]) -> tuple[facts.IslandDay, DayPlan]:
        """The day and plan of some vehicles alone, with the people they carry and those of some calls who are left."""
        day, plan = self.islands[name].day, self.days[name]
        left = tuple(u for c in sorted(calls) for u in self.left[name, c])
        part = DayPlan(
            tuple(r for r in plan.runs if r.vehicle in vehicles), tuple(c for c in plan.charges if c.vehicle in vehicles),
            tuple(r for r in plan.rests if r.vehicle in vehicles), left,
        )  # fmt: skip
        people: dict[str, int] = defaultdict(int)
        for party, count in (*((x.party, x.people) for r in part.runs for x in r.loads), *((u.party, u.people) for u in left)):
            people[party] += count
        parties = tuple(replace(p, people=people[p.party_id]) for p in day.parties if people[p.party_id])
        known = {p.call for p in parties} | calls
        return replace(day, parties=parties, calls=tuple(c for c in day.calls if c.call_id in known)), part
