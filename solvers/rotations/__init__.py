"""Rotations: trips of a timetable strung together into vehicles' days, multi-depot vehicle scheduling."""
