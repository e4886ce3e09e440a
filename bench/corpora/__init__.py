"""Articles, and queries about them, for all that is compared."""
