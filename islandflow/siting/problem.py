"""The siting core: clients, sites and what is wanted of them; one frozen problem for all methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from islandflow.errors import BadInput, Fault
from islandflow.siting.lists import DistanceLists

IntArray = NDArray[np.int64]
Goal = Literal["median", "centre", "cover-all", "cover-most", "charge"]
GOALS: tuple[Goal, ...] = ("median", "centre", "cover-all", "cover-most", "charge")
LARGEST = 2**52  # sums of costs stay exact in a float


@dataclass(frozen=True)
class Size:
    """One size a site may have: the weight it can serve and what it costs on top of the site itself."""

    capacity: int
    cost: int


@dataclass(frozen=True)
class SitingProblem:
    """What is to be sited.

    lists: distances; weight: (clients,) people or demand, 0 = nobody there, never counted; goal: ``median`` least weighted distance,
    ``centre`` least farthest distance, ``cover-all`` cheapest sites with everyone inside ``radius``, ``cover-most`` most weight
    inside it, ``charge`` least site cost plus weighted distance. most: at most so many sites (0 = no limit); site_cost: (sites,);
    budget: most that all site costs may come to (0 = no limit); existing: always open; forbidden: never; sizes: modular sizes, one
    per open site (none = any weight); worst: nobody farther than this (0 = no limit); views: (views, clients) further weights, an
    island or a season each, for ``cover-most``: first the worst-off view's covered share is made as large as can be, then the weight.
    """

    lists: DistanceLists
    weight: IntArray
    goal: Goal
    most: int = 0
    radius: int = 0
    site_cost: IntArray = field(default_factory=lambda: np.zeros(0, np.int64))
    budget: int = 0
    existing: frozenset[int] = frozenset()
    forbidden: frozenset[int] = frozenset()
    sizes: tuple[Size, ...] = ()
    worst: int = 0
    views: IntArray = field(default_factory=lambda: np.zeros((0, 0), np.int64))

    def __post_init__(self) -> None:
        """BadInput with every fault of the problem."""
        if not len(self.site_cost):
            object.__setattr__(self, "site_cost", np.zeros(self.lists.sites, np.int64))
        faults = list(_faults(self))
        if faults:
            raise BadInput(faults)

    @property
    def limit(self) -> int:
        """Most sites that may be open: ``most``, or all."""
        return min(self.most or self.lists.sites, self.lists.sites)

    @property
    def maximise(self) -> bool:
        """Whether more is better."""
        return self.goal == "cover-most"


def _fault(column: str, value: object, en: str, zh: str, remedy_en: str, remedy_zh: str) -> Fault:
    return Fault("siting", 0, column, str(value), en, zh, remedy_en, remedy_zh)


def _faults(p: SitingProblem) -> list[Fault]:
    found = []
    if p.goal not in GOALS:
        found.append(_fault("goal", p.goal, "is no goal", "不是选址目标", "write one of " + ", ".join(GOALS), "可选:" + "、".join(GOALS)))
    if not p.lists.sites:
        found.append(_fault("sites", 0, "no site to choose from", "没有候选点", "give at least one site", "请给出至少一个候选点"))
    if len(p.weight) != p.lists.clients or bool((p.weight < 0).any()):
        found.append(
            _fault(
                "weight",
                len(p.weight),
                "one weight >= 0 per client is needed",
                "每个需求点需要一个非负权重",
                "mend the weights",
                "请修正权重",
            )
        )
    if len(p.site_cost) != p.lists.sites or bool((p.site_cost < 0).any()):
        found.append(
            _fault(
                "site_cost",
                len(p.site_cost),
                "one cost >= 0 per site is needed",
                "每个候选点需要一个非负成本",
                "mend the costs",
                "请修正成本",
            )
        )
    for name in ("most", "radius", "budget", "worst"):
        if getattr(p, name) < 0:
            found.append(_fault(name, getattr(p, name), "is below 0", "小于 0", "write 0 or more", "请写 0 或更大"))
    if p.goal in ("median", "centre") and p.most == 0:
        found.append(_fault("most", 0, "how many sites is not said", "未说明点数", "write how many sites may be open", "请写明最多几个点"))
    if len(p.views) and (p.goal != "cover-most" or p.views.shape[1] != p.lists.clients or bool((p.views < 0).any())):
        found.append(
            _fault(
                "views",
                p.views.shape,
                "are for cover-most, one weight >= 0 per client",
                "仅用于 cover-most,每个需求点一个非负权重",
                "mend the views",
                "请修正分组权重",
            )
        )
    both = p.existing & p.forbidden
    if both:
        found.append(
            _fault(
                "forbidden",
                sorted(both)[:5],
                "are existing and forbidden",
                "既为现有又为禁止",
                "take them off one list",
                "请从其中一项移除",
            )
        )
    if p.most and len(p.existing) > p.most:
        found.append(
            _fault(
                "most",
                p.most,
                f"is below the {len(p.existing)} existing sites, which always stay",
                f"少于始终保留的 {len(p.existing)} 个现有点",
                f"write {len(p.existing)} or more",
                f"请写 {len(p.existing)} 或更大",
            )
        )
    if any(not 0 <= j < p.lists.sites for j in p.existing | p.forbidden):
        found.append(_fault("existing", "", "names a site that does not exist", "包含不存在的点", "mend the numbers", "请修正编号"))
    if len(p.lists.distance) and len(p.weight) == p.lists.clients and len(p.weight):
        top = float(p.lists.distance.max()) * float(p.weight.max()) * max(1, p.lists.clients)
        if top > LARGEST:
            found.append(
                _fault(
                    "weight",
                    f"{top:.3g}",
                    "weights times distances are too large",
                    "权重乘距离过大",
                    "use larger units",
                    "请使用更大的单位",
                )
            )
    if (p.goal != "charge" and p.sizes) or (p.goal not in ("charge", "cover-most") and (p.budget or p.worst)):
        found.append(
            _fault("goal", p.goal, "has no sizes, worst distance or budget", "不支持规模、最远距离或预算", "use charge", "请使用 charge")
        )
    return found


def combine(parts: list[SitingProblem], budget: int) -> SitingProblem:
    """Several kinds of site under one budget: clients and sites of all the parts side by side, those of one kind serving their own alone.

    All parts must have the same goal (``charge`` or ``cover-most``) and the same radius; limits on numbers do not carry over.
    """
    first = parts[0]
    if any(p.goal != first.goal or p.radius != first.radius for p in parts):
        raise ValueError("the parts must have one goal and one radius")
    base = np.cumsum([0] + [p.lists.sites for p in parts])
    entries = np.cumsum([0] + [len(p.lists.site) for p in parts])
    lists = DistanceLists(
        np.concatenate([[0], *(p.lists.start[1:] + e for p, e in zip(parts, entries, strict=False))]),
        np.concatenate([p.lists.site + b for p, b in zip(parts, base, strict=False)]),
        np.concatenate([p.lists.distance for p in parts]),
        int(base[-1]),
        np.concatenate([p.lists.horizon for p in parts]),
    )
    return SitingProblem(
        lists, np.concatenate([p.weight for p in parts]), first.goal, radius=first.radius, site_cost=np.concatenate([p.site_cost for p in parts]),
        budget=budget, existing=frozenset(int(b) + j for p, b in zip(parts, base, strict=False) for j in p.existing),
        forbidden=frozenset(int(b) + j for p, b in zip(parts, base, strict=False) for j in p.forbidden),
    )  # fmt: skip
