"""Our own ferry solvers; importing this module registers them."""

from solvers.ferry import columns, greedy, monolith, monolith_cpsat, reference

__all__ = ["columns", "greedy", "monolith", "monolith_cpsat", "reference"]
