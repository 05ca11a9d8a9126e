"""Judges a plan of lines from the facts alone: roads, the promise of the clock, vehicles, batteries, chargers, seats, walking, money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from islandflow.shuttle.day import NO_WAY, Buses, vehicle_ids
from islandflow.shuttle.lines_day import LinesDay, charge_wh, departures_of, line_person_fen, seats_an_hour, usable_wh, way_wh
from islandflow.shuttle.lines_plan import Line, LinesMoney, LinesPlan, LineTrip, Riders
from islandflow.violation import Violation

HOUR = 60


@dataclass(frozen=True)
class LinesAudit:
    """What is wrong, the money counted anew (None if ids are unknown), and by fleet the most vehicles on the road in any minute."""

    violations: tuple[Violation, ...]
    money: LinesMoney | None
    on_the_road: dict[str, int]

    @property
    def clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.violations


def audit_lines(day: LinesDay, plan: LinesPlan, objective: int | None = None) -> LinesAudit:
    """Every rule of lines; ``objective`` is the fen that the plan claims."""
    unknown = tuple(_unknown(day, plan))
    if unknown:
        return LinesAudit(unknown, None, {})
    book = LinesBook(day, plan)
    found = [v for rule in (_roads, _clock, _times, _people, _seats, _road_vehicles, _chargers) for v in rule(book)]
    for vehicle in sorted(book.days):
        found += _vehicle(book, vehicle)
    money = lines_money(book)
    if objective is not None and objective != money.objective:
        found.append(_broken("objective", "lines", abs(objective - money.objective), "fen", f"comes to {money.objective} fen", f"实为 {money.objective} 分"))
    return LinesAudit(tuple(found), money, {b.fleet_id: max(book.busy(b.fleet_id).values(), default=0) for b in day.buses})


class LinesBook:
    """Facts by id and every vehicle's trips in order."""

    def __init__(self, day: LinesDay, plan: LinesPlan) -> None:
        """Ids must be known."""
        self.day, self.plan = day, plan
        self.lines = {x.line_id: x for x in plan.lines}
        self.fleets = {b.fleet_id: b for b in day.buses}
        self.buses: dict[str, Buses] = {v: b for b in day.buses for v in vehicle_ids(b)}
        self.sites = {c.charger_id: c for c in day.chargers}
        self.stops = {h.node for h in day.homes} | {c.quay for c in day.boats}
        self.days: dict[str, list[LineTrip]] = defaultdict(list)
        for t in sorted(plan.trips, key=lambda t: (t.departs, t.arrives)):
            self.days[t.vehicle].append(t)

    def ride(self, line: Line, a: str, b: str) -> int:
        """Minutes on board between two calls: roads, and a stop at every call between."""
        i, j = sorted((line.calls.index(a), line.calls.index(b)))
        return sum(self.day.way(x, y)[0] for x, y in pairwise(line.calls[i : j + 1])) + self.day.rules.dwell_min * (j - i - 1)

    def metres(self, line: Line) -> int:
        """Length of one way."""
        return sum(self.day.way(a, b)[1] for a, b in pairwise(line.calls))

    def ends(self, trip: LineTrip) -> tuple[str, str]:
        """Where a trip begins and ends."""
        calls = self.lines[trip.line].calls
        return (calls[-1], calls[0]) if trip.back else (calls[0], calls[-1])

    def busy(self, fleet: str) -> Counter[int]:
        """Vehicles on the road by minute."""
        found: Counter[int] = Counter()
        for t in self.plan.trips:
            if self.buses[t.vehicle].fleet_id == fleet:
                found.update(range(t.departs, t.arrives))
        return found

    def near(self, node: str) -> bool:
        """Whether somebody there walks to a stop of some line."""
        return any(self.day.walk(node, c) is not None for x in self.plan.lines for c in x.calls)


def _broken(rule: str, where: str, amount: int, unit: str, en: str, zh: str) -> Violation:
    return Violation(rule, where, int(amount), unit, en, zh)


def _unknown(day: LinesDay, plan: LinesPlan) -> Iterator[Violation]:
    """Ids that the facts do not know, lines told twice or without a way: nothing else can be judged then."""
    lines, nodes = {x.line_id: x for x in plan.lines}, set(day.ways.nodes)
    named = (
        ("fleet", {x.fleet_id for x in plan.lines} - {b.fleet_id for b in day.buses}),
        ("node", {c for x in plan.lines for c in x.calls} - nodes),
        ("vehicle", {t.vehicle for t in plan.trips} - {v for b in day.buses for v in vehicle_ids(b)}),
        ("line", ({t.line for t in plan.trips} | {r.line for r in plan.riders}) - set(lines)),
        ("charger", ({t.charger for t in plan.trips if t.charger} | {c for x in plan.lines for c, _ in x.reserved}) - {c.charger_id for c in day.chargers}),
        ("trip", {f"{r.origin} {r.goal}" for r in plan.riders if not any((t.origin, t.goal, t.boat) == (r.origin, r.goal, r.boat) for t in day.trips)}),
        ("stop", {f"{r.line} {c}" for r in plan.riders if r.line in lines for c in (r.boards, r.alights) if c not in lines[r.line].calls}),
        ("twice", {name for name, n in Counter(x.line_id for x in plan.lines).items() if n > 1}),
        ("calls", {x.line_id for x in plan.lines if len(x.calls) < 2 or len(set(x.calls)) < len(x.calls) or x.headway < 1}),  # noqa: PLR2004
        ("way", {x.line_id for x in plan.lines if nodes.issuperset(x.calls) and any(day.way(a, b)[0] == NO_WAY for a, b in pairwise(x.calls))}),
    )
    for kind, names in named:
        for name in sorted(names):
            yield _broken("unknown-id", name, 1, kind, f"no {kind} of these facts", "数据中没有该编号或取值")


def _roads(book: LinesBook) -> Iterator[Violation]:
    """A line calls wherever people live or board beside its way, and is not much longer than the quickest way between its ends."""
    for x in book.plan.lines:
        passed = {n for a, b in pairwise(x.calls) for n in book.day.ways.paths[a, b]} & book.stops
        for node in sorted(passed - set(x.calls)):
            yield _broken("skipped", f"{x.line_id} {node}", 1, "stop", "is passed without a call", "途经而不停")
        limit, length = book.day.way(x.calls[0], x.calls[-1])[1] * book.day.rules.detour_percent // 100, book.metres(x)
        if length > limit:
            yield _broken("detour", x.line_id, length - limit, "m", f"{limit} m at most", f"至多 {limit} 米")


def _clock(book: LinesBook) -> Iterator[Violation]:
    """The same minute of every hour, all day: every departure that is promised runs once, and no other."""
    rules = book.day.rules
    for x in book.plan.lines:
        if x.headway not in rules.headways or (HOUR % x.headway and x.headway % HOUR):
            yield _broken("headway", x.line_id, x.headway, "min", "is no headway of the clock that the settings allow", "不是参数允许的整点制间隔")
        late = max(rules.first - x.first_out, x.first_out - rules.first - min(HOUR, x.headway) + 1)
        if late > 0:
            yield _broken("first-bus", x.line_id, late, "min", "leaves outside the first headway of the day", "首班不在首个间隔内")
        apart = max(x.first_out - x.first_back, x.first_back - x.first_out - x.headway + 1)
        if apart > 0:
            yield _broken("first-bus", f"{x.line_id} {x.calls[-1]}", apart, "min", "leaves outside the headway after the first bus out", "返程首班不在其后一个间隔内")
        if x.departures != departures_of(x.headway, rules):
            due = departures_of(x.headway, rules)
            yield _broken("all-day", x.line_id, abs(due - x.departures), "departure", f"{due} fill the day", f"全天应为 {due} 班")
        for back, first in ((False, x.first_out), (True, x.first_back)):
            runs = Counter(t.departs for t in book.plan.trips if (t.line, t.back) == (x.line_id, back))
            told = Counter(first + n * x.headway for n in range(x.departures))
            for minute, n in sorted(((told - runs) + (runs - told)).items()):
                where = f"{x.line_id} {x.calls[-1 if back else 0]} {minute // 60:02d}:{minute % 60:02d}"
                yield _broken("clock-face", where, n, "departure", "is not what the clock promises", "与整点制时刻不符")


def _times(book: LinesBook) -> Iterator[Violation]:
    """A trip takes as long as its roads and stops."""
    for t in book.plan.trips:
        line = book.lines[t.line]
        due = book.ride(line, line.calls[0], line.calls[-1])
        if t.arrives - t.departs != due:
            where = f"{t.vehicle} {t.line} {t.departs // 60:02d}:{t.departs % 60:02d}"
            yield _broken("running-time", where, abs(t.arrives - t.departs - due), "min", f"takes {due} min", f"需 {due} 分钟")


def _people(book: LinesBook) -> Iterator[Violation]:
    """Nobody rides twice, walks too far, or goes nowhere."""
    wish = {(t.origin, t.goal, t.boat): t.people for t in book.day.trips}
    told: Counter[tuple[str, str, bool]] = Counter()
    for r in book.plan.riders:
        where = f"{r.line} {r.origin} {r.goal}"
        told[r.origin, r.goal, r.boat] += r.people
        if r.people < 1 or r.boards == r.alights:
            yield _broken("people", where, r.people, "person", "go nowhere, or nobody does", "人数或乘车区间无效")
        for a, b in ((r.origin, r.boards), (r.alights, r.goal)):
            if book.day.walk(a, b) is None:
                yield _broken("walk", f"{where} {b}", r.people, "person", f"live more than {book.day.rules.walk_min} minutes' walk away", f"步行超过 {book.day.rules.walk_min} 分钟")
    for key, n in sorted(told.items()):
        if n > wish[key]:
            yield _broken("people", f"{key[0]} {key[1]}", n - wish[key], "person", f"{wish[key]} want to go", f"应至多 {wish[key]} 人")


def _seats(book: LinesBook) -> Iterator[Violation]:
    """In the busiest hour everyone has a seat on every section."""
    for x in book.plan.lines:
        aboard: Counter[tuple[int, bool]] = Counter()
        for r in book.plan.riders:
            if r.line == x.line_id:
                i, j = x.calls.index(r.boards), x.calls.index(r.alights)
                aboard.update({(n, j < i): r.people for n in range(min(i, j), max(i, j))})
        room = seats_an_hour(book.fleets[x.fleet_id].seats, x.headway, book.day.rules)
        for (section, back), n in sorted(aboard.items()):
            if n > room:
                a, b = x.calls[section], x.calls[section + 1]
                where = f"{x.line_id} {b} {a}" if back else f"{x.line_id} {a} {b}"
                yield _broken("seats", where, n - room, "person", f"{room} a day leave the busiest hour with seats", f"全天至多 {room} 人,高峰方有座")


def _road_vehicles(book: LinesBook) -> Iterator[Violation]:
    """In no minute are more vehicles on the road than a fleet has."""
    for b in book.day.buses:
        for minute, n in sorted(book.busy(b.fleet_id).items()):
            if n > b.count:
                yield _broken("vehicles", f"{b.fleet_id} {minute // 60:02d}:{minute % 60:02d}", n - b.count, "vehicle", f"{b.count} vehicles", f"共 {b.count} 辆")
                break


def _vehicle(book: LinesBook, vehicle: str) -> Iterator[Violation]:
    """From the base and back: one line, end to end, with its layovers; energy never below the reserve."""
    rules, buses, trips = book.day.rules, book.buses[vehicle], book.days[vehicle]
    for t in trips:
        if book.lines[t.line].fleet_id != buses.fleet_id:
            yield _broken("fleet", f"{vehicle} {t.line}", 1, "vehicle", "is of another fleet than the line's", "不属于该线路车队")
    for a, b in pairwise(trips):
        where = f"{vehicle} {b.departs // 60:02d}:{b.departs % 60:02d}"
        if book.ends(a)[1] != book.ends(b)[0] or a.line != b.line:
            yield _broken("place", where, 1, "vehicle", f"is at {book.ends(a)[1]}", f"车在 {book.ends(a)[1]}")
        short = rules.layover_min - (b.departs - a.arrives)
        if short > 0:
            yield _broken("layover", where, short, "min", f"{rules.layover_min} min between trips", f"折返至少 {rules.layover_min} 分钟")
    energy = full = usable_wh(buses, rules)
    out, home = book.day.way(buses.base, book.ends(trips[0])[0]), book.day.way(book.ends(trips[-1])[1], buses.base)
    if NO_WAY in (out[0], home[0]):
        yield _broken("way", vehicle, 1, "way", "no road to or from the base", "与车场无路相通")
        return
    energy -= way_wh(out[1], buses)
    for n, t in enumerate(trips):
        where = f"{vehicle} {t.line} {t.departs // 60:02d}:{t.departs % 60:02d}"
        energy -= way_wh(book.metres(book.lines[t.line]), buses)
        if energy < 0:
            yield _broken("battery", where, -energy, "Wh", "below the reserve", "电量低于备用")
            energy = 0
        yield from _charged(book, t, trips[n + 1].departs if n + 1 < len(trips) else t.arrives, full - energy, where)
        energy += min(t.wh, full - energy)
    if energy < way_wh(home[1], buses):
        yield _broken("battery", f"{vehicle} {buses.base}", way_wh(home[1], buses) - energy, "Wh", "does not get home", "不足以回场")


def _charged(book: LinesBook, trip: LineTrip, until: int, room: int, where: str) -> Iterator[Violation]:
    """A layover at the line's own charger gives what its minutes give, until the battery is full."""
    most = 0
    if trip.charger:
        site = book.sites[trip.charger]
        if site.node != book.ends(trip)[1] or trip.charger not in dict(book.lines[trip.line].reserved):
            yield _broken("charger", where, 1, "charger", "is not the line's own, or stands elsewhere", "不是该线专用桩或不在此处")
        most = min(room, charge_wh(site, until - trip.arrives, book.day.rules))
    if trip.wh != most:
        yield _broken("charge", where, abs(trip.wh - most), "Wh", f"gains {most} Wh", f"应充 {most} Wh")


def _chargers(book: LinesBook) -> Iterator[Violation]:
    """A line has as many chargers of its own as vehicles stand at them; together no more than there are."""
    for name, site in book.sites.items():
        own = {x.line_id: dict(x.reserved).get(name, 0) for x in book.plan.lines}
        if sum(own.values()) > site.count:
            yield _broken("chargers", name, sum(own.values()) - site.count, "charger", f"{site.count} chargers", f"充电桩 {site.count} 个")
        for line, count in own.items():
            standing: Counter[int] = Counter()
            for trips in book.days.values():
                for n, t in enumerate(trips):
                    if (t.line, t.charger) == (line, name):
                        standing.update(range(t.arrives, trips[n + 1].departs if n + 1 < len(trips) else t.arrives))
            over = max(standing.values(), default=0) - count
            if over > 0:
                yield _broken("chargers", f"{line} {name}", over, "charger", f"{count} of its own", f"专用桩 {count} 个")


def lines_money(book: LinesBook) -> LinesMoney:
    """The objective, from facts and plan alone."""
    day, rules = book.day, book.day.rules
    vehicles = sum(book.buses[v].day_fen for v in book.days)
    by_line: Counter[str] = Counter(dict.fromkeys(book.lines, 0))
    for v, trips in book.days.items():
        base = book.buses[v].base
        by_line[trips[0].line] += day.way(base, book.ends(trips[0])[0])[1] + day.way(book.ends(trips[-1])[1], base)[1]
        for t in trips:
            by_line[t.line] += book.metres(book.lines[t.line])
    ways = sum((metres * book.fleets[book.lines[x].fleet_id].km_fen + 500) // 1000 for x, metres in by_line.items())
    walk = half_waits = rides = people = 0
    for r in book.plan.riders:
        feet, ride, headway = _feet(book, r), book.ride(book.lines[r.line], r.boards, r.alights), book.lines[r.line].headway
        people += r.people * line_person_fen(feet, headway, ride, rules)
        walk, half_waits, rides = walk + r.people * feet, half_waits + r.people * headway, rides + r.people * ride
    served = sum(r.people for r in book.plan.riders)
    near = sum(h.people for h in day.homes if book.near(h.node))
    far = sum(h.people for h in day.homes) - near
    return LinesMoney(
        vehicles, ways, people, (day.people - served) * rules.unserved_fen, far * rules.far_fen, served, day.people - served, near, far, walk, half_waits, rides, sum(by_line.values())
    )


def _feet(book: LinesBook, r: Riders) -> int:
    """Minutes on foot at both ends; a way that nobody walks counts as the limit (the rule of walking has said so)."""
    most = book.day.rules.walk_min
    return sum(most if w is None else w for w in (book.day.walk(r.origin, r.boards), book.day.walk(r.alights, r.goal)))
