"""Text to terms: the analysis that indexing and searching share, stems by language, and spelling distances."""
