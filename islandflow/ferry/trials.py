"""A sailing tried on a timetable: vessel by vessel, on the way there and back where its day would be torn, judged by the audit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from islandflow.ferry.audit import berths, movement, nature
from islandflow.ferry.audit.facts import Facts
from islandflow.ferry.audit.money import sailing_fen, second_crew_fen
from islandflow.ferry.plan import Call, FerryPlan, Rotation, Sailing
from islandflow.network.running import Distances, leg_minutes
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.units import fen
from islandflow.violation import Violation

GENERATED = "+"
NAME = "missing"  # id of the sailing that is tried
DAY_RULES = (movement.position, movement.overnight, movement.crew_day)  # of a whole day, not of one sailing
OWN_RULES = (*movement.RULES, *nature.RULES)  # of a vessel by itself


@dataclass(frozen=True)
class Trip:
    """A sailing without a vessel: line and calls, and the ride asked for on it (call numbers from 0)."""

    line: str
    ports: tuple[str, ...]
    board: int
    alight: int


@dataclass(frozen=True)
class Trial:
    """A vessel's day with the sailing in it. ``cost`` more running cost in fen; ``new`` its sailings that the plan does not have.

    ``kind``: ``at-hand`` = a vessel that sails that day, ``laid-up`` = one that does not, ``more`` = one that the fleet does not have.
    """

    cost: int
    vessel: str
    kind: str
    new: tuple[Sailing, ...]
    trip: Trip

    @property
    def sailing(self) -> Sailing:
        """The sailing asked for."""
        return next(s for s in self.new if s.id == NAME)


class Bench:
    """A plan on which vessels are tried for a sailing that leaves its boarding port at ``minute``."""

    def __init__(self, scenario: Scenario, plan: FerryPlan, network: Distances, minute: int) -> None:
        self.scenario, self.plan, self.network, self.minute = scenario, plan, network, minute
        self.facts = Facts.of(scenario, plan, network)
        self.days = {r.vessel: r.sailings for r in plan.rotations}
        self.together = frozenset(_shared(self.facts))

    def wider(self, fleet: Fleet) -> Bench:
        """The same plan with one vessel more in a fleet."""
        more = replace(self.scenario, fleets={**self.scenario.fleets, fleet.fleet_id: replace(fleet, count=fleet.count + 1)})
        return Bench(more, self.plan, self.network, self.minute)

    def barred(self, fleet: Fleet, trip: Trip) -> list[Violation]:
        """Rules that keep every vessel of the fleet from the sailing, wherever it is. The fleet has a vessel."""
        alone = self._facts((self._made(fleet.vessel_ids()[0], trip, self.minute, NAME),))
        return [v for rule in OWN_RULES if rule not in DAY_RULES for v in rule(alone)]

    def trials(self, fleet: Fleet, trip: Trip) -> Iterator[Trial]:
        """The sailing by each vessel of the fleet that sails that day, and by one that does not: those are alike."""
        idle = [v for v in fleet.vessel_ids() if v not in self.days]
        for vessel in [v for v in fleet.vessel_ids() if v in self.days] + idle[-1:]:
            yield from self._tried(fleet, vessel, trip)

    def _tried(self, fleet: Fleet, vessel: str, trip: Trip) -> Iterator[Trial]:
        made = self._made(vessel, trip, self.minute, NAME)
        day = self.days.get(vessel, ())
        earlier, later = [s for s in day if s.departs <= made.departs], [s for s in day if s.departs > made.departs]
        for home in [day[0].ports[0]] if day else dict.fromkeys((made.ports[0], made.ports[-1], fleet.home_port)):
            at = earlier[-1].ports[-1] if earlier else home
            goal = later[0].ports[0] if later else home
            new = [made]
            if at != made.ports[0]:
                there = self._plain(at, made.ports[0])
                minutes = sum(self._legs(fleet, there))
                new.insert(0, self._made(vessel, there, made.departs - fleet.turnaround_min - minutes, "there"))
            if goal != made.ports[-1]:
                new.append(self._made(vessel, self._plain(made.ports[-1], goal), made.arrives + fleet.turnaround_min, "back"))
            whole = tuple(sorted((*day, *new), key=lambda s: s.departs))
            cost = sum(sailing_fen(self.scenario, fleet, s) for s in new) + second_crew_fen(self.scenario, fleet, Rotation(vessel, whole))
            cost -= second_crew_fen(self.scenario, fleet, Rotation(vessel, day)) if day else -fen(fleet.day_cost_yuan)
            yield Trial(cost, vessel, "at-hand" if day else "laid-up", tuple(new), trip)

    def wrong(self, trial: Trial) -> Violation | None:
        """The first rule that the trial breaks and the plan does not."""
        day = self.days.get(trial.vessel, ())
        before = {v for rule in OWN_RULES for v in rule(self._facts(day))}
        own = self._facts((*day, *trial.new))
        found = next((v for rule in OWN_RULES for v in rule(own) if v not in before), None)
        if found is None:
            whole = self._facts((*self.plan.sailings, *trial.new))
            found = next((v for v in _shared(whole) if v not in self.together), None)
        return found

    def _plain(self, a: str, b: str) -> Trip:
        """From port to port without a call between."""
        line = next((x.line_id for x in self.scenario.lines.values() if x.calls in ((a, b), (b, a))), GENERATED)
        return Trip(line, (a, b), 0, 1)

    def _legs(self, fleet: Fleet, trip: Trip) -> tuple[int, ...]:
        return leg_minutes(self.scenario, self.network, fleet, trip.line, trip.ports, self.plan.service)

    def _made(self, vessel: str, trip: Trip, minute: int, name: str) -> Sailing:
        """The sailing of a trip that leaves the boarding port at ``minute``."""
        legs = self._legs(self.scenario.vessel_fleet(vessel), trip)
        now = minute - sum(legs[: trip.board])
        calls = [Call(trip.ports[0], None, now)]
        for number, (port, leg) in enumerate(zip(trip.ports[1:], legs, strict=True), start=1):
            now += leg
            calls.append(Call(port, now, now if number < len(legs) else None))
        return Sailing(name, trip.line, vessel, tuple(calls))

    def _facts(self, sailings: tuple[Sailing, ...]) -> Facts:
        """The facts of other sailings."""
        known = {
            **self.facts.fleets,
            **{s.vessel: self.scenario.vessel_fleet(s.vessel) for s in sailings if s.vessel not in self.facts.fleets},
        }
        plan = FerryPlan(self.plan.service, sailings)
        by_id = {s.id: s for s in sailings}
        return replace(self.facts, plan=plan, sailings=sailings, rotations=plan.rotations, fleets=known, by_id=by_id)


def _shared(facts: Facts) -> Iterator[Violation]:
    """Violations of what vessels share: berths and moorings."""
    return (v for rule in berths.RULES for v in rule(facts))
