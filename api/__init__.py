"""Doors: terminal and HTTP; thin, both over service.py."""
