"""Completes today's lines into a timetable a service pattern: ``python data/build_as_run.py SCENARIO [TARGET]``.

What is known of today are sailings a day each way, a few times of departure and a few first and last boats (``TIMES``, ``DAYS``); all
else is estimated here by plain rules, and every row says which (columns ``basis`` and ``source``). docs/as-run.md tells the rules in
words. The result is the same byte for byte for the same scenario: nothing is drawn at random and no solver is used.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]

from islandflow.network.running import eligible_lines, leg_minutes, runs_on  # noqa: E402
from islandflow.network.sea import SeaNetwork, build_network  # noqa: E402
from islandflow.scenario.entities import Fleet, LinePattern, Scenario  # noqa: E402
from islandflow.scenario.reader import read_scenario  # noqa: E402
from islandflow.units import clock, minutes  # noqa: E402

COLUMNS = ("sailing", "line", "vessel", "operator", "class", "call", "port", "arrives", "departs", "days", "basis", "source")
CHANGES = ("service", "line", "sailing", "from_port", "wanted", "sails", "minutes", "what", "why")

# documented departures: line -> (port, time, source); the notices name a line and a time, the port is assumed where it says so
TIMES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "N01": (("banshengdong", "07:45", "S48"),),
    "S05": (("duntou", "09:50", "S12b, port assumed"),),
    "S08": (("duntou", "09:50", "S12b, port assumed"),),
    "S09": (("duntou", "09:30", "S12b, port assumed"),),
    "H03": (("dinghai-minjian", "09:00", "S12, port assumed"),),
    "H04": (("dinghai-minjian", "09:30", "S12, port assumed"),),
    "A12": (("zhuyu", "15:30", "S12, port assumed"),),
    "A14": (("qushan-t", "11:30", "S12, port assumed"),),
    "A15": (("qushan-t", "11:00", "S12, port assumed"),),
    "A17": (("wanliang", "16:10", "S12, port assumed"),),
    "G03": (("shenjiawan", "09:40", "S63"),),
    "G05": (("shenjiawan", "11:45", "S64"), ("huaniao-t", "14:15", "S64")),
    "G08": (("xiaocaiyuan", "07:30", "S61, port assumed"), ("xiaocaiyuan", "15:50", "S65, port assumed")),
    "G12": (("shengshan-t", "08:30", "S66"), ("huaniao-t", "13:30", "S66")),
    "G14": (("sanjiang", "09:30", "S12, port assumed"), ("sanjiang", "15:00", "S12, port assumed")),
    "G15": (("sanjiang", "10:10", "S12b, port assumed"),),
    "G15Q": (("sanjiang", "12:30", "S12b, port assumed"),),
}
# documented first and last departures of a day: line -> (first, last, source); an empty one is estimated
DAYS: dict[str, tuple[str, str, str]] = {
    "P01": ("06:20", "21:50", "hours S37"),
    "P03": ("07:00", "", "first boat S45"),
    "H01": ("06:15", "20:00", "hours S53"),
    "A01": ("06:40", "21:00", "hours S14"),
    "S30": ("06:00", "20:00", "35 min headway S53, first boat estimated"),
}
FEW, MANY = (
    ("07:00", "17:00"),
    ("06:30", "18:30"),
)  # estimated first and last departure; a line of more than FEW_SAILINGS has the longer day
FEW_SAILINGS = 8
TRIALS = 6  # how often lines that lost all their sailings may choose first
HOME_BY = "18:30"  # estimated: a line of few sailings has its last boat in by then
ROUND_UP_TO = 20  # sailings each way up to which times are multiples of five minutes
NEVER = 10_000
# new vessels of another home port too?, and the farthest that a departure is shifted for a berth or a vessel
PASSES = ((False, 30), (True, 30), (True, 120))


@dataclass
class Trip:
    """A departure that is wanted. ``forward``: in the order of the line's calls."""

    line: LinePattern
    forward: bool
    wanted: int
    basis: str
    source: str
    leaves: int = -1
    vessel: str = ""
    at_once: bool = False

    @property
    def calls(self) -> tuple[str, ...]:
        return self.line.calls if self.forward else self.line.calls[::-1]


@dataclass
class Day:
    """Where a vessel lies when: (port, from, until) of its stays. A round trip is put into a stay long enough for it, at either end of
    another one as well, so that every vessel comes home without an empty sailing."""

    vessel: str
    fleet: Fleet
    base: str
    stays: list[tuple[str, int, int]]

    def stay(self, port: str, leaves: int, until: int) -> tuple[str, int, int] | None:
        """The stay at a port that holds a round trip: leaving then, turned round again by ``until``."""
        return next((s for s in self.stays if s[0] == port and s[1] <= leaves and until <= s[2]), None)

    def idle(self, port: str, leaves: int) -> int:
        """Minutes at that port before a departure; many if it is not there."""
        return min((leaves - a for p, a, b in self.stays if p == port and a <= leaves < b), default=NEVER)


class Builder:
    """Today's timetable of one service pattern."""

    def __init__(self, scenario: Scenario, network: SeaNetwork, service: str, first: frozenset[str] = frozenset()) -> None:
        self.first = first
        self.scenario, self.network, self.service = scenario, network, service
        self.days: list[Day] = []
        self.alongside: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.fleets: dict[str, list[Fleet]] = defaultdict(list)
        for fleet in scenario.fleets.values():
            if fleet.count:
                for line in eligible_lines(scenario, fleet, service):
                    if all(fleet.length_m <= scenario.ports[p].longest_vessel_m for p in line.calls):
                        self.fleets[line.line_id].append(fleet)
        for name, found in self.fleets.items():
            found.sort(key=lambda f: scenario.lines[name].classes.index(f.vessel_class))
        self.after: dict[tuple[str, str, bool], list[int]] = {}
        self.trips: list[Trip] = []
        self.lost: list[tuple[Trip, str]] = []

    def build(self) -> None:
        """Places all round trips: those with a documented time first, then those of the lines named, then by departure."""
        pairs = [pair for line in self.scenario.lines.values() for pair in self.wanted(line)]
        documented = {id(p) for p in pairs if any(t.basis == "documented" for t in p)}
        pairs.sort(key=lambda p: (id(p) not in documented, p[0].line.line_id not in self.first, p[0].wanted))
        for away, farthest in PASSES:
            rest = []
            for pair in pairs:
                ways = [pair, turned(pair)] if away else [pair]
                placed = next((way for way in ways if self.place(*way, away, farthest)), None)
                if placed:
                    self.trips += placed
                else:
                    rest.append(pair)
            pairs = rest
        for pair in pairs:
            why = (
                f"no vessel or berth free within {PASSES[-1][1]} min"
                if self.fleets[pair[0].line.line_id]
                else "no vessel may sail the line"
            )
            self.lost += [(trip, why) for trip in pair]
        self.trips.sort(key=lambda t: (list(self.scenario.lines).index(t.line.line_id), t.leaves, not t.forward))

    def without(self) -> set[str]:
        """Lines that lost all their sailings."""
        return {t.line.line_id for t, _ in self.lost} - {t.line.line_id for t in self.trips}

    def wanted(self, line: LinePattern) -> Iterator[tuple[Trip, Trip]]:
        """Round trips of a line, evenly over its day; a documented time takes the place of the nearest estimated one."""
        scenario = self.scenario
        a_day = line.today_peak if scenario.services[self.service].peak else line.today_offpeak
        if not a_day or not line.runs_in(self.service) or not runs_on(scenario, line, self.service):
            return
        number = max(1, round(a_day))  # less than one a day: one on the days on which it sails
        fleets = self.fleets[line.line_id]
        turn = max((f.turnaround_min for f in fleets), default=0)
        homes = [f.home_port for f in fleets]
        ends = (line.calls[0], line.calls[-1])
        forward = ends[1] not in homes or (ends[0] in homes and homes.index(ends[0]) <= homes.index(ends[1]))
        first, last, source = self.hours(line, number)
        step = 5 if number <= ROUND_UP_TO else 1
        cycle = -(-(line.crossing_min + turn) // step) * step
        stay = max(cycle, (last - first) // (2 * number - 1) // step * step)
        latest = max(first, last - stay)
        outs = [first + (latest - first) * i // max(1, number - 1) // step * step for i in range(number)]
        pairs = [(Trip(line, forward, t, "estimated", source), Trip(line, not forward, t + stay, "estimated", source)) for t in outs]
        for port, time, said in TIMES.get(line.line_id, ()):
            way = int((port == ends[0]) != forward)
            free = [n for n, p in enumerate(pairs) if p[way].basis == "estimated"]
            if not free:
                continue
            n = min(free, key=lambda n: abs(pairs[n][way].wanted - minutes(time)))
            trip, other = pairs[n][way], pairs[n][1 - way]
            trip.wanted, trip.basis, trip.source = minutes(time), "documented", said
            if way and trip.wanted - cycle < self.opens(line):
                pairs[n] = trip, other  # too early to have come from the other end: the boat begins here
                way = 0
            if other.basis == "estimated":
                other.wanted = max(other.wanted, trip.wanted + cycle) if way == 0 else min(other.wanted, trip.wanted - cycle)
        yield from pairs

    def opens(self, line: LinePattern) -> int:
        """First minute at which all ports of a line are open."""
        return max(self.scenario.ports[p].opens for p in line.calls)

    def hours(self, line: LinePattern, number: int) -> tuple[int, int, str]:
        """First and last departure of a line's day, kept within the hours of its ports, and where they come from."""
        known = DAYS.get(line.line_id, ("", "", ""))
        few = number <= FEW_SAILINGS
        first, last = (minutes(k or e) for k, e in zip(known[:2], FEW if few else MANY, strict=True))
        ports = [self.scenario.ports[p] for p in line.calls]
        if few and not known[1]:
            last = min(last, minutes(HOME_BY) - line.crossing_min)
        last = min(last, min(p.closes for p in ports) - line.crossing_min)
        return max(first, self.opens(line)), last, known[2] or "evenly over an estimated day"

    def place(self, out: Trip, back: Trip, away: bool, farthest: int) -> bool:
        """Gives a round trip to a vessel, shifted as little as possible; without one the boat comes home at once; else False."""
        if not self.fleets[out.line.line_id]:
            return False
        if self.fits(out, back, back.wanted, away, farthest):
            return True
        soon = out.wanted + out.line.crossing_min + max(f.turnaround_min for f in self.fleets[out.line.line_id])
        back.at_once = back.basis == "estimated" and soon < back.wanted and self.fits(out, back, soon, away, farthest)
        return back.at_once

    def fits(self, out: Trip, back: Trip, home: int, away: bool, farthest: int) -> bool:
        base = out.calls[0]
        for off in shifts(out, farthest):
            leaves = out.wanted + off
            for day in self.vessels(out.line, base, leaves, away):
                if not self.berthed(day, out, leaves):
                    continue
                ready = self.times(day.fleet, out, leaves)[-1] + day.fleet.turnaround_min
                for more in shifts(back, farthest):
                    returns = max(home, out.wanted + ready - leaves) + more
                    done = self.times(day.fleet, back, returns)[-1] + day.fleet.turnaround_min
                    if returns >= ready and day.stay(base, leaves, done) and self.berthed(day, back, returns):
                        self.take(day, out, leaves, back, returns)
                        return True
        return False

    def vessels(self, line: LinePattern, base: str, leaves: int, away: bool) -> list[Day]:
        """Vessels that may sail the line from that port: those lying there, who came last first, then new ones of that home port.

        With ``away`` also new ones of another home port, while moorings last.
        """
        there, new = [], []
        moored = sum(d.base == base for d in self.days)
        for rank, fleet in enumerate(self.fleets[line.line_id]):
            mine = [d for d in self.days if d.fleet is fleet]
            there += [(line.classes.index(fleet.vessel_class), d.idle(base, leaves), d) for d in mine if d.idle(base, leaves) < NEVER]
            if (away or fleet.home_port == base) and len(mine) < fleet.count and moored < self.scenario.ports[base].overnight_moorings:
                day = Day(fleet.vessel_ids()[len(mine)], fleet, base, [(base, 0, NEVER)])
                new.append((line.classes.index(fleet.vessel_class), fleet.home_port != base, rank, day))
        found = [(kind, 0, idle, d.vessel, d) for kind, idle, d in there] + [
            (kind, 1 + away, rank, d.vessel, d) for kind, away, rank, d in new
        ]
        return [d for *_, d in sorted(found, key=lambda f: f[:-1])]

    def stays(self, day: Day, trip: Trip, leaves: int) -> Iterator[tuple[str, range]]:
        """Minutes alongside, as the audit counts them."""
        berth = min(self.scenario.whole("berth_min"), day.fleet.turnaround_min // 2)
        times = self.times(day.fleet, trip, leaves)
        yield trip.calls[0], range(leaves - berth, leaves)
        for port, at in zip(trip.calls[1:-1], times[1:-1], strict=True):
            yield port, range(at, at + 1)
        yield trip.calls[-1], range(times[-1], times[-1] + berth)

    def times(self, fleet: Fleet, trip: Trip, leaves: int) -> list[int]:
        """The minute of each call: leaving the first, reaching (and leaving) the others."""
        key = fleet.fleet_id, trip.line.line_id, trip.forward
        if key not in self.after:
            legs = leg_minutes(self.scenario, self.network, fleet, trip.line.line_id, trip.calls, self.service)
            self.after[key] = [0, *accumulate(legs)]
        return [leaves + after for after in self.after[key]]

    def berthed(self, day: Day, trip: Trip, leaves: int) -> bool:
        """Whether every port is open and has a berth free."""
        ports = [self.scenario.ports[p] for p in trip.calls]
        if any(not p.opens <= at <= p.closes for p, at in zip(ports, self.times(day.fleet, trip, leaves), strict=True)):
            return False
        return all(
            len(self.alongside[port][minute] | {day.vessel}) <= self.scenario.ports[port].berths
            for port, span in self.stays(day, trip, leaves)
            for minute in span
        )

    def take(self, day: Day, out: Trip, leaves: int, back: Trip, returns: int) -> None:
        if day not in self.days:
            self.days.append(day)
        turn = day.fleet.turnaround_min
        ready, done = (self.times(day.fleet, trip, at)[-1] + turn for trip, at in ((out, leaves), (back, returns)))
        held = day.stay(out.calls[0], leaves, done)
        assert held is not None
        day.stays.remove(held)
        port, since, until = held
        day.stays += [(port, since, leaves), (out.calls[-1], ready, returns), (port, done, until)]
        for trip, at in ((out, leaves), (back, returns)):
            trip.leaves, trip.vessel = at, day.vessel
            for port, span in self.stays(day, trip, at):
                for minute in span:
                    self.alongside[port][minute].add(day.vessel)

    def rows(self) -> Iterator[dict[str, object]]:
        """One row a call; sailings are numbered by line and direction."""
        for trip, name in self.named():
            fleet = self.scenario.vessel_fleet(trip.vessel)
            times = self.times(fleet, trip, trip.leaves)
            how = "home at once" if trip.at_once else "shifted"
            basis = trip.basis if trip.leaves == trip.wanted else f"{trip.basis}, {how} {trip.leaves - trip.wanted:+d} min"
            for number, (port, at) in enumerate(zip(trip.calls, times, strict=True), start=1):
                yield {
                    "sailing": name, "line": trip.line.line_id, "vessel": trip.vessel, "operator": fleet.operator, "class": fleet.vessel_class,
                    "call": number, "port": port, "arrives": clock(at) if number > 1 else "",
                    "departs": clock(at) if number < len(times) else "", "days": trip.line.days, "basis": basis, "source": trip.source,
                }  # fmt: skip

    def named(self) -> Iterator[tuple[Trip, str]]:
        count: dict[tuple[str, bool], int] = defaultdict(int)
        for trip in self.trips:
            key = trip.line.line_id, trip.forward
            count[key] += 1
            yield trip, f"{key[0]}-{'ab' if trip.forward else 'ba'}-{count[key]:03d}"

    def changes(self, service: str) -> Iterator[dict[str, object]]:
        """What differs from the plain rules: shifted sailings, and those that had to be left out."""
        for trip, name in self.named():
            if trip.leaves != trip.wanted:
                yield self.change(service, trip, name, "home at once" if trip.at_once else "shifted", "berth or vessel")
        for trip, why in self.lost:
            yield self.change(service, trip, "", "left out", why)

    def change(self, service: str, trip: Trip, name: str, what: str, why: str) -> dict[str, object]:
        sails = trip.leaves >= 0
        return {
            "service": service, "line": trip.line.line_id, "sailing": name, "from_port": trip.calls[0], "wanted": clock(trip.wanted),
            "sails": clock(trip.leaves) if sails else "", "minutes": trip.leaves - trip.wanted if sails else "", "what": what, "why": why,
        }  # fmt: skip


def today(scenario: Scenario, network: SeaNetwork, service: str) -> Builder:
    """The timetable of one service pattern: of some trials, in which lines left without a boat choose first, the one that loses least."""
    first: frozenset[str] = frozenset()
    best = None
    for _ in range(TRIALS):
        built = Builder(scenario, network, service, first)
        built.build()
        if best is None or (len(built.lost), len(built.without())) < (len(best.lost), len(best.without())):
            best = built
        if built.without() <= first:
            break
        first |= built.without()
    assert best is not None
    return best


def shifts(trip: Trip, farthest: int) -> list[int]:
    """0, then the smallest shifts first, later before earlier; a documented time moves by half an hour at most."""
    most = farthest if trip.basis == "estimated" else min(farthest, PASSES[0][1])
    return sorted([m for m in range(-most, most + 1) if abs(m) <= PASSES[0][1] or m % 5 == 0], key=lambda m: (abs(m), -m))


def turned(pair: tuple[Trip, Trip]) -> tuple[Trip, Trip]:
    """The same times with the boat based at the other end; the pair itself where a time is documented."""
    if any(t.basis == "documented" for t in pair):
        return pair
    out, back = pair
    return Trip(out.line, back.forward, out.wanted, out.basis, out.source), Trip(
        out.line, out.forward, back.wanted, back.basis, back.source
    )


def write(file: Path, columns: tuple[str, ...], rows: list[dict[str, object]]) -> None:
    """A table as CSV (UTF-8, LF)."""
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder: Path, target: Path) -> None:
    """Writes ``SERVICE.csv`` for every service pattern, and ``changes.csv``: what was shifted or left out."""
    scenario = read_scenario(folder)
    network = build_network(scenario)
    target.mkdir(parents=True, exist_ok=True)
    changes: list[dict[str, object]] = []
    alike: dict[object, Builder] = {}
    for service, facts in scenario.services.items():
        # day types with the same lines at the same frequencies have the same timetable
        key = (
            facts.peak,
            tuple(line.line_id for line in scenario.lines.values() if line.runs_in(service) and runs_on(scenario, line, service)),
        )
        if key not in alike:
            alike[key] = today(scenario, network, service)
        built = alike[key]
        write(target / f"{service}.csv", COLUMNS, list(built.rows()))
        mine = list(built.changes(service))
        changes += mine
        count = Counter(str(c["what"]) for c in mine)
        print(
            f"{service}: {len(built.trips)} sailings, {len(built.days)} vessels,",
            ", ".join(f"{n} {what}" for what, n in sorted(count.items())),
        )
        for change in (c for c in mine if c["what"] == "left out"):
            print("  left out:", change["line"], change["from_port"], change["wanted"], "-", change["why"])
    write(target / "changes.csv", CHANGES, changes)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else Path(sys.argv[1]) / "as_run")
