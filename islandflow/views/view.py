"""What a view is: a figure, a sentence that says what to see in it, and the table behind it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import plotly.graph_objects as go

from islandflow.ferry.folder import PlanFolder
from islandflow.ferry.plan import Sailing
from islandflow.network.sea import SeaNetwork
from islandflow.scenario.entities import Scenario

Cell = str | int | float | None
Column = tuple[str, str]  # key, the same in every language; heading in the reader's language


def cluster_of(scenario: Scenario, sailing: Sailing) -> str:
    """The cluster of a sailing: of its line, or of its vessel where the pattern was generated."""
    line = scenario.lines.get(sailing.line)
    return line.cluster if line else scenario.vessel_fleet(sailing.vessel).cluster


@dataclass(frozen=True)
class Table:
    """Rows of cells under columns. Minutes of the day stand as HH:MM, shares as fractions, None where there is nothing to say."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """``columns`` (key and label) and ``rows``."""
        return {"columns": [{"key": key, "label": label} for key, label in self.columns], "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True)
class View:
    """One picture of a plan and its table, in one language."""

    name: str
    title: str
    sentence: str
    figure: go.Figure
    table: Table

    def as_json(self) -> dict[str, Any]:
        """What a browser draws and a screen reader reads: ``name title sentence figure table``."""
        return {
            "name": self.name, "title": self.title, "sentence": self.sentence,
            "figure": json.loads(self.figure.to_json()), "table": self.table.as_json(),
        }  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A plan and what one asks about it.

    ``line`` is a line id, a cluster, or empty for all; ``port`` a port id or empty; ``others`` are plans of the same scenario for
    other service patterns.
    """

    folder: PlanFolder
    network: SeaNetwork
    lang: str = "zh"
    line: str = ""
    port: str = ""
    others: Sequence[PlanFolder] = ()
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def scenario(self) -> Scenario:
        """The scenario of the plan."""
        return self.folder.scenario

    def say(self, zh: str, en: str) -> str:
        """The text of the reader's language."""
        return zh if self.lang == "zh" else en

    def columns(self, heads: Mapping[str, tuple[str, str]]) -> tuple[Column, ...]:
        """Columns from key -> (zh, en)."""
        return tuple((key, self.say(*words)) for key, words in heads.items())

    def asked(self, sailing: Sailing) -> bool:
        """Whether the question is about this sailing."""
        if self.port and self.port not in sailing.ports:
            return False
        return not self.line or self.line in (sailing.line, cluster_of(self.scenario, sailing))

    @property
    def sailings(self) -> tuple[Sailing, ...]:
        """The sailings asked about, by departure."""
        if "sailings" not in self.memory:
            found = (s for s in self.folder.plan.sailings if self.asked(s))
            self.memory["sailings"] = tuple(sorted(found, key=lambda s: (s.departs, s.id)))
        kept: tuple[Sailing, ...] = self.memory["sailings"]
        return kept
