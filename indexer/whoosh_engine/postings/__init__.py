"""The postings of words in one segment, looked up: documents, impacts and positions, by NumPy or by compiled loops."""
