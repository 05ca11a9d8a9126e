"""A year of timetables: calendar, core, sailings by month, fleet, indicators, comparison. No optimiser, no web."""
