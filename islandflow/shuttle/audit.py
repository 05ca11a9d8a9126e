"""Judges a plan of an island day from the facts alone: ways, seats, waits, rides, boats within their margin, energy, chargers, breaks, money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from islandflow.shuttle import day as facts
from islandflow.shuttle.day import LANDS, NO_WAY, Buses, IslandDay
from islandflow.shuttle.plan import DayMoney, DayPlan, Run
from islandflow.violation import Violation


@dataclass(frozen=True)
class Duty:
    """One activity of a vehicle: where and when it begins and ends, when at the latest if boats are late; watt-hour units (gain < 0)."""

    what: Literal["out", "in", "charge", "rest"]
    name: str
    start: str
    begins: int
    end: str
    ends: int
    latest: int
    metres: int
    gain: int = 0


@dataclass(frozen=True)
class DayAudit:
    """What is wrong, and the money counted anew (None if ids are unknown)."""

    violations: tuple[Violation, ...]
    money: DayMoney | None

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations


def audit_day(day: IslandDay, plan: DayPlan, objective: int | None = None) -> DayAudit:
    """Every rule of a day; ``objective`` is the fen that the plan claims."""
    unknown = tuple(_unknown(day, plan))
    if unknown:
        return DayAudit(unknown, None)
    book = Book(day, plan)
    found = [v for rule in (_people, _boats, _runs, _seats) for v in rule(book)]
    found += [v for vehicle in sorted(book.duties) for v in _vehicle_day(book, vehicle)]
    found += _chargers(book)
    money = count_money(book)
    if objective is not None and objective != money.objective:
        found.append(
            _broken(
                "objective",
                "plan",
                abs(objective - money.objective),
                "fen",
                f"comes to {money.objective} fen",
                f"实为 {money.objective} 分",
            )
        )
    return DayAudit(tuple(found), money)


class Book:
    """Facts by id, and every vehicle's duties in order."""

    def __init__(self, day: IslandDay, plan: DayPlan) -> None:
        """Ids must be known."""
        self.day, self.plan = day, plan
        self.calls = {c.call_id: c for c in day.calls}
        self.parties = {p.party_id: p for p in day.parties}
        self.sites = {c.charger_id: c for c in day.chargers}
        self.at = {n: k for k, n in enumerate(day.nodes)}
        self.buses = {v: b for b in day.buses for v in facts.vehicle_ids(b)}
        self.duties: dict[str, list[Duty]] = defaultdict(list)
        for r in plan.runs:
            self.duties[r.vehicle].append(self._run(r))
        for c in plan.charges:
            node = self.sites[c.charger].node
            self.duties[c.vehicle].append(Duty("charge", c.charger, node, c.begins, node, c.ends, c.ends, 0, c.units))
        for s in plan.rests:
            self.duties[s.vehicle].append(Duty("rest", s.node, s.node, s.begins, s.node, s.ends, s.ends, 0))
        for duties in self.duties.values():
            duties.sort(key=lambda d: (d.begins, d.ends))

    def way(self, a: str, b: str) -> tuple[int, int]:
        """Minutes and metres between two nodes; NO_WAY where there is none."""
        i, j = self.at[a], self.at[b]
        return int(self.day.minutes[i, j]), int(self.day.metres[i, j])

    def _run(self, run: Run) -> Duty:
        stops, dwell = [h.stop for h in run.halts], self.day.rules.dwell_min
        if run.kind == "in":
            metres = self.length([*stops, run.quay])
            return Duty("in", run.run_id, stops[0], run.begins, run.quay, run.ends + dwell, run.ends + dwell, metres)
        late = max((facts.ready_late(self.calls[self.parties[x.party].call], self.day.rules) for x in run.loads), default=run.begins)
        wait = max(0, late - run.begins)
        return Duty("out", run.run_id, run.quay, run.begins, stops[-1], run.ends, run.ends + wait, self.length([run.quay, *stops]))

    def length(self, nodes: list[str]) -> int:
        """Metres over the nodes."""
        return sum(max(0, self.way(a, b)[1]) for a, b in pairwise(nodes))

    def timing(self, run: Run) -> tuple[dict[str, int], int, int]:
        """Minutes on board by stop, the run's minutes from begin to end, metres; a missing way counts as a day."""
        nodes, dwell = [h.stop for h in run.halts], self.day.rules.dwell_min
        ordered, ride, clock = (nodes if run.kind == "out" else nodes[::-1]), {}, 0
        for k, (a, b) in enumerate(pairwise([run.quay, *ordered])):
            way = self.way(a, b)[0]
            clock += (1440 if way == NO_WAY else way) + (dwell if k else 0)
            ride[b] = clock
        return ride, clock + dwell, self.length([run.quay, *ordered])


def _broken(rule: str, where: str, amount: int, unit: str, en: str, zh: str) -> Violation:
    return Violation(rule, where, int(amount), unit, en, zh)


def _unknown(day: IslandDay, plan: DayPlan) -> Iterator[Violation]:
    """Ids that the facts do not know, and runs that go nowhere: nothing else can be judged then."""
    vehicles = {v for b in day.buses for v in facts.vehicle_ids(b)}
    nodes, parties = set(day.nodes), {p.party_id for p in day.parties}
    named = (
        ("vehicle", {*(r.vehicle for r in plan.runs), *(c.vehicle for c in plan.charges), *(s.vehicle for s in plan.rests)} - vehicles),
        ("node", {*(r.quay for r in plan.runs), *(h.stop for r in plan.runs for h in r.halts), *(s.node for s in plan.rests)} - nodes),
        ("party", {*(x.party for r in plan.runs for x in r.loads), *(u.party for u in plan.unserved)} - parties),
        ("charger", {c.charger for c in plan.charges} - {c.charger_id for c in day.chargers}),
        ("halt", {r.run_id for r in plan.runs if not r.halts}),
    )
    for table, names in named:
        for name in sorted(names):
            yield _broken("unknown-id", name, 1, table, f"no {table} of this day", "当日数据中没有该编号")


def _people(book: Book) -> Iterator[Violation]:
    """Everyone is on board once, or named as not taken."""
    told: dict[str, int] = defaultdict(int)
    for x in (x for r in book.plan.runs for x in r.loads):
        told[x.party] += x.people
    for u in book.plan.unserved:
        told[u.party] += u.people
    for p in book.day.parties:
        if told[p.party_id] != p.people:
            yield _broken("people", p.party_id, abs(told[p.party_id] - p.people), "person", f"{p.people} want to go", f"应为 {p.people} 人")
    for r in book.plan.runs:
        for x in r.loads:
            if x.people < 1:
                yield _broken("people", f"{r.run_id} {x.party}", 1 - x.people, "person", "a load needs people", "人数须为正")
    for u in book.plan.unserved:
        if u.people < 1:
            yield _broken("people", u.party, 1 - u.people, "person", "who is not taken needs people", "人数须为正")


def _boats(book: Book) -> Iterator[Violation]:
    """A run leaves after its boats have landed, and not too long after; it is at the quay in time for its boats, and not too early."""
    rules = book.day.rules
    for r in book.plan.runs:
        for x in r.loads:
            call = book.calls[book.parties[x.party].call]
            where = f"{r.run_id} {x.party}"
            if (call.kind == LANDS) != (r.kind == "out") or call.quay != r.quay:
                yield _broken("boat", where, x.people, "person", "is not for this quay and direction", "码头或方向不符")
                continue
            wait = r.begins - facts.ready(call, rules) if r.kind == "out" else facts.ready(call, rules) - r.ends
            if wait < 0:
                rule = "released" if r.kind == "out" else "missed-connection"
                yield _broken(rule, where, -wait, "min", f"the boat's minute is {call.minute}", f"船时为 {call.minute} 分")
            if wait > rules.longest_wait_min:
                yield _broken("wait", where, wait - rules.longest_wait_min, "min", "waits too long at the quay", "码头等候过长")


def _runs(book: Book) -> Iterator[Violation]:
    """Minutes at the halts fit the roads and dwells; nobody rides longer than allowed; stops are not too many, and none twice."""
    rules = book.day.rules
    for r in book.plan.runs:
        ride, took, _ = book.timing(r)
        stops = [h.stop for h in r.halts]
        if len(set(stops)) != len(stops) or len(stops) > rules.stops_per_run:
            yield _broken(
                "stops",
                r.run_id,
                len(stops),
                "stop",
                f"{rules.stops_per_run} different ones at most",
                f"至多 {rules.stops_per_run} 个不同站点",
            )
        real = took
        if r.ends - r.begins != real:
            yield _broken("running-time", r.run_id, abs(r.ends - r.begins - real), "min", f"takes {real} min", f"需 {real} 分钟")
        for h in r.halts:
            at = r.begins + ride[h.stop] if r.kind == "out" else r.ends - ride[h.stop]
            if h.minute != at:
                yield _broken("halt", f"{r.run_id} {h.stop}", abs(h.minute - at), "min", f"is there at minute {at}", f"应为 {at} 分")
        for x in r.loads:
            stop = book.parties[x.party].stop
            if stop not in ride:
                yield _broken("halt", f"{r.run_id} {x.party}", x.people, "person", f"does not call at {stop}", f"未停靠 {stop}")
                continue
            over = ride[stop] - facts.longest_ride(book.way(r.quay, stop)[0], rules)
            if over > 0:
                yield _broken("ride", f"{r.run_id} {x.party}", over, "min", "longer than the ride-time limit", "超过乘车时限")


def _seats(book: Book) -> Iterator[Violation]:
    """Nobody stands."""
    for r in book.plan.runs:
        over = sum(x.people for x in r.loads) - book.buses[r.vehicle].seats
        if over > 0:
            yield _broken(
                "seats", r.run_id, over, "person", f"{book.buses[r.vehicle].seats} seats", f"座位 {book.buses[r.vehicle].seats} 个"
            )


def _vehicle_day(book: Book, vehicle: str) -> Iterator[Violation]:
    """From the base and back: in time for every duty, also when boats are late within their margin; energy never below the reserve; a break."""
    buses, rules = book.buses[vehicle], book.day.rules
    duties = book.duties[vehicle]
    base = Duty("rest", "base", buses.base, rules.opens, buses.base, rules.opens, rules.opens, 0)
    home = Duty("rest", "base", buses.base, rules.closes, buses.base, rules.closes, rules.closes, 0)
    energy = full = facts.battery_units(buses, rules)
    for a, b in pairwise([base, *duties, home]):
        way, metres = book.way(a.end, b.start)
        if way == NO_WAY:
            yield _broken("way", f"{vehicle} {a.name} {b.name}", 1, "way", f"no road from {a.end} to {b.start}", "无道路相连")
            continue
        short = a.ends + way - b.begins
        late = a.latest + way - b.begins
        rule = "service-hours" if "base" in (a.name, b.name) else "overlap"
        if short > 0:
            yield _broken(rule, f"{vehicle} {a.name} {b.name}", short, "min", "does not get there in time", "来不及到达")
        elif late > 0:
            yield _broken(
                "late-boat",
                f"{vehicle} {a.name} {b.name}",
                late,
                "min",
                "a boat within its margin would delay the next duty",
                "船在允许晚点内会延误下一任务",
            )
        energy -= facts.move_units(metres, buses, rules)
        if energy < 0:
            yield _broken("battery", f"{vehicle} {b.name}", -energy, "unit", f"empty on the way to {b.name}", "途中电量低于备用")
            energy = 0
        if b.what == "charge":
            energy = yield from _charged(book, vehicle, b, energy, full)
        energy -= facts.move_units(b.metres, buses, rules)
        if energy < 0:
            yield _broken("battery", f"{vehicle} {b.name}", -energy, "unit", f"empty during {b.name}", "运行中电量低于备用")
            energy = 0
    yield from _rested(book, vehicle, [base, *duties])


def _charged(book: Book, vehicle: str, duty: Duty, energy: int, full: int) -> Generator[Violation, None, int]:
    """Whole blocks of the clock; each gives its units, until the battery is full. Returns the energy after."""
    rules, site = book.day.rules, book.sites[duty.name]
    blocks, rest = divmod(duty.ends - duty.begins, rules.block_min)
    if duty.begins % rules.block_min or rest or blocks < 1:
        yield _broken(
            "charge-block",
            f"{vehicle} {duty.name}",
            rest or duty.begins % rules.block_min,
            "min",
            "not whole blocks of the clock",
            "不是整段充电时间",
        )
    gain = min(full - energy, max(0, blocks) * facts.block_units(site, rules))
    if gain != duty.gain:
        yield _broken("charge-units", f"{vehicle} {duty.name}", abs(gain - duty.gain), "unit", f"gains {gain}", f"应充 {gain}")
    return energy + gain


def _rested(book: Book, vehicle: str, duties: list[Duty]) -> Iterator[Violation]:
    """A break, or simply no work, of break_min inside its window, at one place; not owed by a day that is over before the window is."""
    rules, base = book.day.rules, book.buses[vehicle].base
    if rules.break_min == 0:
        return
    last = duties[-1]
    if max(last.latest, last.ends) + book.way(last.end, base)[0] <= rules.break_to:
        return
    longest = 0
    for d in duties:
        if d.what == "rest" and d.name != "base":
            longest = max(longest, min(d.ends, rules.break_to) - max(d.begins, rules.break_from))
    for a, b in pairwise(duties):
        if a.end == b.start or a.name == "base":
            ready = rules.break_from if a.name == "base" else a.latest
            away = b.begins - (book.way(a.end, b.start)[0] if a.end != b.start else 0)
            longest = max(longest, min(away, rules.break_to) - max(ready, rules.break_from))
    if longest < rules.break_min:
        yield _broken(
            "break", vehicle, rules.break_min - max(0, longest), "min", f"{rules.break_min} min are owed", f"应休息 {rules.break_min} 分钟"
        )


def _chargers(book: Book) -> Iterator[Violation]:
    """No more vehicles at a site than it has chargers."""
    for name, site in book.sites.items():
        mine = [c for c in book.plan.charges if c.charger == name]
        for t in sorted({c.begins for c in mine}):
            over = sum(c.begins <= t < c.ends for c in mine) - site.count
            if over > 0:
                yield _broken("chargers", f"{name} {t}", over, "charger", f"{site.count} chargers", f"充电桩 {site.count} 个")


def count_money(book: Book) -> DayMoney:
    """The objective, from facts and plan alone."""
    rules = book.day.rules
    ways = metres = people = served = wait = rides = 0
    for vehicle, duties in book.duties.items():
        buses = book.buses[vehicle]
        home = Duty("rest", "base", buses.base, 0, buses.base, 0, 0, 0)
        for a, b in pairwise([home, *duties, home]):
            for length in (book.way(a.end, b.start)[1], b.metres):
                ways += facts.move_fen(max(0, length), buses)
                metres += max(0, length)
    for r in book.plan.runs:
        ride = book.timing(r)[0]
        for x in r.loads:
            call = book.calls[book.parties[x.party].call]
            waited = r.begins - facts.ready(call, rules) if r.kind == "out" else facts.ready(call, rules) - r.ends
            on = ride.get(book.parties[x.party].stop, 0)
            people += x.people * facts.person_fen(waited, on, rules)
            served, wait, rides = served + x.people, wait + waited * x.people, rides + on * x.people
    left = sum(u.people for u in book.plan.unserved)
    fixed = sum(book.buses[v].day_fen for v in book.duties)
    return DayMoney(fixed, ways, people, left * rules.unserved_fen, served, left, wait, rides, metres, len(book.plan.charges))


def bus_of(day: IslandDay, vehicle: str) -> Buses:
    """The fleet row of a named vehicle; KeyError if there is none."""
    return next(b for b in day.buses if vehicle in facts.vehicle_ids(b))
