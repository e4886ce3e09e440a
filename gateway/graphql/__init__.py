"""GraphQL over HTTP: from a request to a reply, with caches and persisted documents."""
