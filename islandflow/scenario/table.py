"""What a table of a scenario is: its columns with type, unit and meaning in both languages.

Columns whose name begins with ``src_`` are provenance: kept, shown, never interpreted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "ids", "text", "integer", "number", "clock", "duration", "yesno", "date", "choice", "service", "services", "days"]
PROVENANCE_PREFIX = "src_"


@dataclass(frozen=True)
class Column:
    """One column. ``refers`` names the table whose key the value must be (``nodes`` = ports or places)."""

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    required: bool = True
    default: object = None
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    refers: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its file is ``<name>.csv``, its sheet ``<name>``; ``key`` columns together identify a row."""

    name: str
    key: tuple[str, ...]
    zh: str
    en: str
    columns: tuple[Column, ...]
    required: bool = True

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if the table has none."""
        return next(c for c in self.columns if c.name == name) if name in self.names else _missing(self.name, name)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(c.name for c in self.columns)


def _missing(table: str, name: str) -> Column:
    raise KeyError(f"{table} has no column {name}")


NAMES = (Column("name_zh", "text", "中文名", "Chinese name"), Column("name_en", "text", "英文名", "English name"))
LAT = Column("lat", "number", "纬度", "latitude, WGS84", "degree", low=-90, high=90)
LON = Column("lon", "number", "经度", "longitude, WGS84", "degree", low=-180, high=180)
SYNTHETIC = Column("synthetic", "yesno", "合成数据", "invented, not observed: marked wherever it is shown", required=False, default=False)
