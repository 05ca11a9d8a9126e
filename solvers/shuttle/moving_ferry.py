"""The ferry side of moved sailings: which moves the rules allow, what they cost everyone who stays on the boat, and all seated anew.

Cheap rules only reject; whatever is kept has passed the whole audit (`judged`). The cost of staying aboard is exact, and an upper
bound: who may choose again only takes a cheaper way, or leaves a seat to someone who gains more by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from islandflow.ferry.audit import AuditReport, audit_plan, berths, movement, nature
from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import second_crew_fen, traveller_fen
from islandflow.ferry.audit.riders import journey
from islandflow.ferry.audit.wishes import wishes
from islandflow.ferry.plan import Boarding, FerryPlan, Rotation, Sailing
from islandflow.network.running import Distances
from islandflow.scenario.entities import Scenario
from islandflow.shuttle.moves import Shifts, later, moved
from islandflow.units import fen

OWN_RULES = (movement.port_hours, movement.turnaround, movement.position, movement.crew_day, nature.tides, nature.night_quiet, nature.charging)


@dataclass(frozen=True)
class Judged:
    """A seated timetable and what the audit says of it."""

    plan: FerryPlan
    report: AuditReport

    @property
    def fen(self) -> int:
        """The ferry side's objective."""
        return self.report.money.objective


class FerrySide:
    """One seated timetable from which moves are tried."""

    def __init__(self, scenario: Scenario, network: Distances, plan: FerryPlan) -> None:
        self.scenario, self.network, self.plan = scenario, network, plan
        self.facts = Facts.of(scenario, plan, network)
        self.by_id = dict(self.facts.by_id)
        self.days = {r.vessel: r.sailings for r in plan.rotations}
        self.only: dict[str, list[Boarding]] = defaultdict(list)  # who rides this sailing alone, and who changes to or from it
        self.changing: dict[str, list[Boarding]] = defaultdict(list)
        for b in plan.boardings:
            for r in b.rides:
                (self.only if len(b.rides) == 1 else self.changing)[r.sailing].append(b)
        self.known: dict[tuple[str, int], int] = {}
        self.left = {s: fen(scenario.number(f"left_behind_{s}_cny")) for s in {b.segment for b in plan.boardings}}
        self.window = scenario.whole("shift_window_min")
        self.change = scenario.whole("minimum_transfer_min"), scenario.whole("longest_transfer_wait_min")
        self.at: dict[str, list[Sailing]] = defaultdict(list)
        for s in self.facts.sailings:
            for port in set(s.ports):
                self.at[port].append(s)
        self.same: dict[tuple[object, ...], int] = defaultdict(int)
        for s in self.facts.sailings:
            self.same[self._kind(s)] += 1
        self.paid: dict[int, int] = {}
        self.wished = [w for w in scenario.wishes.values() if w.holds_in(plan.service)]

    def staying(self, shifts: Shifts) -> int:
        """Fen more if everybody stays on the boat; who then misses a change or is too far from the wished minute counts as left behind."""
        total = sum(self._alone(s, m) for s, m in shifts.items())
        changing = {id(b): b for s in shifts for b in self.changing[s]}.values()
        if changing:
            after = replace(self.facts, by_id={**self.by_id, **self._later(shifts)}, memory={})
            total += sum(b.people * (self._price(after, b) - self._before(b)) for b in changing)
        for vessel in {self.by_id[s].vessel for s in shifts}:
            fleet = self.facts.fleets[vessel]
            total += second_crew_fen(self.scenario, fleet, Rotation(vessel, self.day(vessel, shifts)))
            total -= second_crew_fen(self.scenario, fleet, Rotation(vessel, self.days[vessel]))
        return total + self._wishes(shifts)

    def _alone(self, sailing: str, minutes: int) -> int:
        """Fen more for those whose only boat this is, from memory."""
        key = (sailing, minutes)
        if key not in self.known:
            after = replace(self.facts, by_id={**self.by_id, sailing: later(self.by_id[sailing], minutes)}, memory={})
            self.known[key] = sum(b.people * (self._price(after, b) - self._before(b)) for b in self.only[sailing])
        return self.known[key]

    def pushed(self, sailing: str, minutes: int, step: int, most: int) -> dict[str, int] | None:
        """The sailing moved, and those of its vessel that it pushes before it, each by as few steps as the turnaround asks; None past ``most``."""
        mine = self.by_id[sailing]
        day, needed = self.days[mine.vessel], self.facts.fleets[mine.vessel].turnaround_min
        at = next(n for n, s in enumerate(day) if s.id == sailing)
        found, push = {sailing: minutes}, minutes
        order = range(at + 1, len(day)) if minutes > 0 else range(at - 1, -1, -1)
        for n in order:
            slack = (day[n].departs - day[n - 1].arrives if minutes > 0 else day[n + 1].departs - day[n].arrives) - needed
            push = -(-max(0, abs(push) - slack) // step) * step * (1 if minutes > 0 else -1)
            if push == 0:
                break
            found[day[n].id] = push
            if len(found) > most:
                return None
        return found

    def day(self, vessel: str, shifts: Shifts) -> tuple[Sailing, ...]:
        """A vessel's sailings, moved."""
        return tuple(sorted((later(s, shifts.get(s.id, 0)) for s in self.days[vessel]), key=lambda s: (s.departs, s.arrives, s.id)))

    def allows(self, shifts: Shifts) -> bool:
        """Whether the cheap rules are silent wherever they are silent now: the vessels' own days, berths of the ports called at, slots of the candidates."""
        for vessel in {self.by_id[s].vessel for s in shifts}:
            before = self.days[vessel]
            day = self.day(vessel, shifts)
            if [s.id for s in day] != [s.id for s in before]:
                return False
            if self._broken(day, OWN_RULES) - self._broken(before, OWN_RULES):
                return False
        return self._slots(shifts) and self._berths(shifts)

    def judged(self, plan: FerryPlan) -> Judged:
        """A plan under the whole audit."""
        return Judged(plan, audit_plan(self.scenario, plan, self.network))

    def _later(self, shifts: Shifts) -> dict[str, Sailing]:
        return {s: later(self.by_id[s], m) for s, m in shifts.items()}

    def _before(self, b: Boarding) -> int:
        if id(b) not in self.paid:
            self.paid[id(b)] = self._price(self.facts, b)
        return self.paid[id(b)]

    def _price(self, facts: Facts, b: Boarding) -> int:
        taken = journey(facts, b)
        if taken is None or taken.shift > self.window:
            return self.left[b.segment]
        if taken.changes and not self.change[0] <= taken.wait <= self.change[1]:
            return self.left[b.segment]
        return min(self.left[b.segment], traveller_fen(self.scenario, b.segment, taken))

    def _wishes(self, shifts: Shifts) -> int:
        """Fen more for wished departures that no longer run, or run now."""
        if not self.wished:
            return 0
        fewer = replace(self.facts, sailings=tuple(self.by_id.values()))
        now = tuple({**self.by_id, **self._later(shifts)}.values())
        return sum(w.cost_fen for w in wishes(replace(fewer, sailings=now))) - sum(w.cost_fen for w in wishes(fewer))

    def _broken(self, sailings: Iterable[Sailing], rules: Iterable[object]) -> set[object]:
        mine = tuple(sailings)
        plan = FerryPlan(self.plan.service, mine)
        facts = replace(self.facts, plan=plan, sailings=mine, rotations=plan.rotations, by_id={s.id: s for s in mine}, memory={})
        return {(v.rule, v.where, v.amount) for rule in rules for v in rule(facts)}  # type: ignore[operator]

    def _berths(self, shifts: Shifts) -> bool:
        ports = {p for s in shifts for p in self.by_id[s].ports}
        near = {s.id: s for p in ports for s in self.at[p]}
        after = {i: later(s, shifts.get(i, 0)) for i, s in near.items()}
        rules = (berths.berths, berths.long_berths)
        before = self._broken(near.values(), rules)
        return not self._broken(after.values(), rules) - before

    def _kind(self, sailing: Sailing) -> tuple[object, ...]:
        fleet = self.facts.fleets[sailing.vessel]
        alike = tuple(v for k, v in vars(fleet).items() if k not in {"fleet_id", "name_zh", "name_en", "home_port", "count"})
        return (alike, sailing.ports, sailing.departs)

    def _slots(self, shifts: Shifts) -> bool:
        """No more departures of a slot than the candidates hold: the bound is of those alone."""
        most, count = self.scenario.whole("departures_per_slot"), defaultdict[tuple[object, ...], int](int)
        for s, later_one in self._later(shifts).items():
            count[self._kind(self.by_id[s])] -= 1
            count[self._kind(later_one)] += 1
        return all(self.same[k] + n <= max(most, self.same[k]) for k, n in count.items())


def better_or_equal(before: AuditReport, after: AuditReport) -> bool:
    """Whether a timetable breaks nothing that the other does not: no violation more, no obligation worse."""
    told = {(v.rule, v.where): v.amount for v in before.violations}
    if any(v.amount > told.get((v.rule, v.where), 0) for v in after.violations):
        return False
    owed: Mapping[tuple[str, str, str], int] = {(o.obligation_id, o.rule, o.required): o.amount for o in before.obligations}
    return all(o.amount <= owed.get((o.obligation_id, o.rule, o.required), 0) for o in after.obligations)


__all__ = ["FerrySide", "Judged", "better_or_equal", "moved"]
