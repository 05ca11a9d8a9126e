"""A scenario made from another, written as a folder of its own: a cut, a what-if, a season with its core timetable."""

from __future__ import annotations

from pathlib import Path

from islandflow.network.sea import SeaNetwork, build_network, write_cache
from islandflow.scenario.entities import Scenario
from islandflow.scenario.reader import read_scenario
from islandflow.scenario.writer import write_scenario


def write_derived(made: Scenario, whole: Scenario, folder: Path) -> Scenario:
    """Writes ``made`` with the sea paths of ``whole``, which it comes from, and returns it as read from the folder.

    The ways are kept, not computed anew: a part and its whole measure with the same miles.
    """
    write_scenario(made, folder)
    found = read_scenario(folder)
    if found.coastline is not None:
        network, kept = build_network(whole), found.ports.keys()
        miles = {pair: nm for pair, nm in network.miles.items() if kept >= set(pair)}
        paths = {pair: way for pair, way in network.paths.items() if kept >= set(pair)}
        write_cache(found, SeaNetwork(miles, paths, {port: metres for port, metres in network.moved.items() if port in kept}))
    return found
