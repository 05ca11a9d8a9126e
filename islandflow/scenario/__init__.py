"""The archipelago's tables: schema, checked reader, frozen facts."""
