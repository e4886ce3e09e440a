"""Matching and scoring as a search asks a cluster for them, in the language of OpenSearch's queries."""
