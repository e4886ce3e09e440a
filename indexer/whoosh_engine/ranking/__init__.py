"""Matches in ranked order, the page cut from them, and scores explained."""
