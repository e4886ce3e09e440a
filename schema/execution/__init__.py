"""From a GraphQL request to the bytes of its answer."""
