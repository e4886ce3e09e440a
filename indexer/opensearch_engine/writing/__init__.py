"""Builds of an index in a cluster: documents in bulk, and the one small write that is the commit."""
