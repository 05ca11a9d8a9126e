"""Readers of the public routing families: VRPLIB with several trips and release times, and Cordeau's dial-a-ride files."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np

from solvers.shuttle.dial_a_ride import DialARide
from solvers.shuttle.multitrip import MultiTrip

TENTHS = 10  # unit of time and cost in the multi-trip files: tenths, cut down


def read_multitrip(file: Path) -> MultiTrip:
    """A VRPLIB file of type MTVRPTWR in tenths, distances cut down to whole ones. ValueError for a file of another form."""
    heads: dict[str, str] = {}
    tables: dict[str, list[list[float]]] = {}
    rows: list[list[float]] | None = None
    try:
        for line in file.read_text(encoding="utf-8").splitlines():
            word = line.strip()
            if word == "EOF":
                break
            if match := re.fullmatch(r"(\w+)\s*:\s*(.*)", word):
                heads[match[1]] = match[2]
            elif word.endswith("_SECTION"):
                rows = tables.setdefault(word.removesuffix("_SECTION"), [])
            elif word and rows is not None:
                rows.append([float(x) for x in word.split()])
        n = int(heads["DIMENSION"])
        points = [(r[1], r[2]) for r in tables["NODE_COORD"]]
        demand = [round(r[1]) for r in tables["DEMAND"]]
        windows = [(_tenths(r[1]), _tenths(r[2])) for r in tables["TIME_WINDOW"]]
        release = [_tenths(r[1]) for r in tables["RELEASE_TIME"]]
        stay = [_tenths(r[1]) for r in tables["SERVICE_TIME"]] if "SERVICE_TIME" in tables else [_tenths(float(heads["SERVICE_TIME"]))] * n
        vehicles, capacity = int(heads["VEHICLES"]), int(heads["CAPACITY"])
        if heads.get("EDGE_WEIGHT_TYPE") != "EUC_2D" or {len(points), len(demand), len(windows), len(release), len(stay)} != {n}:
            raise ValueError
    except (KeyError, IndexError, ValueError):
        raise ValueError(f"{file}: is no multi-trip instance in VRPLIB format") from None
    travel = [[_tenths(math.hypot(a - x, b - y)) for x, y in points] for a, b in points]
    service = np.array([0, *stay[1:]], dtype=np.int64)  # a depot loads in no time
    opens, closes = np.array(windows, dtype=np.int64).T
    whole = [np.ascontiguousarray(np.array(x, dtype=np.int64)) for x in (travel, service, opens, closes, release, demand)]
    return MultiTrip(whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], capacity, vehicles)


def _tenths(value: float) -> int:
    return int(TENTHS * value)


def read_solution(file: Path) -> tuple[tuple[tuple[tuple[int, ...], ...], ...], int, bool]:
    """Journeys of a ``.sol`` file (a 0 between two trips), its cost, and whether it says that the cost is the optimum."""
    text = file.read_text(encoding="utf-8")
    lines = re.findall(r"Route #\d+:([\d \t]*)", text)
    journeys = tuple(tuple(tuple(int(x) for x in part.split()) for part in re.split(r"\b0\b", line) if part.split()) for line in lines)
    cost = re.search(r"Cost:?\s*(\d+)", text)
    if cost is None:
        raise ValueError(f"{file}: has no line Cost")
    return journeys, int(cost[1]), bool(re.search(r"Optimal:\s*True", text))


def read_darp(file: Path) -> DialARide:
    """Cordeau's text format: ``K 2n T Q L``, then nodes (id x y service load opens closes); where the closing depot is missing, the
    first one closes. ValueError for a file of another form."""
    try:
        lines = [line.split() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        vehicles, stops = int(lines[0][0]), int(lines[0][1])
        longest_route, capacity, longest_ride = float(lines[0][2]), int(lines[0][3]), float(lines[0][4])
        nodes = [[float(x) for x in line] for line in lines[1:]]
        if len(nodes) == stops + 1:
            nodes.append([stops + 1, *nodes[0][1:]])
        if stops % 2 or len(nodes) != stops + 2 or any(len(node) != 7 for node in nodes):  # noqa: PLR2004
            raise ValueError
    except (IndexError, ValueError):
        raise ValueError(f"{file}: is no dial-a-ride instance") from None
    at = np.array([node[1:3] for node in nodes])
    travel = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
    service, load, opens, closes = (np.array([node[k] for node in nodes]) for k in (3, 4, 5, 6))
    return DialARide(travel, service, opens, closes, np.rint(load).astype(np.int64), vehicles, capacity, longest_route, longest_ride)
