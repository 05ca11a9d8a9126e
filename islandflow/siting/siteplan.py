"""The plan of all service points of an archipelago or an island: rows as they stand in its files."""

from __future__ import annotations

from dataclasses import dataclass, field

from islandflow.siting.wish import SiteWish


@dataclass(frozen=True)
class SiteRow:
    """One point. capacity and cost_fen are a day and a year; year 0 = stands today, else the stage that builds it."""

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
    """Whether a settlement is inside a circle today and in the plan; seconds to the nearest point (-1 = none can be reached)."""

    kind: str
    settlement_id: str
    island_id: str
    minutes: int
    residents: int
    before: bool
    after: bool
    seconds_before: int
    seconds_after: int


@dataclass(frozen=True)
class UpgradeRow:
    """A road to be upgraded: what it costs, and who comes inside the smallest circle by it (after those above it)."""

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
    """Cost of logistics points against people inside a circle, one more point at a time; ``proven`` says the number is the best there is."""

    points: int
    cost_fen: int
    covered: int
    people: int
    proven: bool


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
