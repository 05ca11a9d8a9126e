"""A season planned: every service pattern in a job of its own, around one core timetable; stopped midway it resumes."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from api.season_tables import finish
from api.service import versions
from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder, read_plan, write_aside, write_json
from islandflow.network.derive import write_derived
from islandflow.scenario.cut import cut_to_cluster
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near, read_scenario
from islandflow.season.calendar import year_of
from islandflow.season.core import base_service, core_departures, core_wishes, hop_wishes, with_wishes
from islandflow.season.folder import FORECAST, HEAD, PLANS, SeasonFolder, is_season, read_head, read_season
from islandflow.season.prices import keep_prices, read_prices
from islandflow.season.tables import SeasonTables
from islandflow.season.whatif import change_of
from solvers.contract import Settings
from solvers.season.jobs import Hear, Job, Outcome, pack, unpack
from solvers.season.pool import Pool
from solvers.season.prices import service_prices

DRAFT = "draft"


@dataclass(frozen=True)
class Ask:
    """What is asked of a season. ``core_from``: the pattern whose departures become the core, empty = chosen. ``prices``: seconds a pattern
    for the prices of the obligations, which may be asked anew."""

    settings: Settings
    services: tuple[str, ...] = ()
    core: bool = True
    core_from: str = ""
    clock_face: int = 0
    cluster: str = ""
    year: int = 0
    lang: str = "zh"
    what_if: tuple[str, ...] = ()
    prices: float = 0.0

    def key(self, digest: str) -> dict[str, Any]:
        """What must be equal for a season to be resumed."""
        return {
            "from": digest, "settings": asdict(self.settings), "services": list(self.services), "core": self.core, "core_from": self.core_from,
            "clock_face": self.clock_face, "cluster": self.cluster, "year": self.year, "what_if": list(self.what_if),
        }  # fmt: skip


@dataclass
class Work:
    """A season under way: its folder, scenario, jobs and who hears of them."""

    out: Path
    scenario: Scenario
    ask: Ask
    pool: Pool
    stop: threading.Event
    hear: Hear
    failed: dict[str, str] = field(default_factory=dict)

    def plan(self, services: Sequence[str], scenario: Scenario, place: str = PLANS) -> None:
        """Plans those of the patterns that have no finished plan of this scenario and these settings yet."""
        if self.stop.is_set() or scenario.folder is None:
            return
        todo = [s for s in services if not self.done(s, scenario, place)]
        for service in set(services) - set(todo):
            self.hear(service, {"phase": "resumed", "plan": None, "bound": None, "seconds": 0.0})
        packed = pack(scenario.folder)
        spec = {"settings": asdict(self.ask.settings), "lang": self.ask.lang}
        jobs = [Job(s, {**spec, "service": s}, packed) for s in todo]
        for outcome in self.pool.run(jobs, self.stop, self.hear):
            self._keep(outcome, place)

    def _keep(self, outcome: Outcome, place: str) -> None:
        if outcome.folder is None:
            self.failed[outcome.name] = outcome.message
            return
        data = outcome.folder
        write_aside(self.out / place / outcome.name, lambda folder: unpack(data, folder))
        self.hear(outcome.name, {"phase": "kept", "plan": None, "bound": None, "seconds": 0.0})

    def done(self, service: str, scenario: Scenario, place: str) -> bool:
        """Whether a finished plan is there; one that was interrupted is planned again."""
        found = self.read(service, place)
        return found is not None and (
            found.info["scenario_hash"] == scenario.digest
            and found.info["settings"] == asdict(self.ask.settings)
            and found.info["stopped_by"] != "asked"
        )

    def read(self, service: str, place: str = PLANS) -> PlanFolder | None:
        """The plan of a pattern, if it is there."""
        folder = self.out / place / service
        return read_plan(folder) if (folder / "plan.json").is_file() else None


def plan_season(path: Path, out: Path, ask: Ask, pool: Pool, hear: Hear) -> tuple[SeasonFolder, SeasonTables | None, Mapping[str, str]]:
    """Plans the patterns of a scenario and writes the season folder; also its tables, and the patterns that have no plan, and why.

    BadInput if scenario, service pattern, cluster or target are unfit. An interrupt or a termination signal ends the jobs, which hand in
    what they have; the same command goes on from there.
    """
    whole = read_scenario(path)
    key = ask.key(whole.digest)
    _refuse(out, key)
    made = change_of(ask.what_if)(cut_to_cluster(whole, ask.cluster) if ask.cluster else whole)
    services = _services(made, ask)
    made = with_wishes(made, hop_wishes(made))
    out.mkdir(parents=True, exist_ok=True)
    scenario = _kept_scenario(made, whole, out)
    for said in ask.what_if:
        if said.startswith("forecast: "):
            shutil.copyfile(said.partition(": ")[2], out / FORECAST)
    year = year_of(scenario, ask.year)
    core = (ask.core_from or base_service(scenario, year)) if ask.core else ""
    head = {"state": "running", "year": year.number, "services": list(services), "core_from": core, "key": key, "scenario_hash": scenario.digest,
            "what_if": list(ask.what_if), "versions": versions()}  # fmt: skip
    write_json(out / HEAD, head)
    stop = threading.Event()
    with _asked(stop):
        work = Work(out, scenario, ask, pool, stop, hear)
        _plan_all(work, services, core)
        _price_all(work, services)
    lacking = {s: work.failed.get(s, "not begun") for s in services if not (out / PLANS / s / "plan.json").is_file()}
    if stop.is_set() or lacking:
        return read_season(out), None, lacking or {"": "asked"}
    shutil.rmtree(out / DRAFT, ignore_errors=True)
    write_json(out / HEAD, {**head, "state": "complete"})
    season, tables = finish(out, ask.lang)
    return season, tables, {}


def _plan_all(work: Work, services: Sequence[str], core: str) -> None:
    """Without a core everything at once; else its pattern first, then the others around its departures."""
    if not core:
        work.plan(services, work.scenario)
        return
    place = PLANS if core in services and not work.ask.clock_face else DRAFT
    work.plan([core], work.scenario, place)
    base = work.read(core, place)
    if base is None or work.stop.is_set():
        return
    rest = [s for s in services if s != core or place == DRAFT]
    wishes = core_wishes(core_departures(work.scenario, base.plan), work.scenario.number("core_change_cny"), work.ask.clock_face)
    with tempfile.TemporaryDirectory() as folder:
        around = write_derived(with_wishes(work.scenario, wishes), work.scenario, Path(folder) / "scenario")
        work.plan(rest, around)


def _price_all(work: Work, services: Sequence[str]) -> None:
    """Prices of the obligations of every pattern that has a plan and no prices yet, kept one by one."""
    found = dict(read_prices(work.out))
    for service in services if work.ask.prices > 0 else ():
        plan = None if work.stop.is_set() or service in found else work.read(service)
        if plan is not None:
            work.hear(service, {"phase": "prices", "plan": None, "bound": None, "seconds": 0.0})
            made = service_prices(plan.scenario, service, work.ask.prices, work.ask.settings.iterations, work.stop.is_set)
            if not work.stop.is_set():
                found[service] = made
                keep_prices(work.out, found)


def _services(scenario: Scenario, ask: Ask) -> tuple[str, ...]:
    faults = []
    for given in (*ask.services, ask.core_from):
        if given and given not in scenario.services:
            what = ("is no service pattern of this scenario", "不是本方案的时期")
            faults.append(Fault("--service", 0, "", given, *what, *near(given, list(scenario.services))))
    if ask.year and not year_of(scenario, ask.year).days:
        what = ("has no date in the calendar", "日历中没有该年的日期")
        known = sorted({str(d.date.year) for d in scenario.calendar})
        faults.append(Fault("--year", 0, "", str(ask.year), *what, *near(str(ask.year), known)))
    if faults:
        raise BadInput(faults)
    return tuple(s for s in scenario.services if not ask.services or s in ask.services)


def _kept_scenario(made: Scenario, whole: Scenario, out: Path) -> Scenario:
    """The season's own scenario in its folder; written anew it is the same byte for byte."""

    def fill(folder: Path) -> None:
        write_derived(made, whole, folder)

    write_aside(out / "scenario", fill)
    return read_scenario(out / "scenario")


def _refuse(out: Path, key: Mapping[str, Any]) -> None:
    """BadInput if ``out`` holds something else, or a season that was asked otherwise: nothing of a user's is ever replaced."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not is_season(out):
        what = ("exists and is no season folder", "已存在且不是季节方案文件夹")
        raise BadInput([Fault("--out", 0, "", str(out), *what, "name another folder", "请另选文件夹")])
    kept = read_head(out).get("key", {})
    other = sorted(name for name in key if kept.get(name) != key[name])
    if other:
        what = (f"holds a season asked otherwise ({', '.join(other)})", f"已有另一要求的季节方案({'、'.join(other)})")
        remedy = ("name another folder, or ask as before to resume", "请另选文件夹,或按原要求继续")
        raise BadInput([Fault("--out", 0, "", str(out), *what, *remedy)])


@contextmanager
def _asked(stop: threading.Event) -> Iterator[None]:
    """While it lasts an interrupt or a termination signal sets ``stop``; a second one ends the program."""

    def handler(_: int, __: FrameType | None) -> None:
        if stop.is_set():
            os._exit(130)
        stop.set()

    previous = {s: signal.signal(s, handler) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in previous.items():
            signal.signal(number, old)
