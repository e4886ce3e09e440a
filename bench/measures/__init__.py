"""Time, memory and relevance, as numbers and as tables."""
