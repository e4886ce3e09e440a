"""Which documents of a segment match a query, and the BM25F score of each."""
