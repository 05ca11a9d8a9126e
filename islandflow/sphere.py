"""Distances on the sphere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

EARTH_NM = 3440.065


class Spot(Protocol):
    """Anything with a position in degrees."""

    @property
    def lat(self) -> float:
        """Degrees north."""

    @property
    def lon(self) -> float:
        """Degrees east."""


@dataclass(frozen=True)
class At:
    """A position in degrees."""

    lat: float
    lon: float


def great_circle(a: Spot, b: Spot) -> float:
    """Nautical miles on the sphere."""
    p, q = math.radians(a.lat), math.radians(b.lat)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_NM * math.asin(math.sqrt(h))
