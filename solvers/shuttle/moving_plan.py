"""Ferry and buses planned together: buses on the boats as they are, then sailings moved where both gain, then the buses searched on."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from islandflow.ferry.plan import FerryPlan
from islandflow.network.running import Distances
from islandflow.result import Status
from islandflow.scenario.entities import Scenario
from islandflow.shuttle import day as facts
from islandflow.shuttle.day import IslandDay
from islandflow.shuttle.island import Island
from islandflow.shuttle.moves import BusPeople
from islandflow.shuttle.plan import DayPlan
from islandflow.shuttle.shuttleplan import IslandProof, ShuttlePlan
from solvers.shuttle.islands import Tell, plan_islands
from solvers.shuttle.moving import Limits, Pair, Told, move_ferries, same_day
from solvers.shuttle.moving_days import WarmDay
from solvers.shuttle.moving_ferry import FerrySide
from solvers.shuttle.moving_refit import Refit, Refitter
from solvers.shuttle.why import told_why

STANDING, MOVING, SEARCHED = 0.4, 0.75, 0.55  # shares of the time at which a phase ends; of an island's further search, what goes to its bound
POLISHED = 0.95  # share of the time from which an island's days are found exactly, as the last thing
LOOKING = 0.5  # share of what is left for moves that a round looks for candidates


@dataclass(frozen=True)
class Together:
    """Both plans, and where they began: the ferry plan as it stood, with the buses that met it then.

    moved: the pair after the moves, before the buses were searched on, so that what moving brings is not mixed with what further search
    brings.
    """

    start: Pair
    moved: Pair
    shuttles: ShuttlePlan
    islands: Sequence[Island]

    @property
    def ferry(self) -> FerryPlan:
        """The timetable as it is now."""
        return self.moved.ferry.plan


def plan_together(
    scenario: Scenario, network: Distances, ferry: FerryPlan, islands: Sequence[Island], limits: Limits, seconds: float, seed: int,
    going: Callable[[], bool] = lambda: True, tell: Tell | None = None, told: Callable[[Told], None] = lambda told: None,
) -> Together:  # fmt: skip
    """Both plans within about ``seconds``, sooner when ``going`` says stop. Neither side is worse off than ``limits`` allow."""
    begun = time.monotonic()

    def until(share: float) -> bool:
        return going() and time.monotonic() - begun < share * seconds

    still = plan_islands(ferry.service, islands, STANDING * seconds, seed, going, tell)
    side = FerrySide(scenario, network, ferry)
    start = Pair(side.judged(ferry), {i.island_id: i for i in islands}, {i.island_id: best_refit(i.day, still.days[i.island_id]) for i in islands})

    def looking() -> Callable[[], bool]:
        """Half of the time that is left for moves: what has been found by then is tried."""
        now = time.monotonic()
        ends = now + LOOKING * max(0.0, begun + MOVING * seconds - now)
        return lambda: until(MOVING) and time.monotonic() < ends

    start, moved = move_ferries(scenario, network, start, limits, lambda: until(MOVING), told, looking)
    days, proofs = dict[str, DayPlan](), list[IslandProof]()
    left_to_do = {n: 1 + len(i.day.parties) for n, i in moved.islands.items() if not same_day(i.day, start.islands[n].day)}
    for name, island in moved.islands.items():
        proof = next(p for p in still.proofs if p.island_id == name)
        if name in left_to_do:
            left = max(1.0, begun + seconds - time.monotonic()) / sum(left_to_do.values())
            days[name], proof = searched(island, moved.days[name], left * left_to_do.pop(name), seed, going)
        else:
            best = moved.days[name]
            days[name] = told_why(island.day, best.plan)
            proof = replace(proof, objective=best.fen, status="optimal" if best.fen == proof.bound else proof.status)
        proofs.append(proof)
        if tell is not None:
            tell(name, proof)
    return Together(start, moved, ShuttlePlan(ferry.service, days, tuple(proofs)), tuple(moved.islands.values()))


def searched(island: Island, known: Refit, seconds: float, seed: int, going: Callable[[], bool]) -> tuple[DayPlan, IslandProof]:
    """An island's plan after some seconds of search from a known one, and its bound."""
    begun = time.monotonic()

    def until(share: float) -> bool:
        return going() and time.monotonic() - begun < share * seconds

    warm = WarmDay(island.day, known.plan, seed)
    if not warm.known:
        warm.search.start(lambda: until(SEARCHED / 2))
    proof = warm.proof(lambda: until(SEARCHED / 2), lambda: until(SEARCHED))
    left = max(1e-9, POLISHED - (since := (time.monotonic() - begun) / seconds))
    warm.rebuilt(lambda: ((time.monotonic() - begun) / seconds - since) / left, lambda: until(POLISHED))
    warm.polish(lambda: until(1.0))
    best = known
    if warm.fen < known.fen:
        best = Refit(warm.plan(), warm.fen, clean=True)
    status: Status = "optimal" if best.fen == proof.bound else "feasible"
    made = IslandProof(island.island_id, status, best.fen, proof.bound, proof.floor, proof.candidates, round(time.monotonic() - begun, 1))
    return told_why(island.day, best.plan), made


def best_refit(day: IslandDay, plan: DayPlan) -> Refit:
    """The plan with its runs' minutes and free seats as good as they can be on its own day: what moved sailings are compared with."""
    fitter = Refitter(day)
    best = fitter.counted(plan)
    while (found := fitter.refit(best.plan)).fen < best.fen:
        best = found
    return best


def bus_people(pair: Pair, days: Mapping[str, DayPlan]) -> dict[str, BusPeople]:
    """By sailing: who rides buses to or from it, and what that costs them; days that meet the pair's boats."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for name, island in pair.islands.items():
        day, parties, calls = island.day, {p.party_id: p for p in island.day.parties}, {c.call_id: c for c in island.day.calls}
        for r in days[name].runs:
            at = {h.stop: h.minute for h in r.halts}
            for x in r.loads:
                call = calls[parties[x.party].call]
                ready, stop = facts.ready(call, day.rules), at[parties[x.party].stop]
                wait, ride = (r.begins - ready, stop - r.begins) if r.kind == "out" else (ready - r.ends, r.ends - stop)
                _add(found[call.sailing], x.people, wait, facts.person_fen(wait, ride, day.rules))
        for u in days[name].unserved:
            _add(found[calls[parties[u.party].call].sailing], u.people, 0, day.rules.unserved_fen)
    return {s: BusPeople(*row) for s, row in found.items()}


def _add(row: list[int], people: int, wait: int, price: int) -> None:
    row[0] += people
    row[1] += people * wait
    row[2] += people * price
