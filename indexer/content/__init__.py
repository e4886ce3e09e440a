"""From content files to articles, and from articles to the next generation of an index."""
