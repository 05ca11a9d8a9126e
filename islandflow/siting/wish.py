"""What a planner asks of a plan of service points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from islandflow.errors import BadInput, Fault

SiteGoal = Literal["cost", "worst-island", "worst-season"]
SITE_GOALS: tuple[SiteGoal, ...] = ("cost", "worst-island", "worst-season")


@dataclass(frozen=True)
class SiteWish:
    """``island``: one island alone; empty = all that have settlements.

    goal: ``cost`` least yearly cost of logistics points and last mile; ``worst-island`` / ``worst-season`` first the largest share of people
    inside the middle circle on the island (in the season) that has the least, then most people. points: logistics points in all at most
    (0 = no limit for ``cost``, as many as the cheapest plan has for the others). budget_yuan: the yearly cost of the points of all kinds
    together stays within it, and most people are served (0 = each kind on its own).
    """

    island: str = ""
    goal: SiteGoal | str = "cost"
    points: int = 0
    budget_yuan: int = 0

    def __post_init__(self) -> None:
        """BadInput with every fault of the wish."""
        faults = []
        if self.goal not in SITE_GOALS:
            known = ", ".join(SITE_GOALS)
            faults.append(
                Fault("site", 0, "goal", str(self.goal)[:40], "is no goal", "不是选址目标", f"write one of {known}", f"可选:{known}")
            )
        for name, value in (("points", self.points), ("budget", self.budget_yuan)):
            if value < 0:
                faults.append(Fault("site", 0, name, str(value), "is below 0", "小于 0", "write 0 or more", "请写 0 或更大"))
        if self.budget_yuan and self.points:
            faults.append(
                Fault(
                    "site",
                    0,
                    "points",
                    str(self.points),
                    "a budget decides how many points there are",
                    "预算已决定点数",
                    "leave out one of points and budget",
                    "points 与 budget 只能选一",
                )
            )
        if self.budget_yuan and self.goal != "cost":
            faults.append(
                Fault(
                    "site",
                    0,
                    "goal",
                    str(self.goal)[:40],
                    "is not known together with a budget",
                    "不能与预算同用",
                    "leave out one of goal and budget",
                    "goal 与 budget 只能选一",
                )
            )
        if faults:
            raise BadInput(faults)
