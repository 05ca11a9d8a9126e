"""What people need of service points: parcels, charges, trips; circles, sizes and candidates, from the facts and settings alone."""

from __future__ import annotations

from dataclasses import dataclass

from islandflow.errors import BadInput, Fault
from islandflow.scenario.entities import Scenario, Settlement
from islandflow.siting.problem import Size
from islandflow.units import exact, fen, half_up

KINDS = ("logistics", "transfer", "charger", "shared")
WALKED = ("transfer", "shared")


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


@dataclass(frozen=True)
class SiteSeason:
    """A season: how many days, which share of the residents is there, which share of the beds is taken."""

    name: str
    days: int
    residents: float
    beds: float


def seasons(scenario: Scenario) -> tuple[SiteSeason, ...]:
    """Seasons of service points; BadInput if the setting is no such list."""
    text = str(scenario.setting("site_seasons"))
    found = []
    try:
        for part in text.split(";"):
            name, days, people, beds = (x.strip() for x in part.split(":"))
            found.append(SiteSeason(name, int(days), float(people), float(beds)))
        if any(s.days < 1 or not 0 <= s.residents <= 3 or not 0 <= s.beds <= 1 for s in found) or len({s.name for s in found}) < len(found):  # noqa: PLR2004
            raise ValueError(text)
    except ValueError:
        words = ("are no seasons", "不是季节表", "write name:days:residents:beds, for example winter:120:1:0.25;summer:92:1:1",
                 "请写 名称:天数:居民比例:床位比例,如 winter:120:1:0.25;summer:92:1:1")  # fmt: skip
        raise BadInput([Fault("settings.csv", 0, "site_seasons", text, *words)]) from None
    return tuple(found)


def people_in(season: SiteSeason, home: Settlement) -> int:
    """Residents and guests of a settlement in a season."""
    return half_up(exact(season.residents) * home.residents + exact(season.beds) * home.beds)


HOURS_A_DAY = 24


def charge_profile(scenario: Scenario) -> tuple[int, ...]:
    """Public charging by hour, per cent of the busiest hour; BadInput if the setting is no such list."""
    text = str(scenario.setting("charge_profile"))
    try:
        found = tuple(int(x) for x in text.split(";"))
        if len(found) != HOURS_A_DAY or min(found) < 0 or max(found) != 100:  # noqa: PLR2004
            raise ValueError(text)
    except ValueError:
        words = (
            "is no profile of a day",
            "不是全天分布",
            "write 24 whole numbers from 0 to 100 separated by ;, the largest 100",
            "请写 24 个 0 到 100 的整数,以 ; 分隔,最大为 100",
        )
        raise BadInput([Fault("settings.csv", 0, "charge_profile", text, *words)]) from None
    return found


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
