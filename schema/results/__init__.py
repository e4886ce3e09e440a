"""Lists and pages as resolvers read them, made from the engine's results."""
