"""The frozen facts of a scenario: one class a table, one field a column of the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Island:
    island_id: str
    name_zh: str
    name_en: str
    county: str
    lat: float
    lon: float
    residents: int
    kind: str


@dataclass(frozen=True)
class Place:
    place_id: str
    name_zh: str
    name_en: str
    island_id: str
    lat: float
    lon: float
    kind: str
    residents: int = 0
    beds: int = 0
    elderly_share: float = 0.0


@dataclass(frozen=True)
class Port:
    port_id: str
    name_zh: str
    name_en: str
    island_id: str
    place_id: str
    cluster: str
    role: str
    lat: float
    lon: float
    opens: int
    closes: int
    berths: int
    long_berths: int | None
    longest_vessel_m: float
    overnight_moorings: int
    charging_kw: float = 0.0
    exposure: str = "sheltered"
    tide_windows: str = ""
    quiet_hours: str = ""


@dataclass(frozen=True)
class SeaLeg:
    from_port: str
    to_port: str
    nm: float


@dataclass(frozen=True)
class LandLink:
    from_node: str
    to_node: str
    minutes: int
    fare_yuan: float = 0.0
    headway_min: int = 0


@dataclass(frozen=True)
class Operator:
    operator_id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Fleet:
    """A row of the table ``vessels``: ``count`` like vessels of one operator at one home port.

    The column ``class`` is the field ``vessel_class``.
    """

    fleet_id: str
    name_zh: str
    name_en: str
    vessel_class: str
    operator: str
    charter_to: tuple[str, ...]
    cluster: str
    count: int
    home_port: str
    seats: int
    vehicle_deck: int
    cargo_m3: float
    length_m: float
    speed_kn: float
    fuel_l_per_h: float
    power_kw: float
    battery_kwh: float
    crew: int
    day_cost_yuan: float
    call_cost_yuan: float
    turnaround_min: int
    wind_limit_bft: int = 12
    wave_limit_m: float = 99.0
    visibility_limit_m: int = 0
    quiet: bool = False
    second_crew: bool = True
    periods: tuple[str, ...] = ()

    def sails_in(self, service: str) -> bool:
        """Whether the vessels are there in that service pattern; a seasonal charter is in its periods alone."""
        return not self.periods or service in self.periods

    def vessel_ids(self) -> tuple[str, ...]:
        """Ids of the named vessels of this row."""
        return tuple(f"{self.fleet_id}-{n:02d}" for n in range(1, self.count + 1))


@dataclass(frozen=True)
class LinePattern:
    line_id: str
    operator: str
    calls: tuple[str, ...]
    cluster: str
    classes: tuple[str, ...]
    crossing_min: int
    kind: str = "line"
    days: str = "1234567"
    periods: tuple[str, ...] = ()
    today_offpeak: float = 0.0
    today_peak: float = 0.0

    def runs_in(self, service: str) -> bool:
        """Whether the line may run in that service pattern."""
        return not self.periods or service in self.periods


@dataclass(frozen=True)
class ServicePattern:
    service: str
    name_zh: str
    name_en: str
    peak: bool
    hop_lines: bool
    wind_sheltered_bft: int = 0
    wind_open_bft: int = 0
    wind_outer_bft: int = 0
    wave_sheltered_m: float = 0.0
    wave_open_m: float = 0.0
    wave_outer_m: float = 0.0
    visibility_m: int | None = None

    def sea(self, exposure: str) -> tuple[int, float]:
        """Wind in Beaufort and waves in metres of waters of that exposure."""
        return {
            "sheltered": (self.wind_sheltered_bft, self.wave_sheltered_m),
            "open": (self.wind_open_bft, self.wave_open_m),
            "outer": (self.wind_outer_bft, self.wave_outer_m),
        }[exposure]


@dataclass(frozen=True)
class CalendarDay:
    date: date
    service: str
    day: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Demand:
    from_place: str
    to_place: str
    segment: str
    service: str
    trips: float
    profile: str


@dataclass(frozen=True)
class ProfileHour:
    profile: str
    hour: int
    share: float


@dataclass(frozen=True)
class Obligation:
    obligation_id: str
    port: str
    serves_port: str
    either_port: str = ""
    sailings_each_way: int = 0
    first_arrival_by: int | None = None
    last_boat_not_before: int | None = None
    largest_gap_min: int | None = None
    hours_ashore: int | None = None
    resident_seats_percent: float = 0.0
    medical_trip: bool = False
    days_per_week: int = 7
    release_min: int | None = None
    cargo_sailings: int = 0
    cargo_m3: float = 0.0

    @property
    def island_ports(self) -> tuple[str, ...]:
        """The protected port and the one bridged with it."""
        return (self.port, self.either_port) if self.either_port else (self.port,)


@dataclass(frozen=True)
class Wish:
    """Departures worth a price: at least ``least`` sailings from port to port that leave within the given minutes, ends included."""

    wish_id: str
    kind: str
    from_port: str
    to_port: str
    leaves_from: int
    leaves_until: int
    price_yuan: float
    line: str = ""
    least: int = 1
    periods: tuple[str, ...] = ()

    def holds_in(self, service: str) -> bool:
        """Whether it counts in that service pattern."""
        return not self.periods or service in self.periods


@dataclass(frozen=True)
class Hop:
    """A trip over islands: from a port, over the ports of ``stops`` in any order, to a port."""

    hop_id: str
    name_zh: str
    name_en: str
    from_port: str
    stops: tuple[str, ...]
    to_port: str


@dataclass(frozen=True)
class Facility:
    """A county seat, or a hospital; ``node`` is the port or place where it is."""

    facility_id: str
    kind: str
    county: str
    node: str


@dataclass(frozen=True)
class Fare:
    from_port: str
    to_port: str
    speed: str
    fare_yuan: float
    vehicle_fare_yuan: float | None = None


@dataclass(frozen=True)
class Settlement:
    settlement_id: str
    name_zh: str
    name_en: str
    island_id: str
    place_id: str
    lat: float
    lon: float
    residents: int
    beds: int = 0
    elderly_share: float = 0.0
    synthetic: bool = False


@dataclass(frozen=True)
class Road:
    road_id: str
    island_id: str
    from_node: str
    to_node: str
    from_lat: float
    from_lon: float
    to_lat: float
    to_lon: float
    length_m: int
    kind: str
    speed_km_h: float
    upgrade_km_h: float = 0.0
    upgrade_cost_yuan: float = 0.0
    spot: str = ""
    synthetic: bool = False


@dataclass(frozen=True)
class Site:
    site_id: str
    node: str
    kind: str
    status: str
    synthetic: bool = False


@dataclass(frozen=True)
class ShuttleFleet:
    fleet_id: str
    name_zh: str
    name_en: str
    island_id: str
    base: str
    count: int
    seats: int
    battery_kwh: float
    kwh_per_km: float
    day_cost_yuan: float
    km_cost_yuan: float
    use: str = "boats"
    synthetic: bool = False


@dataclass(frozen=True)
class BusCharger:
    charger_id: str
    node: str
    count: int
    power_kw: float
    use: str = "boats"
    synthetic: bool = False


@dataclass(frozen=True)
class IslandTrip:
    from_node: str
    to_node: str
    people: int
    synthetic: bool = False


@dataclass(frozen=True)
class Setting:
    setting: str
    value: object
    source: str = ""


@dataclass(frozen=True)
class Scenario:
    """Everything a plan may rely on. Mappings keep the order of the files."""

    name_zh: str
    name_en: str
    attribution: str
    islands: Mapping[str, Island]
    places: Mapping[str, Place]
    ports: Mapping[str, Port]
    sea_legs: tuple[SeaLeg, ...]
    land_links: tuple[LandLink, ...]
    operators: Mapping[str, Operator]
    fleets: Mapping[str, Fleet]
    lines: Mapping[str, LinePattern]
    services: Mapping[str, ServicePattern]
    calendar: tuple[CalendarDay, ...]
    demand: tuple[Demand, ...]
    profiles: tuple[ProfileHour, ...]
    obligations: Mapping[str, Obligation]
    fares: tuple[Fare, ...]
    settings: Mapping[str, Setting]
    estimated: bool = False
    coastline: Path | None = None
    folder: Path | None = None
    digest: str = ""
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    settlements: Mapping[str, Settlement] = field(default_factory=dict)
    roads: Mapping[str, Road] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    provenance: Mapping[str, Mapping[tuple[str, ...], Mapping[str, str]]] = field(default_factory=dict, repr=False, compare=False)
    hops: Mapping[str, Hop] = field(default_factory=dict)
    facilities: Mapping[str, Facility] = field(default_factory=dict)
    shuttle_fleets: Mapping[str, ShuttleFleet] = field(default_factory=dict)
    bus_chargers: Mapping[str, BusCharger] = field(default_factory=dict)
    island_trips: tuple[IslandTrip, ...] = ()

    def setting(self, name: str) -> object:
        """Value of a setting, read by its own type; KeyError if the schema has none of that name."""
        return self.settings[name].value

    def number(self, name: str) -> float:
        """Value of a numeric setting."""
        value = self.settings[name].value
        if not isinstance(value, int | float):
            raise TypeError(f"setting {name} is no number")
        return value

    def whole(self, name: str) -> int:
        """Value of a whole-number, clock or duration setting."""
        value = self.settings[name].value
        if not isinstance(value, int):
            raise TypeError(f"setting {name} is no whole number")
        return value

    def vessel_fleet(self, vessel_id: str) -> Fleet:
        """The fleet row of a named vessel; KeyError if no such vessel exists."""
        fleet_id, _, _ = vessel_id.rpartition("-")
        fleet = self.fleets[fleet_id]
        if vessel_id not in fleet.vessel_ids():
            raise KeyError(vessel_id)
        return fleet
