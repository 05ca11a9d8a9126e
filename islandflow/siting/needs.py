"""What people need of service points: parcels, charges, trips; circles, sizes and candidates, from the facts and settings alone."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.errors import BadInput, Fault
from islandflow.scenario.entities import Scenario, Settlement
from islandflow.siting.problem import Size
from islandflow.units import exact, fen, half_up

KINDS = ("logistics", "transfer", "charger", "shared")


@dataclass(frozen=True)
class Candidates:
    """Nodes where a kind of point may stand, and those where it does or must not."""

    nodes: tuple[str, ...]
    existing: frozenset[str]
    forbidden: frozenset[str]


def circles(scenario: Scenario) -> tuple[int, ...]:
    """Thresholds of the circles, minutes, rising; BadInput if they are none."""
    return _numbers(scenario, "circles_min")


def stages(scenario: Scenario) -> tuple[int, ...]:
    """Years of the staged plans, rising."""
    return _numbers(scenario, "stage_years")


def _numbers(scenario: Scenario, name: str) -> tuple[int, ...]:
    text = str(scenario.setting(name))
    try:
        found = tuple(int(x) for x in text.split(";"))
        if not found or found != tuple(sorted(set(found))) or found[0] < 1:
            raise ValueError(text)
    except ValueError:
        raise BadInput(
            [
                Fault(
                    "settings.csv",
                    0,
                    name,
                    text,
                    "are no rising whole numbers",
                    "不是递增整数",
                    "write for example 5;10;30",
                    "请写如 5;10;30",
                )
            ]
        ) from None
    return found


def sizes(scenario: Scenario) -> tuple[Size, ...]:
    """Sizes of a logistics point: parcels a day, fen a year."""
    text = str(scenario.setting("point_sizes"))
    try:
        found = tuple(Size(int(a), fen(int(b))) for a, _, b in (part.partition(":") for part in text.split(";")))
        if any(s.capacity < 1 or s.cost < 0 for s in found):
            raise ValueError(text)
    except ValueError:
        raise BadInput(
            [
                Fault(
                    "settings.csv",
                    0,
                    "point_sizes",
                    text,
                    "are no sizes",
                    "不是规模表",
                    "write 300:40000;800:90000",
                    "请写如 300:40000;800:90000",
                )
            ]
        ) from None
    return found


def parcels(scenario: Scenario, home: Settlement) -> int:
    """Parcels a day of a settlement, in and out."""
    return half_up(exact(scenario.number("parcels_resident_day")) * home.residents + exact(scenario.number("parcels_bed_day")) * home.beds)


def old_people(home: Settlement) -> int:
    """Residents aged 60 and over."""
    return half_up(exact(home.elderly_share) * home.residents)


def charges_in_peak_hour(scenario: Scenario, residents: int) -> float:
    """Electric cars that come to public chargers in the busiest hour."""
    s = scenario.number
    return residents * s("cars_resident") * s("ev_share") * s("charges_ev_day") * s("charge_peak_share")


def shared_trips(scenario: Scenario, home: Settlement) -> int:
    """Trips a day in shared vehicles."""
    return half_up(
        exact(scenario.number("shared_trips_bed")) * home.beds + exact(scenario.number("shared_trips_resident")) * home.residents
    )


def homes_of(scenario: Scenario, island: str = "") -> list[Settlement]:
    """Settlements of an island, or of all; BadInput if there are none."""
    found = [s for s in scenario.settlements.values() if not island or s.island_id == island]
    if not found:
        known = sorted({s.island_id for s in scenario.settlements.values()})
        remedy = (
            (f"islands with settlements: {', '.join(known)}", f"有居民点的岛:{', '.join(known)}")
            if known
            else ("add settlements.csv and roads.csv", "请补充 settlements.csv 和 roads.csv")
        )
        raise BadInput([Fault("settlements.csv", 0, "island_id", island, "no settlement to serve", "没有可服务的居民点", *remedy)])
    return found


def candidates(scenario: Scenario, kind: str, islands: set[str]) -> Candidates:
    """Where a kind of point may stand on the islands: the rows of ``sites``, or every settlement and port if it has none of the kind."""
    rows = [s for s in scenario.sites.values() if s.kind == kind]
    where = {s.settlement_id: s.island_id for s in scenario.settlements.values()} | {
        p.port_id: p.island_id for p in scenario.ports.values()
    }
    only = any(s.status == "possible" for s in rows)
    here = [n for n in where if where[n] in islands]
    nodes = [n for n in here if any(s.node == n for s in rows)] if only else here
    return Candidates(
        tuple(nodes),
        frozenset(s.node for s in rows if s.status == "existing" and s.node in here),
        frozenset(s.node for s in rows if s.status == "forbidden" and s.node in here),
    )
