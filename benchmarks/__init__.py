"""Measurements against public instances and other people's solvers; the instances' folder is an argument, nothing is kept here."""
