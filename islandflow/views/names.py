"""Names as a reader knows them, in place of ids."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from islandflow.ferry.plan import Sailing
from islandflow.scenario.entities import Fleet, Scenario
from islandflow.views.typography import fullwidth

GENERATED = "+"
_TAILS_ZH = re.compile(r"(车客渡码头|客运码头|客运中心|客运站|道头|(?<=..)码头)$")
_TAILS_EN = re.compile(r"\s+(Terminal|Pier|Wharf|Ro-Ro)$")
_BRACKETS = re.compile(r"\s*[(\uff08][^)\uff09]*[)\uff09]")


def port_name(scenario: Scenario, port: str, lang: str) -> str:
    """Full name of a port in the reader's language."""
    found = scenario.ports[port]
    return _BRACKETS.sub("", found.name_zh) if lang == "zh" else found.name_en


def short_port(scenario: Scenario, port: str, lang: str) -> str:
    """Name of a port without the word for terminal or pier, where no other port would then bear the same."""
    return _short_ports(_Hashed(scenario), lang).get(port, port)


class _Hashed:
    """A scenario as a key of a cache: the same object, the same names."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __hash__(self) -> int:
        return id(self.scenario)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and other.scenario is self.scenario


@lru_cache(maxsize=16)
def _short_ports(key: _Hashed, lang: str) -> dict[str, str]:
    tails = _TAILS_ZH if lang == "zh" else _TAILS_EN
    short = {p: tails.sub("", _BRACKETS.sub("", port_name(key.scenario, p, lang))) for p in key.scenario.ports}
    taken = list(short.values())
    return {p: name if taken.count(name) == 1 else port_name(key.scenario, p, lang) for p, name in short.items()}


def place_name(scenario: Scenario, place: str, lang: str) -> str:
    """Name of a place."""
    found = scenario.places[place]
    return found.name_zh if lang == "zh" else found.name_en


def island_name(scenario: Scenario, island: str, lang: str) -> str:
    """Name of an island or of the shore a place lies on; empty where the place names none."""
    found = scenario.islands.get(island)
    return "" if found is None else (found.name_zh if lang == "zh" else found.name_en)


def plain_island(scenario: Scenario, island: str, lang: str) -> str:
    """Name of an island without what stands in brackets."""
    return _BRACKETS.sub("", island_name(scenario, island, lang))


def operator_name(scenario: Scenario, operator: str, lang: str) -> str:
    """Name of an operator."""
    found = scenario.operators.get(operator)
    return operator if found is None else (found.name_zh if lang == "zh" else found.name_en)


def service_name(scenario: Scenario, service: str, lang: str) -> str:
    """Name of a service pattern."""
    found = scenario.services[service]
    return found.name_zh if lang == "zh" else found.name_en


def way_name(scenario: Scenario, ports: tuple[str, ...], lang: str) -> str:
    """Ports in order of call: ``A – B``."""
    return (
        "–".join(short_port(scenario, p, lang) for p in ports) if lang == "zh" else " – ".join(short_port(scenario, p, lang) for p in ports)
    )


def line_name(scenario: Scenario, line: str, lang: str) -> str:
    """Line number and its calls; a pattern that no line of today has is called new."""
    found = scenario.lines.get(line)
    if found is None:
        return "新辟航线" if lang == "zh" else "new pattern"
    return f"{line} {way_name(scenario, found.calls, lang)}"


def sailing_line(scenario: Scenario, sailing: Sailing, lang: str) -> str:
    """Line of a sailing in few words: its number, or ``new``."""
    return sailing.line if sailing.line in scenario.lines else ("新" if lang == "zh" else "new")


def cluster_name(scenario: Scenario, cluster: str, lang: str) -> str:
    """A cluster by its two most peopled islands at which a line calls: the scenario gives clusters ids, not names."""
    served: dict[str, int] = {}
    called = {p for line in scenario.lines.values() for p in line.calls}
    for port in scenario.ports.values():
        if port.cluster == cluster and port.port_id in called and port.role != "gateway" and port.island_id in scenario.islands:
            served[port.island_id] = scenario.islands[port.island_id].residents
    if not served:
        return cluster
    first = sorted(served, key=lambda i: (-served[i], i))[:2]
    names = [plain_island(scenario, i, lang) for i in first]
    more = len(served) > len(names)
    if lang == "zh":
        return "、".join(names) + ("等" if more else "")
    return ", ".join(names) + " and others" if more else " and ".join(names)


def vessel_name(scenario: Scenario, vessel: str, lang: str) -> str:
    """Type of a vessel, its home port where several fleets are of that type, and its number."""
    return _vessels(_Hashed(scenario), lang).get(vessel, vessel)


@lru_cache(maxsize=16)
def _vessels(key: _Hashed, lang: str) -> dict[str, str]:
    scenario = key.scenario
    homes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for fleet in scenario.fleets.values():
        if fleet.count:
            homes[_type(fleet, lang)].add((fleet.operator, fleet.home_port))
    count: dict[tuple[str, str, str], int] = defaultdict(int)
    found = {}
    for fleet in scenario.fleets.values():
        name = _type(fleet, lang)
        home = short_port(scenario, fleet.home_port, lang)
        twins = len({operator for operator, port in homes[name] if port == fleet.home_port}) > 1
        where = f"{home} {operator_name(scenario, fleet.operator, lang)}" if twins else home
        label = name if len(homes[name]) < 2 else (fullwidth(f"{name}({where})") if lang == "zh" else f"{name} ({where})")
        for vessel in fleet.vessel_ids():
            count[name, fleet.home_port, fleet.operator] += 1
            number = count[name, fleet.home_port, fleet.operator]
            found[vessel] = f"{label} {number:02d}"
    return found


def _type(fleet: Fleet, lang: str) -> str:
    return fleet.name_zh if lang == "zh" else fleet.name_en[:1].upper() + fleet.name_en[1:]


def clock_text(minute: int, lang: str) -> str:
    """24-hour time; past midnight the next day is named."""
    day, rest = divmod(minute, 1440)
    text = f"{rest // 60:02d}:{rest % 60:02d}"
    return text if not day else (f"次日 {text}" if lang == "zh" else f"{text} next day")


def ids_named(scenario: Scenario, text: str, lang: str) -> str:
    """A message of the audit with the names of ports, alone or as a pair ``a-b``, in place of their ids."""
    pattern = _port_pattern(_Hashed(scenario))

    def named(found: re.Match[str]) -> str:
        return way_name(scenario, tuple(p for p in found.groups() if p), lang)

    return pattern.sub(named, text)


@lru_cache(maxsize=16)
def _port_pattern(key: _Hashed) -> re.Pattern[str]:
    ids = "|".join(map(re.escape, sorted(key.scenario.ports, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])({ids})(?:-({ids}))?(?![\w-])", re.ASCII)


def part_name(scenario: Scenario, ports: Sequence[str], lang: str) -> str:
    """A part of the archipelago by its two busiest ports (given first)."""
    names = [short_port(scenario, p, lang) for p in ports[:2]]
    more = len(ports) > len(names)
    return (
        "、".join(names) + ("等" if more else "") if lang == "zh" else (", ".join(names) + " and others" if more else " and ".join(names))
    )
