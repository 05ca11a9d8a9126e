"""A timetable at its best under its own frequencies: the facts changed so that a planner may move its departures and little else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from islandflow.ferry.plan import FerryPlan
from islandflow.scenario.entities import Scenario, Setting, Wish


def own_frequencies(scenario: Scenario, plan: FerryPlan) -> Scenario:
    """The scenario with the plan's vessels alone, no patterns but the lines of the table, and each line's sailings each way as wishes
    at ``keep_change_cny``, at any hour.

    A planner may still add a sailing where a vessel has time for it, so the retimed timetable is at its best and rather a little better
    than under its own frequencies to the letter: a saving found against it is not overstated.
    """
    used = Counter(scenario.vessel_fleet(r.vessel).fleet_id for r in plan.rotations)
    fleets = {key: replace(fleet, count=used[key]) for key, fleet in scenario.fleets.items()}
    ways: Counter[tuple[str, str, str]] = Counter()
    for s in plan.sailings:
        if s.line in scenario.lines:
            end = s.ports[-1] if s.ports[-1] != s.ports[0] else s.ports[1]
            ways[s.line, s.ports[0], end] += 1
    price = scenario.number("keep_change_cny")
    wishes = {
        f"own:{line}:{a}": Wish(f"own:{line}:{a}", "keep", a, b, 0, 1440, price, line, n, (plan.service,)) for (line, a, b), n in ways.items()
    }
    lines_alone = {name: Setting(name, 0, "retimed: lines of the table alone") for name in ("longest_leg_nm", "chains_per_fleet")}
    return replace(scenario, fleets=fleets, wishes=wishes, settings={**scenario.settings, **lines_alone})
