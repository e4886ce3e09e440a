"""Lists of articles without GraphQL: `/search.json` and the feeds."""
