"""The GraphQL schema and its execution. Knows no HTTP, and nothing of how an index works inside."""
