"""A cluster, or a line, planned alone: the cut is written as a scenario of its own, which the plan folder then holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from islandflow.network.derive import write_derived
from islandflow.scenario.cut import cut_to_cluster
from islandflow.scenario.entities import Scenario


@contextmanager
def alone(scenario: Scenario, cluster: str, change: Callable[[Scenario], Scenario] | None = None) -> Iterator[Scenario]:
    """The scenario itself if ``cluster`` is empty and nothing is to ``change``, else the cut and the change, read from a folder that
    lasts as long as the context. BadInput if there is no such cluster, or what the change has to say."""
    if not cluster and change is None:
        yield scenario
        return
    with tempfile.TemporaryDirectory() as folder:
        made = write_cut(scenario, cluster, Path(folder) / "cut") if cluster else scenario
        yield made if change is None else write_derived(change(made), made, Path(folder) / "scenario")


def write_cut(scenario: Scenario, cluster: str, folder: Path) -> Scenario:
    """Writes the cut with its sea paths into a folder and returns it as read from there; BadInput if there is no such cluster."""
    cut = cut_to_cluster(scenario, cluster)
    named = replace(cut, name_zh=f"{scenario.name_zh}(仅 {cluster})", name_en=f"{scenario.name_en}: {cluster} alone")
    return write_derived(named, scenario, folder)
