"""The plan of all service points of an archipelago or an island: rows as they stand in its files."""

from __future__ import annotations

from dataclasses import dataclass, field

from islandflow.siting.wish import SiteWish


@dataclass(frozen=True)
class SiteRow:
    """One point. capacity and cost_fen are a day and a year; year 0 = stands today, else the stage that builds it.

    managed_kw: what its chargers may draw together, below power_kw where the grid is short; passengers: on and off boats a day.
    """

    kind: str
    node: str
    island_id: str
    status: str
    year: int
    capacity: int = 0
    load: int = 0
    functions: tuple[str, ...] = ()
    staff: int = 0
    vehicles: int = 0
    chargers: int = 0
    power_kw: int = 0
    docks: int = 0
    stock_kg: int = 0
    parking: int = 0
    cost_fen: int = 0
    managed_kw: int = 0
    passengers: int = 0


@dataclass(frozen=True)
class ServeRow:
    """``amount`` of a settlement served at a node (parcels, people, charges a peak hour × 100, trips), ``seconds`` on the way."""

    kind: str
    settlement_id: str
    node: str
    seconds: int
    amount: int


@dataclass(frozen=True)
class CircleRow:
    """Whether a settlement is inside a circle today, in the plan, and with the plan's roads upgraded too.

    Seconds to the nearest point, -1 = none can be reached.
    """

    kind: str
    settlement_id: str
    island_id: str
    minutes: int
    residents: int
    before: bool
    after: bool
    seconds_before: int
    seconds_after: int
    upgraded: bool = False
    seconds_upgraded: int = -1


@dataclass(frozen=True)
class UpgradeRow:
    """A road to be upgraded: what it costs, and the residents who enter a circle by it (after those above it; each circle counts)."""

    road_id: str
    island_id: str
    cost_fen: int
    people: int


@dataclass(frozen=True)
class PromiseRow:
    """Ordered by ``ordered`` (minute of the day), at the door by ``at_door`` (may pass midnight), over a sailing; -1 = not that day."""

    settlement_id: str
    ordered: int
    at_door: int
    sailing: str


@dataclass(frozen=True)
class CurveRow:
    """Cost of logistics points against people inside a circle, one more point at a time, and where these stand.

    proven: no choice of so many has more inside.
    """

    points: int
    cost_fen: int
    covered: int
    people: int
    proven: bool
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True)
class StageRow:
    """What stands of a kind when a year ends (0 = today): points, those added, cost a year, residents inside ``minutes``.

    proven: no other choice of the same number among the plan's points, keeping those of the years before, has more inside.
    """

    kind: str
    year: int
    points: int
    added: int
    cost_fen: int
    minutes: int
    covered: int
    people: int
    proven: bool


@dataclass(frozen=True)
class PowerRow:
    """An hour of an island's chargers, kW: public_kw expected, most_kw if all that may draw do, vessels_kw alongside at most.

    grid_kw: what the grid spares; short_kw: what is missing if all draw at once.
    """

    island_id: str
    hour: int
    public_kw: int
    most_kw: int
    vessels_kw: int
    grid_kw: int
    short_kw: int


@dataclass(frozen=True)
class Certificate:
    """What is proven about one part of the plan."""

    part: str
    status: str
    objective: int | None
    bound: int | None
    gap: float | None
    note: str = ""


@dataclass(frozen=True)
class SitePlan:
    """Everything ``islandflow site`` decides."""

    island: str
    sites: tuple[SiteRow, ...]
    serves: tuple[ServeRow, ...]
    circles: tuple[CircleRow, ...]
    upgrades: tuple[UpgradeRow, ...]
    promises: tuple[PromiseRow, ...]
    curve: tuple[CurveRow, ...]
    certificates: tuple[Certificate, ...]
    notes: tuple[tuple[str, str], ...] = ()
    wish: SiteWish = field(default_factory=SiteWish)
    stages: tuple[StageRow, ...] = ()
    power: tuple[PowerRow, ...] = ()
