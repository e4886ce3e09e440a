"""The embedded engine: an index in Whoosh's own format."""
