"""What a planner asks of a plan of service points."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SiteWish:
    """``island``: one island alone; empty = all that have settlements."""

    island: str = ""
