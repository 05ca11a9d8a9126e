"""Shapes of requests and answers: what openapi.json says. Times are ISO 8601 with +08:00, money is whole fen, minutes are whole."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

PLAIN = r"^[^\x00-\x1f]*$"
Name = Annotated[str, Field(min_length=1, max_length=64, pattern=PLAIN)]
Text = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")]
Scalar = str | int | float | bool


class Shape(BaseModel):
    """camelCase outside, snake_case inside; unknown fields of a request are refused."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ProblemShape(BaseModel):
    """An error (RFC 9457)."""

    model_config = ConfigDict(extra="allow")
    type: str
    title: str
    status: int
    code: str = Field(description="short and stable, for programs")
    detail: str
    detailZh: str


class PlanRequest(Shape):
    """A plan to be made. Settings are those of `islandflow plan --set`."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid",
        json_schema_extra={"examples": [{"scenario": "3f1b0c9a7d2e", "service": "summer-weekend", "preset": "quick", "settings": {"time_limit": 30, "seed": 2}}]},
    )  # fmt: skip
    scenario: Name = Field(description="id of a scenario")
    service: Name = Field(description="service pattern")
    preset: Literal["quick", "standard", "thorough"] = "standard"
    settings: dict[Name, Scalar] = Field(default_factory=dict, max_length=40, description="changed settings, by name")


class PublishRequest(Shape):
    """Plans to publish together: one, or one a service pattern of the same scenario."""

    plans: list[Name] = Field(min_length=1, max_length=20)
    effective_from: date | None = Field(None, description="first date on which it holds; today if it is not given")
    note: Text = ""


class NoticeRequest(Shape):
    """A sailing that is cancelled, or late by some minutes, on one date."""

    date: date
    sailing: Name
    kind: Literal["cancelled", "delayed"]
    delay_min: int = Field(0, ge=0, le=600)
    text_zh: Text = ""
    text_en: Text = ""


class SeatsSold(Shape):
    """Seats sold of a sailing on a date, and how many may be sold at most."""

    date: date
    sailing: Name
    sold: int = Field(ge=0, le=100_000)
    quota: int | None = Field(None, ge=0, le=100_000)


class SeatsRequest(Shape):
    """What a ticket system knows."""

    source: Name
    seats: list[SeatsSold] = Field(min_length=1, max_length=5000)


class Forecast(Shape):
    """Visitors expected at a place on a date."""

    date: date
    place: Name
    visitors: int = Field(ge=0, le=10_000_000)


class ForecastRequest(Shape):
    """What a tourism office expects."""

    source: Name
    forecasts: list[Forecast] = Field(min_length=1, max_length=5000)


class KeyRequest(Shape):
    """A new API key."""

    name: Name
    scope: Literal["read", "plan", "admin"]
    expires: date | None = None


class Listed(Shape):
    """A page of a list."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow")
    items: list[dict[str, Any]]
    next: str | None = Field(None, description="cursor of the next page")


class Served(Listed):
    """A list that rests on what is published."""

    plan_version: str


class FamilyShape(Listed):
    """What a plan folder holds of another family: how good it is, what its audit says, its tables and views, and the rows of its first table."""

    plan_version: str
    family: str
    status: str
    objective_fen: int | None = None
    bound_fen: int | None = None
    gap: float | None = None
    clean: bool = Field(description="its audit found no violation")
    violations: list[dict[str, Any]]
    notes: list[dict[str, str]] = Field(description="what was left out or falls short, en and zh")
    tables: list[str]
    figures: list[str]


Rows = list[dict[str, Any]]


class CompareShape(Shape):
    """Two plans of one service pattern; every row has a, b and what changes from a to b."""

    a: str
    b: str
    plan_versions: list[str] = Field(description="of a and of b")
    service: str
    same_scenario: bool
    unfair: list[str] = Field(description="facts that differ besides the timetable: demand, fleets, fares ...")
    retimed: str = Field(description="which side is a timetable retimed to its best, A or B")
    whole: Rows
    groups: Rows
    lines: Rows
    operators: Rows
    ports: Rows
    obligations: Rows
    changes: Rows = Field(description="sailings added, dropped, retimed (same calls, within 60 min)")


class PlanShape(Shape):
    """A plan and how far it is."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow")
    id: str
    scenario: str
    service: str
    status: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    has_plan: bool
    created: str
    started: str | None = None
    finished: str | None = None
    objective_fen: int | None = None
    bound_fen: int | None = None
    gap: float | None = None
    message: str = ""
    attempt: int = 0
    progress: dict[str, Any] | None = Field(None, description="while it runs: seconds, phase, plan and bound in fen, gap")


class LegShape(Shape):
    """A part of a journey."""

    mode: Literal["boat", "bus", "land", "walk"]
    from_id: str
    from_name: str
    to_id: str
    to_name: str
    departs: str
    arrives: str
    fare_fen: int
    sailing: str | None = None
    line: str | None = None
    vessel: str | None = None
    headway_min: int | None = None
    trip: str | None = Field(None, description="of a bus: its trip, `island.run`")
    vehicle: str | None = Field(None, description="of a bus")
    seats: int | None = Field(None, description="of the bus")
    planned: int | None = Field(None, description="people planned on the bus in all, an estimate")
    estimated: bool = False


class JourneyShape(Shape):
    """From place to place."""

    departs: str
    arrives: str
    minutes: int
    boats: int
    buses: int = 0
    transfers: int = Field(description="changes between boats and buses")
    fare_fen: int
    legs: list[LegShape]


class JourneysShape(Shape):
    """Journeys that no other beats."""

    plan_version: str
    date: date
    served: bool
    next_served: str | None = None
    journeys: list[JourneyShape]
    estimated: bool
    bus_islands: list[str] = Field(default_factory=list, description="islands whose timed buses are part of these journeys")


class BoardItem(Shape):
    """A line of a board. Planned and expected stand apart; `expected` is null where a sailing is cancelled."""

    sailing: str
    line: str
    vessel: str
    operator: str
    vessel_class: str
    to_id: str
    to_name: str
    from_id: str
    from_name: str
    planned: str
    expected: str | None
    status: Literal["planned", "delayed", "cancelled"]
    calls: list[dict[str, Any]]


class BoardShape(Shape):
    """Departures or arrivals of a port on a date."""

    plan_version: str
    port: str
    name: str
    date: date
    served: bool
    next_served: str | None = None
    items: list[BoardItem]
    next: str | None = None


class FigureShape(Shape):
    """A view: Plotly figure, the sentence that says what to see in it, and the table behind it."""

    plan_version: str
    name: str
    title: str
    sentence: str
    figure: dict[str, Any]
    table: dict[str, Any]


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": ProblemShape, "description": text, "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}}
    for status, text in {
        401: "no API key, or none that is known", 403: "the key lacks the scope", 404: "not found", 409: "not in this state", 413: "too large",
        422: "faults, all at once", 429: "too many requests",
    }.items()
}  # fmt: skip


class StopRequest(Shape):
    """A place worth seeing, or an island (its most visited place then, an estimate). Times are HH:MM; stays in minutes; `longest` 0 = no limit."""

    place: Name
    worth: int = Field(ge=1, le=1000)
    opens: str = Field("00:00", max_length=5)
    closes: str = Field("24:00", max_length=5)
    shortest: int = Field(60, ge=0, le=1440)
    longest: int = Field(0, ge=0, le=2880)
    fee_fen: int = Field(0, ge=0, le=10_000_000)


class ItineraryRequest(Shape):
    """A wish for a trip over several islands."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid",
        json_schema_extra={"examples": [{"start": "banshengdong", "date": "2026-07-04", "days": 2, "party": 2, "pace": "normal", "budgetFen": 150000, "homeBy": "19:00"}]},
    )  # fmt: skip
    start: Name = Field(description="place or port where the trip begins")
    home: Name | None = Field(None, description="where it ends; the start if it is not given")
    date: date
    days: int = Field(1, ge=1, le=3)
    stops: list[StopRequest] = Field(default_factory=list, max_length=62, description="empty: the islands by their visitors, an estimate")
    leave_after: str = Field("07:00", max_length=5)
    home_by: str = Field("20:00", max_length=5, description="a promise: no trip is told that is home later")
    party: int = Field(1, ge=1, le=100)
    budget_fen: int = Field(0, ge=0, le=1_000_000_000, description="of the whole party, boats, land, fees and beds; 0 = none")
    pace: Literal["slow", "normal", "brisk"] = Field(
        "normal", description="visits a day and rest after each: 2 and 60, 3 and 30, 5 and 10 minutes"
    )
    beds: dict[Name, int] | None = Field(
        None, max_length=62, description="price a person and night in fen, by place; not given: stops on islands with beds, at bedFen"
    )
    bed_fen: int = Field(20_000, ge=0, le=10_000_000)
    morning: str = Field("08:00", max_length=5)
    night_by: str = Field("20:00", max_length=5)
    alternatives: int = Field(3, ge=1, le=5, description="trips to tell, the best first; the others see other places")


class ItinerariesShape(Shape):
    """Trips, the best first."""

    plan_version: str
    date: date
    served: bool
    next_served: str | None = None
    status: Literal["optimal", "feasible", "infeasible", "no_solution"] | None = Field(
        None, description="of the first trip; optimal: no trip is worth more"
    )
    bound: int | None = Field(None, description="no trip is worth more than this")
    estimated: bool
    trips: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
