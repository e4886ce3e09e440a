"""Requests as searches of a cluster, and its answers as results."""
