"""Lists without GraphQL: `/search.json`, `/suggest.json` and the feeds."""
