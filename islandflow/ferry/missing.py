"""Why no boat leaves at a certain minute: who could sail it and what it would cost, or which rule keeps every vessel from it.

Every vessel is tried by making the sailing and letting the audit judge it, so that the reasons are the audit's own. The trial of least
running cost that breaks nothing is then costed with everybody seated anew, by the same rule with it and without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from islandflow.ferry.audit.report import ObligationCheck
from islandflow.ferry.explain import seat_and_judge
from islandflow.ferry.plan import FerryPlan, Sailing
from islandflow.ferry.trials import GENERATED, NAME, Bench, Trial, Trip
from islandflow.network.running import Distances
from islandflow.passengers.access import land_access, line_stretches
from islandflow.passengers.groups import Group
from islandflow.passengers.offers import Offers
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.violation import Violation

NO_PRICE = 10**12  # fen: dearer than any way


@dataclass(frozen=True)
class Departure:
    """A way that the plan offers: minutes of leaving and arriving at quays, and the sailings taken."""

    departs: int
    arrives: int
    sailings: tuple[str, ...]


@dataclass(frozen=True)
class Barred:
    """Fleets, or vessels, that one rule keeps away; the note is the audit's, of the first of them."""

    rule: str
    who: tuple[str, ...]
    note: str
    note_zh: str


@dataclass(frozen=True)
class Added:
    """The sailing as it could run. Money in fen, above 0 = dearer than the plan as it is.

    ``kind`` as in ``Trial``; ``onward`` the sailing that one changes to; ``aboard`` people (and vehicles) on the missing sailing;
    ``carried`` more who travel at all; ``met`` obligation rules that hold only with it.
    """

    vessel: str
    kind: str
    sailings: tuple[Sailing, ...]
    onward: str
    aboard: int
    carried: int
    running_fen: int
    travellers_fen: int
    left_behind_fen: int
    total_fen: int
    met: tuple[ObligationCheck, ...]


@dataclass(frozen=True)
class Missing:
    """The answer: the ways nearest in time, what the sailing would cost (None = no vessel may sail it), and who is kept from it by what."""

    from_place: str
    to_place: str
    minute: int
    before: Departure | None
    after: Departure | None
    added: Added | None
    barred: tuple[Barred, ...]

    def as_json(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def missing_sailing(scenario: Scenario, plan: FerryPlan, network: Distances, start: str, end: str, minute: int) -> Missing:
    """Why no boat leaves ``start`` for ``end`` at ``minute``. Both are ports or places, by id or name; ValueError if there is none such."""
    a, b = _place(scenario, start), _place(scenario, end)
    if a == b:
        raise ValueError(f"--missing {start} {end}: both ends are the same place")
    search = _Search(Bench(scenario, plan, network, minute), a, b)
    before, after = search.nearby()
    found = search.cheapest(search.direct()) or search.cheapest(search.by_change(), change=True)
    return Missing(a, b, minute, before, after, found and search.cost(*found), tuple(search.reasons(found)))


def _place(scenario: Scenario, name: str) -> str:
    """The place that a port or place id, or a name in either language, means."""
    if name in scenario.ports:
        return scenario.ports[name].place_id
    if name in scenario.places:
        return name
    named = {n: p.place_id for p in scenario.places.values() for n in (p.name_zh, p.name_en)}
    named |= {n: p.place_id for p in scenario.ports.values() for n in (p.name_zh, p.name_en)}
    if name not in named:
        raise ValueError(
            f"--missing {name}: no port and no place of the plan's scenario; nothing in its tables ports and places is called so"
        )
    return named[name]


class _Search:
    """The sailings that would join two places, and the vessels that were tried for them."""

    def __init__(self, bench: Bench, start: str, end: str) -> None:
        self.bench, self.start, self.end = bench, start, end
        self.access = land_access(bench.scenario)
        self.never: dict[str, list[Violation]] = {}
        self.busy: dict[str, Violation] = {}

    def nearby(self) -> tuple[Departure | None, Departure | None]:
        """The last way that leaves no later than the minute, and the first that leaves after it, within the shift window."""
        scenario, plan, minute = self.bench.scenario, self.bench.plan, self.bench.minute
        offers = Offers(scenario, plan.sailings, self.access, line_stretches(scenario, plan.service))
        numbers, _ = offers.ways(Group(self.start, self.end, "resident", minute, 1), NO_PRICE)
        ways = []
        for number in numbers.tolist():
            rides = list(offers.rides(number))
            leaves = plan.sailings[rides[0][0]].calls[rides[0][1]].departs or 0
            arrives = plan.sailings[rides[-1][0]].calls[rides[-1][2]].arrives or 0
            ways.append(Departure(leaves, arrives, tuple(plan.sailings[s].id for s, _, _ in rides)))
        return (
            max((w for w in ways if w.departs <= minute), key=lambda w: (w.departs, -w.arrives), default=None),
            min((w for w in ways if w.departs > minute), key=lambda w: (w.departs, w.arrives), default=None),
        )

    def direct(self) -> Iterator[Trip]:
        """Sailings from a port of one place to a port of the other: every line that calls at both, and the pair itself."""
        for a in self.access.ports[self.start]:
            for b in self.access.ports[self.end]:
                yield from self._between(a, b)

    def by_change(self) -> Iterator[Trip]:
        """Sailings to the ports from which the plan goes on."""
        quays = {q for s in self.bench.plan.sailings for q in s.ports[:-1] if not set(self.access.ports[self.end]).isdisjoint(s.ports)}
        for a in self.access.ports[self.start]:
            for p in sorted(
                {p for p in self.access.change for q in quays if q in self.access.change[p]} - set(self.access.ports[self.end])
            ):
                yield from self._between(a, p)

    def _between(self, a: str, b: str) -> Iterator[Trip]:
        if a == b:
            return
        for line in self.bench.scenario.lines.values():
            for ports in (line.calls, line.calls[::-1]):
                if a in ports and b in ports[ports.index(a) + 1 :]:
                    yield Trip(line.line_id, ports, ports.index(a), ports.index(b, ports.index(a)))
        yield Trip(GENERATED, (a, b), 0, 1)

    def cheapest(self, trips: Iterable[Trip], *, change: bool = False) -> tuple[Trial, Bench] | None:
        """The trial of least running cost that breaks nothing: by the vessels at hand, else by one more; None if there is none."""
        able: list[tuple[Fleet, Trip]] = []
        for trip in trips:
            for fleet in self.bench.scenario.fleets.values():
                wrong = self.bench.barred(fleet, trip) if fleet.count else []
                if fleet.count and not wrong:
                    able.append((fleet, trip))
                elif wrong and (fleet.fleet_id not in self.never or len(wrong) < len(self.never[fleet.fleet_id])) and not change:
                    self.never[fleet.fleet_id] = wrong
        for fleet, _ in able:
            self.never.pop(fleet.fleet_id, None)
        found = self._first(self.bench, able, change)
        if found is not None:
            return found, self.bench
        for fleet in sorted({f.fleet_id: f for f, _ in able}.values(), key=lambda f: (f.day_cost_yuan, f.fleet_id)):
            wider = self.bench.wider(fleet)
            found = self._first(
                wider, [(wider.scenario.fleets[fleet.fleet_id], t) for f, t in able if f.fleet_id == fleet.fleet_id], change, "more"
            )
            if found is not None:
                return found, wider
        return None

    def _first(self, bench: Bench, able: list[tuple[Fleet, Trip]], change: bool, kind: str = "") -> Trial | None:
        tried = [t for fleet, trip in able for t in bench.trials(fleet, trip)]
        if kind:
            tried = [Trial(t.cost, t.vessel, kind, t.new, t.trip) for t in tried if t.vessel not in bench.days]
        for trial in sorted(tried, key=lambda t: (t.cost, t.vessel)):
            if change and not self.onward(trial):
                continue
            wrong = bench.wrong(trial)
            if wrong is None:
                return trial
            if not change:
                self.busy.setdefault(trial.vessel, wrong)
        return None

    def onward(self, trial: Trial) -> str:
        """The first sailing of the plan that goes on from where a trial arrives, in the time that a change may take."""
        scenario, arrives = self.bench.scenario, trial.sailing.calls[trial.trip.alight].arrives or 0
        least, most = scenario.whole("minimum_transfer_min"), scenario.whole("longest_transfer_wait_min")
        found = []
        for sailing in self.bench.plan.sailings:
            for i, call in enumerate(sailing.calls[:-1]):
                walk = self.access.change[trial.trip.ports[trial.trip.alight]].get(call.port)
                if walk is None or set(self.access.ports[self.end]).isdisjoint(sailing.ports[i + 1 :]):
                    continue
                if least <= (call.departs or 0) - arrives - walk <= most:
                    found.append((call.departs or 0, sailing.id))
        return min(found, default=(0, ""))[1]

    def reasons(self, found: tuple[Trial, Bench] | None) -> Iterator[Barred]:
        """Fleets that may never sail it, unless some vessel may; vessels that could not that day, unless a vessel at hand could."""
        gathered: dict[str, tuple[list[str], Violation]] = {}
        if found is None:
            for fleet, wrong in self.never.items():
                gathered.setdefault(wrong[0].rule, ([], wrong[0]))[0].append(fleet)
        if found is None or found[0].kind != "at-hand":
            for vessel, broken in self.busy.items():
                gathered.setdefault(broken.rule, ([], broken))[0].append(vessel)
        for rule, (who, first) in gathered.items():
            yield Barred(rule, tuple(who), first.note, first.note_zh)

    def cost(self, trial: Trial, bench: Bench) -> Added:
        """The trial costed: everybody seated anew without it and with it."""
        service, sailings, network = bench.plan.service, bench.plan.sailings, bench.network
        old, without = seat_and_judge(self.bench.scenario, service, sailings, network)
        new, report = seat_and_judge(bench.scenario, service, (*sailings, *trial.new), network)
        a, b = without.money, report.money
        unmet = {(o.obligation_id, o.rule, o.required) for o in without.unmet}
        through = not set(self.access.ports[self.end]).isdisjoint(trial.sailing.ports[trial.trip.board + 1 :])
        return Added(
            trial.vessel, trial.kind, trial.new, "" if through else self.onward(trial),
            sum(x.people for x in new.boardings if any(r.sailing == NAME for r in x.rides)),
            sum(x.people for x in new.boardings) - sum(x.people for x in old.boardings),
            b.sailings + b.vessel_days + b.second_crews - a.sailings - a.vessel_days - a.second_crews,
            b.travellers - a.travellers, b.left_behind - a.left_behind, b.objective - a.objective,
            tuple(o for o in report.obligations if o.met and (o.obligation_id, o.rule, o.required) in unmet),
        )  # fmt: skip
