"""How plans are found: one folder a family, one file a method, all behind one contract."""
