"""Front matter as fields: the names and forms in which people write them, read as the types they should have."""
