"""A siting plan: which sites are open, how big, who is served where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class SitingPlan:
    """``opened``: sites in rising order; ``size``: index of each one's size (-1 = none asked); ``serves``: (clients,) site or NOBODY.

    ``split`` (client, site, weight) lists those served by several sites; their ``serves`` is the largest share.
    """

    opened: tuple[int, ...]
    serves: IntArray
    size: tuple[int, ...] = ()
    split: tuple[tuple[int, int, int], ...] = ()
