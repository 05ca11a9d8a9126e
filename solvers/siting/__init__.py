"""How siting plans are found: one file a method."""
