"""From a scenario and a ferry plan to the facts of an island's lines: who lives where, and who goes where inside the island.

Trips come from the table ``island_trips`` where it has rows of the island. Where it has none they are estimated (≈): every settlement
sends out trips by its residents and guests, which go to the others by their people over the minutes on the road, half of them out and
half home. People of boats who neither walk nor are met by a bus take a line by ``lines_boat_share``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario
from islandflow.scenario.line_parameters import headways_of
from islandflow.scenario.shuttle_tables import LINES
from islandflow.shuttle.day import LANDS, LEAVES, NO_WAY, BoatCall
from islandflow.shuttle.island import Split, boat_people, buses_of, islands_with_buses, sites_of
from islandflow.shuttle.lines_day import Home, LineRules, LinesDay, Trips
from islandflow.shuttle.ways import Ways, island_ways
from islandflow.units import exact, fen, half_up

K = TypeVar("K", bound=tuple[str, ...])


def line_rules(scenario: Scenario) -> LineRules:
    """Limits and prices of lines, from the settings; those of a bus and of a passenger are those of the buses that meet boats."""
    s, n = scenario.whole, scenario.number
    return LineRules(
        walk_min=s("lines_walk_min"), walk_centi=half_up(exact(n("lines_walk_weight")) * 100), wait_centi=half_up(exact(n("shuttle_wait_weight")) * 100),
        home_centi=half_up(exact(n("lines_home_weight")) * 100), stop_wait_min=s("lines_stop_wait_min"), value_fen_h=fen(n("shuttle_value_cny_h")), first=s("lines_first"), last=s("lines_last"), headways=headways_of(str(scenario.settings["lines_headways"].value)),
        layover_min=s("lines_layover_min"), plug_min=s("lines_plug_min"), dwell_min=s("shuttle_dwell_min"), detour_percent=half_up(exact(n("lines_detour")) * 100),
        termini=s("lines_termini"), pool=s("lines_pool"), peak_percent=s("lines_peak_percent"), unserved_fen=fen(n("lines_unserved_cny")),
        far_fen=fen(n("lines_far_cny")), reserve_percent=s("battery_reserve_percent"), meet_min=s("lines_meet_min"),
        alight_min=s("shuttle_alight_min"), board_min=s("shuttle_board_min"),
    )  # fmt: skip


def lines_day(scenario: Scenario, plan: FerryPlan, island: str) -> LinesDay:
    """The facts of one island's lines on the day of a ferry plan."""
    on_roads = {n for r in scenario.roads.values() if r.island_id == island for n in (r.from_node, r.to_node)}
    quays = [p.port_id for p in scenario.ports.values() if p.island_id == island and p.port_id in on_roads]
    homes = [s for s in scenario.settlements.values() if s.island_id == island and s.settlement_id in on_roads]
    stands = [f.base for f in scenario.shuttle_fleets.values() if f.island_id == island and f.use == LINES]
    ways = island_ways(scenario, island, list(dict.fromkeys([*quays, *(s.settlement_id for s in homes), *stands])))
    residents, beds = present(scenario, plan.service)
    people = tuple(Home(s.settlement_id, half_up(s.residents * residents), half_up(s.beds * beds)) for s in homes)
    given = {(t.from_node, t.to_node): t.people for t in scenario.island_trips if {t.from_node, t.to_node} <= set(ways.nodes) and t.people}
    inside = given or estimated_trips(scenario, ways, people)
    boats = boat_trips(scenario, plan, island, ways)
    near = {(a, b) for a in ways.nodes for b in ways.nodes if 0 <= ways.walk[ways.nodes.index(a), ways.nodes.index(b)] <= scenario.whole("lines_walk_min")}
    trips = [Trips(a, b, n, boat) for found, boat in ((inside, False), (boats, True)) for (a, b), n in sorted(found.items()) if n and (a, b) not in near]
    calls = tuple(sorted(_calls(plan, set(quays)), key=lambda c: (c.minute, c.call_id)))
    return LinesDay(
        island, ways, people, tuple(trips), buses_of(scenario, island, LINES), sites_of(scenario, set(ways.nodes), LINES), calls, line_rules(scenario), not given
    )


def present(scenario: Scenario, service: str) -> tuple[Decimal, Decimal]:
    """Shares of residents and of beds on a day of this service pattern, by ``site_seasons``; all of them where no season has its name."""
    for part in str(scenario.settings["site_seasons"].value).split(";"):
        words = part.split(":")
        if len(words) == 4 and words[0].strip() and service.startswith(words[0].strip()):  # noqa: PLR2004
            return Decimal(words[2]), Decimal(words[3])
    return Decimal(1), Decimal(1)


def estimated_trips(scenario: Scenario, ways: Ways, homes: tuple[Home, ...]) -> dict[tuple[str, str], int]:
    """People a day between settlements: a gravity model, in whole people whose sum is that of the rates."""
    resident, bed = (Fraction(str(scenario.number(name))) for name in ("lines_trips_resident", "lines_trips_bed"))
    at = {n: k for k, n in enumerate(ways.nodes)}
    wished: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for a in homes:
        pull = {}
        for b in homes:
            minutes = int(ways.minutes[at[a.node], at[b.node]])
            if b is not a and minutes != NO_WAY:
                pull[b.node] = Fraction(b.people, minutes)
        total = sum(pull.values())
        sent = a.residents * resident + a.guests * bed
        for node, weight in pull.items():
            if total:
                half = sent * weight / total / 2
                wished[a.node, node] += half
                wished[node, a.node] += half
    return whole_people(wished)


def boat_trips(scenario: Scenario, plan: FerryPlan, island: str, ways: Ways) -> dict[tuple[str, str], int]:
    """People a day between quays and settlements who neither walk nor are met by a bus and would take a line."""
    met = Fraction(str(scenario.number("shuttle_share"))) if island in islands_with_buses(scenario) else Fraction(0)
    share = (1 - met) * Fraction(str(scenario.number("lines_boat_share")))
    split = Split(scenario, island, ways)
    wished: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (_, kind, port, _), aboard in sorted(boat_people(scenario, plan, island).items()):
        if port not in ways.nodes:
            continue
        for (place, visitors), count in aboard.items():
            for stop, part in split.shares(port, place, visitors).items():
                if stop != port and not split.walks(port, stop):
                    wished[(port, stop) if kind == LANDS else (stop, port)] += count * Fraction(part) * share
    return whole_people(wished)


def whole_people(wished: Mapping[K, Fraction]) -> dict[K, int]:
    """Whole numbers whose sum is the nearest to that of the shares; the largest remainders are rounded up."""
    found = {key: int(x) for key, x in wished.items()}
    total = int(sum(wished.values(), Fraction(0)) + Fraction(1, 2))
    for key in sorted(wished, key=lambda k: (found[k] - wished[k], k))[: total - sum(found.values())]:
        found[key] += 1
    return {key: n for key, n in found.items() if n}


def _calls(plan: FerryPlan, quays: set[str]) -> list[BoatCall]:
    found = []
    for sailing in plan.sailings:
        for n, call in enumerate(sailing.calls):
            if call.port in quays:
                for kind, minute in ((LANDS, call.arrives if n else None), (LEAVES, call.departs if n + 1 < len(sailing.calls) else None)):
                    if minute is not None:
                        found.append(BoatCall(f"{sailing.id}-{call.port}-{n + 1}-{'in' if kind == LANDS else 'out'}", call.port, LANDS if kind == LANDS else LEAVES, minute, 0, sailing.id))
    return found


def islands_with_lines(scenario: Scenario, island: str = "") -> tuple[str, ...]:
    """Islands that have vehicles for lines, or the one asked for if it has."""
    found = dict.fromkeys(f.island_id for f in scenario.shuttle_fleets.values() if f.use == LINES)
    return tuple(i for i in found if island in ("", i))
