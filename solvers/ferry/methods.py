"""Our own ferry solvers; importing this module registers them."""

from solvers.ferry import greedy, monolith, reference

__all__ = ["greedy", "monolith", "reference"]
