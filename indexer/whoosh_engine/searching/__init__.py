"""One search over all segments of a generation, its facets, and similar articles."""
