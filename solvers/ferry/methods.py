"""Our own ferry solvers; importing this module registers them."""

from solvers.ferry import greedy, monolith

__all__ = ["greedy", "monolith"]
