"""How the timetables of a year are found together: jobs on this machine's cores or on many machines."""
