"""IslandFlow: what an island network is, what a plan is, and whether it is good."""

__version__ = "0.1.0"
