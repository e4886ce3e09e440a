"""Content files taken apart: front matter as a tree of nodes with their places, and the body below it as text."""
