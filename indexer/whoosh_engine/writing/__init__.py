"""A build: articles to segments, and segments to a new generation."""
