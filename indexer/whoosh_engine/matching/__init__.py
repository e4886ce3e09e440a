"""The documents of a segment that match a query, and the BM25F score of each."""
