"""A season and the language it is read in: texts, columns and rows of its pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from islandflow.scenario.entities import Scenario
from islandflow.season.folder import SeasonFolder
from islandflow.season.tables import SeasonTables
from islandflow.views.names import line_name, service_name, short_port
from islandflow.views.typography import fullwidth
from islandflow.views.view import Cell, Table

Row = dict[str, Any]
Heads = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class SeasonCase:
    """A season with its tables, in one language."""

    season: SeasonFolder
    tables: SeasonTables
    lang: str

    @property
    def scenario(self) -> Scenario:
        """The scenario of the season."""
        return self.season.scenario

    def say(self, zh: str, en: str) -> str:
        """The text of the reader's language."""
        return fullwidth(zh) if self.lang == "zh" else en

    def service(self, name: str) -> str:
        """Name of a service pattern."""
        return service_name(self.scenario, name, self.lang)

    def port(self, name: str) -> str:
        """Short name of a port."""
        return short_port(self.scenario, name, self.lang)

    def line(self, name: str) -> str:
        """Number and calls of a line."""
        return line_name(self.scenario, name, self.lang)

    def rows(self, name: str) -> list[Row]:
        """Rows of a table of the season; none if it was not made."""
        return self.tables.rows.get(name, [])

    def table(self, rows: Sequence[Row], heads: Heads, how: Mapping[str, Callable[[Any], Cell]] | None = None) -> Table:
        """Rows under headings (key -> zh, en); ``how`` turns the values of some columns into words."""
        how = how or {}
        columns = tuple((key, self.say(*words)) for key, words in heads.items())
        return Table(columns, tuple(tuple(how[key](row.get(key)) if key in how else row.get(key) for key in heads) for row in rows))

    def services(self) -> dict[str, tuple[str, str]]:
        """Columns of the patterns that have a plan."""
        return {s: (service_name(self.scenario, s, "zh"), service_name(self.scenario, s, "en")) for s in self.season.plans}


@dataclass(frozen=True)
class Section:
    """A table shown open on a page, with the sentence that says what to see in it; ``bad`` where something is broken."""

    title: str
    sentence: str
    table: Table
    bad: bool = False
