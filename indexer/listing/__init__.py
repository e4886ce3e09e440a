"""Lists cut into pages: positions in them, and the values of a field in order."""
