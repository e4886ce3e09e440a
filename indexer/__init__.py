"""From files to an index, and from the index to hits. Knows no GraphQL and no HTTP."""
