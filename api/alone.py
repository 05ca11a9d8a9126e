"""A cluster, or a line, planned alone: the cut is written as a scenario of its own, which the plan folder then holds."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from islandflow.network.sea import SeaNetwork, build_network, write_cache
from islandflow.scenario.cut import cut_to_cluster
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.writer import write_scenario


@contextmanager
def alone(scenario: Scenario, cluster: str) -> Iterator[Scenario]:
    """The scenario itself if ``cluster`` is empty, else the cut, read from a folder that lasts as long as the context.

    BadInput if there is no such cluster.
    """
    if not cluster:
        yield scenario
        return
    with tempfile.TemporaryDirectory() as folder:
        yield write_cut(scenario, cluster, Path(folder) / "scenario")


def write_cut(scenario: Scenario, cluster: str, folder: Path) -> Scenario:
    """Writes the cut with its sea paths into a folder and returns it as read from there; BadInput if there is no such cluster."""
    cut = cut_to_cluster(scenario, cluster)
    named = replace(cut, name_zh=f"{scenario.name_zh}(仅 {cluster})", name_en=f"{scenario.name_en}: {cluster} alone")
    write_scenario(named, folder)
    found = read_scenario(folder)
    if found.coastline is not None:
        # the ways are kept, not computed anew: a part and its whole measure with the same miles
        whole, kept = build_network(scenario), found.ports.keys()
        miles = {pair: nm for pair, nm in whole.miles.items() if kept >= set(pair)}
        paths = {pair: way for pair, way in whole.paths.items() if kept >= set(pair)}
        write_cache(found, SeaNetwork(miles, paths, {port: metres for port, metres in whole.moved.items() if port in kept}))
    return found
