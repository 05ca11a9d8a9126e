"""The gallery: every view of a plan by name, for the report page, the terminal and an HTTP door.

from islandflow.views.gallery import NAMES, show
view = show("frequency", folder, network, lang="en", others=[winter, autumn])
view.as_json()  # name, title, sentence, figure {data, layout}, table {columns, rows}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from islandflow.errors import BadInput, Fault
from islandflow.ferry.folder import PlanFolder
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import near
from islandflow.views import fleet, frequency, gap, left, loads, seamap, timetable
from islandflow.views.names import GENERATED
from islandflow.views.view import Case, View

VIEWS: Mapping[str, Callable[[Case], View]] = {
    "timetable": timetable.timetable,
    "vessels": fleet.vessels,
    "berths": fleet.berths,
    "loads": loads.loads,
    "map": seamap.seamap,
    "gap": gap.gap,
    "frequency": frequency.frequency,
    "left-behind": left.left_behind,
}
NAMES: tuple[str, ...] = tuple(VIEWS)
# short names for links and menus, Chinese and English
LABELS: Mapping[str, tuple[str, str]] = {
    "timetable": ("运行图", "timetable"), "vessels": ("船舶", "vessels"), "berths": ("泊位", "berths"), "loads": ("客流", "loads"), "map": ("地图", "map"),
    "gap": ("差距", "gap"), "frequency": ("班次", "frequency"), "left-behind": ("滞留", "left behind"),
}  # fmt: skip


class UnknownView(KeyError):
    """No view of that name; ``fault`` says which there are, in both languages."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.fault = Fault("figures", 0, "name", name[:40], "is no view", "不是视图名称", *near(name[:60], list(known)))


def show(
    name: str,
    folder: PlanFolder,
    network: SeaNetwork,
    *,
    lang: str = "zh",
    line: str = "",
    port: str = "",
    others: Sequence[PlanFolder] = (),
) -> View:
    """The view of that name: figure and table rows.

    ``line`` is a line id or a cluster, ``port`` a port id, both empty for all; ``others`` are plans for further service patterns, which
    `frequency` compares. UnknownView for a name that is none (a door's 404), BadInput for a language, line or port that the scenario
    does not have (a door's 422).
    """
    if name not in VIEWS:
        raise UnknownView(name, NAMES)
    faults = _faults(folder.scenario, lang, line, port)
    if faults:
        raise BadInput(faults)
    return VIEWS[name](Case(folder, network, lang, line, port, others))


def choices(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """What ``line`` and ``port`` may be: clusters first, then lines, ``+`` for patterns that no line of today has; ports."""
    clusters = dict.fromkeys([*(x.cluster for x in scenario.lines.values()), *(f.cluster for f in scenario.fleets.values())])
    return {"line": (*clusters, *scenario.lines, GENERATED), "port": tuple(scenario.ports)}


def _faults(scenario: Scenario, lang: str, line: str, port: str) -> list[Fault]:
    known = choices(scenario)
    found = []
    if lang not in ("zh", "en"):
        found.append(
            Fault("figures", 0, "lang", lang[:40], "is no language of the views", "不是可用语言", "write zh or en", "请写 zh 或 en")
        )
    for column, value, zh, en in (
        ("line", line, "不是航线或组团", "is no line or cluster of this scenario"),
        ("port", port, "不是港口", "is no port of this scenario"),
    ):
        if value and value not in known[column]:
            found.append(Fault("figures", 0, column, value[:40], en, zh, *near(value, list(known[column]))))
    return found
