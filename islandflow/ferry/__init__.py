"""The ferry family: problem, plan, audit."""
