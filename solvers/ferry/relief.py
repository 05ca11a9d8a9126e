"""What would set conflicting obligations free: one vessel, berth, mooring or crew more, or some minutes; each tried on the exact model."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from islandflow.ferry.problem import NO_CREW_FEN, FerryProblem
from islandflow.ferry.problem.needs import needs
from islandflow.network.running import fleet_ports
from islandflow.scenario.entities import Obligation, Scenario
from islandflow.units import fen
from solvers.contract import Watch
from solvers.ferry.conflicts import Rule, meets, narrowed

Kind = Literal["vessel", "berth", "mooring", "crew", "minutes", "sailing"]
SAILINGS = ("sailings-each-way", "cargo-sailings")  # rules that ask for a number of sailings
MOST_MIN = 720  # minutes by which an obligation is relaxed at most: no limit any more
TIMES: dict[str, Callable[[Obligation, int], Obligation]] = {
    "first-arrival": lambda o, x: replace(o, first_arrival_by=(o.first_arrival_by or 0) + x),
    "last-boat": lambda o, x: replace(o, last_boat_not_before=max(0, (o.last_boat_not_before or 0) - x)),
    "day-return": lambda o, x: replace(o, hours_ashore=max(0, (o.hours_ashore or 0) - x)),
    "largest-gap": lambda o, x: replace(o, largest_gap_min=(o.largest_gap_min or 0) + x),
}


@dataclass(frozen=True)
class Remedy:
    """``amount`` of a kind at ``where``: a fleet (vessel, crew), a port (berth, mooring) or ``OBLIGATION RULE`` (minutes, sailing).

    ``price_fen`` a day, from the tables for vessels and crews, from the settings ``relief_...`` for the others.
    """

    kind: Kind
    where: str
    amount: int
    price_fen: int


def remedies(problem: FerryProblem, rules: Sequence[Rule], watch: Watch) -> tuple[Remedy, ...]:
    """Single changes that make it possible to meet all these rules, the cheapest first; those not answered in time are left out.

    Where no single change is enough, a vessel together with a mooring for it.
    """
    scene = narrowed(problem, rules)

    def frees(changed: FerryProblem) -> bool:
        return meets(changed, watch)(rules) is True

    found = [r for r, changed in (*_more(scene), *_crews(scene), *_first_ones(problem, rules)) if frees(changed)]
    found += [r for rule in rules if (r := _relaxed(scene, rule, frees)) is not None]
    if not found:
        pairs = [(v, m, second) for v, one in _vessels(scene) for m, second in _berths(one) if m.kind == "mooring"]
        found = [replace(v, price_fen=v.price_fen + m.price_fen, where=f"{v.where} {m.where}") for v, m, both in pairs if frees(both)]
    return tuple(sorted(found, key=lambda r: (r.price_fen, r.kind, r.where)))


def _more(scene: FerryProblem) -> Iterator[tuple[Remedy, FerryProblem]]:
    yield from _vessels(scene)
    yield from _berths(scene)


def _vessels(scene: FerryProblem) -> Iterator[tuple[Remedy, FerryProblem]]:
    for k, circuit in enumerate(scene.circuits):
        first = circuit.fleet
        wider = replace(circuit, fleets=(replace(first, count=first.count + 1), *circuit.fleets[1:]))
        changed = replace(scene, circuits=(*scene.circuits[:k], wider, *scene.circuits[k + 1 :]))
        yield Remedy("vessel", first.fleet_id, 1, fen(first.day_cost_yuan)), changed


def _first_ones(problem: FerryProblem, rules: Sequence[Rule]) -> Iterator[tuple[Remedy, FerryProblem]]:
    """A vessel of each fleet of the table that has none now but whose lines call at ports of the rules."""
    scenario, asked = problem.scenario, {obligation for obligation, _ in rules}
    ports = {p for o in asked for p in scenario.obligations[o].island_ports}
    for fleet in scenario.fleets.values():
        if not fleet.count and not ports.isdisjoint(fleet_ports(scenario, fleet, problem.service)):
            wider = replace(scenario, fleets={**scenario.fleets, fleet.fleet_id: replace(fleet, count=1)})
            changed = FerryProblem.from_scenario(wider, problem.service, problem.network)
            yield Remedy("vessel", fleet.fleet_id, 1, fen(fleet.day_cost_yuan)), narrowed(changed, rules)


def _berths(scene: FerryProblem) -> Iterator[tuple[Remedy, FerryProblem]]:
    scenario = scene.scenario
    for name in sorted({c for p in scene.patterns for c in p.calls}):
        port = scenario.ports[name]
        longer = None if port.long_berths is None else port.long_berths + 1
        for kind, wider, price in (
            ("berth", replace(port, berths=port.berths + 1, long_berths=longer), "relief_berth_cny_day"),
            ("mooring", replace(port, overnight_moorings=port.overnight_moorings + 1), "relief_mooring_cny_day"),
        ):
            changed = replace(scene, scenario=replace(scenario, ports={**scenario.ports, name: wider}))
            yield Remedy("berth" if kind == "berth" else "mooring", name, 1, fen(scenario.number(price))), changed


def _crews(scene: FerryProblem) -> Iterator[tuple[Remedy, FerryProblem]]:
    for k, circuit in enumerate(scene.circuits):
        if scene.second_fen[k] >= NO_CREW_FEN:
            price = fen(scene.scenario.number("second_crew_day_cny_per_head")) * circuit.fleet.crew
            second = scene.second_fen.copy()
            second[k] = price
            yield Remedy("crew", circuit.fleet.fleet_id, 1, price), replace(scene, second_fen=second)


def _relaxed(scene: FerryProblem, rule: Rule, frees: Callable[[FerryProblem], bool]) -> Remedy | None:
    """The least by which a rule must give way, in steps of the grid; None if that is not enough or not known."""
    sailings = rule[1] in SAILINGS
    step = 1 if sailings else scene.step
    most = max((n.least for n in scene.needs if (n.obligation, n.rule) == rule), default=0) if sailings else MOST_MIN // step
    if not most or not frees(_eased(scene, rule, most * step)):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if frees(_eased(scene, rule, middle * step)) else (middle, high)
    each = scene.scenario.number("relief_sailing_cny" if sailings else "relief_minute_cny")
    return Remedy("sailing" if sailings else "minutes", " ".join(rule), high * step, high * step * fen(each))


def _eased(scene: FerryProblem, rule: Rule, amount: int) -> FerryProblem:
    """The problem with one rule easier by so many minutes or sailings."""
    mine = [n for n in scene.needs if (n.obligation, n.rule) == rule]
    others = [n for n in scene.needs if (n.obligation, n.rule) != rule]
    if rule[1] in SAILINGS:
        mine = [replace(n, least=n.least - amount) for n in mine if n.least > amount]
    elif rule[1] == "medical-trip":
        mine = [replace(n, reaches=(n.reaches[0], n.reaches[1] + amount)) for n in mine]
    elif rule[1] in TIMES:
        duty = scene.scenario.obligations[rule[0]]
        changed: Scenario = replace(scene.scenario, obligations={rule[0]: TIMES[rule[1]](duty, amount)})
        mine = [n for n in needs(changed, scene.service) if (n.obligation, n.rule) == rule]
    return replace(scene, needs=(*others, *mine))
