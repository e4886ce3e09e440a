"""One segment of an index as immutable arrays."""
