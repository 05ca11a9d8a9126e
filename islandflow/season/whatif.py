"""What if: one line of words turned into a changed scenario; every fault told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import read_plan
from islandflow.scenario.entities import Fleet, Scenario, Setting, Wish
from islandflow.scenario.reader import near
from islandflow.scenario.schema import SEGMENTS
from islandflow.season.folder import PLANS, is_season, plans_of
from islandflow.season.visitors import answered_demand, forecast_demand, read_forecast
from islandflow.units import clock

Change = Callable[[Scenario], Scenario]
KINDS = ("without", "drop", "demand", "add", "fuel", "keep", "forecast", "respond")
_PERCENT = re.compile(r"([+-]\d+(?:\.\d+)?)\s*%\Z")
_ADD = re.compile(r"(\d+)\s+(\S+)\s+at\s+(\S+?)(?:\s+for\s+(\d+(?:\.\d+)?))?(?:\s+in\s+(\S+))?\Z")


def change_of(words: Sequence[str]) -> Change:
    """The change that words like ``without: VESSEL``, ``demand: visitors=+30%``, ``add: 2 CLASS at PORT``, ``fuel: +40%`` and
    ``keep: lines=P01,D01 FOLDER`` ask for; it raises BadInput with every fault once it sees the scenario."""

    def change(scenario: Scenario) -> Scenario:
        faults: list[Fault] = []
        for said in words:
            kind, _, text = said.partition(": ")
            scenario = _MAKERS[kind](scenario, text.strip(), faults)
        if faults:
            raise BadInput(faults)
        return scenario

    return change


def _fault(faults: list[Fault], option: str, value: str, en: str, zh: str, remedy: tuple[str, str]) -> None:
    faults.append(Fault(f"--{option}", 0, "", value[:60], en, zh, *remedy))


def _share(option: str, text: str, faults: list[Fault]) -> float | None:
    found = _PERCENT.match(text)
    if found is None or float(found.group(1)) < -100:  # noqa: PLR2004
        _fault(faults, option, text, "is no change in percent", "不是百分比变化", ("write for example +30%", "请写如 +30%"))
        return None
    return float(found.group(1)) / 100


def _without(scenario: Scenario, vessel: str, faults: list[Fault]) -> Scenario:
    fleet = scenario.fleets.get(vessel) or scenario.fleets.get(vessel.rpartition("-")[0])
    known = [v for f in scenario.fleets.values() for v in f.vessel_ids()]
    if fleet is None or (vessel not in scenario.fleets and vessel not in known):
        _fault(faults, "without", vessel, "is no vessel of this scenario", "船队中没有这艘船", near(vessel, [*known, *scenario.fleets]))
        return scenario
    # vessels of a fleet are alike: whichever is away, one fewer is there; a fleet's own id takes all of it away
    count = 0 if vessel in scenario.fleets else fleet.count - 1
    return replace(scenario, fleets={**scenario.fleets, fleet.fleet_id: replace(fleet, count=count)})


def _drop(scenario: Scenario, name: str, faults: list[Fault]) -> Scenario:
    if name not in scenario.obligations:
        _fault(faults, "drop", name, "is no obligation of this scenario", "不是本方案的民生保障", near(name, list(scenario.obligations)))
        return scenario
    return replace(scenario, obligations={k: o for k, o in scenario.obligations.items() if k != name})


def _demand(scenario: Scenario, text: str, faults: list[Fault]) -> Scenario:
    who, _, change = text.partition("=")
    share = _share("demand", change.strip(), faults)
    names = {**{s: s for s in SEGMENTS}, **{f"{s}s": s for s in SEGMENTS}}
    if who not in names and who != "all":
        remedy = near(who, [*names, "all"])
        _fault(faults, "demand", who, "is no group of travellers", "不是出行人群", remedy)
        return scenario
    if share is None:
        return scenario
    rows = (replace(d, trips=d.trips * (1 + share)) if who == "all" or d.segment == names[who] else d for d in scenario.demand)
    return replace(scenario, demand=tuple(rows))


def _fuel(scenario: Scenario, text: str, faults: list[Fault]) -> Scenario:
    share = _share("fuel", text, faults)
    if share is None:
        return scenario
    price = round(scenario.number("marine_diesel_cny_l") * (1 + share), 6)
    changed = Setting("marine_diesel_cny_l", price, f"what if: {text}")
    return replace(scenario, settings={**scenario.settings, "marine_diesel_cny_l": changed})


def _add(scenario: Scenario, text: str, faults: list[Fault]) -> Scenario:
    found = _ADD.match(text)
    if found is None:
        _fault(faults, "add", text, "names no vessels", "未写明船舶", ("write for example “2 hsc-cat at gouqi-t”, “… for 20000 in golden-week”", "请写如 “2 hsc-cat at gouqi-t”、“… for 20000 in golden-week”"))
        return scenario
    number, kind, port = int(found.group(1)), found.group(2), found.group(3)
    periods = tuple(s for s in (found.group(5) or "").split(",") if s)
    unknown = [s for s in periods if s not in scenario.services]
    for service in unknown:
        _fault(faults, "add", service, "is no service pattern of this scenario", "不是本方案的时期", near(service, list(scenario.services)))
    alike = [f for f in scenario.fleets.values() if f.vessel_class == kind]
    if port not in scenario.ports:
        _fault(faults, "add", port, "is no port of this scenario", "不是本方案的港口", near(port, list(scenario.ports)))
    if not alike:
        known = sorted({f.vessel_class for f in scenario.fleets.values()})
        _fault(faults, "add", kind, "is no vessel class of this scenario", "没有这种船型", near(kind, known))
    if port not in scenario.ports or not alike or unknown:
        return scenario
    fleet = max(alike, key=lambda f: (_calls_there(scenario, f, port), f.home_port == port, f.count))
    name = "-".join(["added", kind, port, *periods])
    made = replace(fleet, fleet_id=name, count=number, home_port=port, periods=periods)
    if found.group(4):
        made = replace(made, day_cost_yuan=float(found.group(4)))
    return replace(scenario, fleets={**scenario.fleets, made.fleet_id: made})


def _calls_there(scenario: Scenario, fleet: Fleet, port: str) -> int:
    """Lines at a port that this fleet's owner, class and cluster may sail."""
    return sum(
        port in line.calls and fleet.vessel_class in line.classes and line.cluster == fleet.cluster
        and line.operator in (fleet.operator, *fleet.charter_to)
        for line in scenario.lines.values()
    )  # fmt: skip


def _keep(scenario: Scenario, text: str, faults: list[Fault]) -> Scenario:
    """Departures of some lines in a plan, or in every plan of a season, as wishes so dear that they give way to obligations alone."""
    what, _, place = text.partition(" ")
    label, _, names = what.partition("=")
    lines = [name for name in names.split(",") if name]
    if label != "lines" or not lines or not place:
        _fault(faults, "keep", what, "names no lines", "未写明航线", ("write lines=P01,D01 and a plan folder", "请写 lines=P01,D01 和方案文件夹"))
        return scenario
    unknown = [name for name in lines if name not in scenario.lines]
    for name in unknown:
        _fault(faults, "keep", name, "is no line of this scenario", "不是本方案的航线", near(name, list(scenario.lines)))
    folder = Path(place)
    places = sorted((folder / PLANS).glob("*")) if is_season(folder) else [folder]
    price = scenario.number("keep_change_cny")
    counted: dict[tuple[str, str, str, int, str], int] = {}
    for one in places:
        plan = read_plan(one).plan
        for s in plan.sailings:
            if s.line in lines:
                key = (s.line, s.ports[0], s.ports[-1] if s.ports[-1] != s.ports[0] else s.ports[1], s.departs, plan.service)
                counted[key] = counted.get(key, 0) + 1
    made = {}
    for (line, a, b, minute, service), n in counted.items():
        name = f"keep:{line}:{a}:{clock(minute).replace(':', '')}:{service}"
        made[name] = Wish(name, "keep", a, b, minute, minute, price, line, n, (service,))
    return replace(scenario, wishes={**scenario.wishes, **made})


def _forecast(scenario: Scenario, file: str, faults: list[Fault]) -> Scenario:
    try:
        return forecast_demand(scenario, read_forecast(Path(file), scenario))
    except BadInput as bad:
        faults += bad.faults
        return scenario


def _respond(scenario: Scenario, text: str, faults: list[Fault]) -> Scenario:
    """Visitors who answer to the second of two plans (or seasons) in place of the first."""
    before, _, after = text.partition(" -> ")
    try:
        return answered_demand(scenario, plans_of(Path(before)), plans_of(Path(after)))
    except BadInput as bad:
        faults += bad.faults
        return scenario


_MAKERS: Mapping[str, Callable[[Scenario, str, list[Fault]], Scenario]] = {
    "without": _without, "drop": _drop, "demand": _demand, "add": _add, "fuel": _fuel, "keep": _keep, "forecast": _forecast,
    "respond": _respond,
}  # fmt: skip
