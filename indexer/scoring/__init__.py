"""The score of an article for a query, by formulas on numbers: BM25F, words near each other, and other weights."""
