"""What the server knows: publications by date, plans read from their folders, and boats as they run with the notices of the day."""

from __future__ import annotations

import json
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

from api.logs import logger
from api.problems import Problem
from api.settings import ServerSettings
from api.store import Store
from islandflow.errors import BadInput
from islandflow.ferry.folder import PlanFolder, read_plan
from islandflow.ferry.plan import Call, Sailing
from islandflow.network.sea import SeaNetwork, build_network
from islandflow.passengers.bus_trips import waiting
from islandflow.passengers.buses import FOLDER, Buses, read_buses
from islandflow.passengers.land import land_ways
from islandflow.passengers.published import Published, published, version_of
from islandflow.passengers.running_day import RunningDay, running_day
from islandflow.units import minutes
from islandflow.views.families import FAMILIES, Held

CHINA = timezone(timedelta(hours=8))
FRESH_S, SOON_S = 1.0, 0.8  # publications and notices are read again after so long (a little before, where nobody should wait), or at once after a change by this process
MOST_DAYS, MOST_PLANS, MOST_ANSWERS, MOST_FIGURES = 40, 12, 1000, 64  # a figure may have a megabyte
T = TypeVar("T")
Row = dict[str, Any]


def today() -> date:
    """The date in China."""
    return datetime.now(CHINA).date()


def iso(day: date, minute: int) -> str:
    """A minute of a service day as a time with its zone; it may lie on the next date."""
    later, minute = divmod(minute, 1440)
    return f"{day + timedelta(later) if later else day}T{minute // 60:02d}:{minute % 60:02d}+08:00"


class Kept:
    """A small memory of computed things, the oldest forgotten first; a thing is computed once however many ask at a time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.items: OrderedDict[Hashable, Any] = OrderedDict()
        self.lock = threading.Lock()
        self.making: dict[Hashable, threading.Lock] = defaultdict(threading.Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The thing of a key."""
        with self.lock:
            if key in self.items:
                self.items.move_to_end(key)
                found: T = self.items[key]
                return found
            making = self.making[key]
        with making:
            with self.lock:
                if key in self.items:
                    again: T = self.items[key]
                    return again
            try:
                made = make()
                with self.lock:
                    self.items[key] = made
                    while len(self.items) > self.most:
                        self.items.popitem(last=False)
            finally:
                with self.lock:
                    self.making.pop(key, None)
            return made

    def peek(self, key: Hashable) -> Any:
        """The thing of a key, None if it is not there."""
        with self.lock:
            if key in self.items:
                self.items.move_to_end(key)
            return self.items.get(key)

    def put(self, key: Hashable, thing: Any) -> None:
        """Keeps a thing that was made elsewhere."""
        with self.lock:
            self.items[key] = thing
            while len(self.items) > self.most:
                self.items.popitem(last=False)


@dataclass(frozen=True)
class Stop:
    """A call of a sailing as a board shows it; ``at`` planned, ``expected`` with the notices; None where nobody boards or alights."""

    sailing: Sailing
    number: int
    departs: int | None
    arrives: int | None


@dataclass(frozen=True)
class LiveDay:
    """A date as it is known now. ``planned`` without, ``live`` with the notices, ``ways`` as ``live`` and with the plan's timed ``buses``;
    ``notice`` by sailing; ``loads`` seats taken by leg; equal ``key``, equal boats and buses."""

    key: Hashable
    day: date
    version: str
    published: Published
    plan: PlanFolder
    planned: RunningDay
    live: RunningDay
    buses: Buses | None
    ways: RunningDay
    notice: dict[str, Row]
    loads: dict[str, list[Row]]
    stops: dict[str, tuple[list[Stop], list[Stop]]] = field(repr=False)


class State:
    """Shared by all routes; safe for many threads."""

    def __init__(self, settings: ServerSettings, store: Store) -> None:
        self.settings, self.store = settings, store
        self.publications = Kept(4)
        self.plans = Kept(2 * MOST_PLANS)  # folders, and what their plan.json says
        self.members = Kept(MOST_PLANS)
        self.days = Kept(MOST_DAYS)
        self.answers = Kept(MOST_ANSWERS)
        self.figures = Kept(MOST_FIGURES)
        self.networks = Kept(24)  # of the sea, and of the land where buses run
        self.buses = Kept(MOST_PLANS)
        self._history: tuple[float, list[Row]] = (-1e9, [])
        self._notices: dict[date, tuple[float, tuple[Row, ...]]] = {}

    def changed(self) -> None:
        """After a publication or notice of this process."""
        self._history = (-1e9, [])
        self._notices.clear()

    def history(self) -> list[Row]:
        """Publications, the newest first."""
        if time.monotonic() - self._history[0] > FRESH_S:
            self._history = (time.monotonic(), self.store.publications())
        return self._history[1]

    def publication(self, day: date) -> Row | None:
        """The publication that holds on a date: the newest that has begun by then and was not taken back."""
        return next((p for p in self.history() if not p["withdrawn"] and p["effective"] <= day), None)

    def published(self, day: date) -> Published:
        """What is published for a date. Problem 404 if nothing is."""
        found = self.publication(day)
        if found is None:
            raise Problem(404, "nothing-published", f"nothing is published for {day}", f"{day} 尚未发布任何方案")
        return self.publications.get(tuple(found["plans"]), lambda: self._load(found["plans"]))

    def _load(self, idents: list[str]) -> Published:
        folders = [self.plan(i) for i in idents]
        return published({f.plan.service: f for f in folders})

    def row(self, ident: str) -> Row:
        """What the database knows of a plan that has a result. Problem 404 for an id that is none, 409 for a plan without one."""
        row = self.store.plan(ident)
        if row is None:
            raise Problem(404, "no-plan", f"there is no plan {ident[:40]}", f"没有方案 {ident[:40]}")
        if not row["has_plan"]:
            raise Problem(
                409, "not-ready", f"plan {ident} is {row['status']} and has no timetable", f"方案 {ident} 状态为 {row['status']},尚无时刻表"
            )
        return row

    def plan(self, ident: str) -> PlanFolder:
        """A plan from its folder. Problems as of `row`."""
        row = self.row(ident)
        return self.plans.get((ident, row["attempt"]), lambda: _read(read_plan, Path(row["folder"]), "plan"))

    def info(self, ident: str) -> Row:
        """The plan.json of a plan, with its version; the rest of the folder is read only if it is older than that. Problems as of `row`."""
        row = self.row(ident)

        def read() -> Row:
            found: Row = json.loads((Path(row["folder"]) / "plan.json").read_text(encoding="utf-8"))
            plan = None if "plan_version" in found else self.plan(ident)
            return found if plan is None else found | {"plan_version": version_of({plan.plan.service: plan})}

        return self.plans.get(("info", ident, row["attempt"]), read)

    def member(self, ident: str, family: str) -> tuple[Hashable, Held]:
        """What a plan folder holds of another family, and a key that changes with it. Problem 404 if it holds none; problems as of `row`."""
        row = self.row(ident)
        said = Path(row["folder"]) / family / "plan.json"
        if not said.is_file():
            what = FAMILIES[family].name
            raise Problem(404, f"no-{family}", f"plan {ident} holds no {what[1]}", f"方案 {ident} 不含{what[0]}")
        key = (ident, row["attempt"], family, said.stat().st_mtime_ns)
        return key, self.members.get(key, lambda: _read(FAMILIES[family].read, said.parent, family))

    def network(self, plan: PlanFolder) -> SeaNetwork:
        """The sea network of a plan's scenario."""
        return self.networks.get(plan.scenario.digest, lambda: build_network(plan.scenario))

    def notices(self, day: date) -> tuple[Row, ...]:
        """Notices of a date."""
        found = self._notices.get(day)
        if found is None or time.monotonic() - found[0] > FRESH_S:
            found = (time.monotonic(), tuple(self.store.notices(day, day)))
            if len(self._notices) > MOST_DAYS:
                self._notices.clear()
            self._notices[day] = found
        return found[1]

    def day(self, day: date) -> LiveDay | None:
        """The boats of a date; None if what is published has no plan for it. Problem 404 if nothing is published."""
        found = self.published(day)
        if found.plan_of(day) is None:
            return None
        notices = self.notices(day)
        key = _key(found, day, notices)
        return self.days.get(key, lambda: self._live(found, day, notices, key))

    def buses_of(self, plan: PlanFolder) -> Buses | None:
        """The timed buses of a plan; None if it has none, or if its folder of them is damaged: then boats are told without them."""

        def read() -> Buses | None:
            try:
                return read_buses(plan.folder, plan.scenario, plan.plan.service)
            except BadInput as bad:
                logger().error("damaged folder", folder=str(plan.folder / FOLDER), faults=[f.text("en") for f in bad.faults[:5]])
                return None

        return self.buses.get((str(plan.folder), bus_stamp(plan)), read)

    def _live(self, found: Published, day: date, notices: tuple[Row, ...], key: Hashable) -> LiveDay:
        plan, planned = found.plan_of(day), found.running(day)
        assert plan is not None
        assert planned is not None
        notice = {n["sailing"]: n for n in notices}  # the newest of a sailing counts
        live, told = planned, any(s.id in notice for s in planned.sailings)
        if told:
            kept = [
                _moved(s, notice[s.id]["delay_min"]) if s.id in notice else s
                for s in planned.sailings
                if notice.get(s.id, {}).get("kind") != "cancelled"
            ]
            live = running_day(found.scenario, found.network, found.land, kept, day)
        buses = self.buses_of(plan)
        ways = live
        if buses is not None:
            scenario, running = found.scenario, live
            land = self.networks.get((scenario.digest, buses.islands), lambda: land_ways(scenario, buses.islands))
            trips = waiting(buses.trips, {s: n["delay_min"] for s, n in notice.items() if n["kind"] == "delayed"})

            def with_buses() -> RunningDay:
                return running_day(scenario, found.network, land, running.sailings, day, trips)

            # dates of one pattern and weekday run alike, unless something is cancelled or late
            alike = (found.version, bus_stamp(plan), plan.plan.service, day.isoweekday())
            ways = with_buses() if told else self.networks.get(alike, with_buses)
        loads: dict[str, list[Row]] = defaultdict(list)
        for row in plan.loads:
            loads[row["sailing"]].append(row)
        return LiveDay(key, day, found.version, found, plan, planned, live, buses, ways, notice, dict(loads), _stops(planned))

    def at_hand(self, day: date) -> bool:
        """Whether `published` and `day` would answer for a date without asking the database or reading a folder."""
        soon = time.monotonic() - SOON_S
        noticed = self._notices.get(day)
        if self._history[0] < soon or noticed is None or noticed[0] < soon:
            return False
        row = self.publication(day)
        found = None if row is None else self.publications.peek(tuple(row["plans"]))
        if row is None or found is None:
            return row is None
        return found.plan_of(day) is None or self.days.peek(_key(found, day, noticed[1])) is not None

    def prepare(self, day: date) -> None:
        """Reads what `at_hand` asks for; what cannot be read is told to who asks for it."""
        soon = time.monotonic() - SOON_S
        if self._history[0] < soon:
            self._history = (-1e9, [])
        if day in self._notices and self._notices[day][0] < soon:
            self._notices.pop(day, None)
        with suppress(Problem):
            self.notices(day)
            self.day(day)

    def next_served(self, day: date) -> date | None:
        """The first date from ``day`` on for which boats are published."""
        try:
            return next((d.date for d in self.published(day).calendar if d.date >= day), None)
        except Problem:
            return None


def _read(read: Callable[[Path], T], folder: Path, what: str) -> T:
    """A folder of ours; Problem 409 if it is damaged or of another version: that is no fault of who asks, and where it lies is nobody's business."""
    try:
        return read(folder)
    except BadInput as bad:
        logger().error("damaged folder", folder=str(folder), faults=[f.text("en") for f in bad.faults[:5]])
        raise Problem(409, "damaged", f"the {what} folder cannot be read; make it anew", f"{what} 文件夹无法读取,请重新编制") from None


def _key(found: Published, day: date, notices: tuple[Row, ...]) -> Hashable:
    """What the boats and buses of a date depend on."""
    return (found.version, day, bus_stamp(found.plan_of(day)), tuple((n["id"], n["kind"], n["delay_min"]) for n in notices))


def bus_stamp(plan: PlanFolder | None) -> tuple[int, int]:
    """Changes with the buses that a plan's folder holds, also while somebody copies them there by hand; zeros if it holds none."""
    if plan is None:
        return (0, 0)
    try:
        return ((plan.folder / FOLDER / "plan.json").stat().st_mtime_ns, (plan.folder / FOLDER).stat().st_mtime_ns)
    except OSError:
        return (0, 0)


def _moved(sailing: Sailing, later: int) -> Sailing:
    def plus(minute: int | None) -> int | None:
        return None if minute is None else minute + later

    return replace(sailing, calls=tuple(Call(c.port, plus(c.arrives), plus(c.departs)) for c in sailing.calls)) if later else sailing


def _stops(day: RunningDay) -> dict[str, tuple[list[Stop], list[Stop]]]:
    """By port: departures and arrivals of a day, in order of time."""
    found: dict[str, tuple[list[Stop], list[Stop]]] = {p: ([], []) for p in day.scenario.ports}
    for s in day.sailings:
        for number, call in enumerate(s.calls, start=1):
            stop = Stop(s, number, call.departs, call.arrives)
            if call.departs is not None:
                found[call.port][0].append(stop)
            if call.arrives is not None:
                found[call.port][1].append(stop)
    for departures, arrivals in found.values():
        departures.sort(key=lambda x: (x.departs or 0, x.sailing.id, x.number))
        arrivals.sort(key=lambda x: (x.arrives or 0, x.sailing.id, x.number))
    return found


def minute_of(text: str) -> int:
    """HH:MM of a query. Problem 422 for what is none."""
    try:
        return minutes(text)
    except ValueError:
        raise Problem(
            422, "time", f"'{text[:20]}' is no time of day; write for example 07:30", f"「{text[:20]}」不是时刻,请写如 07:30"
        ) from None
