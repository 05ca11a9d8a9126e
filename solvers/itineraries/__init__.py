"""Island-hopping trips: exact label setting, on a timetable and on its static core."""
