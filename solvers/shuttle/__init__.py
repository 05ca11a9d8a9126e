"""Solvers of island days and of routing benchmarks."""
