"""One request's context, and its loaders: questions to the engine, asked together."""
