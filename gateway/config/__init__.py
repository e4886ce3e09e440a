"""Settings: read once from the environment and the command line, and checked."""
