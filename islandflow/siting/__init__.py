"""Siting: where service points stand, how big they are, whom they serve; problem, plan and audit."""
