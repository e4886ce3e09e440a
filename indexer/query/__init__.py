"""The language of `search`: typed text to a query tree, the tree, synonyms, and highlights of its matches."""
