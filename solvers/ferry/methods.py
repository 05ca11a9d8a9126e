"""Our own ferry solvers; importing this module registers them."""

from solvers.ferry import greedy

__all__ = ["greedy"]
