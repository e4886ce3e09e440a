"""Suggestions for a text that is still being typed, from a cluster."""
