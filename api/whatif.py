"""The options that ask what if, the same on `plan` and `season`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Without = Annotated[list[str] | None, typer.Option("--without", help="what if this vessel, or this whole fleet, were away; may be repeated")]
Demand = Annotated[list[str] | None, typer.Option("--demand", help="what if more or fewer travelled: visitors=+30%; may be repeated")]
Add = Annotated[list[str] | None, typer.Option("--add", help='what if there were more vessels: "2 hsc-cat at gouqi-t"; may be repeated')]
Fuel = Annotated[str, typer.Option("--fuel", help="what if diesel cost more or less: +40%")]
Keep = Annotated[tuple[str, Path] | None, typer.Option("--keep", help="keep the departures of lines=P01,D01 as in a plan or season folder")]


def words(
    without: list[str] | None, demand: list[str] | None, add: list[str] | None, fuel: str, keep: tuple[str, Path] | None
) -> tuple[str, ...]:
    """What was asked, in the order in which it is done."""
    found = [*(f"without: {v}" for v in without or []), *(f"add: {a}" for a in add or []), *(f"demand: {d}" for d in demand or [])]
    found += [f"fuel: {fuel}"] if fuel else []
    found += [f"keep: {keep[0]} {keep[1]}"] if keep else []
    return tuple(found)
