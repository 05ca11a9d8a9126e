"""The textbook model in PuLP: named vessels, one binary a vessel and sailing. For teaching and cross-checks on tiny cases.

    minimise   sailings + vessel days + second crews + travellers + left behind
    subject to every group is carried or left behind; nobody rides a sailing that does not run; seats and deck of each leg;
               a vessel is in one place at a time and home at night; moorings; berths; obligations at their least shortfall.

It shares the candidates and the options with the other solvers, but no constraint: it was written apart from the model on HiGHS, and
CBC proves it, so that an error of one engine does not hide in the agreement of two models.

Two things keep it quick without changing what it says. Riders are fractional at first: that is a relaxation, so if its optimum has
whole riders it is the optimum of the whole model; if not, the same model is solved again with whole riders. And of equal vessels
those that stay in port come last: swapping two equal vessels changes nothing, so some optimum is of that kind.
"""

from __future__ import annotations

from collections import defaultdict

import pulp

from islandflow.ferry.audit import audit_plan
from islandflow.ferry.plan import Boarding, FerryPlan, Ride
from islandflow.ferry.problem import NO_CREW_FEN, FerryProblem
from islandflow.result import Result, Status
from solvers.contract import Settings, Watch, solver
from solvers.ferry.options import options
from solvers.ferry.timetable import timetable

WHOLE = 1e-6  # a rider is whole if no further from a whole number


class Reference:
    """Variables of the model by what they mean: ``sails[vessel, candidate]``, ``rides[vessel, option]``, ``left[group]``."""

    def __init__(self, problem: FerryProblem) -> None:
        self.problem = problem
        self.vessels = [(name, k) for k, c in enumerate(problem.circuits) for name in c.vessel_ids()]
        self.candidates = range(problem.candidates)
        self.pattern = [problem.patterns[problem.pattern_of(c)] for c in self.candidates]
        self.leaves = [problem.minute(c) for c in self.candidates]
        self.ready = [
            min(problem.slots, (m - problem.start) // problem.step + int(problem.block[problem.pattern_of(c)]))
            for c, m in zip(self.candidates, self.leaves, strict=True)
        ]
        self.slot = [(m - problem.start) // problem.step for m in self.leaves]
        self.model = pulp.LpProblem("ferry", pulp.LpMinimize)
        self.sails = {
            (v, c): pulp.LpVariable(f"sails_{v}_{c}", cat="Binary")
            for v, (_, k) in enumerate(self.vessels) for c in self.candidates if self.pattern[c].circuit == k
        }  # fmt: skip
        self.cost: list[object] = [int(problem.cost[problem.pattern_of(c)]) * x for (_, c), x in self.sails.items()]
        self.short: list[pulp.LpVariable] = []
        self.riders: list[pulp.LpVariable] = []
        self._vessels()
        self._passengers()
        self._berths()
        self._obligations()

    def _vessels(self) -> None:
        problem = self.problem
        windows = [(w.begins, w.ends) for w in problem.windows]
        homes = defaultdict(list)
        before: dict[int, pulp.LpAffineExpression] = {}
        for v, (_, k) in enumerate(self.vessels):
            mine = [c for c in self.candidates if (v, c) in self.sails]
            ports = sorted({p for c in mine for p in (self.pattern[c].calls[0], self.pattern[c].calls[-1])})
            home = {p: pulp.LpVariable(f"home_{v}_{i}", cat="Binary") for i, p in enumerate(ports)}
            shift = [pulp.LpVariable(f"shift_{v}_{i}", cat="Binary") for i in range(len(windows) + 1)]
            self.model += pulp.lpSum(home.values()) == pulp.lpSum(shift)
            self.model += pulp.lpSum(shift) <= 1
            if problem.second_fen[k] >= NO_CREW_FEN:
                self.model += shift[-1] == 0
            if k in before:
                self.model += before[k] >= pulp.lpSum(shift)
            before[k] = pulp.lpSum(shift)
            self.cost.append(int(problem.day_fen[k]) * pulp.lpSum(shift))
            self.cost.append(int(problem.second_fen[k]) % NO_CREW_FEN * shift[-1])
            for p in ports:
                homes[p].append(home[p])
            for c in mine:
                fits = [i for i, (a, b) in enumerate(windows) if a <= self.leaves[c] and self.leaves[c] + self.pattern[c].minutes <= b]
                self.model += self.sails[v, c] <= pulp.lpSum(shift[i] for i in fits) + shift[-1]
            for p in ports:
                for slot in sorted({self.slot[c] for c in mine}):
                    # a vessel that leaves now was here: it began here or came in time, and has not left since
                    came = pulp.lpSum(self.sails[v, c] for c in mine if self.pattern[c].calls[-1] == p and self.ready[c] <= slot)
                    gone = pulp.lpSum(self.sails[v, c] for c in mine if self.pattern[c].calls[0] == p and self.slot[c] <= slot)
                    self.model += home[p] + came - gone >= 0
                ends = pulp.lpSum(self.sails[v, c] for c in mine if self.pattern[c].calls[-1] == p)
                starts = pulp.lpSum(self.sails[v, c] for c in mine if self.pattern[c].calls[0] == p)
                self.model += ends == starts
        for p, here in homes.items():
            self.model += pulp.lpSum(here) <= problem.scenario.ports[p].overnight_moorings
        for c in self.candidates:
            self.model += pulp.lpSum(self.sails[v, c] for v in range(len(self.vessels)) if (v, c) in self.sails) <= problem.copies

    def _passengers(self) -> None:
        problem = self.problem
        self.options = options(problem)
        groups = [(o, g) for o, m in enumerate(problem.markets) for g in m.groups]
        self.rides = {}
        carried = defaultdict(list)
        aboard = defaultdict(list)
        with_whom = defaultdict(list)
        for n, way in enumerate(self.options):
            if len(way.legs) > 1:
                raise ValueError("the reference model has no changes of boats; use monolith-highs")
            leg = way.legs[0]
            deck = problem.markets[groups[way.group][0]].segment == "vehicle"
            for v in range(len(self.vessels)):
                if (v, leg.candidate) not in self.sails:
                    continue
                rider = self.rides[v, n] = pulp.LpVariable(f"rides_{v}_{n}", 0, groups[way.group][1].size)
                self.riders.append(rider)
                self.cost.append(way.price * rider)
                carried[way.group].append(rider)
                with_whom[v, leg.candidate, way.group].append(rider)
                for stretch in range(leg.board, leg.alight):
                    aboard[v, leg.candidate, stretch, deck].append(rider)
        for g, (o, group) in enumerate(groups):
            left = pulp.LpVariable(f"left_{g}", 0, group.size)  # whole where the riders are
            self.cost.append(int(problem.left_fen[o]) * left)
            self.model += pulp.lpSum(carried[g]) + left == group.size
        for (v, c, g), riders in with_whom.items():
            self.model += pulp.lpSum(riders) <= groups[g][1].size * self.sails[v, c]
        for (v, c, _, deck), riders in aboard.items():
            fleet = problem.circuits[self.vessels[v][1]].fleet
            self.model += pulp.lpSum(riders) <= (fleet.vehicle_deck if deck else fleet.seats) * self.sails[v, c]

    def _berths(self) -> None:
        scenario = self.problem.scenario
        alongside: dict[str, dict[int, dict[tuple[int, int], tuple[pulp.LpVariable, bool]]]] = defaultdict(lambda: defaultdict(dict))
        for (v, c), x in self.sails.items():
            p, fleet = self.pattern[c], self.problem.circuits[self.pattern[c].circuit].fleet
            time = min(scenario.whole("berth_min"), fleet.turnaround_min // 2)
            long = fleet.length_m > scenario.number("long_vessel_m")
            stays = [
                (p.calls[0], self.leaves[c] - time, self.leaves[c]),
                (p.calls[-1], self.leaves[c] + p.minutes, self.leaves[c] + p.minutes + time),
            ]
            stays += [
                (port, self.leaves[c] + a, self.leaves[c] + d + 1)
                for port, a, d in zip(p.calls[1:-1], p.arrives, p.departs[1:], strict=False)
            ]
            for port, begins, ends in stays:
                for minute in range(begins, ends):
                    alongside[port][minute][v, c] = (x, long)
        for port, minutes in alongside.items():
            facts = scenario.ports[port]
            for here in minutes.values():
                if len(here) > facts.berths:
                    self.model += pulp.lpSum(x for x, _ in here.values()) <= facts.berths
                if facts.long_berths is not None:
                    self.model += pulp.lpSum(x for x, long in here.values() if long) <= facts.long_berths

    def _obligations(self) -> None:
        for n, need in enumerate(self.problem.needs):
            short = pulp.LpVariable(f"short_{n}", 0)
            if need.price_fen is None:
                self.short.append(short)
            else:
                self.cost.append(need.price_fen * short)
            runs = [(c, x) for (_, c), x in self.sails.items() if need.stretch(self.pattern[c])]
            if need.ashore is None:
                self.model += pulp.lpSum(x for c, x in runs if need.met_by(self.pattern[c], self.leaves[c])) + short >= need.least
                continue
            there = sorted(
                {self.leaves[c] + a for c, _ in runs for _, a in need.stretch(self.pattern[c]) if self.leaves[c] + a <= need.reaches[1]}
            )
            chosen = {t: pulp.LpVariable(f"there_{n}_{t}", cat="Binary") for t in there}
            self.model += pulp.lpSum(chosen.values()) + short >= 1
            for t, pick in chosen.items():
                self.model += pick <= pulp.lpSum(
                    x for c, x in runs if any(self.leaves[c] + a == t for _, a in need.stretch(self.pattern[c]))
                )
                self.model += pick <= pulp.lpSum(
                    x for (_, c), x in self.sails.items() if self._home(need.targets, need.origins, c, t + need.ashore)
                )

    def _home(self, origins: tuple[str, ...], targets: tuple[str, ...], c: int, earliest: int) -> bool:
        p = self.pattern[c]
        return any(
            p.calls[i] in origins and p.calls[j] in targets and self.leaves[c] + p.departs[i] >= earliest
            for i in range(len(p.calls) - 1) for j in range(i + 1, len(p.calls))
        )  # fmt: skip


@solver("reference", proves=True)
def reference(problem: FerryProblem, settings: Settings, watch: Watch) -> Result:
    """The textbook model in PuLP with CBC, named vessels; for teaching and cross-checks on tiny cases."""
    built = Reference(problem)
    watch.tell("model", None, None)
    model = built.model
    first, shortfall = True, 0
    if built.short:
        model.setObjective(pulp.lpSum(built.short))
        first = _cbc(model, settings, watch)
        shortfall = round(pulp.value(model.objective) or 0) if first else 0
        model += pulp.lpSum(built.short) <= shortfall + 1e-6
    model.setObjective(pulp.lpSum(built.cost))
    if not first or not prove(built, settings, watch):
        # CBC's word after a time limit is not to be trusted: without its proof there is no answer
        return Result(
            "no_solution", None, None, None, 0, watch.seconds(), settings.seed, "reference", watch.reason, trace=tuple(watch.trace)
        )
    days = [
        (name, [c for c in built.candidates if (v, c) in built.sails and round(built.sails[v, c].value() or 0)])
        for v, (name, _) in enumerate(built.vessels)
    ]
    sailings = timetable(problem, days)
    named = {(s.vessel, s.departs, s.ports): s.id for s in sailings}
    groups = [g for m in problem.markets for g in m.groups]
    boardings = []
    for (v, n), rider in built.rides.items():
        people = round(rider.value() or 0)
        if people:
            leg, group = built.options[n].legs[0], groups[built.options[n].group]
            name = named[built.vessels[v][0], built.leaves[leg.candidate], built.pattern[leg.candidate].calls]
            ride = Ride(name, leg.board + 1, leg.alight + 1)
            boardings.append(Boarding(group.from_place, group.to_place, group.segment, group.wanted, people, (ride,)))
    plan = FerryPlan(problem.service, sailings, tuple(boardings))
    objective = audit_plan(problem.scenario, plan, problem.network).money.objective
    bound = round(pulp.value(model.objective))
    status: Status = "optimal" if bound == objective else "feasible"
    watch.tell("finished", objective, bound)
    return Result(
        status, plan, objective, bound, 0, watch.seconds(), settings.seed, "reference", watch.reason,
        missing=shortfall, missing_bound=shortfall, trace=tuple(watch.trace),
    )  # fmt: skip


def prove(built: Reference, settings: Settings, watch: Watch) -> bool:
    """Solves the model to its optimum with whole riders; False without a proof in time."""
    if not _cbc(built.model, settings, watch):
        return False
    if all(abs((x.value() or 0) - round(x.value() or 0)) < WHOLE for x in built.riders):
        return True
    for x in built.riders:
        x.cat = pulp.LpInteger
    return _cbc(built.model, settings, watch)


def _cbc(model: pulp.LpProblem, settings: Settings, watch: Watch) -> bool:
    limit = max(1.0, 0.9 * watch.left())
    begun = watch.seconds()
    model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit, gapRel=0, gapAbs=0.5, threads=settings.workers))
    return model.status == pulp.LpStatusOptimal and watch.seconds() - begun < limit
